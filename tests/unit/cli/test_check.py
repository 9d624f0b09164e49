"""Check: what is there, what was assumed, what is broken, and the balance sheet with its sources."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from circlesim.cli import main
from circlesim.cli.balance import figure, print_balance
from circlesim.world.demo import demo_world
from circlesim.world.folder import write_world

COLUMNS = [
    "quantity",
    "service",
    "format",
    "bin",
    "value",
    "unit",
    "low",
    "high",
    "within",
    "source",
    "grade",
    "built_to",
]
NAN = float("nan")
Said = pytest.CaptureFixture[str]


def test_a_figure_stands_beside_its_band_its_kind_and_its_source(capsys: Said) -> None:
    rows = [
        ("home_share", "breakfast", None, None, 0.62, "share", 0.55, 0.8, "yes", "survey of 2020", "C", "yes"),
        ("inside_share", "breakfast", None, None, 0.2, "share", NAN, NAN, None, None, None, None),
        ("walking_time", "groceries", None, "1-5", 0.78, "share", 0.36, 0.46, "no", "survey of walks", "B", "no"),
        ("turnover_per_outlet_day", None, "gym", None, 1332.4, "yuan/day", NAN, NAN, None, None, None, None),
        ("outlets", None, None, None, 240.0, "outlets", 228.0, 252.0, "yes", "ministry", "A", "yes"),
    ]
    print_balance(pd.DataFrame(rows, columns=COLUMNS))
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "home share breakfast 62.0% 55.0% to 80.0% yes echo C [1]" in lines
    assert "walking time groceries 1-5 78.0% 36.0% to 46.0% no emergent B [2]" in lines
    assert "outlets all 240 228 to 252 yes echo A [3]" in lines
    assert "[2] survey of walks" in lines
    assert "gym 1,332" in lines


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [(0.131, "share", "13.1%"), (7.0, "outlets", "7"), (4.24, "a day", "4.24"), (47.53, "a day", "47.5"),
     (8936.4, "yuan", "8,936"), (NAN, "share", "–")],
)  # fmt: skip
def test_figures_are_written_to_three_digits_or_so(value: float, unit: str, text: str) -> None:
    assert figure(value, unit) == text


def test_check_of_a_town_tells_what_is_there_and_how_it_was_set(capsys: Said) -> None:
    assert main(["check", "old_town", "--residents", "300", "--no-balance"]) == 0
    text = capsys.readouterr().out
    for words in (
        "300 residents",
        "synthetic",
        "breakfast_shop",
        "mobility: homebound",
        "How the number of outlets",
    ):
        assert words in text, text


def test_check_of_a_broken_world_folder_lists_its_faults(tmp_path: Path, capsys: Said) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "world.toml" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_cells_of_under_ten_observed_residents_are_not_shown(tmp_path: Path, capsys: Said) -> None:
    folder = tmp_path / "corner"
    write_world(demo_world("old_town", residents=300), folder)
    assert main(["check", str(folder), "--no-balance"]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    shown = {line.split(" ")[1]: line for line in lines if line.startswith("mobility: ")}
    assert "not shown" in shown["homebound"]
    assert sum("not shown" in line for line in shown.values()) >= 2
    assert "not shown" not in shown["independent"]
