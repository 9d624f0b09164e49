"""Points join the street they stand on, and joining changes no walk between others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.world.frame import fit_frame
from circlesim.world.reach import components, walk_metres
from circlesim.world.snapping import snap
from circlesim.world.streets import Streets


def network(xy: np.ndarray, pairs: np.ndarray, stretch: float = 1.0) -> Streets:
    a, b = pairs[:, 0], pairs[:, 1]
    return Streets(
        node=np.arange(len(xy), dtype=np.int64) + 100,
        x_m=xy[:, 0],
        y_m=xy[:, 1],
        lon=24.94 + xy[:, 0] / 55_000,
        lat=60.17 + xy[:, 1] / 111_195,
        from_row=a.astype(np.int32),
        to_row=b.astype(np.int32),
        length_m=np.hypot(*(xy[a] - xy[b]).T) * stretch,
    )


def winding(seed: int, n: int = 40) -> Streets:
    """Draw a connected network: a random tree and some more streets, all longer than straight."""
    luck = np.random.default_rng(seed)
    xy = luck.uniform(0, 600, (n, 2))
    tree = np.column_stack([np.arange(1, n), [luck.integers(0, k) for k in range(1, n)]])
    more = luck.integers(0, n, (n, 2))
    return network(xy, np.vstack([tree, more[more[:, 0] != more[:, 1]]]), 1.2)


def all_walks(streets: Streets, n: int) -> np.ndarray:
    reach = walk_metres(streets, np.arange(n), 1e9)
    walks = np.full((n, len(streets)), np.inf)
    walks[np.repeat(np.arange(n), np.diff(reach.ptr)), reach.node] = reach.metres
    return walks


@given(st.integers(0, 10_000), st.integers(1, 30))
@settings(deadline=None, max_examples=40)
def test_splitting_a_street_keeps_all_walks(seed: int, points: int) -> None:
    streets = winding(seed)
    xy = np.random.default_rng(seed + 1).uniform(-50, 650, (points, 2))
    joined, rows, report = snap(streets, x_m=xy[:, 0], y_m=xy[:, 1])
    n = len(streets)
    np.testing.assert_allclose(all_walks(joined, n)[:, :n], all_walks(streets, n), rtol=0, atol=1e-6)
    assert (joined.length_m > 0).all()
    assert report.snapped == (rows >= 0).sum()
    np.testing.assert_array_equal(joined.node[:n], streets.node)


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=20)
def test_the_access_leg_is_the_way_to_the_nearest_street(seed: int) -> None:
    streets = winding(seed, 15)
    xy = np.random.default_rng(seed + 1).uniform(0, 600, (10, 2))
    joined, rows, _ = snap(streets, x_m=xy[:, 0], y_m=xy[:, 1], limit_m=2000.0)
    start = np.column_stack([streets.x_m, streets.y_m])[streets.from_row]
    along = np.column_stack([streets.x_m, streets.y_m])[streets.to_row] - start
    for point, row in zip(xy, rows, strict=True):
        share = np.clip(((point - start) * along).sum(1) / (along**2).sum(1), 0, 1)
        nearest = np.hypot(*(start + share[:, None] * along - point).T).min()
        if row >= len(streets):
            legs = joined.length_m[(joined.to_row == row) | (joined.from_row == row)]
            assert np.isclose(legs, nearest, atol=1e-6).any()
        assert (joined.x_m[row], joined.y_m[row]) == pytest.approx(tuple(point), abs=2e-3)


def test_the_order_of_points_changes_no_walk() -> None:
    streets = winding(5)
    xy = np.random.default_rng(6).uniform(0, 600, (25, 2))
    order = np.random.default_rng(7).permutation(25)
    one, rows = snap(streets, x_m=xy[:, 0], y_m=xy[:, 1])[:2]
    other, mixed = snap(streets, x_m=xy[order, 0], y_m=xy[order, 1])[:2]
    a = all_walks(one, len(streets))[:, rows[order]]
    b = all_walks(other, len(streets))[:, mixed]
    np.testing.assert_allclose(a, b, rtol=0, atol=1e-6)


def island() -> Streets:
    """A main street 0-1-2 along y = 0, and a cut-off street 3-4 along y = 30."""
    xy = np.array([[0, 0], [200, 0], [400, 0], [0, 30], [100, 30]], dtype=float)
    return network(xy, np.array([[0, 1], [1, 2], [3, 4]]))


def test_points_beside_a_cut_off_street_are_led_past_it_and_counted() -> None:
    x, y = np.array([50.0, 50.0, 50.0, 50.0]), np.array([28.0, 100.0, 125.0, 900.0])
    joined, rows, report = snap(island(), x_m=x, y_m=y, limit_m=110.0)
    assert (rows >= 0).tolist() == [True, True, False, False]
    assert (report.rerouted, report.minor_only, report.beyond_limit) == (2, 1, 1)
    assert (components(joined)[rows[:2]] == 0).all()
    assert report.leg_m["max"] == pytest.approx(100)
    assert "2 of 4 points" in str(report)


def test_points_on_the_street_and_at_its_ends_need_no_leg() -> None:
    x, y = np.array([0.0, 100.0, 100.0, 200.0]), np.zeros(4)
    joined, rows, report = snap(island(), x_m=x, y_m=y)
    assert rows.tolist() == [0, 5, 5, 1]
    assert len(joined) == 6
    assert report.leg_m["max"] == 0


def test_points_at_one_place_share_a_node() -> None:
    rows = snap(island(), x_m=np.full(3, 70.0), y_m=np.full(3, 12.0))[1]
    assert len(set(rows.tolist())) == 1


def test_no_points_change_nothing() -> None:
    streets = island()
    joined, rows, report = snap(streets, x_m=np.empty(0), y_m=np.empty(0))
    assert joined is streets
    assert len(rows) == 0
    assert report.points == 0


def test_degrees_and_metres_lead_to_the_same_street() -> None:
    streets = winding(9)
    frame = fit_frame(streets)
    xy = np.random.default_rng(3).uniform(0, 600, (20, 2))
    lon, lat = frame.degrees(xy[:, 0], xy[:, 1])
    x, y = frame.metres(lon, lat)
    np.testing.assert_allclose(np.column_stack([x, y]), xy, atol=1e-6)
    one = snap(streets, x_m=xy[:, 0], y_m=xy[:, 1])[0]
    other = snap(streets, lon=lon, lat=lat)[0]
    np.testing.assert_allclose(one.length_m, other.length_m, atol=1e-5)


def test_a_frame_turned_and_shifted_is_learned_from_its_nodes() -> None:
    streets = winding(11)
    turn = np.array([[0.9994, -0.0349], [0.0349, 0.9994]])
    x, y = turn @ np.vstack([streets.x_m, streets.y_m]) + np.array([[385_000.0], [6_671_000.0]])
    frame = fit_frame(
        Streets(
            node=streets.node, x_m=x, y_m=y, lon=streets.lon, lat=streets.lat,
            from_row=streets.from_row, to_row=streets.to_row, length_m=streets.length_m,
        )
    )  # fmt: skip
    assert frame.misfit_m < 0.05
    assert frame.scale == pytest.approx((1.0, 1.0), abs=0.02)
