"""Costs of formats: the published mean, spread by floor area, and the months of those who simulate operators."""

from __future__ import annotations

import pytest

from circlesim.catalog.format_costs import format_cost
from circlesim.catalog.format_counts import outlet_counts
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.parameters import default_parameters
from circlesim.errors import ConfigError


def test_the_outlets_of_a_circle_cost_the_published_mean() -> None:
    counts = outlet_counts(20_700, 240)
    whole = sum(n * format_cost(name).capital_yuan for name, n in counts.items())
    assert whole / sum(counts.values()) == pytest.approx(98_000, abs=60)  # each is rounded to a hundred yuan


def test_capital_goes_with_floor_area() -> None:
    small, large = (format_cost(name) for name in ("repair_workshop", "supermarket"))
    area = format_row("supermarket").area_m2 / format_row("repair_workshop").area_m2
    assert large.capital_yuan / small.capital_yuan == pytest.approx(area, rel=0.01)


def test_a_month_is_rent_and_wages_and_what_comes_with_them() -> None:
    row, numbers = format_row("pharmacy"), default_parameters()
    month = row.rent_yuan_month + row.staff * numbers.number("wage_yuan_month")
    expected = month * (1 + numbers.number("other_cost_share"))
    assert format_cost("pharmacy").fixed_yuan_per_month == pytest.approx(expected, abs=5)


def test_every_format_has_a_cost_with_its_source_and_an_honest_grade() -> None:
    for name in FORMATS:
        cost = format_cost(name)
        assert cost.capital_yuan > 0
        assert cost.fixed_yuan_per_month > 0
        assert cost.grade == "D"
        assert "People's Daily" in cost.source
        assert "assumption" in cost.source
        assert cost.sells == format_row(name).takes_money


def test_an_unknown_format_has_no_cost() -> None:
    with pytest.raises(ConfigError, match="did you mean 'pharmacy'"):
        format_cost("pharmacie")
