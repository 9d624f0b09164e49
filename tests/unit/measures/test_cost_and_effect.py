"""Ratios, frontier, acceptability and the worth of knowing: published tables, enumeration, laws."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from circlesim.measures.cost_effectiveness import (
    DOMINATED,
    EXTENDEDLY,
    ON_FRONTIER,
    best_shares,
    frontier,
    mean_interval,
    net_benefit,
    perfect_information,
    ratio_of_means,
)

# Costs and life-years of the options left after dominance in a published screening model, with its ratios:
# Australia and New Zealand Health Policy 2005, 2:10, table 7.
SCREENING = {
    "existing practice": (0.0, 0.0, None), "FOBT2": (140_117_791, 3551, 39_459),
    "DCBE5": (248_112_291, 6023, 43_687), "DCBE3": (304_301_903, 6720, 80_616),
    "FOBT1+DCBE5": (370_181_240, 7076, 185_054), "FOBT1+DCBE3": (422_777_702, 7299, 235_859),
}  # fmt: skip
# Radiotherapy strategies, JNCI Cancer Spectrum 2020, 4(2): pkaa004, table 1: strategy 2 is absolutely dominated.
STRATEGIES = {"1": (1695.865, 8.570992), "3": (12_118.17, 8.590681), "2": (12_224.17, 8.583273)}

small = st.integers(-40, 40)


def test_a_published_frontier_stands_and_its_ratios_come_out():
    cost, effect, ratios = zip(*SCREENING.values(), strict=True)
    assert frontier(cost, effect) == [ON_FRONTIER] * len(cost)
    found = np.diff(cost) / np.diff(effect)
    assert found == pytest.approx(np.array(ratios[1:]), abs=0.5)  # printed in whole dollars


def test_a_published_strategy_is_dominated_and_the_ratio_of_the_other_comes_out():
    cost, effect = zip(*STRATEGIES.values(), strict=True)
    assert frontier(cost, effect) == [ON_FRONTIER, ON_FRONTIER, DOMINATED]
    # Effects are printed to six decimals, so their difference is known to one in 19,689.
    assert (cost[1] - cost[0]) / (effect[1] - effect[0]) == pytest.approx(529_365.8, rel=1 / 19_689)


def test_an_option_that_a_mixture_beats_is_extendedly_dominated():
    """At 50 the mixture of the ends gives 5 units, the option in the middle 2."""
    assert frontier([0, 50, 100], [0, 2, 10]) == [ON_FRONTIER, EXTENDEDLY, ON_FRONTIER]
    assert frontier([0, 50, 100], [0, 8, 10]) == [ON_FRONTIER] * 3
    assert frontier([-2, -1, -1, 0], [0, 1, 1, 3]) == [ON_FRONTIER, EXTENDEDLY, EXTENDEDLY, ON_FRONTIER]
    assert frontier([0, 50, 50, 60], [0, 8, 8, 7]) == [ON_FRONTIER, ON_FRONTIER, ON_FRONTIER, DOMINATED]


def test_doing_nothing_is_dominated_by_what_saves_and_does_more():
    assert frontier([0, -5], [0, 3]) == [DOMINATED, ON_FRONTIER]


@given(st.lists(st.tuples(small, small), min_size=1, max_size=7))
def test_who_stands_is_who_is_best_at_some_price(points):
    """Enumeration: the best option can change only at a price at which two options are equally good."""
    cost, effect = np.array(points, float).T
    standing = frontier(cost, effect)
    crossings = [
        (cost[i] - cost[j]) / (effect[i] - effect[j])
        for i in range(len(cost)) for j in range(len(cost)) if effect[i] != effect[j]
    ]  # fmt: skip
    # Every price at which options tie, and one beyond all of them; at price 0 a tie in cost goes to the effect.
    prices = sorted({price for price in crossings if price > 0})
    between = [(a + b) / 2 for a, b in zip([0, *prices], [*prices, (prices[-1] if prices else 1) * 2 + 1],
                                           strict=True)]  # fmt: skip
    best = set()
    for price in (*between, *prices):
        benefit = price * effect - cost
        best |= set(np.flatnonzero(benefit >= benefit.max() - 1e-9).tolist())
    for i, word in enumerate(standing):
        dominated = any(
            cost[j] <= cost[i] and effect[j] >= effect[i] and (cost[j], effect[j]) != (cost[i], effect[i])
            for j in range(len(cost))
        )
        assert (word == DOMINATED) == dominated
        if not dominated:
            assert (word == ON_FRONTIER) == (i in best)


# --------------------------------------------------------------------------------------------- ratios


def pairs(seed, n=12, gain=4.0, noise=1.0):
    rng = np.random.default_rng(seed)
    luck = rng.normal(size=n)
    return 30 + 5 * luck + rng.normal(size=n), gain + noise * luck


def test_the_interval_of_a_ratio_holds_just_the_ratios_that_a_paired_test_does_not_reject():
    cost, effect = pairs(3)
    ratio = ratio_of_means(cost, effect)
    assert ratio.low < ratio.value < ratio.high
    for end in (ratio.low, ratio.high):
        assert stats.ttest_1samp(cost - end * effect, 0.0).pvalue == pytest.approx(0.05, abs=1e-9)
    assert stats.ttest_1samp(cost - ratio.value * effect, 0.0).pvalue == pytest.approx(1.0)


@given(st.integers(0, 300), st.floats(-3, 3))
def test_a_ratio_is_defined_exactly_where_the_effect_can_be_told_from_none(seed, gain):
    cost, effect = pairs(seed, 8, gain)
    told = stats.ttest_1samp(effect, 0.0).pvalue
    assume(abs(told - 0.05) > 1e-6)
    assert np.isfinite(ratio_of_means(cost, effect).value) == (told < 0.05)


def test_a_sure_cost_over_a_sure_effect_is_a_sure_ratio():
    assert ratio_of_means(np.full(3, 12.0), np.full(3, 4.0)) == pytest.approx((3.0, 3.0, 3.0))


def test_no_effect_at_all_and_one_replication_have_no_ratio():
    assert np.isnan(ratio_of_means(np.full(3, 12.0), np.zeros(3)).value)
    assert np.isnan(ratio_of_means(np.array([12.0]), np.array([4.0])).value)
    assert np.isnan(mean_interval(np.array([2.0])).low)


def test_intervals_of_ratios_hold_the_truth_as_often_as_they_say():
    """True ratio 5; 2000 samples of 10 pairs, noise of the effect a third of it."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        effect = 3.0 + rng.normal(size=10)
        cost = 5 * effect + 4 * rng.normal(size=10)
        _, low, high = ratio_of_means(cost, effect)
        held += low <= 5 <= high
    assert held / 2000 == pytest.approx(0.95, abs=0.015)


