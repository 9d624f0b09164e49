from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from circlesim.experiments.comparison import COLUMNS, compare
from circlesim.experiments.maxt import paired_t


def outcomes(values, assumption=0, measure="spend", by="", group=""):
    """Tall rows from scenario to values by replication."""
    return pd.DataFrame([
        {"scenario": name, "assumption": assumption, "replication": r, "measure": measure, "unit": "yuan",
         "by": by, "group": group, "days": 7, "n": 100, "value": value}
        for name, series in values.items() for r, value in enumerate(series)
    ])  # fmt: skip


@pytest.fixture
def luck():
    stream = np.random.default_rng(3)
    common = stream.normal(10, 2, 12)
    return {
        "as is": common,
        "more": common + stream.normal(1, 0.5, 12),
        "less": common + stream.normal(-1, 0.5, 12),
    }


BASE = {"as is": "as is", "more": "as is", "less": "as is"}


def test_a_single_difference_has_the_paired_t_interval(luck):
    table = compare(outcomes(luck, by="sex", group="male"), BASE, {}, ["sex"]).set_index("scenario")
    wanted = stats.ttest_rel(luck["more"], luck["as is"])
    interval = wanted.confidence_interval(0.95)
    row = table.loc["more"]
    assert row["p_value"] == pytest.approx(wanted.pvalue)
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((interval.low, interval.high))
    assert np.isnan(row["p_adjusted"])


def test_intervals_of_all_residents_are_wider_than_single_ones(luck):
    whole = compare(outcomes(luck), BASE, {}).set_index("scenario").loc["more"]
    single = stats.ttest_rel(luck["more"], luck["as is"]).confidence_interval(0.95)
    assert whole["ci_low"] < single.low
    assert whole["ci_high"] > single.high
    assert whole["p_adjusted"] >= whole["p_value"]


def test_intervals_of_many_independent_differences_come_near_to_bonferroni():
    stream = np.random.default_rng(1)
    independent = stream.normal(size=(200, 10))
    assert paired_t(independent).critical == pytest.approx(stats.t.ppf(1 - 0.025 / 10, 199), rel=0.03)


def test_intervals_of_one_difference_told_ten_times_are_single_ones():
    one = np.random.default_rng(1).normal(size=(20, 1))
    judged = paired_t(np.repeat(one, 10, axis=1) * np.arange(1, 11))
    assert judged.critical == pytest.approx(stats.t.ppf(0.975, 19), rel=0.02)


def test_the_same_numbers_give_the_same_interval_every_time(luck):
    first, second = (compare(outcomes(luck), BASE, {}) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)


def test_pairing_is_credited_against_independent_seeds(luck):
    row = compare(outcomes(luck), BASE, {}).set_index("scenario").loc["more"]
    a, b = luck["more"], luck["as is"]
    assert row["variance_reduction"] == pytest.approx((a.var(ddof=1) + b.var(ddof=1)) / (a - b).var(ddof=1))


def test_a_difference_without_luck_has_an_interval_without_width():
    row = compare(
        outcomes({"as is": [0.1, 0.2, 0.3], "more": [0.4, 0.5, 0.6]}), {"as is": "as is", "more": "as is"}, {}
    ).iloc[0]
    assert row["difference"] == pytest.approx(0.3)
    assert row["ci_low"] == pytest.approx(row["ci_high"])
    assert row["p_value"] == 0.0


def test_one_replication_has_no_interval():
    row = compare(outcomes({"as is": [1.0], "more": [2.0]}), {"as is": "as is", "more": "as is"}, {}).iloc[0]
    assert row["difference"] == 1.0
    assert np.isnan(row["ci_low"])
    assert np.isnan(row["p_value"])


def test_a_replication_without_a_figure_is_left_out_of_the_pair():
    values = {"as is": [1.0, np.nan, 3.0], "more": [2.0, 5.0, 5.0]}
    row = compare(outcomes(values), {"as is": "as is", "more": "as is"}, {}).iloc[0]
    assert row["replications"] == 2
    assert row["difference"] == pytest.approx(1.5)


def test_the_range_over_draws_is_its_fifth_to_ninety_fifth_percentile(luck):
    draws = [outcomes({"as is": [0.0, 0.0], "more": [a - 1.0, a + 1.0]}, assumption=a) for a in range(1, 101)]
    flipped = outcomes({"as is": [0.0, 0.0], "more": [-500.0, -500.0]}, assumption=101)
    frame = pd.concat([outcomes(luck), *draws, flipped])
    row = compare(frame, {"as is": "as is", "more": "as is"}, {}).iloc[0]
    assert (row["assumption_low"], row["assumption_high"]) == pytest.approx((5.0, 95.0))
    assert row["sign_share"] == pytest.approx(100 / 101)
    assert row["replications"] == 12


def test_a_grade_stands_beside_its_measure(luck):
    table = compare(outcomes(luck), BASE, {"spend": "C"})
    assert set(table["evidence_grade"]) == {"C"}
    assert tuple(table.columns) == COLUMNS


def test_a_group_that_only_one_scenario_shows_is_not_compared(luck):
    extra = outcomes({"more": luck["more"]}, by="format", group="new_format")
    table = compare(pd.concat([outcomes(luck), extra]), BASE, {}, ["", "format"])
    assert set(table["by"]) == {""}


def test_nothing_to_compare_is_an_empty_table(luck):
    assert len(compare(outcomes({"as is": luck["as is"]}), {"as is": "as is"}, {})) == 0
