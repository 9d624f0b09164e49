"""Who has a grocer within a quarter of an hour, by age, surface and hour, on the streets of Helsinki."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from pattern import Finding

from circlesim.catalog.needs import KINDS
from circlesim.engine.mechanisms import memoryless
from circlesim.ledger import Fate
from circlesim.world.demo import demo_world
from circlesim.world.population import Mobility
from towns import ALL_MEANS, Town, constants, plain_parameters

EARLY, LATE_AFTERNOON = 6, 17
PEOPLE = 4_000
ADULTS, OLDER = (18, 64), (65, 120)


def asking_at(hour: int) -> Town:
    """Everybody wants groceries within this hour, walks for at most 15 minutes, and would go anywhere."""
    world = demo_world("helsinki", residents=PEOPLE)
    people, shops = world.population, world.facilities
    everybody = len(people)
    rates = np.zeros((everybody, len(KINDS)), np.float32)
    rates[:, KINDS.index(("groceries", 0))] = 1.0
    at_once = {"shift_max_min": 0.0, "profile_weight": 0.0} | {
        f"profile_weight[service={service};ordinal={ordinal};hour={hour}]": 1.0 for service, ordinal in KINDS
    }
    # Steps, money and phones are set aside: access here is distance, pace and hours, as in the published study.
    return Town(
        streets=world.streets,
        population=replace(
            people, need_rate=rates, tolerance_min=np.full(everybody, 15.0),
            mobility=np.full(everybody, Mobility.INDEPENDENT, np.uint8),
            means_owned=np.full(everybody, ALL_MEANS, np.uint8), digital=np.ones(everybody, np.uint8),
            means_carried=np.full(everybody, ALL_MEANS, np.uint8),
        ),
        facilities=replace(
            shops, step_free=np.ones(len(shops), np.uint8), delivery=np.zeros(len(shops), np.uint8)
        ),
        parameters=plain_parameters(b_quality=30.0, b_walk=0.0, **at_once), constants=constants(),
        mechanisms=memoryless(),
    )  # fmt: skip


@cache
def access(hour: int, surface: str) -> tuple[float, float]:
    """Share of adults, and of people of 65 and over, with an open grocer within 15 minutes."""
    town = asking_at(hour)
    ledger = town.run(range(2, 3), replace(town.stage(first_day=2), surface=surface))
    age = town.population.age[ledger["resident"]]
    served = ledger["fate"] == Fate.INSIDE
    adults, older = (float(served[(age >= low) & (age <= high)].mean()) for low, high in (ADULTS, OLDER))
    return adults, older


def age_season_hours() -> Finding:
    dry, ice = access(LATE_AFTERNOON, "dry"), access(LATE_AFTERNOON, "ice")
    dry_early, ice_early = access(EARLY, "dry"), access(EARLY, "ice")
    hours = dry[1] - dry_early[1]
    season, age = dry[1] - ice[1], dry[0] - dry[1]
    falls = dry[1] > ice[1] > ice_early[1] and dry[1] > dry_early[1] >= ice_early[1]
    figure = (
        f"older: {100 * dry[1]:.0f} % at 17 h on dry streets, {100 * ice[1]:.0f} on ice, "
        f"{100 * dry_early[1]:.0f} at 6 h, {100 * ice_early[1]:.0f} at 6 h on ice; adults at 17 h, dry: "
        f"{100 * dry[0]:.0f}"
    )
    return Finding(shown=falls and hours > season > 0 and hours > age >= 0, figure=figure)
