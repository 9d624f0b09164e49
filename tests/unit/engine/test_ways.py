"""Ways on foot: what hinders whom, what lies on the way, and what the way to work takes anyway."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlesim.behaviour.walking import extra_walk, level_metres, up_and_down
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.ways import CLASSES, streets_of, ways
from circlesim.ledger import Barrier, Channel, Fate
from circlesim.world.population import Mobility, Schedule
from circlesim.world.reach import walk_metres
from crowded_towns import featured_town
from towns import Town, constants, differing, hours, line, outlets, plain_parameters, residents

HINDERED = replace(memoryless(), impedance=True)
PASSING = replace(memoryless(), trips=True)


def test_a_slope_takes_as_long_as_tobler_says() -> None:
    assert up_and_down(0.0, 1.0) == 1.0
    # Up ten in a hundred at exp(-0.35) of the pace on the level, down at the very same pace.
    assert up_and_down(0.1, 1.0) == pytest.approx((np.exp(0.35) + 1.0) / 2)
    # Down five in a hundred is Tobler's fastest.
    assert up_and_down(0.05, 1.0) == pytest.approx((np.exp(0.175) + np.exp(-0.175)) / 2)


@given(st.floats(0, 1), st.floats(0, 4), st.floats(1, 500), st.integers(0, 9), st.floats(1, 5), st.floats(0, 50))
def test_nothing_one_meets_makes_a_way_shorter(
    slope: float, weight: float, metres: float, kerbs: int, factor: float, kerb_m: float
) -> None:
    level = level_metres(metres, slope, 1.0, float(kerbs), weight, factor, kerb_m)
    assert level >= metres * (1 - 1e-12)
    assert level >= level_metres(metres, slope / 2, 0.0, 0.0, weight, factor, kerb_m) * (1 - 1e-12)


@pytest.mark.parametrize("walker", CLASSES)
def test_ways_of_a_class_are_the_shortest_in_its_own_metres(walker: str) -> None:
    town, law = featured_town(2).streets, default_parameters()
    slope, steps, kerb_m = (
        law.number(f"impedance_{name}", mobility=walker) for name in ("slope", "steps", "kerb_m")
    )
    graph = nx.Graph()
    graph.add_nodes_from(range(len(town)))
    for e, (a, b) in enumerate(zip(town.from_row.tolist(), town.to_row.tolist(), strict=True)):
        if town.steps[e] and steps == 0.0:
            continue
        up, down = (np.exp(3.5 * slope * (abs(s + 0.05) - 0.05)) for s in (town.slope[e], -town.slope[e]))
        metres = town.length_m[e] * (up + down) / 2 + kerb_m * town.kerbs[e]
        graph.add_edge(a, b, weight=metres * (steps if town.steps[e] else 1.0))
    reach = walk_metres(streets_of(town, walker, law), np.array([0]), 1e6)
    expected = nx.single_source_dijkstra_path_length(graph, 0)
    assert dict(zip(reach.node.tolist(), reach.metres.tolist(), strict=True)) == pytest.approx(expected)


def street(people: dict[str, Any], places: dict[str, Any], mechanisms: Mechanisms, **met: Any) -> Town:
    """Homes at the first of ten nodes sixty metres apart; a metre a second."""
    streets = line(10, 60.0)
    met = {name: np.asarray(column) for name, column in met.items()}
    columns = {"node_row": 5, "quality": 1.0} | places
    return Town(
        streets=replace(streets, **met), population=residents(60, {("breakfast", 0): 1.0}, **people),
        facilities=outlets(1, "breakfast", **columns), constants=constants(), mechanisms=mechanisms,
        parameters=plain_parameters(b_quality=15.0),
    )  # fmt: skip


def steps_at(place: int) -> np.ndarray:
    return (np.arange(9) == place).astype(np.uint8)


def test_a_flight_of_steps_slows_the_slow_and_stops_who_walks_with_an_aid() -> None:
    walks = {}
    for mobility in (Mobility.INDEPENDENT, Mobility.SLOW, Mobility.AID):
        town = street({"mobility": mobility}, {}, HINDERED, steps=steps_at(2))
        ledger = town.run()
        walks[mobility] = ledger["walk_min"][ledger["fate"] == Fate.INSIDE]
        if mobility == Mobility.AID:
            assert (ledger["first_barrier"] == Barrier.UNREACHABLE).all()
    assert np.allclose(walks[Mobility.INDEPENDENT], 6.0)  # five minutes, one of them twice
    assert np.allclose(walks[Mobility.SLOW], 7.0)
    assert not len(walks[Mobility.AID])


def test_steps_below_the_outlet_hinder_nobody_who_does_not_pass_them() -> None:
    aid = {"mobility": Mobility.AID}
    plain, beyond = street(aid, {}, HINDERED), street(aid, {}, HINDERED, steps=steps_at(7))
    assert differing(plain.run(), beyond.run()) == {}


def test_without_the_mechanism_a_metre_is_a_metre() -> None:
    town = street({"mobility": Mobility.AID}, {}, memoryless(), steps=steps_at(2))
    assert np.allclose(town.run()["walk_min"], 5.0)


def test_a_gate_that_opens_on_the_second_day_lets_people_through_from_then_on() -> None:
    town = street({}, {}, memoryless(), locked=steps_at(2))
    town = town.but(gates=(np.zeros(9, np.uint8),))
    ledger = town.run(range(3), town.stage(), town.stage(first_day=1, gates=1))
    inside = [np.unique(ledger["fate"][ledger["day"] == day]).tolist() for day in range(3)]
    assert inside == [[Fate.UNMET], [Fate.INSIDE], [Fate.INSIDE]]


def working_day(**changes: float) -> Parameters:
    """Plain numbers, needs at any minute, and the free windows of the catalogue: six to eight, and evenings."""
    plain, usual = plain_parameters(b_quality=15.0, **changes), default_parameters()
    rows = [row for row in plain.rows if row.name != "free_window"]
    return Parameters((*rows, *(row for row in usual.rows if row.name == "free_window")))


def commuters(node: int, stop: int, **changes: float) -> Town:
    """Workers who pass a stop, and a breakfast shop; any need counts as near the way out or back unless said."""
    plain = street({"stop_row": stop, "schedule": Schedule.WORKER}, {"node_row": node}, PASSING)
    return plain.but(parameters=working_day(**({"trip_gap_min": 1440.0} | changes)))


@pytest.mark.parametrize(
    ("node", "stop", "counted"),
    [
        (5, 9, 0.0),  # on the way to the stop: nothing added
        (5, 5, 0.0),
        (7, 5, 2.0),  # two minutes beyond the stop, and back
        (3, 0, 3.0),  # the stop is at the door: all of it
    ],
)
def test_a_walk_counts_what_it_adds_to_the_way_to_the_stop(node: int, stop: int, counted: float) -> None:
    ledger = commuters(node, stop).run()
    assert (ledger["fate"] == Fate.INSIDE).all()
    assert np.allclose(ledger["walk_min"], counted)


def test_in_the_evening_one_comes_from_the_stop_and_in_the_morning_from_home() -> None:
    ledger = commuters(7, 9).run(range(3))
    assert (ledger["fate"] == Fate.INSIDE).all()
    way = ledger["arrive_min"] - ledger["need_min"]
    out, back = np.isclose(way, 7.0), np.isclose(way, 2.0)
    assert (out | back).all()
    assert out.any()
    assert back.any()
    # The first window of a working day ends at eight, the last begins at half past six in the evening.
    assert (ledger["need_min"][back] >= 1110.0).all()
    assert (ledger["need_min"][out] < 1110.0).all()


def test_at_the_weekend_every_walk_starts_from_home() -> None:
    ledger = commuters(5, 9).run(range(5, 7))
    assert np.allclose(ledger["walk_min"], 5.0)


def test_a_need_far_from_the_way_out_starts_from_home() -> None:
    ledger = commuters(5, 9, trip_gap_min=30.0).run()
    leaves = 480.0
    near = (ledger["need_min"] <= leaves) & (leaves - ledger["need_min"] <= 30.0)
    back = (ledger["need_min"] >= 1110.0) & (ledger["need_min"] <= 1140.0)
    assert np.allclose(ledger["walk_min"][near | back], 0.0)
    assert np.allclose(ledger["walk_min"][~(near | back)], 5.0)
    assert near.any()


def test_a_shop_that_opens_after_everybody_left_is_not_on_the_way() -> None:
    town = commuters(5, 9, shift_max_min=1440.0)
    late = town.but(facilities=replace(town.facilities, hours=np.ascontiguousarray(hours((1140, 1150))))).run()
    morning = (late["need_min"] < 480.0) & (late["fate"] == Fate.INSIDE)
    assert morning.any()
    assert np.allclose(late["walk_min"][morning], 5.0)


def test_who_cannot_walk_so_far_from_the_stop_goes_home_first() -> None:
    town = commuters(1, 9)
    town = town.but(population=replace(town.population, tolerance_min=np.full(60, 5.0)))
    ledger = town.run(range(3))
    assert (ledger["fate"] == Fate.INSIDE).all()
    back = ledger["need_min"] >= 1110.0
    # Nine minutes home, and one more from there; only that one is walked for it.
    assert np.allclose((ledger["arrive_min"] - ledger["need_min"])[back], 10.0)
    assert np.allclose(ledger["walk_min"][back], 1.0)
    assert back.any()


def test_who_orders_at_the_stop_is_at_home_when_it_comes() -> None:
    town = commuters(5, 9)
    kitchen = replace(town.facilities, walk_in=np.zeros(1, np.uint8), delivery=np.ones(1, np.uint8),
                      delivery_radius_m=np.full(1, 1e4), delivery_min=np.full(1, 30.0),
                      delivery_basket_fen=np.zeros(1, np.int64))  # fmt: skip
    ledger = town.but(facilities=kitchen, constants=constants(delivery=1.0)).run(range(3))
    assert (ledger["fate"] == Fate.DELIVERED).all()
    back = ledger["need_min"] >= 1110.0
    assert np.allclose((ledger["arrive_min"] - ledger["need_min"])[back], 9.0)


@pytest.mark.parametrize("mobility", [Mobility.AID, Mobility.HOMEBOUND])
def test_staff_climb_the_steps_that_keep_those_they_visit_at_home(mobility: Mobility) -> None:
    law = replace(HINDERED, home_visits=True, capacity=True)
    ledger = street({"mobility": mobility}, {"home_visits": 60}, law, steps=steps_at(2)).run()
    assert (ledger["channel"] == Channel.HOME_VISIT).all()
    assert (ledger["walk_min"] == 0.0).all()


@given(st.floats(0, 60), st.floats(0, 60), st.floats(0, 60))
def test_a_stop_on_the_way_never_counts_more_than_a_walk_of_its_own(out: float, on: float, trip: float) -> None:
    # In a network of streets the way to the stop is no longer than the one over the outlet.
    trip = min(trip, out + on)
    on = min(on, out + trip)
    assert 0.0 <= extra_walk(on, out, trip) <= out + 1e-9


def test_ways_of_all_are_one_table_where_nothing_hinders_anybody() -> None:
    town = street({}, {}, HINDERED)
    plain = ways(town.world, town.facilities, 2000.0, town.parameters, HINDERED)
    assert len(plain.reach.ptr) - 1 == len(plain.reach.origin_rows) * 22
