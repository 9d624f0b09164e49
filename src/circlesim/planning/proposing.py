"""Proposing: formats that serve what is lacking, at sites that are near to who lacks it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_costs import format_cost
from circlesim.catalog.formats import FormatRow
from circlesim.planning.brief import Brief
from circlesim.planning.demand import Demand
from circlesim.planning.instance import CAPACITATED, Instance, street_instance
from circlesim.planning.project import CATALOGUE, Project, outlet_project
from circlesim.planning.purse import Purse
from circlesim.planning.solvers import EXACT, GREEDY, RANDOM, choose_sites, value_of
from circlesim.planning.trials import Plan
from circlesim.policies.facilities import AddFacilities
from circlesim.policies.siting import candidate_rows
from circlesim.world.hours import parse_hours
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

RowArray = NDArray[np.int64]

EXACT_PAIRS = 20_000
"""Pairs of places and sites up to which sites are solved exactly: some seconds a question."""

CHANCE_DRAWS = 20
"""Draws behind the mean that chosen sites are set beside in ``sites.csv``."""

FORMATS_PER_SERVICE = 2

SITE_COLUMNS: tuple[str, ...] = (
    "circle", "format", "outlets", "solver", "nodes", "objective", "within_min", "lacking_per_day", "value",
    "greedy_value", "random_value", "share_of_most",
)  # fmt: skip
"""Columns of ``sites.csv``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sited:
    """
    Sites of some outlets of one format.

    Parameters
    ----------
    format : str
        The format.
    nodes : tuple of int
        Node ids.
    solver : str
        How they were found.
    instance : Instance
        The question.
    chosen : ndarray of int64
        Columns of the instance.
    circle : int, optional
        The circle whose own residents and nodes were looked at; missing in a world of one circle.
    """

    format: str
    nodes: tuple[int, ...]
    solver: str
    instance: Instance
    chosen: RowArray
    circle: int | None = None

    def row(self) -> dict[str, object]:
        """
        Set the sites beside those of chance and of greed.

        Returns
        -------
        dict of str to object
            A row of ``sites.csv``; the share is of what all candidates together would give.
        """
        count, whole = len(self.nodes), np.arange(self.instance.walk_min.shape[1])
        chance = [value_of(self.instance, choose_sites(self.instance, count, RANDOM, seed))
                  for seed in range(CHANCE_DRAWS)]  # fmt: skip
        value, most = value_of(self.instance, self.chosen), value_of(self.instance, whole)
        return {
            "circle": "" if self.circle is None else str(self.circle), "format": self.format,
            "outlets": count, "solver": self.solver, "nodes": " ".join(map(str, self.nodes)),
            "objective": self.instance.objective,
            "within_min": self.instance.within_min, "lacking_per_day": float(self.instance.weight.sum()),
            "value": value, "greedy_value": value_of(self.instance, choose_sites(self.instance, count, GREEDY)),
            "random_value": float(np.mean(chance)), "share_of_most": value / most if most > 0 else np.nan,
        }  # fmt: skip


def proposed_sites(world: World, demand: Demand, brief: Brief, purse: Purse) -> list[Sited]:
    """
    Look for sites of formats that serve what is lacking, in each circle of a city for itself.

    Parameters
    ----------
    world : World
        The baseline.
    demand : Demand
        Who lacks what.
    brief : Brief
        For formats, candidates, objective and solver.
    purse : Purse
        For the circles of the nodes; empty in a world of one circle.

    Returns
    -------
    list of Sited
        By circle, format and number of outlets.
    """
    if not purse.circle_of:
        return [each for name in lacking_formats(demand, brief)
                for each in site_format(world, demand, name, brief)]  # fmt: skip
    named = [int(node) for node in world.streets.node[candidates(world, brief)]]
    found = []
    for circle in sorted(set(purse.circle_of.values())):
        own = demand.of_circle(circle)
        nodes = tuple(node for node in named if purse.circle_of.get(node) == circle)
        if nodes:
            there = replace(brief, nodes=nodes)
            found += [replace(each, circle=circle) for name in lacking_formats(own, brief)
                      for each in site_format(world, own, name, there)]  # fmt: skip
    return found


def lacking_formats(demand: Demand, brief: Brief) -> tuple[str, ...]:
    """
    Choose formats that serve what is lacking for least money.

    Parameters
    ----------
    demand : Demand
        What is lacking.
    brief : Brief
        For formats known and named, and how many services to look at.

    Returns
    -------
    tuple of str
        For each of the most lacking services that a new outlet could serve, the two formats that would bring
        back most needs, of all their services, for what they cost over the months of the brief, whoever pays.
    """
    if brief.formats:
        return tuple(dict.fromkeys(brief.formats))
    lacking = demand.services("add_facilities")

    def worth(row: FormatRow) -> float:
        cost = format_cost(row.format, brief.known)
        whole = cost.capital_yuan + brief.months * cost.fixed_yuan_per_month
        return sum(lacking.get(service, 0.0) for service in row.services) / whole

    chosen: list[str] = []
    for service in list(lacking)[: brief.services]:
        offering = [row for row in brief.known if service in row.services and row.walk_in]
        best = sorted(offering, key=lambda row: (-worth(row), row.format))[:FORMATS_PER_SERVICE]
        chosen += [row.format for row in best]
    return tuple(dict.fromkeys(chosen))