# --------------------------------------------------------------------------------------------- net benefit

benefits = st.integers(1, 5).flatmap(
    lambda m: st.lists(st.lists(st.integers(-9, 9).map(float), min_size=m, max_size=m), min_size=1, max_size=9)
).map(np.array)  # fmt: skip


def test_net_benefit_is_linear_in_the_price():
    cost, effect = np.array([10.0, 20.0]), np.array([1.0, 3.0])
    at = [net_benefit(cost, effect, price) for price in (0.0, 5.0, 10.0)]
    assert at[0].tolist() == [-10.0, -20.0]
    assert (at[0] + at[2]).tolist() == (2 * at[1]).tolist()


@given(benefits)
def test_shares_of_the_best_add_up_to_one_and_are_counts(table):
    shares = best_shares(table)
    assert shares.sum() == pytest.approx(1.0)
    wanted = np.zeros(table.shape[1])
    for row in table:
        winners = [m for m, value in enumerate(row) if value == max(row)]
        wanted[winners] += 1 / len(winners) / len(table)
    assert shares == pytest.approx(wanted)


@given(benefits)
def test_knowing_is_never_worth_less_than_nothing(table):
    knowing = perfect_information(table)
    assert knowing >= 0
    assert knowing == pytest.approx(np.mean([max(row) for row in table]) - max(table.mean(axis=0)), abs=1e-9)
    if any((table[:, m] == table.max(axis=1)).all() for m in range(table.shape[1])):
        assert knowing == 0


def test_knowing_is_worth_something_where_the_best_option_depends():
    """Two equally likely worlds: +10 or -10 against doing nothing; knowing gains 10 in one of two."""
    assert perfect_information(np.array([[0.0, 10.0], [0.0, -10.0]])) == 5.0


def test_at_a_price_of_nothing_the_cheapest_is_the_best():
    cost = np.array([[0.0, 5.0, -1.0], [0.0, 5.0, 1.0]])
    assert best_shares(net_benefit(cost, np.ones((2, 3)), 0.0)).tolist() == [0.5, 0.0, 0.5]
