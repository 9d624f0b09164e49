"""Readings: measures taken for every group, as rows of the outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


Groupings = dict[str, Grouping]
Memo = dict[tuple[int, str], list["pd.DataFrame"]]
"""Rows of measures of the world alone, by scenario and measure: the same in all replications."""


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
        Rows that do not depend on luck; filled here.

    Returns
    -------
    DataFrame
        `COLUMNS`; groups of fewer than 30 residents, and groups without a figure, are left out.
    """
    import pandas as pd

    parts: list[pd.DataFrame] = []
    for measure in design.measures:
        place = scenario, measure.name
        rows = memo.get(place) or _by_all(groupings, measure, reading)
        if measure.kind == WORLD_ALONE:
            memo[place] = rows
        parts.extend(rows)
    table = pd.concat(parts, ignore_index=True).assign(scenario=design.names[scenario], **key)
    return table[list(COLUMNS)]


def _by_all(groupings: Groupings, measure: Measure, reading: Reading) -> list[pd.DataFrame]:
    """Rows of one measure, dimension by dimension."""
    pairs = ((grouping, measure.value(reading, grouping)) for grouping in groupings.values())
    return [_rows(measure, grouping, values, reading) for grouping, values in pairs if values is not None]


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


def _rows(measure: Measure, grouping: Grouping, values: Values, reading: Reading) -> pd.DataFrame:
    """Rows of one measure and dimension."""
    import pandas as pd

    keep = shown(grouping, values)
    return pd.DataFrame({
        "measure": measure.name, "unit": measure.unit.format(currency=reading.currency), "by": grouping.by,
        "group": np.array(grouping.labels, dtype=object)[keep], "days": reading.days, "n": values.n[keep],
        "value": values.value[keep],
    })  # fmt: skip
