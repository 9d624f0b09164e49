"""Readings: measures taken for every group, as rows of the outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.design import Design
from circlesim.measures.grouping import SMALLEST_GROUP, Grouping
from circlesim.measures.measure import WORLD_ALONE, Measure, Values
from circlesim.measures.reading import Reading

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "scenario", "assumption", "replication", "measure", "unit", "by", "group", "days", "n", "value",
)  # fmt: skip


class Figures(NamedTuple):
    """
    One measure by one dimension.

    Parameters
    ----------
    measure, unit, by : str
        What the figures are.
    group : ndarray of object, shape (G,)
        Labels of the groups shown.
    n : ndarray of int64, shape (G,)
        Residents described.
    value : ndarray of float64, shape (G,)
        The figures.
    """

    measure: str
    unit: str
    by: str
    group: NDArray[np.object_]
    n: NDArray[np.int64]
    value: NDArray[np.float64]


Groupings = dict[str, Grouping]
Memo = dict[tuple[int, str], list[Figures]]
"""Figures of the world alone, by scenario and measure: the same in all replications."""


def outcome_rows(
    design: Design, groupings: Groupings, scenario: int, reading: Reading, key: dict[str, int], memo: Memo
) -> pd.DataFrame:
    """
    Take all measures of one scenario in one unit.

    Parameters
    ----------
    design : Design
        Names and measures.
    groupings : dict of str to Grouping
        Every dimension.
    scenario : int
        Position of the scenario.
    reading : Reading
        What there is to measure.
    key : dict of str to int
        Assumption and replication.
    memo : dict
        Figures that do not depend on luck; filled here.

    Returns
    -------
    DataFrame
        `COLUMNS`; groups of fewer than 30 residents, and groups without a figure, are left out.
    """
    import pandas as pd

    found: list[Figures] = []
    for measure in design.measures:
        place = scenario, measure.name
        figures = memo.get(place) or _by_all(groupings, measure, reading)
        # Who trades is a matter of luck where operators give up: then nothing is the same in all replications.
        if measure.kind == WORLD_ALONE and not design.experiment.mechanisms.months:
            memo[place] = figures
        found.extend(figures)
    length = [len(figures.n) for figures in found]
    words = {
        name: np.repeat(np.array([getattr(figures, name) for figures in found], dtype=object), length)
        for name in ("measure", "unit", "by")
    }
    columns = {
        name: np.concatenate([getattr(figures, name) for figures in found]) for name in ("group", "n", "value")
    }
    table = pd.DataFrame({"scenario": design.names[scenario], **key, **words, "days": reading.days, **columns})
    return table[list(COLUMNS)]


def shown(grouping: Grouping, values: Values) -> NDArray[np.bool_]:
    """
    Tell which figures may stand in a file.

    Parameters
    ----------
    grouping : Grouping
        The groups.
    values : Values
        A measure by group.

    Returns
    -------
    ndarray of bool, shape (G,)
        All residents always; groups of 30 residents or more that have a figure.
    """
    if grouping.by == "":
        return np.ones(len(values.n), bool)
    large: NDArray[np.bool_] = (values.n >= SMALLEST_GROUP) & np.isfinite(values.value)
    return large


def _by_all(groupings: Groupings, measure: Measure, reading: Reading) -> list[Figures]:
    """Figures of one measure, dimension by dimension."""
    pairs = ((grouping, measure.value(reading, grouping)) for grouping in groupings.values())
    return [_figures(measure, grouping, values, reading) for grouping, values in pairs if values is not None]


def _figures(measure: Measure, grouping: Grouping, values: Values, reading: Reading) -> Figures:
    """Figures of one measure and dimension that may be shown."""
    keep = shown(grouping, values)
    unit = measure.unit.format(currency=reading.currency)
    group = np.array(grouping.labels, dtype=object)[keep]
    return Figures(measure.name, unit, grouping.by, group, values.n[keep], values.value[keep])
