"""The effect table of the command line."""

import io

import pytest
from made_up_run import comparison
from rich.console import Console

from circlesim.reporting.terminal import effect_table


def printed(table, lang="en") -> str:
    console = Console(file=io.StringIO(), width=200, force_terminal=False)
    console.print(effect_table(table, lang))
    return console.file.getvalue()


def test_without_draws_the_table_names_luck():
    text = printed(comparison())
    assert "Luck alone" in text
    assert "Range over assumptions" not in text
    assert "anchored, not predicted" in text


def test_with_draws_the_range_over_assumptions_takes_its_place():
    text = printed(comparison(draws=50))
    assert "Range over assumptions" in text
    assert "+0.2 to +1.1" in text
    assert "not settled" in text


def test_the_table_speaks_chinese():
    text = printed(comparison(), "zh")
    assert "满意比例" in text
    assert "上升（改善）" in text


def test_groups_stay_out_of_the_first_table():
    assert "80" not in [cell.strip() for cell in printed(comparison()).split()]
    assert len(effect_table(comparison()).rows) == 28


@pytest.mark.parametrize("name", ["[red]x[/red]", "[/]", "<script>"])
def test_a_scenario_name_is_never_markup(name):
    assert name in printed(comparison().replace({"scenario": {"keep cash": name}}))
