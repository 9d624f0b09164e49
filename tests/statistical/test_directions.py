"""
Verification of direction on old_town, under fifty draws over all assumptions of grade C and D.

This verifies that the model does what its builders say it does. It is no evidence about any town: the signs
follow from inputs (who eats breakfast out, who carries cash, who is free when).
"""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import circlesim as cs
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.simulation import Simulation
from circlesim.experiments.assumptions import draw_parameters
from circlesim.experiments.constants import constants_for
from circlesim.experiments.design import Design, compile_design
from circlesim.experiments.draw import solved_draw
from circlesim.ledger import Fate
from circlesim.world.population import Schedule

DRAWS = 50
ENOUGH = 45
START = date(2024, 3, 4)
DAYS = 14
RESIDENTS = int(os.environ.get("CIRCLESIM_DIRECTION_RESIDENTS", "20700"))
NAMES = ("as is", "counters", "hours", "drift", "cash")
LATE = (
    "library",
    "culture_centre",
    "gym",
    "community_canteen",
    "health_station",
    "parcel_point",
    "repair_workshop",
    "laundry",
    "photo_print",
)


def _design() -> Design:
    town = cs.demo_world("old_town", residents=RESIDENTS)
    as_is = cs.Scenario("as is", town, days=DAYS, start=START)
    drift = as_is.with_policies("drift", cs.RefuseCash(share=0.3, seed=5))
    scenarios = [
        as_is,
        as_is.with_policies("counters", cs.AddFacilities(format="breakfast_shop", count=8, siting="largest_gap")),
        as_is.with_policies("hours", cs.ExtendHours(formats=LATE, close="22:00")),
        drift,
        as_is.with_policies("cash", drift, cs.KeepCash()),
    ]
    return compile_design(cs.Experiment(scenarios, replications=2, seed=20230711))


def _met(design: Design, parameters: cs.Parameters, start: object, index: int) -> dict[str, NDArray[np.float64]]:
    """Needs, met inside, met, and breakfasts (needs, inside) by scenario and resident."""
    draw = solved_draw(design, index, parameters, start)  # type: ignore[arg-type]
    warm = Simulation(draw.prepared, design.roster.baseline, 20230711, 0)
    for day in range(-7, 0):
        warm.run_day(day)
    people = len(draw.prepared.world.population)
    sums = np.zeros((len(NAMES), 5, people))
    runs = [warm.fork(stages) for stages in design.roster.stages]
    for day in range(DAYS):
        needs = warm.needs(day)
        for j, run in enumerate(runs):
            page = run.run_day(day, needs).columns()
            inside = page["fate"] <= Fate.DELIVERED
            met = page["fate"] <= Fate.OUTSIDE
            breakfast = page["service"] == SERVICE_INDEX["breakfast"]
            rows = (np.ones_like(inside), inside, met, breakfast, breakfast & inside)
            for q, chosen in enumerate(rows):
                sums[j, q] += np.bincount(page["resident"], weights=chosen.astype(float), minlength=people)
    population = draw.prepared.world.population
    return {"sums": sums, "age": population.age, "schedule": population.schedule}


def _signs(found: dict[str, NDArray[np.float64]]) -> dict[str, float]:
    sums, age, schedule = found["sums"], found["age"], found["schedule"]
    everyone = np.ones(len(age), dtype=bool)
    workers, retired = schedule == Schedule.WORKER, schedule == Schedule.RETIRED

    def share(scenario: str, part: int, whole: int, who: NDArray[np.bool_]) -> float:
        row = sums[NAMES.index(scenario)][:, who].sum(axis=1)
        return float(row[part] / row[whole])

    def gain(after: str, before: str, part: int, whole: int, who: NDArray[np.bool_]) -> float:
        return share(after, part, whole, who) - share(before, part, whole, who)

    old, young = age >= 70, (age >= 18) & (age <= 29)
    return {
        "counters raise breakfast met inside": gain("counters", "as is", 4, 3, everyone),
        "counters: workers over all others": gain("counters", "as is", 4, 3, workers)
        - gain("counters", "as is", 4, 3, ~workers),
        "cash: 70+ over 18-29, needs met": gain("cash", "drift", 2, 0, old) - gain("cash", "drift", 2, 0, young),
        "hours: workers over retired, met inside": gain("hours", "as is", 1, 0, workers)
        - gain("hours", "as is", 1, 0, retired),
    }


@pytest.mark.slow
def test_three_directions_hold_in_nine_of_ten_assumption_draws() -> None:
    design = _design()
    default = design.experiment.parameters
    start = constants_for(design.experiment.world, default)
    drawn = draw_parameters(default, DRAWS)
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda i: _signs(_met(design, drawn[i], start, i + 1)), range(DRAWS)))
    table = {name: [row[name] for row in found] for name in found[0]}
    held = {name: int(sum(value > 0 for value in values)) for name, values in table.items()}
    report = {name: {"held": held[name], "of": DRAWS, "median": float(np.median(values)),
                     "low": float(np.quantile(values, 0.05)), "high": float(np.quantile(values, 0.95))}
              for name, values in table.items()}  # fmt: skip
    path = Path(__file__).parent / "figures" / "directions.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        json.dumps({"residents": RESIDENTS, "days": DAYS, **report}, indent=1) + "\n", encoding="utf-8"
    )
    assert min(held.values()) >= ENOUGH, report
