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


def promise_visits(town: Town, state: State) -> None:
    """
    Book the visits of the day for those on the lists, the longest wait first, then the smaller id.

    Parameters
    ----------
    town : Town
        One scenario on this day.
    state : State
        `promised` and `booked` are set, and the lists are emptied: who is not visited today asks again.
    """
    who, kind = np.nonzero((state.listed >= 0) & (state.pending > 0))
    outlet = state.listed[who, kind]
    waited = np.frexp(state.pending[who, kind].astype(np.float64))[1] - 1
    order = np.lexsort((kind, town.people["id64"][who], -waited, outlet))
    who, kind, outlet = who[order], kind[order], outlet[order]
    rank = np.arange(len(outlet)) - np.searchsorted(outlet, outlet)
    first = rank < town.outlets["home_visits"][outlet]
    state.promised[:], state.listed[:] = NOWHERE, NOWHERE
    state.promised[who[first], kind[first]] = outlet[first]
    state.booked[:] = np.bincount(outlet[first], minlength=len(state.booked))


@compiled(inline=True, borrow=True)
def has_promise(state: Any, need: Any, f: Any) -> Any:
    """Tell whether a visit from f is kept for a need that was put off."""
    listed = state.promised.shape[0] > 0 and need.kind >= COUNT
    return listed and state.promised[need.resident, need.kind % COUNT] == f


@compiled(inline=True, borrow=True)
def book_visit(state: Any, need: Any, f: Any) -> None:
    """Take one of the visits of f, or the one kept."""
    if has_promise(state, need, f):
        state.promised[need.resident, need.kind % COUNT] = NOWHERE
    else:
        state.booked[f] += 1


@compiled(inline=True, borrow=True)
def join_list(state: Any, need: Any, f: Any) -> None:
    """Put a resident who found no visit left on the list of f; one stands on one list a kind of need."""
    if state.listed.shape[0] > 0:
        state.listed[need.resident, need.kind % COUNT] = f


@compiled(inline=True, borrow=True)
def leave_list(state: Any, r: Any, k: Any) -> None:
    """Take a resident whose need ended off the list."""
    if state.listed.shape[0] > 0:
        state.listed[r, k] = NOWHERE
