"""What one meets along a street: gates, steps, kerbs and slopes, from the file to the metres walked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from circlesim.errors import WorldError
from circlesim.testing import tiny_world
from circlesim.world.checks import behind_gates
from circlesim.world.demo import demo_world
from circlesim.world.folder import read_world, write_world
from circlesim.world.reach import components, walk_metres
from circlesim.world.snapping import snap
from circlesim.world.streets import EDGE_COLUMNS, Streets
from towns import grid, line


def gated_line() -> Streets:
    """Five nodes in a row; a gate between the second and the third, steps between the last two."""
    streets = line(5, 100.0)
    return replace(
        streets, gate=np.array(["", "east gate", "", ""]), steps=np.array([0, 0, 0, 1], np.uint8),
        kerbs=np.array([0, 2, 0, 0], np.uint8), slope=np.array([0.0, 0.0, 0.1, 0.0]),
    )  # fmt: skip


def test_streets_said_nothing_of_are_level_and_open() -> None:
    streets = line(4, 50.0)
    assert [len(getattr(streets, name)) for name in EDGE_COLUMNS] == [3] * 5
    assert not any(getattr(streets, name).astype(bool).any() for name in EDGE_COLUMNS)


def test_a_locked_gate_parts_a_street() -> None:
    streets = gated_line()
    assert components(streets).max() == 0
    shut = replace(streets, locked=(streets.gate != "").astype(np.uint8))
    assert components(shut).tolist() == [1, 1, 0, 0, 0]
    assert walk_metres(shut, np.array([0]), 1e6).node.tolist() == [0, 1]


def test_locking_gates_shortens_no_walk() -> None:
    rng = np.random.default_rng(4)
    streets = grid(6, 100.0)
    shut = replace(streets, locked=(rng.random(len(streets.length_m)) < 0.3).astype(np.uint8))
    before, after = (np.full((36, 36), np.inf) for _ in range(2))
    for town, table in ((streets, before), (shut, after)):
        reach = walk_metres(town, np.arange(36), 1e6)
        table[np.repeat(np.arange(36), np.diff(reach.ptr)), reach.node] = reach.metres
    assert (after >= before).all()
    assert (after > before).any()


def turned(streets: Streets) -> Streets:
    """The same streets with every edge written the other way round."""
    return replace(streets, from_row=streets.to_row, to_row=streets.from_row)


@pytest.mark.parametrize("way", [lambda streets: streets, turned])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_home_joining_a_gated_street_stands_on_the_far_side_of_its_one_gate(
    share: float, way: Callable[[Streets], Streets]
) -> None:
    streets = way(replace(gated_line(), locked=np.array([0, 1, 0, 0], np.uint8)))
    grown, rows, _ = snap(streets, x_m=np.array([100.0 + 100.0 * share, 350.0]), y_m=np.array([5.0, 5.0]))
    assert len(grown.length_m) == len(streets.length_m) + 4  # two streets split, two legs
    assert (grown.gate == "east gate").sum() == 1
    assert grown.kerbs.sum() == 2
    assert grown.locked.sum() == 1
    assert grown.length_m[grown.steps == 1].sum() == pytest.approx(100.0)
    assert grown.length_m[grown.slope > 0].sum() == pytest.approx(100.0)
    # The gate stands at the end with the smaller id, whichever way the street was written.
    reach = walk_metres(grown, np.array([2]), 1e6)
    met = dict(zip(reach.node.tolist(), reach.metres.tolist(), strict=True))
    assert met[int(rows[0])] == pytest.approx(100.0 * (1 - share) + 5.0)
    assert 0 not in met
    assert 1 not in met
    opened = walk_metres(grown.with_open_gates(), np.array([0]), 1e6)
    assert {int(rows[0]), int(rows[1]), 3} <= set(opened.node.tolist())


def test_who_stands_behind_a_locked_gate_belongs_to_the_circle_and_is_counted(tmp_path: Path) -> None:
    world = tiny_world(3, [{"age": 40}] * 12, 4)
    corner, edges = 0, len(world.streets.length_m)
    ends = (world.streets.from_row == corner) | (world.streets.to_row == corner)
    streets = replace(world.streets, gate=np.where(ends, "lane", ""), locked=ends.astype(np.uint8))
    people = replace(world.population, home_row=np.where(np.arange(12) < 5, corner, 5).astype(np.int32))
    assert 0 < ends.sum() < edges
    write_world(replace(world, streets=streets, population=people), tmp_path / "town")
    back = read_world(tmp_path / "town")
    assert behind_gates(back.streets, back.population.home_row) == 5
    assert behind_gates(back.streets.with_open_gates(), back.population.home_row) == 0


def test_a_lock_without_a_gate_is_a_fault(tmp_path: Path) -> None:
    world = tiny_world(3, [{"age": 40}] * 12, 4)
    locked = np.zeros(len(world.streets.length_m), np.uint8)
    locked[2] = 1
    write_world(replace(world, streets=replace(world.streets, locked=locked)), tmp_path / "town")
    with pytest.raises(WorldError, match=r"row 4, column gate: a locked street without a gate"):
        read_world(tmp_path / "town")


def test_a_world_folder_keeps_what_one_meets_on_its_streets(tmp_path: Path) -> None:
    world = tiny_world(3, [{"age": 40}] * 12, 4)
    edges = len(world.streets.length_m)
    gate = np.array(["", "north", "south", *[""] * (edges - 3)])
    streets = replace(
        world.streets, gate=gate, locked=(gate == "south").astype(np.uint8), slope=np.linspace(0.0, 0.2, edges),
        steps=np.arange(edges, dtype=np.uint8) % 2, kerbs=np.arange(edges, dtype=np.uint8) % 3,
    )  # fmt: skip
    write_world(replace(world, streets=streets), tmp_path / "town")
    back = read_world(tmp_path / "town")
    for name in EDGE_COLUMNS:
        assert np.array_equal(getattr(back.streets, name), getattr(streets, name)), name
    assert np.array_equal(back.population.stop_row, world.population.stop_row)


def test_a_stop_that_is_no_node_is_said(tmp_path: Path) -> None:
    write_world(tiny_world(3, [{"age": 40}] * 12, 4), tmp_path / "town")
    file = tmp_path / "town" / "residents.csv"
    header, first, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    cells[header.split(",").index("stop")] = "999999"
    file.write_text("\n".join([header, ",".join(cells), *rest]) + "\n", encoding="utf-8")
    with pytest.raises(WorldError, match="column stop"):
        read_world(tmp_path / "town")


def test_estates_of_the_old_town_have_a_gate_on_every_side_some_of_them_locked() -> None:
    town = demo_world("old_town", residents=20_700).streets
    gates = town.gate != ""
    assert 0 < town.locked.sum() < gates.sum()
    assert not (town.locked.astype(bool) & ~gates).any()
    assert len(set(town.gate[gates].tolist())) == gates.sum()
    assert components(town).max() == 0


def test_workers_and_students_of_the_old_town_pass_the_nearest_stop_and_nobody_else_does() -> None:
    world = demo_world("old_town", residents=2000)
    people = world.population
    passing = people.stop_row >= 0
    assert set(people.schedule[passing].tolist()) == {0, 1}
    stops = np.unique(people.stop_row[passing])
    near = walk_metres(world.streets, stops, 2000.0)
    metres = np.full((len(stops), len(world.streets)), np.inf)
    metres[np.repeat(np.arange(len(stops)), np.diff(near.ptr)), near.node] = near.metres
    home, own = people.home_row[passing], np.searchsorted(stops, people.stop_row[passing])
    assert np.array_equal(metres[own, home], metres[:, home].min(axis=0))


def test_columns_of_unequal_length_are_no_streets() -> None:
    with pytest.raises(ValueError, match="steps"):
        replace(line(4, 50.0), steps=np.zeros(9, np.uint8))
