"""Design: an experiment compiled to arrays, before any luck is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters
from circlesim.compiled import source_digest
from circlesim.engine.prepared import Prepared, prepare
from circlesim.errors import CircleSimError, Fault, Faults, PolicyError
from circlesim.experiments.asked import Asked, resident_dimensions
from circlesim.experiments.digest import digest_text, policies_digest, world_digest
from circlesim.experiments.divisions import Divisions, divide
from circlesim.experiments.roster import Roster, compile_roster
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.switching import Endings, endings
from circlesim.experiments.timelines import days_in_force, resolved_policies, timeline
from circlesim.measures import Measure, measure_named
from circlesim.measures.grouping import NEED_DIMENSIONS, Grouping, grouping_by
from circlesim.measures.public_cost import Cost, public_cost
from circlesim.policies.policy import Policy
from circlesim.world.population import Population
from circlesim.world.reach import ServiceReach, service_reach
from circlesim.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """
    Everything that all units share.

    Parameters
    ----------
    experiment : Asked
        What was asked.
    roster : Roster
        Facilities and stages.
    policies : tuple of tuple of Policy
        Resolved, by scenario.
    reach : ServiceReach
        Walking metres over the roster.
    measures : tuple of Measure
        In the order asked for.
    groupings : dict of str to Grouping
        Every dimension of the residents of the world, ``""`` first.
    divisions : Divisions
        Groups of the declared dimensions.
    ends : Endings
        Ways a need can end.
    base : tuple of int
        Position of each scenario's baseline.
    costs : tuple of float
        Public cost of each scenario.
    """

    experiment: Asked
    roster: Roster
    policies: tuple[tuple[Policy, ...], ...]
    reach: ServiceReach
    measures: tuple[Measure, ...]
    groupings: dict[str, Grouping]
    divisions: Divisions
    ends: Endings
    base: tuple[int, ...]
    costs: tuple[float, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the scenarios."""
        return tuple(scenario.name for scenario in self.experiment.scenarios)

    @property
    def measured(self) -> range:
        """Return the days whose pages are added up."""
        return range(self.experiment.first_measured_day, self.experiment.days)

    @property
    def digest(self) -> str:
        """Digest of everything that decides what a unit of one assumption and replication holds."""
        asked = self.experiment
        return digest_text(
            world_digest(asked.world), asked.parameters.digest, _given(asked.constants), asked.mechanisms,
            asked.start, asked.days, asked.warmup_days, asked.first_measured_day, asked.seed, asked.measures,
            asked.by, sorted(asked.baselines.items()), self.names, *(policies_digest(p) for p in self.policies),
            source_digest(), asked.world.population_seed, *(scenario.surface for scenario in asked.scenarios),
            *((row.low, row.high, row.prior, row.grade) for row in asked.parameters.rows),
        )  # fmt: skip


def _given(constants: Constants | None) -> str:
    from circlesim.experiments.digest import constants_digest

    return constants_digest(constants) if constants is not None else ""


def all_groupings(population: Population) -> dict[str, Grouping]:
    """
    Divide residents by every dimension.

    Parameters
    ----------
    population : Population
        The residents.

    Returns
    -------
    dict of str to Grouping
        ``""`` first, then residents' dimensions, then those of needs.
    """
    dimensions = ("", *resident_dimensions(), *NEED_DIMENSIONS)
    return {name: grouping_by(population, name) for name in dimensions}


def reach_cap(world: World) -> float:
    """
    Longest walk any resident accepts.

    Parameters
    ----------
    world : World
        For the residents.

    Returns
    -------
    float
        Metres one way.
    """
    people = world.population
    return float((people.tolerance_min * people.speed_m_per_min).max(initial=0.0))


def origins_of(world: World, nodes: NDArray[np.integer]) -> NDArray[np.int32]:
    """
    List the nodes from which walks begin: homes, and outlets, where a next-best walk starts.

    Parameters
    ----------
    world : World
        For the homes.
    nodes : ndarray of int, shape (F,)
        Nodes of the outlets.

    Returns
    -------
    ndarray of int32, shape (O,)
        Rising.
    """
    return np.unique(np.concatenate([world.population.home_row, nodes])).astype(np.int32)


def compile_design(experiment: Asked) -> Design:
    """
    Compile an experiment.

    Parameters
    ----------
    experiment : Asked
        What was asked.

    Returns
    -------
    Design
        Roster, reach and groups.

    Raises
    ------
    PolicyError
        If a policy cannot be applied to the world.
    """
    world, scenarios = experiment.world, experiment.scenarios
    policies = _resolved(scenarios)
    spans = [timeline(scenario, chosen) for scenario, chosen in zip(scenarios, policies, strict=True)]
    roster = compile_roster(
        world.facilities, spans, experiment.start, experiment.days, experiment.warmup_days,
        [scenario.surface for scenario in scenarios],
    )  # fmt: skip
    nodes = roster.facilities.node_row
    groupings = all_groupings(world.population)
    names = [scenario.name for scenario in scenarios]
    return Design(
        experiment=experiment,
        roster=roster,
        policies=policies,
        reach=service_reach(world.streets, origins_of(world, nodes), roster.facilities, reach_cap(world)),
        measures=tuple(measure_named(name) for name in experiment.measures),
        groupings=groupings,
        divisions=divide([groupings[name] for name in experiment.by], len(world.population)),
        ends=endings(roster.facilities),
        base=tuple(names.index(base) for base in experiment.baselines.values()),
        costs=tuple(_cost(experiment, j, chosen) for j, chosen in enumerate(policies)),
    )


def _resolved(scenarios: Sequence[Scenario]) -> tuple[tuple[Policy, ...], ...]:
    """Policies of every scenario; what does not fit is said for all scenarios at once."""
    faults, resolved = Faults("the policies do not fit the world or each other", PolicyError), []
    for scenario in scenarios:
        try:
            resolved.append(resolved_policies(scenario))
        except CircleSimError as error:
            found = error.faults or (Fault(what=error.message, where=""),)
            faults.extend(replace(each, where=f"scenarios.{scenario.name}: {each.where}") for each in found)
    faults.raise_if_any()
    return tuple(resolved)


def _cost(experiment: Asked, scenario: int, policies: tuple[Policy, ...]) -> float:
    """Public cost of one scenario."""
    of = experiment.scenarios[scenario]
    return public_cost(
        Cost(policy.capital_yuan, policy.running_yuan_per_month, days_in_force(policy, of)) for policy in policies
    )


def prepared_for(design: Design, world: World, parameters: Parameters, constants: Constants) -> Prepared:
    """
    Prepare one assumption draw.

    Parameters
    ----------
    design : Design
        For the roster.
    world : World
        The baseline under these parameters; same streets, homes and ids as that of the experiment.
    parameters : Parameters
        Numbers of the law.
    constants : Constants
        Solved on this world under these parameters.

    Returns
    -------
    Prepared
        What all units of the draw share.
    """
    cap = reach_cap(world)
    reach, roster = design.reach, design.roster.facilities
    if cap > reach_cap(design.experiment.world):
        reach = service_reach(world.streets, design.reach.origin_rows, roster, cap)
    standing = replace(world, facilities=roster)
    asked = design.experiment
    return prepare(standing, reach, parameters, constants, asked.start, asked.mechanisms)
