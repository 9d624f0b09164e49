"""Export and read back: the same world, to the last digit, from CSV and from GeoJSON."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from circlesim.building.geojson_tables import read_geojson_world
from circlesim.errors import WorldError
from circlesim.reporting.export.package import export_world
from circlesim.world.demo import demo_folder, demo_world
from circlesim.world.folder import read_world
from circlesim.world.world import World
from corner_folders import FILES, write_corner

NASTY = FILES["facilities.csv"].replace("Uncle Li", '"=1+1, ""Uncle"""').replace("Corner shop", "-早餐")


def same(one: World, other: World) -> bool:
    for name in ("streets", "population", "facilities"):
        here, there = getattr(one, name), getattr(other, name)
        for each in fields(here):
            a, b = getattr(here, each.name), getattr(there, each.name)
            if each.name == "formats":
                if a != b:
                    return False
                continue
            if not np.array_equal(a, b, equal_nan=a.dtype.kind in "fM"):
                return False
    keys = ("name", "crs", "currency", "synthetic", "title", "sources", "licences")
    return all(getattr(one, key) == getattr(other, key) for key in keys)


@pytest.mark.parametrize("what", ["corner", "helsinki", "old_town"])
def test_an_exported_world_reads_back_to_the_same_world(tmp_path: Path, what: str) -> None:
    source: Path | None = None
    if what == "corner":
        source = write_corner(tmp_path / "corner", facilities_csv=NASTY)
        world = read_world(source)
        assert '=1+1, "Uncle"' in world.facilities.name
    else:
        source = demo_folder(what) if what == "helsinki" else None
        world = demo_world(what) if source else demo_world(what, 700)
    done = export_world(world, source, tmp_path / "out", ("csv", "geojson"), people=True)
    assert same(read_world(done.folder / "world"), world)
    assert same(read_geojson_world(done.folder / "gis"), world)


def test_residents_who_were_listed_come_back_too(tmp_path: Path) -> None:
    from circlesim.world.folder import write_world

    world = demo_world("old_town", 300)
    write_world(world, tmp_path / "listed")
    listed = read_world(tmp_path / "listed")
    done = export_world(listed, tmp_path / "listed", tmp_path / "out", ("csv", "geojson"), people=True)
    assert same(read_geojson_world(done.folder / "gis"), listed)
    assert same(read_world(done.folder / "world"), listed)


def test_without_people_nobody_s_home_is_written(tmp_path: Path) -> None:
    source = write_corner(tmp_path / "corner")
    done = export_world(read_world(source), source, tmp_path / "out", ("csv", "geojson", "xlsx"))
    assert not [name for name in done.files if "homes" in name or "residents" in name or "census" in name]
    with pytest.raises(WorldError, match=r"residents\.csv"):
        read_geojson_world(done.folder / "gis")


def test_a_layer_that_is_none_is_a_fault(tmp_path: Path) -> None:
    source = write_corner(tmp_path / "corner")
    done = export_world(read_world(source), source, tmp_path / "out", ("geojson",), people=True)
    for name in ("nodes", "streets"):
        (done.folder / "gis" / f"{name}.geojson").write_text("[1]", encoding="utf-8")
    with pytest.raises(WorldError) as error:
        read_geojson_world(done.folder / "gis")
    assert {fault.where for fault in error.value.faults} == {"nodes.geojson", "streets.geojson"}
