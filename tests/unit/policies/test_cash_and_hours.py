"""KeepCash, RefuseCash, ExtendHours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.policies import ExtendHours, KeepCash, RefuseCash
from circlesim.testing import reordered, tiny_world
from circlesim.testing.strategies import extend_hours, keep_cash, refuse_cash, small_worlds
from circlesim.world.facilities import PaymentMode
from circlesim.world.hours import format_hours

LAW = settings(max_examples=60, deadline=None)
A, R, U, O = (
    PaymentMode.STAFFED_ACCEPT,
    PaymentMode.STAFFED_REFUSE,
    PaymentMode.UNATTENDED,
    PaymentMode.ONLINE_ONLY,
)


def open_minutes(hours):
    """Minutes of a week [F, 7 * 1440] at which each outlet is open; the week wraps."""
    week = np.zeros((len(hours), 7 * 1440), dtype=bool)
    for f, day, slot in np.argwhere(hours[..., 0] >= 0):
        opens, closes = hours[f, day, slot]
        week[f, np.arange(day * 1440 + opens, day * 1440 + closes) % (7 * 1440)] = True
    return week


def refusing(world, **fields):
    mode = RefuseCash(**fields).apply(world).facilities.payment_mode
    return set(world.facilities.facility[mode == R].tolist())


def test_every_staffed_outlet_takes_cash_and_no_other():
    world = tiny_world(0, 1, [{"payment_mode": mode} for mode in (A, R, U, O)])
    assert KeepCash().apply(world).facilities.payment_mode.tolist() == [A, A, U, O]


def test_only_staffed_outlets_refuse_cash():
    world = tiny_world(0, 1, [{"payment_mode": mode} for mode in (A, R, U, O)])
    assert RefuseCash(share=1).apply(world).facilities.payment_mode.tolist() == [R, R, U, O]
    assert RefuseCash(share=0).apply(world).facilities.payment_mode.tolist() == [A, R, U, O]


def test_only_the_formats_named_change():
    world = tiny_world(0, 1, [{"format": f, "payment_mode": R} for f in ("gym", "library", "gym")])
    assert KeepCash(formats=("gym",)).apply(world).facilities.payment_mode.tolist() == [A, R, A]


def test_keeping_cash_undoes_the_drift_where_all_took_it_before():
    world = tiny_world(4, 1, [{"payment_mode": A}] * 12)
    drifted = RefuseCash(share=0.5, seed=2).apply(world)
    kept = KeepCash().apply(drifted).facilities.payment_mode
    assert (drifted.facilities.payment_mode == R).any()
    assert (kept == A).all()


def test_the_share_that_refuses_is_the_share_asked_for():
    world = tiny_world(0, 1, [{"payment_mode": A, "format": "breakfast_shop"}] * 3000)
    assert len(refusing(world, share=0.3)) / 3000 == pytest.approx(0.3, abs=0.025)  # 3 standard errors


def test_another_seed_chooses_other_outlets():
    world = tiny_world(0, 1, [{"payment_mode": A}] * 60)
    assert refusing(world, share=0.3, seed=1) != refusing(world, share=0.3, seed=2)


MANY_TILLS = tiny_world(0, 1, [{"payment_mode": A}] * 200)


def test_where_nothing_is_paid_no_cash_is_refused():
    world = tiny_world(0, 1, [{"payment_mode": A, "format": f} for f in ("library", "culture_centre", "gym")])
    assert len(refusing(world, share=1.0)) == 1


@LAW
@given(st.floats(0, 1), st.floats(0, 1), st.integers(0, 9))
def test_refusing_sets_are_nested_in_share(one, other, seed):
    low, high = sorted((one, other))
    assert refusing(MANY_TILLS, share=low, seed=seed) <= refusing(MANY_TILLS, share=high, seed=seed)


@LAW
@given(small_worlds(), refuse_cash(), st.randoms(use_true_random=False))
def test_who_refuses_does_not_depend_on_the_order_of_rows(world, policy, shuffle):
    size = len(world.facilities)
    other = policy.apply(reordered(world, facilities=shuffle.sample(range(size), size))).facilities
    mode = dict(zip(other.facility, other.payment_mode, strict=True))
    here = policy.apply(world).facilities
    assert [mode[each] for each in here.facility] == here.payment_mode.tolist()


@LAW
@given(small_worlds(), extend_hours())
def test_longer_hours_never_lose_a_minute(world, policy):
    before = open_minutes(world.facilities.hours)
    after = open_minutes(policy.apply(world).facilities.hours)
    assert not (before & ~after).any()


@LAW
@given(small_worlds(), extend_hours())
def test_longer_hours_leave_intervals_in_order_and_days_off_alone(world, policy):
    old, new = world.facilities.hours, policy.apply(world).facilities.hours
    assert ((old[..., 0] >= 0) == (new[..., 0] >= 0)).all()
    used = new[..., 0] >= 0
    assert (new[..., 0] < new[..., 1])[used].all()
    assert (new[..., 1:, 0] >= new[..., :-1, 1])[used[..., 1:]].all()


@LAW
@given(small_worlds(), extend_hours(), keep_cash() | refuse_cash())
def test_policies_on_different_columns_commute(world, hours, cash):
    one, other = cash.apply(hours.apply(world)).facilities, hours.apply(cash.apply(world)).facilities
    np.testing.assert_array_equal(one.hours, other.hours)
    np.testing.assert_array_equal(one.payment_mode, other.payment_mode)


@pytest.mark.parametrize(
    ("before", "fields", "after"),
    [
        ("Mo-Su 09:00-17:00", {"close": "22:00"}, "Mo-Su 09:00-22:00"),
        ("Mo-Su 09:00-17:00", {"open": "07:00", "close": "22:00"}, "Mo-Su 07:00-22:00"),
        ("Mo-Su 09:00-17:00", {"open": "10:00", "close": "16:00"}, "Mo-Su 09:00-17:00"),
        ("Mo-Su 09:00-12:00,14:00-17:00", {"close": "22:00"}, "Mo-Su 09:00-12:00,14:00-22:00"),
        ("Mo-Su 09:00-12:00,14:00-17:00", {"open": "07:00"}, "Mo-Su 07:00-12:00,14:00-17:00"),
        ("Tu-Su 09:00-17:00", {"close": "21:00"}, "Tu-Su 09:00-21:00"),
        ("Mo-Su 09:00-17:00", {"close": "21:00", "days": ("Fr",)},
         "Mo-Th 09:00-17:00; Fr 09:00-21:00; Sa-Su 09:00-17:00"),
        ("Mo-Su 09:00-17:00", {"close": "01:00"}, "Mo-Su 09:00-01:00"),
        ("Mo-Su 18:00-02:00", {"close": "24:00"}, "Mo-Su 18:00-02:00"),
        ("24/7", {"open": "05:00", "close": "23:00"}, "24/7"),
    ],
)  # fmt: skip
def test_opening_moves_earlier_and_closing_later(before, fields, after):
    world = tiny_world(0, 1, [{"hours": before}])
    assert format_hours(ExtendHours(**fields).apply(world).facilities.hours[0]) == after
