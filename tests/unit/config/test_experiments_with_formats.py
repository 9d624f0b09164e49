"""An experiment file that brings formats of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import circlesim as cs
from circlesim.catalog.format_set import CATALOGUE
from circlesim.catalog.formats import FORMATS
from circlesim.cli import main
from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError
from circlesim.experiments.design import compile_design
from circlesim.testing import check_policy
from circlesim.world.folder import write_world

FORMATS_CSV = """\
format,zh,en,like,class,services,servers,source,grade
tea_house,社区茶馆,tea house,cafe,quality,leisure+breakfast,3,made for a test,D
night_pharmacy,夜间药房,night pharmacy,pharmacy,care,,,made for a test,D
"""
EXPERIMENT = """\
world = {name = "old_town", residents = 500}
formats = "my_formats.csv"
days = 3
warmup_days = 0
replications = 2
measures = ["spend", "coverage:tea_house:10", "access_gini:format:tea_house", "unmet_share"]
by = ["format"]
[scenarios."as is"]
[scenarios."tea"]
policies = [
    {add_facilities = {format = "tea_house", count = 2}},
    {add_facilities = {format = "night_pharmacy", count = 1, siting = "random", beside = ["tea_house"]}},
    {raise_capacity = {formats = ["tea_house"], servers = 9}},
]
"""

STANDARD = """\
title  = {en = "Mine", zh = "我的"}
note   = {en = "Made for a test", zh = "测试"}
status = "assumption"
source = "made for a test"
grade  = "D"
[[duties]]
class   = "quality"
formats = ["tea_house"]
[[duties]]
class   = "basic"
formats = ["night_pharmacy"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "my_formats.csv").write_text(FORMATS_CSV, encoding="utf-8")
    (tmp_path / "tea.toml").write_text(EXPERIMENT, encoding="utf-8")
    return tmp_path


