"""Corrections: a world folder corrected into a new one, all faults at once, the source untouched."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.building.edits import apply_edits
from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.config.edit_file import read_edits
from circlesim.errors import WorldError
from circlesim.world.folder import read_world
from circlesim.world.hours import parse_hours
from corner_folders import write_corner

CHANGES = """\
source = "walk of 2 May"

[[add]]
format = "pharmacy"
lon = 116.3003
lat = 40.000899
name = "=SUM(A1)"
servers = 3

[[move]]
id = "canteen"
node = 1

[[rehour]]
format = "breakfast_shop"
hours = "Mo-Su 05:00-10:00"

[[rehour]]
id = "buns"
hours = "Mo-Fr 05:30-09:30"

[[set]]
id = "shop"
takes_card = true
services = ["groceries", "daily_goods"]
price_level = 1.2

[[close]]
id = "more-buns"
on = 2024-06-01

[[open_gate]]
gate = "south"

[[lock_gate]]
edge = [4, 3]
gate = "north"
"""


def corrected(tmp_path: Path, text: str, out: str = "out", source: Path | None = None) -> Path:
    file = tmp_path / "changes.toml"
    file.write_text(text, encoding="utf-8")
    source = source or write_corner(tmp_path / "corner")
    return apply_edits(source, read_edits(file), tmp_path / out).folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def faults(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(WorldError) as error:
        corrected(tmp_path, text)
    assert not (tmp_path / "out").exists()
    return [str(fault) for fault in error.value.faults]


def test_every_kind_of_entry_is_seen_in_the_new_world(tmp_path: Path) -> None:
    world = read_world(corrected(tmp_path, CHANGES))
    outlets, streets = world.facilities, world.streets
    row = {name: place for place, name in enumerate(outlets.facility.tolist())}
    new = next(name for name in row if name.startswith("pharmacy-"))
    assert outlets.format[row[new]] == FORMAT_INDEX["pharmacy"]
    assert outlets.name[row[new]] == "=SUM(A1)"
    assert outlets.servers[row[new]] == 3
    assert streets.lon[outlets.node_row[row[new]]] == pytest.approx(116.3003)
    assert streets.node[outlets.node_row[row["canteen"]]] == 1
    assert np.array_equal(outlets.hours[row["buns"]], parse_hours("Mo-Fr 05:30-09:30"))
    assert np.array_equal(outlets.hours[row["more-buns"]], parse_hours("Mo-Su 05:00-10:00"))
    assert (outlets.takes_card[row["shop"]], outlets.price_level[row["shop"]]) == (1, 1.2)
    assert str(outlets.closed[row["more-buns"]]) == "2024-06-01"
    assert dict(zip(streets.gate.tolist(), streets.locked.tolist(), strict=True)) == {
        "": 0,
        "south": 0,
        "north": 1,
    }


def test_the_source_stays_as_it_was_and_the_record_says_what_changed(tmp_path: Path) -> None:
    source = write_corner(tmp_path / "corner")
    before = contents(source)
    out = corrected(tmp_path, CHANGES, source=source)
    assert contents(source) == before
    record = json.loads((out / "build.json").read_text("utf-8"))
    assert record["inputs"][0]["file"] == "changes.toml"
    assert record["inputs"][0]["kind"] == "edits"
    assert record["edits"][0]["source"] == "walk of 2 May"
    assert "moved canteen" in record["edits"][0]["changes"]
    assert read_world(out).sources[-1].startswith("corrected by changes.toml, sha256 ")


def test_the_same_file_twice_changes_nothing_more(tmp_path: Path) -> None:
    once = corrected(tmp_path, CHANGES + '\n[[close]]\nid = "buns2"\n', source=write_corner(
        tmp_path / "corner", facilities_csv="facility,node,format\nbuns2,1,breakfast_shop\nbuns,1,breakfast_shop\n"
        "shop,2,convenience_store\ncanteen,3,community_canteen\nmore-buns,3,breakfast_shop\n"))  # fmt: skip
    report = apply_edits(once, read_edits(tmp_path / "changes.toml"), tmp_path / "twice")
    assert report.changes == ()
    assert "nothing was left to correct" in report.lines()[0]
    assert contents(tmp_path / "twice") == contents(once)


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(CHANGES.split("\n\n")[1:]))
def test_the_order_of_entries_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    folder = tmp_path_factory.mktemp("order")
    here = corrected(folder, CHANGES, out="here")
    there = corrected(folder, 'source = "walk of 2 May"\n\n' + "\n\n".join(order), out="there")
    for name in ("facilities.csv", "edges.csv", "nodes.csv", "homes.csv"):
        assert (here / name).read_bytes() == (there / name).read_bytes()


def test_all_faults_come_at_once_with_what_was_meant(tmp_path: Path) -> None:
    told = faults(tmp_path, """\
