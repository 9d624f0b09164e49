"""How many outlets of each format a circle has at national anchors: the stated table."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.table import read_table

ALWAYS_PRESENT: tuple[str, ...] = ("breakfast_shop", "convenience_store", "fresh_food_shop")
"""Formats of which even the smallest synthetic town has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatCount:
    """
    One format's line of the table.

    Parameters
    ----------
    format : str
        Format id.
    basis : {"scaled", "own"}
        Scaled from the 27-circle means, or counted from a source of its own.
    per_circle_27 : float
        Mean outlets a circle in the 27-circle table; 0 where the count has a source of its own.
    per_20700 : float
        Outlets per 20,700 residents; 0 where scaled.
    definition : str
        What is counted.
    source : str
        Where the number comes from.
    grade : {"A", "B", "C", "D"}
        Confidence.
    """

    format: str
    basis: str
    per_circle_27: float
    per_20700: float
    definition: str
    source: str
    grade: str


@cache
def format_counts() -> tuple[FormatCount, ...]:
    """
    Return the table.

    Returns
    -------
    tuple of FormatCount
        One line a format that a synthetic circle has.
    """
    return tuple(
        FormatCount(
            format=record["format"], basis=record["basis"],
            per_circle_27=float(record["per_circle_27"]), per_20700=float(record["per_20700"]),
            definition=record["definition"], source=record["source"], grade=record["grade"],
        )
        for record in read_table("format_counts.csv")
    )  # fmt: skip


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """
    Share a whole number out in proportion to weights, without sampling.

    Parameters
    ----------
    weights : ndarray of float64, shape (n,)
        At least 0, not all zero.
    total : int
        What is shared out.

    Returns
    -------
    ndarray of int64, shape (n,)
        Whole numbers that sum to `total`; ties go to the earlier row.
    """
    quota = np.asarray(weights, dtype=np.float64) * total / np.sum(weights)
    counts = np.floor(quota).astype(np.int64)
    rest = np.argsort(counts - quota, kind="stable")[: total - int(counts.sum())]
    counts[rest] += 1
    return counts


def outlet_counts(residents: int, outlets: int) -> dict[str, int]:
    """
    Count the outlets of each format in a synthetic circle.

    Formats with a source of their own come first, at their rate per resident; the 27-circle means are scaled
    to the rest by largest remainder. Scaling one definition of outlet to another is a grade D assumption.

    Parameters
    ----------
    residents : int
        Residents of the circle.
    outlets : int
        Outlets in all; raised to one of each of `ALWAYS_PRESENT` where it is smaller.

    Returns
    -------
    dict of str to int
        Format id to outlets, in table order; formats with none are left out.
    """
    table = format_counts()
    own = np.array([count.per_20700 for count in table]) * residents / 20_700
    own_counts = _rounded_to_sum(own)
    scaled = np.array([count.per_circle_27 for count in table])
    first = np.array([count.format in ALWAYS_PRESENT for count in table], dtype=np.int64)
    rest = max(outlets - int(own_counts.sum()), int(first.sum()))
    counts = largest_remainder(scaled, rest)
    while (counts < first).any():
        counts[int(np.argmax(counts - first))] -= 1
        counts[int(np.argmax(counts < first))] += 1
    return {count.format: int(n) for count, n in zip(table, counts + own_counts, strict=True) if n}


def _rounded_to_sum(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Whole numbers nearest to values whose sum is the rounded sum."""
    total = int(np.floor(values.sum() + 0.5))
    return largest_remainder(values, total) if total else np.zeros(len(values), dtype=np.int64)


def format_count_table(residents: int = 20_700, outlets: int = 240) -> list[dict[str, str | int]]:
    """
    Return the counts of a synthetic circle with definition, source and grade; what ``circlesim check`` prints.

    Parameters
    ----------
    residents, outlets : int
        Size of the circle.

    Returns
    -------
    list of dict
        Keys ``format, outlets, basis, definition, source, grade``, in table order.
    """
    counts = outlet_counts(residents, outlets)
    return [
        {"format": line.format, "outlets": counts.get(line.format, 0), "basis": line.basis,
         "definition": line.definition, "source": line.source, "grade": line.grade}
        for line in format_counts()
    ]  # fmt: skip


CIRCLE_RESIDENTS, CIRCLE_OUTLETS = 20_700, 240
"""The mean circle: 8,132 circles, 1.954 m outlets, 168 m people (Ministry of Commerce, 2026-01-20; grade A)."""

CIRCLE_SOURCE = "Ministry of Commerce, 2026-01-20: 8,132 circles, 1.954 m outlets, 168 m people; grade A"
"""Where the mean circle comes from; its split among formats is the table's and of grade D."""


def expected_outlets(residents: int) -> dict[str, float]:
    """
    Say how many outlets of each format as many residents have in the mean circle of the country.

    Parameters
    ----------
    residents : int
        Residents of the place.

    Returns
    -------
    dict of str to float
        Format id to outlets, not rounded; their sum is 240 for 20,700 residents.
    """
    table = format_counts()
    own, scaled = (sum(getattr(row, name) for row in table) for name in ("per_20700", "per_circle_27"))
    factor = (CIRCLE_OUTLETS - own) / scaled
    share = residents / CIRCLE_RESIDENTS
    return {row.format: share * (row.per_20700 + factor * row.per_circle_27) for row in table}
