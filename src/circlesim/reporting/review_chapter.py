"""Review chapter: what policies with review dates saw lacking, and what they opened."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table, heads


def review_chapter(material: Material) -> Chapter | None:
    """
    Tell the reviews.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where no policy reviews.
    """
    opened = material.run.table("reviews.csv")
    if not len(opened):
        return None
    words, days = material.vocabulary.words, review_days(opened)
    there = set(days["scenario"])
    said = tuple(_sentence(name, days, material) for name in material.run.scenarios if name in there)
    return Chapter(
        key="reviews", title=words("reviews"), paragraphs=(words("reviews.intro"), *said),
        tables=(reviews_table(days, opened, material),),
    )  # fmt: skip


def review_days(opened: pd.DataFrame) -> pd.DataFrame:
    """
    Average reviews over replications.

    Parameters
    ----------
    opened : DataFrame
        Contents of ``reviews.csv``.

    Returns
    -------
    DataFrame
        Columns scenario, review_day, lacking_per_day, outlets, capital; one row a scenario and review.
    """
    keys = ["scenario", "review_day"]
    table = opened.assign(outlets=(opened["facility"] != "").astype(float))
    # What one review saw stands in every row of its outlets, and counts once.
    each = table.groupby([*keys, "replication", "policy"], sort=False).agg(
        lacking_per_day=("lacking_per_day", "first"), outlets=("outlets", "sum"), capital=("capital", "sum")
    )
    summed = each.groupby([*keys, "replication"], sort=False).sum()
    return summed.groupby(keys, sort=False).mean().reset_index()


def _sentence(scenario: str, days: pd.DataFrame, material: Material) -> str:
    """Reviews, outlets, money, and lacking needs at the first and the last."""
    rows = days[days["scenario"] == scenario].sort_values("review_day")
    currency = material.vocabulary.quantity(material.facts.currency).level_unit
    return material.vocabulary.words(
        "reviews.told", scenario=scenario, reviews=len(rows), outlets=number(float(rows["outlets"].sum()), 1),
        capital=number(float(rows["capital"].sum())), currency=currency,
        first=number(float(rows["lacking_per_day"].iloc[0]), 1),
        last=number(float(rows["lacking_per_day"].iloc[-1]), 1),
    )  # fmt: skip


def reviews_table(days: pd.DataFrame, opened: pd.DataFrame, material: Material) -> Table:
    """
    Write the reviews out.

    Parameters
    ----------
    days : DataFrame
        As `review_days` gives it.
    opened : DataFrame
        Contents of ``reviews.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario and review.
    """
    words, vocabulary = material.vocabulary.words, material.vocabulary
    currency = vocabulary.quantity(material.facts.currency).level_unit
    runs = max(opened["replication"].nunique(), 1)
    rows = []
    for row in records(days):
        mine = opened[(opened["scenario"] == row["scenario"]) & (opened["review_day"] == row["review_day"])]
        counts = mine[mine["facility"] != ""]["format"].value_counts() / runs
        formats = ", ".join(f"{vocabulary.format(str(name))} {number(float(n), 1)}" for name, n in counts.items())
        figures = (("review_day", 0), ("lacking_per_day", 1), ("outlets", 1), ("capital", 0))
        rows.append((
            str(row["scenario"]), *(number(float(str(row[name])), digits) for name, digits in figures), formats,
        ))  # fmt: skip
    head = (
        *heads(vocabulary, "scenario"), words("reviews.col.day"), words("reviews.col.lacking"),
        words("reviews.col.outlets"), words("reviews.col.capital", currency=currency),
        words("reviews.col.formats"),
    )  # fmt: skip
    return Table(words("reviews"), head, tuple(rows), 1, 1)
