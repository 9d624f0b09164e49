"""Records: rows of a table as plain mappings."""

from __future__ import annotations

from typing import Any

import pandas as pd


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """
    List the rows of a table.

    Parameters
    ----------
    table : DataFrame
        Any table.

    Returns
    -------
    list of dict of str to object
        One mapping a row, by name of the column.
    """
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
