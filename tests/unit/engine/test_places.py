"""Day care: places are allotted by how long one has waited and by lot, and free the time of carers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

import circlesim as cs
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.simulation import Simulation
from circlesim.ledger import Barrier, Fate
from circlesim.testing import tiny_world
from circlesim.world.population import Schedule
from crowded_towns import featured_town
from towns import Town, constants, differing, hours, line, outlets, plain_parameters, residents

PLACED = replace(memoryless(), capacity=True, places=True)
ALL_PLACED = replace(Mechanisms(), places=True)
CHILD = 0


def nursery(places: Any, people: int = 60, *, nodes: Any = 0, law: dict[str, float] | None = None) -> Town:
    """Families at one end of a street of ten nodes, all of whom want a place, and nurseries along it."""
    count = np.size(places)
    return Town(
        streets=line(10, 60.0), population=residents(people, {("childcare", 0): 1.0}),
        facilities=outlets(count, "childcare", quality=1.0, places=places, servers=np.asarray(places) + 500,
                           service_min=240.0, node_row=nodes),
        parameters=plain_parameters(**({"b_quality": 15.0, "place_share": 1.0} | (law or {}))),
        constants=constants(), mechanisms=PLACED, start=date(2024, 3, 4),
    )  # fmt: skip


def held(simulation: Simulation) -> np.ndarray:
    return simulation.state.held[:, CHILD].copy()


def after(town: Town, days: int, *stages: Any, first: int = 0) -> Simulation:
    simulation = town.simulation(*stages)
    for day in range(first, first + days):
        simulation.run_day(day)
    return simulation


@pytest.mark.parametrize(("places", "people"), [(10, 60), (60, 60), (80, 60)])
def test_as_many_go_without_as_there_are_places_too_few(places: int, people: int) -> None:
    mine = held(after(nursery(places, people), 1))
    assert (mine < 0).mean() == max(0.0, 1.0 - places / people)


@pytest.mark.parametrize("seed", range(12))
def test_nobody_holds_what_is_not_there_and_nobody_passes_over_who_would_come_first(seed: int) -> None:
    town = featured_town(seed, ALL_PLACED)
    simulation = town.simulation()
    for day in range(-2, 3):
        simulation.run_day(day)
        state, shops = simulation.state, town.facilities
        taken = np.bincount(state.held[state.held >= 0], minlength=len(shops))
        by_service = [np.bincount(column[column >= 0], minlength=len(shops)) for column in state.held.T]
        assert all((each <= shops.places).all() for each in by_service)
        assert (taken[shops.places == 0] == 0).all()
        assert (state.waited[state.held >= 0] == 0).all()


def test_the_list_moves_up_when_places_are_added_and_holders_stay() -> None:
    town = nursery(10)
    more = replace(town.facilities, places=np.full(1, 30, np.int32))
    stages = town.stage(), town.stage(first_day=3, facilities=more)
    before, later = held(after(town, 3, *stages)), held(after(town, 4, *stages))
    assert (before >= 0).sum() == 10
    assert (later >= 0).sum() == 30
    assert (later[before >= 0] >= 0).all()


def test_who_has_waited_longest_comes_first() -> None:
    # Two in three wait on the fourth of March, and longer than who arrives with a new wish in April.
    town = nursery(20)
    more = replace(town.facilities, places=np.full(1, 40, np.int32))
    simulation = town.simulation(town.stage(), town.stage(first_day=28, facilities=more))
    simulation.run_day(0)
    waited = simulation.state.waited[:, CHILD]
    new = np.flatnonzero(waited == 1)[:15]
    waited[new] = 0
    patient = np.flatnonzero(waited == 1)
    simulation.run_day(28)
    now = held(simulation)
    assert len(patient) == 25
    assert (now[patient] >= 0).sum() == 20
    assert (now[new] < 0).all()


def test_one_takes_the_nearest_free_place_where_tastes_are_alike() -> None:
    town = nursery([5, 5, 5], 15, nodes=np.array([1, 4, 7]), law={"taste_sd": 0.0})
    mine = held(after(town, 1))
    assert np.bincount(mine, minlength=3).tolist() == [5, 5, 5]
    few = held(after(nursery([5, 5, 5], 7, nodes=np.array([1, 4, 7]), law={"taste_sd": 0.0}), 1))
    assert np.bincount(few, minlength=3).tolist() == [5, 2, 0]


def test_a_place_is_no_queue_and_who_has_none_stands_in_it() -> None:
    town = nursery(10)
    alone = replace(town.facilities, servers=np.full(1, 10, np.int32), queue_limit=np.zeros(1, np.int32))
    full = town.but(facilities=alone)
    simulation = full.simulation()
    page = simulation.run_day(0).columns()
    has = held(simulation)[page["resident"]] >= 0
    assert (page["fate"][has] == Fate.INSIDE).all()
    assert (page["wait_min"][has] == 0.0).all()
    # All staff look after the standing places: nobody is left who takes a child by the hour.
    assert (page["first_barrier"][~has] == Barrier.FULL).all()


def test_a_carer_whose_child_is_in_day_care_runs_errands_when_other_carers_cannot() -> None:
    # The parcel shop is open over midday only, when carers without help are bound.
    count, usual = 400, default_parameters()
    people = residents(count, {("childcare", 0): 1.0, ("parcel", 0): 1.0}, schedule=Schedule.CARER)
    bits = np.array([1 << SERVICE_INDEX[name] for name in ("childcare", "parcel")], np.uint32)
    shops = outlets(2, bits, quality=1.0, servers=500, places=np.array([200, 0]),
                    hours=np.concatenate([hours((0, 1440)), hours((720, 780))]))  # fmt: skip
    plain = plain_parameters(b_quality=15.0, place_share=1.0, shift_max_min=1440.0)
    rows = [row for row in plain.rows if row.name != "free_window"]
    law = Parameters((*rows, *(row for row in usual.rows if row.name == "free_window")))
    town = Town(
        streets=line(2, 50.0), population=people, facilities=shops, parameters=law, constants=constants(),
        mechanisms=replace(PLACED, capacity=False), start=date(2024, 3, 4),
    )  # fmt: skip
    simulation = town.simulation()
    page = simulation.run_day(0).columns()
    parcels = page["service"] == SERVICE_INDEX["parcel"]
    freed = held(simulation)[page["resident"]] >= 0
    assert (page["fate"][parcels & freed] == Fate.INSIDE).all()
    assert (parcels & freed).sum() == 200
    bound = page["fate"][parcels & ~freed] != Fate.INSIDE
    assert bound.mean() > 0.9
    assert (page["first_barrier"][parcels & ~freed][bound] == Barrier.CLOSED).all()


def test_without_places_nothing_changes() -> None:
    for seed in range(4):
        town = featured_town(seed)
        plain = town.but(facilities=replace(town.facilities, places=np.zeros(len(town.facilities), np.int32)))
        assert differing(plain.run(range(3)), plain.but(mechanisms=ALL_PLACED).run(range(3))) == {}


def test_the_order_of_rows_does_not_matter() -> None:
    town = nursery(20)
    turned = np.arange(60)[::-1]
    people = town.population
    other = town.but(population=replace(people, **{
        name: getattr(people, name)[turned] for name in people.__dataclass_fields__
    }))  # fmt: skip
    assert np.array_equal(held(after(town, 1)), held(after(other, 1))[turned])


def test_added_places_bring_staff_and_never_take_any_away() -> None:
    world = tiny_world(5, 30, [{"format": "childcare_point"}, {"format": "gym"}])
    more = cs.AddPlaces(places=40).apply(world).facilities
    old = world.facilities
    assert more.places.tolist() == [max(40, old.places[0]), old.places[1]]
    assert (more.servers - old.servers).tolist() == (more.places - old.places).tolist()
    assert cs.AddPlaces(places=1).apply(world) is not None
