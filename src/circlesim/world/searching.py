"""Searching: Dijkstra's algorithm from many sources, each to the end of a walk and no farther."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.compiled import compiled

_HEAP = "float64[::1],int32[::1]"


@compiled(f"void({_HEAP},int64,float64,int32)")
def rise(heap_m: Any, heap_node: Any, end: int, metres: float, node: int) -> None:
    """Put an entry at the end of a heap and let it rise to its place."""
    hole = end
    while hole > 0 and heap_m[(hole - 1) // 2] > metres:
        heap_m[hole], heap_node[hole] = heap_m[(hole - 1) // 2], heap_node[(hole - 1) // 2]
        hole = (hole - 1) // 2
    heap_m[hole], heap_node[hole] = metres, node


@compiled(f"void({_HEAP},int64)")
def sink(heap_m: Any, heap_node: Any, size: int) -> None:
    """Take the top off a heap that keeps `size` entries: the last one sinks from there."""
    metres, node, hole, below = heap_m[size], heap_node[size], 0, 1
    while below < size:
        if below + 1 < size and heap_m[below + 1] < heap_m[below]:
            below += 1
        if heap_m[below] >= metres:
            break
        heap_m[hole], heap_node[hole] = heap_m[below], heap_node[below]
        hole, below = below, 2 * below + 1
    heap_m[hole], heap_node[hole] = metres, node


@compiled(f"int64(int32[::1],int32[::1],float64[::1],int32,float64,float64[::1],int32[::1],{_HEAP})")
def search(
    first: Any, neighbour: Any, metres: Any, source: int, cap_m: float, far: Any, touched: Any, heap_m: Any,
    heap_node: Any,
) -> int:  # fmt: skip
    """Write the metres of every node within a walk into `far` and its row into `touched`; how many there are."""
    far[source], touched[0], reached = 0.0, source, 1
    heap_m[0], heap_node[0], size = 0.0, source, 1
    while size > 0:
        at, here = heap_m[0], heap_node[0]
        size -= 1
        sink(heap_m, heap_node, size)
        if at > far[here]:
            continue  # a shorter way was found since
        for edge in range(first[here], first[here + 1]):
            there, walk = neighbour[edge], at + metres[edge]
            if walk > cap_m or walk >= far[there]:
                continue
            if far[there] == np.inf:
                touched[reached] = there
                reached += 1
            far[there] = walk
            rise(heap_m, heap_node, size, walk, there)
            size += 1
    return reached


@compiled("Tuple((int64[::1],int32[::1],float64[::1]))(int32[::1],int32[::1],float64[::1],int32[::1],float64)")
def within_walk(first: Any, neighbour: Any, metres: Any, sources: Any, cap_m: float) -> Any:
    """
    Find the nodes within a walk of each source, in the ascending order of their rows.

    The network is in compressed rows: the edges of node n are ``first[n]:first[n + 1]``. Distances are those of
    any correct search, bit for bit: the least sum of metres, added up from the source. Only what a search has
    touched is cleared for the next, so that time goes with what is reached and not with the size of the city.
    """
    nodes = len(first) - 1
    far, touched = np.full(nodes, np.inf), np.empty(nodes, np.int32)
    heap_m, heap_node = np.empty(len(neighbour) + 1, np.float64), np.empty(len(neighbour) + 1, np.int32)
    ptr = np.zeros(len(sources) + 1, np.int64)
    node, found = np.empty(1024, np.int32), np.empty(1024, np.float64)
    for i in range(len(sources)):
        begun, end = ptr[i], ptr[i]
        if cap_m >= 0.0:
            end += search(first, neighbour, metres, sources[i], cap_m, far, touched, heap_m, heap_node)
        if end > len(node):
            room = max(2 * len(node), end)
            more_node, more_found = np.empty(room, np.int32), np.empty(room, np.float64)
            more_node[:begun], more_found[:begun] = node[:begun], found[:begun]
            node, found = more_node, more_found
        node[begun:end] = np.sort(touched[: end - begun])
        for k in range(begun, end):
            found[k] = far[node[k]]
            far[node[k]] = np.inf
        ptr[i + 1] = end
    return ptr, node[: ptr[-1]].copy(), found[: ptr[-1]].copy()
