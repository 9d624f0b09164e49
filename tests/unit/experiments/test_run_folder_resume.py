from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from pandas.testing import assert_frame_equal
from small_runs import as_is, cashless, small

from circlesim.catalog.constants import read_constants
from circlesim.errors import CircleSimError, ConfigError, RunError
from circlesim.experiments.outcomes import read_outcomes
from circlesim.experiments.store import FolderStore

HERE = Path(__file__).parent


def files(folder: Path) -> dict[str, bytes]:
    """Everything that must not differ between two ways to the same run."""
    names = [*folder.glob("*.csv"), *folder.glob("map/*.csv"), folder / "outcomes.parquet"]
    return {str(path.relative_to(folder)): path.read_bytes() for path in names}


def units(folder: Path) -> dict[str, Path]:
    """Finished units by name."""
    return {path.stem: path for path in sorted((folder / "units").glob("*/*.zip")) if path.name[0] != "."}


def spoil(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    small().run(folder, workers=1)
    return folder


def test_a_run_with_units_missing_ends_like_one_never_stopped(whole, tmp_path):
    small(replications=1).run(tmp_path, workers=1)
    before = {name: path.stat().st_mtime_ns for name, path in units(tmp_path).items()}
    small().run(tmp_path, workers=2)
    assert files(tmp_path) == files(whole)
    assert all(units(tmp_path)[name].stat().st_mtime_ns == when for name, when in before.items())


def test_a_run_killed_on_the_way_ends_like_one_never_stopped(whole, tmp_path):
    lines = [f"import sys; sys.path.insert(0, {str(HERE)!r})", "from small_runs import small"]
    script = "\n".join([*lines, f"small().run({str(tmp_path)!r}, workers=1)"])
    child = subprocess.Popen([sys.executable, "-c", script])
    until = time.monotonic() + 300
    while time.monotonic() < until and child.poll() is None and not units(tmp_path):
        time.sleep(0.01)
    child.kill()
    child.wait()
    assert units(tmp_path)
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


def test_half_a_unit_is_not_a_unit(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    there = units(tmp_path)["a000-r0001"]
    there.rename(there.with_name(f".{there.name}.{os.getpid() + 1}"))
    small().run(tmp_path, workers=1)
    assert files(tmp_path) == files(whole)
    assert not list(there.parent.glob(".*"))


def test_a_damaged_unit_is_put_aside_and_run_again(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    spoil(units(tmp_path)["a000-r0001"])
    told = []
    small().run(tmp_path, workers=1, progress=lambda done, total, text: told.append((done, total)))
    assert files(tmp_path) == files(whole)
    assert units(tmp_path)["a000-r0001"].read_bytes() != b""
    assert [path.name.endswith("a000-r0001.zip") for path in (tmp_path / "damaged").iterdir()] == [True]
    assert (2, 3) in told


@pytest.mark.parametrize("length", [0, 10, -1])
def test_a_unit_cut_short_is_run_again(length, whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    path = units(tmp_path)["a000-r0002"]
    path.write_bytes(path.read_bytes()[:length])
    small().run(tmp_path, workers=1)
    assert files(tmp_path) == files(whole)


def test_a_unit_that_comes_out_otherwise_the_second_time_is_a_fault(whole, tmp_path):
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    store = FolderStore(tmp_path, json.loads((tmp_path / "run.json").read_text())["digest"])
    (cast,) = store.casts().values()
    tables = dict(store.read("a000-r0000", cast))
    store.write("a000-r0000", cast, tables)
    tables["economy"] = tables["economy"].assign(aid=1.0)
    with pytest.raises(RunError, match="economy"):
        store.write("a000-r0000", cast, tables)


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
    from circlesim.experiments import work

    def fails_once(design, draw, replication, keep=None, *, run=work.run_unit):
        if replication == 1:
            raise ZeroDivisionError("made to fail")
        return run(design, draw, replication, keep)

    monkeypatch.setattr(work, "run_unit", fails_once)
    with pytest.raises(RunError, match="a000-r0001, run") as caught:
        small().run(tmp_path, workers=2)
    assert "ZeroDivisionError: made to fail" in str(caught.value)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["units"] == {"planned": 3, "done": 2, "failed": 1}
    assert manifest["failures"][0]["stage"] == "run"
    assert "made to fail" in manifest["failures"][0]["traceback"]
    assert manifest["failures"][0]["command"] == f"circlesim work {tmp_path} --unit a000-r0001"
    assert json.loads((tmp_path / "failed" / "a000-r0001.json").read_text()) == manifest["failures"][0]
    monkeypatch.undo()
    small().run(tmp_path, workers=1)
    assert json.loads((tmp_path / "manifest.json").read_text())["units"]["failed"] == 0
    assert not list((tmp_path / "failed").iterdir())


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
    when = units(tmp_path)["a000-r0000"].stat().st_mtime_ns
    small(replications=1, assumptions=2).run(tmp_path, workers=1)
    assert units(tmp_path)["a000-r0000"].stat().st_mtime_ns == when
    assert "a002of002-r0000" in units(tmp_path)


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


def test_constants_solved_for_a_run_are_kept_to_the_last_digit(tmp_path, monkeypatch):
    from circlesim.experiments import constants, runner

    small(replications=1).run(tmp_path / "given", workers=1)
    solved = read_constants(tmp_path / "given" / "constants.json")
    odd = replace(solved, alternative=solved.alternative + 1 / 3, solved_on=constants.solved_stamp(
        small().world, small().parameters, small().mechanisms))  # fmt: skip
    monkeypatch.setattr(constants, "solve_constants", lambda *_, **__: SimpleNamespace(constants=odd))
    first = small(as_is(), replications=1, constants=None).runner(tmp_path / "run", 1)
    first.prepare()
    monkeypatch.setattr(constants, "solve_constants", None)
    again = runner.Runner(small(as_is(), replications=1, constants=None), tmp_path / "run", 1, False, None)
    again.prepare()
    assert (again.constants.alternative == odd.alternative).all()
    assert (first.constants.alternative == odd.alternative).all()
