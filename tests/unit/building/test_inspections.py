"""Inspections: a world looked over, and a folder that does not open, with the lines that mend it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from circlesim.building.broken import inspect_broken
from circlesim.building.edits import apply_edits
from circlesim.building.inspection import inspect_world
from circlesim.building.remark import Inspection, Remark
from circlesim.config.edit_file import read_edits
from circlesim.errors import WorldError
from circlesim.world.demo import demo_world
from circlesim.world.folder import open_folder, read_world
from corner_folders import FILES, write_corner

TWINS = FILES["facilities.csv"] + (
    "shop-b,,116.301174,40.0001,convenience_store,ＣＯＲＮＥＲ  shop,,\n"
    "shop-c,4,,,convenience_store,Corner shop,,\n"
    "shop-d,2,,,pharmacy,Corner shop,,\n"
)


def looked_over(folder: Path) -> Inspection:
    report = open_folder(folder)
    return inspect_world(report.world, report, folder)


def remark(found: Inspection, key: str) -> Remark:
    return next(each for each in found.remarks if each.key == key)


def test_twins_have_one_name_one_format_and_one_place(tmp_path: Path) -> None:
    twins = remark(looked_over(write_corner(tmp_path / "c", facilities_csv=TWINS)), "twins")
    assert twins.count == 1
    assert twins.examples == ("shop-b = shop (ＣＯＲＮＥＲ  shop)",)


def test_the_fix_of_twins_leaves_none(tmp_path: Path) -> None:
    folder = write_corner(tmp_path / "c", facilities_csv=TWINS)
    file = tmp_path / "fix.toml"
    file.write_text(remark(looked_over(folder), "twins").fix, encoding="utf-8")
    apply_edits(folder, read_edits(file), tmp_path / "mended")
    assert not [each for each in looked_over(tmp_path / "mended").remarks if each.key == "twins"]


def test_outlets_without_hours_are_counted_by_format_with_what_they_took(tmp_path: Path) -> None:
    hours = remark(looked_over(write_corner(tmp_path / "c")), "hours")
    assert hours.count == 2
    assert any(each.startswith("breakfast_shop: 1 (Mo-Su ") for each in hours.examples)
    entries = tomllib.loads(hours.fix)["rehour"]
    assert {entry["format"] for entry in entries} <= {"breakfast_shop", "community_canteen"}


def test_a_part_cut_off_from_the_streets_is_said_with_its_share(tmp_path: Path) -> None:
    parts = remark(looked_over(write_corner(tmp_path / "c")), "parts")
    assert (parts.count, parts.blanks["nodes"]) == (2, 2)
    assert parts.blanks["metres"] == 31


def test_a_gate_that_cuts_off_residents_comes_with_the_line_that_opens_it(tmp_path: Path) -> None:
    edges = "from_node,to_node,length_m,gate,locked\n1,2,100.5,,\n2,3,100.5,,\n4,1,100.5,north,1\n"
    folder = write_corner(
        tmp_path / "c", edges_csv=edges, nodes_csv="\n".join(FILES["nodes.csv"].splitlines()[:5])
    )
    cut = remark(looked_over(folder), "cut_off")
    assert cut.kind == "broken"
    assert cut.blanks["outlets"] == 1
    file = tmp_path / "fix.toml"
    file.write_text(cut.fix, encoding="utf-8")
    apply_edits(folder, read_edits(file), tmp_path / "mended")
    assert "cut_off" not in [each.key for each in looked_over(tmp_path / "mended").remarks]


def test_formats_of_the_plan_that_nobody_has_are_named_by_class(tmp_path: Path) -> None:
    found = looked_over(write_corner(tmp_path / "c"))
    assert "pharmacy" in remark(found, "absent.basic").examples
    assert "breakfast_shop" not in remark(found, "absent.basic").examples
    assert "library" in remark(found, "absent.quality").examples


def test_outlets_nobody_walks_to_and_homes_with_nothing_near_are_told(tmp_path: Path) -> None:
    nodes = FILES["nodes.csv"] + "20,9000,0,116.40566,40.0\n"
    edges = FILES["edges.csv"] + "2,20,8900,,\n"
    outlets = FILES["facilities.csv"] + "far,20,,,restaurant,,,\n"
    homes = "home,node,weight\na,1,2\nb,20,1\n"
    alone = {"nodes_csv": nodes, "edges_csv": edges}
    found = looked_over(write_corner(tmp_path / "a", **alone, facilities_csv=outlets))
    assert remark(found, "lonely").examples == ("far",)
    found = looked_over(write_corner(tmp_path / "b", **alone, homes_csv=homes))
    world = read_world(tmp_path / "b")
    assert remark(found, "far_homes").count <= (world.streets.node[world.population.home_row] == 20).sum()
    assert remark(found, "far_homes").count > 50
    assert {mark.key for mark in found.marks} == {"far_homes"}


def test_margins_that_the_drawn_residents_meet_are_said_to_be_met_and_others_are_listed(tmp_path: Path) -> None:
    folder = write_corner(tmp_path / "c")
    rows = [
        ("sex_age", "f:0-59", 200),
        ("sex_age", "f:60+", 100),
        ("sex_age", "m:0-59", 220),
        ("sex_age", "m:60+", 80),
    ]
    text = "margin,category,count\n" + "".join(f"{m},{c},{n}\n" for m, c, n in rows)
    (folder / "census.csv").write_text(text, encoding="utf-8")
    assert remark(looked_over(folder), "margins_met").count == 4
    report = open_folder(folder)
    assert report.census is not None
    moved = replace(report.census.rows[0], got=report.census.rows[0].got - 9)
    off = replace(report, census=replace(report.census, rows=(moved, *report.census.rows[1:])))
    told = remark(inspect_world(report.world, off, folder), "margins_off")
    assert told.count == 1
    assert told.examples[0].startswith("sex_age f:0-59")


def test_what_a_build_wrote_down_is_shown_again(tmp_path: Path) -> None:
    folder = write_corner(tmp_path / "c")
    file = tmp_path / "changes.toml"
    file.write_text('[[close]]\nid = "shop"\n', encoding="utf-8")
    apply_edits(folder, read_edits(file), tmp_path / "new")
    assert looked_over(tmp_path / "new").notes[0].what == "corrections by changes.toml"
    (tmp_path / "new" / "build.json").write_text("[", encoding="utf-8")
    assert looked_over(tmp_path / "new").notes == ()


def test_a_folder_that_does_not_open_opens_after_its_own_fix(tmp_path: Path) -> None:
    outlets = FILES["facilities.csv"] + "lost,9,,,pharmacy,,,\n"
    folder = write_corner(tmp_path / "c", facilities_csv=outlets, homes_csv="home,node,weight\na,1,2\nb,8,1\n")
    with pytest.raises(WorldError):
        read_world(folder)
    found = inspect_broken(folder).inspection
    assert [(each.key, each.count) for each in found.remarks] == [("lost_outlets", 1), ("lost_homes", 1)]
    assert {mark.label for mark in found.marks} == {"lost", "b"}
    file = tmp_path / "fix.toml"
    file.write_text(found.remarks[0].fix, encoding="utf-8")
    assert "from = 8\nto = 3" in found.remarks[0].fix
    apply_edits(folder, read_edits(file), tmp_path / "mended")
    assert len(read_world(tmp_path / "mended").facilities) == 5


def test_the_street_that_joins_a_part_is_the_shortest(tmp_path: Path) -> None:
    head, *corners, near, far = FILES["nodes.csv"].splitlines()
    nodes = "\n".join([head, *corners, far, near]) + "\n"
    outlets = FILES["facilities.csv"] + "lost,9,,,pharmacy,,,\n"
    found = inspect_broken(write_corner(tmp_path / "c", nodes_csv=nodes, facilities_csv=outlets)).inspection
    assert found.remarks[0].fix == "[[add_street]]  # 50 m\nfrom = 8\nto = 3"


def test_outlets_far_from_all_streets_and_without_a_place_are_listed(tmp_path: Path) -> None:
    outlets = FILES["facilities.csv"] + "far,,40.0,116.3,pharmacy,,,\nnowhere,,,,pharmacy,,,\n"
    remains = inspect_broken(write_corner(tmp_path / "c", facilities_csv=outlets))
    assert {each.key: each.examples for each in remains.inspection.remarks if each.kind == "broken"} == {
        "nowhere": ("far", "nowhere")
    }  # 116.3 is no latitude, so the row has no place at all
    outlets = FILES["facilities.csv"] + "far,,116.31,40.02,pharmacy,,,\n"
    remains = inspect_broken(write_corner(tmp_path / "d", facilities_csv=outlets))
    assert [each.key for each in remains.inspection.remarks] == ["far_outlets"]


def test_a_folder_without_streets_is_looked_over_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    folder = write_corner(tmp_path / "c")
    (folder / "edges.csv").unlink()
    assert inspect_broken(folder).streets is None


def test_a_synthetic_town_has_nothing_broken() -> None:
    assert inspect_world(demo_world("old_town", 1500)).of("broken") == ()
