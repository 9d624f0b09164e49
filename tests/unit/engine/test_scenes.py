"""Small scenes with a known ending: one street, a few people, one thing at a time."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from circlesim import draws
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.survey import latent, levels, reporting_noise
from circlesim.ledger import Barrier, Channel, Fate
from circlesim.world.facilities import PaymentMode
from circlesim.world.population import Means, Mobility
from towns import Ledger, Town, constants, hours, line, outlets, plain_parameters, residents, run

PARCEL = SERVICE_INDEX["parcel"]
EVERYBODY = {("parcel", 0): 1.0}


def scene(
    people: dict[str, Any] | None = None,
    places: dict[str, Any] | None = None,
    law: dict[str, float] | None = None,
    alternatives: dict[str, float] | None = None,
    count: int = 200,
    **town: Any,
) -> Town:
    """Residents at the end of a street and one excellent outlet five minutes away, unless said otherwise."""
    return Town(
        streets=line(31, 60.0, island=True), population=residents(count, EVERYBODY, **(people or {})),
        facilities=outlets(1, "parcel", **({"node_row": 5, "quality": 1.0} | (places or {}))),
        parameters=plain_parameters(**({"b_quality": 15.0} | (law or {}))),
        constants=constants(**(alternatives or {})), **town,
    )  # fmt: skip


def fates(ledger: Ledger) -> set[Fate]:
    return {Fate(fate) for fate in np.unique(ledger["fate"])}


@pytest.mark.parametrize(
    ("barrier", "people", "places"),
    [
        (Barrier.UNREACHABLE, {"tolerance_min": 4.9}, {}),
        (Barrier.UNREACHABLE, {"mobility": Mobility.HOMEBOUND}, {}),
        (Barrier.NOT_STEP_FREE, {"mobility": Mobility.AID}, {"step_free": 0}),
        (Barrier.DIGITAL_ONLY, {"digital": 0}, {"payment_mode": PaymentMode.UNATTENDED}),
        (Barrier.DIGITAL_ONLY, {"means_carried": Means.CASH}, {"payment_mode": PaymentMode.UNATTENDED}),
        (Barrier.CLOSED, {}, {"hours": hours()}),
        (Barrier.UNAFFORDABLE, {"budget_fen": 0}, {}),
        (Barrier.PAYMENT_REFUSED, {"means_carried": Means.CASH}, {"payment_mode": PaymentMode.STAFFED_REFUSE}),
        (Barrier.FULL, {}, {"queue_limit": 0, "service_min": 10_000.0}),
    ],
)
def test_each_barrier_has_its_scene(barrier: Barrier, people: dict[str, Any], places: dict[str, Any]) -> None:
    ledger = scene(people, places, mechanisms=Mechanisms()).run()
    unmet = ledger.where(ledger["fate"] == Fate.UNMET)
    assert len(unmet) >= 150
    assert (unmet["first_barrier"] == barrier).all()
    assert (unmet["barriers"] == barrier).all()
    assert (unmet["met_if_lifted"] == barrier).mean() > 0.99


def test_what_no_street_reaches_cannot_be_lifted_by_patience() -> None:
    ledger = scene({}, {"node_row": 31}).run()
    assert (ledger["first_barrier"] == Barrier.UNREACHABLE).all()
    assert (ledger["met_if_lifted"] == 0).all()


def test_two_barriers_at_one_outlet_cannot_be_lifted_one_by_one() -> None:
    ledger = scene({"mobility": Mobility.AID, "tolerance_min": 4.9}, {"step_free": 0}).run()
    assert (ledger["barriers"] == Barrier.NOT_STEP_FREE | Barrier.UNREACHABLE).all()
    assert (ledger["first_barrier"] == Barrier.NOT_STEP_FREE).all()
    assert (ledger["met_if_lifted"] == 0).all()


def test_without_an_outlet_of_the_service_everything_is_unreachable() -> None:
    town = scene().but(facilities=outlets(0, "parcel"))
    ledger = town.run()
    assert fates(ledger) == {Fate.UNMET}
    assert (ledger["first_barrier"] == Barrier.UNREACHABLE).all()


def test_doing_nothing_is_declined_where_home_was_possible() -> None:
    ledger = scene({"tolerance_min": 0.0}, alternatives={"home": -9.0, "forgo": 9.0}).run()
    assert fates(ledger) == {Fate.DECLINED}


def test_the_homebound_order_but_do_not_leave() -> None:
    town = scene(
        {"mobility": Mobility.HOMEBOUND}, {"delivery": 1, "delivery_radius_m": 1e4, "delivery_min": 25.0},
        alternatives={"delivery": 0.0, "outside": 50.0},
    )  # fmt: skip
    ledger = town.run()
    assert fates(ledger) == {Fate.DELIVERED}
    assert (ledger["channel"] == Channel.DELIVERY).all()
    assert (ledger["walk_min"] == 0).all()
    assert (ledger["wait_min"] == 25.0).all()


@pytest.mark.parametrize(
    ("places", "feasible"),
    [({}, True), ({"delivery_radius_m": 299.0}, False), ({"delivery_basket_fen": 1_001}, False),
     ({"hours": hours()}, False)],
)  # fmt: skip
def test_orders_need_a_radius_a_basket_and_an_open_door(places: dict[str, Any], feasible: bool) -> None:
    full = {"walk_in": 0, "delivery": 1, "delivery_radius_m": 300.0, "delivery_basket_fen": 1_000, **places}
    law = {"basket_yuan": 10.0, "basket_cv": 0.0}
    ledger = scene({}, full, law, {"delivery": 0.0}).run()
    assert fates(ledger) == ({Fate.DELIVERED} if feasible else {Fate.UNMET})


def test_an_order_costs_its_fee_and_a_visit_does_not() -> None:
    places = {"walk_in": 0, "delivery": 1, "delivery_radius_m": 300.0, "delivery_fee_fen": 450, "price_level": 1.1}
    law = {"basket_yuan": 10.0, "basket_cv": 0.0}
    ordered = scene({}, places, law, {"delivery": 0.0}).run()
    assert set(ordered["price_fen"]) == {1_100}
    assert set(ordered["fee_fen"]) == {450}
    visited = scene({}, {"delivery_fee_fen": 450}, law).run()
    assert set(visited["fee_fen"]) == {0}


def test_a_refusal_is_remembered_until_the_outlet_takes_more() -> None:
    refusing = {"payment_mode": PaymentMode.STAFFED_REFUSE, "takes_card": 0}
    town = scene({"means_carried": Means.CASH}, refusing, mechanisms=Mechanisms())
    taking = replace(town.facilities, payment_mode=np.zeros(1, np.uint8))
    stages = town.stage(first_day=-7), town.stage(first_day=2, facilities=taking)
    ledger = town.run(range(4), *stages)
    tries = [ledger["tries"][ledger["day"] == day] for day in range(4)]
    assert (tries[0] == 1).all()
    assert (tries[1] == 0).all()  # nobody goes where their money was refused yesterday
    assert (ledger["fate"][ledger["day"] == 2] == Fate.INSIDE).mean() > 0.9
    forgetful = town.but(mechanisms=memoryless()).run(range(2))
    assert (forgetful["tries"] == 1).all()


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_a_share_of_refused_errands_is_given_up(share: float) -> None:
    town = scene(
        {"means_carried": Means.CASH}, {"payment_mode": PaymentMode.STAFFED_REFUSE},
        {"lost_sale_if_refused": share}, count=4_000,
    ).with_outlets(outlets(1, "parcel", prefix="next", node_row=6))  # fmt: skip
    ledger = town.run()
    refused = ledger["refusals"] == 1
    assert refused.mean() > 0.95
    lost = (ledger["fate"][refused] == Fate.UNMET).mean()
    assert lost == pytest.approx(share, abs=3.29 * (share * (1 - share) / 4_000) ** 0.5)
    went_on = ledger.where(refused & (ledger["fate"] == Fate.INSIDE))
    assert (went_on["facility"] == 1).all()
    assert np.allclose(went_on["walk_min"], 6.0)  # five minutes to the first and one from there
    assert (went_on["tries"] == 2).all()


def test_nobody_tries_more_than_three_counters() -> None:
    refusing = outlets(5, "parcel", node_row=5, quality=1.0, payment_mode=PaymentMode.STAFFED_REFUSE)
    town = scene({"means_carried": Means.CASH}, law={"lost_sale_if_refused": 0.0}).but(facilities=refusing)
    ledger = town.run()
    assert (ledger["tries"] == 3).all()
    assert (ledger["refusals"] == 3).all()
    assert fates(ledger) == {Fate.UNMET}
    assert np.allclose(ledger["walk_min"], 5.0)


def test_errands_move_to_opening_hours_within_what_people_shift() -> None:
    # Open at noon only; a need at another hour moves if an hour at most, and costs its shift.
    law = {"shift_max_min": 60.0, "b_shift": 0.02, "b_walk": 0.15}
    ledger = scene({}, {"hours": hours((720, 730))}, law, count=3_000).run()
    served = ledger.where(ledger["fate"] == Fate.INSIDE)
    moved = np.abs(served["arrive_min"] - 5.0 - served["need_min"])
    assert moved.max() <= 60.0
    assert served["arrive_min"].min() >= 720.0
    assert served["arrive_min"].max() < 730.0
    early = (served["need_min"] + 5.0 < 720.0) & (moved > 0)
    assert np.allclose(served["arrive_min"][early], 720.0)
    unserved = ledger.where(ledger["fate"] == Fate.UNMET)
    assert (unserved["first_barrier"] == Barrier.CLOSED).all()
    assert ((unserved["need_min"] < 655.1) | (unserved["need_min"] > 783.9)).all()


def test_who_arrives_before_closing_is_served_after_it() -> None:
    town = scene({}, {"hours": hours((600, 610)), "service_min": 30.0}, {"shift_max_min": 1440.0},
                 mechanisms=Mechanisms(memory=False))  # fmt: skip
    ledger = town.run()
    assert (ledger["arrive_min"] < 610).all()
    assert np.nanmax(ledger["start_min"]) > 2_000.0
    assert fates(ledger) == {Fate.INSIDE}


def test_the_queue_of_last_night_is_there_in_the_morning() -> None:
    town = scene({}, {"service_min": 30.0}, mechanisms=Mechanisms(memory=False))
    ledger = town.run(range(2))
    first_of_day_two = ledger.where((ledger["day"] == 1) & (ledger["fate"] == Fate.INSIDE))
    first = np.argmin(first_of_day_two["arrive_min"])
    assert first_of_day_two["ahead"][first] > 50
    assert first_of_day_two["wait_min"][first] > 1_000.0


def test_equal_arrivals_are_served_by_id() -> None:
    # Everybody shifts to the opening minute and so arrives at the same instant.
    town = scene({}, {"hours": hours((720, 722))}, {"shift_max_min": 1440.0}, mechanisms=Mechanisms())
    ledger = town.run()
    together = ledger.where(ledger["arrive_min"] == 720.0)
    assert len(together) > 90
    order = np.argsort(town.population.id64[together["resident"]])
    assert (np.diff(together["start_min"][order]) > 0).all()
    assert np.array_equal(together["ahead"][order][1:], np.arange(len(together) - 1))


def test_waits_of_past_days_are_expected_today() -> None:
    town = scene({}, {"service_min": 5.0}, {"wait_memory": 0.25, "b_wait": 0.1}, mechanisms=Mechanisms())
    simulation = town.simulation()
    expected = np.zeros(24)
    for day in range(3):
        ledger = run(simulation, [day])
        hour = np.minimum(ledger["arrive_min"] // 60, 23)
        for h in range(24):
            if (hour == h).any():
                expected[h] += 0.25 * (ledger["wait_min"][hour == h].mean() - expected[h])
        assert np.allclose(simulation.state.wait_public[0], expected)


def test_purses_are_refilled_on_mondays_up_to_their_cap() -> None:
    idle = {"budget_fen": 1_000, "tolerance_min": 0.0}
    town = scene(idle, law={"purse_cap_weeks": 2.5}, mechanisms=Mechanisms())
    simulation = town.simulation()
    purses = []
    for day in range(15):
        simulation.run_day(day)
        purses.append(int(simulation.state.purse[0]))
    assert purses == [2_000] * 7 + [2_500] * 8


def test_performance_and_expectation_learn_from_attempts_only() -> None:
    town = scene({}, {}, {"perf_memory": 0.2, "expectation_rate": 0.1})
    simulation = town.simulation()
    before = simulation.state.performance.copy()
    run(simulation, [0])
    moved = (simulation.state.performance != before).any(axis=0)
    assert not np.delete(moved, PARCEL).any()
    at_home = scene({}, {}, alternatives={"home": 60.0}).simulation()
    before = at_home.state.performance.copy()
    run(at_home, range(3))
    assert np.array_equal(at_home.state.performance, before)  # to stay at home by preference is no attempt


def test_a_failed_attempt_performs_nothing() -> None:
    town = scene({"means_carried": Means.CASH}, {"payment_mode": PaymentMode.STAFFED_REFUSE}, {"perf_memory": 1.0})
    simulation = town.simulation()
    simulation.state.performance[:, PARCEL] = 0.7
    run(simulation, [0])
    assert (simulation.state.performance[:, PARCEL] == 0.0).all()


def test_equity_is_reference_price_over_price_paid() -> None:
    simulation = scene({}, {"price_level": 1.25}, {"basket_yuan": 10.0, "basket_cv": 0.0}).simulation()
    run(simulation, [0])
    assert np.allclose(simulation.state.equity[:, PARCEL], 0.8)
    assert (np.delete(simulation.state.equity, PARCEL, axis=1) == 1.0).all()


def test_the_survey_adds_weighted_judgements_and_lasting_noise() -> None:
    simulation = scene({}, {}).simulation()
    state, law = simulation.state, simulation.prepared.law
    w = [law.value(name) for name in ("w_perf", "w_disc", "w_equity")]
    expected = w[0] * state.performance + w[1] * (state.performance - state.expectation) + w[2] * state.equity
    assert np.allclose(latent(state, law), expected)
    people = draws.hash_ids(f"r{i}" for i in range(20_000))
    noise = reporting_noise(people, len(SERVICES), 7, 0.3)
    assert np.array_equal(noise, reporting_noise(people, len(SERVICES), 7, 0.3))
    assert noise.mean() == pytest.approx(0.0, abs=3.29 * 0.3 / noise.size**0.5)
    assert noise.std() == pytest.approx(0.3, rel=0.01)
    assert abs(np.corrcoef(noise[:, 0], noise[:, 1])[0, 1]) < 0.03


def test_answers_fall_on_four_levels_between_three_thresholds() -> None:
    cuts = np.array([0.2, 0.4, 0.6])
    assert levels(np.array([-5.0, 0.19, 0.2, 0.39, 0.4, 0.6, 9.0]), cuts).tolist() == [0, 0, 1, 1, 2, 3, 3]


def test_replications_and_seeds_draw_different_luck() -> None:
    town = scene(alternatives={"home": 0.0, "forgo": 0.0}, law={"b_quality": 0.0}, count=2_000)
    first = town.run(seed=1)
    for other in (town.run(seed=2), town.run(seed=1, replication=1), town.run(range(1, 2), seed=1)):
        assert (first.done != other.done).mean() > 0.4