[[close]]
id = "cantene"
[[move]]
id = "Uncle Li"
node = 1
[[set]]
id = "shop"
servors = 3
[[rehour]]
format = "breakfast_shopp"
hours = "Mo-Su 6-9"
[[open_gate]]
gate = "sout"
[[lock_gate]]
edge = [1, 3]
[[add_street]]
from = 1
to = 77
""")  # fmt: skip
    text = "\n".join(told)
    for words in ("did you mean 'canteen'?", "that is the name of outlet 'buns'", "did you mean 'servers'?",
                  "did you mean 'breakfast_shop'?", "did you mean 'south'?", "no street runs between",
                  "add_street[0]: unknown node; found 77", "rehour[0].hours"):  # fmt: skip
        assert words in text, (words, text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[move]]\nid = "shop"\nnode = 1\n[[move]]\nid = "shop"\nnode = 2\n', "changed twice by one file"),
        ('[[close]]\nid = "shop"\n[[set]]\nid = "shop"\nservers = 3\n', "cannot be changed too"),
        ('[[add]]\nid = "shop"\nformat = "pharmacy"\nnode = 1\n', "with other facts"),
        ('[[open_gate]]\ngate = "south"\n[[lock_gate]]\nedge = [2, 3]\n', "changed twice by one file"),
        ("[[lock_gate]]\nedge = [1, 2]\n", "a lock needs a gate"),
        ("[[open_gate]]\nlon = 116.3\nlat = 40.002\n", "no gate is near this place"),
        ('[[set]]\nid = "shop"\nservers = 0\n', "changes.toml, set[0] (facilities.csv row 2"),
        ('[[move]]\nid = "buns"\nlon = 40.0\nlat = 16.3\n', "an outlet far from the streets"),
    ],
)
def test_an_entry_that_cannot_be_is_named(tmp_path: Path, text: str, words: str) -> None:
    assert words in "\n".join(faults(tmp_path, text))


def test_an_id_once_closed_is_never_used_again(tmp_path: Path) -> None:
    closed = corrected(tmp_path, '[[close]]\nid = "shop"\n', out="closed")
    assert "shop" not in read_world(closed).facilities.facility
    with pytest.raises(WorldError, match="never used again"):
        corrected(tmp_path, '[[add]]\nid = "shop"\nformat = "pharmacy"\nnode = 1\n', source=closed)


def test_a_street_joins_a_part_that_was_cut_off(tmp_path: Path) -> None:
    outlets = "facility,node,format\nlost,9,pharmacy\nshop,2,convenience_store\n"
    source = write_corner(tmp_path / "corner", facilities_csv=outlets)
    with pytest.raises(WorldError, match="disconnected outlet"):
        read_world(source)
    world = read_world(corrected(tmp_path, "[[add_street]]\nfrom = 3\nto = 8\n", source=source))
    assert world.streets.length_m[-1] == pytest.approx(50.1, abs=0.3)


def test_a_gate_is_found_by_its_place(tmp_path: Path) -> None:
    world = read_world(corrected(tmp_path, "[[open_gate]]\nlon = 116.3012\nlat = 40.0001\n"))
    assert not world.streets.locked.any()


def test_a_folder_is_not_corrected_into_itself_nor_over_something_else(tmp_path: Path) -> None:
    source = write_corner(tmp_path / "corner")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("mine")
    for target in (source, tmp_path / "other"):
        before = contents(target)
        file = tmp_path / "changes.toml"
        file.write_text('[[close]]\nid = "shop"\n')
        with pytest.raises(WorldError):
            apply_edits(source, read_edits(file), target)
        assert contents(target) == before
