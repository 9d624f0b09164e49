"""Operators: what the outlets of the circle employ and earn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import PAGE_SUMS, STATE_AT_END, WORLD_ALONE, Measure, Values, ratio
from circlesim.measures.page_ratio import FEN
from circlesim.measures.reading import FACILITY_SUMS, Reading

DAYS_A_MONTH = 365.25 / 12


def by_outlet(grouping: Grouping, reading: Reading, values: NDArray[np.float64]) -> Values | None:
    """
    Add a figure of outlets up.

    Parameters
    ----------
    grouping : Grouping
        All, or formats.
    reading : Reading
        For the outlets.
    values : ndarray of float64, shape (F,)
        One figure an outlet.

    Returns
    -------
    Values or None
        Sums; None where residents are grouped.
    """
    sums = _by(grouping, reading, values)
    if sums is None:
        return None
    return Values(value=sums, n=np.full(len(sums), len(reading.population), np.int64))


def _by(grouping: Grouping, reading: Reading, values: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """Add a figure of outlets up for all, or by format; None for other groupings."""
    if grouping.by == "":
        return np.array([values.sum()])
    if grouping.by == "format":
        sums = np.bincount(reading.facilities.format, weights=values, minlength=len(grouping.labels))
        return sums.astype(np.float64)
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs(Measure):
    """Jobs at the outlets present on the last day."""

    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        return by_outlet(grouping, reading, np.where(reading.present, reading.facilities.staff, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletsTrading(Measure):
    """Outlets that exist on the last day and are operated."""

    kind: str = STATE_AT_END

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        return by_outlet(grouping, reading, reading.present.astype(np.float64))


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityProfit(Measure):
    """Gross margin on residents' purchases less rent, an outlet and day; wages are not taken off."""

    kind: str = PAGE_SUMS

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        outlets = reading.facilities
        # Rent runs on the days an outlet existed: one that closed half-way paid for half.
        there = reading.there if reading.there is not None else reading.present * reading.days
        revenue = FEN * reading.facility[:, FACILITY_SUMS.index("revenue_fen")]
        earned = outlets.margin * revenue - outlets.rent_yuan_month / DAYS_A_MONTH * there
        total = _by(grouping, reading, earned)
        days = _by(grouping, reading, there.astype(np.float64))
        if total is None or days is None:
            return None
        return Values(value=ratio(total, days), n=np.full(len(total), len(reading.population), np.int64))
