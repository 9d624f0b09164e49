"""The effect table: readable in 100 columns, in both languages."""

from __future__ import annotations

import pandas as pd
import pytest
from rich.cells import cell_len

from circlesim.cli.effects import print_effects
from circlesim.cli.run import range_advice

NAN = float("nan")
Said = pytest.CaptureFixture[str]


def comparison(*, by: str = "", assumptions: bool = False) -> pd.DataFrame:
    rows = []
    low, high, same = (-0.002, 0.02, 0.94) if assumptions else (NAN, NAN, NAN)
    for scenario, baseline in (("breakfast counters", "as is"), ("keep cash", "cashless drift")):
        for measure, unit in (
            ("satisfaction_top2", "share"),
            ("spend", "yuan per resident-day"),
            ("wait_min", "minutes"),
        ):
            for group in ("60-69", "70-79") if by else ("",):
                rows.append(
                    {
                        "measure": measure, "by": by, "group": group, "baseline": baseline, "scenario": scenario,
                        "baseline_value": 0.7123, "value": 0.7234, "difference": 0.0111, "unit": unit, "n": 1200,
                        "ci_low": 0.0101, "ci_high": 0.0121, "assumption_low": low,
                        "assumption_high": high, "sign_share": same,
                    }
                )  # fmt: skip
    return pd.DataFrame(rows)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("by", ["", "age_band"])
@pytest.mark.parametrize("assumptions", [False, True])
def test_the_table_fits_in_100_columns(lang: str, by: str, assumptions: bool, capsys: Said) -> None:
    print_effects(comparison(by=by, assumptions=assumptions), lang)
    assert max(cell_len(line) for line in capsys.readouterr().out.splitlines()) <= 100


def test_a_difference_stands_beside_its_baseline_and_both_ranges(capsys: Said) -> None:
    print_effects(comparison(assumptions=True), "en")
    text = capsys.readouterr().out
    for words in ("keep cash", "cashless drift", "71.2%", "+1.1", "+1.0 to +1.2", "−0.2 to +2.0", "94%"):
        assert words in text, text


def test_columns_line_up_in_chinese(capsys: Said) -> None:
    print_effects(comparison(by="age_band"), "zh")
    lines = [line for line in capsys.readouterr().out.splitlines() if "岁" in line]
    assert len({cell_len(line.rstrip()) for line in lines}) == 1, "\n".join(lines)


def test_a_run_without_assumption_draws_says_which_command_makes_them() -> None:
    forecast = {
        "range_over_assumptions": {"command": "circlesim run x.toml --set assumptions=50", "minutes": 12.4}
    }
    advice = range_advice(forecast, "en")
    assert "circlesim run x.toml --set assumptions=50" in advice
    assert "12 minutes" in advice
    assert range_advice({}, "en") == ""
