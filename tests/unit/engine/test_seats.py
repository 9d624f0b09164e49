"""Seats apart from counters: who eats in takes one, and waits for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Fate
from towns import Town, constants, differing, grid, outlets, plain_parameters, residents

SEATED = Mechanisms(memory=False, budget=False, clock=False, seats=True)


def canteen(seats: int, eat_in: float = 1.0, mechanisms: Mechanisms = SEATED, people: int = 3_000) -> Town:
    """A canteen that serves in no time, with a meal of twenty minutes, open round the clock."""
    return Town(
        streets=grid(2, 50.0), population=residents(people, {("meal", 0): 0.05}),
        facilities=outlets(1, "meal", quality=1.0, servers=50, service_min=1e-9, seats=seats),
        parameters=plain_parameters(b_quality=15.0, eat_in_share=eat_in, seat_min=20.0), constants=constants(),
        mechanisms=mechanisms,
    )  # fmt: skip


def test_with_a_seat_for_everybody_nobody_waits() -> None:
    ledger = canteen(300).run(range(3))
    assert (ledger["fate"] == Fate.INSIDE).all()
    assert (ledger["wait_min"] < 1e-3).all()


def test_with_few_seats_those_who_eat_in_wait_and_those_who_take_away_do_not() -> None:
    ledger = canteen(2, eat_in=0.5).run(range(3))
    waited = ledger["wait_min"] > 1e-3
    assert 0.1 < waited.mean() < 0.5
    assert (canteen(2, eat_in=0.0).run(range(3))["wait_min"] < 1e-3).all()


def test_a_meal_at_a_counter_without_seats_is_taken_away() -> None:
    off = replace(SEATED, seats=False)
    assert differing(canteen(0).run(range(3)), canteen(0, mechanisms=off).run(range(3))) == {}


def test_no_seat_is_taken_twice_at_a_time() -> None:
    seats, meal = 3, 20.0
    simulation = canteen(seats).simulation()
    starts: list[float] = []
    for day in range(4):
        before = simulation.state.seat_free[0].copy()
        page = simulation.run_day(day).columns()
        order = np.argsort(page["arrive_min"], kind="stable")
        starts += (1440.0 * day + page["arrive_min"] + page["wait_min"])[order].tolist()
        assert (before <= 1440.0).all()
    # Whoever sits down finds a free seat, so of any four in a row the first has left when the fourth sits down;
    # stays are not in the ledger, but mean twenty minutes: the seats are busy for as long as the theory says.
    busy_share = len(starts) * meal / (4 * 1440.0 * seats)
    assert 0.5 < busy_share < 0.9
    # Food is in hand at once, so who comes first sits down first.
    assert starts == sorted(starts)


def test_who_eats_is_away_until_the_meal_ends() -> None:
    clock = replace(SEATED, clock=True)
    people = residents(400, {("meal", 0): 1.0, ("parcel", 0): 1.0})
    shops = outlets(1, ("meal", "parcel"), quality=1.0, servers=400, service_min=1e-9, seats=400)
    town = canteen(1).but(population=people, facilities=shops, mechanisms=clock)
    seated, hurried = town.run(), town.but(mechanisms=replace(clock, seats=False)).run()
    later = seated["arrive_min"] - hurried["arrive_min"]
    assert (later >= 0.0).all()
    assert later.max() > 10.0


@pytest.mark.parametrize("seats", [1, 4])
def test_more_seats_never_mean_longer_waits_in_the_mean(seats: int) -> None:
    few, more = (canteen(count).run(range(4))["wait_min"].mean() for count in (seats, seats + 2))
    assert more < few
