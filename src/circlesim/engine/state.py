"""State: what changes while a scenario runs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def fresh_state(expected: NDArray[np.float64], budget: NDArray[np.int64], facilities: int, servers: int) -> State:
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

    Returns
    -------
    State
        Expectation met, purses full, no queue, no memory.
    """
    return State(
        performance=expected.copy(),
        expectation=expected.copy(),
        equity=np.ones((len(budget), len(SERVICES))),
        purse=budget.copy(),
        refused=np.zeros((len(budget), (facilities + 63) // 64), np.uint64),
        free_at=np.zeros((facilities, max(servers, 1))),
        queue=np.zeros((facilities, QUEUE_CAP)),
        head=np.zeros(facilities, np.int64),
        tail=np.zeros(facilities, np.int64),
        wait_public=np.zeros((facilities, HOURS)),
        wait_sum=np.zeros((facilities, HOURS)),
        wait_count=np.zeros((facilities, HOURS)),
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
