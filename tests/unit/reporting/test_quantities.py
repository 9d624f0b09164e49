"""Numbers are written by their unit, in both languages."""

import pytest

from circlesim.reporting.quantities import Quantity, UnitKind, number, unit_kind
from circlesim.reporting.words import Words


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("share", UnitKind.SHARE), ("points", UnitKind.POINTS), ("minutes", UnitKind.MINUTES),
        ("minutes per resident-day", UnitKind.MINUTES), ("jobs", UnitKind.COUNT),
        ("yuan per resident-day", UnitKind.MONEY), ("crown", UnitKind.MONEY),
    ],
)  # fmt: skip
def test_a_unit_that_is_nothing_else_is_money(unit, kind):
    assert unit_kind(unit) is kind


def test_shares_are_told_in_percentage_points_to_a_tenth():
    english, chinese = (Quantity("share", Words(lang)) for lang in ("en", "zh"))
    assert english.level(0.7312) == "73.1%"
    assert english.change(-0.0123) == "−1.2\N{NO-BREAK SPACE}percentage points"
    assert chinese.change(0.0123) == "+1.2个百分点"
    assert chinese.span(-0.01, 0.02) == "−1.0至+2.0个百分点"


def test_money_is_told_to_the_hundredth_in_its_own_currency():
    assert (
        Quantity("crown per resident-day", Words("en")).change(0.214)
        == "+0.21\N{NO-BREAK SPACE}crown per resident-day"
    )
    assert Quantity("yuan per resident-day", Words("zh")).change(-0.214) == "−0.21元/人·天"


def test_satisfaction_points_are_told_to_a_tenth():
    assert Quantity("points", Words("en")).change(0.26) == "+0.3\N{NO-BREAK SPACE}points"


def test_what_rounds_to_zero_has_no_sign_and_is_nothing():
    quantity = Quantity("share", Words("en"))
    assert quantity.bare_change(-0.0004) == "0.0"
    assert quantity.rounds_to_nothing(-0.0004)
    assert not quantity.rounds_to_nothing(0.0006)


def test_a_number_that_is_not_there_is_a_dash():
    assert number(float("nan")) == "–"
    assert Quantity("share", Words("en")).span(float("nan"), 0.1) == "–"
    assert Quantity("share", Words("en")).level(float("nan")) == "–"


def test_large_numbers_have_marks_for_thousands():
    assert number(-1234567.0) == "−1,234,567"
