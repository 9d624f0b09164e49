"""Winners chapter: which residents are better off, and which worse."""

from __future__ import annotations

from typing import Any

import pandas as pd

from circlesim.measures.winners import FEWEST_PAIRS
from circlesim.reporting.charts.winners import winners_figure
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.tables import Table

DRAWN = "welfare_min"
"""The scale of the pictures; the other stands in tables."""


def winners_chapter(material: Material) -> Chapter | None:
    """
    Say who gains and who loses, the same residents under scenario and baseline.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        One sentence and picture a comparison; None where nothing was compared by resident.
    """
    table = material.run.table("winners.csv")
    if not len(table):
        return None
    words = material.vocabulary.words
    said, pictures, folded = [], [], []
    for position, pair in enumerate(material.run.pairs):
        own = table[(table["scenario"] == pair.scenario) & (table["baseline"] == pair.baseline)]
        for measure, rows in own.groupby("measure", sort=False):
            first = rows[rows["threshold"] == rows["threshold"].min()]
            if measure == DRAWN:
                said.append(_sentence(pair, first, material))
                pictures.append(_picture(pair, first, position, material))
            else:
                folded.append(winners_rows(pair, first, material))
        if len(own):
            folded.append(_thresholds(pair, own[own["by"] == ""], material))
    intro = words("winners.intro", pairs=FEWEST_PAIRS)
    return Chapter(
        key="winners", title=words("winners"), paragraphs=(intro, *said), pictures=tuple(pictures),
        folded=tuple(folded),
    )  # fmt: skip


def _sentence(pair: Pair, rows: pd.DataFrame, material: Material) -> str:
    """Shares of all residents that gain, lose and stay, and by how much."""
    words = material.vocabulary.words
    row = next(each for each in records(rows) if each["by"] == "")
    said = words(
        "winners.told", versus=material.versus(pair), gain=percent(row["gain_share"], 1),
        lose=percent(row["lose_share"], 1), stay=percent(row["stay_share"], 1),
        threshold=_size(row["threshold"], row, material),
    )  # fmt: skip
    parts = [said]
    for name in ("gain", "loss"):
        if row[f"mean_{name}"] == row[f"mean_{name}"]:
            size = _size(abs(row[f"mean_{name}"]), row, material)
            parts.append(words(f"winners.mean_{name}", size=size))
    return words.join(parts, "sentence")


def _size(value: float, row: dict[str, Any], material: Material) -> str:
    return material.vocabulary.quantity(str(row["unit"])).change(float(value), signed=False)


def _picture(pair: Pair, rows: pd.DataFrame, position: int, material: Material) -> Picture:
    words, title, key = material.vocabulary.words, material.versus(pair), f"winners-{position}"
    svg = figure_svg(winners_figure(rows, material.lang), key, title, words("winners"))
    return Picture(key=key, title=title, svg=svg, twin=winners_rows(pair, rows, material))


def winners_rows(pair: Pair, rows: pd.DataFrame, material: Material) -> Table:
    """
    Write out who gains and who loses by group.

    Parameters
    ----------
    pair : Pair
        Scenario and baseline.
    rows : DataFrame
        One scale and threshold.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a group.
    """
    vocabulary = material.vocabulary
    body = tuple(
        (
            vocabulary.dimension(row["by"]) if row["by"] else "", vocabulary.group(row["by"], row["group"]),
            number(row["n"]), *_cells(row, material),
        )
        for row in records(rows)
    )  # fmt: skip
    words = vocabulary.words
    head = (*(words(f"col.{name}") for name in ("dimension", "group", "n")), *_heads(rows, material))
    caption = words(
        "winners.caption", versus=material.versus(pair), measure=vocabulary.measure(str(rows["measure"].iloc[0])),
        threshold=_size(rows["threshold"].iloc[0], records(rows)[0], material),
    )  # fmt: skip
    return Table(caption, head, body, 2)


def _thresholds(pair: Pair, rows: pd.DataFrame, material: Material) -> Table:
    """How the shares of all residents move with the threshold."""
    vocabulary, words = material.vocabulary, material.vocabulary.words
    body = tuple(
        (vocabulary.measure(row["measure"]), _size(row["threshold"], row, material), *_cells(row, material))
        for row in records(rows)
    )
    head = (words("col.measure"), words("winners.threshold"), *_heads(rows, material))
    return Table(words("winners.thresholds", versus=material.versus(pair)), head, body, 2)


_SHARES = ("gain", "stay", "lose", "sure_gain", "sure_lose")


def _heads(rows: pd.DataFrame, material: Material) -> tuple[str, ...]:
    words = material.vocabulary.words
    return (*(words(f"winners.{name}") for name in _SHARES), *(words(f"winners.col.{name}") for name in _MEANS))


_MEANS = ("mean_gain", "mean_loss", "mean_change")


def _cells(row: dict[str, Any], material: Material) -> tuple[str, ...]:
    quantity = material.vocabulary.quantity(str(row["unit"]))
    shares = (percent(float(row[f"{name}_share"]), 1) for name in _SHARES)
    return (*shares, *(quantity.bare_change(float(row[name])) for name in _MEANS))
