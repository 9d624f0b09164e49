"""AddFacilities: facts, ids and replay of new outlets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.catalog.formats import facility_defaults
from circlesim.draws import hash_ids
from circlesim.policies import AddFacilities
from circlesim.testing import fingerprint, tiny_world
from circlesim.testing.strategies import add_facilities, small_worlds
from circlesim.world.facilities import COLUMNS
from circlesim.world.hours import parse_hours

LAW = settings(max_examples=40, deadline=None)


def test_a_new_outlet_has_the_facts_of_its_format():
    world = tiny_world(0, 20, 4)
    outlets = AddFacilities(format="community_canteen", count=2).apply(world).facilities
    defaults = facility_defaults("community_canteen")
    for name, value in defaults.items():
        expected = parse_hours(value) if name == "hours" else value
        np.testing.assert_array_equal(getattr(outlets, name)[4], expected, err_msg=name)


def test_what_is_stated_wins_over_the_format():
    policy = AddFacilities(format="gym", count=1, quality=0.9, price_level=0.5, hours="24/7", servers=3)
    outlets = policy.apply(tiny_world(0, 20, 4)).facilities
    found = [float(getattr(outlets, name)[4]) for name in ("quality", "price_level", "servers")]
    assert found == [0.9, 0.5, 3.0]
    assert (outlets.hours[4, :, 0] == [0, 1440]).all()


def test_ids_are_hashed_from_their_text_and_kept_whole():
    policy = AddFacilities(format="community_canteen", count=2)
    outlets = policy.apply(tiny_world(0, 20, 4)).facilities
    assert outlets.facility[4:].tolist() == list(policy.ids)
    assert outlets.id64[4:].tolist() == hash_ids(policy.ids).tolist()


def test_a_new_outlet_lies_in_the_circle_of_the_nearest_home():
    people = [{"home_row": 0, "circle": 3}, {"home_row": 15, "circle": 8}]
    policy = AddFacilities(format="gym", count=2, siting="given", sites=(114, 101))
    assert policy.apply(tiny_world(0, people, 2)).facilities.circle[2:].tolist() == [8, 3]


def test_columns_keep_their_types():
    world = tiny_world(0, 20, 4)
    outlets = AddFacilities(format="gym", count=1).apply(world).facilities
    kinds = {name: (getattr(outlets, name).dtype.kind, getattr(world.facilities, name).dtype.kind)
             for name in COLUMNS}  # fmt: skip
    assert all(new == old for new, old in kinds.values())


@LAW
@given(st.data(), small_worlds())
def test_ids_are_independent_of_dates_and_of_the_world(data, world):
    policy = data.draw(add_facilities(world))
    dated = replace(policy, starts=date(2024, 3, 11), ends=date(2024, 3, 20))
    ids = policy.apply(world).facilities.facility[len(world.facilities) :].tolist()
    assert dated.resolve(world).apply(world).facilities.facility[len(world.facilities) :].tolist() == ids
    assert ids == list(policy.ids)


@LAW
@given(st.data(), small_worlds())
def test_sites_once_fixed_do_not_move_when_other_outlets_open(data, world):
    policy, other = data.draw(add_facilities(world)), data.draw(add_facilities(world))
    fixed = policy.resolve(world)
    later = fixed.apply(other.apply(world)).facilities
    alone = fixed.apply(world).facilities
    for each, node in zip(fixed.ids, fixed.sites, strict=True):
        for town in (later, alone):
            assert world.streets.node[town.node_row[town.facility == each]].tolist() == [node]


@LAW
@given(st.data(), small_worlds())
def test_a_policy_looks_for_no_new_sites_once_it_is_in_force(data, world):
    policy = data.draw(add_facilities(world))
    once = policy.apply(world)
    assert policy.resolve(once).sites == policy.resolve(world).sites
    assert fingerprint(policy.apply(once)) == fingerprint(once)
