"""Small experiments on a small old town, quick enough to run in every test."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import ClassVar

import numpy as np

from circlesim.catalog.anchors import anchor_shares
from circlesim.experiments.anchoring import first_constants
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import Scenario
from circlesim.policies import AddFacilities
from circlesim.policies.policy import Policy
from circlesim.world.facilities import PaymentMode
from circlesim.world.synthesis import old_town
from circlesim.world.world import World

RESIDENTS = 600
DAYS = 6
START = date(2024, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cashless(Policy):
    """All staffed counters refuse cash."""

    name: ClassVar[str] = "all_cashless"
    clause: ClassVar[str] = "F52"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode",)

    def apply(self, world: World) -> World:
        mode = world.facilities.payment_mode
        refuse = np.where(mode == PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_REFUSE, mode).astype(np.uint8)
        return replace(world, facilities=replace(world.facilities, payment_mode=refuse))


@cache
def town() -> World:
    return old_town(RESIDENTS)


@cache
def as_is() -> Scenario:
    return Scenario("as is", town(), days=DAYS, start=START)


@cache
def counters() -> Scenario:
    return as_is().with_policies("counters", AddFacilities(format="breakfast_shop", count=2, siting="largest_gap"))


@cache
def cashless() -> Scenario:
    return as_is().with_policies("cashless", Cashless(starts=date(2024, 3, 6)))


def small(*scenarios: Scenario, **changes: object) -> Experiment:
    """Three scenarios, three replications; constants not solved, which no law here needs."""
    asked: dict[str, object] = {"replications": 3, "seed": 5, "warmup_days": 2, "by": ("age60",)}
    asked["constants"] = first_constants(anchor_shares())
    return Experiment(scenarios or (as_is(), counters(), cashless()), **(asked | changes))  # type: ignore[arg-type]
