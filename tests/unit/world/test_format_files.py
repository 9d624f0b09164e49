"""Formats of a user: a file of them, a world folder that holds one, and towns built with them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.catalog.format_costs import format_cost
from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.formats import FORMAT_INDEX, FORMATS, FormatRow, facility_defaults, format_row
from circlesim.errors import ConfigError, WorldError
from circlesim.schema import FORMAT_TABLE
from circlesim.world.demo import demo_world
from circlesim.world.facilities import concatenate_facilities
from circlesim.world.folder import open_folder, read_world, write_world
from circlesim.world.format_table import read_formats, write_formats
from circlesim.world.outlets import outlets

HEAD = "format,zh,en,like,class,services,servers,price_level,capital_yuan,source,grade"
TEA = "tea_house,社区茶馆,tea house,cafe,quality,leisure+breakfast,3,0.8,60000,counted in the street,C"
NIGHT = "night_pharmacy,夜间药房,night pharmacy,pharmacy,care,,,,,made for a test,D"


def written(folder: Path, *rows: str, head: str = HEAD, name: str = "my_formats.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def faults_of(path: Path) -> dict[str, str]:
    with pytest.raises(ConfigError) as error:
        read_formats(path)
    return {fault.where.removeprefix(f"{path.name} "): fault.what for fault in error.value.faults}


def test_further_formats_stand_behind_those_of_the_catalogue_which_keep_their_numbers(tmp_path: Path) -> None:
    formats = read_formats(written(tmp_path, TEA, NIGHT))
    assert formats.ids == (*FORMATS, "tea_house", "night_pharmacy")
    assert [formats.number(name) for name in FORMATS] == list(FORMAT_INDEX.values())
    assert formats.rows[: len(FORMATS)] == CATALOGUE.rows
    assert [row.format for row in formats.own] == ["tea_house", "night_pharmacy"]


def test_what_a_row_says_stands_and_the_format_it_is_like_answers_for_the_rest(tmp_path: Path) -> None:
    row, cafe = read_formats(written(tmp_path, TEA)).row("tea_house"), format_row("cafe")
    said = {
        "format": "tea_house", "zh": "社区茶馆", "en": "tea house", "format_class": "quality",
        "services": ("leisure", "breakfast"), "servers": 3, "price_level": 0.8, "capital_yuan": 60_000.0,
        "source": "counted in the street", "grade": "C",
    }  # fmt: skip
    assert row == replace(cafe, **said)


def test_a_format_may_be_like_one_of_a_row_above(tmp_path: Path) -> None:
    formats = read_formats(written(tmp_path, TEA, "garden_tea,茶园,garden tea,tea_house,,,,,,made for a test,D"))
    assert formats.row("garden_tea").services == ("leisure", "breakfast")
    assert formats.row("garden_tea").capital_yuan == 60_000.0


def test_stated_capital_is_the_cost_of_an_outlet_and_any_other_is_reckoned_by_floor_area(tmp_path: Path) -> None:
    formats = read_formats(written(tmp_path, TEA, NIGHT))
    stated, reckoned = format_cost("tea_house", formats), format_cost("night_pharmacy", formats)
    assert (stated.capital_yuan, stated.grade) == (60_000.0, "C")
    assert stated.source.startswith("counted in the street")
    assert replace(reckoned, format="", source="") == replace(format_cost("pharmacy"), format="", source="")


def test_a_known_format_is_said_anew_only_where_the_row_says_so(tmp_path: Path) -> None:
    row = "cafe,茶咖,tea and coffee,{},cafe,0.5,made for a test,D"
    head = "format,zh,en,replaces,like,price_level,source,grade"
    assert faults_of(written(tmp_path, row.format(0), head=head)) == {
        "row 2, column format": "there is such a format already"
    }
    formats = read_formats(written(tmp_path, row.format(1), head=head))
    assert formats.ids == FORMATS
    assert formats.row("cafe").price_level == 0.5
    assert [each.format for each in formats.own] == ["cafe"]
    assert faults_of(written(tmp_path, row.format(1).replace("cafe,茶", "caffe,茶"), head=head)) == {
        "row 2, column format": "there is no such format to replace"
    }


def test_every_fault_of_every_row_is_told_at_once(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "Tea House,茶馆,tea house,cafe,qualty,leisur,0,-1,x,made for a test,E",
        "pharmacy,药房,pharmacy,pharmcy,basic,none+parcel,,,,,",
        "tea_house,,tea,cafe,,,,,,made for a test,D",
        "tea_house,茶馆,tea,,quality,leisure,1,1,1,made for a test,D",
    )
    assert faults_of(path) == {
        "row 2, column format": "not usable as an id",
        "row 2, column class": "unknown class",
        "row 2, column services": "unknown service",
        "row 2, column servers": "too small",
        "row 2, column price_level": "negative or zero",
        "row 2, column capital_yuan": "not a number",
        "row 2, column grade": "unknown grade",
        "row 3, column format": "there is such a format already",
        "row 3, column like": "no such format to be like",
        "row 3, column services": "none, and others",
        "row 3, column source": "empty cell",
        "row 3, column grade": "empty cell",
        "row 4, column zh": "empty cell",
        "row 5, column format": "duplicate id, first in row 4",
        "row 5, column like": "nothing answers for what is left empty",
    }


def test_hours_that_cannot_be_read_and_columns_nobody_reads_are_faults(tmp_path: Path) -> None:
    head = "format,zh,en,like,hours,seets,source,grade"
    path = written(tmp_path, "tea_house,茶馆,tea,cafe,Mo-Su 25:00-26:00,3,made for a test,D", head=head)
    assert faults_of(path) == {"row 1": "unknown column", "row 2, column hours": "a time after 24:00"} or set(
        faults_of(path)
    ) == {"row 1", "row 2, column hours"}


rows = st.lists(st.sampled_from([format_row(name) for name in FORMATS]), min_size=1, max_size=4, unique=True)


@given(
    rows, st.sampled_from(["basic", "quality", "care"]), st.floats(0.1, 5.0), st.none() | st.floats(0, 1e6),
    st.booleans(),
)  # fmt: skip
def test_formats_come_back_from_the_file_they_are_written_to(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[FormatRow], of_class: str, price_level: float, capital: float | None, replaces: bool,
) -> None:  # fmt: skip
    folder = tmp_path_factory.mktemp("formats")
    ids = (row.format if replaces else f"my_{row.format}" for row in rows)
    own = [
        replace(row, format=name, format_class=of_class, price_level=price_level, capital_yuan=capital)
        for name, row in zip(ids, rows, strict=True)
    ]
    formats = CATALOGUE.with_rows(own)
    write_formats(formats, folder)
    again = read_formats(folder / FORMAT_TABLE.file)
    assert again == formats
    assert again.digest == formats.digest != ""


def test_the_catalogue_needs_no_file(tmp_path: Path) -> None:
    write_formats(CATALOGUE, tmp_path)
    assert not list(tmp_path.iterdir())
    assert (CATALOGUE.own, CATALOGUE.digest) == ((), "")


def test_a_world_folder_with_formats_of_its_own_is_read_and_written_with_them(good_folder: Path) -> None:
    table = good_folder / "facilities.csv"
    table.write_text(table.read_text("utf-8").replace("convenience_store", "tea_house"), encoding="utf-8")
    with pytest.raises(WorldError, match="unknown format"):
        read_world(good_folder)
    written(good_folder, TEA, name="formats.csv")
    report = open_folder(good_folder)
    world, again = report.world, good_folder.parent / "again"
    assert report.rows["formats.csv"] == 1
    assert world.facilities.format[0] == len(FORMATS)
    assert world.facilities.servers[0] == 3
    write_world(world, again)
    assert read_world(again).formats == world.formats
    assert np.array_equal(read_world(again).facilities.format, world.facilities.format)


def test_a_broken_file_of_formats_is_told_with_the_other_faults_of_a_folder(good_folder: Path) -> None:
    written(good_folder, TEA.replace("cafe", "caffe"), name="formats.csv")
    (good_folder / "world.toml").write_text('name = "corner"\n', encoding="utf-8")
    with pytest.raises(WorldError) as error:
        read_world(good_folder)
    wheres = [fault.where for fault in error.value.faults]
    assert "formats.csv row 2, column like" in wheres
    assert any(where.startswith("world.toml") for where in wheres)


def test_a_town_has_no_outlet_of_a_further_format_and_is_else_the_same() -> None:
    more = CATALOGUE.with_rows([replace(format_row("cafe"), format="tea_house")])
    plain, town = demo_world("old_town", 500), demo_world("old_town", 500, formats=more)
    assert town.formats == more
    assert np.array_equal(plain.facilities.format, town.facilities.format)
    assert np.array_equal(plain.facilities.quality, town.facilities.quality)


def test_a_format_said_anew_is_what_the_outlets_of_a_town_are_like() -> None:
    cheap = replace(format_row("breakfast_shop"), servers=7)
    town = demo_world("old_town", 500, formats=CATALOGUE.with_rows([cheap]))
    breakfast = town.facilities.format == FORMAT_INDEX["breakfast_shop"]
    assert set(town.facilities.servers[breakfast]) == {7}


def test_tables_of_different_formats_are_not_put_together() -> None:
    more = CATALOGUE.with_rows([replace(format_row("cafe"), format="tea_house")])
    one = outlets(["a"], ["cafe"], np.zeros(1, np.int32))
    other = outlets(["b"], ["tea_house"], np.zeros(1, np.int32), known=more)
    with pytest.raises(WorldError, match="formats are not the same"):
        concatenate_facilities(one, other)


def test_defaults_of_a_catalogue_format_are_the_same_in_any_world() -> None:
    more = CATALOGUE.with_rows([replace(format_row("cafe"), format="tea_house")])
    assert all(more.facts(name) == facility_defaults(name) for name in FORMATS)
    assert isinstance(more, Formats)
    with pytest.raises(ConfigError, match="in this world; did you mean 'tea_house'"):
        more.number("tea_hous")
