"""Waiting list: who found no home visit left and put it off is visited first on the next day."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.catalog.needs import KINDS
from circlesim.compiled import compiled
from circlesim.engine.state import State
from circlesim.engine.town import Town

COUNT = len(KINDS)
NOWHERE = -1


def promise_visits(town: Town, state: State, weekday: int) -> None:
    """
    Book the visits of the day for those on the lists, the longest wait first, then the smaller id.

    Parameters
    ----------
    town : Town
        One scenario on this day.
    state : State
        `promised` and `booked` are set. Who is not visited today asks again; lists of outlets that are closed
        today are kept.
    weekday : int
        Monday 0.
    """
    who, need = np.nonzero(state.listed >= 0)
    outlet, need = state.listed[who, need], need + COUNT
    kind, waited = need % COUNT, need // COUNT
    is_open = (state.pending[who, kind].astype(np.int64) >> waited) & 1 == 1
    closed = (town.hours[weekday, outlet, 0, 1] < 0) & (town.outlets["present"][outlet] == 1)
    state.promised[:], state.listed[:] = NOWHERE, NOWHERE
    kept, asks = is_open & closed, is_open & ~closed
    state.listed[who[kept], need[kept]] = outlet[kept]
    who, need, outlet, kind, waited = who[asks], need[asks], outlet[asks], kind[asks], waited[asks]
    order = np.lexsort((kind, town.people["id64"][who], -waited, outlet))
    who, need, outlet = who[order], need[order], outlet[order]
    rank = np.arange(len(outlet)) - np.searchsorted(outlet, outlet)
    first = rank < town.outlets["home_visits"][outlet]
    state.promised[who[first], need[first]] = outlet[first]
    state.booked[:] = np.bincount(outlet[first], minlength=len(state.booked))


@compiled(inline=True, borrow=True)
def has_promise(state: Any, need: Any, f: Any) -> Any:
    """Tell whether a visit from f is kept for a need."""
    return state.promised.shape[0] > 0 and state.promised[need.resident, need.kind] == f


@compiled(inline=True, borrow=True)
def book_visit(state: Any, need: Any, f: Any) -> None:
    """Take one of the visits of f, or the one kept."""
    if has_promise(state, need, f):
        state.promised[need.resident, need.kind] = NOWHERE
    else:
        state.booked[f] += 1


@compiled(inline=True, borrow=True)
def give_back(state: Any, need: Any) -> None:
    """Let others have the visit that was kept for a need which ends another way."""
    if state.promised.shape[0] > 0 and state.promised[need.resident, need.kind] >= 0:
        state.booked[state.promised[need.resident, need.kind]] -= 1
        state.promised[need.resident, need.kind] = NOWHERE


@compiled(inline=True, borrow=True)
def join_list(state: Any, need: Any, f: Any) -> None:
    """Put a need that found no visit left on the list of f; a need stands on one list."""
    if state.listed.shape[0] > 0:
        state.listed[need.resident, need.kind] = f
