"""Choice: what is chosen, and what decides whether an outlet can be had at all."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64

from circlesim import draws
from circlesim.behaviour.timing import cheapest_departure
from circlesim.compiled import compiled

HOME, OUTSIDE, FORGO = -1, -2, -3
WALK_IN, DELIVERY, HOME_VISIT = 1, 2, 3
AT_HOME, AT_STOP = -1, -2
"""Places that are no counter: home, and the stop passed daily."""
NEVER = -1.0
SLACK = 1e-6
"""What rounding could take from a bound whose terms are added in another order."""
MARK = np.uint64(draws.DELIVERY_MARK)
VISIT_MARK = np.uint64(draws.VISIT_MARK)


class Choice(NamedTuple):
    """
    The alternative ranked first.

    Parameters
    ----------
    target : int
        Facility row, or `HOME`, `OUTSIDE`, `FORGO`.
    channel : int
        `WALK_IN`, `DELIVERY`, or 0.
    utility : float
        With its luck.
    leave : float
        Minute of departure, or of the order.
    walk : float
        Minutes of the way there from where the resident stands.
    counted : float
        Minutes of it that the trip made anyway does not take.
    ranked : float
        Minutes the ranking counts: from home, or what the stop adds to an outing.
    home_walk : float
        Minutes between there and home.
    wait : float
        Wait expected.
    """

    target: Any
    channel: Any
    utility: Any
    leave: Any
    walk: Any
    counted: Any
    ranked: Any
    home_walk: Any
    wait: Any


@compiled(inline=True, borrow=True)
def open_at(minute: Any, hours: Any) -> Any:
    """Tell whether an outlet with these hours is open at a minute."""
    for j in range(hours.shape[0]):
        if hours[j, 1] < 0.0:
            return False
        if hours[j, 0] <= minute < hours[j, 1]:
            return True
    return False


@compiled(inline=True, borrow=True)
def moved_departure(need: Any, not_before: Any, walk: Any, hours: Any, windows: Any, shift_max: Any) -> Any:
    """Departure nearest to the need, over all opening intervals and free windows; -1 where none is near enough."""
    best, gap = NEVER, shift_max
    for j in range(hours.shape[0]):
        if hours[j, 1] < 0.0:
            break
        for w in range(windows.shape[0]):
            if windows[w, 1] < 0.0:
                continue
            leave = cheapest_departure(
                need, walk, hours[j, 0], hours[j, 1], max(windows[w, 0], not_before), windows[w, 1]
            )
            if leave >= 0.0 and (abs(leave - need) < gap or (best < 0.0 and abs(leave - need) <= gap)):
                best, gap = leave, abs(leave - need)
    return best


@compiled(inline=True, borrow=True)
def departure(need: Any, not_before: Any, walk: Any, hours: Any, windows: Any, shift_max: Any) -> Any:
    """Departure nearest to the need, or -1: at once where the outlet is open on arrival, else moved."""
    if need >= not_before and open_at(need + walk, hours):
        return need
    return moved_departure(need, not_before, walk, hours, windows, shift_max)


@compiled(inline=True, borrow=True)
def at_home_from(need: Any) -> Any:
    """Minute from which one can leave home, or order: when the need is asked, or on coming from the stop."""
    return need.minute + need.base_home if need.base == AT_STOP else need.minute


@compiled(inline=True, borrow=True)
def hour_of(minute: Any) -> Any:
    """Hour of the day of a minute; past midnight counts as the last hour."""
    return min(23, max(0, int(minute / 60.0)))


@compiled(inline=True, borrow=True)
def remembers_refusal(refused: Any, r: Any, f: Any) -> Any:
    """Tell whether resident r remembers that facility f refused the money carried."""
    return (refused[r, f >> 6] >> uint64(f & 63)) & uint64(1) == uint64(1)


@compiled(inline=True, borrow=True)
def remembers_any(refused: Any, r: Any) -> Any:
    """Tell whether resident r remembers any refusal at all."""
    for w in range(refused.shape[1]):
        if refused[r, w] != 0:
            return True
    return False


@compiled(inline=True, borrow=True)
def metres_between(town: Any, person: Any, at: Any, s: Any, f: Any) -> Any:
    """Metres a resident walks from counter or stop `at` to facility f of service s, or -1 beyond the cap."""
    origin = person.stop if at == AT_STOP else town.outlets[at].origin + person.block
    row = int64(origin) * town.attraction.shape[0] + s
    for e in range(town.ptr[row], town.ptr[row + 1]):
        if town.facility[e] == f:
            return float(town.metres[e])
    return -1.0


@compiled(inline=True, borrow=True)
def straight_m(person: Any, outlet: Any) -> Any:
    """Straight-line metres from a home to a facility."""
    dx, dy = person.x_m - outlet.x_m, person.y_m - outlet.y_m
    return math.sqrt(dx * dx + dy * dy)


@compiled(inline=True, borrow=True)
def was_tried(tried: Any, count: Any, f: Any) -> Any:
    """Tell whether facility f stands among the first `count` tried."""
    for j in range(count):
        if tried[j] == f:
            return True
    return False
