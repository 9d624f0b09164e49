"""The page of a check: what is broken with its fix, in both languages, with nothing fetched."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from circlesim.building.inspection import inspect_world
from circlesim.building.remark import Inspection, Remark
from circlesim.errors import WorldError
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.reporting.words import words_table
from circlesim.reporting.world_page import write_faults_page, write_world_page
from circlesim.reporting.world_words import remark_sentence
from circlesim.world.demo import demo_folder, demo_world
from circlesim.world.folder import open_folder, read_world
from corner_folders import FILES, write_corner


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_tells_what_is_broken_assumed_and_there(tmp_path: Path, lang: str) -> None:
    report = open_folder(demo_folder("helsinki"))
    found = inspect_world(report.world, report, demo_folder("helsinki"))
    text = write_world_page(tmp_path / "check.html", report.world, found, lang).read_text("utf-8")
    words = Vocabulary.of(lang).words
    for key in ("world.assumed.title", "world.there.title", "world.map", "world.formats"):
        assert words(key) in text
    assert "Mo-Su 10:30-21:30" in text
    assert not re.search(r'(src|href)="(?!#|https?://)', text)
    assert "<script" not in text
    assert text.count("<svg") == 1


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_remark_has_words_for_all_its_blanks(tmp_path: Path, lang: str) -> None:
    homes = "home,node,weight\na,1,2\nb,20,1\n"
    nodes = FILES["nodes.csv"] + "20,9000,0,116.40566,40.0\n"
    edges = FILES["edges.csv"] + "2,20,8900,,\n"
    outlets = FILES["facilities.csv"] + "far,20,,,library,,,\nshop-b,2,,,convenience_store,Corner shop,,\n"
    world_toml = FILES["world.toml"].replace("true", "false").replace("300", "3000")
    streets = {"nodes_csv": nodes, "edges_csv": edges}
    others = {"facilities_csv": outlets, "homes_csv": homes, "world_toml": world_toml}
    folder = write_corner(tmp_path / "c", **streets, **others)
    report = open_folder(folder)
    found = inspect_world(report.world, report, folder)
    assert {"twins", "under_mapped", "parts", "hours", "snapped", "drawn", "far_homes"} <= {
        each.key for each in found.remarks
    }
    for each in found.remarks:
        sentence = remark_sentence(each, Vocabulary.of(lang))
        assert not re.search(r"\{\w+\}|nan", sentence), sentence
        assert bool(re.search("[一-鿿]", sentence)) == (lang == "zh"), sentence


def test_names_of_users_are_escaped(tmp_path: Path) -> None:
    world = demo_world("old_town", 300)
    bad = Remark(kind="broken", key="twins", count=1, blanks={"metres": 30.0}, examples=("<b>x</b>",), fix="<i>")
    text = write_world_page(tmp_path / "c.html", world, Inspection(remarks=(bad,))).read_text("utf-8")
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x" in text
    assert "&lt;i&gt;" in text


def test_a_folder_that_does_not_open_has_a_page_with_every_fault(tmp_path: Path) -> None:
    from circlesim.building.broken import inspect_broken

    folder = write_corner(tmp_path / "c", facilities_csv=FILES["facilities.csv"] + "lost,9,,,pharmacyy,,,\n")
    with pytest.raises(WorldError) as error:
        read_world(folder)
    faults = error.value.faults
    text = write_faults_page(tmp_path / "f.html", "c", faults, inspect_broken(folder), "zh").read_text("utf-8")
    assert "pharmacyy" in text
    assert "[[add_street]]" in text
    assert all(fault.where in text for fault in faults)


def test_squares_of_fewer_than_thirty_residents_are_not_drawn() -> None:
    from circlesim.reporting.world_picture import home_cells

    cells = home_cells(demo_world("helsinki"))
    assert len(cells)
    assert cells["residents"].min() >= 30


def test_every_kind_of_mark_has_words_in_the_key() -> None:
    from circlesim.reporting.charts.world_map import MARKS

    assert all(f"world.key.{name}" in words_table() for name in MARKS)
