"""A resident table must not tell who somebody is."""

from __future__ import annotations

from pathlib import Path

import pytest

from circlesim.errors import Faults, WorldError
from circlesim.world.folder import open_folder
from circlesim.world.personal import personal_faults
from circlesim.world.sheet import Sheet
from circlesim.world.small_cells import SMALLEST_CELL, shown_counts

# Made up: the place code 999999 and the number 0000 stand for nobody.
IDENTITY, MOBILE = "99999919491231002X", "13900000000"


def with_column(folder: Path, name: str, cells: list[str]) -> Path:
    head, *rows = (folder / "residents.csv").read_text().splitlines()
    lines = [f"{head},{name}", *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True))]
    (folder / "residents.csv").write_text("\n".join(lines) + "\n")
    return folder


def refusal(folder: Path) -> str:
    with pytest.raises(WorldError) as error:
        open_folder(folder)
    return str(error.value)


@pytest.mark.parametrize(
    "name", ["name", "Full Name", "姓名", "id_card", "身份证号", "phone", "手机", "WeChat", "住址"]
)
def test_a_column_named_after_a_person_is_refused(good_folder: Path, name: str) -> None:
    said = refusal(with_column(good_folder, name, ["x", "y", "z"]))
    assert f"column {name}" in said
    assert "[population] drop" in said


@pytest.mark.parametrize("cell", [IDENTITY, IDENTITY.lower(), MOBILE, "+86 139-0000-0000", "86 13900000000"])
def test_what_a_cell_holds_betrays_a_person_whatever_its_heading_and_is_not_repeated(
    good_folder: Path, cell: str
) -> None:
    said = refusal(with_column(good_folder, "note", ["", cell, ""]))
    assert "residents.csv row 3, column note" in said
    assert cell not in said


def test_an_identity_number_for_an_id_is_refused_and_not_repeated(good_folder: Path) -> None:
    path = good_folder / "residents.csv"
    path.write_text(path.read_text().replace("bo,", f"{IDENTITY},").replace("cai,", f"{IDENTITY},"))
    said = refusal(good_folder)
    assert "expected running numbers" in said
    assert IDENTITY not in said


def test_columns_are_passed_over_when_asked_and_the_report_says_so(good_folder: Path) -> None:
    plain = open_folder(good_folder).world.population
    with_column(with_column(good_folder, "姓名", ["甲", "乙", "丙"]), "note", ["", MOBILE, ""])
    with (good_folder / "world.toml").open("a", encoding="utf-8") as handle:
        handle.write('\n[population]\ndrop = ["姓名", "note"]\n')
    report = open_folder(good_folder)
    assert report.world.population.resident.tolist() == plain.resident.tolist()
    assert "residents.csv: columns passed over: 姓名, note" in report.lines()


def test_a_column_that_is_not_there_cannot_be_passed_over(good_folder: Path) -> None:
    with (good_folder / "world.toml").open("a") as handle:
        handle.write('\n[population]\ndrop = ["fone"]\n')
    assert "no such column in residents.csv; found fone" in refusal(good_folder)


def test_long_numbers_of_streets_and_money_betray_nobody() -> None:
    faults = Faults("kept")
    rows = (("r1", "13012345678", "13012345678", "139000.50"), ("r2", "999999194912310", "7", "1"))
    assert not personal_faults(Sheet(header=("resident", "node", "stop", "weekly_budget"), rows=rows), faults)
    assert not faults


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ([500, 30, 12], [500, 30, 12]),
        ([500, 0, 40], [500, 0, 40]),
        ([500, 3, 40], [500, None, None]),
        ([500, 3, 9], [500, None, None]),
        ([500, 1, 1], [None, None, None]),
        ([500, 40, 1, 1], [500, None, None, None]),
        ([4], [None]),
        ([], []),
    ],
)
def test_small_cells_are_hidden_so_that_no_total_gives_them_away(
    counts: list[int], shown: list[int | None]
) -> None:
    assert shown_counts(counts) == shown
    hidden = [count for count, kept in zip(counts, shown, strict=True) if kept is None]
    assert not hidden or len(counts) == 1 or (len(hidden) > 1 and sum(hidden) >= SMALLEST_CELL)
