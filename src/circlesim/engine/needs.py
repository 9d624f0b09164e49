"""Needs arise: the first pass of a day, the same in every scenario."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from circlesim.behaviour.coefficients import Coefficients
from circlesim.behaviour.deferring import comes_again
from circlesim.behaviour.paying import basket_fen
from circlesim.behaviour.sharing import basket_share
from circlesim.catalog.needs import KIND_SERVICE, KINDS, LONGEST_WAIT
from circlesim.compiled import compiled
from circlesim.draws import FORGO_ID, HOME_ID, OUTSIDE_ID, chain, gumbel, log_stable, normal, unit
from circlesim.engine.calendar import STEP_MIN, Calendar, leaves_and_returns
from circlesim.engine.columns import ResidentColumns
from circlesim.engine.households import SHARED, Households, bearer_of, goes
from circlesim.engine.luck import (
    AT_HOME,
    BASKET,
    CHOICE,
    ELSEWHERE,
    MINUTE,
    NEED,
    NEST,
    ORDERS,
    OUTLETS,
    WITHOUT,
    Luck,
)
from circlesim.engine.shortlist import Shortlist, empty_shortlist

if TYPE_CHECKING:
    from circlesim.engine.past import Past

SERVICE = np.array(KIND_SERVICE * (LONGEST_WAIT + 1), dtype=np.int64)
"""Service of each kind of need, and of those that wait."""
OUT, BACK = 1, 2
_COUNT = len(KINDS)
_STEP = float(STEP_MIN)
_HOME_ID, _OUTSIDE_ID, _FORGO_ID = np.uint64(HOME_ID), np.uint64(OUTSIDE_ID), np.uint64(FORGO_ID)


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
        Row k of `catalog.needs.KINDS`, or k + w * K for a need that arose w days ago and can wait.
    minute : ndarray of float64, shape (L,)
        Minute at which the need arises.
    basket : ndarray of int64, shape (L,)
        Price of the basket at price level one, in minor units.
    first : ndarray of int32, shape (R,)
        Earliest need of each resident, or -1.
    then : ndarray of int32, shape (L,)
        Next need of the same resident by minute, or -1.
    joins : ndarray of uint8, shape (L,)
        1 where it is met on the way out with the need before it.
    trip : ndarray of uint8, shape (L,)
        `OUT` or `BACK` where it falls on the daily way to work or school, or back; else 0.
    luck : ndarray of float64, shape (L, 5)
        See `Luck.need`.
    likely : Shortlist
        See `Luck.likely`.
    attraction : ndarray of float64, shape (S, F)
        Attractiveness under which `likely` was listed.
    outlet_id64 : ndarray of uint64, shape (F,)
        Ids of the outlets, or of those who operate them now, under which it was listed.
    metres : ndarray of float32
        Walking metres under which it was listed.
    """

    rows: int
    resident: NDArray[np.int32]
    kind: NDArray[np.uint8]
    minute: NDArray[np.float64]
    basket: NDArray[np.int64]
    first: NDArray[np.int32]
    then: NDArray[np.int32]
    joins: NDArray[np.uint8]
    trip: NDArray[np.uint8]
    luck: NDArray[np.float64]
    likely: Shortlist
    attraction: NDArray[np.float64]
    outlet_id64: NDArray[np.uint64]
    metres: NDArray[np.float32]


def needs_room(people: ResidentColumns, calendar: Calendar, waits: NDArray[np.int64]) -> int:
    """
    Bound the needs of a day.

    Parameters
    ----------
    people : ResidentColumns
        The residents.
    calendar : Calendar
        For the weekend factors.
    waits : ndarray of int64, shape (K,)
        Most days for which a need of each kind can wait.

    Returns
    -------
    int
        Expected needs of the days that can be open, each as busy as the busier day type, plus twelve standard
        deviations; at most one a resident, kind and day.
    """
    by_kind = people.rate.sum(axis=0, dtype=np.float64) * (1 + waits)
    by_kind = by_kind * np.maximum(1.0, calendar.season_factor.max(axis=0))
    expected = max(by_kind.sum(), (by_kind * calendar.weekend_factor).sum())
    most = len(people.record) * float((1 + waits).sum())
    return int(min(expected + 12.0 * np.sqrt(expected) + 64.0, most + 1.0))


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
        np.full(residents, -1, np.int32), np.full(room, -1, np.int32), np.zeros(room, np.uint8),
        np.zeros(room, np.uint8), np.zeros((room, 5)), empty_shortlist(room), np.zeros((0, 0)),
        np.zeros(0, np.uint64), np.zeros(0, np.float32),
    )  # fmt: skip


