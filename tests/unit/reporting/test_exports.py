"""Exports: what maps, spreadsheets and dashboards are given."""

from __future__ import annotations

import csv
import io
import json
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from small_exports import write_exportable_run

from circlesim.errors import ConfigError, RunError
from circlesim.reporting.export.geojson import plain, write_geojson
from circlesim.reporting.export.layer import Layer, Sheet, slug
from circlesim.reporting.export.package import check_formats, export_run
from circlesim.reporting.export.spreadsheet import write_csv, write_workbook
from circlesim.reporting.export.world_layers import world_collection


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_exportable_run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def exported(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "export"
    return export_run(run, out, ("geojson", "csv", "xlsx", "simwrapper")).folder


def layer(exported: Path, name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((exported / "gis" / f"{name}.geojson").read_text("utf-8"))[
        "features"
    ]
    return features


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def test_streets_carry_the_footfall_of_the_run(run: Path, exported: Path) -> None:
    edges = pd.read_csv(run / "map" / "edges.csv")
    features = layer(exported, "streets")
    assert [each["properties"]["footfall_per_day"] for each in features] == [
        None if np.isnan(value) else value for value in edges["footfall"]
    ]
    first = features[0]["geometry"]
    assert first["type"] == "LineString"
    assert first["coordinates"][0] == pytest.approx([edges["from_lon"][0], edges["from_lat"][0]], abs=1e-7)


def test_outlets_carry_results_a_day_and_their_change(run: Path, exported: Path) -> None:
    counted = pd.read_csv(run / "facilities.csv")
    days = json.loads((run / "manifest.json").read_text("utf-8"))["days_measured"]
    visits = {(row.scenario, row.facility): row.visits / days for row in counted.itertuples()}
    rows = table(exported / "tables" / "outlets.csv")
    assert len(rows) == len(counted)
    for row in rows:
        here = visits[row["scenario"], row["facility"]]
        assert float(row["visits_per_day"]) == pytest.approx(here)
        if row["scenario"] == "four counters":
            before = visits.get(("as is", row["facility"]), 0.0)
            assert float(row["visits_change"]) == pytest.approx(here - before)
        else:
            assert row["visits_change"] == ""


def test_homes_are_squares_of_thirty_or_more_with_satisfaction_and_access(exported: Path) -> None:
    homes = layer(exported, "homes-1-four-counters")
    assert homes
    for each in homes:
        assert each["properties"]["residents"] >= 30
        assert {"satisfaction", "services_15min", "groceries_min", "satisfaction_change"} <= set(
            each["properties"]
        )
        ring = np.array(each["geometry"]["coordinates"][0])
        assert ring[0].tolist() == ring[-1].tolist()
        turn = np.sum(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1])
        assert turn > 0  # against the clock, as RFC 7946 asks
        metres = 111_195 * np.hypot(*(ring[1] - ring[0]))
        assert metres == pytest.approx(100, rel=0.02)  # on the equator, where the made-up run lies


def test_a_square_of_fewer_than_thirty_stands_in_no_file(run: Path, exported: Path) -> None:
    small = pd.read_csv(run / "cells.csv").query("residents < 30")
    assert len(small)  # the run holds one, as a damaged or foreign folder might
    told = [float(row["satisfaction"]) for path in exported.rglob("homes*.csv") for row in table(path)
            if "satisfaction" in row]  # fmt: skip
    told += [each["properties"]["satisfaction"] for name in ("homes-0-as-is", "homes-1-four-counters")
             for each in layer(exported, name)]  # fmt: skip
    sheet = load_workbook(exported / "circle.xlsx")["Homes"]
    told += [cell.value for column in sheet.columns if column[0].value == "satisfaction" for cell in column[1:]]
    assert len(told) > 300
    assert not set(told) & set(small["satisfaction"])


def test_every_layer_is_a_feature_collection_without_a_frame_of_its_own(exported: Path) -> None:
    names = sorted(path.name for path in (exported / "gis").glob("*.geojson"))
    assert names == [
        "homes-0-as-is.geojson", "homes-1-four-counters.geojson", "outlets-0-as-is.geojson",
        "outlets-1-four-counters.geojson", "streets.geojson",
    ]  # fmt: skip
    for name in names:
        body = json.loads((exported / "gis" / name).read_text("utf-8"))
        assert body["type"] == "FeatureCollection"
        assert "crs" not in body
        style = ElementTree.parse((exported / "gis" / name).with_suffix(".qml")).getroot()
        renderer = style.find("renderer-v2")
        assert renderer is not None
        assert renderer.get("attr") in body["features"][0]["properties"]
        assert len(renderer.findall("ranges/range")) == len(renderer.findall("symbols/symbol")) > 1


def test_styles_of_two_scenarios_mean_the_same(exported: Path) -> None:
    ends = [
        [each.attrib for each in ElementTree.parse(path).getroot().iter("range")]
        for path in sorted((exported / "gis").glob("outlets-*.qml"))
    ]
    assert ends[0] == ends[1]


def test_csv_opens_as_utf8_and_computes_nothing(tmp_path: Path) -> None:
    rows = pd.DataFrame({"name": ["早餐", "=1+1", "@x", "-5", "-x"], "value": [1.5, np.nan, -2, 0, 1e-9]})
    write_csv(rows, tmp_path / "t.csv")
    raw = (tmp_path / "t.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfname,value\r\n")
    assert [row["name"] for row in table(tmp_path / "t.csv")] == ["早餐", "'=1+1", "'@x", "-5", "'-x"]
    assert table(tmp_path / "t.csv")[1]["value"] == ""


def test_a_workbook_has_named_sheets_frozen_headers_and_numbers(exported: Path) -> None:
    book = load_workbook(exported / "circle.xlsx")
    assert book.sheetnames[:4] == ["About", "Streets with footfall", "Outlets", "Homes"]
    sheet = book["Outlets"]
    assert sheet.freeze_panes == "A2"
    header = [cell.value for cell in sheet[1]]
    values = {name: sheet.cell(row=2, column=at).value for at, name in enumerate(header, start=1)}
    assert isinstance(values["visits_per_day"], int | float)
    assert isinstance(values["facility"], str)


@given(
    text=st.text(max_size=12) | st.sampled_from(["=1+1", "+A1", "-A1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1"])
)
def test_no_text_becomes_a_formula_of_a_workbook(text: str) -> None:
    out = io.BytesIO()
    write_workbook([Sheet(name="x", title="x", table=pd.DataFrame({"a": [text]}))], out)  # type: ignore[arg-type]
    with zipfile.ZipFile(out) as parts:
        assert "<f>" not in parts.read("xl/worksheets/sheet1.xml").decode()
    cell = load_workbook(out)["x"]["A2"]
    assert cell.data_type in ("s", "n", "inlineStr")
    assert cell.value is None or isinstance(cell.value, str)


def test_texts_that_begin_like_formulas_are_marked_as_texts(tmp_path: Path) -> None:
    rows = pd.DataFrame({"a": ["=1+1", "plain", "-5"]})
    write_workbook([Sheet(name="x", title="x", table=rows)], tmp_path / "x.xlsx")
    sheet = load_workbook(tmp_path / "x.xlsx")["x"]
    assert [sheet.cell(row=row, column=1).quotePrefix for row in (2, 3, 4)] == [True, False, False]
    assert [sheet.cell(row=row, column=1).data_type for row in (2, 3, 4)] == ["s", "s", "s"]


def test_sheets_of_one_title_and_of_forbidden_signs_get_names_excel_takes(tmp_path: Path) -> None:
    empty = pd.DataFrame({"a": [1]})
    titles = ["a/b:c*d?[e]" + "x" * 40, "a/b:c*d?[e]" + "x" * 40, "'"]
    write_workbook([Sheet(name="x", title=each, table=empty) for each in titles], tmp_path / "x.xlsx")
    names = load_workbook(tmp_path / "x.xlsx").sheetnames
    assert len(set(names)) == 3
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)


