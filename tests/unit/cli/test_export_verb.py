"""Verbs `export` and `check --page`: what they write, and how they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.cli import main
from circlesim.world.demo import demo_world
from circlesim.world.folder import write_world

Said = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_world(demo_world("old_town", 300), tmp_path / "tiny")
    return tmp_path / "tiny"


def test_a_world_is_exported_and_its_files_named(folder: Path, tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "out"
    assert main(["export", str(folder), "--out", str(out), "--format", "csv", "--format", "geojson"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert str(out / "world" / "facilities.csv") in said
    assert all(Path(line).is_file() for line in said)
    assert not (out / "world" / "residents.csv").exists()
    assert main(["export", str(folder), "--out", str(out), "--format", "csv", "--people"]) == 0
    assert (out / "world" / "residents.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "xls"), "did you mean 'xlsx'?"),
        (("--format", "csv", "--format", "geo"), "no such format"),
    ],
)
def test_a_wrong_request_writes_nothing(
    folder: Path, tmp_path: Path, capsys: Said, arguments: tuple[str, ...], words: str
) -> None:
    assert main(["export", str(folder), "--out", str(tmp_path / "out"), *arguments]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_what_is_neither_run_nor_world_is_refused(tmp_path: Path, capsys: Said) -> None:
    assert main(["export", "old_towm", "--out", str(tmp_path / "out")]) == 2
    assert "did you mean 'old_town'?" in capsys.readouterr().err
    assert main(["export", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert "world.toml" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_check_writes_a_page_and_says_where(folder: Path, tmp_path: Path, capsys: Said) -> None:
    page = tmp_path / "deep" / "check.html"
    assert main(["check", str(folder), "--no-balance", "--page", str(page), "--lang", "zh"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(page)
    assert "能否使用" in page.read_text("utf-8")


def test_check_of_a_broken_folder_writes_the_page_too_and_ends_in_two(
    folder: Path, tmp_path: Path, capsys: Said
) -> None:
    (folder / "nodes.csv").write_text(
        (folder / "nodes.csv").read_text("utf-8") + "9001,500,500,116.3,40.0\n9002,530,500,116.31,40.0\n", "utf-8"
    )
    page = tmp_path / "check.html"
    assert main(["check", str(folder), "--no-balance", "--page", str(page)]) == 2
    assert page.is_file()
    assert "not a usable world folder" in capsys.readouterr().err


def test_a_page_is_asked_of_a_world(tmp_path: Path, capsys: Said) -> None:
    file = tmp_path / "x.toml"
    file.write_text("world = 'old_town'\n[scenarios.'a']\n")
    assert main(["check", str(file), "--page", str(tmp_path / "p.html")]) == 2
    assert "asked of a world" in capsys.readouterr().err
