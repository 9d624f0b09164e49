"""Rolling gap filling: it opens what was seen lacking, where it was lacking, for as much as it has."""

from dataclasses import replace

import numpy as np
import pytest

from circlesim.catalog.format_costs import format_cost
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.errors import PolicyError
from circlesim.policies import FillGaps
from circlesim.policies.siting import spread
from circlesim.testing import fingerprint, tiny_world
from circlesim.world.observation import Observation
from circlesim.world.population import Mobility

COST = format_cost("breakfast_shop").capital_yuan
FILL = FillGaps(formats=("breakfast_shop",), budget_yuan=1.5 * COST, places=4, within_min=3.0)


def observed(world, lacking, days=1):
    return world.as_observed(np.ones(len(world.facilities), bool), Observation(days=days, lacking=lacking))


def nobody_lacks(world):
    return np.zeros((len(world.population), len(SERVICES)), np.int64)


def opened(before, after):
    return after.facilities.take(np.arange(len(before.facilities), len(after.facilities)))


def walkers(world):
    return np.flatnonzero(world.population.mobility != Mobility.HOMEBOUND)


def test_a_world_that_nobody_looked_at_stays_as_it_is():
    world = tiny_world()
    assert FILL.resolve(world).apply(world) is world


def test_nothing_is_opened_where_nobody_lacked_anything():
    world = tiny_world()
    seen = observed(world, nobody_lacks(world))
    assert FILL.resolve(world).apply(seen) is seen


def test_the_outlet_opens_within_the_walk_of_the_one_who_lacked():
    world = tiny_world(3, 40, 6)
    fixed = replace(FILL, places=30).resolve(world)
    who = walkers(world)[0]
    lacking = nobody_lacks(world)
    lacking[who, SERVICE_INDEX["breakfast"]] = 9
    new = opened(world, fixed.apply(observed(world, lacking)))
    assert len(new) == 1
    from circlesim.world.reach import walk_metres

    reach = walk_metres(world.streets, new.node_row, 1e6)
    metres = reach.metres[reach.node == world.population.home_row[who]]
    assert metres[0] <= 3.0 * world.population.speed_m_per_min[who]


def test_the_budget_of_a_review_holds_and_buys_where_most_is_lacking():
    world = tiny_world(3, 40, 6)
    lacking = nobody_lacks(world)
    lacking[walkers(world), SERVICE_INDEX["breakfast"]] = 4
    poor, rich = (replace(FILL, budget_yuan=n * COST).resolve(world) for n in (1.5, 2.5))
    few, more = (opened(world, each.apply(observed(world, lacking))) for each in (poor, rich))
    assert len(few) == 1
    assert len(more) == 2
    assert few.facility[0] == more.facility[0]
    assert poor.cost_of(more, "yuan") == (2 * COST, 0.0)


def test_a_gap_that_is_too_small_is_left_alone():
    world = tiny_world(3, 40, 6)
    lacking = nobody_lacks(world)
    lacking[walkers(world)[0], SERVICE_INDEX["breakfast"]] = 3
    fixed = replace(FILL, least_per_day=1.0, places=30).resolve(world)
    assert len(opened(world, fixed.apply(observed(world, lacking, days=3)))) == 1
    assert len(opened(world, fixed.apply(observed(world, lacking, days=4)))) == 0


def test_needs_of_another_service_open_no_breakfast_shop():
    world = tiny_world(3, 40, 6)
    lacking = nobody_lacks(world)
    lacking[:, SERVICE_INDEX["library"]] = 50
    assert not len(opened(world, FILL.resolve(world).apply(observed(world, lacking))))


def test_a_review_repeated_on_its_own_result_changes_nothing():
    world = tiny_world(3, 40, 6)
    lacking = nobody_lacks(world)
    lacking[walkers(world), SERVICE_INDEX["breakfast"]] = 4
    fixed = FILL.resolve(world)
    once = fixed.apply(observed(world, lacking))
    assert fingerprint(fixed.apply(once)) == fingerprint(once)


def test_what_stood_when_it_was_observed_is_not_opened_again():
    world = tiny_world(3, 40, 6)
    lacking = nobody_lacks(world)
    lacking[walkers(world), SERVICE_INDEX["breakfast"]] = 4
    fixed = FILL.resolve(world)
    first = replace(fixed.apply(observed(world, lacking)), observed=None)
    second = fixed.apply(observed(first, lacking))
    assert set(opened(first, second).facility) & set(opened(world, first).facility) == set()


def test_the_first_place_is_the_fullest_house_and_no_place_stands_twice():
    world = tiny_world(3, 40, 6)
    places = spread(world, 12)
    lives = np.bincount(world.population.home_row, minlength=len(world.streets))
    assert lives[places[0]] == lives.max()
    assert len(set(places.tolist())) == len(places)


def test_reviews_come_every_so_many_days_after_the_start():
    from datetime import date, timedelta

    start = date(2024, 3, 4)
    fill = replace(FILL, every_days=10)
    assert fill.reviews(start, 31) == (10, 20, 30)
    assert replace(fill, starts=start + timedelta(days=5)).reviews(start, 31) == (15, 25)
    assert replace(fill, ends=start + timedelta(days=20)).reviews(start, 31) == (10, 20)
    assert replace(fill, starts=start - timedelta(days=25)).reviews(start, 31) == (5, 15, 25)


def test_all_faults_are_said_at_once():
    with pytest.raises(PolicyError) as caught:
        FillGaps(formats=(), budget_yuan=-1, every_days=0)
    assert all(word in str(caught.value) for word in ("budget_yuan", "every_days"))
    with pytest.raises(PolicyError, match="nothing to open"):
        FillGaps(formats=(), budget_yuan=1)
    with pytest.raises(PolicyError, match="no such node"):
        replace(FILL, sites=(987_654,)).resolve(tiny_world())
