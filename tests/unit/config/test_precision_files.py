"""An experiment file may ask for a precision instead of a number of replications."""

from pathlib import Path

import pytest

from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError
from circlesim.experiments.precision import Precision

FILE = """
world = {{name = "old_town", residents = 500}}
days = 3
measures = ["spend", "walk_min"]
replications = {rule}
[scenarios."as is"]
[scenarios.counters]
policies = [{{add_facilities = {{format = "breakfast_shop", count = 1}}}}]
"""


def asked(tmp_path: Path, rule: str):
    path = tmp_path / "e.toml"
    path.write_text(FILE.format(rule=rule), "utf-8")
    return read_experiment(path)


def test_a_run_stops_where_the_width_is_reached(tmp_path: Path) -> None:
    file = asked(tmp_path, "{min = 3, batch = 2, max = 9, half_width = {spend = 50.0}}")
    assert file.experiment().replications == Precision(min=3, batch=2, max=9, half_width={"spend": 50.0})
    again = tmp_path / "again.toml"
    again.write_text(file.toml(tmp_path), "utf-8")
    assert read_experiment(again).table == file.table


def test_a_width_of_a_measure_that_is_not_asked_for_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="did you mean 'spend'"):
        asked(tmp_path, "{half_width = {spent = 0.1}}")


def test_an_end_below_the_first_look_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="below the first look"):
        asked(tmp_path, "{min = 30, max = 20, half_width = {spend = 0.1}}")
