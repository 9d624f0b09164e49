"""Nearest: the walk of each resident to the closest outlet that counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.reading import Reading
from circlesim.world.reach import nearest_metres


def nearest_walk_min(reading: Reading, counts: NDArray[np.bool_], cap_min: float) -> NDArray[np.float64]:
    """
    Walk from home to the nearest of some outlets, at own speed on the level.

    Parameters
    ----------
    reading : Reading
        For homes and streets.
    counts : ndarray of bool, shape (F,)
        Outlets that count.
    cap_min : float
        Minutes within which the fastest resident is looked for.

    Returns
    -------
    ndarray of float64, shape (R,)
        Minutes one way; inf where the search ended without one.
    """
    people = reading.population
    cap_m = cap_min * float(people.speed_m_per_min.max(initial=0.0))
    metres = nearest_metres(reading.streets, np.unique(reading.facilities.node_row[counts]), cap_m)
    return np.asarray(metres[people.home_row] / people.speed_m_per_min)
