"""Draw: one set of assumptions, prepared for running."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import Constants
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.engine.prepared import Prepared
from circlesim.engine.survey import reporting_noise
from circlesim.experiments.anchoring import Solution, solve_constants
from circlesim.experiments.assumptions import world_under
from circlesim.experiments.design import Design, all_groupings, parts_for, prepared_for, walks_under
from circlesim.experiments.readings import Memo
from circlesim.experiments.shards import Shard
from circlesim.measures.grouping import Grouping
from circlesim.measures.reading import bearers
from circlesim.measures.welfare import minute_value
from circlesim.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """
    What all replications under one set of assumptions share.

    Parameters
    ----------
    index : int
        0 for the default parameters, then 1 to A.
    prepared : Prepared
        World, law and reach.
    shards : tuple of Shard
        The parts of the world that are run apart; one in a town of one circle.
    noise : ndarray of float64, shape (R, S)
        Reporting noise of the survey.
    minute_value : float
        Worth of a walking minute in the major unit.
    groupings : dict of str to Grouping
        Every dimension of the residents under these assumptions, ``""`` first.
    bearers : ndarray of int64, shape (S,)
        Residents who can have a need of each service.
    solution : Solution or None, default: None
        How well the constants meet the anchors, where they were solved for this draw.
    parameters : Parameters
        The numbers, for measures that rest on some.
    memo : dict, default: empty
        Rows of measures of the world alone; see `readings`.
    """

    index: int
    prepared: Prepared
    shards: tuple[Shard, ...]
    noise: NDArray[np.float64]
    minute_value: float
    groupings: dict[str, Grouping]
    bearers: NDArray[np.int64]
    parameters: Parameters
    solution: Solution | None = None
    memo: Memo = field(default_factory=dict)


def make_draw(design: Design, index: int, world: World, parameters: Parameters, constants: Constants) -> Draw:
    """
    Prepare a set of assumptions.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    index : int
        Number of the draw.
    world : World
        The baseline under these parameters.
    parameters : Parameters
        The numbers.
    constants : Constants
        Solved on that world under these parameters.

    Returns
    -------
    Draw
        Ready for its units.
    """
    walks = walks_under(design, world, parameters)
    prepared = prepared_for(design, world, parameters, constants, walks)
    noise = reporting_noise(
        world.population.id64, len(SERVICES), design.experiment.seed, prepared.law.value("survey_noise_sd")
    )
    return Draw(
        index=index, prepared=prepared, noise=noise, minute_value=_minute_value(prepared),
        shards=parts_for(design, prepared, world, parameters, constants, walks),
        groupings=all_groupings(world), bearers=bearers(world.population),
        parameters=parameters,
    )  # fmt: skip


def solved_draw(design: Design, index: int, parameters: Parameters, start: Constants) -> Draw:
    """
    Prepare an assumption draw: constants and thresholds are solved again on the baseline.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    index : int
        Number of the draw, from 1.
    parameters : Parameters
        The drawn numbers.
    start : Constants
        Where the solution starts from.

    Returns
    -------
    Draw
        Ready for its units.
    """
    asked = design.experiment
    world = world_under(asked.world, asked.parameters, parameters)
    solution = solve_constants(world, parameters, start=start, mechanisms=asked.mechanisms, quick=True)
    return replace(make_draw(design, index, world, parameters, solution.constants), solution=solution)


def _minute_value(prepared: Prepared) -> float:
    """Worth of a walking minute, weighted by the needs expected of the population."""
    people, law = prepared.people, prepared.law
    rates = people.rate.sum(axis=0, dtype=np.float64)
    expected = np.bincount(KIND_SERVICE, weights=rates, minlength=len(SERVICES)).astype(np.float64)
    walkers = people.b_walk[people.b_walk > 0]
    b_walk = float(walkers.mean()) if len(walkers) else float("nan")
    return minute_value(expected, law.service["basket_yuan"], law.service["b_price"], b_walk)
