"""Who gains and who loses: shares by count, intervals by the textbook, small groups kept back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings_by_hand import people, reading, sums
from scipy import stats

from circlesim.measures import measure_named
from circlesim.measures.grouping import grouping_by
from circlesim.measures.winners import FEWEST_PAIRS, Pooled, by_resident, fortunes, pooled, satisfied_adults


def pool(mean, half=None, pairs=3):
    mean = np.asarray(mean, float)
    return Pooled(mean=mean, half=np.full(len(mean), np.nan) if half is None else np.asarray(half), pairs=pairs)


def everybody(n):
    return np.ones(n, bool)


def test_pooling_gives_the_mean_and_interval_of_the_textbook():
    rng = np.random.default_rng(4)
    changes = rng.normal(2.0, 3.0, (FEWEST_PAIRS, 5)).astype(np.float32)
    found = pooled(iter(changes))
    assert found.pairs == FEWEST_PAIRS
    assert found.mean == pytest.approx(changes.astype(float).mean(axis=0))
    interval = stats.ttest_1samp(changes.astype(float), 0.0).confidence_interval(0.95)
    assert found.mean + found.half == pytest.approx(interval.high)


def test_too_few_replications_carry_no_interval_of_one_person():
    changes = np.ones((FEWEST_PAIRS - 1, 40), np.float32)
    found = pooled(iter(changes))
    assert np.isnan(found.half).all()
    told = fortunes(found, everybody(40), 0.1)
    assert told.gain_share == 1.0
    assert np.isnan(told.sure_gain_share)


@given(st.lists(st.floats(-3, 3), min_size=30, max_size=80), st.floats(0, 2))
def test_gaining_staying_and_losing_are_counted_and_add_up(changes, threshold):
    found = fortunes(pool(changes), everybody(len(changes)), threshold)
    n = len(changes)
    assert found.gain_share == pytest.approx(sum(c > threshold for c in changes) / n)
    assert found.lose_share == pytest.approx(sum(c < -threshold for c in changes) / n)
    assert found.gain_share + found.stay_share + found.lose_share == pytest.approx(1.0)
    assert found.mean_change == pytest.approx(np.mean(changes), abs=1e-12)


@given(st.lists(st.floats(-3, 3), min_size=30, max_size=80), st.floats(0, 2))
def test_turning_scenario_and_baseline_round_turns_winners_into_losers(changes, threshold):
    there, back = (
        fortunes(pool(sign * np.array(changes)), everybody(len(changes)), threshold) for sign in (1, -1)
    )
    assert (there.gain_share, there.lose_share) == (back.lose_share, back.gain_share)


def test_a_change_of_just_the_threshold_is_no_change():
    found = fortunes(pool([0.5] * 30 + [-0.5] * 30), everybody(60), 0.5)
    assert found.stay_share == 1.0


def test_means_of_fewer_than_thirty_people_are_kept_back():
    found = fortunes(pool([2.0] * 29 + [-1.0] * 31), everybody(60), 0.1)
    assert np.isnan(found.mean_gain)
    assert found.mean_loss == -1.0
    assert fortunes(pool([2.0] * 29), everybody(29), 0.1) is None


def test_who_has_no_figure_is_not_counted():
    changes = pool([1.0] * 30 + [np.nan] * 30)
    found = fortunes(changes, everybody(60), 0.1)
    assert (found.n, found.gain_share) == (30, 1.0)
    assert fortunes(changes, np.arange(60) >= 10, 0.1) is None


def test_sure_winners_have_their_whole_interval_beyond_the_threshold():
    found = fortunes(pool([1.0] * 40, [0.4] * 10 + [0.95] * 30, FEWEST_PAIRS), everybody(40), 0.1)
    assert (found.gain_share, found.sure_gain_share, found.sure_lose_share) == (1.0, 0.25, 0.0)


def test_residents_levels_average_to_the_measures_they_are_parts_of():
    answers = np.array([[1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 0.0, 0.0], [4.0, 3.0, 2.0, 1.0]])
    town = reading(people([30, 10, 50], [0, 0, 0]), resident=sums([{"utility_min": v} for v in (6.0, -2.0, 4.0)]),
                   answers=answers)  # fmt: skip
    welfare, score = by_resident(town)
    assert welfare.mean() == pytest.approx(measure_named("welfare_min").overall(town))
    assert np.isnan(score).tolist() == [False, True, False]
    assert np.nanmean(score) == pytest.approx(measure_named("satisfaction_index").overall(town))
    top2 = measure_named("satisfaction_top2").value(town, grouping_by(town.population, ""))
    assert satisfied_adults(town) == pytest.approx(top2.value[0] * top2.n[0])
    assert satisfied_adults(town) == pytest.approx(0.7 + 0.3)
