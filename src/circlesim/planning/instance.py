"""Instance: a question of siting in walk minutes, demand by candidate sites."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import ConfigError, Faults
from circlesim.world.population import Mobility
from circlesim.world.reach import walk_metres
from circlesim.world.world import World

FloatArray = NDArray[np.float64]
RowArray = NDArray[np.int64]

FAR_MIN = 60.0
"""A walk beyond this, or none at all, counts as this long: a round hour (an assumption, grade D)."""

P_MEDIAN, COVERING, CAPACITATED = "p_median", "covering", "capacitated"
OBJECTIVES: tuple[str, ...] = (P_MEDIAN, COVERING, CAPACITATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    Where demand is, where outlets could stand, and what a choice of sites is worth.

    Parameters
    ----------
    walk_min : ndarray of float64, shape (D, C)
        Minutes one way from each place of demand to each candidate, at most `FAR_MIN`.
    weight : ndarray of float64, shape (D,)
        Residents, or needs, of each place.
    objective : {"p_median", "covering", "capacitated"}, default: "p_median"
        ``p_median`` counts weighted minutes saved against `FAR_MIN`, or against what stands; ``covering`` the
        weight within `within_min` of a site; ``capacitated`` the weight that sites within `within_min` can serve.
    within_min : float, default: 15.0
        Longest walk that covers.
    capacity : ndarray of float64, shape (C,), optional
        Weight each candidate can serve, for ``capacitated``; no limit where missing.
    standing_min : ndarray of float64, shape (D,), optional
        Minutes to the nearest outlet that stands; none stands where missing. What stands covers
        without limit.
    """

    walk_min: FloatArray
    weight: FloatArray
    objective: str = P_MEDIAN
    within_min: float = 15.0
    capacity: FloatArray | None = None
    standing_min: FloatArray | None = None

    def __post_init__(self) -> None:
        faults = Faults("this question of siting cannot be put", ConfigError)
        places, sites = self.walk_min.shape
        if self.objective not in OBJECTIVES:
            faults.add("no such objective", "objective", found=self.objective, expected=", ".join(OBJECTIVES))
        if not np.isfinite(self.walk_min).all() or (self.walk_min < 0).any():
            faults.add("walks are minutes from 0", "walk_min")
        if self.weight.shape != (places,) or not np.isfinite(self.weight).all() or (self.weight < 0).any():
            faults.add("weights are numbers from 0, one a place", "weight", expected=f"{places} numbers")
        if self.capacity is not None and (self.capacity.shape != (sites,) or not (self.capacity >= 0).all()):
            faults.add("capacities are numbers from 0, one a site", "capacity", expected=f"{sites} numbers")
        if self.standing_min is not None and self.standing_min.shape != (places,):
            faults.add("one walk a place", "standing_min", expected=f"{places} numbers")
        faults.raise_if_any()

    @property
    def saved(self) -> FloatArray:
        """Weighted minutes each site alone would save each place, shape (D, C); never below 0."""
        return self.weight[:, None] * np.maximum(self._before[:, None] - self.walk_min, 0.0)

    @property
    def _before(self) -> FloatArray:
        before = np.full(len(self.weight), FAR_MIN)
        return before if self.standing_min is None else np.minimum(before, self.standing_min)

    @property
    def covers(self) -> NDArray[np.bool_]:
        """Which sites come within the walk of which places not covered yet, shape (D, C)."""
        waiting = self._before > self.within_min
        return (self.walk_min <= self.within_min) & waiting[:, None]

    @property
    def room(self) -> FloatArray:
        """Weight each candidate can serve, shape (C,); never more than there is."""
        whole = float(self.weight.sum())
        return (
            np.full(self.walk_min.shape[1], whole) if self.capacity is None else np.minimum(self.capacity, whole)
        )


def street_instance(
    world: World,
    weight: FloatArray,
    site_rows: RowArray,
    *,
    objective: str = P_MEDIAN,
    within_min: float = 15.0,
    capacity: FloatArray | None = None,
    standing_rows: RowArray | None = None,
) -> Instance:
    """
    Put a question of siting on the streets of a world.

    Places of demand are homes by class of mobility, each walking at the mean pace of the residents who live there;
    the homebound walk nowhere and are left out.

    Parameters
    ----------
    world : World
        The neighbourhood.
    weight : ndarray of float64, shape (R,)
        Weight of each resident: 1, or needs that are not met.
    site_rows : ndarray of int64, shape (C,)
        Node rows of the candidates.
    objective, within_min, capacity
        See `Instance`.
    standing_rows : ndarray of int64, optional
        Node rows of outlets that stand and count; none where missing.

    Returns
    -------
    Instance
        Candidates in the order of `site_rows`.
    """
    people = world.population
    walks = (people.mobility != Mobility.HOMEBOUND) & (weight > 0)
    key = np.stack([people.home_row[walks], people.mobility[walks]], axis=1)
    place, at = np.unique(key, axis=0, return_inverse=True)
    at = at.ravel()
    count = np.maximum(np.bincount(at, minlength=len(place)), 1)
    pace = np.bincount(at, people.speed_m_per_min[walks], minlength=len(place)) / count
    home = place[:, 0].astype(np.int64)
    standing = (
        None if standing_rows is None else _minutes(world, standing_rows, home, pace).min(axis=1, initial=FAR_MIN)
    )
    return Instance(
        walk_min=_minutes(world, site_rows, home, pace),
        weight=np.bincount(at, weight[walks], minlength=len(place)).astype(np.float64),
        objective=objective, within_min=within_min, capacity=capacity, standing_min=standing,
    )  # fmt: skip


def _minutes(world: World, rows: RowArray, home: RowArray, pace: FloatArray) -> FloatArray:
    """Walks from every place to every one of some nodes, searched from the nodes."""
    slowest = float(pace.max(initial=0.0))
    reach = walk_metres(world.streets, rows, FAR_MIN * slowest)
    metres = np.full((len(rows), len(world.streets)), np.inf)
    metres[np.repeat(np.arange(len(rows)), np.diff(reach.ptr)), reach.node] = reach.metres
    return np.minimum(metres[:, home].T / pace[:, None], FAR_MIN)
