"""Siting: rules that say where new outlets go. All are deterministic; ties go to the lowest node id."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import SITING, hash_id, uniforms
from circlesim.world import reach as ways
from circlesim.world.population import Mobility
from circlesim.world.reach import Reach, walk_metres
from circlesim.world.streets import Streets
from circlesim.world.world import World

FARTHEST_M = 10_000.0
"""A home farther than this from every outlet, or cut off from all, counts as this far: beyond any walk."""

_BATCH = 64
"""Candidate sites measured at once: bounds memory, changes no result."""

RowArray = NDArray[np.int64]


def candidate_rows(world: World) -> RowArray:
    """
    List the nodes where an outlet may be put: where a resident lives or a facility stands.

    Parameters
    ----------
    world : World
        The neighbourhood.

    Returns
    -------
    ndarray of int64, shape (C,)
        Node rows, by node id.
    """
    rows = np.union1d(world.population.home_row, world.facilities.node_row).astype(np.int64)
    return rows[np.argsort(world.streets.node[rows], kind="stable")]


def apart_rows(world: World, buffer_m: float) -> RowArray:
    """
    List the nodes that lie so far from every home.

    Parameters
    ----------
    world : World
        The neighbourhood.
    buffer_m : float
        Metres in a straight line, as noise travels.

    Returns
    -------
    ndarray of int64, shape (C,)
        Node rows, by node id; any nodes of the streets.
    """
    from scipy.spatial import cKDTree

    streets = world.streets
    place = np.column_stack([streets.x_m, streets.y_m])
    homes = np.unique(world.population.home_row)
    away = cKDTree(place[homes]).query(place)[0] if len(homes) else np.full(len(streets), np.inf)
    rows = np.flatnonzero(away >= buffer_m).astype(np.int64)
    return rows[np.argsort(streets.node[rows], kind="stable")]


def circles_of(world: World, rows: RowArray) -> RowArray:
    """
    Find the circle of nodes.

    Parameters
    ----------
    world : World
        The neighbourhood.
    rows : ndarray of int64, shape (n,)
        Node rows.

    Returns
    -------
    ndarray of int64, shape (n,)
        That of the nearest home in a straight line, 0 where nobody lives.
    """
    from scipy.spatial import cKDTree

    homes, first = np.unique(world.population.home_row, return_index=True)
    if not len(homes):
        return np.zeros(len(rows), dtype=np.int64)
    place = np.column_stack([world.streets.x_m, world.streets.y_m])
    nearest = cKDTree(place[homes]).query(place[rows])[1]
    circles: RowArray = world.population.circle[first[nearest]].astype(np.int64)
    return circles


def beside_rows(world: World, formats: tuple[str, ...]) -> RowArray:
    """
    List the nodes where an outlet of some formats stands.

    Parameters
    ----------
    world : World
        The neighbourhood.
    formats : tuple of str
        The formats.

    Returns
    -------
    ndarray of int64, shape (C,)
        Node rows, by node id.
    """
    wanted = np.isin(world.facilities.format, world.formats.numbers(formats))
    rows = np.unique(world.facilities.node_row[wanted]).astype(np.int64)
    return rows[np.argsort(world.streets.node[rows], kind="stable")]


def rival_rows(world: World, format_id: str) -> RowArray:
    """
    List the nodes of walk-in outlets that do what an outlet of a format would do.

    Parameters
    ----------
    world : World
        The neighbourhood; outlets count whatever their hours and licence dates.
    format_id : str
        The format: an outlet counts where it is of this format or offers every service of the format.

    Returns
    -------
    ndarray of int64, shape (n,)
        Node rows, each once.
    """
    mask = np.uint32(world.formats.row(format_id).services_mask)
    facilities = world.facilities
    same = facilities.format == world.formats.number(format_id)
    if mask:
        same |= (facilities.services & mask) == mask
    return np.unique(facilities.node_row[same & (facilities.walk_in != 0)]).astype(np.int64)


def random_sites(world: World, format_id: str, count: int, seed: int, places: RowArray | None = None) -> RowArray:
    """
    Draw sites: every candidate node is as likely as any other, none is drawn twice.

    Sites are keyed by node id, so that the first sites of a longer list are those of a shorter one.

    Parameters
    ----------
    world : World
        The neighbourhood.
    format_id : str
        Format of the new outlets; other formats draw other sites under the same seed.
    count : int
        Number of sites, at most the candidates.
    seed : int
        The policy's own seed.
    places : ndarray of int64, optional
        Node rows to choose from; `candidate_rows` where left out.

    Returns
    -------
    ndarray of int64, shape (count,)
        Node rows, in the order drawn.
    """
    rows = candidate_rows(world) if places is None else places
    luck = uniforms(seed, SITING, hash_id(format_id), world.streets.node[rows].astype(np.uint64))
    return rows[np.argsort(luck, kind="stable")[:count]]


def largest_gap(
    world: World, format_id: str, count: int, before: tuple[int, ...] = (), places: RowArray | None = None
) -> RowArray:
    """
    Put each outlet where the gap is largest, one after the other.

    The gap of a node is the number of residents who live there times the metres they walk to the nearest outlet
    that does what the new one would (see `rival_rows`), the sites already chosen included; metres count up to
    `FARTHEST_M`. A node is chosen once.

    Parameters
    ----------
    world : World
        The neighbourhood.
    format_id : str
        Format of the new outlets.
    count : int
        Number of sites, at most the candidates.
    before : tuple of int, default: ()
        Node rows already chosen by another rule.
    places : ndarray of int64, optional
        Node rows to choose from; `candidate_rows` where left out.

    Returns
    -------
    ndarray of int64, shape (count,)
        Node rows, in the order chosen.
    """
    rows = candidate_rows(world) if places is None else places
    residents = np.bincount(world.population.home_row, minlength=len(world.streets))[rows]
    chosen = list(before)
    metres = nearest_metres(world.streets, np.append(rival_rows(world, format_id), chosen).astype(np.int64))
    for _ in range(count):
        gap = residents * metres[rows]
        gap[np.isin(rows, chosen)] = -1.0
        site = int(rows[np.argmax(gap)])
        chosen.append(site)
        metres = np.minimum(metres, nearest_metres(world.streets, np.array([site])))
    return np.array(chosen[len(before) :], dtype=np.int64)


def spread(world: World, count: int) -> RowArray:
    """
    Spread places over the homes, whatever stands there already.

    Each is the candidate node where most residents times metres to the places chosen before come together; a node
    is chosen once.

    Parameters
    ----------
    world : World
        The neighbourhood.
    count : int
        Number of places; all candidate nodes where there are fewer.

    Returns
    -------
    ndarray of int64, shape (min(count, C),)
        Node rows, in the order chosen.
    """
    rows = candidate_rows(world)
    residents = np.bincount(world.population.home_row, minlength=len(world.streets))[rows]
    metres, chosen = np.full(len(world.streets), FARTHEST_M), np.empty(0, np.int64)
    for _ in range(min(count, len(rows))):
        gap = np.where(np.isin(rows, chosen), -1.0, residents * metres[rows])
        chosen = np.append(chosen, rows[np.argmax(gap)])
        metres = np.minimum(metres, nearest_metres(world.streets, chosen[-1:]))
    return chosen


def nearest_metres(streets: Streets, outlet_rows: RowArray) -> NDArray[np.float64]:
    """
    Measure the walk from every node to the nearest of some outlets.

    Parameters
    ----------
    streets : Streets
        The network.
    outlet_rows : ndarray of int64, shape (n,)
        Node rows of the outlets.

    Returns
    -------
    ndarray of float64, shape (N,)
        Metres, at most `FARTHEST_M`.
    """
    return np.minimum(ways.nearest_metres(streets, np.unique(outlet_rows), FARTHEST_M), FARTHEST_M)


def greedy_coverage(
    world: World, format_id: str, count: int, within_min: float, places: RowArray | None = None
) -> RowArray:
    """
    Put each outlet where it brings most residents within a walk who had none, one after the other.

    A resident is covered by an outlet where walking metres over *own* speed is at most `within_min`; outlets that
    do what the new one would (see `rival_rows`) cover from the start. The homebound walk nowhere and are not
    counted. Greedy choice reaches at least 1 - 1/e of the best cover (Nemhauser, Wolsey & Fisher 1978, doi
    10.1007/BF01588971). A node is chosen once. Where no site covers anybody more, the rest go where `largest_gap`
    puts them.

    Parameters
    ----------
    world : World
        The neighbourhood.
    format_id : str
        Format of the new outlets.
    count : int
        Number of sites, at most the candidates.
    within_min : float
        Minutes one way.
    places : ndarray of int64, optional
        Node rows to choose from; `candidate_rows` where left out.

    Returns
    -------
    ndarray of int64, shape (count,)
        Node rows, in the order chosen.
    """
    rows = candidate_rows(world) if places is None else places
    cover = _Cover(world, within_min)
    cover.add(rival_rows(world, format_id))
    # A gain never grows as outlets are added, so the last gain known bounds it: only leaders are counted again.
    bound = cover.gains(rows)
    chosen: list[int] = []
    for _ in range(count):
        site = _leader(bound, lambda place: int(cover.gains(rows[[place]])[0]))
        if bound[site] <= 0:
            rest = largest_gap(world, format_id, count - len(chosen), tuple(chosen), rows)
            return np.array([*chosen, *rest], dtype=np.int64)
        chosen.append(int(rows[site]))
        cover.add(rows[[site]])
        bound[site] = -1
    return np.array(chosen, dtype=np.int64)


def _leader(bound: RowArray, gain: Callable[[int], int]) -> int:
    """Find the first of the largest gains, sharpening upper bounds in place only where it matters."""
    while True:
        best = int(np.argmax(bound))
        now = gain(best)
        if now == bound[best]:
            return best
        bound[best] = now


class _Cover:
    """Which residents who walk are not yet covered, by home node."""

    def __init__(self, world: World, within_min: float) -> None:
        people = world.population
        walkers = np.flatnonzero(people.mobility != Mobility.HOMEBOUND)
        order = walkers[np.argsort(people.home_row[walkers], kind="stable")]
        self.streets = world.streets
        self.speed = people.speed_m_per_min[order]
        self.open = np.ones(len(order), dtype=bool)
        self.first = np.searchsorted(people.home_row[order], np.arange(len(world.streets) + 1))
        self.within_min = within_min
        self.cap_m = within_min * float(self.speed.max(initial=0.0))

    def _covered(self, reach: Reach) -> tuple[RowArray, RowArray]:
        """Pairs (entry of the reach, resident) within the walk."""
        size = np.diff(self.first)[reach.node]
        entry = np.repeat(np.arange(len(size)), size)
        start = np.cumsum(size) - size
        resident = self.first[reach.node][entry] + np.arange(len(entry)) - start[entry]
        within = reach.metres[entry] / self.speed[resident] <= self.within_min
        return entry[within], resident[within]

    def gains(self, rows: RowArray) -> RowArray:
        """Residents each site would newly cover."""
        return np.concatenate([np.zeros(0, np.int64), *self._batches(rows)])

    def _batches(self, rows: RowArray) -> Iterator[RowArray]:
        for start in range(0, len(rows), _BATCH):
            sites = rows[start : start + _BATCH]
            reach = walk_metres(self.streets, sites, self.cap_m)
            entry, resident = self._covered(reach)
            site = np.searchsorted(reach.ptr, entry[self.open[resident]], side="right") - 1
            yield np.bincount(site, minlength=len(sites)).astype(np.int64)

    def add(self, rows: RowArray) -> None:
        """Mark the residents these sites cover."""
        if len(rows):
            _, resident = self._covered(walk_metres(self.streets, rows, self.cap_m))
            self.open[resident] = False
