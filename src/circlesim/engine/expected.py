"""Expected performance: where expectations start, on the baseline."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64
from numpy.typing import NDArray

from circlesim.behaviour.choosing import outlet_utility
from circlesim.behaviour.judging import performance
from circlesim.behaviour.walking import walk_min, within_reach
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.catalog.services import SERVICES
from circlesim.compiled import compiled
from circlesim.engine.choice import departure, straight_m
from circlesim.engine.columns import cannot_order, lacks_digital
from circlesim.engine.town import Town

_WEEK = 7


def expected_performance(town: Town, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Performance each resident expects of each service before any attempt.

    Parameters
    ----------
    town : Town
        The baseline.
    minutes : ndarray of float64, shape (2, S, T)
        Median minute of the need by day type, service and schedule.

    Returns
    -------
    ndarray of float64, shape (R, S)
        Performance of the best feasible alternative without a wait, as a mean over the seven days of the week; a
        day on which none is feasible counts as 0.
    """
    out = np.zeros((len(town.people), len(SERVICES)))
    _fill(town, minutes, out)
    return out


@compiled(borrow=True)
def _can_use(person: Any, outlet: Any) -> Any:
    """Tell whether a resident can get in and pay, as one who knows the place."""
    if person.needs_step_free == 1 and outlet.step_free == 0:
        return False
    if outlet.unattended == 1 and lacks_digital(person):
        return False
    return person.means & outlet.accepts != 0


@compiled(borrow=True)
def _best_walk_in(town: Any, person: Any, s: Any, need: Any, weekday: Any) -> Any:
    """Performance at the outlet of highest systematic utility, or -1 where none is feasible."""
    law, service = town.law[0], town.service[s]
    windows = town.window[person.schedule, 1 if weekday >= 5 else 0]
    best, found = -1e300, -1.0
    row = int64(person.origin) * town.attraction.shape[0] + s
    for e in range(town.ptr[row], town.ptr[row + 1]):
        walk = walk_min(float(town.metres[e]), person.speed)
        if not within_reach(walk, person.tolerance) or person.homebound == 1:
            break
        f = town.facility[e]
        outlet = town.outlets[f]
        if outlet.present == 0 or not _can_use(person, outlet):
            continue
        leave = departure(need, 0.0, walk, town.hours[weekday, f], windows, service.shift_max_min)
        if leave < 0.0:
            continue
        value = outlet_utility(
            town.attraction[s, f], person.b_walk, walk, law.b_wait, 0.0, law.b_shift, abs(leave - need)
        )
        if value > best:
            best = value
            found = performance(law.perf_constant, law.perf_quality, outlet.quality, law.perf_walk, walk,
                                law.perf_wait, 0.0)  # fmt: skip
    return found


@compiled(borrow=True)
def _best_order(town: Any, person: Any, s: Any) -> Any:
    """Performance of the best order within its radius, or 0 where none is possible."""
    law, found = town.law[0], 0.0
    if town.constants[person.age_group, s, 0] <= UNAVAILABLE or cannot_order(person):
        return found
    for e in range(town.deliver_ptr[s], town.deliver_ptr[s + 1]):
        outlet = town.outlets[town.deliver[e]]
        if straight_m(person, outlet) <= outlet.radius and outlet.present == 1:
            found = max(found, performance(law.perf_constant, law.perf_quality, outlet.quality, law.perf_walk, 0.0,
                                           law.perf_wait, outlet.delivery_min))  # fmt: skip
    return found


@compiled(borrow=True)
def _fill(town: Any, minutes: Any, out: Any) -> None:
    """Fill the (R, S) table: the best outlet in systematic utility, else the best order."""
    for r in range(out.shape[0]):
        person = town.people[r]
        for s in range(out.shape[1]):
            total = 0.0
            for weekday in range(_WEEK):
                need = minutes[1 if weekday >= 5 else 0, s, person.schedule]
                found = _best_walk_in(town, person, s, need, weekday)
                total += found if found >= 0.0 else _best_order(town, person, s)
            out[r, s] = total / _WEEK
