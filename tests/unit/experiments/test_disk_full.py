"""A disk that is full ends a run with a clear error, and once there is room it goes on as if nothing had been."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from small_runs import as_is, cashless, small
from test_run_folder_resume import files, units

from circlesim.cli.failure import tell_system

MANY = 6


@pytest.fixture
def little_disk(tmp_path):
    """A file system in memory with room for a unit or two; skipped where one may not be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", str(place)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def asked():
    return small(as_is(), cashless(), replications=MANY)


def test_a_full_disk_ends_in_a_clear_error_and_a_clean_resume(little_disk, tmp_path, capsys):
    folder = little_disk / "run"
    with pytest.raises(OSError, match="No space left") as caught:
        asked().run(folder, workers=2)
    assert tell_system(caught.value) == 1
    assert "the same command goes on from there" in capsys.readouterr().err
    there = units(folder)
    assert 0 < len(there) < MANY
    assert not [path for path in folder.rglob(".*") if path.is_file() and path.parent.name != "claims"]
    subprocess.run(["mount", "-o", "remount,size=64m", str(little_disk)], check=True)
    when = {name: path.stat().st_mtime_ns for name, path in there.items()}
    asked().run(folder, workers=2)
    assert {name: units(folder)[name].stat().st_mtime_ns for name in when} == when
    asked().run(tmp_path / "roomy", workers=1)
    assert files(folder) == files(tmp_path / "roomy")


def test_a_disk_that_fills_up_stops_the_run_at_once(tmp_path, monkeypatch):
    from circlesim.experiments import unit_file, work

    begun = []

    def noted(*args, run=work.run_unit):
        begun.append(args)
        return run(*args)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(work, "run_unit", noted)
    monkeypatch.setattr(unit_file.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        asked().run(tmp_path / "run", workers=1)
    monkeypatch.undo()
    assert len(begun) < MANY
    assert not [path for path in Path(tmp_path / "run").rglob(".*.zip.*")]
    assert not (tmp_path / "run" / "manifest.json").exists()
    assert os.path.isdir(tmp_path / "run" / "units")  # noqa: PTH112
