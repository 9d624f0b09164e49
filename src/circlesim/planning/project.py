"""Project: one thing to do, at one place, for a sum of money."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from circlesim.catalog.format_costs import format_cost
from circlesim.experiments.asked import Asked
from circlesim.experiments.scenario import Scenario
from circlesim.policies.facilities import AddFacilities
from circlesim.policies.policy import Policy
from circlesim.world.facility_table import money_scale
from circlesim.world.world import World

PUBLIC, ALL = "public", "all"
PAYERS: tuple[str, ...] = (PUBLIC, ALL)
"""Whose months a budget bears: of outlets that sell nothing, or of every outlet."""

CATALOGUE, FILE = "catalogue", "experiment file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """
    One line of a project list.

    Parameters
    ----------
    name : str
        Name in tables; says what and where.
    policy : Policy
        What is done; its costs are those the budget bears.
    cost_yuan : float
        Capital the public bears and all months of running, in the world's currency.
    cost_from : {"catalogue", "experiment file"}
        Who says what it costs.
    grade : str
        Confidence of the cost; empty where the experiment file states it.
    operator_yuan_per_month : float
        Rent, wages and the like that its operator is expected to bear from sales.
    """

    name: str
    policy: Policy
    cost_yuan: float
    cost_from: str
    grade: str = ""
    operator_yuan_per_month: float = 0.0

    @property
    def format(self) -> str:
        """Format of the outlets it adds; empty for other policies."""
        return self.policy.format if isinstance(self.policy, AddFacilities) else ""

    @property
    def outlets(self) -> tuple[str, ...]:
        """Ids of the outlets it adds."""
        return self.policy.ids if isinstance(self.policy, AddFacilities) else ()


def outlet_project(
    world: World, format_id: str, node: int, months: float, pays: str = PUBLIC, starts: date | None = None
) -> Project:
    """
    Propose one outlet at the cost the catalogue gives its format.

    Parameters
    ----------
    world : World
        For the currency.
    format_id : str
        Format.
    node : int
        Node id of the site.
    months : float
        Months of running that the budget bears, where it bears any.
    pays : {"public", "all"}, default: "public"
        Whose months it bears.
    starts : date, optional
        Day it opens; the first of the scenario where missing.

    Returns
    -------
    Project
        With `AddFacilities` of one outlet.
    """
    cost, scale = format_cost(format_id, world.formats), money_scale(world.currency) or 1.0
    borne = pays == ALL or not cost.sells
    month = cost.fixed_yuan_per_month * scale
    policy = AddFacilities(
        format=format_id, count=1, siting="given", sites=(node,), starts=starts,
        capital_yuan=cost.capital_yuan * scale, running_yuan_per_month=month if borne else 0.0,
    )  # fmt: skip
    return Project(
        name=f"{format_id} at {node}", policy=policy, cost_yuan=_cost(policy, months), cost_from=CATALOGUE,
        grade=cost.grade, operator_yuan_per_month=0.0 if borne else month,
    )  # fmt: skip


def stated_projects(asked: Asked, baseline: Scenario, months: float) -> Iterator[Project]:
    """
    Take over the policies of an experiment that say what they cost.

    Parameters
    ----------
    asked : Asked
        The experiment.
    baseline : Scenario
        Whose own policies are no projects.
    months : float
        Months of running that the budget bears.

    Yields
    ------
    Project
        One a policy, each content once.
    """
    seen = {(each.name, each.content_digest) for each in baseline.own_and_brought()}
    for scenario in asked.scenarios:
        for policy in scenario.own_and_brought():
            key = policy.name, policy.content_digest
            if key in seen or (policy.capital_yuan is None and policy.running_yuan_per_month is None):
                continue
            seen.add(key)
            name = f"{policy.name} of {scenario.name}, {policy.content_digest[:4]}"
            yield Project(name=name, policy=policy, cost_yuan=_cost(policy, months), cost_from=FILE)


def _cost(policy: Policy, months: float) -> float:
    """Cost in all."""
    return (policy.public_capital_yuan or 0.0) + months * (policy.running_yuan_per_month or 0.0)


def cost_of(projects: Iterable[Project]) -> float:
    """
    Add up what projects cost.

    Parameters
    ----------
    projects : iterable of Project
        A plan.

    Returns
    -------
    float
        In the world's currency.
    """
    return float(sum(each.cost_yuan for each in projects))
