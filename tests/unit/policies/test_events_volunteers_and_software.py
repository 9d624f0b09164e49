"""Days of lower prices, volunteers at the door, and outlets run by software."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import circlesim as cs
from circlesim.catalog.formats import FORMAT_INDEX, format_row
from circlesim.engine.mechanisms import memoryless
from circlesim.errors import PolicyError
from circlesim.ledger import Fate
from circlesim.testing import tiny_world
from circlesim.world.population import Mobility
from towns import Ledger, Town, constants, copy_page, differing, grid, outlets, residents

WEEK = {"starts": date(2024, 3, 4), "ends": date(2024, 3, 10)}
WORLD = tiny_world(5, 30, [{"format": "restaurant", "price_level": 1.4},
                           {"format": "restaurant", "price_level": 0.5},
                           {"format": "elder_care_station"}, {"format": "pharmacy"}])  # fmt: skip
USUAL = format_row("restaurant").price_level


def test_at_an_event_nobody_asks_more_than_the_usual_price_less_the_discount() -> None:
    after = cs.HoldEvent(discount=0.2, formats=("restaurant",), **WEEK).apply(WORLD).facilities
    assert after.price_level[:2].tolist() == [pytest.approx(0.8 * USUAL), 0.5]
    assert np.array_equal(after.price_level[2:], WORLD.facilities.price_level[2:])


def test_an_event_without_a_first_and_a_last_day_is_refused() -> None:
    with pytest.raises(PolicyError) as caught:
        cs.HoldEvent(discount=0.2)
    assert {fault.where for fault in caught.value.faults} == {"hold_event.starts", "hold_event.ends"}


def test_volunteers_come_on_top_of_the_visits_of_the_format() -> None:
    own = format_row("elder_care_station").home_visits
    after = cs.VolunteerVisits(hours_per_day=5.0, visit_min=90.0).apply(WORLD).facilities
    assert after.home_visits.tolist() == [0, 0, own + 3, 0]
    more = cs.HomeVisits(per_day=own + 9).apply(WORLD)
    assert cs.VolunteerVisits(hours_per_day=5.0).apply(more).facilities.home_visits[2] == own + 9


def test_software_never_makes_an_outlet_worse() -> None:
    poor = cs.DigitaliseOutlets(margin_to=0.0, supply_share_to=0.0, reserve_days_to=0.1, delivery_min_to=1440.0)
    after, before = poor.apply(WORLD).facilities, WORLD.facilities
    assert (after.margin >= before.margin).all()
    assert (after.supply_share == before.supply_share).all()
    assert (after.reserve_days >= before.reserve_days).all()
    assert (after.delivery_min == before.delivery_min).all()


def test_an_outlet_that_does_not_deliver_has_no_minutes_to_save() -> None:
    after = cs.DigitaliseOutlets(delivery_min_to=10.0).apply(WORLD).facilities
    there = WORLD.facilities.delivery == 1
    assert there.any()
    assert not there.all()
    assert (after.delivery_min[there] == 10.0).all()
    assert (after.delivery_min[~there] == WORLD.facilities.delivery_min[~there]).all()


def test_a_lever_may_name_outlets_and_a_name_that_nobody_bears_is_told() -> None:
    event = cs.HoldEvent(discount=0.5, facilities=("f0",), **WEEK)
    moved = event.resolve(WORLD).apply(WORLD).facilities.price_level != WORLD.facilities.price_level
    assert moved.tolist() == [True, False, False, False]
    with pytest.raises(PolicyError, match=r"facilities\.1") as caught:
        replace(event, facilities=("f0", "f33")).resolve(WORLD)
    assert "f3" in caught.value.faults[0].hint


@pytest.mark.parametrize(("policy", "where"), [(cs.DigitaliseOutlets, "margin_to")])
def test_a_lever_that_is_set_to_nothing_is_refused(policy: type, where: str) -> None:
    with pytest.raises(PolicyError, match=where):
        policy()


def pages(town: Town, days: int, *stages: object) -> list[Ledger]:
    simulation = town.simulation(*stages)  # type: ignore[arg-type]
    return [Ledger(copy_page(simulation.run_day(day))) for day in range(days)]


def test_an_event_brings_buyers_on_its_days_and_on_no_other() -> None:
    shop = outlets(1, "groceries", servers=500, price_level=1.0, format=FORMAT_INDEX["fresh_food_shop"])
    town = Town(streets=grid(3, 50.0), population=residents(1_000, {("groceries", 0): 1.0}), facilities=shop,
                constants=constants(outside=-2.0))  # fmt: skip
    cheap = cs.HoldEvent(discount=0.5, **WEEK).apply(town.world).facilities
    usual = town.stage()
    plain = pages(town, 6)
    held = pages(town, 6, usual, town.stage(first_day=2, facilities=cheap), replace(usual, first_day=4))
    inside = [(int(a.completed.sum()), int(b.completed.sum())) for a, b in zip(plain, held, strict=True)]
    assert all(event > before for before, event in inside[2:4])
    assert all(differing(plain[day], held[day]) == {} for day in (0, 1, 4, 5))


def test_volunteers_visit_who_would_wait_in_vain() -> None:
    law = replace(memoryless(), capacity=True, home_visits=True)
    care = outlets(1, "nursing", home_visits=6, format=FORMAT_INDEX["elder_care_station"])
    people = residents(40, {("nursing", 0): 1.0}, mobility=Mobility.HOMEBOUND)
    town = Town(streets=grid(3, 50.0), population=people, facilities=care, mechanisms=law)
    more = cs.VolunteerVisits(hours_per_day=4.0).apply(town.world).facilities
    (before,), (after,) = pages(town, 1), pages(town, 1, town.stage(facilities=more))
    assert (int(before.completed.sum()), int(after.completed.sum())) == (6, 10)


def test_quicker_orders_are_ordered_more() -> None:
    shop = outlets(1, "groceries", delivery=1, delivery_radius_m=2_000.0, delivery_min=90.0)
    town = Town(streets=grid(3, 50.0), population=residents(1_000, {("groceries", 0): 1.0}), facilities=shop,
                constants=constants(delivery=0.0, outside=0.0))  # fmt: skip
    quick = cs.DigitaliseOutlets(delivery_min_to=15.0).apply(town.world).facilities
    (before,), (after,) = pages(town, 1), pages(town, 1, town.stage(facilities=quick))
    assert (after["fate"] == Fate.DELIVERED).sum() > (before["fate"] == Fate.DELIVERED).sum()
