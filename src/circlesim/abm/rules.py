"""The rules of behaviour as plain Python: the very text the kernels compile, called without compiling."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from circlesim.behaviour import (
    choosing,
    deferring,
    habit,
    judging,
    knowing,
    operating,
    paying,
    sharing,
    stocking,
    supplying,
    timing,
    waiting,
    walking,
)


def plain(rule: Callable[..., Any]) -> Callable[..., Any]:
    """
    Return the Python function behind a compiled rule.

    The rules add, multiply and call one logarithm or exponential at a time on float64, which Python and the
    compiler do alike, so both give the same bits.

    Parameters
    ----------
    rule : callable
        A function under `circlesim.compiled.compiled`.

    Returns
    -------
    callable
        The function as it was written.
    """
    return rule.py_func  # type: ignore[attr-defined, no-any-return]


attractiveness = plain(choosing.attractiveness)
outlet_utility = plain(choosing.outlet_utility)
nested_luck = plain(choosing.nested_luck)
walk_min = plain(walking.walk_min)
extra_walk = plain(walking.extra_walk)
speed_on = plain(walking.speed_on)
within_reach = plain(walking.within_reach)
cheapest_departure = plain(timing.cheapest_departure)
balks = plain(waiting.balks)
reneges = plain(waiting.reneges)
takes_away = plain(waiting.takes_away)
remembered_wait = plain(waiting.remembered_wait)
basket_fen = plain(paying.basket_fen)
price_fen = plain(paying.price_fen)
voucher_fen = plain(paying.voucher_fen)
portions = plain(stocking.portions)
smoothed = plain(stocking.smoothed)
on_shelf = plain(supplying.on_shelf)
reserve_left = plain(supplying.reserve_left)
performance = plain(judging.performance)
equity = plain(judging.equity)
learned = plain(judging.learned)
errand_cost = plain(sharing.errand_cost)
basket_share = plain(sharing.basket_share)
comes_again = plain(deferring.comes_again)
habit_pull = plain(habit.habit_pull)
practised = plain(habit.practised)
neglected = plain(habit.neglected)
exposure = plain(knowing.exposure)
knows = plain(knowing.knows)
whole_fen = plain(operating.whole_fen)
fixed_costs = plain(operating.fixed_costs)
profit_of = plain(operating.profit_of)
reserve_after = plain(operating.reserve_after)
is_let = plain(operating.is_let)
