"""Past: the days on which needs arose that may still be open."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.luck import luck_of_day
from circlesim.engine.prepared import Prepared


class Past(NamedTuple):
    """
    What decides whether needs arose on the days before, the newest first.

    Parameters
    ----------
    keys : ndarray of uint64, shape (W, 12, K)
        Event keys of each day.
    weekend : ndarray of int64, shape (W,)
        1 for Saturdays and Sundays.
    season : ndarray of float64, shape (W, K)
        Multipliers of the season by kind.
    """

    keys: NDArray[np.uint64]
    weekend: NDArray[np.int64]
    season: NDArray[np.float64]


def past_of(prepared: Prepared, seed: int, replication: int, day: int) -> Past:
    """
    Look back from a day as far as any need can wait.

    Parameters
    ----------
    prepared : Prepared
        What scenarios share.
    seed : int
        Root seed.
    replication : int
        Number of the replication.
    day : int
        Days since `start`.

    Returns
    -------
    Past
        Of no days where needs are of one day. It reaches behind the first day of a run, where nothing is open.
    """
    days = [day - waited for waited in range(1, prepared.longest_wait + 1)]
    kinds = prepared.calendar.weekend_factor.size
    keys = [luck_of_day(seed, replication, then).keys for then in days]
    return Past(
        keys=np.array(keys, np.uint64) if days else np.zeros((0, 1, kinds), np.uint64),
        weekend=np.array([prepared.weekday(then) >= 5 for then in days], np.int64),
        season=np.array([prepared.season_rates(then) for then in days]) if days else np.zeros((0, kinds)),
    )
