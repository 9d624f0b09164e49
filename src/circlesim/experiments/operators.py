"""Operators: the books of outlets, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

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


def operator_table(means: pd.DataFrame, roster: Facilities, formats: Sequence[str]) -> pd.DataFrame:
    """
    Put the means over replications into words.

    Parameters
    ----------
    means : DataFrame
        Rows as `operator_rows` makes them, averaged; a replication in which nobody traded counts as zero.
    roster : Facilities
        For ids and formats.
    formats : sequence of str
        Format ids by number.

    Returns
    -------
    DataFrame
        `COLUMNS`; money in the major unit, and per replication, not per operator.
    """
    table = means.sort_values(list(KEYS), kind="stable").reset_index(drop=True)
    rows = table["facility"].to_numpy(dtype=np.int64)
    table["format"] = [formats[i] for i in roster.format[rows]]
    table["facility"] = roster.facility[rows]
    for name in ("turnover", "profit", "reserve"):
        table[name] = table[name] / _MINOR
    return table[list(COLUMNS)]
