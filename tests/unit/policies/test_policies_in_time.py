"""World(d) is the fold of the policies in force, in listed order, over the baseline."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.errors import PolicyError
from circlesim.policies import AddFacilities, ExtendHours, HoldEvent, KeepCash, RefuseCash
from circlesim.policies.timeline import change_dates, raise_if_outside, resolve_all, world_on
from circlesim.testing import fingerprint, tiny_world
from circlesim.testing.strategies import date_spans, policies, small_worlds

START = date(2024, 3, 4)
DAYS = 28
LAW = settings(max_examples=40, deadline=None)
GAP = AddFacilities(format="breakfast_shop", count=2)


def on(day):
    return START + timedelta(days=day)


def redated(policy, dates):
    """The policy at other times; an event keeps its dates where it would lose one of them."""
    needs_both = isinstance(policy, HoldEvent)
    return policy if needs_both and None in dates.values() else replace(policy, **dates)


def nodes_of(world, policy):
    standing = dict(zip(world.facilities.facility.tolist(), world.facilities.node_row.tolist(), strict=True))
    return [standing.get(each) for each in policy.ids]


def test_a_day_without_policies_is_the_baseline_itself():
    world = tiny_world()
    assert world_on(world, [KeepCash(starts=on(3))], on(2)) is world


def test_a_policy_that_ended_leaves_no_trace():
    world = tiny_world(2, 30, 8)
    done = resolve_all(world, [replace(GAP, starts=on(3), ends=on(5))], START)
    counts = [len(world_on(world, done, on(day)).facilities) for day in (2, 3, 5, 6)]
    assert counts == [8, 10, 10, 8]


def test_policies_fold_in_listed_order():
    world = tiny_world(0, 1, 10)
    drift, keep = RefuseCash(share=1), KeepCash()
    last_drift = world_on(world, [keep, drift], START).facilities.payment_mode
    last_keep = world_on(world, [drift, keep], START).facilities.payment_mode
    assert not (last_drift == 0).any()
    assert not (last_keep == 1).any()


def test_facts_change_where_a_policy_starts_and_the_day_after_it_ends():
    listed = [KeepCash(starts=on(7), ends=on(9)), RefuseCash(share=0.1), ExtendHours(close="22:00", ends=on(40))]
    assert change_dates(listed, START, DAYS) == (START, on(7), on(10))


@LAW
@given(st.data(), small_worlds(max_residents=20))
def test_facts_stand_still_between_change_dates(data, world):
    drawn = data.draw(st.lists(policies(world), max_size=2, unique_by=lambda each: each.content_digest))
    done = resolve_all(world, [redated(each, data.draw(date_spans(START, DAYS))) for each in drawn], START)
    days = change_dates(done, START, DAYS)
    shown = fingerprint(world_on(world, done, START))
    for day in range(DAYS):
        now = fingerprint(world_on(world, done, on(day)))
        if on(day) in days:
            shown = now
        assert now == shown


def test_sites_are_found_in_the_world_of_the_first_day():
    world = tiny_world(3, 40, 6)
    early = AddFacilities(format="breakfast_shop", count=1, servers=2)
    late = replace(GAP, starts=on(10))
    seen = resolve_all(world, [early, late], START)[1]
    missed = resolve_all(world, [replace(early, ends=on(9)), late], START)[1]
    assert seen.sites == late.resolve(early.apply(world)).sites
    assert missed.sites == late.resolve(world).sites
    assert seen.sites != missed.sites


def test_a_policy_listed_later_moves_no_site():
    world = tiny_world(3, 40, 6)
    other = AddFacilities(format="breakfast_shop", count=3, seed=1)
    assert resolve_all(world, [GAP, other], START)[0] == resolve_all(world, [GAP], START)[0]


@LAW
@given(st.data(), small_worlds())
def test_stacked_by_name_a_policy_brings_the_same_sites(data, world):
    mine = data.draw(policies(world).filter(lambda each: each.content_digest != GAP.content_digest))
    gap = replace(GAP, count=1)
    alone = resolve_all(world, [gap], START)
    package = resolve_all(world, [mine, *alone], START)
    assert package[1] == alone[0]
    assert nodes_of(world_on(world, package, START), gap) == nodes_of(world_on(world, alone, START), gap)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (KeepCash(), KeepCash()),
        (GAP, replace(GAP, starts=on(9), capital_yuan=5.0)),
        (RefuseCash(share=0.1, ends=on(9)), RefuseCash(share=0.1, starts=on(9))),
    ],
)
def test_a_policy_that_stacks_itself_is_refused(first, second):
    with pytest.raises(PolicyError, match=f"{first.name} stacks itself"):
        resolve_all(tiny_world(), [first, RefuseCash(share=0.9), second], START)


def test_a_resolved_policy_is_known_as_the_one_it_came_from():
    world = tiny_world()
    with pytest.raises(PolicyError, match="stacks itself"):
        resolve_all(world, [GAP.resolve(world), GAP], START)


def test_a_policy_that_comes_back_comes_back_to_its_sites():
    world = tiny_world(3, 40, 6)
    rival = AddFacilities(format="breakfast_shop", count=3, seed=1, starts=on(10))  # takes the gaps left open
    listed = [rival, replace(GAP, ends=on(3)), replace(GAP, starts=on(20), running_yuan_per_month=7.0)]
    done = resolve_all(world, listed, START)
    assert done[2].sites == done[1].sites
    assert done[2].running_yuan_per_month == 7.0
    assert nodes_of(world_on(world, done, on(1)), GAP) == nodes_of(world_on(world, done, on(21)), GAP)


def test_a_policy_dated_outside_the_horizon_is_refused():
    inside = [KeepCash(starts=on(27)), KeepCash(ends=on(0)), KeepCash(starts=on(-9), ends=on(40)), KeepCash()]
    raise_if_outside(inside, START, DAYS)
    with pytest.raises(PolicyError) as caught:
        raise_if_outside([KeepCash(starts=on(28)), KeepCash(), KeepCash(ends=on(-1))], START, DAYS)
    assert [fault.where for fault in caught.value.faults] == ["policies.0.starts", "policies.2.ends"]
