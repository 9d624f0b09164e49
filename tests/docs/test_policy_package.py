"""A policy written from the how-to page, put into a package of its own and installed, works from TOML."""

from __future__ import annotations

import ast
import base64
import hashlib
import json
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from doc_pages import ROOT, fences

import circlesim

PAGE = ROOT / "docs" / "how-to" / "write-a-policy.md"
FILES = {
    fence.note.removeprefix("file: "): fence.body
    for fence in fences(PAGE.read_text(encoding="utf-8"))
    if fence.note.startswith("file: ")
}
POLICY, PROJECT, EXPERIMENT = FILES["hire_hands.py"], FILES["pyproject.toml"], FILES["two_hands.toml"]


def wheel(folder: Path, policy: str = POLICY, project: str = PROJECT) -> Path:
    """Build the package as its backend would: modules, metadata and the entry points of pyproject.toml."""
    said = tomllib.loads(project)["project"]
    name, version = said["name"].replace("-", "_"), said["version"]
    info = f"{name}-{version}.dist-info"
    entries = "".join(
        f"[{group}]\n" + "".join(f"{key} = {value}\n" for key, value in table.items())
        for group, table in said["entry-points"].items()
    )
    (module,) = {value.partition(":")[0] for value in said["entry-points"]["circlesim.policies"].values()}
    files = {
        f"{name}/__init__.py": "",
        module.replace(".", "/") + ".py": policy,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {said['name']}\nVersion: {version}\n"
        + "".join(f"Requires-Dist: {each}\n" for each in said["dependencies"]),
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": entries,
    }
    record = "".join(f"{path},sha256={_digest(text)},{len(text.encode())}\n" for path, text in files.items())
    files[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in files.items():
            archive.writestr(inside, text)
    return path


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def installed(folder: Path, **parts: str) -> dict[str, str]:
    """Install the package beside circlesim; the environment in which both are found."""
    target = folder / "site"
    done = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--disable-pip-version-check", "--target", str(target), str(wheel(folder, **parts))],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    paths = (str(target), str(Path(circlesim.__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}


def called(folder: Path, environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_the_policy_of_the_page_is_about_thirty_lines() -> None:
    module = ast.parse(POLICY)
    said = {
        line
        for node in ast.walk(module)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
        for line in range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)
    }
    lines = [n for n, text in enumerate(POLICY.splitlines(), start=1) if text.strip() and n not in said]
    assert len(lines) <= 30


def test_a_policy_of_an_installed_package_runs_from_toml_and_keeps_its_contract(tmp_path: Path) -> None:
    environment = installed(tmp_path)
    (tmp_path / "two_hands.toml").write_text(EXPERIMENT, encoding="utf-8")
    done = called(tmp_path, environment, "circlesim", "run", "two_hands.toml", "--out", "run")
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text("utf-8"))
    (policy,) = manifest["policies"]["two behind the counter"]
    assert policy["policy"] == "hire_hands"
    assert policy["outlets_touched"] > 0
    wait = pd.read_csv(tmp_path / "run" / "comparison.csv").set_index("measure").loc["wait_min"]
    assert wait["value"] < wait["baseline_value"]
    shown = called(tmp_path, environment, "circlesim", "show", "policies", "hire_hands")
    assert "servers" in shown.stdout
    script = tmp_path / "keeps.py"
    script.write_text(
        "import circlesim as cs\n"
        "from circlesim.testing import check_policy\n"
        "from town_hands.hire_hands import HireHands\n"
        "policy = HireHands(formats=('breakfast_shop',), servers=2)\n"
        "check_policy(policy, cs.demo_world('old_town', residents=500))\n"
        "print('kept')\n",
        encoding="utf-8",
    )
    assert called(tmp_path, environment, "keeps").stdout == "kept\n"


def test_a_fault_in_the_table_of_such_a_policy_is_told_like_any_other(tmp_path: Path) -> None:
    environment = installed(tmp_path)
    broken = EXPERIMENT.replace("servers = 2", "serves = 2").replace("breakfast_shop", "brekfast_shop")
    (tmp_path / "two_hands.toml").write_text(broken, encoding="utf-8")
    done = called(tmp_path, environment, "circlesim", "run", "two_hands.toml", "--out", "run")
    assert done.returncode == 2
    assert "did you mean 'servers'?" in done.stderr
    assert "did you mean 'breakfast_shop'?" in done.stderr
    assert not (tmp_path / "run").exists()


BROKEN = {
    "it imports what is not there": (POLICY.replace("import numpy as np", "import numpi as np"), PROJECT, "numpi"),
    "it is no policy": (POLICY + "\nHireHands = 3\n", PROJECT, "not a policy"),
    "its class is not there": (POLICY, PROJECT.replace(":HireHands", ":HireHand"), "HireHand"),
    "its name is in use": (POLICY.replace('"hire_hands"', '"keep_cash"'), PROJECT, "the name is in use"),
    "it draws from a generator": (
        POLICY.replace("import numpy as np\n", "import numpy as np\nfrom numpy.random import default_rng\n"),
        PROJECT,
        "draws from a generator that advances",
    ),
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_package_is_refused_by_name_before_anything_runs(how: str, tmp_path: Path) -> None:
    policy, project, words = BROKEN[how]
    environment = installed(tmp_path, policy=policy, project=project)
    (tmp_path / "two_hands.toml").write_text(EXPERIMENT, encoding="utf-8")
    done = called(tmp_path, environment, "circlesim", "run", "two_hands.toml", "--out", "run")
    assert done.returncode == 2, done.stderr
    assert "package town-hands 0.1.0, entry point hire_hands = town_hands.hire_hands:" in done.stderr
    assert words in done.stderr
    assert not (tmp_path / "run").exists()
