"""Aid, caps, visits and support change facts of the outlets they name, within bounds anybody can mean."""

from __future__ import annotations

import numpy as np
import pytest

from circlesim.errors import PolicyError
from circlesim.policies import CapPrices, HomeVisits, KeepCash, MealAid, SupportOutlets
from circlesim.testing import tiny_world
from circlesim.world.facilities import PaymentMode

WORLD = tiny_world(5, 30, [{"format": "community_canteen"}, {"format": "restaurant", "price_level": 1.25},
                           {"format": "pharmacy", "payment_mode": PaymentMode.UNATTENDED}])  # fmt: skip


def test_meal_aid_is_paid_at_canteens_and_nowhere_else() -> None:
    outlets = MealAid(amount=3.0, from_age=80).apply(WORLD).facilities
    assert outlets.aid_fen.tolist() == [300, 0, 0]
    assert outlets.aid_from_age[0] == 80


def test_a_cap_brings_dear_outlets_down_and_leaves_cheap_ones() -> None:
    old = WORLD.facilities.price_level
    assert np.array_equal(CapPrices(level=1.1).apply(WORLD).facilities.price_level, np.minimum(old, 1.1))
    only = CapPrices(level=0.5, formats=("pharmacy",)).apply(WORLD).facilities.price_level
    assert np.array_equal(only[:2], old[:2])


def test_visits_and_support_never_shrink() -> None:
    twice = HomeVisits(per_day=2, formats=()).apply(HomeVisits(per_day=9, formats=()).apply(WORLD))
    assert twice.facilities.home_visits.tolist() == [9, 9, 9]
    paid = SupportOutlets(per_month=100.0).apply(SupportOutlets(per_month=900.0).apply(WORLD))
    assert paid.facilities.support_yuan_month.tolist() == [900.0, 900.0, 900.0]


def test_cash_is_converted_only_where_asked_for() -> None:
    kept, converted = KeepCash().apply(WORLD), KeepCash(unattended="convert").apply(WORLD)
    assert kept.facilities.payment_mode[2] == PaymentMode.UNATTENDED
    assert converted.facilities.payment_mode[2] == PaymentMode.UNATTENDED_CONVERT


@pytest.mark.parametrize(
    ("policy", "field", "values"),
    [
        (MealAid, "amount", (0.0, -1.0, 1e12)), (CapPrices, "level", (0.0, 1e-9, 1e3)),
        (HomeVisits, "per_day", (0, 10**9)), (SupportOutlets, "per_month", (0.0, 1e30)),
    ],
)  # fmt: skip
def test_an_amount_nobody_can_mean_is_refused(policy: type, field: str, values: tuple[float, ...]) -> None:
    for value in values:
        with pytest.raises(PolicyError, match=field):
            policy(**{field: value})


def test_aid_from_an_age_nobody_reaches_is_refused() -> None:
    with pytest.raises(PolicyError, match="from_age"):
        MealAid(amount=1.0, from_age=500)
