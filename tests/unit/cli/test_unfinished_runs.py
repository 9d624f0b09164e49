"""What is said of a run before it is finished: forecast, shares, status, comparison."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import Said

from circlesim.cli import main
from circlesim.cli.outlook import minutes

EXPERIMENT = """
world = {name = "old_town", residents = 300}
days = 3
warmup_days = 2
replications = 4
measures = ["spend", "unmet_share"]
[scenarios."as is"]
[scenarios."no cash"]
policies = [{refuse_cash = {share = 1.0, seed = 5}}]
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An experiment whose constants are solved once, beside the runs."""
    folder = tmp_path_factory.mktemp("asked")
    (folder / "small.toml").write_text(EXPERIMENT, encoding="utf-8")
    return folder / "small.toml"


@pytest.fixture(scope="module")
def run(file: Path) -> Path:
    """Half of a run: the first of two shares."""
    folder = file.parent / "run"
    assert main(["run", str(file), "--out", str(folder), "--prepare"]) == 0
    assert main(["work", str(folder), "--shard", "1/2", "--workers", "1"]) == 0
    return folder


def test_a_prepared_folder_is_worked_on_share_by_share_and_compared_before_it_is_finished(
    run: Path, file: Path, capsys: Said
) -> None:
    assert main(["run", str(file), "--out", str(run), "--status"]) == 0
    said = capsys.readouterr().out
    assert "4 planned, 2 done, 0 failed, 0 in flight, 2 missing" in said
    assert "left, at" in said
    assert main(["compare", str(run)]) == 0
    said = capsys.readouterr().out
    assert "This run is unfinished: 2 of 4 units are there." in said
    assert "rest on 2 replications" in said
    assert "no cash" in said


def test_the_rest_is_run_by_the_command_that_was_named(run: Path, file: Path, capsys: Said) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in run.glob("units/*/*.zip")}
    assert main(["run", str(file), "--out", str(run), "--workers", "1"]) == 0
    after = {path.name: path.stat().st_mtime_ns for path in run.glob("units/*/*.zip")}
    assert len(after) == 4
    assert after | before == after
    assert json.loads((run / "manifest.json").read_text())["units"] == {"planned": 4, "done": 4, "failed": 0}
    capsys.readouterr()
    assert main(["compare", str(run), "--adjust", "holm"]) == 0
    assert "unfinished" not in capsys.readouterr().out


def test_a_number_is_explained(run: Path, file: Path, capsys: Said) -> None:
    assert main(["run", str(file), "--out", str(run), "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["compare", str(run), "--explain", "unmet_share"]) == 0
    said = capsys.readouterr().out
    for word in ("formula", "unit", "population", "made of", "difference", "grade D", "no cash", "4 pairs"):
        assert word in said
    assert main(["compare", str(run), "--explain", "unmet"]) == 2
    assert "unmet_share" in capsys.readouterr().err


def test_scenarios_are_set_beside_each_other_and_effects_beside_what_matters(
    run: Path, file: Path, capsys: Said
) -> None:
    assert main(["run", str(file), "--out", str(run), "--workers", "1"]) == 0
    capsys.readouterr()
    assert main(["compare", str(run), "--best", "unmet_share", "--smallest", "unmet_share=0.5"]) == 0
    said = capsys.readouterr().out
    assert "not beaten, or by" in said
    assert "too small to matter" in said
    assert main(["compare", str(run), "--smallest", "unmet_share"]) == 2
    assert "such as spend=0.1" in capsys.readouterr().err


def test_one_unit_is_run_alone(run: Path, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    from circlesim.experiments import work

    def fails(*_: object) -> None:
        raise ZeroDivisionError("made to fail")

    monkeypatch.setattr(work, "run_unit", fails)
    for path in run.glob("units/*/a000-r0001.zip"):
        path.unlink()
    assert main(["work", str(run), "--unit", "a000-r0001"]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "made to fail" in said
    assert main(["work", str(run), "--unit", "a000-r0999"]) == 1
    assert "such as a000-r0000" in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["work", str(run), "--unit", "a000-r0001"]) == 0
    assert not list((run / "failed").iterdir())


def test_a_forecast_is_told_and_nothing_is_written(file: Path, capsys: Said) -> None:
    before = sorted(file.parent.iterdir())
    assert main(["run", str(file), "--out", str(file.parent / "new"), "--forecast", "--pilot", "2"]) == 0
    said = capsys.readouterr().out
    assert "4 units: 4 replications of 2 scenarios" in said
    assert "MB on the disk" in said
    assert "sd of difference" in said
    assert sorted(file.parent.iterdir()) == before


@pytest.mark.parametrize("shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2"])
def test_a_share_that_is_none_is_refused(shard: str, run: Path, capsys: Said) -> None:
    assert main(["work", str(run), f"--shard={shard}"]) == 2
    assert "such as 1/8" in capsys.readouterr().err


def test_what_has_not_been_begun_has_no_status_and_no_work(file: Path, tmp_path: Path, capsys: Said) -> None:
    assert main(["run", str(file), "--out", str(tmp_path / "none"), "--status"]) == 1
    assert "no run has been begun" in capsys.readouterr().err
    assert main(["work", str(tmp_path)]) == 2
    assert "--prepare" in capsys.readouterr().err
    assert main(["run", str(file), "--status", "--forecast"]) == 2
    assert "different things" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("count", "told"),
    [(0.2, "less than a minute"), (1.2, "about 1 minute"), (42.0, "about 42 minutes"), (600, "about 10.0 hours")],
)
def test_a_length_of_time_is_told_in_fitting_units(count: float, told: str) -> None:
    assert minutes(count) == told
