"""Walking metres are those of networkx, and the outlets within reach are all of them, nearest first."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from circlesim.catalog.services import SERVICES
from circlesim.world.facilities import COLUMNS, Facilities, concatenate_facilities
from circlesim.world.reach import adjacency, components, service_reach, to_networkx, walk_metres
from circlesim.world.streets import Streets

S = len(SERVICES)


def network(xy: np.ndarray, edges: list[tuple[int, int, float]]) -> Streets:
    ends = np.array([edge[:2] for edge in edges], dtype=np.int32).reshape(-1, 2)
    return Streets(
        node=np.arange(len(xy), dtype=np.int64) * 3 + 11,
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        lon=116.3 + xy[:, 0] / 85_000,
        lat=40.0 + xy[:, 1] / 111_000,
        from_row=ends[:, 0],
        to_row=ends[:, 1],
        length_m=np.array([edge[2] for edge in edges], dtype=float),
    )


def outlets(node_row: list[int], services: list[int], walk_in: list[int] | None = None) -> Facilities:
    n = len(node_row)
    columns = {name: np.zeros(n) for name in COLUMNS}
    columns |= {
        "facility": np.array([f"f{i}" for i in range(n)]),
        "id64": (np.arange(n, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(1 << 63),
        "node_row": np.array(node_row, dtype=np.int32),
        "services": np.array(services, dtype=np.uint32),
        "walk_in": np.array(walk_in or [1] * n, dtype=np.uint8),
    }
    return Facilities(**columns)  # type: ignore[arg-type]


@st.composite
def networks(draw: st.DrawFn) -> Streets:
    """Draw a graph with parallel edges, islands and lengths from millimetres to a kilometre."""
    n = draw(st.integers(2, 14))
    node = st.integers(0, n - 1)
    metres = st.floats(0.001, 1000, allow_nan=False)
    edges = draw(st.lists(st.tuples(node, node, metres).filter(lambda e: e[0] != e[1]), min_size=1, max_size=30))
    return network(np.zeros((n, 2)), edges)


def plain_graph(streets: Streets) -> nx.Graph:
    """Build the graph edge by edge, knowing nothing of the code under test but the columns."""
    graph = nx.Graph()
    graph.add_nodes_from(streets.node.tolist())
    for a, b, metres in zip(streets.from_row, streets.to_row, streets.length_m.tolist(), strict=True):
        ends = int(streets.node[a]), int(streets.node[b])
        if not graph.has_edge(*ends) or metres < graph.edges[ends]["length_m"]:
            graph.add_edge(*ends, length_m=metres)
    return graph


@given(networks())
@settings(deadline=None)
def test_the_graph_handed_over_is_the_network(streets: Streets) -> None:
    handed, plain = to_networkx(streets), plain_graph(streets)
    assert set(handed.nodes) == set(plain.nodes)
    assert {frozenset(e[:2]): e[2] for e in handed.edges(data="length_m")} == {
        frozenset(e[:2]): e[2] for e in plain.edges(data="length_m")
    }
    assert handed.nodes[int(streets.node[0])]["lon"] == streets.lon[0]


@given(networks(), st.floats(0, 2000), st.data())
@settings(deadline=None)
def test_walking_metres_are_those_of_networkx(streets: Streets, cap_m: float, data: st.DataObject) -> None:
    sources = data.draw(st.lists(st.integers(0, len(streets) - 1), min_size=1, max_size=4))
    found = walk_metres(streets, np.array(sources), cap_m)
    graph = plain_graph(streets)
    for k, source in enumerate(sources):
        wanted = nx.single_source_dijkstra_path_length(
            graph, int(streets.node[source]), cutoff=cap_m, weight="length_m"
        )
        part = slice(found.ptr[k], found.ptr[k + 1])
        metres = dict(zip(streets.node[found.node[part]].tolist(), found.metres[part].tolist(), strict=True))
        assert metres == pytest.approx(wanted, abs=0.01)


@given(networks(), st.floats(0, 1000), st.floats(0, 1000))
@settings(deadline=None)
def test_whoever_walks_farther_reaches_all_that_the_other_reaches(streets: Streets, a: float, b: float) -> None:
    near, far = (walk_metres(streets, np.array([0]), cap) for cap in sorted((a, b)))
    assert set(near.node.tolist()) <= set(far.node.tolist())


@given(networks(), st.floats(0, 2000), st.data())
@settings(deadline=None)
def test_every_walk_in_outlet_within_reach_is_listed_nearest_first(
    streets: Streets, cap_m: float, data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, 6))
    pick = st.lists(st.integers(0, len(streets) - 1), min_size=n, max_size=n)
    facilities = outlets(
        data.draw(pick),
        data.draw(st.lists(st.integers(0, 2**S - 1), min_size=n, max_size=n)),
        data.draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)),
    )
    origins = np.array([0, len(streets) - 1, 0])
    found = service_reach(streets, origins, facilities, cap_m)
    graph = plain_graph(streets)
    for o, origin in enumerate(origins.tolist()):
        metres = nx.single_source_dijkstra_path_length(
            graph, int(streets.node[origin]), cutoff=cap_m, weight="length_m"
        )
        for s in range(S):
            part = slice(found.ptr[o * S + s], found.ptr[o * S + s + 1])
            listed = list(zip(found.metres[part], facilities.id64[found.facility[part]], strict=True))
            assert listed == sorted(listed)
            offers = (facilities.services >> np.uint32(s) & np.uint32(1)) & facilities.walk_in
            near = [f for f in np.flatnonzero(offers) if int(streets.node[facilities.node_row[f]]) in metres]
            assert sorted(found.facility[part].tolist()) == near
            for f, walk in zip(found.facility[part].tolist(), found.metres[part].tolist(), strict=True):
                assert walk == pytest.approx(metres[int(streets.node[facilities.node_row[f]])], abs=0.01)


def grid(side: int) -> Streets:
    rows = np.arange(side * side).reshape(side, side)
    pairs = np.vstack(
        [
            np.column_stack([rows[:, :-1].ravel(), rows[:, 1:].ravel()]),
            np.column_stack([rows[:-1].ravel(), rows[1:].ravel()]),
        ]
    )
    xy = np.column_stack(np.divmod(np.arange(side * side), side)).astype(float) * 50
    return network(xy, [(int(a), int(b), 50.0) for a, b in pairs])


def test_a_node_exactly_at_the_cap_is_reached() -> None:
    streets = grid(3)
    assert len(walk_metres(streets, np.array([0]), 100.0).node) == 6
    assert len(walk_metres(streets, np.array([0]), 99.999).node) == 3
    facilities = outlets([2], [1])
    assert len(service_reach(streets, np.array([0]), facilities, 100.0).facility) == 1
    assert len(service_reach(streets, np.array([0]), facilities, 99.999).facility) == 0


def test_equal_walks_stand_in_the_order_of_ids_whatever_the_order_of_rows() -> None:
    streets = grid(5)
    facilities = outlets([12] * 20, [1] * 20)
    mixed = facilities.take(np.random.default_rng(1).permutation(20))
    one, other = (service_reach(streets, np.array([0, 3]), f, 1000.0) for f in (facilities, mixed))
    assert facilities.facility[one.facility].tolist() == mixed.facility[other.facility].tolist()
    assert (np.diff(facilities.id64[one.facility[:20]].astype(object)) > 0).all()


def test_what_one_source_reaches_does_not_depend_on_the_others() -> None:
    streets, sources = grid(30), np.array([899, 0, 0, 451, 7])
    together = walk_metres(streets, sources, 900.0)
    for i, source in enumerate(sources.tolist()):
        alone, own = walk_metres(streets, np.array([source]), 900.0), slice(together.ptr[i], together.ptr[i + 1])
        np.testing.assert_array_equal(alone.node, together.node[own])
        np.testing.assert_array_equal(alone.metres, together.metres[own])


@pytest.mark.parametrize("cap_m", [0.0, 150.0, 700.0, np.inf])
def test_metres_are_those_of_scipy_to_the_last_bit(cap_m: float) -> None:
    luck = np.random.default_rng(7)
    low, high = luck.integers(0, 400, (2, 900))
    edges = list(zip(low.tolist(), high.tolist(), (100.0 * luck.random(900) + 1e-3).tolist(), strict=True))
    streets, sources = network(np.zeros((400, 2)), edges), luck.integers(0, 400, 60)
    reach = walk_metres(streets, sources, cap_m)
    there = dijkstra(adjacency(streets), directed=True, indices=sources, limit=cap_m)
    row, node = np.nonzero(np.isfinite(there))
    np.testing.assert_array_equal(reach.ptr, np.searchsorted(row, np.arange(61)))
    np.testing.assert_array_equal(reach.node, node)
    np.testing.assert_array_equal(reach.metres, there[row, node])


def test_a_home_named_twice_has_the_same_outlets_twice() -> None:
    streets, facilities = grid(6), outlets([1, 8, 20], [1, 3, 7])
    twice = service_reach(streets, np.array([9, 3, 9]), facilities, 250.0)
    once = service_reach(streets, np.array([9, 3]), facilities, 250.0)
    count = once.ptr[S]
    np.testing.assert_array_equal(twice.facility, np.r_[once.facility, once.facility[:count]])
    np.testing.assert_array_equal(twice.metres, np.r_[once.metres, once.metres[:count]])


def test_a_new_outlet_only_adds_rows_to_what_is_within_reach() -> None:
    streets = grid(6)
    old = outlets([1, 8, 20], [1, 3, 7])
    new = outlets([30, 2, 2, 15], [1, 1, 1, 5]).take(np.array([3]))
    both = concatenate_facilities(old, new)
    before, after = (service_reach(streets, np.arange(36), f, 250.0) for f in (old, both))
    was = after.facility < len(old)
    np.testing.assert_array_equal(after.facility[was], before.facility)
    np.testing.assert_array_equal(after.metres[was], before.metres)


def test_the_largest_part_has_the_lowest_label() -> None:
    streets = network(np.zeros((6, 2)), [(0, 1, 5.0), (2, 3, 5.0), (3, 4, 5.0)])
    assert components(streets).tolist() == [1, 1, 0, 0, 0, 2]
