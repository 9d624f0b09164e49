"""
A plan beside chance: on luck that chose neither, the plan of a small old town beats the best of many random plans.

The random plans have the same budget, the same formats and any site. The best of them is chosen on the same luck
as the plan was; then both are run again, paired. This verifies the search; it is no evidence about any town.

Measured with 1,500 residents, 21 days, 8 replications, 300,000 yuan and 200 random plans, in satisfaction points
(95 % interval over luck), for experiments of seed 1, 2 and 3: the plan gains 1.509, 1.561 and 1.490; the best
random plan 1.481, 1.549 and 1.468; the plan is ahead by 0.028 (0.019 to 0.037), 0.012 (0.001 to 0.022) and 0.021
(0.009 to 0.034). The search was improved while these three seeds were looked at; under
seed 4, looked at once afterwards, the plan gains 1.550, the best random one 1.523: ahead by 0.026 (0.002 to
0.050).
"""

from __future__ import annotations

import os

import numpy as np
import pytest

import circlesim as cs
from circlesim.experiments.constants import constants_for
from circlesim.planning.chance import Chance, against_chance

RESIDENTS = int(os.environ.get("CIRCLESIM_PLAN_RESIDENTS", "1500"))
DRAWN = int(os.environ.get("CIRCLESIM_PLAN_DRAWN", "200"))
SEEDS = (1, 2, 3)
BUDGET = 300_000.0
DAYS = 21
REPLICATIONS = 8


@pytest.fixture(scope="module")
def chances() -> list[Chance]:
    town = cs.demo_world("old_town", residents=RESIDENTS)
    constants = constants_for(town, cs.default_parameters())
    found = []
    for seed in SEEDS:
        as_is = cs.Scenario("as is", town, days=DAYS)
        asked = cs.Experiment([as_is], replications=REPLICATIONS, seed=seed, constants=constants)
        found.append(against_chance(cs.plan(asked, BUDGET), DRAWN, seed=seed))
    return found


@pytest.mark.slow
def test_a_plan_beats_the_best_of_many_random_plans_that_is_run_again_too(chances: list[Chance]) -> None:
    ahead = np.array([each.ahead for each in chances])
    half_width = np.sqrt(((ahead[:, 2] - ahead[:, 1]) ** 2).sum()) / 2 / len(ahead)
    assert [each.drawn for each in chances] == [DRAWN] * len(SEEDS)
    assert ahead[:, 0].mean() - half_width > 0


@pytest.mark.slow
def test_a_random_plan_is_worth_far_less_than_the_best_of_many(chances: list[Chance]) -> None:
    # Without this the plan would beat draws that are all alike.
    assert all(each.mean_gain < 0.75 * each.best_gain.value for each in chances)
