from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal
from small_runs import as_is, cashless, small

from circlesim.errors import CircleSimError, ConfigError, RunError
from circlesim.experiments.outcomes import read_outcomes
from circlesim.experiments.store import FolderStore

HERE = Path(__file__).parent


def files(folder: Path) -> dict[str, bytes]:
    """Everything that must not differ between two ways to the same run."""
    names = [*folder.glob("*.csv"), *folder.glob("map/*.csv"), folder / "outcomes.parquet"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in names}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    small().run(folder, workers=1)
    return folder


def test_a_run_with_units_missing_ends_like_one_never_stopped(whole, tmp_path):
    small(replications=1).run(tmp_path, workers=1)
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "units").iterdir()}
    small().run(tmp_path, workers=2)
    assert files(tmp_path) == files(whole)
    assert all((tmp_path / "units" / name).stat().st_mtime_ns == when for name, when in before.items())


def test_a_run_killed_on_the_way_ends_like_one_never_stopped(whole, tmp_path):
    lines = [f"import sys; sys.path.insert(0, {str(HERE)!r})", "from small_runs import small"]
    script = "\n".join([*lines, f"small().run({str(tmp_path)!r}, workers=1)"])
    child = subprocess.Popen([sys.executable, "-c", script])
    units = tmp_path / "units"
    until = time.monotonic() + 300
    while time.monotonic() < until and child.poll() is None:
        if units.is_dir() and any(not path.name.startswith(".") for path in units.iterdir()):
            break
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert any(not path.name.startswith(".") for path in units.iterdir())
    small().run(tmp_path, workers=1)
    assert files(tmp_path) == files(whole)


def test_a_finished_run_is_read_back(whole):
    again = read_outcomes(whole)
    assert_frame_equal(again.compare(), small().run(workers=1).compare())
    assert again.manifest["units"] == {"planned": 3, "done": 3, "failed": 0}
    assert len(again.switching())
    assert len(again.balance())


def test_another_experiment_may_not_go_on_in_the_folder(whole):
    with pytest.raises(ConfigError, match="another experiment"):
        small(seed=6).run(whole, workers=1)


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(ConfigError, match="something else"):
        small().run(tmp_path, workers=1)
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def test_half_a_unit_is_not_a_unit(tmp_path):
    store = FolderStore(tmp_path, "digest")
    (tmp_path / "units" / f".a000-r0000.{os.getpid()}").mkdir()
    assert not store.has("a000-r0000")


def test_a_damaged_unit_is_reported_with_what_to_do(tmp_path):
    small(replications=2).run(tmp_path, workers=1)
    (tmp_path / "units" / "a000-r0001" / "outcomes.parquet").write_bytes(b"not parquet")
    with pytest.raises(RunError, match="delete"):
        small(replications=2).run(tmp_path, workers=1)


@pytest.mark.parametrize("table", ["outcomes", "barriers", "switching"])
def test_a_unit_without_one_of_its_tables_is_not_passed_over(table, whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    (tmp_path / "units" / "a000-r0001" / f"{table}.parquet").unlink()
    with pytest.raises(RunError, match="delete"):
        small().run(tmp_path, workers=1)


def test_a_run_that_cannot_be_written_to_the_end_is_not_taken_for_a_finished_one(whole, tmp_path, monkeypatch):
    from circlesim.experiments import outcomes

    def full(path, text):
        raise OSError(28, "No space left on device", str(path))

    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    monkeypatch.setattr(outcomes, "write_text", full)
    with pytest.raises(OSError, match="No space"):
        small().run(tmp_path, workers=1)
    with pytest.raises(RunError, match="no finished run"):
        read_outcomes(tmp_path)


def test_a_failed_unit_is_named_and_the_others_are_finished(tmp_path, monkeypatch):
    from circlesim.experiments import runner

    def fails_once(design, draw, replication, keep=None, *, run=runner.run_unit):
        if replication == 1:
            raise ZeroDivisionError("made to fail")
        return run(design, draw, replication, keep)

    monkeypatch.setattr(runner, "run_unit", fails_once)
    with pytest.raises(RunError, match="a000-r0001, run") as caught:
        small().run(tmp_path, workers=2)
    assert "ZeroDivisionError: made to fail" in str(caught.value)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["units"] == {"planned": 3, "done": 2, "failed": 1}
    assert manifest["failures"][0]["stage"] == "run"
    assert "made to fail" in manifest["failures"][0]["traceback"]
    monkeypatch.undo()
    small().run(tmp_path, workers=1)
    assert json.loads((tmp_path / "manifest.json").read_text())["units"]["failed"] == 0


def test_a_ledger_is_written_only_when_asked_for(tmp_path):
    import pandas as pd

    small(as_is(), cashless(), replications=1).run(tmp_path, workers=1, keep_ledger=True)
    pages = [pd.read_parquet(path) for path in sorted((tmp_path / "ledger").glob("*.parquet"))]
    assert [page["scenario"].iloc[0] for page in pages] == ["as is", "cashless"]
    assert (pages[0]["resident"] == pages[1]["resident"]).all()
    assert (pages[0]["need_min"] == pages[1]["need_min"]).all()
    assert set(pages[0]["day"]) == set(range(6))


def test_a_ledger_needs_a_folder():
    with pytest.raises(CircleSimError, match="run folder"):
        small().run(keep_ledger=True)


def test_more_draws_use_the_finished_units_again(tmp_path):
    small(replications=1).run(tmp_path, workers=1)
    when = (tmp_path / "units" / "a000-r0000").stat().st_mtime_ns
    small(replications=1, assumptions=2).run(tmp_path, workers=1)
    assert (tmp_path / "units" / "a000-r0000").stat().st_mtime_ns == when
    assert (tmp_path / "units" / "a002of002-r0000").is_dir()


def test_progress_is_told_to_the_end(tmp_path):
    told = []
    small(replications=2).run(
        tmp_path, workers=1, progress=lambda done, total, text: told.append((done, total, text))
    )
    assert (2, 2) in {(done, total) for done, total, _ in told}


def test_a_draw_says_how_well_it_meets_the_anchors(tmp_path):
    outcomes = small(replications=2, assumptions=2).run(tmp_path, workers=1)
    table = outcomes.tables["anchoring"]
    assert table["assumption"].tolist() == [1, 2]
    assert ((table["mean_gap"] > 0) & (table["mean_gap"] < 0.1)).all()
    assert outcomes.manifest["draws_anchored"] == {"met": int(table["met"].sum()), "of": 2}
    again = small(replications=2, assumptions=2).run(tmp_path, workers=1)
    assert_frame_equal(again.tables["anchoring"], table)
    assert (tmp_path / "anchoring.csv").is_file()
