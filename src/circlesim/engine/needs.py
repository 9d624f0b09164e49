"""Needs arise: the first pass of a day, the same in every scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.coefficients import Coefficients
from circlesim.behaviour.paying import basket_fen
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.compiled import compiled
from circlesim.draws import chain, normal, unit
from circlesim.engine.calendar import STEP_MIN, Calendar
from circlesim.engine.columns import ResidentColumns
from circlesim.engine.luck import BASKET, MINUTE, NEED, Luck

_SERVICE = np.array(KIND_SERVICE, dtype=np.int64)
_STEP = float(STEP_MIN)


@dataclass(slots=True)
class Needs:
    """
    The needs of one day, sorted by resident row, then kind.

    Parameters
    ----------
    rows : int
        Number of needs; the columns may be longer.
    resident : ndarray of int32, shape (L,)
        Resident row.
    kind : ndarray of uint8, shape (L,)
        Row of `catalog.needs.KINDS`.
    minute : ndarray of float64, shape (L,)
        Minute at which the need arises.
    basket : ndarray of int64, shape (L,)
        Price of the basket at price level one, in minor units.
    first : ndarray of int32, shape (R,)
        Earliest need of each resident, or -1.
    then : ndarray of int32, shape (L,)
        Next need of the same resident by minute, or -1.
    """

    rows: int
    resident: NDArray[np.int32]
    kind: NDArray[np.uint8]
    minute: NDArray[np.float64]
    basket: NDArray[np.int64]
    first: NDArray[np.int32]
    then: NDArray[np.int32]


def needs_room(people: ResidentColumns, calendar: Calendar) -> int:
    """
    Bound the needs of a day.

    Parameters
    ----------
    people : ResidentColumns
        The residents.
    calendar : Calendar
        For the weekend factors.

    Returns
    -------
    int
        Expected needs on the busier day type plus twelve standard deviations, at most one a resident and kind.
    """
    by_kind = people.rate.sum(axis=0, dtype=np.float64)
    expected = max(by_kind.sum(), (by_kind * calendar.weekend_factor).sum())
    return int(min(expected + 12.0 * np.sqrt(expected) + 64.0, people.rate.size + 1.0))


def empty_needs(room: int, residents: int) -> Needs:
    """
    Make a reusable buffer for the needs of a day.

    Parameters
    ----------
    room : int
        Most needs of a day.
    residents : int
        Number of residents.

    Returns
    -------
    Needs
        Without rows.
    """
    return Needs(
        0, np.zeros(room, np.int32), np.zeros(room, np.uint8), np.zeros(room), np.zeros(room, np.int64),
        np.full(residents, -1, np.int32), np.full(room, -1, np.int32),
    )  # fmt: skip


def arise(
    people: ResidentColumns, calendar: Calendar, law: Coefficients, luck: Luck, weekend: bool, needs: Needs
) -> Needs:
    """
    Let the needs of one day arise.

    Parameters
    ----------
    people : ResidentColumns
        The residents.
    calendar : Calendar
        When needs arise.
    law : Coefficients
        For baskets.
    luck : Luck
        Keys of the day.
    weekend : bool
        Whether it is a Saturday or a Sunday.
    needs : Needs
        Buffer to fill.

    Returns
    -------
    Needs
        The same buffer, filled.
    """
    needs.rows = _arise(
        people.record, people.rate, calendar, law.service, luck.keys, int(weekend), needs.resident, needs.kind,
        needs.minute, needs.basket, needs.first, needs.then,
    )  # fmt: skip
    assert needs.rows >= 0, "more needs than the buffer has room for"
    return needs


@compiled(borrow=True)
def _minute(cumulative: Any, u: Any) -> Any:
    """Minute at which the cumulative distribution reaches u."""
    low, high = 0, cumulative.size - 1
    while high - low > 1:
        middle = (low + high) // 2
        if cumulative[middle] <= u:
            low = middle
        else:
            high = middle
    return _STEP * (low + (u - cumulative[low]) / (cumulative[high] - cumulative[low]))


@compiled(borrow=True)
def _arise(
    people: Any, rates: Any, calendar: Any, service: Any, keys: Any, weekend: Any, resident: Any,
    kind: Any, minute: Any, basket: Any, first: Any, then: Any,
) -> Any:  # fmt: skip
    """Fill the buffer; return the number of needs, or -1 where the buffer is too small."""
    n = 0
    kinds = rates.shape[1]
    cumulative, factor = calendar.cumulative, calendar.weekend_factor
    for r in range(people.size):
        person = people[r]
        first[r] = -1
        for k in range(kinds):
            rate = float(rates[r, k])
            if rate <= 0.0:
                continue
            if weekend == 1:
                rate *= factor[k]
            if unit(chain(keys[NEED, k], person.id64)) >= rate:
                continue
            if n >= resident.size:
                return -1
            s = _SERVICE[k]
            u = unit(chain(keys[MINUTE, k], person.id64))
            t = _minute(cumulative[k, person.schedule, weekend], u)
            luck = normal(unit(chain(keys[BASKET, k], person.id64)))
            resident[n], kind[n], minute[n] = r, k, t
            basket[n] = basket_fen(service[s].basket_yuan, service[s].basket_cv, luck)
            after, before = first[r], -1
            while after >= 0 and minute[after] <= t:
                before, after = after, then[after]
            then[n] = after
            if before < 0:
                first[r] = n
            else:
                then[before] = n
            n += 1
    return n
