"""Helping: who has somebody at home who orders for them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import ASSIST, uniforms
from circlesim.world.population import Means, Population

ADULT = 18


def helped(population: Population, share: float) -> NDArray[np.bool_]:
    """
    Find who cannot order alone and has it done by somebody of the household.

    Whether it is done is a lasting trait of the resident, the same in every run: no seed is in its key.

    Parameters
    ----------
    population : Population
        The residents; those with one household number and home live together.
    share : float
        Share of residents, among those who live with an adult who orders, for whom it is done.

    Returns
    -------
    ndarray of bool, shape (R,)
        Never True of who orders alone.
    """
    alone = (population.digital == 1) & (population.means_carried & Means.MOBILE != 0)
    place = np.unique(np.stack([population.household, population.home_row]), axis=1, return_inverse=True)[
        1
    ].ravel()
    orders = np.bincount(place, weights=alone & (population.age >= ADULT), minlength=1) > 0
    luck = uniforms(0, ASSIST, population.id64)
    return np.asarray(~alone & orders[place] & (luck < share), dtype=bool)
