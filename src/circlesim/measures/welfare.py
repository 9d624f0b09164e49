"""Welfare in money: walking minutes saved, at their worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import PAGE_SUMS, Measure, Values, ratio
from circlesim.measures.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class WelfareMoney(Measure):
    """Experienced utility in money; secondary, because the price coefficients are weakly known."""

    kind: str = PAGE_SUMS
    needs: tuple[str, ...] = ("utility_min",)

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by in ("service", "format"):
            return None
        minutes = reading.column(reading.by_group(grouping), ("utility_min",))
        count = grouping.count()
        return Values(
            value=reading.minute_value * ratio(minutes, count.astype(np.float64) * reading.days), n=count
        )


def minute_value(
    needs: NDArray[np.float64],
    basket: NDArray[np.float64],
    b_price: NDArray[np.float64],
    b_walk: float,
) -> float:
    """
    Worth of one walking minute, averaged over the needs of the baseline.

    The price term is ``-b_price * ln(price / reference)``, so at the reference price one unit of money costs
    ``b_price / basket`` of utility and a minute is worth ``b_walk * basket / b_price``.

    Parameters
    ----------
    needs : ndarray of float64, shape (S,)
        Needs of each service; the weights.
    basket : ndarray of float64, shape (S,)
        Usual basket in the major unit.
    b_price : ndarray of float64, shape (S,)
        Price coefficients; services at 0 are left out.
    b_walk : float
        Disutility of a minute on the way out.

    Returns
    -------
    float
        Major units of money a minute; nan where no service has a price coefficient.
    """
    priced = (b_price > 0) & (basket > 0) & (needs > 0)
    if not priced.any():
        return float("nan")
    worth = b_walk * basket[priced] / b_price[priced]
    return float(np.average(worth, weights=needs[priced]))