def test_a_town_with_a_format_of_the_user_runs_from_toml(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = folder / "out"
    assert main(["run", str(folder / "tea.toml"), "--out", str(out)]) == 0
    assert "an open tea house" in " ".join(capsys.readouterr().out.split())
    assert main(["report", str(out), "--lang", "zh"]) == 0
    page = (out / "report.html").read_text("utf-8")
    assert "营业中社区茶馆" in page
    assert "<td>社区茶馆</td><td>品质提升类</td>" in page
    outlets = pd.read_csv(out / "facilities.csv")
    tea = outlets[outlets["format"] == "tea_house"]
    assert set(tea["scenario"]) == {"tea"}
    assert tea["visits"].sum() > 0
    compared = pd.read_csv(out / "comparison.csv").query("measure == 'coverage:tea_house:10' and by.isna()")
    assert compared["baseline_value"].item() == 0.0 < compared["value"].item()
    switched = pd.read_csv(out / "switching.csv", keep_default_na=False)
    assert (switched["to_format"] == "tea_house").any()
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert [row["format"] for row in manifest["formats"]] == ["tea_house", "night_pharmacy"]


def test_what_a_format_is_like_decides_the_digest_of_a_run_and_its_file_name_does_not(folder: Path) -> None:
    def digest() -> str:
        return compile_design(read_experiment(folder / "tea.toml").experiment()).digest

    first = digest()
    (folder / "other.csv").write_text(FORMATS_CSV, encoding="utf-8")
    (folder / "tea.toml").write_text(EXPERIMENT.replace("my_formats", "other"), encoding="utf-8")
    assert digest() == first
    (folder / "other.csv").write_text(FORMATS_CSV.replace("夜间", "深夜"), encoding="utf-8")
    assert digest() != first


def test_without_a_file_a_run_has_the_digest_it_always_had(folder: Path) -> None:
    (folder / "tea.toml").write_text('world = {name = "old_town", residents = 500}\n[scenarios."as is"]\n')
    asked = read_experiment(folder / "tea.toml")
    assert asked.formats is CATALOGUE
    assert "formats" not in asked.document(folder)
    design = compile_design(asked.experiment())
    more = cs.demo_world("old_town", 500, formats=cs.read_formats(folder / "my_formats.csv"))
    scenarios = tuple(replace(scenario, world=more) for scenario in design.experiment.scenarios)
    assert compile_design(replace(design.experiment, scenarios=scenarios)).digest != design.digest


def test_the_resolved_settings_name_the_file_from_where_they_stand(folder: Path) -> None:
    asked = read_experiment(folder / "tea.toml")
    run = folder / "outputs" / "tea"
    run.mkdir(parents=True)
    (run / "experiment.toml").write_text(asked.toml(run), encoding="utf-8")
    assert read_experiment(run / "experiment.toml").formats == asked.formats


def test_unknown_formats_are_told_with_what_the_world_and_the_file_know(folder: Path) -> None:
    text = EXPERIMENT.replace('format = "tea_house"', 'format = "tea_hause"').replace("raise_cap", "raise_kap")
    text = text.replace("coverage:tea_house", "coverage:tee_house").replace('["tea_house"]}}', '["pharmcy"]}}')
    (folder / "tea.toml").write_text(text, encoding="utf-8")
    (folder / "my_formats.csv").write_text(FORMATS_CSV.replace(",3,", ",0,"), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_experiment(folder / "tea.toml")
    hints = {fault.where: fault.hint for fault in error.value.faults}
    assert hints == {
        "scenarios.tea.policies[0].add_facilities.format": "did you mean 'tea_house'?",
        "scenarios.tea.policies[1].add_facilities.beside": "did you mean 'pharmacy'?",
        "scenarios.tea.policies[2].raise_kapacity": "did you mean 'raise_capacity'?",
        "measures[1]": "did you mean 'tea_house'?",
        "my_formats.csv row 2, column servers": "",
    }


@pytest.mark.parametrize(("name", "what"), [("nowhere.csv", "no such file"), ("my_formats", "a path contains")])
def test_a_file_that_is_not_there_is_a_fault(folder: Path, name: str, what: str) -> None:
    (folder / "tea.toml").write_text(EXPERIMENT.replace("my_formats.csv", name), encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_experiment(folder / "tea.toml")
    assert [what in fault.what for fault in error.value.faults if fault.where == "formats"] == [True]


def test_a_world_folder_and_an_experiment_may_both_bring_formats(folder: Path) -> None:
    (folder / "of_world.csv").write_text(FORMATS_CSV.replace("tea_house", "noodle_bar"), encoding="utf-8")
    town = cs.demo_world("old_town", 500, formats=cs.read_formats(folder / "of_world.csv"))
    write_world(cs.AddFacilities(format="noodle_bar", count=1).apply(town), folder / "town")
    (folder / "my_formats.csv").write_text("".join(FORMATS_CSV.splitlines(keepends=True)[:2]), encoding="utf-8")
    text = EXPERIMENT.replace('{name = "old_town", residents = 500}', '"./town"')
    (folder / "tea.toml").write_text(text, encoding="utf-8")
    asked = read_experiment(folder / "tea.toml")
    assert asked.formats.ids == (*FORMATS, "noodle_bar", "night_pharmacy", "tea_house")
    world = asked.experiment().world
    assert world.facilities.format[-1] == asked.formats.number("noodle_bar")
    assert main(["check", str(folder / "town"), "--no-balance"]) == 0


def test_policies_that_name_a_format_of_the_user_keep_their_contract(folder: Path) -> None:
    town = cs.demo_world("old_town", 500, formats=cs.read_formats(folder / "my_formats.csv"))
    for policy in (
        cs.AddFacilities(format="tea_house", count=2, siting="greedy_coverage"),
        cs.FillGaps(formats=("tea_house",), budget_yuan=5e5, places=3),
        cs.KeepCash(formats=("tea_house", "night_pharmacy")),
        cs.InstantRetail(formats=("night_pharmacy",)),
    ):
        check_policy(policy, town)


def test_have_and_lack_and_a_standard_of_the_user_speak_of_the_format(folder: Path) -> None:
    from circlesim.assessment.assess import WORLD_ALONE, assess_world
    from circlesim.catalog.standards import read_standard

    town = cs.demo_world("old_town", 500, formats=cs.read_formats(folder / "my_formats.csv"))
    town = cs.AddFacilities(format="tea_house", count=1).apply(town)
    (folder / "mine.toml").write_text(STANDARD, encoding="utf-8")
    with pytest.raises(ConfigError, match="unknown format"):
        read_standard("mine.toml", folder)
    found = assess_world(town, read_standard("mine.toml", folder, town.formats))
    (card,) = found.cards[WORLD_ALONE]
    assert [state.outlets for state in card.circle.states] == [1, 0]
    have = found.tables["have_lack"]
    assert set(have.loc[have["format"] == "night_pharmacy", "class"]) == {"care"}
    assert np.array_equal(have.loc[have["format"] == "tea_house", "present"].unique(), [1])


def test_a_file_named_on_the_command_line_is_read_from_where_one_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "other.csv").write_text(FORMATS_CSV.replace(",3,", ",4,"), encoding="utf-8")
    monkeypatch.chdir(elsewhere)
    asked = read_experiment(folder / "tea.toml", ["formats=other.csv"])
    assert asked.formats.row("tea_house").servers == 4


def test_the_scorecard_of_a_world_may_ask_for_its_own_formats(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = cs.demo_world("old_town", 500, formats=cs.read_formats(folder / "my_formats.csv"))
    write_world(town, folder / "town")
    (folder / "mine.toml").write_text(STANDARD, encoding="utf-8")
    assert main(["check", str(folder / "town"), "--standard", str(folder / "mine.toml")]) == 0
    assert "lacking in the circle: tea_house, night_pharmacy" in capsys.readouterr().out
    assert main(["check", "old_town", "--standard", str(folder / "mine.toml")]) == 2


def test_a_plan_may_propose_a_format_of_the_user(folder: Path) -> None:
    from circlesim.planning.brief import Brief
    from circlesim.planning.proposing import lacking_formats

    formats = cs.read_formats(folder / "my_formats.csv")
    formats = formats.with_rows(
        [replace(formats.row("tea_house"), capital_yuan=100.0, rent_yuan_month=0.0, staff=1)]
    )

    class Lacking:
        @staticmethod
        def services(_: str) -> dict[str, float]:
            return {"leisure": 9.0, "breakfast": 9.0}

    assert "tea_house" in lacking_formats(Lacking(), Brief(1e6, services=1, known=formats))  # type: ignore[arg-type]
    assert "tea_house" not in lacking_formats(Lacking(), Brief(1e6, services=1))  # type: ignore[arg-type]


def test_show_prints_the_formats_of_a_world(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "formats", "tea_house", "--world", str(folder / "tea.toml")]) == 0
    shown = capsys.readouterr().out
    assert "社区茶馆" in shown
    assert "source: made for a test" in shown
    assert main(["show", "services", "--world", str(folder / "tea.toml")]) == 0
    assert "tea_house" in capsys.readouterr().out
    assert main(["show", "formats", "tea_house"]) == 2
    assert main(["show", "policies", "--world", "old_town"]) == 2
    assert main(["show", "formats", "--world", "old_twon"]) == 2
