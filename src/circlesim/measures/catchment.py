"""Catchment: supply a head within reach, where all within reach compete for it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def two_step_floating_catchment(
    demand: NDArray[np.float64],
    supply: NDArray[np.float64],
    ptr: NDArray[np.int64],
    place: NDArray[np.int32],
    weight: NDArray[np.float64],
) -> NDArray[np.float64]:
    """
    Compute the accessibility of supply at each place, by the two-step floating catchment area method.

    First each outlet shares its supply among all in its catchment; then each place adds up what the outlets in
    reach of it give a head. Entries are laid out as in `world.reach.Reach` with the outlets as sources.

    Parameters
    ----------
    demand : ndarray of float64, shape (N,)
        People at each place.
    supply : ndarray of float64, shape (F,)
        What each outlet offers, such as places, beds or customers a day.
    ptr : ndarray of int64, shape (F + 1,)
        Places in the catchment of outlet f: ``place[ptr[f]:ptr[f + 1]]``.
    place : ndarray of int32, shape (P,)
        Rows of `demand`.
    weight : ndarray of float64, shape (P,)
        Weight of each entry, at least 0: 1 within a plain catchment, else falling with distance.

    Returns
    -------
    ndarray of float64, shape (N,)
        Supply a head. Supply that reaches anybody is shared out whole: ``sum(demand * result)`` is the supply of
        all outlets with demand in their catchment.

    References
    ----------
    .. [1] Luo, W. and Wang, F. (2003). Measures of spatial accessibility to health care in a GIS environment.
       Environment and Planning B 30, doi 10.1068/b29120.
    .. [2] Luo, W. and Qi, Y. (2009). An enhanced two-step floating catchment area (E2SFCA) method. Health & Place
       15, doi 10.1016/j.healthplace.2009.06.002.

    Examples
    --------
    >>> two_step_floating_catchment(
    ...     np.array([30.0, 10.0]), np.array([8.0]), np.array([0, 2]), np.array([0, 1]), np.array([1.0, 1.0])
    ... )
    array([0.2, 0.2])
    """
    outlet = np.repeat(np.arange(len(supply)), np.diff(ptr))
    wanted = np.bincount(outlet, weights=weight * demand[place], minlength=len(supply))
    share = np.divide(supply, wanted, out=np.zeros(len(supply)), where=wanted > 0)
    return np.bincount(place, weights=weight * share[outlet], minlength=len(demand)).astype(np.float64)
