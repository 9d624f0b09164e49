"""Shards: circles of a city that share no outlet, each run as a town of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.engine.prepared import Prepared
from circlesim.engine.stage import Stage
from circlesim.engine.ways import Ways
from circlesim.experiments.roster import Roster, same_facts
from circlesim.ledger import Page
from circlesim.world.facilities import Facilities
from circlesim.world.reach import ServiceReach
from circlesim.world.world import World

RowArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """
    Circles that are run together, and apart from all others.

    Parameters
    ----------
    circles : tuple of int
        Their numbers.
    residents : ndarray of int64, shape (r,)
        Rows of the world's residents, rising.
    facilities : ndarray of int64, shape (f,)
        Rows of the roster, rising.
    prepared : Prepared
        The part of the world.
    roster : Roster
        The part of the roster: its stages, fewer where what changes lies elsewhere.
    whole : bool
        Whether it is all of the world.
    """

    circles: tuple[int, ...]
    residents: RowArray
    facilities: RowArray
    prepared: Prepared
    roster: Roster
    whole: bool

    def in_world(self, page: Page) -> Page:
        """
        Write a page of the shard in rows of the world and of the roster.

        Parameters
        ----------
        page : Page
            A day of the shard.

        Returns
        -------
        Page
            The same page where the shard is all of the world; else one that shares its other columns.
        """
        if self.whole:
            return page
        resident, facility, first = page.resident.copy(), page.facility.copy(), page.first_choice.copy()
        n = page.rows
        resident[:n] = self.residents[page.resident[:n]]
        for column in (facility, first):
            there = column[:n] >= 0
            column[:n][there] = self.facilities[column[:n][there]]
        return replace(page, resident=resident, facility=facility, first_choice=first)


def shared_circles(world: World, walks: Sequence[Ways], roster: Roster) -> tuple[tuple[int, ...], ...]:
    """
    Group the circles whose residents may meet at an outlet.

    Two circles are joined where an outlet lies within the longest walk, or the widest delivery, of homes of both,
    or a household has members in both; and every circle with the outlets that carry its number.

    Parameters
    ----------
    world : World
        For the residents.
    walks : sequence of Ways
        Walking metres over the roster, by state of the gates.
    roster : Roster
        Every outlet that ever exists.

    Returns
    -------
    tuple of tuple of int
        Circle numbers, rising within and between groups.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    people, outlets = world.population, roster.facilities
    numbers = np.unique(np.concatenate([people.circle, outlets.circle]))
    if len(numbers) == 1:
        return ((int(numbers[0]),),)
    own = np.searchsorted(numbers, people.circle)
    outlet = len(numbers) + np.arange(len(outlets))
    house = len(numbers) + len(outlets) + np.unique(people.household, return_inverse=True)[1]
    ends = [
        np.array([np.searchsorted(numbers, outlets.circle), outlet]), np.array([own, house]),
        *(_walked(world, each.reach, own, len(numbers)) for each in walks),
        _delivered(world, roster, own, len(numbers)),
    ]  # fmt: skip
    pairs = np.concatenate(ends, axis=1)
    size = int(pairs.max()) + 1
    graph = coo_array((np.ones(pairs.shape[1], np.int8), (pairs[0], pairs[1])), shape=(size, size))
    label = connected_components(graph.tocsr(), directed=False)[1][: len(numbers)]
    groups = [tuple(numbers[label == each].tolist()) for each in dict.fromkeys(label.tolist())]
    return tuple(sorted(groups))


