"""Worth chapter: what the public pays, what one more satisfied adult costs, and how sure the best choice is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from circlesim.experiments.economy import EFFECTS, OUTLAYS
from circlesim.experiments.switching import PARTS
from circlesim.experiments.worth import ASSUMPTIONS, FINDINGS, LUCK
from circlesim.measures.cost_effectiveness import STANDINGS
from circlesim.reporting.charts.acceptability import acceptability_figure
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.tables import Table

TOLD = EFFECTS[0]
"""The effect that sentences and pictures are about."""


def worth_chapter(material: Material) -> Chapter | None:
    """
    Set what scenarios cost beside what they give.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        A sentence a comparison, a table an effect, parts of cost and spending, and curves of acceptability; None
        where nothing was compared.
    """
    table = material.run.table("cost_effectiveness.csv")
    if not len(table):
        return None
    words = material.vocabulary.words
    said = tuple(_sentence(row, material) for row in records(table) if row["effect"] == TOLD)
    curves = material.run.table("acceptability.csv")
    pictures = tuple(_pictures(curves, material)) if len(curves) else ()
    knowing = tuple(_knowing(curves, material)) if len(curves) else ()
    return Chapter(
        key="worth", title=words("worth"),
        paragraphs=(words("worth.intro", currency=_currency(material)), *said, words("worth.standing"), *knowing),
        pictures=pictures, tables=tuple(effect_table(table, effect, material) for effect in EFFECTS),
        folded=(parts_table(table, material),),
    )  # fmt: skip


def _currency(material: Material) -> str:
    return material.vocabulary.quantity(material.facts.currency).level_unit


def _money(value: float, material: Material) -> str:
    quantity = material.vocabulary.quantity(material.facts.currency)
    return quantity.with_unit(number(value), quantity.level_unit)


def _sentence(row: dict[str, Any], material: Material) -> str:
    """What one scenario costs, gives, and what one more satisfied adult costs where that can be told."""
    words, pair = material.vocabulary.words, Pair(str(row["scenario"]), str(row["baseline"]))
    blanks = {
        "versus": material.versus(pair), "gain": number(abs(row["gain"]), 1),
        "low": number(row["gain_low"], 1, signed=True), "high": number(row["gain_high"], 1, signed=True),
    }  # fmt: skip
    if row["cost"] == row["cost"]:
        blanks["cost"] = _money(abs(row["cost"]), material)
    if row["cost_per_gain"] == row["cost_per_gain"]:
        blanks |= {name: _money(row[name], material) for name in ("cost_per_gain", "ratio_low", "ratio_high")}
    return words(f"worth.told.{FINDINGS.index(str(row['finding']))}", **blanks)


def effect_table(table: pd.DataFrame, effect: str, material: Material) -> Table:
    """
    Write out cost, gain and ratio of one effect.

    Parameters
    ----------
    table : DataFrame
        Contents of ``cost_effectiveness.csv``.
    effect : str
        One of `EFFECTS`.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a comparison.
    """
    words = material.vocabulary.words
    rows = tuple(_effect_row(row, material) for row in records(table[table["effect"] == effect]))
    names = ("cost", "gain", "gain_luck", "gain_range", "ratio", "ratio_luck", "finding", "standing")
    head = (words("col.scenario"), words("col.baseline"), *(words(f"worth.col.{name}") for name in names))
    caption = words("worth.caption", effect=words(f"worth.{effect}"), currency=_currency(material))
    return Table(caption, head, rows, 2, 2)


def _effect_row(row: dict[str, Any], material: Material) -> tuple[str, ...]:
    words, standing, finding = material.vocabulary.words, row["standing"], FINDINGS.index(row["finding"])
    return (
        str(row["scenario"]), str(row["baseline"]), number(row["cost"], signed=True),
        number(row["gain"], 1, signed=True), _span(row, "gain_low", "gain_high", 1, material),
        _span(row, "gain_assumption_low", "gain_assumption_high", 1, material), number(row["cost_per_gain"]),
        _span(row, "ratio_low", "ratio_high", 0, material), words(f"worth.finding.{finding}"),
        words(f"worth.standing.{STANDINGS.index(standing)}") if standing in STANDINGS else "–",
    )  # fmt: skip


def _span(row: dict[str, Any], low: str, high: str, decimals: int, material: Material) -> str:
    if row[low] != row[low] or row[high] != row[high]:
        return "–"
    ends = {"low": number(row[low], decimals), "high": number(row[high], decimals)}
    return material.vocabulary.words("range", **ends)


def parts_table(table: pd.DataFrame, material: Material) -> Table:
    """
    Write out the parts of the cost, and where the change of spending inside the circle comes from.

    Parameters
    ----------
    table : DataFrame
        Contents of ``cost_effectiveness.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a comparison.
    """
    words = material.vocabulary.words
    first = table[table["effect"] == TOLD]
    rows = tuple(
        (
            str(row["scenario"]), str(row["baseline"]), *(number(row[name]) for name in OUTLAYS),
            *(number(row[f"spend_{part}"]) for part in PARTS),
        )
        for row in records(first)
    )  # fmt: skip
    spending = (words("worth.spend", part=words(f"switch.{part}")) for part in PARTS)
    outlays = (words(f"worth.col.{name}") for name in OUTLAYS)
    head = (words("col.scenario"), words("col.baseline"), *outlays, *spending)
    return Table(words("worth.parts", currency=_currency(material)), head, rows, 2)


def _shown(curves: pd.DataFrame, material: Material) -> Iterator[tuple[str, pd.DataFrame]]:
    """Curves of the effect told, by baseline: over assumptions where draws were made, else over luck."""
    rows = curves[curves["effect"] == TOLD]
    drawn = rows[rows["over"] == ASSUMPTIONS]
    rows = drawn if len(drawn) else rows[rows["over"] == LUCK]
    for baseline, own in rows.groupby("baseline", sort=False):
        yield str(baseline), own


def _pictures(curves: pd.DataFrame, material: Material) -> Iterator[Picture]:
    words = material.vocabulary.words
    for position, (baseline, rows) in enumerate(_shown(curves, material)):
        over = str(rows["over"].iloc[0])
        title, key = words(f"worth.curve.{over}", baseline=baseline), f"acceptability-{position}"
        label = words("worth.willingness", currency=_currency(material))
        svg = figure_svg(acceptability_figure(rows, material.lang, label), key, title, label)
        yield Picture(key=key, title=title, svg=svg, twin=curve_table(rows, title, material))


def curve_table(rows: pd.DataFrame, caption: str, material: Material) -> Table:
    """
    Write the curves of one baseline out.

    Parameters
    ----------
    rows : DataFrame
        Rows of ``acceptability.csv``.
    caption : str
        What it shows.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a price and option.
    """
    words = material.vocabulary.words
    body = tuple(
        (
            str(row["scenario"]), number(row["willingness"]), number(row["net_benefit"], signed=True),
            _span(row, "low", "high", 0, material), percent(row["best_share"]), number(row["perfect_information"]),
        )
        for row in records(rows)
    )  # fmt: skip
    names = ("willingness", "net_benefit", "benefit_range", "best_share", "knowing")
    head = (words("col.scenario"), *(words(f"worth.col.{name}") for name in names))
    return Table(caption, head, body)


def _knowing(curves: pd.DataFrame, material: Material) -> Iterator[str]:
    """The largest worth of knowing, over assumptions and over luck, by baseline."""
    words, rows = material.vocabulary.words, curves[curves["effect"] == TOLD]
    for (baseline, over), own in rows.groupby(["baseline", "over"]):
        if not (own["perfect_information"] > 0).any():
            yield words(f"worth.knowing.nothing.{over}", baseline=baseline)
            continue
        most = records(own.nlargest(1, "perfect_information"))[0]
        yield words(
            f"worth.knowing.{over}", baseline=baseline, worth=_money(float(most["perfect_information"]), material),
            price=_money(float(most["willingness"]), material), draws=int(most["draws"]),
        )  # fmt: skip
