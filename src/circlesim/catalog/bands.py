"""Bands: published figures that a baseline is set beside."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.table import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """
    One published figure, as a range.

    Parameters
    ----------
    quantity : str
        What is measured, as the balance sheet names it.
    service, format, bin : str
        Whom it is about; empty for all.
    low, high : float
        Range, both ends included.
    unit : str
        Unit of both.
    source : str
        Where it was published, and how the range was put around it.
    grade : {"A", "B", "C", "D"}
        Confidence.
    built_to : bool
        True where the town or its constants were set to meet the figure: then meeting it is no evidence.
    """

    quantity: str
    service: str
    format: str
    bin: str
    low: float
    high: float
    unit: str
    source: str
    grade: str
    built_to: bool


@cache
def bands() -> tuple[Band, ...]:
    """
    Return every band.

    Returns
    -------
    tuple of Band
        In table order.
    """
    return tuple(
        Band(
            quantity=record["quantity"], service=record["service"], format=record["format"], bin=record["bin"],
            low=float(record["low"]), high=float(record["high"]), unit=record["unit"],
            source=record["source"], grade=record["grade"], built_to=record["built_to"] == "1",
        )
        for record in read_table("bands.csv")
    )  # fmt: skip
