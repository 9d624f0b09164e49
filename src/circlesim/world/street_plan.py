"""Street plan: a synthetic town of superblocks with lanes inside and few gates that are open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.world.streets import EDGE_COLUMNS, Streets

METRES_PER_DEGREE = 111_195.0
"""Of latitude, and of longitude on the equator, where the synthetic town lies (mean Earth radius, IUGG)."""

# Words of the keys of this module.
_SHIFT_X, _SHIFT_Y, _LANE, _GATE, _SIDE, _LEAF = range(1, 7)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetPlan:
    """
    A walkable network with the roles of its nodes.

    Parameters
    ----------
    streets : Streets
        The network, in one piece.
    through_rows : ndarray of int32, shape (T,)
        Nodes on through streets, row by row of the grid.
    lane_rows : ndarray of int32, shape (L,)
        Nodes inside the estates; empty in a town of one point.
    crossing_rows : ndarray of int32, shape (C,)
        Nodes where two through streets cross.
    """

    streets: Streets
    through_rows: NDArray[np.int32]
    lane_rows: NDArray[np.int32]
    crossing_rows: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Lattice:
    """A square grid: `blocks` superblocks a side, each of `cells` lanes a side."""

    side_m: float
    blocks: int
    cells: int

    @property
    def width(self) -> int:
        return self.blocks * self.cells + 1

    def through(self) -> NDArray[np.bool_]:
        row, column = np.divmod(np.arange(self.width**2), self.width)
        on_line: NDArray[np.bool_] = (row % self.cells == 0) | (column % self.cells == 0)
        return on_line

    def crossings(self) -> NDArray[np.bool_]:
        row, column = np.divmod(np.arange(self.width**2), self.width)
        on_line: NDArray[np.bool_] = (row % self.cells == 0) & (column % self.cells == 0)
        return on_line

    def links(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        rows = np.arange(self.width**2, dtype=np.int32).reshape(self.width, self.width)
        first = np.concatenate([rows[:, :-1].ravel(), rows[:-1, :].ravel()])
        return first, np.concatenate([rows[:, 1:].ravel(), rows[1:, :].ravel()])


def street_plan(side_m: float, parameters: Parameters, seed: int) -> StreetPlan:
    """
    Lay out a square town: through streets around estates, irregular lanes inside, gates between.

    Lanes form a random tree plus a share of the rest; each side of an estate has one gate, and on the sides
    beyond the share of those that are used it is locked.

    Parameters
    ----------
    side_m : float
        Length of a side of the town.
    parameters : Parameters
        Spacing of streets and lanes, shares of lanes and gates.
    seed : int
        Root seed.

    Returns
    -------
    StreetPlan
        The network and the roles of its nodes.
    """
    blocks = max(1, round(side_m / parameters.number("superblock_m")))
    cells = max(3, round(side_m / blocks / parameters.number("lane_spacing_m")))
    lattice = _Lattice(side_m, blocks, cells)
    x, y = _positions(lattice, seed)
    first, second, gate, locked = _kept(lattice, parameters, seed)
    streets = _streets(x, y, first, second, gate=gate, locked=locked)
    through = lattice.through()
    return StreetPlan(
        streets=streets,
        through_rows=np.flatnonzero(through).astype(np.int32),
        lane_rows=np.flatnonzero(~through).astype(np.int32),
        crossing_rows=np.flatnonzero(lattice.crossings()).astype(np.int32),
    )


def _positions(lattice: _Lattice, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Grid points, shifted a little; a through street bends as a whole so that it stays a line."""
    step = lattice.side_m / (lattice.width - 1)
    row, column = np.divmod(np.arange(lattice.width**2, dtype=np.uint64), np.uint64(lattice.width))
    line = np.arange(lattice.width, dtype=np.uint64)
    bend_x = draws.uniforms(seed, draws.SYNTHESIS, _SHIFT_X, line) - 0.5
    bend_y = draws.uniforms(seed, draws.SYNTHESIS, _SHIFT_Y, line) - 0.5
    own = np.where(lattice.through(), 0.0, 0.5)
    shift_x = draws.uniforms(seed, draws.SYNTHESIS, _SHIFT_X, row, column) - 0.5
    shift_y = draws.uniforms(seed, draws.SYNTHESIS, _SHIFT_Y, row, column) - 0.5
    x = step * (column.astype(np.float64) + 0.5 * bend_x[column.astype(np.int64)] + own * shift_x)
    y = step * (row.astype(np.float64) + 0.5 * bend_y[row.astype(np.int64)] + own * shift_y)
    return x, y


