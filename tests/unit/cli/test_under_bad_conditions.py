"""Commands under bad conditions: narrow terminals, folders that cannot be used, runs that are not finished."""

from __future__ import annotations

import errno
import io
import json
import os
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from circlesim.cli import main, screen
from circlesim.cli.run import check_folder
from circlesim.config.reading import read_experiment
from circlesim.errors import ConfigError

Said = pytest.CaptureFixture[str]

EXPERIMENT = """
world = {name = "old_town", residents = 300}
days = 3
replications = 2
[scenarios."as is"]
"""


def faults(error: ConfigError) -> list[str]:
    return [fault.where for fault in error.faults]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
def test_a_narrow_terminal_never_crops_a_figure(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    page = io.StringIO()
    monkeypatch.setattr(screen, "screen", lambda **_: Console(file=page, width=width, markup=False))
    row = ["Spending inside the circle", "aged 18–29", "yuan per resident-day", "−0.02 to +0.68"]
    screen.tabulate(["Measure", "Group", "Unit", "Luck alone 95%"], [row], right=(3,), whole=(3,))
    letters = re.sub(r"[\s─]", "", page.getvalue())
    assert "−0.02to+0.68" in letters
    said = "".join(["Measure", "Group", "Unit", "Luck alone 95%", *row]).replace(" ", "")
    assert sorted(letters) == sorted(said)


def test_a_closed_output_is_no_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    screen.say("nobody reads this")


def test_what_the_system_refuses_is_said_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "outputs/x/cells.csv")

    monkeypatch.setattr("circlesim.config.reading.read_experiment", full)
    assert main(["run", "x.toml"]) == 1
    said = capsys.readouterr().err
    assert "No space left on device: outputs/x/cells.csv" in said
    assert "Traceback" not in said
    assert "defect" not in said


def test_a_folder_that_cannot_be_made_is_refused_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("file", "file/below", "link"):
        with pytest.raises(ConfigError):
            check_folder(tmp_path / name)
    check_folder(tmp_path / "new" / "one")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_is_refused_before_the_run(tmp_path: Path) -> None:
    tmp_path.chmod(0o555)
    with pytest.raises(ConfigError):
        check_folder(tmp_path / "run")


@pytest.mark.parametrize("verb", ["report", "compare"])
def test_an_unfinished_or_damaged_run_says_how_to_go_on(verb: str, tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "run.json").write_text("{}")
    assert main([verb, str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "not finished" in said
    assert "did you mean" not in said
    for text in ("{", "{}", "[]"):
        (tmp_path / "manifest.json").write_text(text)
        assert main([verb, str(tmp_path)]) == 2
        assert "damaged" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ("days = 3", "days = 3\nstart = 9999-12-31", ["start"]),
        ("residents = 300", "residents = 299", ["world.residents"]),
        ("residents = 300", "residents = 99", ["world.residents"]),
        ("old_town", "oldtown", ["world"]),
        (
            "days = 3",
            'days = 3\nmechanisms = {capacity = "no", foo = true}',
            ["mechanisms.capacity", "mechanisms.foo"],
        ),
        ("residents = 300", 'residents = "a", foo = 1', ["world.foo", "world.residents"]),
    ],
)
def test_each_fault_of_a_file_is_told_once(old: str, new: str, places: list[str], tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text(EXPERIMENT.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        read_experiment(file)
    assert faults(caught.value) == places


def test_too_large_says_what_the_largest_is(tmp_path: Path) -> None:
    file = tmp_path / "x.toml"
    file.write_text("seed = 9223372036854775808\n" + EXPERIMENT)
    with pytest.raises(ConfigError) as caught:
        read_experiment(file)
    assert str(2**63 - 1) in caught.value.faults[0].expected


def test_policies_that_do_not_fit_are_told_for_every_scenario(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "x.toml"
    file.write_text(
        EXPERIMENT
        + "[scenarios.a]\npolicies = [{keep_cash = {}}, {keep_cash = {}}]\n"
        + '[scenarios.b]\npolicies = [{add_facilities = {format = "library", count = 500}}]\n'
    )
    assert main(["check", str(file)]) == 2
    said = capsys.readouterr().err
    assert "scenarios.a: policies.1" in said
    assert "scenarios.b: add_facilities.count" in said


def test_a_sheet_with_semicolons_is_told_once(tmp_path: Path, capsys: Said) -> None:
    (tmp_path / "world.toml").write_text(
        'name = "x"\ncrs = "local"\nsynthetic = true\n[population]\nresidents = 9\nseed = 1\n'
    )
    tables = {
        "nodes": "node;x_m;y_m;lon;lat\n1;0;0;0;0\n",
        "edges": "from_node;to_node;length_m\n1;2;9\n",
        "facilities": "facility;node;format\na;1;library\n",
        "homes": "home;node;weight\na;1;1\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text)
    assert main(["check", str(tmp_path), "--no-balance"]) == 2
    said = capsys.readouterr().err
    assert "(4 faults)" in said
    assert said.count("not separated by commas") == 4


def test_a_damaged_stamp_is_no_defect(tmp_path: Path) -> None:
    from circlesim.errors import ConfigError
    from circlesim.experiments.store import FolderStore

    FolderStore(tmp_path, "digest")
    for text in ("{", "[]", json.dumps({"other": 1})):
        (tmp_path / "run.json").write_text(text)
        with pytest.raises(ConfigError, match="another experiment"):
            FolderStore(tmp_path, "digest")
