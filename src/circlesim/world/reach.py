"""Reach: bounded many-to-many walking metres, as compressed rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.world.facilities import Facilities
from circlesim.world.streets import Streets

if TYPE_CHECKING:
    import networkx as nx

_S = len(SERVICES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """
    Which nodes can be walked to from each source, and how far they are.

    Parameters
    ----------
    ptr : ndarray of int64, shape (n + 1,)
        Entries of source i are ``ptr[i]:ptr[i + 1]``.
    node : ndarray of int32, shape (P,)
        Node rows, ascending within a source.
    metres : ndarray of float64, shape (P,)
        Shortest walk, at most the cap.
    """

    ptr: NDArray[np.int64]
    node: NDArray[np.int32]
    metres: NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceReach:
    """
    Which outlets offer a service within walking reach of each origin.

    Parameters
    ----------
    origin_rows : ndarray of int32, shape (O,)
        Node rows of the origins.
    ptr : ndarray of int64, shape (O * S + 1,)
        Entries of origin o and service s are ``ptr[o * S + s]:ptr[o * S + s + 1]``.
    facility : ndarray of int32, shape (P,)
        Facility rows, nearest first; equal metres in the order of `Facilities.id64`.
    metres : ndarray of float32, shape (P,)
        Shortest walk one way.
    """

    origin_rows: NDArray[np.int32]
    ptr: NDArray[np.int64]
    facility: NDArray[np.int32]
    metres: NDArray[np.float32]


def adjacency(streets: Streets) -> Any:
    """
    Return the network as a symmetric sparse matrix of metres.

    Of parallel edges the shortest counts; an edge from a node to itself, or with a locked gate, is left out.

    Parameters
    ----------
    streets : Streets
        The network.

    Returns
    -------
    scipy.sparse.csr_array, shape (N, N)
        Metres along each edge, both ways.
    """
    from scipy.sparse import csr_array

    open_to_all = streets.locked == 0
    low = np.minimum(streets.from_row, streets.to_row).astype(np.int64)[open_to_all]
    high = np.maximum(streets.from_row, streets.to_row).astype(np.int64)[open_to_all]
    length_m = streets.length_m[open_to_all]
    order = np.lexsort((length_m, high, low))
    low, high, metres = low[order], high[order], length_m[order]
    first = np.ones(len(low), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    first &= low != high
    low, high, metres = low[first], high[first], metres[first]
    n = len(streets)
    ends = np.concatenate([low, high]), np.concatenate([high, low])
    return csr_array((np.concatenate([metres, metres]), ends), shape=(n, n))


def walk_metres(streets: Streets, source_rows: NDArray[np.integer], cap_m: float) -> Reach:
    """
    Find every node within a walk of each source.

    Parameters
    ----------
    streets : Streets
        The network.
    source_rows : ndarray of int, shape (n,)
        Node rows to start from.
    cap_m : float
        Longest walk; a node exactly at the cap is reached.

    Returns
    -------
    Reach
        Node rows and metres by source.
    """
    from circlesim.world.searching import within_walk

    graph = adjacency(streets)
    first, neighbour = (np.ascontiguousarray(part, dtype=np.int32) for part in (graph.indptr, graph.indices))
    sources = np.ascontiguousarray(source_rows, dtype=np.int32)
    ptr, node, metres = within_walk(first, neighbour, graph.data, sources, float(cap_m))
    return Reach(ptr=ptr, node=node, metres=metres)


def nearest_metres(
    streets: Streets, source_rows: NDArray[np.integer], cap_m: float, graph: Any = None
) -> NDArray[np.float64]:
    """
    Walk from each node to the nearest of some sources.

    Parameters
    ----------
    streets : Streets
        The network.
    source_rows : ndarray of int, shape (n,)
        Node rows.
    cap_m : float
        Longest walk; a node exactly at the cap is reached.
    graph : sparse matrix, optional
        The streets as `adjacency` lays them out, where that has been done.

    Returns
    -------
    ndarray of float64, shape (N,)
        Metres; inf beyond the cap, and everywhere where there is no source.
    """
    from scipy.sparse.csgraph import dijkstra

    if not len(source_rows):
        return np.full(len(streets), np.inf)
    graph = adjacency(streets) if graph is None else graph
    found = dijkstra(graph, directed=True, indices=source_rows, limit=cap_m, min_only=True)
    return np.asarray(found, dtype=np.float64)


def service_reach(
    streets: Streets, origin_rows: NDArray[np.integer], facilities: Facilities, cap_m: float
) -> ServiceReach:
    """
    Find, for each origin and service, every walk-in outlet within a walk.

    Searched from the outlets, which are fewer than the homes; the streets are walked both ways.

    Parameters
    ----------
    streets : Streets
        The network.
    origin_rows : ndarray of int, shape (O,)
        Node rows of the origins.
    facilities : Facilities
        Outlets, shape (F,); delivery-only ones are left out.
    cap_m : float
        Longest walk; an outlet exactly at the cap is reached.

    Returns
    -------
    ServiceReach
        Facility rows and metres by origin and service.
    """
    origins = np.asarray(origin_rows, dtype=np.int32)
    # Rows in the order of their ids, so that a stable sort by metres breaks ties by id.
    rows = np.flatnonzero(facilities.walk_in != 0)
    rows = rows[np.argsort(facilities.id64[rows], kind="stable")]
    origin, facility, metres = _pairs(streets, origins, facilities.node_row[rows], cap_m)
    key, row, metres = _by_service(origin, rows[facility], metres, facilities.services)
    # The bits of a positive float32 sort as the number does: one sort on (origin, service, metres).
    order = np.argsort(key << np.int64(32) | metres.view(np.int32).astype(np.int64), kind="stable")
    ptr = np.zeros(len(origins) * _S + 1, dtype=np.int64)
    np.cumsum(np.bincount(key, minlength=len(origins) * _S), out=ptr[1:])
    return ServiceReach(origin_rows=origins, ptr=ptr, facility=row[order].astype(np.int32), metres=metres[order])


def _pairs(
    streets: Streets, origins: NDArray[np.int32], nodes: NDArray[np.int32], cap_m: float
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Pairs (origin, position in `nodes`, metres) within the cap, by position."""
    sources, at = np.unique(nodes, return_inverse=True)
    near = _at_origins(walk_metres(streets, sources, cap_m), origins, len(streets))
    count = np.diff(near.ptr)[at]
    first = np.cumsum(count) - count
    pick = np.arange(int(count.sum())) + np.repeat(near.ptr[at] - first, count)
    position = np.repeat(np.arange(len(nodes), dtype=np.int32), count)
    return near.node[pick], position, near.metres[pick].astype(np.float32)


