"""
A plan beside chance: on luck that chose neither, the plan of a small old town beats the best of many random plans.

The random plans have the same budget, the same formats and any site, and the best of them is chosen on the same
luck as the plan was, then both are run again. This verifies the search; it is no evidence about any town.
"""

from __future__ import annotations

import os

import pytest

import circlesim as cs
from circlesim.planning.chance import Chance, against_chance

RESIDENTS = int(os.environ.get("CIRCLESIM_PLAN_RESIDENTS", "1500"))
DRAWN = int(os.environ.get("CIRCLESIM_PLAN_DRAWN", "200"))
BUDGET = 300_000.0
DAYS = 21
REPLICATIONS = 8


@pytest.fixture(scope="module")
def chance() -> Chance:
    town = cs.demo_world("old_town", residents=RESIDENTS)
    asked = cs.Experiment([cs.Scenario("as is", town, days=DAYS)], replications=REPLICATIONS, seed=1)
    return against_chance(cs.plan(asked, BUDGET), DRAWN)


@pytest.mark.slow
def test_a_plan_beats_the_best_of_many_random_plans_that_is_run_again_too(chance: Chance) -> None:
    assert chance.drawn == DRAWN
    assert chance.ahead.low > 0


@pytest.mark.slow
def test_a_random_plan_is_worth_far_less_than_the_best_of_many(chance: Chance) -> None:
    # Without this the plan would beat draws that are all alike.
    assert chance.mean_gain < 0.75 * chance.best_gain.value
