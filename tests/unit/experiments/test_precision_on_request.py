"""Holm, bootstrap-t, skew, scenarios not beaten, effects too small to matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from test_comparison_pairs import outcomes

from circlesim.errors import ConfigError
from circlesim.experiments.adjusting import bootstrap_t, holm, with_bootstrap_t, with_holm
from circlesim.experiments.best import best_table, first_shares
from circlesim.experiments.comparison import compare
from circlesim.experiments.equivalence import MATTERS, NOT_KNOWN, TOO_SMALL, equivalence_table
from circlesim.experiments.outcomes import Outcomes
from circlesim.experiments.paired import differences, skewed, skewness

BASE = {"as is": "as is", "more": "as is", "less": "as is"}

# statsmodels.stats.multitest.multipletests(p, method="holm") 0.15.0, to all digits.
P = [0.012, 0.0004, 0.73, 0.04, 0.04, 0.9999, 0.00001, 0.2]
HOLM = [0.07200000000000001, 0.0028, 1.0, 0.2, 0.2, 1.0, 8e-05, 0.6000000000000001]


def test_holm_agrees_with_another_program():
    assert holm(np.array(P)) == pytest.approx(HOLM, abs=1e-12)


@given(arrays(float, st.integers(1, 30), elements=st.floats(0, 1)))
def test_holm_agrees_with_statsmodels_on_any_family(p_values):
    multitest = pytest.importorskip("statsmodels.stats.multitest", reason="statsmodels is not installed")
    assert holm(p_values) == pytest.approx(multitest.multipletests(p_values, method="holm")[1], abs=1e-12)


@given(arrays(float, st.integers(1, 30), elements=st.floats(0, 1)))
def test_holm_lies_between_the_single_and_the_bonferroni_p_value_and_keeps_their_order(p_values):
    adjusted = holm(p_values)
    assert (adjusted >= p_values).all()
    assert (adjusted <= np.minimum(len(p_values) * p_values, 1.0) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p_values, kind="stable")]) >= 0).all()


def test_holm_passes_over_what_has_no_p_value():
    assert np.array_equal(holm(np.array([0.02, np.nan, 0.01])), [0.02, np.nan, 0.02], equal_nan=True)


def luck(count=30, seed=3):
    stream = np.random.default_rng(seed)
    common = stream.normal(10, 2, count)
    return {
        "as is": common,
        "more": common + stream.normal(1, 0.5, count),
        "less": common + stream.normal(-1, 0.5, count),
    }


def run(values, measure="spend"):
    return Outcomes(outcomes=outcomes(values, measure=measure), tables={}, manifest={"baselines": BASE}, grades={})


def test_holm_in_a_comparison_is_of_all_residents_only():
    groups = outcomes(luck(), by="sex", group="male")
    table = with_holm(compare(pd.concat([outcomes(luck()), groups]), BASE, {}, ["", "sex"]))
    whole = table[table["by"] == ""]
    assert whole["p_adjusted"].tolist() == pytest.approx(holm(whole["p_value"].to_numpy()).tolist())
    assert table.loc[table["by"] == "sex", "p_adjusted"].isna().all()


def test_a_bootstrap_t_interval_of_normal_differences_is_near_the_t_interval():
    values = np.random.default_rng(5).normal(1.0, 0.5, (60, 1))
    low, high = bootstrap_t(values, resamples=20_000)
    wanted = stats.t.interval(0.95, 59, values.mean(), values.std(ddof=1) / np.sqrt(60))
    assert (low[0], high[0]) == pytest.approx(wanted, abs=0.02)


def test_a_bootstrap_t_interval_leans_to_the_long_tail():
    values = np.random.default_rng(7).lognormal(0, 0.8, (30, 1))
    (low,), (high,) = bootstrap_t(values)
    assert high - values.mean() > 1.3 * (values.mean() - low)


@given(st.floats(-5, 5), st.floats(0.1, 10))
def test_a_bootstrap_t_interval_moves_and_stretches_with_its_figures(shift, factor):
    values = np.random.default_rng(1).normal(size=(12, 1))
    low, high = bootstrap_t(values, resamples=200)
    moved = bootstrap_t(shift + factor * values, resamples=200)
    assert moved[0] == pytest.approx(shift + factor * low, rel=1e-6, abs=1e-6)
    assert moved[1] == pytest.approx(shift + factor * high, rel=1e-6, abs=1e-6)


def test_few_pairs_have_no_bootstrap_interval_and_equal_ones_none_of_width():
    assert np.isnan(bootstrap_t(np.ones((7, 1)))[0]).all()
    low, high = bootstrap_t(np.full((9, 1), 0.25))
    assert (low[0], high[0]) == (0.25, 0.25)


def test_a_comparison_by_the_bootstrap_has_other_ends_and_the_same_middle():
    plain = compare(outcomes(luck()), BASE, {})
    table = with_bootstrap_t(plain, outcomes(luck()), BASE)
    assert table["difference"].equals(plain["difference"])
    first = luck()["more"] - luck()["as is"]
    low, high = bootstrap_t(first[:, None])
    assert (table["ci_low"][0], table["ci_high"][0]) == (low[0], high[0])


def test_skewness_is_that_of_scipy():
    values = np.random.default_rng(2).lognormal(size=(25, 3))
    assert skewness(values) == pytest.approx(stats.skew(values, bias=False))
    assert np.isnan(skewness(np.full((5, 1), 0.1)))
    assert np.isnan(skewness(values[:2])).all()


def test_only_skewed_differences_are_warned_of():
    values = luck()
    values["more"] = values["as is"] + stats.norm.ppf((np.arange(30) + 0.5) / 30)
    values["less"] = values["as is"] + np.random.default_rng(4).lognormal(0, 1.5, 30)
    table = skewed(outcomes(values), BASE)
    assert table["scenario"].tolist() == ["less"]
    assert table["pairs"].tolist() == [30]


def test_differences_are_of_the_same_luck():
    values = luck()
    found = differences(outcomes(values), "spend", BASE)
    assert found["more"].to_numpy() == pytest.approx(values["more"] - values["as is"])


def test_a_scenario_is_beaten_by_what_is_surely_better():
    table = best_table(outcomes(luck()), "spend", higher=True).set_index("scenario")
    assert table["not_beaten"].to_dict() == {"as is": False, "more": True, "less": False}
    assert table.loc["less", "beaten_by"] == "as is; more"
    assert table.loc["more", ["behind_best", "behind_low", "behind_high"]].tolist() == [0, 0, 0]
    assert table.loc["as is", "behind_low"] > 0
    assert table["probability_best"].tolist() == [0, 1, 0]


def test_where_less_is_better_the_order_turns():
    more, less = (
        best_table(outcomes(luck()), "spend", higher=higher).set_index("scenario") for higher in (True, False)
    )
    assert less["not_beaten"].to_dict() == {"as is": False, "more": False, "less": True}
    assert less["value"].tolist() == pytest.approx(more["value"].tolist())


def test_scenarios_that_are_alike_are_none_of_them_beaten_and_share_the_first_place():
    values = luck()
    values["less"] = values["more"].copy()
    table = best_table(outcomes(values), "spend", higher=True).set_index("scenario")
    assert table["not_beaten"].to_dict() == {"as is": False, "more": True, "less": True}
    assert table["probability_best"].tolist() == [0, 0.5, 0.5]


def test_the_probability_of_being_best_is_that_of_the_normal_curve():
    stream = np.random.default_rng(8)
    base = stream.normal(size=200)
    gap = stream.normal(0.05, 1.0, 200)
    table = best_table(outcomes({"as is": base, "more": base + gap}), "spend", higher=True).set_index("scenario")
    wanted = stats.norm.cdf(gap.mean() / (gap.std() / np.sqrt(200)))
    assert table.loc["more", "probability_best"] == pytest.approx(wanted, abs=0.03)


def test_the_share_of_draws_in_which_a_scenario_is_best_is_counted():
    draws = [outcomes({"as is": [0.0], "more": [1.0 if a <= 3 else -1.0], "less": [-2.0]}, assumption=a)
             for a in range(1, 5)]  # fmt: skip
    table = best_table(pd.concat([outcomes(luck()), *draws]), "spend", higher=True).set_index("scenario")
    assert table["best_share_of_draws"].to_dict() == {"as is": 0.25, "more": 0.75, "less": 0.0}
    assert set(table["draws"]) == {4}


def test_first_places_add_up_to_one():
    shares = first_shares(np.random.default_rng(1).integers(0, 3, (100, 4)).astype(float))
    assert shares.sum() == pytest.approx(1.0)


def test_an_effect_is_judged_against_the_smallest_one_of_interest():
    def verdict(smallest):
        return equivalence_table(outcomes(luck()), "spend", BASE, smallest)["verdict"].tolist()

    assert verdict(0.2) == [MATTERS, MATTERS]
    assert verdict(3.0) == [TOO_SMALL, TOO_SMALL]
    assert verdict(float(np.abs(luck()["more"] - luck()["as is"]).mean())) == [NOT_KNOWN, NOT_KNOWN]


def test_two_one_sided_tests_are_those_of_scipy():
    found = luck()["more"] - luck()["as is"]
    row = equivalence_table(outcomes(luck()), "spend", BASE, 1.3).iloc[0]
    below = stats.ttest_1samp(found, 1.3, alternative="less").pvalue
    above = stats.ttest_1samp(found, -1.3, alternative="greater").pvalue
    assert row["p_equivalence"] == pytest.approx(max(below, above))
    interval = stats.ttest_1samp(found, 0).confidence_interval(0.90)
    assert (row["low_90"], row["high_90"]) == pytest.approx((interval.low, interval.high))
    assert (row["p_equivalence"] < 0.05) == (row["verdict"] == TOO_SMALL)


def test_one_pair_knows_no_effect():
    row = equivalence_table(
        outcomes({"as is": [1.0], "more": [1.0]}), "spend", {"as is": "as is", "more": "as is"}, 1
    )
    assert row["verdict"].tolist() == [NOT_KNOWN]


def test_a_wrong_request_is_refused_in_words():
    ran = run(luck())
    with pytest.raises(ConfigError, match="holm"):
        ran.compare(adjust="holms")
    with pytest.raises(ConfigError, match="bootstrap_t"):
        ran.compare(interval="bootstrap")
    with pytest.raises(ConfigError, match="above 0"):
        ran.equivalence("spend", 0.0)
    with pytest.raises(ConfigError, match="no such figures"):
        ran.not_beaten("joy")


def test_a_measure_without_a_direction_needs_one_to_be_best_in():
    ran = run(luck(), measure="delivered_share")
    with pytest.raises(ConfigError, match="higher=True"):
        ran.not_beaten("delivered_share")
    assert ran.not_beaten("delivered_share", higher=True)["not_beaten"].sum() == 1
