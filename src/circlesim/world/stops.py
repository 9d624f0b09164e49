"""Stops: what residents pass daily on the way to work or school and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.world.population import Schedule
from circlesim.world.reach import walk_metres
from circlesim.world.streets import Streets

FARTHEST_M = 2000.0
"""Nobody walks farther than this to a stop."""
NOWHERE = -1

# Word of the keys of this module.
_PASSES = 91


def nearest_stop(
    streets: Streets, stop_rows: NDArray[np.integer], home_rows: NDArray[np.integer]
) -> NDArray[np.int32]:
    """
    Find the stop nearest on foot.

    Parameters
    ----------
    streets : Streets
        The network.
    stop_rows : ndarray of int, shape (n,)
        Node rows of the stops.
    home_rows : ndarray of int, shape (R,)
        Node rows of the homes.

    Returns
    -------
    ndarray of int32, shape (R,)
        Node row of the stop, of two as near the lower one; `NOWHERE` beyond `FARTHEST_M`.
    """
    stops = np.unique(stop_rows)
    near = walk_metres(streets, stops, FARTHEST_M)
    stop = np.repeat(stops, np.diff(near.ptr))
    best = np.full(len(streets), NOWHERE, np.int32)
    order = np.lexsort((stop, near.metres, near.node))
    first = order[np.diff(near.node[order], prepend=-1) != 0]
    best[near.node[first]] = stop[first]
    return best[np.asarray(home_rows)]


def stops_passed(
    streets: Streets,
    stop_rows: NDArray[np.integer],
    home_rows: NDArray[np.int32],
    id64: NDArray[np.uint64],
    schedule: NDArray[np.uint8],
    parameters: Parameters,
    seed: int,
) -> NDArray[np.int32]:
    """
    Draw which workers and students pass their nearest stop on the way out and back.

    Parameters
    ----------
    streets : Streets
        The network.
    stop_rows : ndarray of int, shape (n,)
        Node rows of the stops.
    home_rows : ndarray of int32, shape (R,)
        Node rows of the homes.
    id64 : ndarray of uint64, shape (R,)
        Resident ids.
    schedule : ndarray of uint8, shape (R,)
        `Schedule`.
    parameters : Parameters
        Row ``through_stop_share``.
    seed : int
        Root seed.

    Returns
    -------
    ndarray of int32, shape (R,)
        Node row, or `NOWHERE`.
    """
    goes_out = (schedule == Schedule.WORKER) | (schedule == Schedule.STUDENT)
    luck = draws.uniforms(seed, draws.SYNTHESIS, _PASSES, id64)
    passes = goes_out & (luck < parameters.number("through_stop_share"))
    return np.where(passes, nearest_stop(streets, stop_rows, home_rows), NOWHERE).astype(np.int32)
