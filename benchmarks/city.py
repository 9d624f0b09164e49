"""
A city of ten circles: run in shards, against the same world run whole.

``python benchmarks/city.py`` runs 10 circles of 20,000 residents, 3 scenarios x 10 replications x 90 days on two
workers, prints the seconds, and sets a few days in shards beside the same days in one piece. ``--small`` is a
hundredth of it, for a look.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from dataclasses import replace
from unittest.mock import patch

import circlesim as cs
from circlesim.experiments import shards
from circlesim.experiments.constants import constants_for
from circlesim.world.city import CIRCLES, city

MEASURES = ("satisfaction_top2", "met_inside_share", "unmet_share", "walk_min", "spend", "welfare_min")


def asked(residents: int, days: int, replications: int) -> cs.Experiment:
    """Three scenarios of a city: as is, shops at the gaps of every circle, longer hours."""
    world = city([CIRCLES[k % len(CIRCLES)] for k in range(10)], residents)
    as_is = cs.Scenario("as is", world, days=days)
    shops = as_is.with_policies("shops", cs.AddFacilities(format="breakfast_shop", count=20))
    hours = as_is.with_policies("hours", cs.ExtendHours(formats=("library", "gym", "laundry"), close="22:00"))
    return cs.Experiment([as_is, shops, hours], replications=replications, measures=MEASURES, by=["circle"])


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="a hundredth of the size")
    small = parser.parse_args().small
    began = time.perf_counter()
    experiment = asked(5_000 if small else 200_000, 20 if small else 90, 2 if small else 10)
    built = time.perf_counter()
    # Solving them on the city is set-up, of a length of its own; which constants they are is nothing to the clock.
    constants = constants_for(cs.demo_world("old_town"), experiment.parameters)
    experiment = replace(experiment, constants=constants)
    solved = time.perf_counter()
    outcomes = experiment.run(workers=2)
    done = time.perf_counter()
    few = replace(experiment, scenarios=[replace(s, days=4) for s in experiment.scenarios], replications=1)
    apart, apart_s = _timed(few)
    with patch.object(shards, "shared_circles", lambda world, walks, roster: ((0,),)):
        whole, whole_s = _timed(few)
    print(json.dumps({
        "residents": len(experiment.world.population), "outlets": len(experiment.world.facilities),
        "build_s": round(built - began, 1), "constants_s": round(solved - built, 1),
        "run_s": round(done - solved, 1), "all_s": round(done - began, 1), "rows": len(outcomes.outcomes),
        "apart_s": round(apart_s, 2), "whole_s": round(whole_s, 2), "ratio": round(whole_s / apart_s, 2),
        "largest_relative_difference": float(((apart - whole).abs() / whole.abs().clip(lower=1e-12)).max()),
        "peak_gib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }))  # fmt: skip


def _timed(experiment: cs.Experiment):  # type: ignore[no-untyped-def]
    """Values of a run on one worker, and its seconds."""
    began = time.perf_counter()
    values = experiment.run(workers=1).outcomes["value"]
    return values, time.perf_counter() - began


if __name__ == "__main__":
    main()
