"""The house: floors, types, style, import cost."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BESIDE = Path(sys.executable).parent


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which(command[0], path=str(BESIDE)) or command[0]
    return subprocess.run([tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "command",
    [
        ("lint-imports", "--no-cache"),
        ("ruff", "check", "src", "tests", "benchmarks", "scripts"),
        ("ruff", "format", "--check", "src", "tests", "benchmarks", "scripts"),
        ("mypy",),
    ],
    ids=["floors", "lint", "format", "types"],
)
def test_the_house_is_in_order(command: tuple[str, ...]) -> None:
    done = _run(*command)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_public_docstrings_pass_the_numpydoc_checks() -> None:
    files = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "src").rglob("*.py"))]
    done = _run("numpydoc", "lint", *files)
    assert done.returncode == 0, done.stdout[-4000:]


def test_importing_circlesim_loads_numpy_and_little_else() -> None:
    heavy = [
        "pandas",
        "numba",
        "scipy",
        "networkx",
        "matplotlib",
        "mesa",
        "pydantic",
        "pyarrow",
        "typer",
        "rich",
        "jinja2",
    ]
    code = f"import sys, circlesim; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_nothing_in_the_repository_names_the_machine_it_was_written_on() -> None:
    listed = _run("git", "ls-files").stdout.split()
    text = "".join(
        (ROOT / name).read_text(encoding="utf-8", errors="ignore")
        for name in listed
        if name.endswith((".py", ".md", ".toml", ".csv", ".cff", ".yml")) and name != "tests/test_house.py"
    )
    assert not [word for word in ("/wo" + "rk/", "/ro" + "ot/", ".lib" + "rary") if word in text]
