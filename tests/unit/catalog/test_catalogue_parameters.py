import math

import numpy as np
import pytest

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import GRADES, age_interval, default_parameters, parse_group
from circlesim.catalog.services import SERVICES

BY_SERVICE = (
    "b_price", "tau", "taste_sd", "basket_yuan", "basket_cv", "price_outside", "shift_max_min", "weekend_factor",
)  # fmt: skip
ALONE = (
    "b_quality", "b_variety", "b_wait", "b_shift", "b_queue", "queue_unnoticed", "wait_memory", "tries_max",
    "purse_cap_weeks", "lost_sale_if_refused", "w_perf", "w_disc", "w_equity", "perf_constant", "perf_quality",
    "perf_walk", "perf_wait", "perf_memory", "expectation_rate", "survey_noise_sd", "walk_speed_mean",
)  # fmt: skip


def rows(name):
    return [row for row in default_parameters().rows if row.name == name]


def test_every_number_has_a_unit_a_source_and_a_grade_without_a_minus():
    for row in default_parameters().rows:
        assert row.unit, row
        assert len(row.source) > 5, row
        assert row.grade in GRADES, row
        assert math.isfinite(row.value), row


def test_every_service_has_each_number_of_the_law():
    parameters = default_parameters()
    for name in BY_SERVICE:
        assert tuple(parameters.by(name, "service")) == SERVICES, name
    for name in ALONE:
        assert rows(name), name


def test_nothing_attracts_by_being_far_dear_or_slow():
    for name in ("b_walk", "b_price", "b_quality", "b_variety", "b_wait", "b_shift", "b_queue"):
        assert all(row.low >= 0 for row in rows(name)), name


def test_the_walk_weighs_the_same_at_every_age_until_a_source_says_otherwise():
    assert {row.value for row in rows("b_walk")} == {0.15}
    assert {row.grade for row in rows("b_walk")} == {"D"}
    assert np.all(default_parameters().by_age("b_walk", np.arange(12, 100)) > 0)


def test_similarity_of_outlets_stays_a_probability_like_number_in_every_draw():
    assert all(row.low > 0 and row.high <= 1 for row in rows("tau"))


def test_every_kind_of_need_has_a_daily_profile_that_sums_to_one():
    for service, ordinal in KINDS:
        weights = default_parameters().by("profile_weight", "hour", service=service, ordinal=ordinal)
        assert set(map(int, weights)) <= set(range(24))
        assert sum(weights.values()) == pytest.approx(1.0, abs=1e-4), service


def test_free_windows_are_in_order_and_end_before_midnight():
    parameters = default_parameters()
    for schedule in ("worker", "student", "retired", "carer", "remote"):
        for day in ("weekday", "weekend"):
            starts = parameters.by("free_window", "window", schedule=schedule, day=day, edge="start")
            ends = parameters.by("free_window", "window", schedule=schedule, day=day, edge="end")
            times = [minute for window in starts for minute in (starts[window], ends[window])]
            assert times, (schedule, day)
            assert times == sorted(times)
            assert times[-1] <= 1440


def test_shares_of_one_whole_sum_to_one():
    parameters = default_parameters()
    for name, key in (("income_share", "income"), ("canteen_need", "level")):
        assert sum(parameters.by(name, key).values()) == pytest.approx(1.0)
    assert sum(row.value for row in rows("age_share")) == pytest.approx(1.0, abs=1e-4)
    for interval in {parse_group(row.group)["age"] for row in rows("schedule_share")}:
        assert sum(parameters.by("schedule_share", "schedule", age=interval).values()) == pytest.approx(1.0)


def test_shares_stay_shares_at_both_ends_of_every_range():
    names = [row for row in default_parameters().rows if row.unit in ("share", "probability")]
    assert all(0 <= row.low <= row.high <= 1 for row in names)
    for age in ("60-69", "70-79", "80+"):
        assert sum(row.high for row in rows("mobility_share") if parse_group(row.group)["age"] == age) < 1


def test_the_table_meets_the_census_at_sixty_and_over():
    old = sum(row.value for row in rows("age_share") if age_interval(parse_group(row.group)["age"])[0] >= 60)
    assert old == pytest.approx(0.187, abs=0.0005)


def test_children_under_twelve_run_no_errands():
    for row in rows("need_rate"):
        assert age_interval(parse_group(row.group)["age"])[0] >= 12, row


def test_what_nobody_measured_can_be_varied():
    free = default_parameters().assumed()
    for name in ("b_walk", "tau", "taste_sd", "need_rate", "basket_yuan", "perf_constant", "expectation_rate"):
        assert name in free
    for name in ("profile_weight", "free_window", "tries_max", "age_share", "canteen_need"):
        assert name not in free
