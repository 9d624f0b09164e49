"""A policy may hold in some circles of a city, take effect late, and be paid for in part by others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlesim as cs
from circlesim.errors import PolicyError
from circlesim.experiments.design import compile_design
from circlesim.policies.parts import in_force, resolved_in
from circlesim.policies.timeline import change_dates, world_on
from circlesim.world.city import city
from circlesim.world.facilities import COLUMNS
from circlesim.world.world import World

MONDAY = date(2024, 3, 4)


@pytest.fixture(scope="module")
def world() -> World:
    return city(residents=1_600)


def test_hours_are_extended_in_the_circles_named_and_nowhere_else(world: World) -> None:
    policy = cs.ExtendHours(close="23:30", circles=(2, 4))
    now, everywhere = in_force(policy, world).facilities, cs.ExtendHours(close="23:30").apply(world).facilities
    here = np.isin(world.facilities.circle, (2, 4))
    assert np.array_equal(now.hours[here], everywhere.hours[here])
    assert np.array_equal(now.hours[~here], world.facilities.hours[~here])
    assert not np.array_equal(now.hours, world.facilities.hours)
    for name in COLUMNS:
        old, new = getattr(world.facilities, name), getattr(now, name)
        assert name == "hours" or np.array_equal(new, old, equal_nan=old.dtype.kind in "fM"), name


def test_new_outlets_are_sited_among_the_homes_of_the_circle_and_carry_its_number(world: World) -> None:
    policy = resolved_in(cs.AddFacilities(format="breakfast_shop", count=2, circles=(3,)), world)
    now = in_force(policy, world).facilities
    added = now.take(np.arange(len(world.facilities), len(now)))
    assert added.circle.tolist() == [3, 3]
    rows = set(world.population.home_row[world.population.circle == 3].tolist())
    rows |= set(world.facilities.node_row[world.facilities.circle == 3].tolist())
    assert set(added.node_row.tolist()) <= rows
    again = in_force(policy, in_force(policy, world)).facilities
    assert again.facility.tolist() == now.facility.tolist()


def test_the_same_shops_in_two_circles_are_two_policies(world: World) -> None:
    one, other = (cs.AddFacilities(format="breakfast_shop", count=1, circles=(c,)) for c in (1, 2))
    assert one.content_digest != other.content_digest
    # Sites are sought in one circle each; the two stand side by side.
    both = world_on(world, [resolved_in(one, world), resolved_in(other, world)], MONDAY)
    assert both.facilities.circle[-2:].tolist() == [1, 2]


def test_a_policy_for_all_circles_has_the_digest_it_always_had() -> None:
    plain = cs.AddFacilities(format="breakfast_shop", count=4)
    assert plain.content_digest == replace(plain, circles=()).content_digest
    assert plain.to_dict() == {"format": "breakfast_shop", "count": 4}


def test_a_circle_that_is_not_there_and_gates_by_circle_are_refused(world: World) -> None:
    with pytest.raises(PolicyError, match="no such circle"):
        in_force(cs.KeepCash(circles=(9,)), world)
    with pytest.raises(PolicyError, match="gates are named"):
        in_force(cs.OpenGates(circles=(1,)), world)


@given(delay=st.integers(0, 40), shared=st.floats(0, 1))
def test_delay_moves_the_day_and_shared_cost_the_bill_and_neither_anything_else(delay: int, shared: float) -> None:
    plain = cs.ExtendHours(close="22:00", starts=MONDAY, capital_yuan=1000.0)
    late = replace(plain, delay_days=delay, shared_cost=shared)
    assert late.content_digest == plain.content_digest
    assert late.begins == MONDAY + timedelta(days=delay)
    assert late.public_capital_yuan == pytest.approx(1000.0 * (1 - shared))
    assert change_dates([late], MONDAY, 60) == tuple(sorted({MONDAY, MONDAY + timedelta(days=delay)}))
    town = cs.demo_world("old_town", residents=300)
    assert late.apply(town).facilities.hours.tolist() == plain.apply(town).facilities.hours.tolist()
    for day in (0, delay - 1, delay, delay + 1):
        on = MONDAY + timedelta(days=day)
        assert late.active_on(on) == (day >= delay)


def test_an_experiment_pays_its_share_and_measures_from_the_day_of_effect() -> None:
    town = cs.demo_world("old_town", residents=300)
    as_is = cs.Scenario("as is", town, days=20, start=MONDAY)
    built = cs.AddFacilities(format="breakfast_shop", count=1, starts=MONDAY, delay_days=6, capital_yuan=80_000.0,
                             running_yuan_per_month=0.0, shared_cost=0.25)  # fmt: skip
    asked = cs.Experiment([as_is, as_is.with_policies("shop", built)], measures=["public_cost"])
    assert asked.first_measured_day == 6
    assert compile_design(asked).costs == (0.0, 60_000.0)


def test_a_delay_without_a_day_and_a_share_above_one_are_refused_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        cs.KeepCash(delay_days=3, shared_cost=1.5)
    assert "shared_cost" in str(caught.value)
    with pytest.raises(PolicyError, match="counted from a day"):
        cs.KeepCash(delay_days=3)
    with pytest.raises(PolicyError, match="ends before it starts"):
        cs.KeepCash(starts=MONDAY, delay_days=9, ends=MONDAY + timedelta(days=8))
