"""When needs arise: daily profiles within free windows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.engine.calendar import STEP_MIN, calendar
from circlesim.world.population import Schedule
from towns import MONDAY, Town, constants, line, outlets, plain_parameters, residents

PEOPLE = 20_000


def minutes_of(parameters: Parameters, kind: tuple[str, int], schedule: Schedule, days: range) -> np.ndarray:
    town = Town(
        streets=line(2, 50.0), population=residents(PEOPLE, {kind: 1.0}, schedule=schedule),
        facilities=outlets(1, "parcel"), parameters=parameters, constants=constants(),
    )  # fmt: skip
    return town.run(days)["need_min"]


def test_cumulative_profiles_rise_from_zero_to_one() -> None:
    cumulative = calendar(default_parameters()).cumulative
    assert (cumulative[..., 0] == 0).all()
    assert np.allclose(cumulative[..., -1], 1.0, rtol=0, atol=1e-12)
    assert (np.diff(cumulative, axis=-1) >= 0).all()


def test_needs_arise_only_in_free_windows_where_the_profile_allows() -> None:
    law = default_parameters()
    table = calendar(law)
    lunch = KINDS.index(("meal", 0))
    for schedule in Schedule:
        windows = [(a, b) for a, b in table.window[schedule, 0] if b >= 0]
        minutes = minutes_of(law, ("meal", 0), schedule, range(1))
        weights = np.array(
            [law.by("profile_weight", "hour", service="meal", ordinal=0).get(str(h), 0) for h in range(24)]
        )
        assert (weights[(minutes // 60).astype(int)] > 0).all()
        free = np.array([any(a <= m < b for a, b in windows) for m in minutes])
        density = np.diff(table.cumulative[lunch, schedule, 0])
        starts = np.arange(len(density)) * STEP_MIN
        overlap = any(weights[int(m // 60)] > 0 and any(a <= m < b for a, b in windows) for m in starts)
        assert free.all() == overlap


def test_minutes_follow_the_profile() -> None:
    # Of a resident free all day: hourly counts against the weights, chi-square at 99.9 %.
    weights = np.zeros(24)
    weights[[7, 8, 12, 18]] = 1.0, 3.0, 2.0, 4.0
    zero = {f"profile_weight[service=parcel;ordinal=0;hour={h}]": weights[h] for h in range(24)}
    minutes = minutes_of(plain_parameters().with_values(zero), ("parcel", 0), Schedule.RETIRED, range(3))
    counts = np.bincount((minutes // 60).astype(int), minlength=24)
    assert (counts[weights == 0] == 0).all()
    expected = weights[weights > 0] / weights.sum() * len(minutes)
    assert stats.chisquare(counts[weights > 0], expected).pvalue > 0.001


def test_minutes_are_continuous_within_a_step() -> None:
    minutes = minutes_of(plain_parameters(), ("parcel", 0), Schedule.RETIRED, range(3))
    assert stats.kstest(minutes / 1440.0, "uniform").pvalue > 0.001
    assert len(np.unique(minutes)) == len(minutes)


@pytest.mark.parametrize(
    ("factor", "rate", "expected"), [(1.0, 0.4, 0.4), (0.5, 0.4, 0.2), (5.0, 0.4, 1.0), (0.0, 0.4, 0.0)]
)
def test_weekends_have_their_own_rate(factor: float, rate: float, expected: float) -> None:
    town = Town(
        streets=line(2, 50.0), population=residents(PEOPLE, {("parcel", 0): rate}),
        facilities=outlets(1, "parcel"), parameters=plain_parameters(weekend_factor=factor), constants=constants(),
    )  # fmt: skip
    assert MONDAY.weekday() == 0
    for day, share in ((4, rate), (5, expected), (6, expected), (7, rate), (-1, expected)):
        seen = len(town.run(range(day, day + 1))) / PEOPLE
        assert seen == pytest.approx(share, abs=3.29 * math.sqrt(share * (1 - share) / PEOPLE) + 1e-12)


def test_two_needs_of_one_service_on_one_day_are_different_draws() -> None:
    town = Town(
        streets=line(2, 50.0), population=residents(PEOPLE, {("meal", 0): 1.0, ("meal", 1): 1.0}),
        facilities=outlets(2, "meal", node_row=[0, 1]), parameters=plain_parameters(),
        constants=constants(forgo=0.0),
    )  # fmt: skip
    ledger = town.run()
    lunch, dinner = ledger.where(ledger["ordinal"] == 0), ledger.where(ledger["ordinal"] == 1)
    assert len(lunch) == len(dinner) == PEOPLE
    for name in ("need_min", "basket_fen", "utility"):
        assert abs(np.corrcoef(lunch[name].astype(float), dinner[name].astype(float))[0, 1]) < 4 / math.sqrt(
            PEOPLE
        )


def test_baskets_have_the_mean_and_spread_of_their_parameters() -> None:
    town = Town(
        streets=line(2, 50.0), population=residents(PEOPLE, {("parcel", 0): 1.0}), facilities=outlets(1, "parcel"),
        parameters=plain_parameters(basket_yuan=30.0, basket_cv=0.6), constants=constants(),
    )  # fmt: skip
    basket = town.run(range(10))["basket_fen"] / 100.0
    assert basket.mean() == pytest.approx(30.0, abs=3.29 * 18.0 / math.sqrt(len(basket)))
    assert basket.std() / basket.mean() == pytest.approx(0.6, rel=0.02)
