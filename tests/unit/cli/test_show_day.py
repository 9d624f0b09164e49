"""One resident's day on the terminal: a story for a day of the run, every fault for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.cli import main

EXPERIMENT = """
world = {name = "old_town", residents = 300}
days = 3
warmup_days = 1
replications = 2
measures = ["unmet_share"]
[scenarios."as is"]
[scenarios."cashless drift"]
policies = [{refuse_cash = {share = 0.5, seed = 5}}]
"""

Said = pytest.CaptureFixture[str]
TOLD = (
    "Tuesday 5 March 2024 (day 1) · scenario cashless drift", "In the purse", "chooses at home", "alternative",
    "luck", "not possible", "arrives at", "served", "met inside the circle", "judged:",
)  # fmt: skip


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("told")
    (folder / "experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    assert main(["run", str(folder / "experiment.toml"), "--out", str(folder / "run")]) == 0
    return str(folder / "run")


def show(capsys: Said, *words: str) -> tuple[int, str]:
    capsys.readouterr()
    code = main(["show", *words])
    said = capsys.readouterr()
    return code, said.out + said.err


def test_a_day_is_told_from_the_need_to_its_judgement(run_folder: str, capsys: Said) -> None:
    told = ""
    for number in range(1, 30):
        who = f"r{number:05d}"
        code, text = show(capsys, run_folder, "--resident", who, "--day", "1", "--scenario", "cashless drift")
        assert code == 0, text
        told += text
    for words in TOLD:
        assert words in told, words


def test_all_alternatives_are_listed_where_asked_for(
    run_folder: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("circlesim.cli.trace.FEW", 1)
    few = show(capsys, run_folder, "--resident", "r00002", "--day", "1")[1]
    every = show(capsys, run_folder, "--resident", "r00002", "--day", "1", "--all")[1]
    assert "less liked" in few
    assert "less liked" not in every
    assert len(every) > len(few)


def test_every_fault_of_a_question_is_listed_at_once(run_folder: str, capsys: Said) -> None:
    wrong = ("--resident", "r0002", "--day", "9", "--scenario", "cashles drift", "--replication", "4")
    code, text = show(capsys, run_folder, *wrong)
    assert code == 2
    for words in ("--resident", "did you mean 'r00", "0 to 2", "did you mean 'cashless drift'", "0 to 1"):
        assert words in text, text


def test_a_folder_without_a_run_is_no_story(tmp_path: Path, capsys: Said) -> None:
    code, text = show(capsys, str(tmp_path), "--resident", "r1", "--day", "0")
    assert code == 2
    assert "this is no finished run" in text


def test_a_run_of_other_settings_is_not_told_under_these(run_folder: str, capsys: Said) -> None:
    file = Path(run_folder) / "experiment.toml"
    before = file.read_text("utf-8")
    try:
        file.write_text(before.replace("warmup_days = 1", "warmup_days = 2"), encoding="utf-8")
        code, text = show(capsys, run_folder, "--resident", "r00002", "--day", "1")
    finally:
        file.write_text(before, encoding="utf-8")
    assert code == 2
    assert "other rules" in text
