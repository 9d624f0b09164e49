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
ROOM = 8
"""An entry is the row of the outlet times this, plus the days for which the need has been open."""


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
    who, kind = np.nonzero(state.listed >= 0)
    outlet, waited = state.listed[who, kind] // ROOM, state.listed[who, kind] % ROOM + 1
    is_open = (state.pending[who, kind].astype(np.int64) >> waited) & 1 == 1
    closed = (town.hours[weekday, outlet, 0, 1] < 0) & (town.outlets["present"][outlet] == 1)
    state.promised[:], state.listed[:] = NOWHERE, NOWHERE
    kept = is_open & closed
    state.listed[who[kept], kind[kept]] = outlet[kept] * ROOM + waited[kept]
    asks = is_open & ~closed
    who, kind, outlet, waited = who[asks], kind[asks], outlet[asks], waited[asks]
    order = np.lexsort((kind, town.people["id64"][who], -waited, outlet))
    who, kind, outlet, waited = who[order], kind[order], outlet[order], waited[order]
    rank = np.arange(len(outlet)) - np.searchsorted(outlet, outlet)
    first = rank < town.outlets["home_visits"][outlet]
    state.promised[who[first], kind[first]] = outlet[first] * ROOM + waited[first]
    state.booked[:] = np.bincount(outlet[first], minlength=len(state.booked))


@compiled(inline=True, borrow=True)
def has_promise(state: Any, need: Any, f: Any) -> Any:
    """Tell whether a visit from f is kept for a need that was put off."""
    listed = state.promised.shape[0] > 0 and need.kind >= COUNT
    return listed and state.promised[need.resident, need.kind % COUNT] == f * ROOM + need.kind // COUNT


@compiled(inline=True, borrow=True)
def book_visit(state: Any, need: Any, f: Any) -> None:
    """Take one of the visits of f, or the one kept."""
    if has_promise(state, need, f):
        state.promised[need.resident, need.kind % COUNT] = NOWHERE
    else:
        state.booked[f] += 1


@compiled(inline=True, borrow=True)
def give_back(state: Any, need: Any) -> None:
    """Let others have the visit that was kept for a need which ends another way."""
    if state.promised.shape[0] > 0 and need.kind >= COUNT:
        kept = state.promised[need.resident, need.kind % COUNT]
        if kept >= 0 and kept % ROOM == need.kind // COUNT:
            state.promised[need.resident, need.kind % COUNT] = NOWHERE
            state.booked[kept // ROOM] -= 1


@compiled(inline=True, borrow=True)
def join_list(state: Any, need: Any, f: Any) -> None:
    """Put a need that found no visit left on the list of f; of two of a kind, the one that is open for longer."""
    if state.listed.shape[0] > 0:
        k, waited = need.kind % COUNT, need.kind // COUNT
        before = state.listed[need.resident, k]
        if before < 0 or before % ROOM <= waited:
            state.listed[need.resident, k] = f * ROOM + waited
