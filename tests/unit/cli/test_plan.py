"""Verb `plan`: what it writes, that its plan runs again to the same figures, and what it refuses."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from circlesim.cli import main
from circlesim.config.planned import free_name
from circlesim.config.reading import read_experiment
from circlesim.planning.planned import TABLES

EXPERIMENT = """
question = "What first?"
world = {name = "old_town", residents = 300}
start = 2024-03-04
days = 5
warmup_days = 2
replications = 2
seed = 7
measures = ["met_inside_share"]
by = ["age60"]
baseline = "drift"
[scenarios."as is"]
[scenarios."drift"]
policies = ["less cash", {extend_hours = {formats = ["gym"], close = "21:30"}}]
[scenarios."plan"]
policies = [{add_facilities = {format = "pharmacy", count = 1, capital_yuan = 9000, starts = 2024-03-05}}]
[[expectations]]
says = "more"
says_zh = "更多"
measure = "met_inside_share"
higher = {scenario = "plan"}
lower = {scenario = "as is"}
[policies."less cash"]
refuse_cash = {share = 0.3, seed = 5}
"""

Said = pytest.CaptureFixture[str]
PLAN = [
    "plan",
    "asked/experiment.toml",
    "--budget",
    "90000",
    "--sites",
    "1",
    "--gain",
    "welfare_min",
    "--services",
    "2",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("asked").mkdir()
    Path("asked/experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    return tmp_path


def test_a_plan_runs_again_to_the_figures_it_was_told_with(folder: Path, capsys: Said) -> None:
    assert main(PLAN) == 0
    made = Path("outputs/asked-plan")
    assert sorted(path.name for path in made.iterdir()) == sorted(
        [*(f"{name}.csv" for name in TABLES), "plan.toml"]
    )
    said = capsys.readouterr().out
    assert str(made / "plan.toml") in said
    assert "What is lacking" in said
    assert main(["run", str(made / "plan.toml"), "--out", "again"]) == 0
    table = pd.read_csv("again/comparison.csv", keep_default_na=False, na_values=[""], dtype={"by": str})
    rerun = table[(table["measure"] == "welfare_min") & table["by"].isna() & (table["scenario"] == "plan 2")]
    (row,) = rerun.to_dict("records")
    curve = pd.read_csv(made / "plan.csv")
    assert row["baseline"] == "drift"
    assert row["difference"] == pytest.approx(curve["cumulative_gain"].iloc[-1], rel=1e-9)
    costs = pd.read_csv("again/cost_effectiveness.csv")
    assert len(curve) == len(read_experiment(made / "plan.toml").table.scenarios["plan 2"].policies) - 1
    assert (costs.loc[costs["scenario"] == "plan 2", "cost"] > 0).all()


def test_a_plan_that_moved_with_its_folder_still_reads(folder: Path) -> None:
    assert main([*PLAN, "--out", "made"]) == 0
    shutil.copytree("made", "elsewhere/made")
    asked = read_experiment(Path("elsewhere/made/plan.toml"))
    assert list(asked.table.scenarios) == ["drift", "plan 2"]
    assert asked.table.baseline == "drift"
    assert asked.table.expectations == ()
    assert asked.table.scenarios["plan 2"].policies[0] == "drift"


def test_a_plan_folder_is_written_again_and_nothing_else_is_written_over(folder: Path, capsys: Said) -> None:
    assert main([*PLAN, "--out", "made"]) == 0
    first = Path("made/plan.toml").read_text("utf-8")
    assert main([*PLAN, "--out", "made"]) == 0
    assert Path("made/plan.toml").read_text("utf-8") == first
    Path("mine").mkdir()
    Path("mine/diary.txt").write_text("x", encoding="utf-8")
    capsys.readouterr()
    assert main([*PLAN, "--out", "mine"]) == 2
    assert [path.name for path in Path("mine").iterdir()] == ["diary.txt"]
    assert "holds files of something else" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "asked/experiment.toml"],
        ["plan", "asked/experiment.toml", "--budget", "0"],
        ["plan", "asked/experiment.toml", "--budget", "nan"],
        ["plan", "asked/experiment.toml", "--budget", "9", "--format", "pharmacie"],
        ["plan", "asked/experiment.toml", "--budget", "9", "--node", "-3"],
        ["plan", "asked/experiment.toml", "--budget", "9", "--gain", "walk_min"],
        ["plan", "asked/experiment.toml", "--budget", "9", "--solver", "exakt"],
        ["plan", "nowhere.toml", "--budget", "9"],
    ],
)
def test_a_request_that_cannot_be_met_ends_in_2_and_writes_nothing(folder: Path, words: list[str]) -> None:
    assert main(words) == 2
    assert [path.name for path in folder.iterdir()] == ["asked"]


def test_the_plan_is_told_in_chinese_too(folder: Path, capsys: Said) -> None:
    assert main([*PLAN, "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert "基线下缺什么" in said
    assert "个项目" in said


def test_a_name_in_use_is_not_taken() -> None:
    assert free_name("plan", ()) == "plan"
    assert free_name("plan", ("plan", "plan 2")) == "plan 3"
