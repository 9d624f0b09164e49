"""Editing a rule changes the next process's ledger: a cached kernel is never stale."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import circlesim

SCRIPT = """
import hashlib, numpy as np
from towns import random_town
import circlesim
ledger = random_town(3, 30, 8).run(range(2))
print(circlesim.__file__)
print(len(ledger), hashlib.sha256(b"".join(ledger[name].tobytes() for name in sorted(ledger.columns))).hexdigest())
"""


def ledger_of(package: Path, cache: Path) -> str:
    """Digest of a small town's ledger, made by a fresh process that has this copy of the package first."""
    here = Path(__file__).parent.parent
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(package.parent), str(here)]),
        "XDG_CACHE_HOME": str(cache),
        "PYTHONDONTWRITEBYTECODE": "1",
        "NUMBA_OPT": "0",  # compile quickly: the ledger is the same at every level of optimisation
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, check=True
    )
    where, what = done.stdout.split("\n")[:2]
    assert Path(where).parent == package
    return what


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_editing_a_rule_changes_the_next_process_s_ledger(tmp_path: Path) -> None:
    # One package folder and one cache throughout, kept warm between processes.
    package, cache = tmp_path / "src" / "circlesim", tmp_path / "cache"
    shutil.copytree(
        Path(circlesim.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__", "data/helsinki")
    )
    rule = package / "behaviour" / "walking.py"
    first = ledger_of(package, cache)
    kernels = sorted(path for path in cache.rglob("*.nbc"))
    assert kernels, "the kernel was not cached, so nothing could be stale"

    assert ledger_of(package, cache) == first
    assert sorted(cache.rglob("*.nbc")) == kernels, "an unchanged kernel was compiled again"

    edit(rule, "return metres / speed_m_per_min", "return 1.5 * metres / speed_m_per_min")
    assert ledger_of(package, cache) != first

    edit(rule, "return 1.5 * metres / speed_m_per_min", "return metres / speed_m_per_min")
    assert ledger_of(package, cache) == first
