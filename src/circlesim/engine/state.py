"""State: what changes while a scenario runs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KINDS, LONGEST_WAIT
from circlesim.catalog.services import SERVICES

QUEUE_CAP = 512
"""Longest queue kept; a longer one counts as full, whatever the outlet's own limit."""

HOURS = 24


class State(NamedTuple):
    """
    The state of one scenario in one replication.

    Parameters
    ----------
    performance, expectation, equity : ndarray of float64, shape (R, S)
        What each resident holds of each service.
    purse : ndarray of int64, shape (R,)
        Money at hand, in minor units.
    refused : ndarray of uint64, shape (R, W)
        Bit f set where facility f is remembered as refusing this resident's money.
    free_at : ndarray of float64, shape (F, C)
        Minute at which each server is free.
    queue : ndarray of float64, shape (F, QUEUE_CAP)
        Ring of the start minutes of those who arrived last.
    head, tail : ndarray of int64, shape (F,)
        Ends of the ring.
    wait_public : ndarray of float64, shape (F, 24)
        Wait expected at each outlet and hour, from past days.
    wait_sum, wait_count : ndarray of float64, shape (F, 24)
        Minutes and customers of today, by hour of arrival.
    usual : ndarray of int32, shape (R, S)
        Outlet each resident is used to for each service, or -1; no rows where habits are off.
    strength : ndarray of float64, shape (R, S)
        Strength of that habit; no rows where habits are off.
    days_there : ndarray of float64, shape (F,)
        Days each outlet has been there.
    told, visits : ndarray of float64, shape (F,)
        Visits a resident until yesterday, and visits of today.
    booked : ndarray of int32, shape (F,)
        Home visits of today.
    left : ndarray of float64, shape (F,)
        Portions of breakfast left today; infinite before the first day of selling is known.
    asked : ndarray of float64, shape (F,)
        Portions of breakfast asked for today.
    demand, spread : ndarray of float64, shape (F,)
        Mean and variance of portions asked for a day, smoothed; -1 before the first day.
    goods_left, goods_asked : ndarray of float64, shape (F,)
        Baskets of goods left today, infinite while supply is usual; and those asked for today.
    goods_usual, goods_reserve : ndarray of float64, shape (F,)
        Baskets asked for on a usual day, smoothed; -1 before the first, and -2 where the outlet
        came later, with empty shelves. And those kept in reserve.
    seat_free : ndarray of float64, shape (F, D)
        Minute at which each seat is free; no columns where nobody sits down.
    held : ndarray of int32, shape (R, 2)
        Outlet at which each resident holds a place, by `engine.places.PLACED`; -1 for none. No rows where off.
    waited : ndarray of int32, shape (R, 2)
        Months each has waited for one.
    trading : ndarray of uint8, shape (F,)
        1 where somebody operates the outlet; `Stage.present` says what is permitted.
    vacant, generation : ndarray of int32, shape (F,)
        Whole months the premises have stood empty, and how many operators came after the first.
    turnover, reserve, unseen : ndarray of int64, shape (F,)
        What residents paid since the books were opened, the operator's reserve, and what a month on the baseline
        leaves unexplained; minor units.
    book_days : ndarray of int64, shape (F,)
        Days in the books: those on which somebody operated the outlet.
    supported : ndarray of float64, shape (F,)
        Public support since the books were opened, in minor units.
    booked_from : ndarray of int64, shape (1,)
        1 once the books of the warm-up are closed.
    pending : ndarray of uint8, shape (R, K)
        Bit w set where the need of a kind that arose w days ago is open; no rows where needs are of one day.
    listed : ndarray of int32, shape (R, 8 * K)
        Outlet on whose list for home visits a need stands, or -1; needs that arose w days ago from column w * K
        on. No rows where there are no lists.
    promised : ndarray of int32, shape (R, 8 * K)
        Outlet that keeps a home visit of today for it, or -1.
    """

    performance: NDArray[np.float64]
    expectation: NDArray[np.float64]
    equity: NDArray[np.float64]
    purse: NDArray[np.int64]
    refused: NDArray[np.uint64]
    free_at: NDArray[np.float64]
    queue: NDArray[np.float64]
    head: NDArray[np.int64]
    tail: NDArray[np.int64]
    wait_public: NDArray[np.float64]
    wait_sum: NDArray[np.float64]
    wait_count: NDArray[np.float64]
    usual: NDArray[np.int32]
    strength: NDArray[np.float64]
    days_there: NDArray[np.float64]
    told: NDArray[np.float64]
    visits: NDArray[np.float64]
    booked: NDArray[np.int32]
    left: NDArray[np.float64]
    asked: NDArray[np.float64]
    demand: NDArray[np.float64]
    spread: NDArray[np.float64]
    goods_left: NDArray[np.float64]
    goods_asked: NDArray[np.float64]
    goods_usual: NDArray[np.float64]
    goods_reserve: NDArray[np.float64]
    seat_free: NDArray[np.float64]
    held: NDArray[np.int32]
    waited: NDArray[np.int32]
    trading: NDArray[np.uint8]
    vacant: NDArray[np.int32]
    generation: NDArray[np.int32]
    turnover: NDArray[np.int64]
    reserve: NDArray[np.int64]
    unseen: NDArray[np.int64]
    book_days: NDArray[np.int64]
    supported: NDArray[np.float64]
    booked_from: NDArray[np.int64]
    pending: NDArray[np.uint8]
    listed: NDArray[np.int32]
    promised: NDArray[np.int32]


