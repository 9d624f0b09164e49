"""Snapping: points join the street they stand on by an access leg, in the connected part people walk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.world.frame import fit_frame
from circlesim.world.reach import components
from circlesim.world.streets import EDGE_COLUMNS, Streets

LIMIT_M = 200.0
"""Longest access leg taken for granted; farther points are refused and reported."""
SAME_M = 0.001
"""Positions nearer than a millimetre are one."""
_STEP_M = 20.0
_ALL_ALONG = ("slope", "steps")
"""What holds of every part of an edge; a gate or a kerb stands at its end with the smaller node id."""

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Given = NDArray[np.float64] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapReport:
    """
    How points joined the streets.

    Parameters
    ----------
    points : int
        Points given.
    snapped : int
        Points that joined the largest connected part.
    beyond_limit : int
        Points with no street at all within the limit.
    minor_only : int
        Points refused because only a minor, cut-off part of the network is within the limit.
    rerouted : int
        Points whose nearest street is cut off and which joined the largest part instead.
    leg_m : dict of str to float
        Quantiles of the access legs: ``p50``, ``p90``, ``p99``, ``max``.
    limit_m : float
        Longest leg allowed.
    """

    points: int
    snapped: int
    beyond_limit: int
    minor_only: int
    rerouted: int
    leg_m: dict[str, float]
    limit_m: float

    def __str__(self) -> str:
        legs = ", ".join(f"{name} {metres:.0f} m" for name, metres in self.leg_m.items())
        return (
            f"{self.snapped} of {self.points} points joined the streets (access legs: {legs or 'none'}); "
            f"{self.beyond_limit} lie more than {self.limit_m:.0f} m from any street, {self.minor_only} near "
            f"a cut-off part only; {self.rerouted} were led past a cut-off street"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Nearest:
    """Nearest edge of each point: edge row (-1 none), share along it, foot of the leg, length of the leg."""

    edge: Rows
    share: Floats
    leg_m: Floats


def snap(
    streets: Streets,
    *,
    x_m: Floats | None = None,
    y_m: Floats | None = None,
    lon: Floats | None = None,
    lat: Floats | None = None,
    limit_m: float = LIMIT_M,
) -> tuple[Streets, NDArray[np.int32], SnapReport]:
    """
    Join points to the nearest street of the largest connected part.

    The street is split at the foot of the perpendicular (the parts add up to its length exactly) and a new
    node at the point is linked to the foot by a leg of the straight distance. Points less than a millimetre
    from the street stand on the street itself.

    Parameters
    ----------
    streets : Streets
        The network.
    x_m, y_m : ndarray of float64, shape (n,), optional
        Points in the world's metres.
    lon, lat : ndarray of float64, shape (n,), optional
        Points in degrees; give either metres or degrees.
    limit_m : float, default: LIMIT_M
        Longest access leg.

    Returns
    -------
    Streets
        The network with the new nodes below the old ones; old rows keep their place.
    ndarray of int32, shape (n,)
        Node row of each point; -1 where it was refused.
    SnapReport
        Counts and lengths.

    Raises
    ------
    ValueError
        If neither metres nor degrees are given.
    """
    points = _points(streets, x_m, y_m, lon, lat)
    # What a locked gate cuts off is part of the circle: a policy may open it.
    main = components(streets.with_open_gates())[streets.from_row] == 0
    nearest = _nearest(streets, np.flatnonzero(main), points[:, :2], limit_m)
    minor = _nearest(streets, np.flatnonzero(~main), points[:, :2], limit_m)
    joined, rows = _joined(streets, points, nearest)
    return joined, rows, _report(nearest, minor, limit_m)


def _points(streets: Streets, x_m: Given, y_m: Given, lon: Given, lat: Given) -> Floats:
    """Bring points to the columns x, y, longitude, latitude."""
    frame = fit_frame(streets)
    if x_m is not None and y_m is not None:
        x, y = np.asarray(x_m, float), np.asarray(y_m, float)
        return np.column_stack([x, y, *frame.degrees(x, y)])
    if lon is None or lat is None:
        raise ValueError("give points as x_m and y_m, or as lon and lat")
    east, north = np.asarray(lon, float), np.asarray(lat, float)
    return np.column_stack([*frame.metres(east, north), east, north])


def _report(nearest: _Nearest, minor: _Nearest, limit_m: float) -> SnapReport:
    on, near_minor = nearest.edge >= 0, minor.edge >= 0
    legs = nearest.leg_m[on]
    quantiles = dict(p50=0.5, p90=0.9, p99=0.99, max=1.0)
    return SnapReport(
        points=len(on),
        snapped=int(on.sum()),
        beyond_limit=int((~on & ~near_minor).sum()),
        minor_only=int((~on & near_minor).sum()),
        rerouted=int((on & near_minor & (minor.leg_m < nearest.leg_m)).sum()),
        leg_m={name: float(np.quantile(legs, q)) for name, q in quantiles.items()} if len(legs) else {},
        limit_m=limit_m,
    )


def _nearest(streets: Streets, edges: Rows, points: Floats, limit_m: float) -> _Nearest:
    """Exact nearest of some edges, found through samples along them."""
    from scipy.spatial import cKDTree

    nothing = _Nearest(
        edge=np.full(len(points), -1), share=np.zeros(len(points)), leg_m=np.full(len(points), np.inf)
    )
    if not len(edges) or not len(points):
        return nothing
    samples, owner = _samples(streets, edges)
    tree = cKDTree(samples)
    # The nearest edge has a sample within half a step of its foot, so no farther than this.
    nearest_m, _ = tree.query(points, distance_upper_bound=limit_m + _STEP_M)
    radius = np.asarray(nearest_m, dtype=np.float64) + _STEP_M / 2
    near = np.flatnonzero(np.isfinite(radius))
    if not len(near):
        return nothing
    found = tree.query_ball_point(points[near], radius[near])
    point = np.repeat(near, [len(hits) for hits in found])
    edge = owner[np.concatenate([np.asarray(hits, dtype=np.int64) for hits in found])]
    share, leg = _project(streets, points[point], edge)
    order = np.lexsort((edge, leg, point))
    first = order[np.unique(point[order], return_index=True)[1]]
    first = first[leg[first] <= limit_m]
    nothing.edge[point[first]] = edge[first]
    nothing.share[point[first]] = share[first]
    nothing.leg_m[point[first]] = leg[first]
    return nothing


def _ends(streets: Streets, edges: Rows) -> tuple[Floats, Floats]:
    a, b = streets.from_row[edges], streets.to_row[edges]
    return (
        np.column_stack([streets.x_m[a], streets.y_m[a]]),
        np.column_stack([streets.x_m[b], streets.y_m[b]]),
    )


def _samples(streets: Streets, edges: Rows) -> tuple[Floats, Rows]:
    """Points along edges, at most a step apart, and the edge of each."""
    start, end = _ends(streets, edges)
    pieces = np.maximum(1, np.ceil(np.hypot(*(end - start).T) / _STEP_M).astype(np.int64))
    owner = np.repeat(np.arange(len(edges)), pieces + 1)
    rank = np.arange(len(owner)) - np.repeat(np.cumsum(pieces + 1) - pieces - 1, pieces + 1)
    share = (rank / pieces[owner])[:, None]
    return start[owner] * (1 - share) + end[owner] * share, edges[owner]


def _project(streets: Streets, points: Floats, edges: Rows) -> tuple[Floats, Floats]:
    """Share along the straight edge of the foot of each point, and its distance."""
    start, end = _ends(streets, edges)
    along = end - start
    length2 = np.einsum("ij,ij->i", along, along)
    share = np.einsum("ij,ij->i", points - start, along) / np.where(length2 > 0, length2, 1.0)
    share = np.clip(share, 0.0, 1.0)
    foot = start + share[:, None] * along
    return share, np.hypot(*(points - foot).T)


class _Growth:
    """New nodes and edges of a network while points join it."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        self.nodes: list[tuple[float, float, float, float]] = []
        self.edges: list[tuple[int, int, float]] = []
        self.parts: list[tuple[int, bool]] = []
        self.dropped: set[int] = set()

    def node(self, x: float, y: float, lon: float, lat: float) -> int:
        self.nodes.append((x, y, lon, lat))
        return len(self.streets) + len(self.nodes) - 1

    def finish(self) -> Streets:
        old = self.streets
        if not self.nodes and not self.edges:
            return old
        keep = np.ones(len(old.length_m), dtype=bool)
        keep[list(self.dropped)] = False
        new = np.array(self.nodes, dtype=float).reshape(-1, 4)
        ends = np.array([edge[:2] for edge in self.edges], dtype=np.int32).reshape(-1, 2)
        length = np.array([edge[2] for edge in self.edges], dtype=float)
        met = {name: self._met(name, keep) for name in EDGE_COLUMNS}
        first = int(old.node.max()) + 1
        return Streets(
            node=np.concatenate([old.node, np.arange(first, first + len(new), dtype=np.int64)]),
            x_m=np.concatenate([old.x_m, new[:, 0]]),
            y_m=np.concatenate([old.y_m, new[:, 1]]),
            lon=np.concatenate([old.lon, new[:, 2]]),
            lat=np.concatenate([old.lat, new[:, 3]]),
            from_row=np.concatenate([old.from_row[keep], ends[:, 0]]),
            to_row=np.concatenate([old.to_row[keep], ends[:, 1]]),
            length_m=np.concatenate([old.length_m[keep], length]),
            **met,
        )

    def edge(self, first: int, second: int, length_m: float) -> None:
        """Add an edge of its own."""
        self.parts.append((-1, False))
        self.edges.append((first, second, length_m))

    def part(self, whole: int, first: int, second: int, length_m: float) -> None:
        """Add a part of an old edge in its place; a gate or a kerb is on the part at the smaller node id."""
        a, b = int(self.streets.from_row[whole]), int(self.streets.to_row[whole])
        gated_end = a if self.streets.node[a] < self.streets.node[b] else b
        self.parts.append((whole, gated_end in (first, second)))
        self.edges.append((first, second, length_m))
        self.dropped.add(whole)

    def _met(self, name: str, keep: NDArray[np.bool_]) -> Any:
        """What one meets along the edges: a part is as steep as the whole, and a gate or kerb stands once."""
        old = getattr(self.streets, name)
        whole, gated = (np.array([part[i] for part in self.parts], dtype=t) for i, t in ((0, int), (1, bool)))
        of_whole = whole >= 0
        if name not in _ALL_ALONG:
            of_whole &= gated
        grown = np.zeros(len(whole), old.dtype)
        grown[of_whole] = old[whole[of_whole]]
        return np.concatenate([old[keep], grown])


