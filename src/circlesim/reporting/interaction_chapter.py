"""Interaction chapter: what policies do together beyond what each does alone."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table
from circlesim.reporting.vocabulary import Vocabulary

KINDS = ("package less its parts", "main", "interaction")
"""Kinds of effects; the first stands open."""


def interaction_chapter(material: Material) -> Chapter | None:
    """
    Tell the effects of a factorial design over all residents.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the experiment has no such design.
    """
    table = material.run.table("interactions.csv")
    if not len(table):
        return None
    words = material.vocabulary.words
    whole = table[table["by"] == ""]
    told = {kind: effects_table(whole[whole["kind"] == kind], kind, material.vocabulary) for kind in KINDS}
    paragraphs = [words("interactions.intro")]
    if (table["alias"].astype(str) != "").any():
        paragraphs.append(words("interactions.half"))
    return Chapter(
        key="interactions", title=words("interactions"), paragraphs=tuple(paragraphs), tables=(told[KINDS[0]],),
        folded=tuple(told[kind] for kind in KINDS[1:] if told[kind].rows),
    )  # fmt: skip


def effects_table(table: pd.DataFrame, kind: str, vocabulary: Vocabulary) -> Table:
    """
    Write effects of one kind out.

    Parameters
    ----------
    table : DataFrame
        Rows of ``interactions.csv`` of that kind.
    kind : str
        One of `KINDS`.
    vocabulary : Vocabulary
        Words of a language.

    Returns
    -------
    Table
        Measure, effect (with its alias), figure, interval, range over assumptions where there were draws.
    """
    words, drawn = vocabulary.words, bool(table["assumption_low"].notna().any())
    head = [words("col.measure"), words("interactions.effect"), words("interactions.figure"), words("col.luck")]
    head += [words("col.assumptions")] if drawn else []
    rows = tuple(_cells(row, vocabulary, drawn=drawn) for row in records(table))
    return Table(words(f"interactions.{kind.split()[0]}"), tuple(head), rows, 2)


def _cells(row: dict[str, Any], vocabulary: Vocabulary, *, drawn: bool) -> tuple[str, ...]:
    quantity = vocabulary.quantity(str(row["unit"]))
    alias = f" = {row['alias']}" if str(row["alias"]) not in ("", "nan") else ""

    def span(kind: str) -> str:
        low, high = float(row[f"{kind}_low"]), float(row[f"{kind}_high"])
        if not (math.isfinite(low) and math.isfinite(high)):
            return "–"
        return vocabulary.words("range", low=quantity.bare_change(low), high=quantity.bare_change(high))

    figure = float(row["difference"])
    cells = [vocabulary.measure(str(row["measure"])), f"{row['effect']}{alias}"]
    cells += [quantity.change(figure) if math.isfinite(figure) else "–", span("ci")]
    return tuple([*cells, *([span("assumption")] if drawn else [])])
