"""Invariants that know no engine, of towns in which every mechanism of the law is on."""

from __future__ import annotations

import numpy as np
import pytest

from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Channel, Fate
from crowded_towns import EXTRAS, featured_town
from towns import Ledger, Town, copy_page

SEEDS = range(24)
DAYS = range(-2, 5)
ALL_ON = Mechanisms(**dict.fromkeys(EXTRAS, True))


def is_open(town: Town, f: int, day: int, minute: float) -> bool:
    """Whether any interval of the day itself, or of the days around, covers the minute."""
    weekday = (town.start.weekday() + day) % 7
    return any(
        closes >= 0 and opens + 1440 * shift <= minute < closes + 1440 * shift
        for shift in (-1, 0, 1)
        for opens, closes in town.facilities.hours[f, (weekday + shift) % 7]
    )


def served(ledger: Ledger) -> Ledger:
    return ledger.where(ledger["facility"] >= 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_served_before_arriving_or_at_a_closed_door(seed: int) -> None:
    town = featured_town(seed, ALL_ON)
    rows = served(town.run(DAYS))
    assert (rows["arrive_min"] <= rows["start_min"]).all()
    for f, day, minute in zip(rows["facility"], rows["day"], rows["arrive_min"], strict=True):
        assert is_open(town, f, int(day), float(minute))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_resident_is_in_one_place_at_a_time(seed: int) -> None:
    ledger = featured_town(seed, ALL_ON).run(DAYS)
    rows = ledger.where(ledger["channel"] == Channel.WALK_IN)
    order = np.lexsort((rows["arrive_min"], rows["day"], rows["resident"]))
    who, day, arrive, wait = (rows[name][order] for name in ("resident", "day", "arrive_min", "wait_min"))
    same = (who[1:] == who[:-1]) & (day[1:] == day[:-1])
    # Whoever waited, at the counter or for a seat, comes to the next one after that; a hair for adding up.
    assert (arrive[1:] >= (arrive + wait)[:-1] - 1e-9)[same].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_aid_is_paid_to_the_entitled_and_never_the_whole_price(seed: int) -> None:
    town = featured_town(seed, ALL_ON)
    rows = served(town.run(DAYS))
    f, total = rows["facility"], rows["price_fen"] + rows["fee_fen"]
    entitled = town.population.age[rows["resident"]] >= town.facilities.aid_from_age[f]
    due = np.where(entitled, np.minimum(town.facilities.aid_fen[f], np.maximum(total - 1, 0)), 0)
    assert np.array_equal(rows["voucher_fen"], due)
    assert (rows["price_fen"] + rows["fee_fen"] - rows["voucher_fen"] >= (total > 0)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_staff_visit_only_who_cannot_walk_well_and_no_more_than_they_can(seed: int) -> None:
    town = featured_town(seed, ALL_ON)
    ledger = town.run(DAYS)
    rows = ledger.where(ledger["channel"] == Channel.HOME_VISIT)
    assert (town.population.mobility[rows["resident"]] >= 2).all()
    assert (rows["walk_min"] == 0.0).all()
    for day in DAYS:
        booked = np.bincount(rows["facility"][rows["day"] == day], minlength=len(town.facilities))
        assert (booked <= town.facilities.home_visits).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_purses_and_larders_never_fall_below_nothing_and_money_is_conserved(seed: int) -> None:
    town = featured_town(seed, ALL_ON)
    simulation = town.simulation()
    week = town.population.budget_fen
    for day in DAYS:
        before, weekday = simulation.state.purse.copy(), (town.start.weekday() + day) % 7
        ledger = Ledger(copy_page(simulation.run_day(day)))
        paid = np.zeros(len(before), np.int64)
        own = ledger["price_fen"] + ledger["fee_fen"] - ledger["voucher_fen"]
        np.add.at(paid, ledger["resident"], own)
        left = simulation.state.purse
        if weekday != 0:
            assert np.array_equal(left, before - paid)
        assert (left >= 0).all()
        assert (left <= 10 * week).all()
        assert (simulation.state.left >= 0.0).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_who_stays_at_home_walks_nowhere(seed: int) -> None:
    town = featured_town(seed, ALL_ON)
    ledger = town.run(DAYS)
    inside = ledger.where((ledger["fate"] == Fate.INSIDE) & (ledger["channel"] == Channel.WALK_IN))
    assert (town.population.mobility[inside["resident"]] != 3).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_household_has_at_most_one_errand_of_a_shared_kind_a_day(seed: int) -> None:
    town = featured_town(seed, Mechanisms(household_bearers=True))
    ledger = town.run(DAYS)
    groceries = ledger.where(ledger["service"] == 1)
    home = town.population.household[groceries["resident"]]
    pairs = list(zip(groceries["day"].tolist(), home.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize("seed", SEEDS)
def test_lines_are_first_come_first_served_where_there_are_no_machines(seed: int) -> None:
    town = featured_town(seed, Mechanisms(**dict.fromkeys(EXTRAS, True) | {"self_service": False}))
    ledger = town.run(DAYS)
    rows = ledger.where((ledger["facility"] >= 0) & (ledger["channel"] != Channel.HOME_VISIT))
    people = town.population.id64[rows["resident"]]
    order = np.lexsort(
        (rows["ordinal"], rows["service"], people, rows["arrive_min"], rows["day"], rows["facility"])
    )
    place, start, day, who = (rows[name][order] for name in ("facility", "start_min", "day", "resident"))
    # Orders one resident places at one minute, one after the other, stand in the order of that resident's day.
    same = (place[1:] == place[:-1]) & (day[1:] == day[:-1]) & (who[1:] != who[:-1])
    assert (start[1:] >= start[:-1])[same].all()
