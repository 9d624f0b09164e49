"""Luck of one day: keys of its events, and exact upper bounds that spare most logarithms."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.needs import KIND_ORDINAL, KIND_SERVICE, LONGEST_WAIT, ORDINALS
from circlesim.engine.shortlist import Shortlist, empty_shortlist

BINS = 1024
BIN_SHIFT = 54
_PURPOSES = (
    draws.NEED, draws.MINUTE, draws.BASKET, draws.CHOICE, draws.NEST, draws.SERVICE_TIME, draws.PATIENCE,
    draws.REFUSAL, draws.RENEGE, draws.ERRAND, draws.EAT_IN, draws.AT_TABLE,
)  # fmt: skip
NEED, MINUTE, BASKET, CHOICE, NEST, SERVICE_TIME, PATIENCE, REFUSAL, RENEGE, ERRAND, EAT_IN, AT_TABLE = range(12)
OUTLETS, ORDERS, AT_HOME, ELSEWHERE, WITHOUT = range(5)
"""Columns of the luck a need has whatever the scenario: of its two nests, and of home, outside and forgoing."""


class Luck(NamedTuple):
    """
    Keys from which the kernels draw.

    Parameters
    ----------
    keys : ndarray of uint64, shape (12, (W + 1) * K)
        Event keys of one day by purpose and need kind, those of needs that arose w days ago from column w * K on;
        a resident and a facility are chained on.
    taste : uint64
        Key of lasting tastes: no day in it.
    known : uint64
        Key of how readily residents hear of outlets: no day in it.
    gumbel_bound, normal_bound : ndarray of float64, shape (BINS,)
        Largest Gumbel and normal luck whose hash begins with these ten bits.
    need : ndarray of float64, shape (L, 5)
        Luck of each need with its nests, and of home, outside and forgoing; drawn once for all scenarios.
    likely : Shortlist
        Outlets that could win each need.
    visitors : Visitors
        Customers from elsewhere.
    """

    keys: NDArray[np.uint64]
    taste: np.uint64
    known: np.uint64
    gumbel_bound: NDArray[np.float64]
    normal_bound: NDArray[np.float64]
    need: NDArray[np.float64]
    likely: Shortlist
    visitors: Any


def _bounds() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    # The largest uniform of a bin is that of its last hash; a hair of slack covers rounding in the rules.
    top = [draws.unit(np.uint64(((b + 1) << BIN_SHIFT) - 1)) for b in range(BINS)]
    gumbel = [-math.log(-math.log(u)) + 1e-9 for u in top]
    normal = [draws.normal(u) + 1e-9 for u in top]
    return np.array(gumbel), np.array(normal)


_GUMBEL_BOUND, _NORMAL_BOUND = _bounds()


def luck_of_day(seed: int, replication: int, day: int, longest: int = 0) -> Luck:
    """
    Key all events of one day.

    Parameters
    ----------
    seed : int
        Root seed, at least 0.
    replication : int
        Number of the replication.
    day : int
        Days since `start`; negative in the warm-up.
    longest : int, default: 0
        Most days for which a need can wait.

    Returns
    -------
    Luck
        The same for every scenario.
    """
    keys = _keys_of_day(seed, replication, day, longest)
    taste = np.uint64(draws.event_key(seed, replication, draws.TASTE, 0, 0, 0))
    known = np.uint64(draws.event_key(seed, replication, draws.AWARE, 0, 0, 0))
    return Luck(keys, taste, known, _GUMBEL_BOUND, _NORMAL_BOUND, np.empty((0, 5)), empty_shortlist(0), None)


@lru_cache(maxsize=2 * (LONGEST_WAIT + 1))
def _keys_of_day(seed: int, replication: int, day: int, longest: int) -> NDArray[np.uint64]:
    """Event keys of one day; all scenarios ask for the same ones."""
    stamp = day & 0xFFFFFFFFFFFFFFFF
    kinds = list(zip(KIND_SERVICE, KIND_ORDINAL, strict=True))
    keys = np.array(
        [[draws.event_key(seed, replication, purpose, stamp, s, o + ORDINALS * waited)
          for waited in range(longest + 1) for s, o in kinds] for purpose in _PURPOSES],
        dtype=np.uint64,
    )  # fmt: skip
    keys.flags.writeable = False
    return keys
