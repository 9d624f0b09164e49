"""Shipped experiments of the further mechanisms run to their tables, on a small town and a few days."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from circlesim.cli import main
from circlesim.config.reading import read_experiment

ROOT = Path(__file__).parents[2]
SMALL = ("--set", "world.residents=700", "--set", "replications=2")


NAMES = sorted(path.parent.name for path in ROOT.glob("experiments/*/experiment.toml"))
YEARS = {"operators", "relief", "watching"}
"""Many months; the first will do here."""


SHORTER = {
    "watching": [
        "--set",
        "measure_from=2024-04-22",
        *("--set", 'scenarios."by watching".policies[0].fill_gaps.every_days=20'),
    ]
}
"""What else has to be earlier for something to happen in two months."""


def _small(name: str) -> list[str]:
    return [*SMALL, *(["--set", "days=60"] if name in YEARS else []), *SHORTER.get(name, [])]


def _with(part: str) -> list[str]:
    return [name for name in NAMES if f"[[{part}]]" in _file(name).read_text("utf-8")]


def _file(name: str) -> Path:
    return ROOT / "experiments" / name / "experiment.toml"


@pytest.mark.parametrize("name", _with("expectations"))
def test_an_experiment_runs_small_and_judges_what_it_expects(name: str, tmp_path: Path) -> None:
    assert main(["run", str(_file(name)), "--out", str(tmp_path / name), *_small(name)]) == 0
    found = pd.read_csv(tmp_path / name / "expectations.csv", keep_default_na=False)
    kept = pd.read_csv(_file(name).parent / "expected.csv", keep_default_na=False)
    assert found["says"].tolist() == kept["says"].tolist(), "scripts/write_findings.py has not been run since"
    assert set(kept["verdict"]) <= {"shown", "refuted", "open"}
    page = (_file(name).parent / "README.md").read_text("utf-8")
    assert all(f"| {says} |" in page for says in kept["says"])


@pytest.mark.parametrize("name", _with("laws"))
def test_the_laws_of_an_experiment_hold(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(_file(name)), "--laws", *_small(name)]) == 0, capsys.readouterr().out


def test_the_list_of_experiments_names_all_of_them() -> None:
    words = (ROOT / "experiments" / "README.md").read_text("utf-8")
    assert sorted(re.findall(r"^\| \[([\w-]+)\]", words, re.M)) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_experiment_says_what_it_asks_and_expects(name: str) -> None:
    assert read_experiment(ROOT / "experiments" / name / "experiment.toml").table.question.endswith("?")
    words = (ROOT / "experiments" / name / "README.md").read_text(encoding="utf-8")
    for part in ("**Question.**", "**Expectation", "**Run it.**", "**Change one thing.**"):
        assert part in words, part


def test_what_helps_elders_runs(tmp_path: Path) -> None:
    out = tmp_path / "elders"
    assert main(["run", str(ROOT / "experiments/elders/experiment.toml"), "--out", str(out), *SMALL,
                 "--set", "days=10"]) == 0  # fmt: skip
    table = pd.read_csv(out / "comparison.csv")
    assert set(table["scenario"]) == {"meal aid", "home visits", "cash everywhere", "all three"}


def test_who_gives_up_runs_and_keeps_the_books(tmp_path: Path) -> None:
    out = tmp_path / "operators"
    assert main(["run", str(ROOT / "experiments/operators/experiment.toml"), "--out", str(out), *SMALL,
                 "--set", "days=62"]) == 0  # fmt: skip
    books = pd.read_csv(out / "operators.csv")
    assert set(books["month"]) == {"2024-01", "2024-02"}
    assert (books["trading"] > 0).all()
    unmet = pd.read_csv(out / "unmet.csv", keep_default_na=False)
    unheard = unmet[(unmet["scenario"] == "new shops") & (unmet["barrier"] == "unaware") & (unmet["by"] == "")]
    assert unheard["met_if_lifted"].sum() > 0, "some would go to a new shop if they had heard of it"


def test_open_gates_shorten_walks_and_locked_ones_lengthen_the_way_round(tmp_path: Path) -> None:
    out = tmp_path / "gates"
    assert main(["run", str(ROOT / "experiments/gates/experiment.toml"), "--out", str(out), "--set",
                 "world.residents=2500", "--set", "replications=2", "--set", "days=14"]) == 0  # fmt: skip
    table = pd.read_csv(out / "comparison.csv", keep_default_na=False)
    walk = table[(table["measure"] == "walk_min") & (table["by"] == "")].set_index("scenario")["difference"]
    assert float(walk["gates open"]) < 0


def test_reserves_carry_a_town_through_a_week_of_short_supply(tmp_path: Path) -> None:
    out = tmp_path / "emergency"
    assert main(["run", str(ROOT / "experiments/emergency/experiment.toml"), "--out", str(out), *SMALL]) == 0
    table = pd.read_csv(out / "comparison.csv", keep_default_na=False)
    met = table[(table["measure"] == "met_inside_share") & (table["by"] == "")].set_index("scenario")["difference"]
    assert float(met["short supply"]) < 0
    assert 0 < float(met["two days in reserve"]) < float(met["seven days in reserve"])
