"""Seasons, illness and help at home: who needs what when, and who orders for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.surfaces import SEASON_DAYS, SEASONS
from circlesim.engine.calendar import calendar
from circlesim.engine.helping import helped
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.ledger import Barrier, Fate
from circlesim.world.demo import demo_world
from circlesim.world.population import Means
from circlesim.world.rates import AGE_BANDS, chronic_rates
from towns import Town, constants, differing, grid, outlets, plain_parameters, residents

PHARMACY, NURSING = KINDS.index(("pharmacy", 0)), KINDS.index(("nursing", 0))
SEASONAL = replace(memoryless(), seasons_of_need=True)
ASSISTED = replace(memoryless(), assisted_orders=True)


def test_the_seasons_move_needs_about_and_leave_the_year_as_it_is() -> None:
    factor = calendar(default_parameters()).season_factor
    assert np.average(factor, axis=0, weights=SEASON_DAYS) == pytest.approx(np.ones(len(KINDS)))
    winter, summer = SEASONS.index("winter"), SEASONS.index("summer")
    assert factor[winter, PHARMACY] > factor[summer, PHARMACY]
    assert (factor[:, KINDS.index(("groceries", 0))] == 1.0).all()


@pytest.mark.parametrize(("start", "season"), [(date(2024, 1, 8), "winter"), (date(2024, 7, 8), "summer")])
def test_as_many_need_a_pharmacy_as_the_season_says(start: date, season: str) -> None:
    count, rate, days = 4_000, 0.2, 5
    town = Town(
        streets=grid(3, 100.0), population=residents(count, {("pharmacy", 0): rate}),
        facilities=outlets(1, "pharmacy"), constants=constants(), mechanisms=SEASONAL, start=start,
    )  # fmt: skip
    expected = rate * calendar(default_parameters()).season_factor[SEASONS.index(season), PHARMACY]
    needs, spread = len(town.run(range(days))), np.sqrt(count * days * expected * (1 - expected))
    # Five standard deviations: one town in two million would fail.
    assert abs(needs - count * days * expected) < 5 * spread
    assert abs(count * days * rate - count * days * expected) > 10 * spread


def test_illness_moves_needs_within_an_age_and_adds_none() -> None:
    people = demo_world("old_town", residents=20_700).population
    rates = chronic_rates(people, default_parameters()).astype(np.float64)
    before = people.need_rate.astype(np.float64)
    band = np.searchsorted(AGE_BANDS, people.age, side="right")
    for kind in (PHARMACY, NURSING):
        for each in np.unique(band):
            mine = band == each
            assert rates[mine, kind].sum() == pytest.approx(before[mine, kind].sum(), rel=1e-6)
            ill, well = mine & (people.chronic == 1), mine & (people.chronic == 0)
            if ill.any() and well.any() and before[mine, kind].any():
                # Need rates of nursing differ by mobility within an age, so like is compared with like.
                same = rates[:, kind] > 0
                assert (rates[ill & same, kind] / before[ill & same, kind]).mean() == pytest.approx(
                    3.0 * (rates[well & same, kind] / before[well & same, kind]).mean(), rel=1e-5
                )
    others = [kind for kind in range(len(KINDS)) if kind not in (PHARMACY, NURSING)]
    assert np.array_equal(rates[:, others], before[:, others])


def test_three_in_four_of_the_old_are_chronically_ill_and_few_of_the_young() -> None:
    people = demo_world("old_town", residents=20_700).population
    old, young = people.age >= 60, people.age < 18
    assert people.chronic[old].mean() == pytest.approx(0.7523, abs=0.002)
    assert people.chronic[young].mean() == pytest.approx(0.03, abs=0.005)
    # Illness goes with the other disadvantages: with one latent factor the ill order less.
    sixties = (people.age >= 60) & (people.age < 70)
    ill = people.chronic == 1
    assert people.digital[sixties & ill].mean() < people.digital[sixties & ~ill].mean()


def family_town(share: float, mechanisms: Mechanisms, helper: int = 40, orders: int = 1) -> Town:
    """Homebound elders with cash, each with somebody at home; a hub delivers, nobody can walk in."""
    count = 300
    elder = np.arange(count) % 2 == 0
    people = residents(
        count, {("groceries", 0): np.where(elder, 1.0, 0.0)}, age=np.where(elder, 80, helper),
        mobility=np.where(elder, 3, 0), digital=np.where(elder, 0, orders), household=np.arange(count) // 2,
        means_carried=np.where(elder, int(Means.CASH), int(Means.CASH | Means.MOBILE)),
    )  # fmt: skip
    hub = outlets(1, "groceries", walk_in=0, delivery=1, delivery_radius_m=5000.0)
    return Town(
        streets=grid(3, 100.0), population=people, facilities=hub, mechanisms=mechanisms,
        constants=constants(delivery=9.0), parameters=plain_parameters(assisted_share=share),
    )  # fmt: skip


def test_elders_have_it_ordered_by_somebody_at_home() -> None:
    assert (family_town(1.0, memoryless()).run()["fate"] == Fate.UNMET).all()
    assert (family_town(1.0, ASSISTED).run()["fate"] == Fate.DELIVERED).all()


def test_a_child_or_somebody_without_a_phone_is_no_help() -> None:
    for town in (family_town(1.0, ASSISTED, helper=15), family_town(1.0, ASSISTED, orders=0)):
        ledger = town.run()
        assert (ledger["fate"] == Fate.UNMET).all()
        assert (ledger["barriers"] & Barrier.DIGITAL_ONLY != 0).all()


def test_as_many_are_helped_as_the_share_says_and_the_same_ones_at_a_larger_share() -> None:
    people = family_town(1.0, ASSISTED).population
    few, many = helped(people, 0.3), helped(people, 0.8)
    assert (many | ~few).all()
    elders = people.digital == 0
    # Binomial: five standard deviations of 150 elders.
    assert abs(few[elders].mean() - 0.3) < 5 * np.sqrt(0.21 / 150)
    assert not helped(people, 1.0)[~elders].any()


def test_who_lives_alone_is_helped_by_nobody() -> None:
    town = family_town(1.0, ASSISTED)
    alone = replace(town.population, household=np.arange(300, dtype=np.int32))
    assert (
        differing(town.but(population=alone).run(), town.but(population=alone, mechanisms=memoryless()).run())
        == {}
    )
