"""Larder: breakfast made in the morning, sold until it is gone."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.behaviour.stocking import portions, smoothed
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.compiled import compiled

PERISHABLE = SERVICE_INDEX["breakfast"]


@compiled(inline=True, borrow=True)
def sold_out(town: Any, state: Any, s: Any, f: Any) -> Any:
    """Ask outlet f for a portion; tell whether none is left."""
    if town.switches.stock == 0 or s != PERISHABLE:
        return False
    state.asked[f] += 1.0
    return state.left[f] < 1.0


@compiled(inline=True, borrow=True)
def hand_out(town: Any, state: Any, s: Any, f: Any) -> None:
    """Take a portion of outlet f."""
    if town.switches.stock == 1 and s == PERISHABLE:
        state.left[f] -= 1.0


@compiled(borrow=True)
def cook(town: Any, state: Any) -> None:
    """Make the portions of the day; before anything is known of demand there is enough for all."""
    for f in range(state.left.size):
        state.left[f] = np.inf
        if state.demand[f] >= 0.0:
            margin = min(max(town.outlets[f].margin, 0.01), 0.99)
            state.left[f] = portions(state.demand[f], state.spread[f], margin)


@compiled(borrow=True)
def learn_demand(town: Any, state: Any, weekday: Any) -> None:
    """Learn what was asked for on a day of opening, by those turned away too."""
    memory = town.law[0].stock_memory
    for f in range(state.asked.size):
        asked = state.asked[f]
        state.asked[f] = 0.0
        if town.hours[weekday, f, 0, 1] < 0.0:
            continue
        if state.demand[f] < 0.0:
            state.demand[f] = state.spread[f] = asked
            continue
        gap = asked - state.demand[f]
        state.demand[f] = smoothed(state.demand[f], asked, memory)
        state.spread[f] = smoothed(state.spread[f], gap * gap, memory)