def arise(
    people: ResidentColumns,
    homes: Households,
    calendar: Calendar,
    law: Coefficients,
    luck: Luck,
    weekend: bool,
    season: NDArray[np.float64],
    past: Past,
    gap_min: float,
    trip_gap_min: float,
    needs: Needs,
) -> Needs:
    """
    Let the needs of one day arise.

    Parameters
    ----------
    people : ResidentColumns
        The residents.
    homes : Households
        Who lives together; without members where everybody goes for themselves.
    calendar : Calendar
        When needs arise.
    law : Coefficients
        For baskets.
    luck : Luck
        Keys of the day.
    weekend : bool
        Whether it is a Saturday or a Sunday.
    season : ndarray of float64, shape (K,)
        Multipliers of the season by kind.
    past : Past
        Days on which needs arose that may be open; see `engine.past`.
    gap_min : float
        Minutes between needs that are met on one way out; below 0 none are.
    trip_gap_min : float
        Minutes around the daily way out or back in which a need is met on it; below 0 none is.
    needs : Needs
        Buffer to fill.

    Returns
    -------
    Needs
        The same buffer, filled.
    """
    needs.rows = _arise(
        people.record, people.rate, homes, calendar, law.service, luck.keys, int(weekend), season, past, gap_min,
        trip_gap_min, needs.resident, needs.kind, needs.minute, needs.basket, needs.first, needs.then, needs.joins,
        needs.trip, needs.luck,
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


@compiled(inline=True, borrow=True)
def _draw_luck(out: Any, person: Any, keys: Any, k: Any, tau: Any) -> None:
    """Draw what a need's luck holds whatever the scenario: its nests, home, outside and forgoing."""
    nest = chain(keys[NEST, k], person.id64)
    out[OUTLETS], out[ORDERS] = 0.0, 0.0
    if tau < 1.0:
        out[OUTLETS] = log_stable(unit(chain(nest, uint64(0))), unit(chain(nest, uint64(1))), tau)
        out[ORDERS] = log_stable(unit(chain(nest, uint64(2))), unit(chain(nest, uint64(3))), tau)
    choice = chain(keys[CHOICE, k], person.id64)
    out[AT_HOME] = gumbel(unit(chain(choice, _HOME_ID)))
    out[ELSEWHERE] = gumbel(unit(chain(choice, _OUTSIDE_ID)))
    out[WITHOUT] = gumbel(unit(chain(choice, _FORGO_ID)))


@compiled(inline=True, borrow=True)
def _join(minute: Any, kind: Any, i: Any, then: Any, joins: Any, gap_min: Any) -> None:
    """Mark the needs of one resident that are met on the way out with the need before; none that was put off."""
    before = -1
    while i >= 0:
        joins[i] = 0
        if kind[i] < _COUNT:
            joins[i] = int(before >= 0 and minute[i] - minute[before] <= gap_min)
            before = i
        i = then[i]


@compiled(inline=True, borrow=True)
def _pass_by(
    person: Any, windows: Any, minute: Any, kind: Any, i: Any, then: Any, trip: Any, gap_min: Any
) -> None:
    """Mark the first need near the daily way out, and the first near the way back; each way meets one."""
    leaves, returns = leaves_and_returns(windows)
    out = gap_min >= 0.0 and person.stop >= 0 and leaves >= 0.0
    back = out
    while i >= 0:
        trip[i] = 0
        if kind[i] >= _COUNT:
            i = then[i]
            continue
        if out and 0.0 <= leaves - minute[i] <= gap_min:
            trip[i], out = OUT, False
        elif back and 0.0 <= minute[i] - returns <= gap_min:
            trip[i], back = BACK, False
        i = then[i]


@compiled(inline=True, borrow=True)
def _rate(weekday_rate: Any, weekend: Any, weekend_factor: Any, season_factor: Any) -> Any:
    """Probability of a need on a day."""
    rate = weekday_rate * weekend_factor if weekend == 1 else weekday_rate
    return rate * season_factor


@compiled(borrow=True)
def _arise(
    people: Any, rates: Any, homes: Any, calendar: Any, service: Any, keys: Any, weekend: Any, season: Any,
    past: Any, gap_min: Any, trip_gap_min: Any, resident: Any, kind: Any, minute: Any, basket: Any, first: Any,
    then: Any, joins: Any, trip: Any, lucks: Any,
) -> Any:  # fmt: skip
    """Fill the buffer; return the number of needs, or -1 where the buffer is too small."""
    n = 0
    kinds = rates.shape[1]
    cumulative, factor = calendar.cumulative, calendar.weekend_factor
    at_home = homes.bearer.size > 0
    for r in range(people.size):
        person = people[r]
        first[r] = -1
        for k in range(kinds):
            shared = at_home and SHARED[k] == 1 and homes.ptr[r + 1] - homes.ptr[r] > 1
            weekday_rate = float(homes.together[r, k]) if shared else float(rates[r, k])
            if weekday_rate <= 0.0:
                continue
            s = SERVICE[k]
            for waited in range(past.weekend.size + 1):
                if waited > 0 and not comes_again(waited, service[s].defer_days):
                    break
                on, then_weekend, then_season = keys, weekend, season[k]
                if waited > 0:
                    on, then_weekend = past.keys[waited - 1], past.weekend[waited - 1]
                    then_season = past.season[waited - 1, k]
                rate = _rate(float(weekday_rate), then_weekend, factor[k], then_season)
                bearer = bearer_of(homes, r) if shared else person.id64
                if unit(chain(on[NEED, k], bearer)) >= rate:
                    continue
                if shared and not goes(people, homes, on, r, k):
                    continue
                if n >= resident.size:
                    return -1
                again = k + waited * kinds
                u = unit(chain(keys[MINUTE, again], person.id64))
                t = _minute(cumulative[k, person.schedule, weekend], u)
                luck = normal(unit(chain(on[BASKET, k], person.id64)))
                resident[n], kind[n], minute[n] = r, again, t
                baskets = basket_share(rate) if shared else 1.0
                basket[n] = basket_fen(baskets * service[s].basket_yuan, service[s].basket_cv, luck)
                _draw_luck(lucks[n], person, keys, again, service[s].tau)
                after, before = first[r], -1
                while after >= 0 and minute[after] <= t:
                    before, after = after, then[after]
                then[n] = after
                if before < 0:
                    first[r] = n
                else:
                    then[before] = n
                n += 1
        _join(minute, kind, first[r], then, joins, gap_min)
        windows = calendar.window[person.schedule, weekend]
        _pass_by(person, windows, minute, kind, first[r], then, trip, trip_gap_min)
    return n
