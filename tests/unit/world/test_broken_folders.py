"""Each broken world folder ends in one error that says what is wrong, where, and what would be right."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from circlesim.errors import WorldError
from circlesim.world.folder import read_world

Break = Callable[[Path], object]


def swap(file: str, old: str, new: str) -> Break:
    """Replace a text that stands in the good file."""

    def edit(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{old!r} does not stand in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def write(file: str, content: bytes) -> Break:
    return lambda folder: (folder / file).write_bytes(content)


def remove(file: str) -> Break:
    return lambda folder: (folder / file).unlink()


def web_mercator(folder: Path) -> None:
    swap("nodes.csv", "100,0,", "130.5,0,")(folder)
    swap("nodes.csv", "100,100,", "130.5,130.5,")(folder)
    swap("nodes.csv", "4,0,100", "4,0,130.5")(folder)
    swap("nodes.csv", "200,0,", "261,0,")(folder)
    swap("nodes.csv", "1000,1000,", "1305,1305,")(folder)
    swap("nodes.csv", "1010,1000,", "1318,1305,")(folder)


# what is broken: how, where the message points, what it says, what it says would be right (or the hint)
BROKEN: dict[str, tuple[Break, str, str, str]] = {
    "no world file": (remove("world.toml"), "world.toml", "missing file", "a file world.toml"),
    "no streets": (remove("edges.csv"), "edges.csv", "missing file", "a file edges.csv"),
    "no residents": (remove("residents.csv"), "residents.csv", "missing file", "a residents.csv in"),
    "only census margins": (
        lambda folder: (folder / "residents.csv").rename(folder / "census.csv"),
        "residents.csv",
        "missing file",
        "a homes.csv says where its people live",
    ),
    "homes without a number of residents": (
        lambda folder: (
            remove("residents.csv")(folder),
            write("homes.csv", b"home,node,weight\nh,1,2\n")(folder),
        ),
        "residents.csv",
        "missing file",
        "write [population] residents",
    ),
    "missing column": (
        swap("edges.csv", "length_m", "metres"),
        "edges.csv row 1",
        "missing column",
        "length_m: a",
    ),
    "mistyped column": (
        swap("facilities.csv", "price_level", "price_levl"),
        "facilities.csv row 1",
        "unknown column",
        "did you mean 'price_level'?",
    ),
    "column twice": (swap("nodes.csv", "lon,lat", "lon,lon"), "nodes.csv row 1", "the same column twice", ""),
    "NaN": (
        swap("edges.csv", "2,3,100.5", "2,3,NaN"),
        "edges.csv row 3, column length_m",
        "not a finite",
        "above 0",
    ),
    "infinite": (
        swap("nodes.csv", "2,100,0", "2,inf,0"),
        "nodes.csv row 3, column x_m",
        "not a finite",
        "a number",
    ),
    "a word for a number": (
        swap("edges.csv", "2,3,100.5", "2,3,far"),
        "edges.csv row 3, column length_m",
        "not a number",
        "a number above 0",
    ),
    "a cell without end": (
        write("edges.csv", b"from_node,to_node,length_m\n1,2," + b"9" * 200_000),
        "edges.csv",
        "not a table of comma-separated cells",
        "CSV, UTF-8",
    ),
    "a number written as code": (
        swap("edges.csv", "2,3,100.5", "2,3,1_00"),
        "edges.csv row 3, column length_m",
        "not a number",
        "above 0",
    ),
    "negative length": (
        swap("edges.csv", "2,3,100.5", "2,3,-100.5"),
        "edges.csv row 3, column length_m",
        "negative or zero",
        "above 0",
    ),
    "a street shorter than the straight line": (
        swap("edges.csv", "2,3,100.5", "2,3,0.1"),
        "street from 2 to 3",
        "shorter than the straight line",
        "at least 100.0 m",
    ),
    "self loop": (
        swap("edges.csv", "2,3,100.5", "2,2,100.5"),
        "edges.csv row 3",
        "to itself",
        "two different",
    ),
    "street to an unknown node": (
        swap("edges.csv", "2,3,100.5", "2,33,100.5"),
        "edges.csv row 3, column to_node",
        "unknown node",
        "a node of nodes.csv",
    ),
    "half a node": (
        swap("edges.csv", "2,3,", "2.5,3,"),
        "edges.csv row 3",
        "not a whole number",
        "whole number",
    ),
    "unknown format": (
        swap("facilities.csv", "convenience_store", "convenience_shop"),
        "facilities.csv row 2, column format",
        "unknown format",
        "did you mean 'convenience_store'?",
    ),
    "unknown service": (
        lambda folder: (
            swap("facilities.csv", "payment_mode\n", "payment_mode,services\n")(folder),
            swap("facilities.csv", "staffed_accept\n", "staffed_accept,brekfast+parcel\n")(folder),
            swap("facilities.csv", "0.8,\n", "0.8,,\n")(folder),
            swap("facilities.csv", "online_only\n", "online_only,\n")(folder),
        ),
        "facilities.csv row 2, column services",
        "unknown service",
        "did you mean 'breakfast'?",
    ),
    "unknown payment mode": (
        swap("facilities.csv", "staffed_accept", "cash"),
        "facilities.csv row 2, column payment_mode",
        "unknown payment_mode",
        "one of staffed_accept, staffed_refuse",
    ),
    "closing before opening": (
        swap("facilities.csv", "24/7", "Mo-Su 18:00-09:00"),
        "facilities.csv row 2, column hours",
        "closing before opening",
        "up to 06:00 of the next day",
    ),
    "an hour the day does not have": (
        swap("facilities.csv", "24/7", "Mo-Su 09:00-25:00"),
        "facilities.csv row 2, column hours",
        "no such time of day; found 25:00",
        "00:00 to 24:00",
    ),
    "hours in English": (
        swap("facilities.csv", "24/7", "weekdays 9am to 5pm"),
        "facilities.csv row 2, column hours",
        "not understood",
        "'Mo-Fr 07:00-21:00",
    ),
    "negative price": (
        swap("facilities.csv", "1.1", "-1.1"),
        "facilities.csv row 2, column price_level",
        "negative or zero",
        "above 0 and up to 100",
    ),
    "duplicate outlet": (
        swap("facilities.csv", "canteen,3", "shop,3"),
        "facilities.csv row 3, column facility",
        "duplicate id, first in row 2",
        "one row only",
    ),
    "duplicate resident": (
        swap("residents.csv", "bo,4", "ann,4"),
        "residents.csv row 3, column resident",
        "duplicate id",
        "one row only",
    ),
    "duplicate node": (
        swap("nodes.csv", "5,200", "4,200"),
        "nodes.csv row 6",
        "duplicate id",
        "first in row 5",
    ),
    "outlet on an unknown node": (
        swap("facilities.csv", "shop,2", "shop,77"),
        "facilities.csv row 2, column node",
        "unknown node; found 77",
        "a node of nodes.csv",
    ),
    "outlet without a place": (
        swap("facilities.csv", "shop,2", "shop,"),
        "row 2",
        "without a place",
        "lon and lat",
    ),
    "outlet in the sea": (
        write("facilities.csv", b"facility,lon,lat,format\nx,40.0,16.3,cafe\n"),
        "facilities.csv row 2",
        "far from the streets",
        "swapped",
    ),
    "outlet cut off": (
        swap("facilities.csv", "shop,2", "shop,8"),
        "facilities.csv row 2 (shop)",
        "disconnected outlet",
        "largest connected part (5 nodes)",
    ),
    "home on an unknown node": (
        swap("residents.csv", "ann,1", "ann,99"),
        "residents.csv row 2, column node",
        "unknown node; found 99",
        "a node of nodes.csv",
    ),
    "disconnected home": (
        swap("residents.csv", "ann,1", "ann,9"),
        "residents.csv row 2 (ann)",
        "disconnected home",
        "add the missing street",
    ),
    "age out of range": (
        swap("residents.csv", "ann,1,34", "ann,1,340"),
        "residents.csv row 2, column age",
        "too large; found '340'",
        "from 0 to 120 (years)",
    ),
    "a rate above one": (
        lambda folder: write(
            "residents.csv",
            b"resident,node,age,sex,mobility,speed_m_per_min,tolerance_min,digital,owns,carries,schedule,"
            b"income_band,weekly_budget,need_meal_0\na,1,3,male,slow,50,9,0,cash,cash,carer,low,9,1.2\n",
        )(folder),
        "residents.csv row 2, column need_meal_0",
        "too large",
        "from 0 to 1",
    ),
    "a child with errands": (
        lambda folder: write(
            "residents.csv",
            b"resident,node,age,sex,mobility,speed_m_per_min,tolerance_min,digital,owns,carries,schedule,"
            b"income_band,weekly_budget,need_meal_0\na,1,3,male,slow,50,9,0,cash,cash,carer,low,9,0.2\n",
        )(folder),
        "residents.csv row 2, column need_meal_0",
        "too young to run errands",
        "below age 12",
    ),
    "carried and not owned": (
        swap("residents.csv", "cash+card,cash", "card,cash"),
        "residents.csv row 3, column carries",
        "carried and not owned",
        "part of the column owns",
    ),
    "unknown means": (
        swap("residents.csv", "cash+card", "cash+crad"),
        "column owns",
        "unknown",
        "mean 'card'",
    ),
    "empty cell": (
        swap("residents.csv", "bo,4,71", "bo,4,"),
        "residents.csv row 3, column age",
        "empty cell",
        "age",
    ),
    "a short row": (swap("edges.csv", "2,3,100.5", "2,3"), "edges.csv row 3", "another width", "3 cells"),
    "empty file": (write("facilities.csv", b""), "facilities.csv", "empty file", "a header line"),
    "header only": (
        write("facilities.csv", b"facility,node,format\n"),
        "facilities.csv",
        "no rows",
        "at least one",
    ),
    "binary file": (
        write("nodes.csv", b"PK\x03\x04\x00\x00"),
        "nodes.csv",
        "a binary file",
        "save",
    ),
    "GBK text": (
        write("facilities.csv", "facility,node,format,name\nx,1,cafe,早餐".encode("gbk")),
        "facilities.csv",
        "not written in UTF-8",
        "GBK",
    ),
    "semicolons": (
        write("edges.csv", b"from_node;to_node;length_m\n1;2;3\n"),
        "edges.csv row 1",
        "commas",
        "UTF-8",
    ),
    "metres in the columns of degrees": (
        swap("nodes.csv", "116.300000,40.000000", "442000,4428000"),
        "nodes.csv row 2, column lon",
        "too large",
        "from -180 to 180",
    ),
    "web mercator": (web_mercator, "nodes.csv columns x_m, y_m", "wrong CRS", "UTM, national grid"),
    "a node elsewhere": (
        swap("nodes.csv", "3,100,100", "3,100,300"),
        "nodes.csv",
        "wrong CRS",
        "agree to 5 m",
    ),
    "frame in degrees": (
        swap("world.toml", '"local"', '"EPSG:4326"'),
        "world.toml.crs",
        "degrees",
        "EPSG:3067",
    ),
    "unknown key": (swap("world.toml", "synthetic", "syntetic"), "world.toml", "unknown key", "'synthetic'"),
    "not TOML": (write("world.toml", b"name = corner\n"), "world.toml", "not a TOML file", "name ="),
    "unknown currency": (
        swap("world.toml", 'crs = "local"', 'crs = "local"\ncurrency = "yaun"'),
        "world.toml.currency",
        "no exchange rate",
        "did you mean 'yuan'?",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_folder_says_what_where_and_what_would_be_right(case: str, good_folder: Path) -> None:
    damage, where, what, right = BROKEN[case]
    damage(good_folder)
    with pytest.raises(WorldError) as caught:
        read_world(good_folder)
    lines = str(caught.value).splitlines()
    assert str(good_folder) in lines[0]
    assert any(where in line and what in line and right in line for line in lines[1:]), str(caught.value)


def test_all_faults_of_all_files_come_in_one_error(good_folder: Path) -> None:
    for case in ("negative price", "age out of range", "self loop", "unknown key", "closing before opening"):
        BROKEN[case][0](good_folder)
    with pytest.raises(WorldError) as caught:
        read_world(good_folder)
    text = str(caught.value)
    for case in ("negative price", "age out of range", "self loop", "unknown key", "closing before opening"):
        assert BROKEN[case][2] in text, case


def test_the_same_fault_in_many_rows_is_told_briefly(good_folder: Path) -> None:
    rows = "".join(f"f{i},2,convenience_store,-1\n" for i in range(1000))
    (good_folder / "facilities.csv").write_text("facility,node,format,price_level\n" + rows)
    with pytest.raises(WorldError) as caught:
        read_world(good_folder)
    assert len(caught.value.faults) == 6
    assert "995 more rows" in str(caught.value)


def test_two_ids_with_the_same_hash_are_refused(good_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for table in ("facility_table", "resident_table"):
        monkeypatch.setattr(f"circlesim.world.{table}.hash_ids", lambda ids: np.full(len(ids), 7, np.uint64))
    with pytest.raises(WorldError, match=r"facilities.csv: two ids with the same hash; found shop and canteen"):
        read_world(good_folder)


def test_no_such_folder_is_told_plainly(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match="no such folder"):
        read_world(tmp_path / "nowhere")


@pytest.mark.parametrize("seed", range(30))
def test_bytes_flipped_anywhere_end_in_a_world_or_in_a_world_error(good_folder: Path, seed: int) -> None:
    luck = random.Random(seed)
    for _ in range(8):
        file = luck.choice(sorted(good_folder.iterdir()))
        raw = bytearray(file.read_bytes())
        raw[luck.randrange(len(raw))] = luck.randrange(1, 256)
        file.write_bytes(bytes(raw))
    try:
        read_world(good_folder)
    except WorldError as error:
        assert error.faults  # noqa: PT017
