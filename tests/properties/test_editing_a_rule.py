"""Editing a rule changes the next process's ledger: a cached kernel is never stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import circlesim

LEDGER = """
from towns import random_town
ledger = random_town(3, 30, 8).run(range(2))
columns = [ledger[name] for name in sorted(ledger.columns)]
"""
ATTRACTION = """
from towns import random_town
town = random_town(3, 30, 8)
columns = [town.prepared().outlets(town.stage()).attraction]
"""
REPORT = """
import circlesim, hashlib
print(circlesim.__file__)
print(hashlib.sha256(b"".join(column.tobytes() for column in columns)).hexdigest())
"""


def fresh_process(script: str, package: Path, cache: Path) -> str:
    """Digest of what a new process computes that has this copy of the package first."""
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(package.parent), str(Path(__file__).parent.parent)]),
        "XDG_CACHE_HOME": str(cache),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [sys.executable, "-c", script + REPORT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    where, what = done.stdout.split()
    assert Path(where).parent == package
    return what


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def editing_changes_the_next_process(script: str, folder: Path, rule: str, old: str, new: str) -> None:
    """One package folder and one warm cache; the file of the kernel itself is never touched."""
    package, cache = folder / "src" / "circlesim", folder / "cache"
    shutil.copytree(Path(circlesim.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    first = fresh_process(script, package, cache)
    kernels = sorted(cache.rglob("*.nbc"))
    assert kernels, "no kernel was cached, so none could be stale"

    assert fresh_process(script, package, cache) == first
    assert sorted(cache.rglob("*.nbc")) == kernels, "an unchanged kernel was compiled again"

    edit(package / rule, old, new)
    assert fresh_process(script, package, cache) != first

    edit(package / rule, new, old)
    assert fresh_process(script, package, cache) == first


def test_editing_a_rule_changes_what_the_next_process_computes(tmp_path: Path) -> None:
    # A small kernel, for every day: the table of attractiveness.
    editing_changes_the_next_process(
        ATTRACTION, tmp_path, "behaviour/choosing.py", "return b_quality", "return 2.0 * b_quality"
    )


@pytest.mark.slow
def test_editing_a_rule_changes_the_next_process_s_ledger(tmp_path: Path) -> None:
    # The kernel of the whole day, compiled twice.
    editing_changes_the_next_process(
        LEDGER, tmp_path, "behaviour/walking.py", "return metres / speed", "return 1.5 * metres / speed"
    )
