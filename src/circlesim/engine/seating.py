"""Seating: who eats at table, and for how long the seat is taken."""

from __future__ import annotations

from typing import Any

from circlesim.behaviour.waiting import takes_away
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.luck import AT_TABLE, EAT_IN


@compiled(inline=True, borrow=True)
def eats_in(town: Any, luck: Any, need: Any, f: Any) -> Any:
    """Tell whether what is bought at outlet f is eaten at one of its tables."""
    if town.switches.seats == 0 or town.switches.capacity == 0 or town.outlets[f].seats == 0:
        return False
    if town.service[need.service].seat_min <= 0.0:
        return False
    key = chain(luck.keys[EAT_IN, need.kind], town.people[need.resident].id64)
    return unit(chain(key, town.outlets[f].id64)) < town.law[0].eat_in_share


@compiled(inline=True, borrow=True)
def take_seat(town: Any, state: Any, luck: Any, need: Any, f: Any, ready: Any) -> Any:
    """
    Take the seat that is free first, with the meal in hand; or take it away where that would be too long.

    Days run one after the other: a meal ready past midnight takes its seat before those of the next day are looked
    at, so at outlets open all night an early guest may find a seat taken a little too soon.

    Returns
    -------
    tuple of float
        Minute of sitting down, or of going; and of leaving.
    """
    seat = 0
    for c in range(1, town.outlets[f].seats):
        if state.seat_free[f, c] < state.seat_free[f, seat]:
            seat = c
    sits = max(ready, state.seat_free[f, seat])
    if takes_away(sits - ready, town.law[0].seat_wait_max_min):
        return ready, ready
    key = chain(luck.keys[AT_TABLE, need.kind], town.people[need.resident].id64)
    stay = town.service[need.service].seat_min * exponential(unit(chain(key, town.outlets[f].id64)))
    state.seat_free[f, seat] = sits + stay
    return sits, sits + stay