def _at_origins(reach: Reach, origins: NDArray[np.int32], nodes: int) -> Reach:
    """Reach with nodes put as positions of the origins that stand there: none, one, or several."""
    here = np.bincount(origins, minlength=nodes)
    first = np.cumsum(here) - here
    by_node = np.argsort(origins, kind="stable").astype(np.int32)
    times = here[reach.node]
    ends = np.concatenate([[0], np.cumsum(times)])
    place = np.arange(int(ends[-1])) + np.repeat(first[reach.node] - ends[:-1], times)
    return Reach(ptr=ends[reach.ptr], node=by_node[place], metres=np.repeat(reach.metres, times))


def _by_service(
    origin: NDArray[np.int32],
    facility: NDArray[np.integer],
    metres: NDArray[np.float32],
    services: NDArray[np.uint32],
) -> tuple[NDArray[np.int64], NDArray[np.integer], NDArray[np.float32]]:
    """Repeat each pair once per service offered; the key is ``origin * S + service``."""
    keys: list[NDArray[np.int64]] = []
    picks: list[NDArray[np.intp]] = []
    offered = services[facility]
    for service in range(_S):
        pick = np.flatnonzero(offered >> np.uint32(service) & np.uint32(1))
        keys.append(origin[pick].astype(np.int64) * _S + service)
        picks.append(pick)
    pick = np.concatenate(picks)
    return np.concatenate(keys), facility[pick], metres[pick]


def components(streets: Streets) -> NDArray[np.int32]:
    """
    Label the connected parts of the network, the largest (by nodes) first.

    Parameters
    ----------
    streets : Streets
        The network.

    Returns
    -------
    ndarray of int32, shape (N,)
        0 for nodes of the largest part, 1 for the next, and so on.
    """
    from scipy.sparse.csgraph import connected_components

    _, label = connected_components(adjacency(streets), directed=False)
    size = np.bincount(label, minlength=1)
    rank = np.empty(len(size), dtype=np.int32)
    rank[np.argsort(-size, kind="stable")] = np.arange(len(size))
    return rank[label]


def to_networkx(streets: Streets) -> nx.Graph:
    """
    Hand the network over to networkx.

    Parameters
    ----------
    streets : Streets
        The network.

    Returns
    -------
    networkx.Graph
        Nodes are node *ids* with ``x_m``, ``y_m``, ``lon``, ``lat``; edges carry ``length_m``.
    """
    import networkx as nx

    graph = nx.Graph()
    for row, node in enumerate(streets.node.tolist()):
        at = {name: float(getattr(streets, name)[row]) for name in ("x_m", "y_m", "lon", "lat")}
        graph.add_node(node, **at)
    matrix = adjacency(streets).tocoo()
    node = streets.node.tolist()
    for a, b, metres in zip(matrix.row.tolist(), matrix.col.tolist(), matrix.data.tolist(), strict=True):
        graph.add_edge(node[a], node[b], length_m=metres)
    return graph
