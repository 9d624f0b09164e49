"""Footfall: visits from homes to outlets, and the streets they take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.compiled import compiled
from circlesim.ledger import Channel, Page
from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.world.reach import adjacency
from circlesim.world.streets import Streets
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "from_x", "from_y", "to_x", "to_y", "footfall", "from_node", "to_node", "from_lon", "from_lat", "to_lon",
    "to_lat", "length_m", "gate", "locked",
)  # fmt: skip


class Visits:
    """
    Counts visits on foot by home node and facility.

    Parameters
    ----------
    world : World
        For the homes; its facilities are the roster.
    """

    def __init__(self, world: World) -> None:
        self.homes, self._home = np.unique(world.population.home_row, return_inverse=True)
        self._nodes = world.facilities.node_row
        self.count = np.zeros((len(self.homes), len(world.facilities)))

    def add(self, page: Page) -> None:
        """
        Count one day.

        Parameters
        ----------
        page : Page
            A day of the ledger.
        """
        columns = page.columns()
        walked = columns["channel"] == Channel.WALK_IN
        home = self._home[columns["resident"][walked]]
        np.add.at(self.count, (home, columns["facility"][walked]), 1.0)

    def pairs(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """
        List the visits between two nodes.

        Returns
        -------
        tuple of ndarray, shape (P,)
            Node row of the home (rising), node row of the outlet, visits.
        """
        home, facility = np.nonzero(self.count)
        node = self._nodes[facility].astype(np.int64)
        key, row = np.unique(np.column_stack([self.homes[home], node]), axis=0, return_inverse=True)
        visits = np.bincount(row.ravel(), weights=self.count[home, facility], minlength=len(key))
        return key[:, 0].astype(np.int64), key[:, 1].astype(np.int64), visits.astype(np.float64)


def edge_table(world: World, streets: Streets, visits: Visits, days: int) -> pd.DataFrame:
    """
    Lay visits out on the streets, each by its shortest walk.

    Parameters
    ----------
    world : World
        For the homes.
    streets : Streets
        With the gates as they were.
    visits : Visits
        Visits of one scenario.
    days : int
        Days counted.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row an edge; `footfall` is passages a day on the way out, nan where the homes that use the
        edge hold fewer than 30 residents.
    """
    import pandas as pd

    passages, residents = _passages(world, streets, visits)
    shown = np.where(residents >= SMALLEST_GROUP, passages / max(days, 1), np.nan)
    shown[passages == 0] = 0.0
    a, b = streets.from_row, streets.to_row
    return pd.DataFrame({
        "from_x": streets.x_m[a], "from_y": streets.y_m[a], "to_x": streets.x_m[b], "to_y": streets.y_m[b],
        "footfall": shown, "from_node": streets.node[a], "to_node": streets.node[b], "from_lon": streets.lon[a],
        "from_lat": streets.lat[a], "to_lon": streets.lon[b], "to_lat": streets.lat[b],
        "length_m": streets.length_m, "gate": streets.gate.astype(object), "locked": streets.locked,
    })[list(COLUMNS)]  # fmt: skip


def _passages(world: World, streets: Streets, visits: Visits) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Passages by edge, and residents of the homes that use it."""
    from scipy.sparse.csgraph import dijkstra

    at_home = np.bincount(world.population.home_row, minlength=len(streets)).astype(np.float64)
    passages, residents = np.zeros(len(streets.from_row)), np.zeros(len(streets.from_row))
    home, node, count = visits.pairs()
    goal, row = np.unique(node, return_inverse=True)
    if len(goal):
        before = dijkstra(adjacency(streets), directed=True, indices=goal, return_predecessors=True)[1]
        _walk(before, row, home, count, *_edge_index(streets), at_home, passages, residents)
    return passages, residents


def _edge_index(streets: Streets) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Edges by node that are not locked: pointers, far ends, edge rows; the shortest of parallel edges first."""
    passable = np.flatnonzero(streets.locked == 0).astype(np.int64)
    one, other = streets.from_row[passable], streets.to_row[passable]
    ends = np.concatenate([one, other]).astype(np.int64)
    far = np.concatenate([other, one]).astype(np.int64)
    edge = np.tile(passable, 2)
    order = np.lexsort((streets.length_m[edge], far, ends))
    ptr = np.searchsorted(ends[order], np.arange(len(streets) + 1))
    return ptr.astype(np.int64), far[order], edge[order]


# Calls nothing that is compiled elsewhere, so a cached kernel cannot be stale.
@compiled()
def _walk(
    before: Any, row: Any, home: Any, count: Any, ptr: Any, far: Any, edge: Any, at_home: Any, passages: Any,
    residents: Any,
) -> None:  # fmt: skip
    """Walk every home to every outlet it visits; pairs come sorted by home, so each home counts once an edge."""
    seen = np.full(passages.size, -1, np.int64)
    for i in range(home.size):
        node = home[i]
        while before[row[i], node] >= 0:
            ahead = before[row[i], node]
            for j in range(ptr[node], ptr[node + 1]):
                if far[j] == ahead:
                    passages[edge[j]] += count[i]
                    if seen[edge[j]] != home[i]:
                        seen[edge[j]] = home[i]
                        residents[edge[j]] += at_home[home[i]]
                    break
            node = ahead