def test_a_dashboard_names_only_files_that_are_there(exported: Path) -> None:
    folder = exported / "simwrapper"
    named = [
        json.loads(line.partition(": ")[2])
        for path in folder.glob("dashboard-*.yaml")
        for line in path.read_text("utf-8").splitlines()
        if line.strip().startswith(("file:", "dataset:")) and "." in line
    ]
    assert len(named) > 8
    assert all((folder / name).is_file() for name in named)
    figures = table(folder / "streets-figures.csv")
    shapes = json.loads((folder / "streets.geojson").read_text("utf-8"))["features"]
    assert [row["row"] for row in figures] == [str(each["properties"]["row"]) for each in shapes]


def test_a_geopackage_holds_every_layer(run: Path, tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    geopandas = pytest.importorskip("geopandas")
    out = export_run(run, tmp_path / "out", ("gpkg",)).folder
    names = [name for name, _ in pyogrio.list_layers(out / "circle.gpkg")]
    assert names == ["streets", "outlets-0-as-is", "outlets-1-four-counters", "homes-0-as-is",
                     "homes-1-four-counters"]  # fmt: skip
    streets = geopandas.read_file(out / "circle.gpkg", layer="streets")
    assert streets.crs.to_epsg() == 4326
    assert streets["footfall_per_day"].max() == pd.read_csv(run / "map" / "edges.csv")["footfall"].max()


def test_without_the_extra_one_error_says_what_to_install(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "geopandas", None)
    monkeypatch.setattr("circlesim.reporting.export.geopackage.find_spec", lambda name: None)
    with pytest.raises(ConfigError, match=r"circlesim\[geo\]"):
        export_run(run, tmp_path / "out", ("gpkg",))
    assert not list(tmp_path.iterdir())
    done = export_run(run, tmp_path / "out", ("all",))
    assert "gpkg" in done.left_out[0]
    assert not [name for name in done.files if name.endswith(".gpkg")]


def test_an_unknown_format_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ConfigError, match="did you mean 'geojson'"):
        check_formats(("geojsn",))


