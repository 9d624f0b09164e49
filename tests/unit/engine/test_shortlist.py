"""The shortlist spares looking at outlets that cannot win; it never changes who wins."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICES
from circlesim.engine.columns import all_open_until, kernel_hours
from circlesim.engine.needs import SERVICE, Needs
from circlesim.engine.shortlist import Shortlist
from circlesim.engine.simulation import Simulation
from towns import Ledger, copy_page, differing, random_town

TOWNS = range(40)


def everything(simulation: Simulation, needs: Needs) -> Shortlist:
    """A list from which nothing was left out and nothing can be skipped."""
    town = simulation._town_on(0)
    ptr, entries = [0], []
    for row in range(needs.rows):
        person = town.people[needs.resident[row]]
        first = int(person["origin"]) * len(SERVICES) + int(SERVICE[needs.kind[row]])
        entries += range(int(town.ptr[first]), int(town.ptr[first + 1]))
        ptr.append(len(entries))
    return Shortlist(np.array(ptr), np.array(entries, np.int32), np.full(len(entries), np.inf))


def page_of(simulation: Simulation, needs: Needs) -> Ledger:
    return Ledger(copy_page(simulation.run_day(0, needs)))


@pytest.mark.parametrize("seed", TOWNS)
def test_a_day_is_the_same_with_every_outlet_on_the_list(seed: int) -> None:
    town = random_town(seed)
    short, whole = town.simulation(), town.simulation()
    needs, other = short.needs(0), whole.needs(0)
    other.likely = everything(whole, other)
    assert differing(page_of(short, needs), page_of(whole, other)) == {}


def test_a_shortlist_is_short() -> None:
    town = random_town(3, people=200, places=40).but(parameters=default_parameters()).simulation()
    needs = town.needs(0)
    listed = needs.likely.ptr[needs.rows]
    assert 0 < listed < 0.5 * len(everything(town, needs).entry)


@pytest.mark.parametrize("seed", TOWNS)
def test_needs_listed_at_old_prices_find_an_outlet_that_became_cheaper(seed: int) -> None:
    town = random_town(seed)
    cheaper = replace(town.facilities, price_level=town.facilities.price_level * 0.2)
    baseline, sale = town.simulation(), town.simulation(town.stage(facilities=cheaper))
    before, now = baseline.needs(0), sale.needs(0)
    assert not np.array_equal(before.likely.ptr, now.likely.ptr), "cheaper outlets make longer lists"
    again = town.simulation(town.stage(facilities=cheaper))
    assert differing(page_of(sale, now), page_of(again, before)) == {}


@pytest.mark.parametrize("seed", range(8))
def test_asking_for_the_needs_of_a_later_day_changes_nothing(seed: int) -> None:
    town = random_town(seed)
    takes_all = replace(town.facilities, payment_mode=np.zeros_like(town.facilities.payment_mode))
    stages = town.stage(first_day=-9), town.stage(first_day=5, facilities=takes_all)
    plain, curious = town.simulation(*stages), town.simulation(*stages)
    for day in range(4):
        plain.run_day(day)
        curious.run_day(day)
    before = curious.state.refused.copy()
    curious.needs(6)
    assert np.array_equal(curious.state.refused, before)
    assert before.any(), "refusals an outlet that takes all would void"
    assert differing(Ledger(copy_page(plain.run_day(4))), Ledger(copy_page(curious.run_day(4)))) == {}


@pytest.mark.parametrize("seed", range(8))
def test_no_outlet_is_closed_before_the_minute_named(seed: int) -> None:
    town = random_town(seed)
    stage = town.stage(np.arange(len(town.facilities)) % 3 != 0)
    hours = kernel_hours(stage.facilities.hours, stage.present)
    until = all_open_until(hours, stage)
    for day in range(7):
        for s in range(len(SERVICES)):
            rows = np.flatnonzero(stage.present & ((stage.facilities.services >> s) & 1 == 1))
            minutes = np.arange(1440)[:, None, None]
            is_open = ((hours[day, rows, :, 0] <= minutes) & (minutes < hours[day, rows, :, 1])).any(axis=2)
            shut = np.append(np.flatnonzero(~is_open.all(axis=1)), 1440)
            assert np.array_equal(until[day, s], shut[np.searchsorted(shut, np.arange(1440))])
