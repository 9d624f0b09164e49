"""Storeroom: daily goods while supply is short, and the reserves kept against it."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.behaviour.stocking import smoothed
from circlesim.behaviour.supplying import on_shelf, reserve_left
from circlesim.catalog.services import SERVICES
from circlesim.compiled import compiled

GOODS: tuple[str, ...] = ("groceries", "daily_goods", "pharmacy")
"""Services whose goods can run short."""
_IS_GOODS = np.array([service in GOODS for service in SERVICES])


@compiled(inline=True, borrow=True)
def run_out(town: Any, state: Any, s: Any, f: Any) -> Any:
    """Ask outlet f for a basket; tell whether none is left."""
    if town.switches.emergency == 0 or not _IS_GOODS[s]:
        return False
    state.goods_asked[f] += 1.0
    return state.goods_left[f] < 1.0


@compiled(inline=True, borrow=True)
def take_goods(town: Any, state: Any, s: Any, f: Any) -> None:
    """Take a basket of outlet f."""
    if town.switches.emergency == 1 and _IS_GOODS[s]:
        state.goods_left[f] -= 1.0


@compiled(borrow=True)
def fill_shelves(town: Any, state: Any) -> None:
    """
    Put out the baskets of the day: enough for all, unless supply is short.

    A share of what is usual can be had only where that is known; who opens while supply is short has nothing on
    the first day, and who stood from the first day of the run has all.
    """
    for f in range(state.goods_left.size):
        outlet = town.outlets[f]
        state.goods_left[f] = np.inf
        usual = state.goods_usual[f]
        if outlet.supply_share < 1.0 and usual != -1.0:
            state.goods_left[f] = on_shelf(max(usual, 0.0), outlet.supply_share, state.goods_reserve[f])


@compiled(borrow=True)
def count_goods(town: Any, state: Any, weekday: Any) -> None:
    """Close the day: on a usual one demand is learned and the reserve filled up, on a short one it is drawn on."""
    law = town.law[0]
    for f in range(state.goods_left.size):
        asked, state.goods_asked[f] = state.goods_asked[f], 0.0
        if town.hours[weekday, f, 0, 1] < 0.0:
            continue
        outlet, usual, reserve = town.outlets[f], state.goods_usual[f], state.goods_reserve[f]
        if usual == -2.0 and asked == 0.0:
            # Nobody knows the new shop yet, so it does not know what is usual.
            continue
        if usual < 0.0:
            # Whoever stood there before the run has a full reserve; who came later builds one up.
            state.goods_usual[f] = asked
            state.goods_reserve[f] = outlet.reserve_days * asked if usual == -1.0 else 0.0
        elif outlet.supply_share < 1.0:
            arrived = usual * outlet.supply_share
            handed_out = on_shelf(usual, outlet.supply_share, reserve) - state.goods_left[f]
            # Baskets are whole, and what is left of one is there tomorrow.
            most = max(1.0, outlet.reserve_days * usual)
            state.goods_reserve[f] = reserve_left(reserve, arrived, handed_out, most)
        else:
            usual = smoothed(usual, asked, law.stock_memory)
            most = outlet.reserve_days * usual
            state.goods_usual[f] = usual
            state.goods_reserve[f] = reserve_left(reserve, law.reserve_refill * usual, 0.0, most)
