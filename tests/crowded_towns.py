"""Random towns under stress: every barrier is met, and every mechanism of the law has something to work on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from circlesim.catalog.constants import UNAVAILABLE
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms
from circlesim.world.population import Means, Mobility
from towns import Town, random_town

SWITCHES = ("capacity", "memory", "budget", "clock")
EXTRAS = ("habit", "awareness", "reneging", "seasons", "household_bearers", "outings", "self_service",
          "home_visits", "visitors", "stock", "impedance", "trips",
          "assisted_orders", "seasons_of_need", "chronic_illness", "seats", "emergency", "places",
          "deferral")  # fmt: skip


def stressed_town(seed: int, mechanisms: Mechanisms | None = None) -> Town:
    """Few servers and long services: queues, refusals, second and third tries, orders from a counter."""
    rng = np.random.default_rng([seed, 1])
    town = random_town(seed, int(rng.integers(20, 120)), int(rng.integers(3, 14)), mechanisms)
    shops, people = town.facilities, town.population
    count = len(shops)
    shops = replace(
        shops,
        servers=np.ones(count, np.int32) if rng.random() < 0.7 else shops.servers,
        service_min=rng.choice([4.0, 12.0, 40.0], count),
        queue_limit=rng.choice([-1, 0, 1, 5], count).astype(np.int32),
        delivery=np.where(shops.walk_in == 1, rng.random(count) < rng.choice([0.0, 0.5, 1.0]), 1).astype(np.uint8),
    )
    people = replace(
        people,
        mobility=np.where(rng.random(len(people)) < 0.7, 0, people.mobility).astype(np.uint8),
        tolerance_min=np.maximum(people.tolerance_min, 8.0),
        budget_fen=np.where(rng.random(len(people)) < 0.6, 10**7, people.budget_fen),
    )
    alternative = np.array(town.constants.alternative)
    gone = alternative[..., 1:] == UNAVAILABLE
    alternative[..., 1:] = np.where(gone, UNAVAILABLE, alternative[..., 1:] - rng.choice([0, 3, 6]))
    law = {
        "lost_sale_if_refused": float(rng.choice([0.0, 0.3, 1.0])),
        "b_queue": float(rng.choice([0.001, 0.05, 1.0])),
        "queue_unnoticed": float(rng.choice([0.0, 1.0, 3.0])), "tries_max": float(rng.integers(1, 7)),
    }  # fmt: skip
    nests = rng.choice([0.0, 0.05, 1.0])
    law |= {"tau": float(nests)} if nests else {}
    return town.but(
        facilities=shops, population=people, parameters=town.parameters.with_values(law),
        constants=replace(town.constants, alternative=alternative),
    )  # fmt: skip


def penny_town(seed: int, mechanisms: Mechanisms | None = None) -> Town:
    """Baskets of a few fen, delivered everywhere: rounding a price moves utility far."""
    rng = np.random.default_rng([seed, 2])
    town = stressed_town(seed, mechanisms)
    shops, people, count = town.facilities, town.population, len(town.facilities)
    shops = replace(
        shops, delivery=np.ones(count, np.uint8), price_level=rng.choice([0.62, 0.9, 1.0, 1.3, 1.44], count),
        delivery_basket_fen=np.zeros(count, np.int64), delivery_fee_fen=np.zeros(count, np.int64),
        delivery_radius_m=np.full(count, 900.0),
    )  # fmt: skip
    people = replace(
        people, digital=np.ones(len(people), np.uint8), means_carried=people.means_carried | np.uint8(Means.MOBILE)
    )
    alternative = np.array(town.constants.alternative)
    alternative[..., 0] = 1.0
    return town.but(
        facilities=shops, population=people, parameters=town.parameters.with_values({"basket_yuan": 0.03}),
        constants=replace(town.constants, alternative=alternative),
    )  # fmt: skip


def featured_town(seed: int, mechanisms: Mechanisms | None = None) -> Town:
    """A winter town in which every further mechanism binds: families at one address, outlets hardly known."""
    rng = np.random.default_rng([seed, 3])
    town = crowded_town(seed, mechanisms)
    people, shops, count = town.population, town.facilities, len(town.facilities)
    shops = replace(
        shops, payment_mode=np.where(rng.random(count) < 0.2, 4, shops.payment_mode).astype(np.uint8),
        self_service=rng.integers(0, 2, count).astype(np.uint8), on_map=rng.integers(0, 2, count).astype(np.uint8),
        visitors_per_day=rng.choice([0.0, 5.0, 60.0], count),
        home_visits=rng.choice([0, 0, 1, 4], count).astype(np.int32),
        aid_fen=rng.choice([0, 0, 2, 300, 10**6], count),
        aid_from_age=rng.choice([0, 60, 80], count).astype(np.int16),
        margin=rng.choice([0.0, 0.3, 0.7, 1.0], count),
    )  # fmt: skip
    family = np.arange(len(people)) // 3
    homes = people.home_row[family * 3]
    law = {
        "aware_established_days": float(rng.choice([0.0, 3.0, 20.0])), "b_habit": float(rng.choice([0.5, 3.0])),
        "outing_gap_min": float(rng.choice([20.0, 300.0])),
        "habit_rate": float(rng.choice([0.1, 0.7])), "renege_per_min": float(rng.choice([0.01, 0.2])),
        "surface_share[season=winter;surface=ice]": 0.5, "surface_share[season=winter;surface=snow]": 0.2,
    }  # fmt: skip
    streets, edges = town.streets, len(town.streets.length_m)
    streets = replace(
        streets, slope=rng.choice([0.0, 0.05, 0.15], edges), steps=(rng.random(edges) < 0.2).astype(np.uint8),
        kerbs=rng.integers(0, 3, edges).astype(np.uint8),
    )  # fmt: skip
    stop_row = rng.integers(-1, len(streets), len(people)).astype(np.int32)
    shops = replace(
        shops, seats=rng.choice([0, 1, 3], count).astype(np.int32),
        supply_share=rng.choice([0.0, 0.5, 1.0], count), reserve_days=rng.choice([0.0, 0.5, 3.0], count),
    )  # fmt: skip
    care = sum(1 << SERVICE_INDEX[name] for name in ("childcare", "elder_care"))
    shops = replace(
        shops, places=rng.choice([0, 1, 4], count).astype(np.int32),
        services=(shops.services | np.where(rng.random(count) < 0.5, care, 0)).astype(np.uint32),
    )  # fmt: skip
    rates = people.need_rate.copy()
    for name in ("childcare", "elder_care"):
        rates[:, KINDS.index((name, 0))] = rng.choice([0.0, 0.5, 1.0], len(people))
    people = replace(people, need_rate=rates)
    law["place_share"] = float(rng.choice([0.3, 0.9]))
    chronic = (rng.random(len(people)) < 0.4).astype(np.uint8)
    law |= {"season_factor[service=pharmacy;season=winter]": 1.7, "assisted_share": 0.6}
    law["trip_gap_min"] = float(rng.choice([30.0, 300.0]))
    shops = replace(shops, circle=rng.integers(0, 2, count).astype(np.int32))
    circle = rng.integers(0, 2, len(people)).astype(np.int32)
    return town.but(
        facilities=shops, streets=streets, gates=((rng.random(edges) < 0.3).astype(np.uint8),),
        population=replace(
            people, household=family.astype(np.int32), home_row=homes.astype(np.int32), stop_row=stop_row,
            chronic=chronic, circle=circle,
        ),
        parameters=town.parameters.with_values(law), start=date(2024, 1, 8), recipe=f"featured_town({seed})",
    )  # fmt: skip


def crowded_town(seed: int, mechanisms: Mechanisms | None = None) -> Town:
    """Any sort of town, from one with room for all to one where baskets cost pennies."""
    makers = (lambda s, m: random_town(s, mechanisms=m), stressed_town, penny_town)
    return makers[seed % 3](seed, mechanisms)


def bedside_town(seed: int) -> Town:
    """A featured town in which most stay at home, need nurses often, and find few visits a day."""
    rng, town = np.random.default_rng([seed, 6]), featured_town(seed, everything_on(0))
    people, shops, count = town.population, town.facilities, len(town.facilities)
    rates = people.need_rate.copy()
    rates[:, KINDS.index(("nursing", 0))] = rng.choice([0.2, 0.6], len(people))
    people = replace(
        people, need_rate=rates, budget_fen=np.full(len(people), 10**8),
        mobility=np.where(rng.random(len(people)) < 0.8, Mobility.HOMEBOUND, people.mobility).astype(np.uint8),
        means_carried=np.full(len(people), 7, np.uint8),
    )  # fmt: skip
    shops = replace(
        shops, home_visits=rng.choice([0, 1, 2], count).astype(np.int32),
        services=(shops.services | np.uint32(1 << SERVICE_INDEX["nursing"])).astype(np.uint32),
    )  # fmt: skip
    law = {"defer_days": 5.0, "basket_yuan": 20.0, "aware_established_days": 0.0}
    return town.but(
        population=people, facilities=shops, parameters=town.parameters.with_values(law),
        recipe=f"bedside_town({seed})",
    )  # fmt: skip


def hard_times(seed: int) -> Town:
    """A featured town with operators on thin ice, in which premises are soon let again."""
    rng, town = np.random.default_rng([seed, 5]), featured_town(seed, replace(everything_on(seed), months=True))
    count = len(town.facilities)
    shops = replace(
        town.facilities, rent_yuan_month=rng.choice([500.0, 20_000.0], count), staff=rng.choice([0.1, 2.0], count),
        support_yuan_month=rng.choice([0.0, 0.0, 2_000.0], count),
    )  # fmt: skip
    thin = {"reserve_months": 0.5, "profit_shock_share": 0.6, "let_delay_months": 0.0, "let_per_month": 0.7}
    return town.but(facilities=shops, parameters=town.parameters.with_values(thin), recipe=f"hard_times({seed})")


def everything_on(seed: int) -> Mechanisms:
    """All further mechanisms in two towns of three, any of them in the third."""
    rng = np.random.default_rng([seed, 4])
    return Mechanisms(**{name: bool(seed % 3 < 2 or rng.random() < 0.5) for name in EXTRAS})