def test_something_else_is_not_overwritten_and_an_older_export_is(run: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine")
    with pytest.raises(ConfigError, match="something else stands there"):
        export_run(run, tmp_path / "out", ("csv",))
    (tmp_path / "out" / "letter.txt").unlink()
    export_run(run, tmp_path / "out", ("geojson",))
    assert export_run(run, tmp_path / "out", ("csv",)).folder == tmp_path / "out"
    assert not (tmp_path / "out" / "gis").exists()


def test_a_run_of_an_older_version_is_told_to_run_again(run: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(run, tmp_path / "old")
    edges = pd.read_csv(run / "map" / "edges.csv")
    edges[["from_x", "from_y", "to_x", "to_y", "footfall"]].to_csv(
        tmp_path / "old" / "map" / "edges.csv", index=False
    )
    with pytest.raises(RunError, match="run the experiment again"):
        export_run(tmp_path / "old", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@given(value=st.floats(allow_nan=True, allow_infinity=True) | st.integers(-(2**40), 2**40) | st.text(max_size=5))
def test_cells_become_what_json_holds(value: object) -> None:
    assert json.loads(json.dumps(plain(value), allow_nan=False)) == plain(value)


def test_numbers_that_are_none_are_null(tmp_path: Path) -> None:
    one = Layer(name="x", title="x", shape="Point", degrees=np.array([[[1.0, 2.0]]]),
                table=pd.DataFrame({"a": [np.float64("nan")], "b": [np.int64(3)]}))  # fmt: skip
    write_geojson(one, tmp_path / "x.geojson")
    feature = json.loads((tmp_path / "x.geojson").read_text("utf-8"))["features"][0]
    assert feature["properties"] == {"a": None, "b": 3}
    assert feature["geometry"] == {"type": "Point", "coordinates": [1.0, 2.0]}


@given(text=st.text(max_size=30))
def test_names_of_files_are_safe(text: str) -> None:
    name = slug(text)
    assert 0 < len(name) <= 40
    assert not set(name) & set('/\\:*?"<>|. ')


def test_a_world_shows_residents_by_squares_of_thirty_or_more(tmp_path: Path) -> None:
    from circlesim.reporting.export.world_layers import whole_folder
    from circlesim.world.demo import demo_world

    world = demo_world("old_town", 900)
    whole = whole_folder(world, None, tmp_path / "world", people=False)
    squares = next(each for each in world_collection(world, whole, "zh").layers if each.name == "squares")
    assert squares.table["residents"].min() >= 30
    assert squares.title == "按100米方格的居民"
