"""Commands: exit codes, and what is said where."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from circlesim.cli import main
from circlesim.cli.show import OF_WORLDS, PAGES
from circlesim.config.experiment import ExperimentFile
from circlesim.errors import RunError

EXPERIMENT = """
world = {name = "old_town", residents = 300}
days = 3
replications = 2
[scenarios."as is"]
[scenarios."keep"]
policies = [{keep_cash = {}}]
"""

Said = pytest.CaptureFixture[str]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("experiment.toml").write_text(EXPERIMENT, encoding="utf-8")
    return "experiment.toml"


def running_ends_in(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def experiment(_: ExperimentFile) -> None:
        raise error

    monkeypatch.setattr(ExperimentFile, "experiment", experiment)


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"], ["--version"], ["show", "policies"]])
def test_a_fine_command_ends_in_0(words: list[str], capsys: Said) -> None:
    assert main(words) == 0
    assert capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["run"],
        ["run", "./x.toml", "--wrokers", "2"],
        ["run", "./x.toml", "--workers", "0"],
        ["run", "./x.toml", "--workers", "two"],
        ["run", "./x.toml", "--lang", "fr"],
        ["report", "nowhere"],
        ["compare", "nowhere"],
        ["show", "recipes"],
        ["show", "formats", "bakry"],
        ["check", "old_twon"],
        ["check", "./nowhere"],
    ],
)
def test_a_wrong_request_ends_in_2_and_on_the_error_stream(
    words: list[str], file: str, capsys: Said, tmp_path: Path
) -> None:
    assert main(words) == 2
    said = capsys.readouterr()
    assert said.err
    assert "Traceback" not in said.err
    assert [each.name for each in tmp_path.iterdir()] == [file]


def test_a_verb_that_is_not_built_is_not_listed(capsys: Said) -> None:
    main(["--help"])
    listed = capsys.readouterr().out
    assert all(verb in listed for verb in ("run", "work", "compare", "report", "check", "show"))
    for verb in ("build", "fit", "sensitivity", "explore", "reproduce"):
        assert f" {verb} " not in listed
        assert main([verb, "x"]) == 2


def test_a_failed_run_ends_in_1(file: str, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    running_ends_in(monkeypatch, RunError("3 of 40 units failed"))
    assert main(["run", file]) == 1
    assert "3 of 40 units failed" in capsys.readouterr().err


def test_a_defect_ends_in_1_with_all_that_is_needed_to_report_it(
    file: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    running_ends_in(monkeypatch, ZeroDivisionError("somewhere"))
    assert main(["run", file]) == 1
    said = capsys.readouterr().err
    assert "Traceback" in said
    assert "defect of circlesim" in said


def test_a_stopped_run_says_how_to_go_on(file: str, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("outputs/kept").mkdir(parents=True)
    Path("outputs/kept/run.json").write_text("{}", encoding="utf-8")
    running_ends_in(monkeypatch, KeyboardInterrupt())
    assert main(["run", file, "--out", "outputs/kept"]) == 1
    said = capsys.readouterr().err
    assert "outputs/kept" in said
    assert "The same command again goes on" in said


@pytest.mark.parametrize(("name", "told"), [("notes", "something else"), ("notes/a.txt", "this is a file")])
def test_a_run_never_writes_among_other_files(name: str, told: str, file: str, capsys: Said) -> None:
    Path("notes").mkdir()
    Path("notes/a.txt").write_text("mine", encoding="utf-8")
    assert main(["run", file, "--out", name]) == 2
    assert told in capsys.readouterr().err
    assert [each.name for each in Path("notes").iterdir()] == ["a.txt"]


def test_a_wrong_setting_is_a_wrong_request(file: str, capsys: Said) -> None:
    assert main(["run", file, "--set", "dayz=7", "--set", "days=0"]) == 2
    said = capsys.readouterr().err
    assert "did you mean 'days'?" in said
    assert "too small" in said


@pytest.mark.parametrize("verb", ["run", "check"])
def test_a_policy_that_does_not_fit_the_world_writes_nothing(verb: str, file: str, capsys: Said) -> None:
    given = '{add_facilities = {format = "bakery", count = 1, siting = "given", sites = [987654321]}}'
    Path(file).write_text(EXPERIMENT.replace("{keep_cash = {}}", given), encoding="utf-8")
    assert main([verb, f"./{file}"]) == 2
    assert "987654321" in capsys.readouterr().err
    assert not Path("outputs").exists()


def test_show_prints_a_file_that_can_be_run_as_it_is(file: str, capsys: Said, tmp_path: Path) -> None:
    assert main(["show", "./experiment.toml", "--set", "seed=5"]) == 0
    shown = capsys.readouterr().out
    assert "# --set: seed" in shown
    Path("copy.toml").write_text(shown, encoding="utf-8")
    assert main(["show", "./copy.toml"]) == 0
    assert "seed = 5" in capsys.readouterr().out


def test_check_of_a_sound_experiment_says_so(file: str, capsys: Said) -> None:
    assert main(["check", "./experiment.toml"]) == 0
    assert "nothing is wrong" in capsys.readouterr().out


@pytest.mark.parametrize("page", [*PAGES, *OF_WORLDS])
def test_every_page_of_show_fills_no_more_than_100_columns(page: str, capsys: Said) -> None:
    from rich.cells import cell_len

    assert main(["show", page]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines
    if page != "schema":
        assert max(cell_len(line) for line in lines) <= 100


def test_the_schema_is_json(capsys: Said) -> None:
    assert main(["show", "schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "circlesim experiment file"


def test_chinese_is_printed_whatever_the_locale_says() -> None:
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C", "PYTHONUTF8": "0"}
    words = [sys.executable, "-m", "circlesim", "show", "formats", "breakfast_shop"]
    done = subprocess.run(words, env=env, capture_output=True, check=True)
    assert "早餐店" in done.stdout.decode("utf-8")


def test_a_reader_that_closes_early_is_no_failure() -> None:
    command = f"set -o pipefail; {sys.executable} -m circlesim show parameters | head -n 1"
    assert subprocess.run(["bash", "-c", command], capture_output=True, check=False).stderr == b""
