"""Links: which outlets residents may use, which their ledgers may only name, and who is joined to whom."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import UNAVAILABLE, Constants, age_group
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.services import SERVICES
from circlesim.engine.ways import Ways, class_of
from circlesim.experiments.design import Design
from circlesim.experiments.shards import widest_radius
from circlesim.world.population import Mobility

BoolArray = NDArray[np.bool_]
_Pairs = tuple[NDArray[np.integer], NDArray[np.integer], BoolArray]
"""Rows of `Links.use`, facility rows, and whether the resident may use that outlet for that service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """
    Residents, services they may need, and outlets, over all scenarios of an experiment.

    Parameters
    ----------
    use : scipy.sparse.csr_array of int32, shape (R * S, F)
        Row ``r * S + s``: above 0 where resident r may use an outlet for service s, within the own tolerance on
        foot, within its delivery radius, or where its staff come. Steps, means of payment, hours and the purse
        are not asked about: a policy may change them, and a link too many only makes an audit more careful.
    sight : scipy.sparse.csr_array of int32, shape (R * S, F)
        Above 0 where the barriers of a ledger row may speak of the outlet, near enough to be used or not.
    household : ndarray of int, shape (R,)
        Household numbers.
    """

    use: Any
    sight: Any
    household: NDArray[np.integer]

    def touched_by(self, outlets: BoolArray) -> BoolArray:
        """
        Find who may use any of some outlets, and for what.

        Parameters
        ----------
        outlets : ndarray of bool, shape (F,)
            The outlets.

        Returns
        -------
        ndarray of bool, shape (R, S)
            By resident and service.
        """
        return np.asarray(self.use @ outlets.astype(np.int32) > 0).reshape(-1, len(SERVICES))

    def in_sight_of(self, outlets: BoolArray) -> BoolArray:
        """
        Find whose ledger rows may name any of some outlets, be it as out of reach.

        Parameters
        ----------
        outlets : ndarray of bool, shape (F,)
            The outlets.

        Returns
        -------
        ndarray of bool, shape (R, S)
            By resident and service.
        """
        return np.asarray(self.sight @ outlets.astype(np.int32) > 0).reshape(-1, len(SERVICES))

    def used_by(self, residents: BoolArray) -> BoolArray:
        """
        Find the outlets that any of some residents may use.

        Parameters
        ----------
        residents : ndarray of bool, shape (R,)
            The residents.

        Returns
        -------
        ndarray of bool, shape (F,)
            One claim an outlet.
        """
        return np.asarray(np.repeat(residents, len(SERVICES)).astype(np.int32) @ self.use > 0)

    def joined_to(self, residents: BoolArray, *, queues: bool, households: bool) -> BoolArray:
        """
        Find everybody joined to some residents by a chain of shared queues and households, themselves included.

        Parameters
        ----------
        residents : ndarray of bool, shape (R,)
            Where the chains begin.
        queues : bool
            Whether residents who may use the same outlet are joined.
        households : bool
            Whether residents of one household are joined.

        Returns
        -------
        ndarray of bool, shape (R,)
            One claim a resident.
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        people, outlets = len(residents), self.use.shape[1]
        number = np.unique(self.household, return_inverse=True)[1]
        size = people + outlets + int(number.max(initial=-1)) + 1
        pairs = [np.zeros((2, 0), np.int64)]
        if queues:
            row, outlet = self.use.nonzero()
            pairs.append(np.array([row // len(SERVICES), people + outlet]))
        if households:
            pairs.append(np.array([np.arange(people), people + outlets + number]))
        ends = np.concatenate(pairs, axis=1)
        graph = coo_array((np.ones(ends.shape[1], np.int32), (ends[0], ends[1])), shape=(size, size))
        label = connected_components(graph.tocsr(), directed=False)[1][:people]
        return np.isin(label, label[residents])


def links_of(design: Design, constants: Constants) -> Links:
    """
    Pair residents with the outlets around them.

    Parameters
    ----------
    design : Design
        For the residents, the roster and the reach table.
    constants : Constants
        For who can have anything delivered at all.

    Returns
    -------
    Links
        Over every stage of every scenario: an outlet that delivers in one of them may be ordered from.
    """
    from scipy.sparse import coo_array

    people, outlets = design.experiment.world.population, len(design.roster.facilities)
    row, outlet, usable = (
        np.concatenate([np.zeros(0, np.int64), *parts]) for parts in zip(*_pairs(design, constants), strict=True)
    )

    def table(keep: BoolArray) -> Any:
        ones, at = np.ones(int(keep.sum()), np.int32), (row[keep], outlet[keep])
        return coo_array((ones, at), shape=(len(people) * len(SERVICES), outlets)).tocsr()

    usable = usable.astype(bool)
    return Links(use=table(usable), sight=table(np.ones_like(usable)), household=people.household)


def _pairs(design: Design, constants: Constants) -> Iterator[_Pairs]:
    needed = _may_need(design)
    wants_visits = np.isin(design.experiment.world.population.mobility, (Mobility.AID, Mobility.HOMEBOUND))
    can_order = constants.alternative[age_group(design.experiment.world.population.age), :, 0] > UNAVAILABLE
    for s in range(len(SERVICES)):
        rows = np.flatnonzero(needed[:, s])
        yield _on_foot(design, s, rows)
        if design.experiment.mechanisms.home_visits:
            yield _by_visit(design, s, rows[wants_visits[rows]])
        yield _by_delivery(design, s, rows[can_order[rows, s]])


def _may_need(design: Design) -> BoolArray:
    """Tell which services each resident may ever need; with household bearers, those of the whole household."""
    people = design.experiment.world.population
    needed = np.zeros((len(people), len(SERVICES)), dtype=bool)
    for k, s in enumerate(KIND_SERVICE):
        needed[:, s] |= people.need_rate[:, k] > 0
    if design.experiment.mechanisms.household_bearers and len(people):
        number = np.unique(people.household, return_inverse=True)[1]
        together = np.zeros((int(number.max()) + 1, len(SERVICES)), dtype=bool)
        np.logical_or.at(together, number, needed)
        needed = together[number]
    return needed


def _on_foot(design: Design, service: int, rows: NDArray[np.integer]) -> _Pairs:
    """Outlets of a service in the reach table of each home."""
    pairs = [_in_reach(design, state, service, rows) for state in design.walks]
    who, facility, may = (np.concatenate(column) for column in zip(*pairs, strict=True))
    return who, facility, may


def _in_reach(design: Design, walks: Ways, service: int, rows: NDArray[np.integer]) -> _Pairs:
    """Outlets of a service in the reach table of each home under one state of the gates."""
    people, reach = design.experiment.world.population, walks.reach
    several = len(reach.ptr) - 1 > len(reach.origin_rows) * len(SERVICES)
    who, at = _around(design, walks, service, rows, class_of(people.mobility[rows]) if several else 0)
    # Minutes at the own pace on a dry street: nothing in the law makes anybody faster.
    walk = reach.metres[at].astype(np.float64) / people.speed_m_per_min[who]
    walks_there = people.mobility[who] != Mobility.HOMEBOUND
    return who * len(SERVICES) + service, reach.facility[at], (walk <= people.tolerance_min[who]) & walks_there


def _by_visit(design: Design, service: int, rows: NDArray[np.integer]) -> _Pairs:
    """Outlets around each home whose staff come in any stage, by the ways of staff, who walk freely."""
    stages = {id(stage): stage for stages in design.roster.stages for stage in stages}.values()
    comes = np.any([stage.may_stand & (stage.facilities.home_visits > 0) for stage in stages], axis=0)
    pairs = [(walks, *_around(design, walks, service, rows, 0)) for walks in design.walks]
    who = np.concatenate([who for _, who, _ in pairs])
    facility = np.concatenate([walks.reach.facility[at] for walks, _, at in pairs])
    return who * len(SERVICES) + service, facility, comes[facility]


def _around(
    design: Design, walks: Ways, service: int, rows: NDArray[np.integer], block: NDArray[np.integer] | int
) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Residents and positions in a reach table of the outlets around their homes, by the ways of some class."""
    reach = walks.reach
    origin = np.searchsorted(reach.origin_rows, design.experiment.world.population.home_row[rows])
    entry = (origin + block * len(reach.origin_rows)) * len(SERVICES) + service
    low, count = reach.ptr[entry], reach.ptr[entry + 1] - reach.ptr[entry]
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(low, count)
    return np.repeat(rows, count), at


def _by_delivery(design: Design, service: int, rows: NDArray[np.integer]) -> _Pairs:
    """Outlets that deliver a service in any stage; in straight-line metres, as in the law."""
    world, roster = design.experiment.world, design.roster.facilities
    radius = widest_radius(design.roster)
    deliver = np.flatnonzero((radius >= 0) & ((roster.services >> service) & 1 == 1))
    home, node = world.population.home_row[rows], roster.node_row[deliver]
    x, y = world.streets.x_m, world.streets.y_m
    metres = np.hypot(x[home][:, None] - x[node], y[home][:, None] - y[node])
    row = np.repeat(rows * len(SERVICES) + service, len(deliver))
    # A metre of slack: the law takes the root of a sum of squares, which may round to the other side.
    return row, np.tile(deliver, len(rows)), (metres <= radius[deliver] + 1.0).ravel()
