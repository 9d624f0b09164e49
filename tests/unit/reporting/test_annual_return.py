"""The annual return of the plan: grades, showcases, outlets, figures, and what is left blank."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from circlesim.cli import main
from circlesim.reporting.annual import COMMUNITIES, FIRMS, NOT_SIMULATED, annual_return

FILE = """
world        = {name = "city", circles = ["old_estate", "new_estate", "mixed"], residents = 2400}
days         = 2
replications = 2
seed         = 3
measures     = ["satisfaction_top2", "met_inside_share", "jobs", "spend"]
standard     = "demo-grades"
[scenarios."as is"]
[scenarios."more"]
policies = [{add_facilities = {format = "breakfast_shop", count = 1}}]
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("annual")
    (folder / "e.toml").write_text(FILE, encoding="utf-8")
    assert main(["run", str(folder / "e.toml"), "--out", str(folder / "run")]) == 0
    return folder / "run"


def part(table: pd.DataFrame, words: str) -> pd.DataFrame:
    return table[table["part"].str.startswith(words)]


def test_the_return_holds_grades_showcases_outlets_and_figures(run: Path) -> None:
    table = annual_return(run)
    grading = part(table, "Results of grading")
    circles = grading[grading["unit"] == "circles"]
    assert circles["value"].sum() == 3
    assert (grading["unit"] == "grade").sum() == 3
    assert len(part(table, "Showcase")) == COMMUNITIES
    assert len(part(table, "Leading")) == FIRMS
    assert len(part(table, "Not simulated")) == len(NOT_SIMULATED)
    assert set(part(table, "Not simulated")["value"]) == {""}


def test_showcases_come_by_grade_and_satisfaction(run: Path) -> None:
    frame = pd.read_parquet(run / "outcomes.parquet")
    mine = frame.query(
        "scenario == 'more' and by == 'circle' and measure == 'satisfaction_top2' and assumption == 0"
    )
    best = mine.groupby("group")["value"].mean()
    shown = part(annual_return(run, "more"), "Showcase").sort_values("rank")
    cards = pd.read_csv(run / "scorecard.csv").query("scenario == 'more' and kind == 'grade' and item == 'grade'")
    if cards["result"].nunique() == 1:
        assert list(shown["value"]) == sorted(best, reverse=True)[:COMMUNITIES]
    assert set(shown["value"]) <= set(best)


def test_outlets_come_by_what_residents_pay_there(run: Path) -> None:
    money = list(part(annual_return(run), "Leading")["value"])
    assert money == sorted(money, reverse=True)
    table = pd.read_csv(run / "facilities.csv").query("scenario == 'more' and present == 1")
    assert money[0] == pytest.approx(table["revenue"].max() / 2)


def test_every_row_speaks_both_languages(run: Path) -> None:
    table = annual_return(run)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in table["part_zh"])
    assert not table["item"].str.startswith("annual.").any()


def test_the_command_writes_a_table_and_a_workbook(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", str(run), "--annual", "--scenario", "as is"]) == 0
    assert "annual.xlsx" in capsys.readouterr().out
    sheet = openpyxl.load_workbook(run / "annual.xlsx").active
    assert sheet is not None
    assert sheet.max_row == len(annual_return(run, "as is")) + 1
    assert main(["report", str(run), "--annual", "--scenario", "as si"]) != 0
    assert "did you mean 'as is'" in capsys.readouterr().err


def test_a_run_without_a_standard_says_how_to_grade(run: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "run"
    shutil.copytree(run, copy)
    (copy / "scorecard.csv").unlink()
    note = part(annual_return(copy), "Results of grading")["note"].iloc[0]
    assert "demo-grades" in note
