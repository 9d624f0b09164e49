"""Outlet tables: the street map and the largest changes in visits, written out."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.market_sentences import outlet_name
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary

SMALLEST_CHANGE = 0.05
"""Visits a day below which a change is printed as none."""


def outlets_table(outlets: pd.DataFrame, vocabulary: Vocabulary) -> Table:
    """
    Write out the outlets of the street map.

    Parameters
    ----------
    outlets : DataFrame
        Columns `facility`, `name`, `format`, `class`, `x_m`, `y_m`, `visits`, `new`.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        The most visited first.
    """
    words = vocabulary.words
    rows = tuple(
        (
            str(row["name"]) or str(row["facility"]),
            vocabulary.format(str(row["format"])), vocabulary.format_class(str(row["class"])),
            words("map.new") if row["new"] else "", f"{number(float(row['x_m']))}, {number(float(row['y_m']))}",
            number(float(row["visits"]), 1),
        )
        for row in records(outlets.sort_values("visits", ascending=False))
    )  # fmt: skip
    head = (*heads(vocabulary, "outlet", "format", "class"), "", *heads(vocabulary, "place", "visits"))
    return Table(words("map"), head, rows, 4)


def outlet_changes_table(pair: Pair, changes: pd.DataFrame, vocabulary: Vocabulary, most: int = 8) -> Table:
    """
    Write out the outlets whose visits change most.

    Parameters
    ----------
    pair : Pair
        Scenario and baseline.
    changes : DataFrame
        As `outlets.outlet_changes` makes it.
    vocabulary : Vocabulary
        The language.
    most : int, default: 8
        Largest losses, and as many largest gains.

    Returns
    -------
    Table
        Losses first.
    """
    lost = changes[changes["change"] <= -SMALLEST_CHANGE].head(most)
    won = changes[changes["change"] >= SMALLEST_CHANGE].iloc[::-1].head(most)
    chosen = pd.concat([lost, won])
    rows = tuple(
        (
            outlet_name(str(row.get("name", "")), str(row["facility"]), str(row.get("format", "")), vocabulary),
            vocabulary.words("map.new") if row["new"] else "", number(float(row["before"]), 1),
            number(float(row["after"]), 1), number(float(row["change"]), 1, signed=True),
            percent(float(row["relative"]), signed=True),
        )
        for row in records(chosen)
    )  # fmt: skip
    versus = vocabulary.words("versus.short", scenario=pair.scenario, baseline=pair.baseline)
    caption = vocabulary.words("map.changes", versus=versus)
    head = (vocabulary.words("col.outlet"), "", *heads(vocabulary, "before", "after", "change", "relative"))
    return Table(caption, head, rows, 2)
