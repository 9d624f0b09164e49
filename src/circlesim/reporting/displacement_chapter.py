"""Displacement chapter: whether new visits are new, or taken from outlets that stood before."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.outlet_tables import SMALLEST_CHANGE
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent
from circlesim.reporting.tables import Table

PARTS = ("both", "new", "closed")


def displacement_chapter(material: Material) -> Chapter | None:
    """
    Say what existing outlets lose where others come or go.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        One paragraph and table a comparison; None where no outlet comes, goes or loses visits.
    """
    table = material.run.table("displacement.csv")
    if not len(table):
        return None
    days = material.facts.days_measured
    pairs = [(pair, _daily(table, pair, days)) for pair in material.run.pairs]
    told = [(pair, rows) for pair, rows in pairs if (rows["visits_change"].abs() >= SMALLEST_CHANGE).any()]
    if not told:
        return None
    words = material.vocabulary.words
    said = tuple(_sentence(pair, rows, material) for pair, rows in told)
    tables = tuple(displacement_rows(pair, rows, material) for pair, rows in told)
    return Chapter(
        key="displacement", title=words("displacement"), paragraphs=(words("displacement.intro"), *said),
        folded=tables,
    )  # fmt: skip


def _daily(table: pd.DataFrame, pair: Pair, days: int) -> pd.DataFrame:
    """Figures of one comparison, a day."""
    rows = table[(table["scenario"] == pair.scenario) & (table["baseline"] == pair.baseline)].copy()
    for name in ("visits_change", "revenue_change"):
        rows[name] = rows[name] / days
    return rows


def _sentence(pair: Pair, rows: pd.DataFrame, material: Material) -> str:
    """How the change of all visits divides, and how much of what new outlets serve others lost."""
    words, part = material.vocabulary.words, rows.groupby("part")["visits_change"].sum()
    kept, new, closed = (float(part.get(name, 0.0)) for name in PARTS)
    figures = {"total": kept + new + closed, "both": kept, "new": new, "closed": closed}
    said = words(
        "displacement.sums", versus=material.versus(pair),
        **{name: number(value, 1, signed=True) for name, value in figures.items()},
    )  # fmt: skip
    if new < SMALLEST_CHANGE or closed:
        return said
    share = min(max(-kept / new, 0.0), 1.0)
    return words.join([said, words("displacement.share", share=percent(share))], "sentence")


def displacement_rows(pair: Pair, rows: pd.DataFrame, material: Material) -> Table:
    """
    Write the change of visits and revenue out by format.

    Parameters
    ----------
    pair : Pair
        Scenario and baseline.
    rows : DataFrame
        Figures a day of one comparison.
    material : Material
        The run.

    Returns
    -------
    Table
        Formats with a visible change; the last row is the sum over all formats.
    """
    words, vocabulary = material.vocabulary.words, material.vocabulary
    visits, revenue = (
        rows.pivot_table(index="format", columns="part", values=f"{name}_change", aggfunc="sum", sort=False)
        .reindex(columns=list(PARTS)).fillna(0.0) for name in ("visits", "revenue")
    )  # fmt: skip
    shown = visits[(visits.abs() >= SMALLEST_CHANGE).any(axis=1)].index
    lines = [(vocabulary.format(str(name)), visits.loc[name], revenue.loc[name]) for name in shown]
    lines.append((words("displacement.all"), visits.sum(), revenue.sum()))
    body = tuple(
        (
            name, *(number(float(seen[part]), 1, signed=True) for part in PARTS),
            number(float(seen.sum()), 1, signed=True), number(float(earned.sum()), 0, signed=True),
        )
        for name, seen, earned in lines
    )  # fmt: skip
    currency = vocabulary.quantity(material.facts.currency).level_unit
    head = (
        words("col.format"), *(words(f"displacement.{part}") for part in PARTS), words("displacement.visits"),
        words("displacement.revenue", currency=currency),
    )  # fmt: skip
    return Table(words("displacement.caption", versus=material.versus(pair)), head, body)
