"""Places: neighbouring homes put together until enough people live there to be told of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.world.world import World


def places_of(world: World, least: int = SMALLEST_GROUP) -> NDArray[np.int64]:
    """
    Divide homes into places.

    The homes are halved across their longer side, at the middle resident, for as long as both halves keep enough
    residents; so a building where many live stands alone, and scattered houses stand together.

    Parameters
    ----------
    world : World
        For homes.
    least : int, default: 30
        Residents a place has at least, where the world has as many.

    Returns
    -------
    ndarray of int64, shape (R,)
        Id of the node at which most residents of the place live, the lowest of equals.
    """
    homes, at = np.unique(world.population.home_row, return_inverse=True)
    people = np.bincount(at, minlength=len(homes))
    where = np.column_stack([world.streets.x_m[homes], world.streets.y_m[homes]])
    node = world.streets.node[homes].astype(np.int64)
    place = np.zeros(len(homes), np.int64)
    waiting = [np.argsort(node, kind="stable")]
    while waiting:
        part = waiting.pop()
        halves = _halves(part, where, people, least)
        if halves is None:
            place[part] = node[part][np.argmax(people[part])] if len(part) else 0
        else:
            waiting += halves
    return place[at]


def _halves(
    part: NDArray[np.int64], where: NDArray[np.float64], people: NDArray[np.int64], least: int
) -> list[NDArray[np.int64]] | None:
    """Cut a set of homes in two, or leave it whole."""
    if len(part) < 2:
        return None
    across = np.argmax(np.ptp(where[part], axis=0))
    order = part[np.argsort(where[part, across], kind="stable")]
    below = np.cumsum(people[order])
    possible = np.flatnonzero((below[:-1] >= least) & (below[-1] - below[:-1] >= least))
    if not len(possible):
        return None
    cut = possible[np.argmin(np.abs(2 * below[possible] - below[-1]))] + 1
    return [order[:cut], order[cut:]]
