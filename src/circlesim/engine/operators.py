"""Operators: the books of each outlet, month by month, and who gives up or begins."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.behaviour.coefficients import Coefficients
from circlesim.behaviour.operating import fixed_costs, is_let, profit_of, reserve_after, whole_fen
from circlesim.draws import chain, event_key, exponential, normal, unit
from circlesim.engine.stage import Stage
from circlesim.engine.state import State
from circlesim.ledger import Fate, Page

DAYS_A_MONTH = 365.25 / 12
_MINOR = 100.0
_WORD = 0xFFFFFFFFFFFFFFFF


class Month(NamedTuple):
    """
    What the books of one month say; shapes (F,), 0 for outlets that did not trade.

    Parameters
    ----------
    ends : date
        Its last day.
    traded : ndarray of bool
        Who had an operator.
    turnover, profit, reserve : ndarray of int64
        What residents paid with aid, profit, and reserve afterwards, in minor units.
    gave_up, began : ndarray of bool
        Operators who leave tonight, and premises that open tomorrow.
    vacant : ndarray of bool
        Premises that stand empty today.
    support : ndarray of int64
        Public support of the month, in minor units.
    """

    ends: date
    traded: NDArray[np.bool_]
    turnover: NDArray[np.int64]
    profit: NDArray[np.int64]
    reserve: NDArray[np.int64]
    gave_up: NDArray[np.bool_]
    began: NDArray[np.bool_]
    vacant: NDArray[np.bool_]
    support: NDArray[np.int64]


def own_key(premises: int, generation: int) -> int:
    """
    Name the operator of some premises, so that taste and luck are their own.

    Parameters
    ----------
    premises : int
        Hash of the outlet's id.
    generation : int
        0 for the first operator.

    Returns
    -------
    int
        The hash itself for the first; another for each that follows.
    """
    return int(premises) if generation == 0 else int(chain(np.uint64(premises), np.uint64(generation)))


def first_reserve(law: Coefficients, seed: int, replication: int, operator: int, fixed: int) -> int:
    """
    Draw the reserve an operator begins with: exponential, some live from hand to mouth.

    Parameters
    ----------
    law : Coefficients
        For `reserve_months`.
    seed, replication : int
        What the draw is named by, with the operator.
    operator : int
        See `own_key`.
    fixed : int
        Fixed costs of a month, in minor units.

    Returns
    -------
    int
        Minor units.
    """
    u = unit(chain(event_key(seed, replication, draws.RESERVE, 0, 0, 0), np.uint64(operator)))
    return int(whole_fen(law.value("reserve_months") * exponential(u) * fixed))


def month_fixed(law: Coefficients, stage: Stage, row: int, months: float = 1.0) -> int:
    """
    Fixed costs of an outlet.

    Parameters
    ----------
    law : Coefficients
        Wages and other costs.
    stage : Stage
        Rent and staff.
    row : int
        Row of the outlet.
    months : float, default: 1.0
        For how long.

    Returns
    -------
    int
        Minor units.
    """
    rent = _MINOR * float(stage.facilities.rent_yuan_month[row])
    wages = _MINOR * law.value("wage_yuan_month") * float(stage.facilities.staff[row])
    return int(fixed_costs(rent, wages, law.value("other_cost_share"), months))


def note_day(state: State, page: Page, stage: Stage) -> None:
    """
    Add a day to the books of those who trade: its purchases, aid included, and its share of public support.

    Parameters
    ----------
    state : State
        Changed in place.
    page : Page
        The day's ledger.
    stage : Stage
        The facts in force.
    """
    rows = page.columns()
    served = rows["fate"] <= Fate.DELIVERED
    np.add.at(state.turnover, rows["facility"][served], rows["price_fen"][served] + rows["fee_fen"][served])
    trades = stage.present & (state.trading == 1)
    state.book_days[trades] += 1
    state.supported[trades] += _MINOR * stage.facilities.support_yuan_month[trades] / DAYS_A_MONTH


def open_books(state: State, law: Coefficients, stage: Stage, seed: int, replication: int) -> None:
    """
    Close the books of the warm-up and say what they leave unexplained.

    Whoever stands on the baseline earns `normal_profit_share` of the fixed costs; what the purchases of residents
    and the support of the baseline do not explain of it is sold to others, or is the operator's own. It is held
    for good, in every scenario.

    Parameters
    ----------
    state : State
        Changed in place; its books hold the days before the first.
    law : Coefficients
        Numbers of the law.
    stage : Stage
        The baseline.
    seed, replication : int
        For first reserves.
    """
    facilities = stage.facilities
    for row in range(len(facilities)):
        fixed = month_fixed(law, stage, row)
        state.reserve[row] = first_reserve(law, seed, replication, int(facilities.id64[row]), fixed)
        if state.book_days[row] > 0:
            earned = float(facilities.margin[row]) * float(state.turnover[row]) + float(state.supported[row])
            seen = earned / int(state.book_days[row]) * DAYS_A_MONTH
            state.unseen[row] = whole_fen((1.0 + law.value("normal_profit_share")) * fixed - seen)
    _share_with_newcomers(state, stage)
    _empty(state)
    state.booked_from[0] = 1


def _empty(state: State) -> None:
    """Open empty books."""
    state.turnover[:] = 0
    state.book_days[:] = 0
    state.supported[:] = 0.0


def _share_with_newcomers(state: State, stage: Stage) -> None:
    """Give outlets that do not stand yet the mean of their format in their circle; 0 where there is none of it."""
    formats, circles = stage.facilities.format, stage.facilities.circle
    for row in np.flatnonzero(~stage.present):
        alike = stage.present & (formats == formats[row]) & (circles == circles[row])
        if alike.any():
            state.unseen[row] = whole_fen(float(state.unseen[alike].sum()) / int(alike.sum()))


def is_month_end(day: date) -> bool:
    """
    Tell whether a day is the last of its month.

    Parameters
    ----------
    day : date
        Any.

    Returns
    -------
    bool
        True where tomorrow is another month.
    """
    return (day + timedelta(days=1)).month != day.month


def turn_month(state: State, law: Coefficients, stage: Stage, today: date, seed: int, replication: int) -> Month:
    """
    Close the books of a month: operators give up, and vacant premises are let.

    Parameters
    ----------
    state : State
        Changed in place.
    law : Coefficients
        Numbers of the law.
    stage : Stage
        The facts in force.
    today : date
        Last day of the month.
    seed, replication : int
        What draws are named by.

    Returns
    -------
    Month
        What the books say.
    """
    count, traded = len(stage.facilities), state.book_days > 0
    profit = np.zeros(count, np.int64)
    gave_up, began = np.zeros(count, bool), np.zeros(count, bool)
    stamp = (today.year * 12 + today.month) & _WORD
    shock_key = event_key(seed, replication, draws.SHOCK, stamp, 0, 0)
    let_key = event_key(seed, replication, draws.LET, stamp, 0, 0)
    vacant = stage.present & (state.trading == 0)
    for row in np.flatnonzero(traded | vacant).tolist():
        premises = int(stage.facilities.id64[row])
        operator = own_key(premises, int(state.generation[row]))
        if state.trading[row] == 1:
            profit[row] = _profit(state, law, stage, row, shock_key, operator)
            most = whole_fen(law.value("reserve_most_months") * month_fixed(law, stage, row))
            state.reserve[row] = reserve_after(int(state.reserve[row]), int(profit[row]), most)
            gave_up[row] = state.reserve[row] < 0
            continue
        state.vacant[row] += 1
        luck = unit(chain(let_key, np.uint64(premises)))
        began[row] = is_let(
            luck, float(state.vacant[row]), law.value("let_delay_months"), law.value("let_per_month")
        )
    reserve = np.where(traded, state.reserve, 0)
    support = np.array([whole_fen(float(paid)) for paid in np.where(traded, state.supported, 0.0)], np.int64)
    books = Month(
        today, traded, np.where(traded, state.turnover, 0), profit, reserve, gave_up, began, vacant, support
    )
    _leave(state, gave_up)
    for row in np.flatnonzero(began).tolist():
        _begin(state, law, stage, row, seed, replication)
    _empty(state)
    return books


def _profit(state: State, law: Coefficients, stage: Stage, row: int, key: np.uint64, operator: int) -> int:
    """Profit of one outlet over the days in its books."""
    months = int(state.book_days[row]) / DAYS_A_MONTH
    fixed = month_fixed(law, stage, row, months)
    luck = normal(unit(chain(key, np.uint64(operator))))
    shock = whole_fen(law.value("profit_shock_share") * luck * fixed)
    support = whole_fen(float(state.supported[row]))
    unseen = whole_fen(float(state.unseen[row]) * months)
    margin = float(stage.facilities.margin[row])
    return int(profit_of(int(state.turnover[row]), margin, fixed, support, unseen, shock))


def _leave(state: State, gave_up: NDArray[np.bool_]) -> None:
    """Let operators go; their premises stand empty from tomorrow."""
    state.trading[gave_up] = 0
    state.vacant[gave_up] = 0


def _begin(state: State, law: Coefficients, stage: Stage, row: int, seed: int, replication: int) -> None:
    """Let somebody begin in vacant premises, of whom nothing is remembered."""
    state.trading[row], state.vacant[row] = 1, 0
    state.generation[row] += 1
    operator = own_key(int(stage.facilities.id64[row]), int(state.generation[row]))
    state.reserve[row] = first_reserve(law, seed, replication, operator, month_fixed(law, stage, row))
    state.refused[:, row >> 6] &= ~(np.uint64(1) << np.uint64(row & 63))
    for line in range(row, len(state.free_at), len(state.days_there)):
        state.free_at[line] = 0.0
        state.head[line] = state.tail[line] = 0
    for column in (
        state.wait_public, state.days_there, state.told, state.asked, state.spread, state.goods_asked,
        state.goods_reserve, state.seat_free,
    ):  # fmt: skip
        column[row] = 0.0
    state.demand[row], state.left[row] = -1.0, np.inf
    state.goods_usual[row], state.goods_left[row] = -2.0, np.inf
    was_used_to = state.usual == row
    state.strength[was_used_to] = 0.0
    state.usual[was_used_to] = -1
