"""The demand list: the same needs as the tables of a run, by place and group, and nobody told of alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.ledger import BARRIERS, Barrier
from circlesim.planning.demand import BARRIER_NAMES, LEVERS, Demand, demand_of
from circlesim.planning.places import places_of
from circlesim.policies.registration import POLICIES
from circlesim.testing.worlds import lattice, tiny_world

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))
from small_runs import as_is, small, town


@cache
def lacking() -> Demand:
    return demand_of(small(as_is()))


def test_the_demand_list_counts_the_needs_that_the_tables_of_a_run_count() -> None:
    outcomes = small(as_is()).run()
    days = small(as_is()).days
    table = lacking().table(("age60",))
    whole = table[table["place"] == ""].set_index(["service", "barrier", "by", "group"])
    keys = ["service", "barrier", "by", "group"]
    unmet, pushed = (one.set_index(keys) for one in (outcomes.unmet(), outcomes.pushed_out()))
    told = 0
    for key, row in unmet.iterrows():
        found = whole.loc[key] if key in whole.index else None
        for name, expected in (("unmet", row["unmet"]), ("pushed_out", pushed.loc[key, "pushed_out"]),
                               ("met_if_lifted", row["met_if_lifted"])):  # fmt: skip
            got = 0.0 if found is None else found[f"{name}_per_day"]
            assert got == pytest.approx(expected / days), (key, name)
            told += expected > 0
    assert told > 20


def test_places_add_up_to_the_world() -> None:
    table = lacking().table()
    for kind in ("unmet_per_day", "pushed_out_per_day", "met_if_lifted_per_day"):
        sums = table.groupby([table["place"] == "", "service", "barrier"])[kind].sum()
        assert sums[True].to_dict() == pytest.approx(sums[False].to_dict())


def test_no_row_tells_of_fewer_than_thirty_residents() -> None:
    table = lacking().table(("age_band", "mobility"))
    assert (table["residents"] >= 30).all()
    assert (table["place"] != "").any()
    assert (table["by"] == "age_band").any()


@given(seed=st.integers(0, 10_000), residents=st.integers(1, 80), least=st.integers(1, 40))
def test_every_place_has_enough_residents_and_homes_are_never_split(seed: int, residents: int, least: int) -> None:
    world = tiny_world(seed, residents, 0)
    place = places_of(world, least)
    size = np.unique(place, return_counts=True)[1]
    assert size.min() >= min(least, residents)
    homes = world.population.home_row
    assert all(len(np.unique(place[homes == home])) == 1 for home in np.unique(homes))
    assert np.isin(place, world.streets.node[homes]).all()


def test_a_building_of_thirty_is_a_place_of_its_own_and_scattered_houses_stand_together() -> None:
    people = [{"home_row": 0}] * 30 + [{"home_row": row} for row in range(2, 6) for _ in range(8)]
    world = tiny_world(residents=people, facilities=0, streets=lattice(1, 6))
    place = places_of(world)
    assert set(place[:30]) == {100}
    assert len(set(place[30:])) == 1


def test_places_do_not_depend_on_the_order_of_residents() -> None:
    world = tiny_world(4, 70, 0)
    order = np.random.default_rng(0).permutation(70)
    people = world.population
    shuffled = replace(world, population=replace(people, home_row=people.home_row[order]))
    assert places_of(shuffled, 10).tolist() == places_of(world, 10)[order].tolist()


def test_every_barrier_has_levers_that_exist() -> None:
    assert set(LEVERS) == set(BARRIER_NAMES)
    assert len(BARRIERS) == len(list(Barrier)) == len(BARRIER_NAMES)
    assert all(name in POLICIES for names in LEVERS.values() for name in names)


def test_a_policy_lifts_only_its_own_barriers() -> None:
    all_services = tuple(lacking().services("add_facilities"))
    by_hand = lacking().table()
    by_hand = by_hand[(by_hand["place"] == "") & (by_hand["by"] == "")]
    mine = by_hand["levers"].str.split().map(lambda names: "add_facilities" in names)
    expected = by_hand.loc[mine, ["unmet_per_day", "pushed_out_per_day"]].sum().sum()
    found = lacking().lacking(all_services, "add_facilities")
    assert found.shape == (len(town().population),)
    assert found.sum() == pytest.approx(expected)
    assert 0 < found.sum() < by_hand[["unmet_per_day", "pushed_out_per_day"]].sum().sum()
