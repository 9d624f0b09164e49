"""Alignment: residents whom no policy can touch have the same ledger with it and without it, bit for bit."""

from __future__ import annotations

from dataclasses import replace

from circlesim.catalog.constants import Constants
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.tally import empty_sums
from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.constants import constants_for
from circlesim.experiments.design import Design, compile_design, prepared_for
from circlesim.experiments.links import Links, links_of
from circlesim.experiments.reviews import Reviews
from circlesim.experiments.side_by_side import Alignment, SideBySide
from circlesim.experiments.trajectory import Trajectory
from circlesim.ledger import Page

SHARED: tuple[str, ...] = ("queues", "purses", "nothing")
"""What joins needs: everything the experiment has; all but what passes between residents at an outlet (queues,
word of mouth), so that one resident's needs still share purse, memory and clock; and nothing, each need alone."""


def check_alignment(
    experiment: Asked,
    *,
    replication: int = 0,
    constants: Constants | None = None,
    progress: Progress | None = None,
) -> tuple[Alignment, ...]:
    """
    Run one replication of every scenario beside its baseline and compare ledgers.

    Once for each of `SHARED`. In a small town queues join nearly everybody to everybody; the less is shared, the
    more ledgers must be identical, and the sharper the question.

    Parameters
    ----------
    experiment : Asked
        The experiment.
    replication : int, default: 0
        Which one.
    constants : Constants, optional
        Solved on the baseline; those of the experiment, or found or solved, where missing.
    progress : callable, optional
        Told days done, days in all, and a text.

    Returns
    -------
    tuple of Alignment
        Every scenario that is not its own baseline, for each of `SHARED` that the experiment has.

    Raises
    ------
    CircleSimError
        If the experiment cannot be compiled.
    RunError
        If two scenarios have not even the same needs.
    """
    design = compile_design(experiment)
    told = None if progress is None else lambda text: progress(0, 0, text)
    constants = constants or experiment.constants or constants_for(
        experiment.world, experiment.parameters, mechanisms=experiment.mechanisms, progress=told
    )  # fmt: skip
    prepared = prepared_for(design, experiment.world, experiment.parameters, constants)
    links, found = links_of(design, constants), []
    for shared in SHARED if experiment.mechanisms.capacity else SHARED[1:]:
        under = replace(prepared, mechanisms=_mechanisms(experiment.mechanisms, shared))
        found += _audit(design, under, links, shared, replication, progress)
    return tuple(found)


def _mechanisms(asked: Mechanisms, shared: str) -> Mechanisms:
    """Mechanisms under which only this much is shared."""
    alone = replace(asked, capacity=False, awareness=False)
    return {"queues": asked, "purses": alone, "nothing": memoryless()}[shared]


def _audit(
    design: Design, prepared: Prepared, links: Links, shared: str, replication: int, progress: Progress | None
) -> list[Alignment]:
    """Run all scenarios in lock step and compare the pages of each day."""
    asked = design.experiment
    pairs = [
        SideBySide(design, prepared.mechanisms, links, j, shared)
        for j, base in enumerate(design.base)
        if base != j
    ]
    path, reviews = _warmed_up(design, prepared, replication), Reviews(design)
    for day in range(asked.days):
        reviews.before(path, day)
        path.run_day(day, last=day == asked.days - 1)
        reviews.after(path)
        for pair in pairs:
            pair.compare(day, _page(path, design.base[pair.scenario]), _page(path, pair.scenario))
        if progress is not None:
            progress(day + 1, asked.days, f"comparing ledgers, sharing {shared}: days")
    return [pair.result() for pair in pairs]


def _warmed_up(design: Design, prepared: Prepared, replication: int) -> Trajectory:
    asked = design.experiment
    warm = Simulation(prepared, design.roster.baseline, asked.seed, replication)
    for day in range(-asked.warmup_days, 0):
        warm.run_day(day, warm.needs(day))
    nothing = empty_sums(len(asked.world.population), 0, len(design.roster.facilities), 0)
    return Trajectory(warm, design.roster.stages, nothing)


def _page(path: Trajectory, scenario: int) -> Page:
    page = path.branch_of(scenario).page
    assert page is not None, "a day has been run"
    return page
