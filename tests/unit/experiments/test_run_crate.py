from __future__ import annotations

import hashlib
import json

import pytest
from small_runs import as_is, cashless, small

from circlesim.experiments.crate import CRATE, PROFILE


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    asked = small(as_is(), cashless(), replications=2, question="Who is hurt where cash is refused?")
    asked.run(folder, workers=1, resolved="seed = 5\n", command="circlesim run ./experiment.toml")
    return folder


@pytest.fixture(scope="module")
def graph(run):
    return {each["@id"]: each for each in json.loads((run / CRATE).read_text())["@graph"]}


def test_every_file_of_a_run_is_in_its_crate_with_its_digest(run, graph):
    parts = {each["@id"] for each in graph["./"]["hasPart"]}
    there = {path.relative_to(run).as_posix() for path in [*run.glob("*.csv"), *run.glob("map/*.csv")]}
    assert there | {"manifest.json", "outcomes.parquet", "experiment.toml", "constants.json"} == parts
    for name in parts:
        assert graph[name]["sha256"] == hashlib.sha256((run / name).read_bytes()).hexdigest()


def test_a_crate_says_what_was_made_from_what_by_which_program(run, graph):
    action = graph["#run"]
    manifest = json.loads((run / "manifest.json").read_text())
    assert {"@id": "experiment.toml"} in action["object"]
    assert {"@id": "comparison.csv"} in action["result"]
    assert not {each["@id"] for each in action["object"]} & {each["@id"] for each in action["result"]}
    assert graph[action["instrument"]["@id"]]["softwareVersion"] == manifest["versions"]["circlesim"]
    assert graph["#world"]["identifier"] == manifest["digests"]["world"]
    assert action["startTime"] <= action["endTime"]
    assert graph["./"]["name"] == "Who is hurt where cash is refused?"


def test_every_reference_of_a_crate_leads_somewhere_in_it(graph):
    def references(value):
        if isinstance(value, dict):
            if set(value) == {"@id"}:
                yield value["@id"]
            for item in value.values():
                yield from references(item)
        if isinstance(value, list):
            for item in value:
                yield from references(item)

    found = {each for entity in graph.values() for each in references(entity)}
    assert {each for each in found if not each.startswith("http")} <= set(graph)
    assert PROFILE in found


def test_the_rocrate_package_reads_a_run(run):
    rocrate = pytest.importorskip("rocrate.rocrate", reason="the rocrate package is not installed")
    crate = rocrate.ROCrate(run)
    assert crate.root_dataset["conformsTo"].id == PROFILE
    (action,) = crate.root_dataset["mentions"]
    assert action.type == "CreateAction"
    assert action["instrument"].type == "SoftwareApplication"
    assert "comparison.csv" in {each.id for each in action["result"]}
    assert {each.id for each in crate.data_entities} == {each.id for each in crate.root_dataset["hasPart"]}


def test_a_run_with_failed_units_is_a_failed_action(tmp_path, monkeypatch):
    from circlesim.errors import RunError
    from circlesim.experiments import work

    def fails(design, draw, replication, keep=None, *, run=work.run_unit):
        if replication == 1:
            raise ZeroDivisionError("made to fail")
        return run(design, draw, replication, keep)

    monkeypatch.setattr(work, "run_unit", fails)
    with pytest.raises(RunError):
        small(as_is(), cashless(), replications=2).run(tmp_path, workers=1)
    action = {each["@id"]: each for each in json.loads((tmp_path / CRATE).read_text())["@graph"]}["#run"]
    assert action["actionStatus"]["@id"].endswith("FailedActionStatus")
    assert "1 unit" in action["error"]
