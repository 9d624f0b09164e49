"""Balance chapter: the baseline beside published figures."""

from __future__ import annotations

from typing import Any

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table
from circlesim.reporting.vocabulary import Vocabulary

LEAD = ("quantity", "service", "format", "bin")
NUMBERS = ("value", "low", "high")
REST = ("unit", "within", "built_to", "grade", "source")


def balance_chapter(material: Material) -> Chapter | None:
    """
    Set the baseline beside published figures.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        Figures with a published band open, the others folded; None where the run holds no balance sheet.
    """
    sheet = material.run.table("balance.csv")
    if not len(sheet):
        return None
    words = material.vocabulary.words
    banded = sheet["low"].notna() | sheet["high"].notna()
    beside = balance_table(sheet[banded], words("balance.banded"), material.vocabulary)
    alone = balance_table(sheet[~banded], words("balance.alone"), material.vocabulary, (*LEAD, "value", "unit"))
    return Chapter(
        key="balance", title=words("balance"), paragraphs=(words("balance.intro"),),
        tables=(beside,) if beside.rows else (), folded=(alone,) if alone.rows else (),
    )  # fmt: skip


def balance_table(
    sheet: pd.DataFrame, caption: str, vocabulary: Vocabulary, columns: tuple[str, ...] = (*LEAD, *NUMBERS, *REST)
) -> Table:
    """
    Write out lines of the balance sheet.

    Parameters
    ----------
    sheet : DataFrame
        Rows of ``balance.csv``.
    caption : str
        What they have in common.
    vocabulary : Vocabulary
        The language.
    columns : tuple of str
        Which columns, leading words first, numbers next.

    Returns
    -------
    Table
        One row a figure.
    """
    names = tuple(name for name in columns if name in sheet)
    head = tuple(vocabulary.words(f"balance.{name}") for name in names)
    rows = tuple(tuple(balance_cell(name, row, vocabulary) for name in names) for row in records(sheet))
    lead = sum(name in LEAD for name in names)
    return Table(caption, head, rows, lead, sum(name in REST for name in names))


def balance_cell(column: str, row: dict[str, Any], vocabulary: Vocabulary) -> str:
    """
    Write out one cell of the balance sheet.

    Parameters
    ----------
    column : str
        Name of the column.
    row : dict
        The row.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        Shares as percentages, ids as words.
    """
    words, value, quantity = vocabulary.words, row[column], vocabulary.quantity(str(row.get("unit", "")))
    if column in NUMBERS:
        figure = float(value) * quantity.kind.factor
        return (
            "" if figure != figure else number(figure, 0 if abs(figure) >= 100 else 1 if abs(figure) >= 10 else 2)
        )
    if column == "unit":
        return quantity.level_unit
    if column in ("within", "built_to"):
        flag = {"1": "yes", "1.0": "yes", "0": "no", "0.0": "no"}.get(str(value), str(value))
        return words(f"flag.{flag}") if words.has(f"flag.{flag}") else str(value)
    if column == "quantity" and words.has(f"quantity.{value}"):
        return words(f"quantity.{value}")
    return (
        vocabulary.name(str(value), column)
        if value and column in ("quantity", "service", "format")
        else str(value)
    )
