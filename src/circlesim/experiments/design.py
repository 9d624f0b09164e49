"""Design: an experiment compiled to arrays, before any luck is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters
from circlesim.compiled import source_digest
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.ways import Ways, ways
from circlesim.errors import CircleSimError, Fault, Faults, PolicyError
from circlesim.experiments.asked import Asked, resident_dimensions
from circlesim.experiments.digest import digest_text, policies_digest, world_digest
from circlesim.experiments.divisions import Divisions, divide
from circlesim.experiments.economy import costs_of, uncosted
from circlesim.experiments.roster import Roster, compile_roster
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.shards import Shard, shards_of
from circlesim.experiments.switching import Endings, endings
from circlesim.experiments.timelines import resolved_policies, timeline
from circlesim.measures import Measure, measure_named
from circlesim.measures.grouping import NEED_DIMENSIONS, Grouping, grouping_by
from circlesim.measures.public_cost import Stated, public_cost, stated_cost
from circlesim.policies.policy import Policy
from circlesim.policies.reviewing import reviewing
from circlesim.world.population import Population
from circlesim.world.world import World

Span = Sequence[tuple[int, World]]
"""First day and world of each span of a scenario."""


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
    walks : tuple of Ways
        Walking metres over the roster, by state of the gates.
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
        Cost that the policies of each scenario state; nan where one states none.
    stated : tuple of Stated
        The same in parts; a policy that states none counts as nothing.
    uncosted : tuple of str
        Those that state none; see `economy.uncosted`.
    """

    experiment: Asked
    roster: Roster
    policies: tuple[tuple[Policy, ...], ...]
    walks: tuple[Ways, ...]
    measures: tuple[Measure, ...]
    groupings: dict[str, Grouping]
    divisions: Divisions
    ends: Endings
    base: tuple[int, ...]
    costs: tuple[float, ...]
    stated: tuple[Stated, ...]
    uncosted: tuple[str, ...]

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
            *([asked.survey] if asked.survey else []),
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
    chosen_by = list(zip(scenarios, policies, strict=True))
    plain = [timeline(scenario, chosen) for scenario, chosen in chosen_by]
    spans = [
        timeline(scenario, chosen, possible=True) if reviewing(chosen) else span
        for (scenario, chosen), span in zip(chosen_by, plain, strict=True)
    ]
    roster = compile_roster(
        world.facilities, [[(day, then.facilities) for day, then in span] for span in spans],
        experiment.start, experiment.days, experiment.warmup_days,
        [scenario.surface for scenario in scenarios],
        [[world.streets.locked], *([then.streets.locked for _, then in span] for span in spans)],
        [_added(before, span) for before, span in zip(plain, spans, strict=True)],
    )  # fmt: skip
    groupings = all_groupings(world.population)
    names = [scenario.name for scenario in scenarios]
    costs = [costs_of(chosen, scenario) for chosen, scenario in zip(policies, scenarios, strict=True)]
    return Design(
        experiment=experiment,
        roster=roster,
        policies=policies,
        walks=_walks(world, roster, experiment.parameters, experiment.mechanisms),
        measures=tuple(measure_named(name) for name in experiment.measures),
        groupings=groupings,
        divisions=divide([groupings[name] for name in experiment.by], len(world.population)),
        ends=endings(roster.facilities),
        base=tuple(names.index(base) for base in experiment.baselines.values()),
        costs=tuple(public_cost(each) for each in costs),
        stated=tuple(stated_cost(each) for each in costs),
        uncosted=tuple(uncosted(chosen, each) for chosen, each in zip(policies, costs, strict=True)),
    )


def _added(plain: Span, spans: Span) -> list[NDArray[np.uint64]]:
    """Hashes of the outlets that stand in the second of two timelines alone, span by span."""
    return [
        np.setdiff1d(then.facilities.id64, before.facilities.id64)
        for (_, before), (_, then) in zip(plain, spans, strict=True)
    ]


def _walks(world: World, roster: Roster, parameters: Parameters, mechanisms: Mechanisms) -> tuple[Ways, ...]:
    """Walking metres in every state of the ways."""
    cap = reach_cap(world)
    towns = (replace(world, streets=replace(world.streets, locked=locked)) for locked in roster.gates)
    return tuple(
        ways(town, roster.open_to_all(state), cap, parameters, mechanisms) for state, town in enumerate(towns)
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


def prepared_for(
    design: Design, world: World, parameters: Parameters, constants: Constants, walks: Sequence[Ways] | None = None
) -> Prepared:
    """
    Prepare one assumption draw, the world as a whole.

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
    walks : sequence of Ways, optional
        Those of the draw; see `walks_under`.

    Returns
    -------
    Prepared
        What all units of the draw share.
    """
    standing = replace(world, facilities=design.roster.facilities)
    walks = walks or walks_under(design, world, parameters)
    return _prepared(design, standing, walks, parameters, constants)


def parts_for(
    design: Design,
    whole: Prepared,
    world: World,
    parameters: Parameters,
    constants: Constants,
    walks: Sequence[Ways],
) -> tuple[Shard, ...]:
    """
    Part the world of one assumption draw into circles that share no outlet.

    Parameters
    ----------
    design : Design
        For the roster.
    whole : Prepared
        Of the same draw.
    world, parameters, constants, walks
        See `prepared_for`.

    Returns
    -------
    tuple of Shard
        One where all circles are joined.
    """
    standing = replace(world, facilities=design.roster.facilities)
    return shards_of(
        whole, standing, walks, design.roster,
        lambda part, ways_there: _prepared(design, part, ways_there, parameters, constants),
    )  # fmt: skip


def walks_under(design: Design, world: World, parameters: Parameters) -> tuple[Ways, ...]:
    """
    Find the walks of one assumption draw.

    Parameters
    ----------
    design : Design
        For the roster, and the walks of the default assumptions.
    world : World
        The baseline under these parameters.
    parameters : Parameters
        Numbers of the law.

    Returns
    -------
    tuple of Ways
        By state of the gates; those of the design where nobody goes farther or meets other hindrances.
    """
    asked, law = design.experiment, design.experiment.mechanisms
    # What hinders walkers is an assumption too.
    others = parameters is not asked.parameters and law.impedance
    if not (others or reach_cap(world) > reach_cap(asked.world)):
        return design.walks
    return _walks(replace(world, facilities=design.roster.facilities), design.roster, parameters, law)


def _prepared(
    design: Design, standing: World, walks: Sequence[Ways], parameters: Parameters, constants: Constants
) -> Prepared:
    asked = design.experiment
    return prepare(standing, walks, parameters, constants, asked.start, asked.mechanisms, design.roster.gates)
