"""Table: the catalogue's own CSV files."""

from __future__ import annotations

import csv
from importlib.resources import files
from io import StringIO


def read_table(name: str) -> list[dict[str, str]]:
    """
    Read a table that ships with the catalogue.

    Parameters
    ----------
    name : str
        File name in ``catalog/data``.

    Returns
    -------
    list of dict of str to str
        One entry a row, keyed by column.
    """
    text = (files("circlesim.catalog") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(StringIO(text, newline="")))
