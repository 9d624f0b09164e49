"""Places: day care allotted once a month, by how long one has waited and by lot."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import int64
from numpy.typing import NDArray

from circlesim import draws
from circlesim.behaviour.choosing import outlet_utility
from circlesim.behaviour.walking import walk_min, within_reach
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.compiled import compiled
from circlesim.draws import chain, normal, unit
from circlesim.engine.screening import entries_of
from circlesim.engine.state import State
from circlesim.engine.town import Town
from circlesim.world.population import Schedule

PLACED: tuple[str, ...] = ("childcare", "elder_care")
"""Services with places; columns of `State.held`."""
CHILD, ELDER = SERVICE_INDEX[PLACED[0]], SERVICE_INDEX[PLACED[1]]
FREED = len(Schedule)
"""Row of the free windows of carers whose child is in day care."""
_CARER = int(Schedule.CARER)


@compiled(inline=True, borrow=True)
def place_held(town: Any, state: Any, r: Any, s: Any) -> Any:
    """Outlet at which resident r holds a place of service s, or -1."""
    if town.switches.places == 0:
        return -1
    if s == CHILD:
        return state.held[r, 0]
    return state.held[r, 1] if s == ELDER else -1


@compiled(inline=True, borrow=True)
def week_of(town: Any, state: Any, r: Any) -> Any:
    """Row of the free windows of resident r: that of the schedule, or of carers whose child is in day care."""
    row = int64(town.people[r].schedule)
    if row == _CARER and place_held(town, state, r, CHILD) >= 0:
        row = int64(FREED)
    return row


def applicants(town: Town, rates: NDArray[np.float32], seed: int, replication: int) -> NDArray[np.bool_]:
    """
    Find who wants a standing place; a lasting trait of each resident.

    Parameters
    ----------
    town : Town
        For the residents and the law.
    rates : ndarray of float32, shape (R, K)
        Need rates; who never needs the service wants no place.
    seed, replication : int
        Root seed and number of the replication.

    Returns
    -------
    ndarray of bool, shape (R, 2)
        By resident and `PLACED`.
    """
    wants = np.zeros((len(town.people), len(PLACED)), dtype=bool)
    for column, name in enumerate(PLACED):
        kinds = [k for k, s in enumerate(KIND_SERVICE) if s == SERVICE_INDEX[name]]
        key = draws.event_key(seed, replication, draws.APPLY, 0, SERVICE_INDEX[name], 0)
        share = float(town.service[SERVICE_INDEX[name]]["place_share"])
        _fill_applicants(town.people, np.uint64(key), share, rates[:, kinds].max(axis=1), wants[:, column])
    return wants


@compiled(borrow=True)
def _fill_applicants(people: Any, key: Any, share: Any, rate: Any, wants: Any) -> None:
    """Fill one column."""
    for r in range(people.size):
        wants[r] = rate[r] > 0.0 and unit(chain(key, people[r].id64)) < share


def allot(
    town: Town, state: State, wants: NDArray[np.bool_], taste: np.uint64, root: tuple[int, int, int]
) -> None:
    """
    Allot all places: those who hold one keep it while it is there, the others come in the order of the list.

    Parameters
    ----------
    town : Town
        The facts of the day.
    state : State
        `held` and `waited` are changed in place.
    wants : ndarray of bool, shape (R, 2)
        See `applicants`.
    taste : uint64
        Key of lasting tastes.
    root : tuple of int
        Root seed, replication and day.
    """
    seed, replication, day = root
    stamp = day & 0xFFFFFFFFFFFFFFFF
    for column, name in enumerate(PLACED):
        s = SERVICE_INDEX[name]
        key = np.uint64(draws.event_key(seed, replication, draws.ALLOT, stamp, s, 0))
        lot = np.empty(len(town.people))
        _fill_lots(town.people, key, lot)
        # Who has waited longest comes first, then the lot, then the id.
        order = np.lexsort((town.people["id64"], lot, -state.waited[:, column]))
        free = np.where(town.outlets["present"] == 1, town.outlets["places"], 0).astype(np.int64)
        _allot(town, state.held[:, column], state.waited[:, column], wants[:, column], order, free, taste, s)


@compiled(borrow=True)
def _fill_lots(people: Any, key: Any, lot: Any) -> None:
    """Draw the lot of everybody."""
    for r in range(people.size):
        lot[r] = unit(chain(key, people[r].id64))


@compiled(borrow=True)
def _allot(town: Any, held: Any, waited: Any, wants: Any, order: Any, free: Any, taste: Any, s: Any) -> None:
    """Allot the places of one service."""
    for r in order:
        if held[r] >= 0:
            if free[held[r]] > 0:
                free[held[r]] -= 1
            else:
                held[r] = -1
    for r in order:
        if held[r] >= 0 or not wants[r]:
            continue
        f = _best_place(town, free, taste, r, s)
        held[r] = f
        if f >= 0:
            free[f] -= 1
            waited[r] = 0
        else:
            waited[r] += 1


@compiled(borrow=True)
def _best_place(town: Any, free: Any, taste: Any, r: Any, s: Any) -> Any:
    """Outlet with a free place that resident r likes best, or -1."""
    person, law, service = town.people[r], town.law[0], town.service[s]
    best, found = -np.inf, -1
    low, high = entries_of(town, person, s)
    for e in range(low, high):
        f = int64(town.facility[e])
        walk = walk_min(float(town.metres[e]), person.speed)
        if not within_reach(walk, person.tolerance) or person.homebound == 1:
            break
        outlet = town.outlets[f]
        if free[f] == 0 or (person.needs_step_free == 1 and outlet.step_free == 0):
            continue
        u = outlet_utility(town.attraction[s, f], person.b_walk, walk, law.b_wait, 0.0, law.b_shift, 0.0)
        u += service.taste_sd * normal(unit(chain(chain(taste, person.id64), outlet.id64)))
        if u > best or (u == best and outlet.id64 < town.outlets[found].id64):
            best, found = u, f
    return found