def _kept(
    lattice: _Lattice, parameters: Parameters, seed: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.str_], NDArray[np.uint8]]:
    """Links of the grid that are streets, lanes or gates, with the names of the gates and those locked."""
    first, second = lattice.links()
    through = lattice.through()
    on_street = through[first].astype(np.int8) + through[second]
    lane = _lanes(first, second, on_street == 0, parameters.number("lane_kept_share"), seed)
    gate, used = _gates(lattice, first, second, on_street == 1, parameters.number("gate_side_share"), seed)
    # Locked gates stand below all that can be walked, so that nothing else moves for them.
    kept = np.concatenate([np.flatnonzero((on_street == 2) | lane | used), np.flatnonzero(gate & ~used)])
    name = np.char.mod("gate %03d", np.cumsum(gate))
    return first[kept], second[kept], np.where(gate, name, "")[kept], (gate & ~used)[kept].astype(np.uint8)


def _lanes(
    first: NDArray[np.int32], second: NDArray[np.int32], candidate: NDArray[np.bool_], share: float, seed: int
) -> NDArray[np.bool_]:
    """Lanes: a random spanning tree of each estate, and a share of the other links."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    luck = draws.uniforms(seed, draws.SYNTHESIS, _LANE, first.astype(np.uint64), second.astype(np.uint64))
    n = int(second.max()) + 1
    tree = minimum_spanning_tree(
        csr_array((luck[candidate], (first[candidate], second[candidate])), shape=(n, n))
    ).tocoo()
    in_tree = np.isin(first.astype(np.int64) * n + second, tree.row.astype(np.int64) * n + tree.col)
    other = draws.uniforms(seed, draws.SYNTHESIS, _LANE, second.astype(np.uint64), first.astype(np.uint64))
    return candidate & (in_tree | (other < share))


def _gates(
    lattice: _Lattice,
    first: NDArray[np.int32],
    second: NDArray[np.int32],
    candidate: NDArray[np.bool_],
    share: float,
    seed: int,
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Gates, the luckiest link on each side of an estate, and those in use: on a share of sides, at least one."""
    links = np.flatnonzero(candidate)
    inner = np.where(lattice.through()[first[links]], second[links], first[links])
    row, column = np.divmod(inner.astype(np.int64), lattice.width)
    block = row // lattice.cells * lattice.blocks + column // lattice.cells
    across = second[links] - first[links] == 1
    outward = inner == first[links]
    side = block * 4 + across * 2 + outward
    luck = draws.uniforms(seed, draws.SYNTHESIS, _GATE, links.astype(np.uint64))
    order = np.lexsort((luck, side))
    best = order[np.flatnonzero(np.diff(side[order], prepend=-1))]
    rank = draws.uniforms(seed, draws.SYNTHESIS, _SIDE, side[best].astype(np.uint64))
    always = np.lexsort((rank, block[best]))
    always = always[np.flatnonzero(np.diff(block[best][always], prepend=-1))]
    opens = rank < share
    opens[always] = True
    gate, used = np.zeros(len(first), dtype=bool), np.zeros(len(first), dtype=bool)
    gate[links[best]], used[links[best[opens]]] = True, True
    return gate, used


def _streets(
    x: NDArray[np.float64], y: NDArray[np.float64], first: NDArray[np.int32], second: NDArray[np.int32],
    **met: Any,
) -> Streets:  # fmt: skip
    return Streets(
        node=np.arange(1, len(x) + 1, dtype=np.int64),
        x_m=x,
        y_m=y,
        lon=x / METRES_PER_DEGREE,
        lat=y / METRES_PER_DEGREE,
        from_row=first.astype(np.int32),
        to_row=second.astype(np.int32),
        length_m=np.hypot(x[first] - x[second], y[first] - y[second]),
        **met,
    )


def with_leaves(streets: Streets, at_rows: NDArray[np.int32], leg_m: float, seed: int) -> Streets:
    """
    Add a node beside each given one, linked by an access leg; buildings stand there.

    Parameters
    ----------
    streets : Streets
        The network.
    at_rows : ndarray of int32, shape (B,)
        Node rows to build beside; the new nodes follow the old ones in this order.
    leg_m : float
        Mean length of a leg; legs run from half of it to one and a half.
    seed : int
        Root seed.

    Returns
    -------
    Streets
        The grown network.
    """
    number = np.arange(len(at_rows), dtype=np.uint64)
    angle = 2.0 * np.pi * draws.uniforms(seed, draws.SYNTHESIS, _LEAF, number, 0)
    leg = leg_m * (0.5 + draws.uniforms(seed, draws.SYNTHESIS, _LEAF, number, 1))
    x = np.concatenate([streets.x_m, streets.x_m[at_rows] + leg * np.cos(angle)])
    y = np.concatenate([streets.y_m, streets.y_m[at_rows] + leg * np.sin(angle)])
    leaf = np.arange(len(streets), len(streets) + len(at_rows), dtype=np.int32)
    ends = np.concatenate([streets.from_row, at_rows]), np.concatenate([streets.to_row, leaf])
    met = {name: getattr(streets, name) for name in EDGE_COLUMNS}
    legs = {name: np.concatenate([column, np.zeros(len(leaf), column.dtype)]) for name, column in met.items()}
    return _streets(x, y, *ends, **legs)