def _joined(streets: Streets, points: Floats, nearest: _Nearest) -> tuple[Streets, NDArray[np.int32]]:
    """Split edges and add legs; points at the same place share a node."""
    rows = np.full(len(points), -1, dtype=np.int32)
    growth = _Growth(streets)
    place: dict[tuple[float, float], int] = {}
    feet = _split(growth, nearest)
    for point in np.flatnonzero(nearest.edge >= 0).tolist():
        x, y, lon, lat = points[point].tolist()
        if (x, y) not in place:
            foot, leg = feet[point], float(nearest.leg_m[point])
            place[x, y] = foot if leg < SAME_M else growth.node(x, y, lon, lat)
            if leg >= SAME_M:
                growth.edge(foot, place[x, y], leg)
        rows[point] = place[x, y]
    return growth.finish(), rows


def _split(growth: _Growth, nearest: _Nearest) -> dict[int, int]:
    """Split each edge at the feet on it, in the order along the edge; the node row of each point's foot."""
    streets = growth.streets
    feet: dict[int, int] = {}
    on = np.flatnonzero(nearest.edge >= 0)
    order = on[np.lexsort((nearest.share[on], nearest.edge[on]))]
    for group in np.split(order, np.flatnonzero(np.diff(nearest.edge[order])) + 1):
        if len(group):
            _split_edge(growth, streets, int(nearest.edge[group[0]]), nearest.share[group], group, feet)
    return feet


def _split_edge(
    growth: _Growth, streets: Streets, edge: int, shares: Floats, points: Rows, feet: dict[int, int]
) -> None:
    """Split one edge; feet within a millimetre of each other or of an end are one."""
    a, b, length = int(streets.from_row[edge]), int(streets.to_row[edge]), float(streets.length_m[edge])
    last, at = a, 0.0
    for point, share in zip(points.tolist(), shares.tolist(), strict=True):
        metre = share * length
        if length - metre < SAME_M:
            feet[point] = b
        elif metre - at < SAME_M:
            feet[point] = last
        else:
            ends = ((float(c[a]), float(c[b])) for c in (streets.x_m, streets.y_m, streets.lon, streets.lat))
            new = growth.node(*(start + share * (end - start) for start, end in ends))
            growth.part(edge, last, new, metre - at)
            feet[point], last, at = new, new, metre
    if last != a:
        growth.part(edge, last, b, length - at)
