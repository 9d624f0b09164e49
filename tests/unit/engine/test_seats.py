"""Seats apart from counters: who eats in takes one, and waits for it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circlesim import draws
from circlesim.abm.luck import KeyedLuck
from circlesim.catalog.needs import KINDS
from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Fate
from towns import Town, constants, differing, grid, outlets, plain_parameters, residents

SEATED = Mechanisms(memory=False, budget=False, clock=False, seats=True)


def canteen(
    seats: int, eat_in: float = 1.0, mechanisms: Mechanisms = SEATED, people: int = 3_000,
    service_min: float = 1e-9, seat_min: float = 20.0, seat_wait_max_min: float = 1e9,
) -> Town:  # fmt: skip
    """A canteen that serves in no time, with a meal of twenty minutes, open round the clock."""
    return Town(
        streets=grid(2, 50.0), population=residents(people, {("meal", 0): 0.05}),
        facilities=outlets(1, "meal", quality=1.0, servers=50, service_min=service_min, seats=seats),
        parameters=plain_parameters(
            b_quality=15.0, eat_in_share=eat_in, seat_min=seat_min, seat_wait_max_min=seat_wait_max_min,
        ),
        constants=constants(), mechanisms=mechanisms,
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


def replayed(ready: np.ndarray, stays: np.ndarray, seats: int, most: float) -> np.ndarray:
    """Minutes guests wait who come in the order of their meals, by a list of minutes at which seats are free."""
    free, waits = [-np.inf] * seats, []
    for minute, stay in zip(ready.tolist(), stays.tolist(), strict=True):
        free.sort()
        wait = max(0.0, free[0] - minute)
        if wait > most:
            wait = 0.0
        else:
            free[0] = minute + wait + stay
        waits.append(wait)
    return np.array(waits)


@pytest.mark.parametrize(("seats", "most"), [(1, 3.0), (2, 10.0), (3, 1e9)])
def test_seats_go_by_the_order_of_meals_and_who_would_stand_too_long_takes_theirs_away(
    seats: int, most: float
) -> None:
    town, luck = canteen(seats, seat_wait_max_min=most), KeyedLuck(7, 0)
    ledger, outlet = town.run(range(1)), int(town.facilities.id64[0])
    luck.begin(0)
    kind, ids = KINDS.index(("meal", 0)), town.population.id64[ledger["resident"]].tolist()
    u = np.array([luck.draw(draws.AT_TABLE, kind, who, outlet) for who in ids])
    # Food is in hand at once, so guests come to the tables as they come to the counter.
    order = np.argsort(ledger["arrive_min"])
    waits = replayed(ledger["start_min"][order], -20.0 * np.log(u)[order], seats, most)
    assert ledger["wait_min"][order] == pytest.approx(waits, abs=1e-6)
    assert (waits > 0.1).sum() > 10
    if most < 100:
        unlimited = replayed(ledger["start_min"][order], -20.0 * np.log(u)[order], seats, np.inf)
        assert (unlimited > most).any()


def test_a_long_service_before_a_short_meal_keeps_no_seat_waiting() -> None:
    # An hour at the counter, a minute at the table: five seats are used a fiftieth of the time.
    town = canteen(5, service_min=60.0, seat_min=1.0, people=9_000)
    ledger = town.run(range(1))
    at_table = ledger["wait_min"] - (ledger["start_min"] - ledger["arrive_min"])
    assert len(ledger) > 300
    assert at_table.max() < 0.5


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