def _walked(world: World, reach: ServiceReach, own: NDArray[np.integer], circles: int) -> RowArray:
    """Circles and outlets around their homes, by the ways of any class."""
    origins = len(reach.origin_rows)
    home = np.searchsorted(reach.origin_rows, world.population.home_row)
    lives = np.unique(np.array([home, own]), axis=1)
    origin = np.repeat(np.arange(len(reach.ptr) - 1) // len(SERVICES), np.diff(reach.ptr)) % origins
    near = np.unique(np.array([origin, reach.facility]), axis=1)
    low, high = (np.searchsorted(near[0], lives[0], side) for side in ("left", "right"))
    at = np.arange((high - low).sum()) - np.repeat(np.cumsum(high - low) - (high - low), high - low)
    return np.array([np.repeat(lives[1], high - low), circles + near[1][at + np.repeat(low, high - low)]])


def _delivered(world: World, roster: Roster, own: NDArray[np.integer], circles: int) -> RowArray:
    """Circles and outlets that deliver to any of their homes, in any stage."""
    streets, outlets = world.streets, roster.facilities
    radius = widest_radius(roster)
    lives = np.unique(np.array([world.population.home_row, own]), axis=1)
    pairs = [np.zeros((2, 0), np.int64)]
    for facility in np.flatnonzero(radius >= 0):
        node = outlets.node_row[facility]
        metres = np.hypot(streets.x_m[lives[0]] - streets.x_m[node], streets.y_m[lives[0]] - streets.y_m[node])
        # A metre of slack: the law takes the root of a sum of squares, which may round to the other side.
        reached = np.unique(lives[1][metres <= radius[facility] + 1.0])
        pairs.append(np.array([reached, np.full(len(reached), circles + facility)]))
    return np.concatenate(pairs, axis=1)


def widest_radius(roster: Roster) -> NDArray[np.float64]:
    """
    Find how far each outlet ever delivers.

    Parameters
    ----------
    roster : Roster
        With the stages of all scenarios.

    Returns
    -------
    ndarray of float64, shape (F,)
        Metres in a straight line; -1 where it never delivers.
    """
    radius = np.full(len(roster.facilities), -1.0)
    stages = (roster.baseline, *roster.stages)
    for stage in {id(stage): stage for row in stages for stage in row}.values():
        there = stage.may_stand & (stage.facilities.delivery == 1)
        radius[there] = np.maximum(radius[there], stage.facilities.delivery_radius_m[there])
    return radius


def shards_of(
    whole: Prepared, world: World, walks: Sequence[Ways], roster: Roster,
    prepare_part: Callable[[World, Sequence[Ways]], Prepared],
) -> tuple[Shard, ...]:  # fmt: skip
    """
    Part a city into shards.

    Parameters
    ----------
    whole : Prepared
        The whole world, prepared.
    world : World
        The same before; its facilities are the roster.
    walks : sequence of Ways
        Walking metres over the roster, by state of the gates.
    roster : Roster
        Every outlet that ever exists, and its stages.
    prepare_part : callable
        Prepares a part of the world with its walks as `whole` was prepared.

    Returns
    -------
    tuple of Shard
        By circle number; one, the world itself, where all circles are joined or there is but one.
    """
    groups = shared_circles(world, walks, roster)
    if len(groups) > 1 and any(stage.possible is not None for stages in roster.stages for stage in stages):
        # A review looks at all circles on one day, and one budget is spent among them.
        groups = (tuple(circle for group in groups for circle in group),)
    if len(groups) == 1:
        everyone, all_outlets = np.arange(len(world.population)), np.arange(len(roster.facilities))
        return (Shard(circles=groups[0], residents=everyone, facilities=all_outlets, prepared=whole,
                      roster=roster, whole=True),)  # fmt: skip
    return tuple(_shard(world, walks, roster, circles, prepare_part) for circles in groups)


def _shard(
    world: World, walks: Sequence[Ways], roster: Roster, circles: tuple[int, ...],
    prepare_part: Callable[[World, Sequence[Ways]], Prepared],
) -> Shard:  # fmt: skip
    residents = np.flatnonzero(np.isin(world.population.circle, circles))
    facilities = np.flatnonzero(np.isin(roster.facilities.circle, circles))
    part = replace(
        world, population=world.population.take(residents), facilities=roster.facilities.take(facilities)
    )
    cut = _Cut(facilities)
    return Shard(
        circles=circles, residents=residents, facilities=facilities, whole=False,
        prepared=prepare_part(part, [_ways(part, each, residents, facilities) for each in walks]),
        roster=Roster(
            facilities=part.facilities, baseline=cut.stages(roster.baseline),
            stages=tuple(cut.stages(stages) for stages in roster.stages), gates=roster.gates,
            offers=tuple((services[facilities], walk_in[facilities]) for services, walk_in in roster.offers),
        ),
    )  # fmt: skip


def _ways(part: World, walks: Ways, residents: RowArray, facilities: RowArray) -> Ways:
    """The ways from the homes, outlets and stops of a part to its own outlets."""
    reach, people = walks.reach, part.population
    nodes = [people.home_row, part.facilities.node_row, people.stop_row[people.stop_row >= 0]]
    kept = np.flatnonzero(np.isin(reach.origin_rows, np.concatenate(nodes)))
    origins, services = len(reach.origin_rows), len(SERVICES)
    blocks = (len(reach.ptr) - 1) // (origins * services)
    row = ((np.arange(blocks)[:, None] * origins + kept)[..., None] * services + np.arange(services)).ravel()
    count = reach.ptr[row + 1] - reach.ptr[row]
    at = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(reach.ptr[row], count)
    place = np.searchsorted(facilities, reach.facility[at])
    # From an outlet at the edge one may reach others that none of the residents walks to: they are left out.
    own = facilities[np.minimum(place, len(facilities) - 1)] == reach.facility[at]
    entries = np.bincount(np.repeat(np.arange(len(row)), count)[own], minlength=len(row))
    return Ways(
        reach=ServiceReach(
            origin_rows=reach.origin_rows[kept], ptr=np.concatenate([[0], np.cumsum(entries)]).astype(np.int64),
            facility=place[own].astype(np.int32), metres=reach.metres[at[own]],
        ),
        trip_m=walks.trip_m[residents],
    )  # fmt: skip


class _Cut:
    """Cuts stages down to some outlets; equal facts stay one object, so that scenarios share their path."""

    def __init__(self, facilities: RowArray) -> None:
        self.rows = facilities
        self._tables: dict[int, tuple[Facilities, Facilities]] = {}
        self._made: dict[tuple[int, int, bytes, str | None, int], Stage] = {}

    def stages(self, stages: Sequence[Stage]) -> tuple[Stage, ...]:
        """The stages of one scenario, without those that change nothing here."""
        kept: list[Stage] = []
        for stage in stages:
            table, present = self._table(stage.facilities), stage.present[self.rows]
            last = kept[-1] if kept else None
            if last is not None and last.facilities is table and last.gates == stage.gates and (
                last.surface == stage.surface and np.array_equal(last.present, present)
            ):  # fmt: skip
                continue
            key = (stage.first_day, id(table), present.tobytes(), stage.surface, stage.gates)
            if key not in self._made:
                self._made[key] = replace(stage, facilities=table, present=present)
            kept.append(self._made[key])
        return tuple(kept)

    def _table(self, table: Facilities) -> Facilities:
        """Some rows of a table; an equal one made before, where there is one."""
        if id(table) not in self._tables:
            cut = table.take(self.rows)
            twin = next((other for _, other in self._tables.values() if same_facts(cut, other)), cut)
            # The table itself is kept, so that its identity cannot be taken over by another.
            self._tables[id(table)] = (table, twin)
        return self._tables[id(table)][1]
