"""Circle table: a plan circle by circle, for a city has one plan for each (一圈一策)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.measures.cost_effectiveness import mean_interval
from circlesim.planning.brief import Brief
from circlesim.planning.project import cost_of
from circlesim.planning.purse import Purse
from circlesim.planning.trials import Plan, gains, points
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.outcomes import Outcomes

CIRCLE_COLUMNS: tuple[str, ...] = (
    "circle", "residents", "projects", "cost_yuan", "cost_share", "resident_share", "gain", "gain_low",
    "gain_high", "unit",
)  # fmt: skip
"""Columns of ``circles.csv``; the last row, without a number, is the whole city."""


def circle_table(
    outcomes: Outcomes, brief: Brief, baseline: str, name: str, plan: Plan, purse: Purse, world: World
) -> pd.DataFrame:
    """
    Make ``circles.csv``.

    Parameters
    ----------
    outcomes : Outcomes
        Of the run that checks the plan, by circle where there are several.
    brief : Brief
        For the measure.
    baseline, name : str
        Scenarios: as it is, and with the whole plan.
    plan : tuple of Project
        The plan, in the order to build.
    purse : Purse
        For the circle of each project.
    world : World
        For who lives in each circle.

    Returns
    -------
    DataFrame
        `CIRCLE_COLUMNS`: what is built in each circle, what it costs beside the circle's share of residents, and
        what its own residents gain, wherever the outlets stand.
    """
    import pandas as pd

    numbers, residents = np.unique(world.population.circle, return_counts=True)
    several = len(numbers) > 1
    unit = points(brief.gain)[1]

    def row(circle: str, people: int, own: Plan) -> dict[str, Any]:
        by = "circle" if circle and several else ""
        told = mean_interval(gains(outcomes, baseline, name, brief.gain, by, circle))
        return {
            "circle": circle, "residents": people, "projects": "; ".join(each.name for each in own),
            "cost_yuan": cost_of(own), "gain": told.value, "gain_low": told.low, "gain_high": told.high,
            "unit": unit,
        }  # fmt: skip

    def built(number: int) -> Plan:
        return tuple(each for each in plan if not several or purse.circle(each) == number)

    own = [row(str(number), people, built(number))
           for number, people in zip(numbers.tolist(), residents.tolist(), strict=True)]  # fmt: skip
    table = pd.DataFrame([*own, row("", int(residents.sum()), plan)])
    table["cost_share"] = table["cost_yuan"] / max(cost_of(plan), 1.0)
    table["resident_share"] = table["residents"] / int(residents.sum())
    return table[list(CIRCLE_COLUMNS)]
