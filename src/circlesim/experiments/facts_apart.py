"""Facts apart: the outlets, and the residents, of which a scenario says something else than its baseline."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import numpy as np

from circlesim.engine.stage import Stage, stage_on
from circlesim.experiments.design import Design
from circlesim.experiments.links import BoolArray
from circlesim.experiments.touched import changed_rows

_FOLLOWED = ("first_day", "facilities", "present", "possible")
"""Fields of a stage whose changes are followed outlet by outlet."""


def facts_apart(design: Design, scenario: int) -> tuple[BoolArray, BoolArray]:
    """
    Compare the stages of a scenario with those of its baseline, day by day.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    scenario : int
        Position of the scenario.

    Returns
    -------
    tuple of ndarray of bool, shapes (F,) and (R,)
        Outlets that exist in one of the two only, or differ in any column, on any day; and residents for whom a
        stage says something else of them directly. Where it says something of nobody in particular, all residents.
    """
    outlets = np.zeros(len(design.roster.facilities), dtype=bool)
    residents = np.zeros(len(design.experiment.world.population), dtype=bool)
    for here, there in _stages_met(design, scenario):
        either = here.present | there.present
        outlets |= (here.may_stand & ~here.present) | (there.may_stand & ~there.present)
        outlets |= (here.present != there.present) | (either & changed_rows(here.facilities, there.facilities))
        residents |= _told_apart(here, there, len(residents))
    return outlets, residents


def _stages_met(design: Design, scenario: int) -> Iterator[tuple[Stage, Stage]]:
    """Pairs of stages that hold on the same day, each once."""
    mine, other = design.roster.stages[scenario], design.roster.stages[design.base[scenario]]
    days = {0, *(stage.first_day for stage in (*mine, *other) if 0 < stage.first_day < design.experiment.days)}
    for day in sorted(days):
        here, there = stage_on(mine, day), stage_on(other, day)
        if here is not there:
            yield here, there


def _told_apart(here: Stage, there: Stage, residents: int) -> BoolArray:
    """Residents for whom any other field of two stages differs; all of them where it is no list of residents."""
    out = np.zeros(residents, dtype=bool)
    for each in fields(Stage):
        if each.name not in _FOLLOWED:
            old, new = np.asarray(getattr(here, each.name)), np.asarray(getattr(there, each.name))
            by_resident = old.shape == new.shape and old.shape[:1] == (residents,)
            if by_resident:
                out |= (old != new).reshape(residents, -1).any(axis=1)
            elif not np.array_equal(old, new):
                out[:] = True
    return out
