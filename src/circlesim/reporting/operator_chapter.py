"""Operator chapter: who gives up, what stands vacant, who begins, and what support costs."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.charts.operators import operators_figure
from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter, Picture
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.sentences import percent
from circlesim.reporting.svg import figure_svg
from circlesim.reporting.tables import Table, heads

SUMS = ("trading", "vacant", "exits", "entries", "turnover", "profit", "support")
MONTHS_A_YEAR = 12.0


def operator_chapter(material: Material) -> Chapter | None:
    """
    Tell the months of the operators.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where no month was closed.
    """
    books = material.run.table("operators_by_format.csv")
    if not len(books):
        return None
    words = material.vocabulary.words
    months = books.groupby(["scenario", "month"], sort=False)[list(SUMS)].sum().reset_index()
    said = tuple(
        _sentence(name, months, material) for name in material.run.scenarios if name in set(months["scenario"])
    )
    svg = figure_svg(
        operators_figure(months, material.lang), "operators", words("operators"), words("operators.intro")
    )
    picture = Picture(key="operators", title="", svg=svg, twin=months_table(months, material))
    return Chapter(
        key="operators", title=words("operators"), paragraphs=(words("operators.intro"), *said),
        pictures=(picture,), folded=(formats_table(books, material),),
    )  # fmt: skip


def _sentence(scenario: str, months: pd.DataFrame, material: Material) -> str:
    """Exits with their rate a year, entries, vacancies at the end and support of one scenario."""
    rows = months[months["scenario"] == scenario]
    exits, trading = float(rows["exits"].sum()), float(rows["trading"].mean())
    currency = material.vocabulary.quantity(material.facts.currency).level_unit
    return material.vocabulary.words(
        "operators.told", scenario=scenario, months=len(rows), exits=number(exits, 1), trading=number(trading, 0),
        rate=percent(exits / trading / len(rows) * MONTHS_A_YEAR if trading else 0.0),
        entries=number(float(rows["entries"].sum()), 1), vacant=number(float(rows["vacant"].iloc[-1]), 1),
        support=number(float(rows["support"].sum())), currency=currency,
    )  # fmt: skip


def months_table(months: pd.DataFrame, material: Material) -> Table:
    """
    Write the months out.

    Parameters
    ----------
    months : DataFrame
        Sums over all formats by scenario and month.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario and month.
    """
    rows = tuple((str(row["scenario"]), str(row["month"]), *_figures(row)) for row in records(months))
    words = material.vocabulary.words
    head = (*heads(material.vocabulary, "scenario"), words("operators.month"), *_heads(material))
    return Table(words("operators"), head, rows, 2)


def formats_table(books: pd.DataFrame, material: Material) -> Table:
    """
    Write the whole span out by format.

    Parameters
    ----------
    books : DataFrame
        Contents of ``operators_by_format.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario and format with operators; trading and vacant are means over the months.
    """
    grouped = books.groupby(["scenario", "format"], sort=False)[list(SUMS)]
    table, mean = grouped.sum(), grouped.mean()
    table[["trading", "vacant"]] = mean[["trading", "vacant"]]
    table = table[(table["trading"] > 0) | (table["vacant"] > 0)].reset_index()
    rows = tuple(
        (str(row["scenario"]), material.vocabulary.format(str(row["format"])), *_figures(row))
        for row in records(table)
    )
    words = material.vocabulary.words
    head = (*heads(material.vocabulary, "scenario", "format"), *_heads(material))
    return Table(words("operators.formats"), head, rows, 2)


def _figures(row: dict[str, object]) -> tuple[str, ...]:
    return tuple(number(float(str(row[name])), 1 if name in SUMS[:4] else 0) for name in SUMS)


def _heads(material: Material) -> tuple[str, ...]:
    words, currency = material.vocabulary.words, material.vocabulary.quantity(material.facts.currency).level_unit
    return tuple(words(f"operators.col.{name}", currency=currency) for name in SUMS)
