"""Laws of attraction: what more outlets, more means, longer hours and faster feet can never make worse."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from circlesim.ledger import Barrier
from circlesim.world.facilities import Facilities, PaymentMode
from small_towns import DAYS, memoryless_towns, seeds
from towns import (
    ALWAYS,
    Ledger,
    Town,
    changed_rows,
    constants,
    hours,
    line,
    outlets,
    plain_parameters,
    random_outlets,
    residents,
)

BEHAVIOUR = (
    "first_choice", "tries", "refusals", "channel", "facility", "walk_min", "arrive_min", "start_min", "wait_min",
    "ahead", "utility", "price_fen", "fee_fen",
)  # fmt: skip
"""What a resident did; the other columns say how the town looked to those whom it did not serve."""


def paired(before: Ledger, after: Ledger) -> tuple[Ledger, Ledger]:
    """Check that row i of both ledgers is the same need."""
    for name in ("day", "resident", "service", "ordinal", "need_min", "basket_fen"):
        assert np.array_equal(before[name], after[name])
    return before, after


def with_one_more(town: Town, seed: int, **fixed: Any) -> Town:
    nodes = len(town.streets) - 1
    return town.with_outlets(random_outlets(np.random.default_rng(seed), 1, nodes, prefix="new", **fixed))


# ------------------------------------------------------------------------------------------ a new facility


@given(memoryless_towns, seeds)
def test_a_new_facility_only_ever_attracts(town: Town, seed: int) -> None:
    # One that takes whatever money is offered: whoever acts differently at all is served by it.
    welcoming = {"payment_mode": PaymentMode.STAFFED_ACCEPT, "takes_card": 1}
    bigger = with_one_more(town, seed, **welcoming)
    before, after = paired(town.run(DAYS), bigger.run(DAYS))
    moved = changed_rows(before, after, BEHAVIOUR)
    new = len(town.facilities)
    assert (after["facility"][moved] == new).all()
    assert (after.completed[moved]).all()
    assert ((before.done == after.done) | moved).all()


@given(memoryless_towns, seeds)
def test_a_new_facility_that_refuses_some_money_is_still_the_only_one_to_attract(town: Town, seed: int) -> None:
    # Whoever acts differently went to its counter first, or after another counter had refused; from there a
    # refusal may send anybody anywhere.
    bigger = with_one_more(town, seed)
    before, after = paired(town.run(DAYS), bigger.run(DAYS))
    new = len(town.facilities)
    moved = changed_rows(before, after, BEHAVIOUR)
    tried = (after["first_choice"] == new) | (after["facility"] == new)
    refused_twice = (before["refusals"] >= 1) & (after["refusals"] >= 2)
    assert (tried | refused_twice)[moved].all()
    first = changed_rows(before, after, ("first_choice",))
    assert (after["first_choice"][first] == new).all()


@given(memoryless_towns, seeds)
def test_one_more_choice_never_lowers_the_utility_obtained(town: Town, seed: int) -> None:
    # Without refusals, that is: walking on from a counter may be farther than walking from home.
    bigger = with_one_more(town, seed)
    before, after = paired(town.run(DAYS), bigger.run(DAYS))
    smooth = (before["refusals"] == 0) & (after["refusals"] == 0)
    assert (after["utility"] >= before["utility"])[smooth].all()


@given(memoryless_towns, seeds)
def test_a_facility_beyond_tolerance_is_a_barrier_and_nothing_else(town: Town, seed: int) -> None:
    # Near enough for the search, too far for anybody's legs: the list of barriers grows, behaviour does not.
    slow = replace(town.population, tolerance_min=np.zeros(len(town.population)))
    homebodies = town.but(population=slow)
    nodes = len(town.streets) - 1
    empty_node = np.setdiff1d(np.arange(nodes), town.population.home_row)
    assume(len(empty_node) > 0)
    bigger = with_one_more(homebodies, seed, node_row=int(empty_node[0]), delivery=0, walk_in=1)
    before, after = paired(homebodies.run(DAYS), bigger.run(DAYS))
    assert not changed_rows(before, after, (*BEHAVIOUR, "fate", "inside_feasible")).any()
    assert (after["barriers"] & before["barriers"] == before["barriers"]).all()


# --------------------------------------------------------------------------------------------- means of payment


def taking_more(facilities: Facilities, seed: int, share: float = 0.5) -> Facilities:
    """Some counters that refused cash take it, and some that took no cards do."""
    rng = np.random.default_rng(seed)
    refuse = facilities.payment_mode == PaymentMode.STAFFED_REFUSE
    begin = refuse & (rng.random(len(facilities)) < share)
    mode = np.where(begin, PaymentMode.STAFFED_ACCEPT, facilities.payment_mode).astype(np.uint8)
    card = (facilities.takes_card | (rng.random(len(facilities)) < share)).astype(np.uint8)
    return replace(facilities, payment_mode=mode, takes_card=card)


@given(memoryless_towns, seeds)
def test_adding_a_payment_mode_never_lowers_completed_purchases(town: Town, seed: int) -> None:
    # Need by need, and so in total.
    after_town = town.but(facilities=taking_more(town.facilities, seed))
    before, after = paired(town.run(DAYS), after_town.run(DAYS))
    assert (after.completed | ~before.completed).all()
    assert (after["refusals"] <= before["refusals"]).all()


@given(memoryless_towns, seeds)
def test_adding_a_payment_mode_moves_only_those_who_were_refused(town: Town, seed: int) -> None:
    after_town = town.but(facilities=taking_more(town.facilities, seed))
    before, after = paired(town.run(DAYS), after_town.run(DAYS))
    moved = changed_rows(before, after, (*BEHAVIOUR, "fate"))
    assert (before["refusals"][moved] > 0).all()


# ----------------------------------------------------------------------------------------------- longer hours


def open_longer(facilities: Facilities, seed: int) -> Facilities:
    """Some outlets open earlier and close later on the days they open; closing may pass midnight."""
    rng = np.random.default_rng(seed)
    week = facilities.hours.copy()
    for f in np.flatnonzero(rng.random(len(facilities)) < 0.7):
        early, late = rng.integers(0, 181, 2)
        for day in range(7):
            used = np.flatnonzero(week[f, day, :, 1] >= 0)
            if not len(used):
                continue
            first = used[np.argmin(week[f, day, used, 0])]
            last = used[np.argmax(week[f, day, used, 1])]
            week[f, day, first, 0] = max(0, week[f, day, first, 0] - early)
            week[f, day, last, 1] = min(1440 + 600, week[f, day, last, 1] + late)
    return replace(facilities, hours=week)


@given(memoryless_towns, seeds)
def test_longer_hours_never_shrink_a_feasible_set(town: Town, seed: int) -> None:
    after_town = town.but(facilities=open_longer(town.facilities, seed))
    before, after = paired(town.run(DAYS), after_town.run(DAYS))
    assert (after["inside_feasible"] >= before["inside_feasible"]).all()


@given(memoryless_towns, seeds)
def test_longer_hours_never_lower_the_utility_obtained(town: Town, seed: int) -> None:
    after_town = town.but(facilities=open_longer(town.facilities, seed))
    before, after = paired(town.run(DAYS), after_town.run(DAYS))
    smooth = (before["refusals"] == 0) & (after["refusals"] == 0)
    assert (after["utility"] >= before["utility"])[smooth].all()


# ---------------------------------------------------------------------------------------------- faster walkers


def walking(town: Town, factor: float) -> Town:
    people = town.population
    return town.but(population=replace(people, speed_m_per_min=people.speed_m_per_min * factor))


@given(memoryless_towns, st.floats(1.0, 3.0))
def test_faster_walkers_reach_a_superset(town: Town, factor: float) -> None:
    # Where shops never shut; otherwise the quick may find the door still closed, as the next test shows.
    open_town = town.but(
        facilities=replace(town.facilities, hours=np.tile(ALWAYS, (len(town.facilities), 1, 1, 1)))
    )
    before, after = paired(open_town.run(DAYS), walking(open_town, factor).run(DAYS))
    assert (after["inside_feasible"] >= before["inside_feasible"]).all()
    far = int(Barrier.UNREACHABLE)
    both = (before["facility"] < 0) & (after["facility"] < 0) & (after["tries"] == 0) & (before["tries"] == 0)
    assert ((after["barriers"] & far) <= (before["barriers"] & far))[both].all()


def test_the_quick_may_stand_before_a_closed_door() -> None:
    # Counter-example: nobody may move the errand, the slow arrive as the shop opens and the quick too early.
    town = Town(
        streets=line(3, 600.0), population=residents(400, {("parcel", 0): 1.0}, speed_m_per_min=60.0),
        facilities=outlets(1, "parcel", node_row=1, hours=hours((720, 730))),
        parameters=plain_parameters(shift_max_min=0.0), constants=constants(),
    )  # fmt: skip
    slow, quick = paired(town.run(range(20)), walking(town, 10.0).run(range(20)))
    assert ((slow["inside_feasible"] == 1) & (quick["inside_feasible"] == 0)).any()


@given(memoryless_towns, st.floats(1.0, 3.0))
def test_more_patience_on_the_way_reaches_a_superset(town: Town, factor: float) -> None:
    people = town.population
    patient = town.but(population=replace(people, tolerance_min=people.tolerance_min * factor))
    before, after = paired(town.run(DAYS), patient.run(DAYS))
    assert (after["inside_feasible"] >= before["inside_feasible"]).all()
