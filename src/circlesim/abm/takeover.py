"""Takeover: agents go on from where the columns stand."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.abm.agents import FacilityAgent
from circlesim.abm.town import ObjectTown
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.places import PLACED
from circlesim.engine.state import QUEUE_CAP, State


def take_over(town: ObjectTown, state: State) -> None:
    """
    Put the state of a simulation into agents; the inverse of `objects.state_of`.

    Parameters
    ----------
    town : ObjectTown
        Changed in place.
    state : State
        What residents and facilities hold, in the columns of the kernels.
    """
    performance, expectation, equity = (x.tolist() for x in (state.performance, state.expectation, state.equity))
    purse, remembers = state.purse.tolist(), np.any(state.refused, axis=1).tolist()
    for resident in town.residents:
        row = resident.row
        resident.performance, resident.expectation = performance[row], expectation[row]
        resident.equity, resident.purse_fen = equity[row], purse[row]
        if len(state.usual):
            used_to = np.flatnonzero(state.usual[row] >= 0).tolist()
            resident.usual = {service: int(state.usual[row, service]) for service in used_to}
            resident.strength = {service: float(state.strength[row, service]) for service in used_to}
        if len(state.held):
            for column, name in enumerate(PLACED):
                service, f = SERVICE_INDEX[name], int(state.held[row, column])
                resident.waited[service] = int(state.waited[row, column])
                resident.held.pop(service, None)
                if f >= 0:
                    resident.held[service] = town.facilities[f]
        if len(state.pending):
            resident.pending = _pending(state, row)
        if len(state.listed):
            resident.listed, resident.promised = (
                _entries(town, column[row]) for column in (state.listed, state.promised)
            )
        resident.refused_by = _refused_by(state, row) if remembers[row] else set()
    town.books_open = bool(state.booked_from[0])
    for f, outlet in enumerate(town.facilities):
        lines = (
            (outlet.counter, outlet.machine) if len(state.free_at) > len(town.facilities) else (outlet.counter,)
        )
        for place, line in enumerate(lines):
            row = f + place * len(town.facilities)
            line.free_at = state.free_at[row].tolist()
            places = np.arange(state.head[row], state.tail[row]) % QUEUE_CAP
            line.leaves = deque(state.queue[row, places].tolist())
        larder = outlet.larder
        larder.left, larder.asked = float(state.left[f]), float(state.asked[f])
        larder.demand, larder.spread = float(state.demand[f]), float(state.spread[f])
        storeroom = outlet.storeroom
        storeroom.left, storeroom.asked = float(state.goods_left[f]), float(state.goods_asked[f])
        storeroom.usual, storeroom.reserve = float(state.goods_usual[f]), float(state.goods_reserve[f])
        if state.seat_free.shape[1]:
            outlet.seat_free_at = state.seat_free[f].tolist()
        _take_books(outlet, state, f)
        outlet.wait_public = state.wait_public[f].tolist()
        outlet.days_there, outlet.told = float(state.days_there[f]), float(state.told[f])
    town.deliverers = town.find_deliverers()


def _take_books(outlet: FacilityAgent, state: State, f: int) -> None:
    """Put the books of an outlet, and the name of who operates it, into its agent."""
    books = outlet.books
    books.trading, books.vacant_months = bool(state.trading[f]), int(state.vacant[f])
    books.generation = int(state.generation[f])
    books.turnover_fen, books.reserve_fen = int(state.turnover[f]), int(state.reserve[f])
    books.unseen_fen = int(state.unseen[f])
    books.days, books.support_fen = int(state.book_days[f]), float(state.supported[f])
    if books.generation:
        outlet.id64 = int(draws.chain(outlet.premises64, books.generation))


def _entries(town: ObjectTown, column: NDArray[np.int32]) -> dict[int, FacilityAgent]:
    """Outlets on whose lists needs stand, or that keep a visit for them."""
    return {kind: town.facilities[column[kind]] for kind in np.flatnonzero(column >= 0).tolist()}


def _pending(state: State, row: int) -> set[int]:
    """Kinds of the needs a resident has put off; see `errand.Errand`."""
    bits = np.unpackbits(state.pending[row][:, None], axis=1, bitorder="little")
    return {int(kind + waited * len(bits)) for kind, waited in zip(*np.nonzero(bits), strict=True)}


def _refused_by(state: State, row: int) -> set[int]:
    """Rows of the facilities a resident remembers as refusing the money carried."""
    bits = np.unpackbits(state.refused[row].view(np.uint8), bitorder="little")
    return set(np.flatnonzero(bits).tolist())
