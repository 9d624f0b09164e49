"""Operators: the books of outlets, month by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.operators import Month
from circlesim.world.facilities import Facilities

if TYPE_CHECKING:
    import pandas as pd

KEYS = ("scenario", "month", "facility")
COLUMNS = (
    "scenario", "month", "facility", "format", "trading", "turnover", "profit", "reserve", "exits", "entries",
)  # fmt: skip
"""Columns of ``operators.csv``."""
_MINOR = 100.0


def operator_rows(scenario: str, months: Sequence[Month]) -> pd.DataFrame:
    """
    Table the months of one scenario in one replication.

    Parameters
    ----------
    scenario : str
        Its name.
    months : sequence of Month
        In order.

    Returns
    -------
    DataFrame
        One row a month and outlet that is permitted; money in minor units.
    """
    import pandas as pd

    parts = []
    for month in months:
        rows = np.flatnonzero(month.traded | month.began)
        parts.append(pd.DataFrame({
            "scenario": scenario, "month": month.ends.isoformat()[:7], "facility": rows,
            "trading": month.traded[rows].astype(float), "turnover": month.turnover[rows].astype(float),
            "profit": month.profit[rows].astype(float), "reserve": month.reserve[rows].astype(float),
            "exits": month.gave_up[rows].astype(float), "entries": month.began[rows].astype(float),
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def operator_table(
    means: pd.DataFrame, roster: Facilities, formats: Mapping[str, NDArray[np.int16]]
) -> pd.DataFrame:
    """
    Put the means over replications into words.

    Parameters
    ----------
    means : DataFrame
        Rows as `operator_rows` makes them, averaged; a replication in which nobody traded counts as zero.
    roster : Facilities
        For ids and the names of formats.
    formats : mapping of str to ndarray of int16, shape (F,)
        Scenario to the format of each outlet on its last day.

    Returns
    -------
    DataFrame
        `COLUMNS`; money in the major unit, and per replication, not per operator.
    """
    table = means.sort_values(list(KEYS), kind="stable").reset_index(drop=True)
    rows = table["facility"].to_numpy(dtype=np.int64)
    of = zip(table["scenario"], rows, strict=True)
    names = roster.formats.ids
    table["format"] = [names[formats[str(scenario)][row]] for scenario, row in of]
    table["facility"] = roster.facility[rows]
    for name in ("turnover", "profit", "reserve"):
        table[name] = table[name] / _MINOR
    return table[list(COLUMNS)]


FORMAT_KEYS = ("scenario", "month", "format")
FORMAT_COLUMNS = (*FORMAT_KEYS, "trading", "vacant", "exits", "entries", "turnover", "profit", "support")
"""Columns of ``operators_by_format.csv``."""

_OF_MONTH = {
    "trading": "traded", "vacant": "vacant", "exits": "gave_up", "entries": "began", "turnover": "turnover",
    "profit": "profit", "support": "support",
}  # fmt: skip


def format_rows(
    scenario: str, months: Sequence[Month], outlet_formats: Sequence[NDArray[np.int16]]
) -> pd.DataFrame:
    """
    Add the months of one scenario in one replication up by format.

    Parameters
    ----------
    scenario : str
        Its name.
    months : sequence of Month
        In order.
    outlet_formats : sequence of ndarray of int16, shape (F,)
        Format of each outlet at the end of each month.

    Returns
    -------
    DataFrame
        One row a month and format that has outlets; money in minor units.
    """
    import pandas as pd

    parts = []
    for month, outlet_format in zip(months, outlet_formats, strict=True):
        formats = np.unique(outlet_format)
        columns = {name: getattr(month, of) for name, of in _OF_MONTH.items()}
        sums = {name: np.bincount(outlet_format, weights=each)[formats] for name, each in columns.items()}
        said = {"scenario": scenario, "month": month.ends.isoformat()[:7], "format": formats}
        parts.append(pd.DataFrame({**said, **sums}))
    return pd.concat(parts, ignore_index=True)


def format_table(means: pd.DataFrame, formats: Sequence[str]) -> pd.DataFrame:
    """
    Put the means over replications into words.

    Parameters
    ----------
    means : DataFrame
        Rows as `format_rows` makes them, averaged.
    formats : sequence of str
        Format ids by number.

    Returns
    -------
    DataFrame
        `FORMAT_COLUMNS`; counts and money are means over replications, money in the major unit.
    """
    table = means.reset_index(drop=True)
    table["format"] = [formats[int(i)] for i in table["format"]]
    for name in ("turnover", "profit", "support"):
        table[name] = table[name] / _MINOR
    return table[list(FORMAT_COLUMNS)]