def site_format(world: World, demand: Demand, format_id: str, brief: Brief) -> list[Sited]:
    """
    Look for sites of one, two … outlets of a format, as many as the brief asks for.

    Parameters
    ----------
    world : World
        The baseline.
    demand : Demand
        Who lacks what.
    format_id : str
        The format.
    brief : Brief
        For candidates, objective and solver.

    Returns
    -------
    list of Sited
        One entry a number of outlets; empty where nobody who walks lacks what the format offers.
    """
    instance, sites = _question(world, demand, format_id, brief)
    if not instance.weight.sum() > 0:
        return []
    large = instance.walk_min.size > EXACT_PAIRS
    found = []
    for count in range(1, min(brief.sites, len(sites)) + 1):
        # One site is found by trying each, which is what greedy does.
        solver = GREEDY if brief.solver == EXACT and (large or count == 1) else brief.solver
        chosen = choose_sites(instance, count, solver)
        nodes = tuple(int(node) for node in world.streets.node[sites[chosen]])
        shown = EXACT if brief.solver == EXACT and not large else solver
        found.append(Sited(format=format_id, nodes=nodes, solver=shown, instance=instance, chosen=chosen))
    return found


def _question(world: World, demand: Demand, format_id: str, brief: Brief) -> tuple[Instance, RowArray]:
    """Put the question of siting for one format; give its candidates too."""
    row = world.formats.row(format_id)
    weight = demand.lacking(row.services, "add_facilities")
    sites = candidates(world, brief)
    capacity = np.full(len(sites), day_capacity(row)) if brief.objective == CAPACITATED else None
    instance = street_instance(world, weight, sites, objective=brief.objective, within_min=row.band_min,
                               capacity=capacity)  # fmt: skip
    return instance, sites


def candidates(world: World, brief: Brief) -> RowArray:
    """
    List the nodes where a proposed outlet may stand.

    Parameters
    ----------
    world : World
        The baseline.
    brief : Brief
        For nodes named.

    Returns
    -------
    ndarray of int64, shape (C,)
        Node rows, by node id.
    """
    if not brief.nodes:
        return candidate_rows(world)
    rows = np.flatnonzero(np.isin(world.streets.node, brief.nodes)).astype(np.int64)
    return rows[np.argsort(world.streets.node[rows], kind="stable")]


def day_capacity(row: FormatRow) -> float:
    """
    Count the customers a day that an outlet of a format can serve.

    Parameters
    ----------
    row : FormatRow
        The format.

    Returns
    -------
    float
        Servers times minutes open on a mean day over minutes a customer.
    """
    hours = parse_hours(row.hours).astype(np.float64)
    open_min = float(np.maximum(hours[..., 1] - hours[..., 0], 0.0).sum()) / hours.shape[0]
    return float(row.servers * open_min / row.service_min)


def outlet_projects(world: World, sited: list[Sited], brief: Brief, starts: date | None) -> list[Project]:
    """
    Make a project of every site found.

    Parameters
    ----------
    world : World
        The baseline.
    sited : list of Sited
        Sites of all formats.
    brief : Brief
        For what the budget bears.
    starts : date or None
        Day on which outlets open.

    Returns
    -------
    list of Project
        One a format and node.
    """
    pairs = dict.fromkeys((each.format, node) for each in sited for node in each.nodes)
    return [outlet_project(world, name, node, brief.months, brief.pays, starts) for name, node in pairs]


MOVES = 8
"""Other places at which each outlet of a plan is tried by simulation."""


def other_places(world: World, demand: Demand, brief: Brief, plan: Plan, project: Project) -> list[Project]:
    """
    Give an outlet of a plan at other places.

    Parameters
    ----------
    world : World
        The baseline.
    demand : Demand
        Who lacks what.
    brief : Brief
        For candidates, objective and what the budget bears.
    plan : tuple of Project
        The plan.
    project : Project
        One of its projects.

    Returns
    -------
    list of Project
        At the `MOVES` candidates that add most on the objective to the outlets of the format that the plan keeps;
        none for what is no outlet of the catalogue.
    """
    if project.cost_from != CATALOGUE:
        return []
    instance, sites = _question(world, demand, project.format, brief)
    nodes = world.streets.node[sites]
    kept = [
        node for each in plan if each is not project and each.format == project.format for node in _nodes(each)
    ]
    others = np.flatnonzero(np.isin(nodes, kept))
    free = np.flatnonzero(~np.isin(nodes, [*kept, *_nodes(project)]))
    worth = np.array([value_of(instance, np.append(others, site)) for site in free])
    best = free[np.argsort(-worth, kind="stable")[:MOVES]]
    starts = project.policy.starts
    return [outlet_project(world, project.format, int(nodes[site]), brief.months, brief.pays, starts)
            for site in best]  # fmt: skip


def _nodes(project: Project) -> tuple[int, ...]:
    """Nodes of the outlets of a project, where it names them."""
    return project.policy.sites if isinstance(project.policy, AddFacilities) else ()


def site_table(sited: list[Sited]) -> pd.DataFrame:
    """
    Make ``sites.csv``.

    Parameters
    ----------
    sited : list of Sited
        Sites of all formats.

    Returns
    -------
    DataFrame
        `SITE_COLUMNS`; values in lacking needs a day times minutes saved, or needs a day covered or served.
    """
    import pandas as pd

    return pd.DataFrame([each.row() for each in sited], columns=list(SITE_COLUMNS))
