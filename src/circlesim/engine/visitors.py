"""Visitors: customers from elsewhere who stand in the same lines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from circlesim import draws
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.choice import hour_of
from circlesim.engine.columns import OutletColumns
from circlesim.engine.line import no_room, people_ahead, take_turn
from circlesim.world.facilities import Facilities

_MOST = 10_000
"""Most visitors of one outlet and day, far above what `schema` lets anybody expect."""


class Visitors(NamedTuple):
    """
    The visitors of one day, by outlet and minute.

    Parameters
    ----------
    ptr : ndarray of int64, shape (F + 1,)
        Visitors of outlet f: ``ptr[f]:ptr[f + 1]``.
    minute, length : ndarray of float64, shape (V,)
        Minute of arrival, and minutes of service.
    next : ndarray of int64, shape (F,)
        First visitor of each outlet who has not come yet.
    """

    ptr: NDArray[np.int64]
    minute: NDArray[np.float64]
    length: NDArray[np.float64]
    next: NDArray[np.int64]


def nobody(facilities: int) -> Visitors:
    """
    Expect no visitors.

    Parameters
    ----------
    facilities : int
        Number of outlets.

    Returns
    -------
    Visitors
        Without rows.
    """
    zeros = np.zeros(facilities + 1, np.int64)
    return Visitors(zeros, np.zeros(0), np.zeros(0), zeros[:-1].copy())


def visitors_of_day(
    facilities: Facilities, outlets: OutletColumns, weekday: int, seed: int, replication: int, day: int
) -> Visitors:
    """
    Draw the visitors of a day.

    Each outlet draws a Poisson number about `Facilities.visitors_per_day`, who come at any minute it is open; one
    that is closed all day has none.

    Parameters
    ----------
    facilities : Facilities
        The outlets.
    outlets : OutletColumns
        The same as the kernels read them.
    weekday : int
        Monday 0.
    seed, replication, day : int
        What the draws are named by.

    Returns
    -------
    Visitors
        Nobody has come yet.
    """
    key = np.uint64(draws.event_key(seed, replication, draws.VISITORS, day & 0xFFFFFFFFFFFFFFFF, 0, 0))
    expected = np.where(outlets.record["present"] == 1, facilities.visitors_per_day, 0.0)
    ptr = np.zeros(len(expected) + 1, np.int64)
    for f in np.flatnonzero(expected > 0.0):
        ptr[f + 1] = visitors_count(key, outlets.record["id64"][f], expected[f], outlets.hours[weekday, f])
    np.cumsum(ptr, out=ptr)
    minute, length = np.zeros(ptr[-1]), np.zeros(ptr[-1])
    for f in np.flatnonzero(np.diff(ptr)):
        rows = slice(ptr[f], ptr[f + 1])
        outlet = outlets.record[f]
        _draw(minute[rows], length[rows], key, outlet["id64"], outlet["service_min"], outlets.hours[weekday, f])
        order = np.argsort(minute[rows], kind="stable")
        minute[rows], length[rows] = minute[rows][order], length[rows][order]
    return Visitors(ptr, minute, length, ptr[:-1].copy())


@compiled("int64(uint64,uint64,float64,float64[:,:])")
def visitors_count(key: Any, outlet: Any, expected: Any, hours: Any) -> Any:
    """
    Draw how many visitors an outlet has on a day.

    A Poisson number, counted by exponential gaps in a unit of time.

    Parameters
    ----------
    key : int
        Key of the day.
    outlet : int
        Hash of its id.
    expected : float
        Mean number a day.
    hours : ndarray of float64, shape (INTERVALS, 2)
        Opening intervals of today.

    Returns
    -------
    int
        0 where it is closed all day.
    """
    if hours[0, 1] < 0.0:
        return 0
    mine, passed, count = chain(key, outlet), 0.0, 0
    while count < _MOST:
        passed += exponential(unit(chain(mine, uint64(3 * count)))) / expected
        if passed >= 1.0:
            break
        count += 1
    return count


@compiled(borrow=True)
def _draw(minute: Any, length: Any, key: Any, outlet: Any, service_min: Any, hours: Any) -> None:
    """Draw the visitors of one outlet, in no order."""
    for i in range(minute.size):
        u, e = visitor_luck(key, outlet, i)
        minute[i], length[i] = open_minute(hours, u), service_min * e


@compiled("UniTuple(float64, 2)(uint64,uint64,int64)")
def visitor_luck(key: Any, outlet: Any, number: Any) -> Any:
    """
    Draw when a visitor comes, and for how long.

    Parameters
    ----------
    key : int
        Key of the day.
    outlet : int
        Hash of its id.
    number : int
        Number of the visitor that day.

    Returns
    -------
    tuple of float
        Uniform for the minute, and an exponential of mean one for the length of service.
    """
    mine = chain(key, outlet)
    later = unit(chain(mine, uint64(3 * number + 1)))
    return later, exponential(unit(chain(mine, uint64(3 * number + 2))))


@compiled("float64(float64[:,:],float64)")
def open_minute(hours: Any, u: Any) -> Any:
    """
    Minute at which a share u of today's opening time has passed.

    Parameters
    ----------
    hours : ndarray of float64, shape (INTERVALS, 2)
        Opening intervals of today; those that overlap count twice.
    u : float
        Share, in (0, 1).

    Returns
    -------
    float
        Minute; past midnight where the outlet is open then.
    """
    total = 0.0
    for j in range(hours.shape[0]):
        if hours[j, 1] >= 0.0:
            total += hours[j, 1] - hours[j, 0]
    left, minute = u * total, 0.0
    for j in range(hours.shape[0]):
        if hours[j, 1] < 0.0:
            break
        span = hours[j, 1] - hours[j, 0]
        minute = hours[j, 0] + left
        if left < span:
            break
        left -= span
    return minute


@compiled(inline=True, borrow=True)
def admit(town: Any, state: Any, visitors: Any, f: Any, until: Any, noted: Any) -> None:
    """Let the visitors of outlet f come up to a minute; where the line has no room they go away."""
    outlet = town.outlets[f]
    while visitors.next[f] < visitors.ptr[f + 1] and visitors.minute[visitors.next[f]] <= until:
        v = visitors.next[f]
        visitors.next[f] += 1
        t = visitors.minute[v]
        ahead = people_ahead(state, f, t)
        if no_room(town, state, f, outlet.queue_limit, ahead, t):
            continue
        wait = take_turn(town, state, f, t, visitors.length[v]) - t
        if noted == 1:
            state.wait_sum[f, hour_of(t)] += wait
            state.wait_count[f, hour_of(t)] += 1.0
