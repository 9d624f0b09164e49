"""A sound experiment file becomes objects, and its settings a file again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from test_broken_experiment_files import SOUND

from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError

ROOT = Path(__file__).parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "counters").mkdir()
    file = tmp_path / "counters" / "experiment.toml"
    file.write_text(SOUND, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", ["main", "helsinki"])
def test_the_shipped_experiments_have_no_fault(name: str) -> None:
    asked = read_experiment(ROOT / "experiments" / name / "experiment.toml")
    assert asked.name == name
    assert list(asked.table.scenarios) == [
        "as is",
        "breakfast counters",
        "longer hours",
        "cashless drift",
        "keep cash",
    ]


def test_an_experiment_is_named_after_its_folder_or_its_file(path: Path) -> None:
    assert read_experiment(path).name == "counters"
    other = path.rename(path.with_name("cash.toml"))
    assert read_experiment(other).name == "cash"


def test_measuring_begins_with_the_latest_policy(path: Path) -> None:
    path.write_text(SOUND.replace("measure_from = 2024-03-06", ""), encoding="utf-8")
    assert read_experiment(path).table.measure_from == date(2024, 3, 5)
    assert read_experiment(path).origins["measure_from"] == "default"


def test_the_first_scenario_is_the_baseline_where_none_is_named(path: Path) -> None:
    path.write_text(SOUND.replace('baseline     = "as is"', ""), encoding="utf-8")
    assert read_experiment(path).table.baseline == "as is"


def test_settings_know_where_they_come_from(path: Path) -> None:
    origins = read_experiment(path, ["days=10", "world.residents=2000"]).origins
    assert origins["days"] == "--set"
    assert origins["world"] == "file, --set world.residents"
    assert origins["seed"] == "file"
    assert origins["parameters"] == "default"


def test_a_changed_parameter_moves_its_rows_and_no_others(path: Path) -> None:
    plain = read_experiment(path).parameters
    changed = read_experiment(path, ['parameters."b_walk[age=70+]"=0.2']).parameters
    moved = [row.key for row, was in zip(changed.rows, plain.rows, strict=True) if row != was]
    assert moved == [("b_walk", frozenset({("age", "70+")}))]


def test_a_parameter_file_is_read_from_the_folder_of_the_experiment(path: Path) -> None:
    from circlesim.catalog.parameters import COLUMNS

    (path.parent / "mine.csv").write_text(",".join(COLUMNS) + "\nb_walk,,1/min,0.1,0,1,uniform,test,D\n", "utf-8")
    assert len(read_experiment(path, ['parameters={base = "mine.csv", b_walk = 0.3}']).parameters.rows) == 1
    with pytest.raises(ConfigError, match=r"0 to 1"):
        read_experiment(path, ['parameters={base = "mine.csv", b_walk = 3.0}'])


def test_the_resolved_settings_ask_for_the_same_run(path: Path, tmp_path: Path) -> None:
    asked = read_experiment(
        path,
        [
            "days=10",
            "mechanisms.capacity=false",
            "survey={sample=300, strata='age_band'}",
            "expectations=[{says='more', measure='unmet_share', higher={scenario='counters', over='as is'}}]",
            "laws=[{says='never less', measure='unmet_share', higher={scenario='counters'}, off=['memory']}]",
        ],
    )
    copy = tmp_path / "outputs" / "copy"
    copy.mkdir(parents=True)
    (copy / "experiment.toml").write_text(asked.toml(copy), encoding="utf-8")
    again = read_experiment(copy / "experiment.toml")
    assert again.table == asked.table
    assert again.mechanisms == asked.mechanisms
    assert again.policies == asked.policies


def test_the_resolved_settings_find_their_world_from_the_run_folder(path: Path, tmp_path: Path) -> None:
    asked = read_experiment(path)
    table = {"world": "../towns/mine", "parameters": {"base": "../numbers.csv"}}
    from dataclasses import replace

    moved = replace(asked, table=replace(asked.table, **table)).document(tmp_path / "outputs" / "counters")
    assert moved["world"] == "../../towns/mine"
    assert moved["parameters"] == {"base": "../../numbers.csv"}


def test_a_stacked_name_brings_the_scenario_itself(path: Path) -> None:
    pytest.importorskip("circlesim.world.synthesis")
    experiment = read_experiment(path, ['world={name = "old_town", residents = 300}']).experiment()
    by_name = {scenario.name: scenario for scenario in experiment.scenarios}
    assert by_name["keep"].policies[0] is by_name["drift"]
    assert by_name["package"].policies[0] is by_name["counters"]
    assert by_name["package"].policies[1].name == "late evenings"
    assert experiment.baselines == {name: "drift" if name == "keep" else "as is" for name in by_name}
