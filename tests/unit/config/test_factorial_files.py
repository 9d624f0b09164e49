"""An experiment file may ask for all combinations of some scenarios."""

from pathlib import Path

import pytest

from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError

FILE = """
world = {name = "old_town", residents = 500}
days = 3
measures = ["spend"]
[scenarios."as is"]
[scenarios.counters]
policies = [{add_facilities = {format = "breakfast_shop", count = 1}}]
[scenarios.late]
policies = [{extend_hours = {formats = ["library"], close = "22:00"}}]
[scenarios.cash]
policies = [{keep_cash = {}}]
[factorial]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "e.toml"
    path.write_text(FILE + text, "utf-8")
    return path


def test_a_design_adds_its_combinations(tmp_path: Path) -> None:
    experiment = read_experiment(written(tmp_path, 'of = ["counters", "late", "cash"]')).experiment()
    assert [each.name for each in experiment.scenarios] == [
        "as is", "counters", "late", "cash", "counters + late", "counters + cash", "late + cash",
        "counters + late + cash",
    ]  # fmt: skip
    assert experiment.baselines["late + cash"] == "as is"


def test_resolved_settings_ask_for_the_same_design(tmp_path: Path) -> None:
    asked = read_experiment(written(tmp_path, 'of = ["counters", "late"]'))
    again = tmp_path / "again.toml"
    again.write_text(asked.toml(tmp_path), "utf-8")
    assert read_experiment(again).table == asked.table


def test_every_fault_of_a_design_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_experiment(written(tmp_path, 'of = ["counters", "laet", "as is"]\nfraktion = "full"'))
    words = str(caught.value)
    assert "did you mean 'late'" in words
    assert "do not share one baseline" in words
    assert "did you mean 'fraction'" in words
    with pytest.raises(ConfigError, match="too few or too many factors"):
        read_experiment(written(tmp_path, 'of = ["counters"]'))
