"""Texts a spreadsheet would compute are shown instead, and read back as they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.errors import Faults
from circlesim.world.sheet import guarded, read_sheet, unguarded, write_sheet

SIGNS = "=+-@\t\r"


@given(text=st.text(max_size=8) | st.text(alphabet=SIGNS + "'0", max_size=6))
def test_guarding_is_undone_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(sign=st.sampled_from(SIGNS), rest=st.text(alphabet="ABC(1)!", max_size=6))
def test_no_guarded_text_begins_like_a_formula_unless_it_is_a_number(sign: str, rest: str) -> None:
    kept = guarded(sign + rest)
    assert kept.startswith("'") or float(kept) == float(sign + rest)


@pytest.mark.parametrize("number", ["-1", "+3.5", "-1e-05", "-.5", "-12."])
def test_a_number_stays_a_number(number: str) -> None:
    assert guarded(number) == number


def test_a_file_holds_the_guarded_text_and_reads_back_the_meant_one(tmp_path: Path) -> None:
    rows = [("=HYPERLINK(1)", -1), ("'-quoted", -2.5), ("plain", 3)]
    write_sheet(tmp_path / "t.csv", ("name", "value"), rows)
    assert "\n'=HYPERLINK(1),-1\n" in (tmp_path / "t.csv").read_text("utf-8")
    sheet = read_sheet(tmp_path / "t.csv", Faults("x"))
    assert sheet is not None
    assert sheet.rows == (("=HYPERLINK(1)", "-1"), ("'-quoted", "-2.5"), ("plain", "3"))
