"""Intervals on request hold what they promise; where a t interval does not, the warning says so. Seeds fixed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from circlesim.experiments.adjusting import bootstrap_t, holm
from circlesim.experiments.best import best_table
from circlesim.experiments.paired import MOST_SKEW, skewness

pytestmark = pytest.mark.slow

TRIALS = 2000
MEAN = float(np.exp(0.8**2 / 2))


def lognormal(pairs, seed):
    return np.random.default_rng(seed).lognormal(0, 0.8, (pairs, TRIALS))


def tall_run(values):
    """Outcomes of scenarios in columns and replications in rows."""
    pairs, many = values.shape
    return pd.DataFrame({
        "scenario": np.tile([f"s{j}" for j in range(many)], pairs),
        "replication": np.repeat(np.arange(pairs), many), "assumption": 0, "by": "",
        "measure": "spend", "value": values.ravel(),
    })  # fmt: skip


def t_cover(values):
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(axis=0, ddof=1) / np.sqrt(len(values))
    return (np.abs(values.mean(axis=0) - MEAN) <= half).mean()


def bootstrap_cover(values):
    low, high = bootstrap_t(values, resamples=1000)
    return ((low <= MEAN) & (high >= MEAN)).mean()


# What trials of the same kind found before; 3.3 standard errors to either side.
@pytest.mark.parametrize(("pairs", "t", "bootstrap"), [(10, 0.877, 0.913), (30, 0.915, 0.937)])
def test_bootstrap_t_holds_more_often_where_differences_are_skewed(pairs, t, bootstrap):
    values = lognormal(pairs, seed=41 + pairs)
    assert t_cover(values) == pytest.approx(t, abs=0.025)
    assert bootstrap_cover(values) == pytest.approx(bootstrap, abs=0.025)
    assert bootstrap_cover(values) > t_cover(values) + 0.01


def test_bootstrap_t_holds_in_ninety_five_of_a_hundred_for_normal_differences():
    values = MEAN + np.random.default_rng(3).normal(size=(20, TRIALS))
    assert 0.93 <= bootstrap_cover(values) <= 0.966


def test_the_warning_of_skew_is_rare_for_normal_differences_and_common_for_lognormal_ones():
    normal = np.random.default_rng(4).normal(size=(20, TRIALS))
    assert (np.abs(skewness(normal)) > MOST_SKEW).mean() < 0.08
    assert (np.abs(skewness(lognormal(20, seed=5))) > MOST_SKEW).mean() > 0.6


def test_holm_errs_in_five_families_of_a_hundred_at_most():
    stream = np.random.default_rng(6)
    wrong = 0
    for _ in range(TRIALS):
        values = np.sqrt(0.5) * stream.normal(size=(20, 1)) + np.sqrt(0.5) * stream.normal(size=(20, 10))
        wrong += bool((holm(stats.ttest_1samp(values, 0).pvalue) < 0.05).any())
    assert wrong / TRIALS <= 0.066


def test_the_best_scenario_is_among_those_not_beaten_in_ninety_five_runs_of_a_hundred():
    stream, lost, trials = np.random.default_rng(9), 0, 300
    for _ in range(trials):
        common = stream.normal(size=(20, 1))
        # All alike: each of them is the best, and the worst case for the rule.
        values = common + 0.5 * stream.normal(size=(20, 4))
        table = best_table(tall_run(values), "spend", higher=True)
        lost += not table["not_beaten"].iloc[0]
    assert lost / trials <= 0.05 + 3.3 * np.sqrt(0.05 * 0.95 / trials)
