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
    alone = balance_table(sheet[~banded], words("balance.alone"), material.vocabulary, ("value", "unit"))
    return Chapter(
        key="balance", title=words("balance"), paragraphs=(words("balance.intro"),),
        tables=(beside,) if beside.rows else (), folded=(alone,) if alone.rows else (),
    )  # fmt: skip


def balance_table(
    sheet: pd.DataFrame, caption: str, vocabulary: Vocabulary, columns: tuple[str, ...] = (*NUMBERS, *REST)
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
        Which columns follow the name, numbers first.

    Returns
    -------
    Table
        One row a figure.
    """
    names = tuple(name for name in columns if name in sheet)
    head = tuple(vocabulary.words(f"balance.{name}") for name in ("quantity", *names))
    rows = tuple(
        (figure_name(row, vocabulary), *(balance_cell(name, row, vocabulary) for name in names))
        for row in records(sheet)
    )
    return Table(caption, head, rows, 1, sum(name in REST for name in names))


def figure_name(row: dict[str, Any], vocabulary: Vocabulary) -> str:
    """
    Name a figure of the balance sheet: what, of which service or format, in which bin.

    Parameters
    ----------
    row : dict
        The row.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        Such as ``"Load · breakfast"``.
    """
    words, quantity = vocabulary.words, str(row["quantity"])
    key = f"quantity.{quantity}"
    parts = [
        words(key) if words.has(key) else vocabulary.name(quantity, "quantity"),
        *(vocabulary.name(str(row[kind]), kind) for kind in ("service", "format") if row.get(kind)),
        *([words("minutes", bin=row["bin"])] if row.get("bin") else []),
    ]
    return " · ".join(parts)


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
    return str(value)