def fresh_state(
    expected: NDArray[np.float64],
    budget: NDArray[np.int64],
    facilities: int,
    servers: int,
    *,
    habit: bool = False,
    self_service: bool = False,
    days_there: NDArray[np.float64] | None = None,
    present: NDArray[np.bool_] | None = None,
    seats: int = 0,
    places: bool = False,
    deferral: bool = False,
    lists: bool = False,
) -> State:
    """
    Make the state before the first day.

    Parameters
    ----------
    expected : ndarray of float64, shape (R, S)
        Performance expected of the best feasible alternative on the baseline.
    budget : ndarray of int64, shape (R,)
        Purse refill.
    facilities, servers : int
        Facilities of the roster, and the most servers any of them ever has.
    habit : bool, default: False
        Whether to make room for habits.
    self_service : bool, default: False
        Whether to make room for a second line, of machines, at each outlet: rows F to 2 F of `free_at`, `queue`,
        `head` and `tail`.
    days_there : ndarray of float64, shape (F,), optional
        Days each outlet has been there; none where left out.
    present : ndarray of bool, shape (F,), optional
        Outlets that stand before the first day; all where left out.
    seats : int, default: 0
        Most seats of any outlet; 0 where nobody sits down.
    places : bool, default: False
        Whether to make room for places held.
    deferral : bool, default: False
        Whether needs can be put off.
    lists : bool, default: False
        Whether there are waiting lists for home visits.

    Returns
    -------
    State
        Expectation met, purses full, no queue, no memory.
    """
    standing = np.ones(facilities, dtype=bool) if present is None else present
    lines = 2 * facilities if self_service else facilities
    habits = (len(budget) if habit else 0, len(SERVICES))
    return State(
        performance=expected.copy(),
        expectation=expected.copy(),
        equity=np.ones((len(budget), len(SERVICES))),
        purse=budget.copy(),
        refused=np.zeros((len(budget), (facilities + 63) // 64), np.uint64),
        free_at=np.zeros((lines, max(servers, 1))),
        queue=np.zeros((lines, QUEUE_CAP)),
        head=np.zeros(lines, np.int64),
        tail=np.zeros(lines, np.int64),
        wait_public=np.zeros((facilities, HOURS)),
        wait_sum=np.zeros((facilities, HOURS)),
        wait_count=np.zeros((facilities, HOURS)),
        usual=np.full(habits, -1, np.int32),
        strength=np.zeros(habits),
        days_there=np.zeros(facilities) if days_there is None else days_there.copy(),
        told=np.zeros(facilities),
        visits=np.zeros(facilities),
        booked=np.zeros(facilities, np.int32),
        left=np.full(facilities, np.inf),
        asked=np.zeros(facilities),
        demand=np.full(facilities, -1.0),
        spread=np.zeros(facilities),
        goods_left=np.full(facilities, np.inf),
        goods_asked=np.zeros(facilities),
        goods_usual=np.where(standing, -1.0, -2.0),
        goods_reserve=np.zeros(facilities),
        seat_free=np.zeros((facilities, seats)),
        held=np.full((len(budget) if places else 0, 2), -1, np.int32),
        waited=np.zeros((len(budget) if places else 0, 2), np.int32),
        trading=np.ones(facilities, np.uint8),
        vacant=np.zeros(facilities, np.int32),
        generation=np.zeros(facilities, np.int32),
        turnover=np.zeros(facilities, np.int64),
        reserve=np.zeros(facilities, np.int64),
        unseen=np.zeros(facilities, np.int64),
        book_days=np.zeros(facilities, np.int64),
        supported=np.zeros(facilities),
        booked_from=np.zeros(1, np.int64),
        pending=np.zeros((len(budget) if deferral else 0, len(KINDS)), np.uint8),
        listed=np.full((len(budget) if lists else 0, (LONGEST_WAIT + 1) * len(KINDS)), -1, np.int32),
        promised=np.full((len(budget) if lists else 0, (LONGEST_WAIT + 1) * len(KINDS)), -1, np.int32),
    )


def copy_state(state: State) -> State:
    """
    Copy a state, so that scenarios go on from one warm-up.

    Parameters
    ----------
    state : State
        The state to copy.

    Returns
    -------
    State
        Equal and independent.
    """
    return State._make(column.copy() for column in state)
