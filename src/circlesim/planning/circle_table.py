"""Circle table: a plan circle by circle, for a city has one plan for each (一圈一策)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.measures.cost_effectiveness import mean_interval
from circlesim.planning.brief import Brief
from circlesim.planning.project import cost_of
from circlesim.planning.purse import POPULATION, purse_of
from circlesim.planning.trials import Plan, points
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.outcomes import Outcomes

CIRCLE_COLUMNS: tuple[str, ...] = (
    "circle", "residents", "projects", "cost_yuan", "cost_share", "resident_share", "gain", "gain_low",
    "gain_high", "unit",
)  # fmt: skip
"""Columns of ``circles.csv``; the last row, without a number, is the whole city."""

SHARED = ""
"""Circle of projects that are for no single one, and of the row of all."""


def circle_table(
    outcomes: Outcomes, brief: Brief, baseline: str, name: str, plan: Plan, world: World
) -> pd.DataFrame:
    """
    Make ``circles.csv``.

    Parameters
    ----------
    outcomes : Outcomes
        Of the run that checks the plan.
    brief : Brief
        For the measure.
    baseline, name : str
        Scenarios: as it is, and with the whole plan.
    plan : tuple of Project
        The plan, in the order to build.
    world : World
        For the circles.

    Returns
    -------
    DataFrame
        `CIRCLE_COLUMNS`: what is built in each circle, what it costs beside the circle's share of residents, and
        what its own residents gain, wherever the outlets stand.
    """
    import pandas as pd

    numbers, residents = np.unique(world.population.circle, return_counts=True)
    purse = purse_of(world, 1.0, POPULATION)
    homes = {each: purse.circle(each) if len(numbers) > 1 else int(numbers[0]) for each in plan}
    rows = []
    for number, people in zip(numbers.tolist(), residents.tolist(), strict=True):
        own = [each for each in plan if homes[each] == number]
        rows.append(_row(outcomes, brief, baseline, name, str(number), own, people))
    rows.append(_row(outcomes, brief, baseline, name, SHARED, list(plan), int(residents.sum())))
    table = pd.DataFrame(rows)
    whole = max(cost_of(plan), 1.0)
    table["cost_share"] = table["cost_yuan"] / whole
    table["resident_share"] = table["residents"] / int(residents.sum())
    return table[list(CIRCLE_COLUMNS)]


def _row(
    outcomes: Outcomes, brief: Brief, baseline: str, name: str, circle: str, own: list[Any], people: int
) -> dict[str, Any]:
    factor, unit = points(brief.gain)
    frame = outcomes.outcomes
    mine = frame[(frame["measure"] == brief.gain) & (frame["assumption"] == 0)]
    mine = mine[(mine["by"] == ("circle" if circle else "")) & (mine["group"].astype(str) == circle)]
    wide = mine.pivot_table(index="replication", columns="scenario", values="value")
    figures = {"gain": np.nan, "gain_low": np.nan, "gain_high": np.nan}
    if {baseline, name} <= set(wide.columns):
        told = mean_interval(((wide[name] - wide[baseline]) * factor).to_numpy(float))
        figures = {"gain": told.value, "gain_low": told.low, "gain_high": told.high}
    return {
        "circle": circle, "residents": people, "projects": "; ".join(each.name for each in own),
        "cost_yuan": cost_of(own), **figures, "unit": unit,
    }  # fmt: skip
