"""Ratios of sums over the pages of the ledger."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import PAGE_SUMS, Measure, Values, ratio
from circlesim.measures.reading import Reading

RESIDENT_DAYS = ("resident_days",)
FEN = 0.01
"""Minor units of money to major units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRatio(Measure):
    """
    Sum of some ledger columns over sum of others.

    Parameters
    ----------
    top : tuple of str
        Sums of the numerator.
    bottom : tuple of str
        Sums of the denominator, or `RESIDENT_DAYS`.
    scale : float, default: 1.0
        Factor to the unit.
    of_served : bool, default: False
        True where numerator and denominator both concern served needs only; then a format has its own
        denominator, else a format's figure is its part of the whole.
    by_format : bool, default: True
        False where the numerator concerns needs that no facility served.
    """

    top: tuple[str, ...]
    bottom: tuple[str, ...]
    scale: float = 1.0
    of_served: bool = False
    by_format: bool = True
    kind: str = PAGE_SUMS

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by == "service":
            return self._by_service(reading)
        if grouping.by == "format":
            return self._by_format(reading)
        sums = reading.by_group(grouping)
        top = reading.column(sums, self.top)
        count = grouping.count()
        if self.bottom == RESIDENT_DAYS:
            bottom = count.astype(np.float64) * reading.days
        else:
            bottom = reading.column(sums, self.bottom)
        return Values(value=self.scale * ratio(top, bottom), n=count)

    def _by_service(self, reading: Reading) -> Values:
        """Figures by service; money and welfare by service are spread over all residents."""
        top = reading.column(reading.service, self.top)
        people = reading.bearers
        if self.bottom == RESIDENT_DAYS:
            bottom = np.full(len(top), float(len(reading.population) * reading.days))
            bottom[people == 0] = 0.0
        else:
            bottom = reading.column(reading.service, self.bottom)
        return Values(value=self.scale * ratio(top, bottom), n=people)

    def _by_format(self, reading: Reading) -> Values | None:
        """Figures by the format that served."""
        if not self.by_format:
            return None
        top = reading.column(reading.format, self.top)
        used = reading.column(reading.format, ("served",)) > 0
        if self.of_served:
            bottom = reading.column(reading.format, self.bottom)
        elif self.bottom == RESIDENT_DAYS:
            bottom = np.full(len(top), float(len(reading.population) * reading.days))
        else:
            bottom = np.full(len(top), reading.column(reading.service, self.bottom).sum())
        people = np.full(len(top), len(reading.population), np.int64)
        return Values(value=self.scale * ratio(top, np.where(used, bottom, 0.0)), n=people)
