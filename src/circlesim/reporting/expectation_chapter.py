"""Expectation chapter: what the writer of the experiment expected, and whether the run shows it."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table
from circlesim.reporting.vocabulary import Vocabulary

VERDICTS = ("shown", "refuted", "open", "no figure")


def expectation_chapter(material: Material) -> Chapter | None:
    """
    Set every expectation of the file beside what was found.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where the file holds no expectation.
    """
    table = material.run.table("expectations.csv")
    if not len(table):
        return None
    words = material.vocabulary.words
    return Chapter(
        key="expectations", title=words("expectations"),
        paragraphs=(tally(table, material.vocabulary), words("expectations.rule")),
        tables=(expectation_table(table, material.vocabulary),),
    )  # fmt: skip


def tally(table: pd.DataFrame, vocabulary: Vocabulary) -> str:
    """
    Count the verdicts in a sentence.

    Parameters
    ----------
    table : DataFrame
        Contents of ``expectations.csv``.
    vocabulary : Vocabulary
        Words of a language.

    Returns
    -------
    str
        One sentence or two; what has no figure counts as open.
    """
    counts = table["verdict"].replace("no figure", "open").value_counts()
    return vocabulary.words(
        "expectations.intro", all=len(table), **{name: int(counts.get(name, 0)) for name in VERDICTS[:3]}
    )


def expectation_table(table: pd.DataFrame, vocabulary: Vocabulary) -> Table:
    """
    Write expectations and verdicts out.

    Parameters
    ----------
    table : DataFrame
        Contents of ``expectations.csv``, or laws in the same columns.
    vocabulary : Vocabulary
        Words of a language.

    Returns
    -------
    Table
        One row a claim: words, measure, higher minus lower with its interval, range over assumptions where there
        were draws, verdict.
    """
    words, drawn = vocabulary.words, bool(table["assumption_low"].notna().any())
    head = [words("expectations.says"), words("col.measure"), words("expectations.by"), words("col.luck")]
    head += [words("col.assumptions")] if drawn else []
    body = tuple(tuple(_cells(row, vocabulary, drawn=drawn)) for row in records(table))
    return Table(words("expectations.caption"), (*head, words("expectations.verdict")), body, 2)


def _cells(row: dict[str, Any], vocabulary: Vocabulary, *, drawn: bool) -> list[str]:
    words, quantity = vocabulary.words, vocabulary.quantity(str(row["unit"]))
    says = str(row["says_zh"]) if words("html_lang").startswith("zh") and row["says_zh"] else str(row["says"])
    figure = float(row["difference"])

    def span(kind: str) -> str:
        low, high = float(row[f"{kind}_low"]), float(row[f"{kind}_high"])
        if not (math.isfinite(low) and math.isfinite(high)):
            return "–"
        return words("range", low=quantity.bare_change(low), high=quantity.bare_change(high))

    cells = [says, vocabulary.measure(str(row["measure"]))]
    cells += [quantity.change(figure) if math.isfinite(figure) else "–", span("ci")]
    cells += [span("assumption")] if drawn else []
    return [*cells, words(f"verdict.{row['verdict']}")]
