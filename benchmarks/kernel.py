"""
The kernels against the same core in C, and two threads against one.

The core of a day is to list the outlets that could win each need, to choose, to serve at the counters, and to say
why a need was not met. `core.c` does the same by hand, for walk-in outlets; this script compiles it, lets both
sides run the same days from the same state, in turn, as processor time of one thread, and stops unless every
column of the ledger and of the state is the same, bit for bit. C is compiled twice, for vectors of the width the
compiler prefers and for the widest; the faster of the two counts.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from c_core import COVERED, FLAGS, WIDE, Hand, Kernels, assert_same_day, compiled_core, compiler, dawn
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.tally import empty_sums, tally
from machine import machine
from made_town import alternatives_per_need, made_town

RESULTS = Path(__file__).parent / "results" / "kernel.json"
RESIDENTS, OUTLETS, SEED = 10_000, 200, 7
WARM_UP = 3


def plain_town(residents: int, outlets: int) -> tuple[Prepared, tuple[Stage, ...]]:
    """The made town with the mechanisms core.c knows."""
    prepared, stages = made_town(residents, outlets)
    on = Mechanisms(**{field.name: field.name in COVERED for field in fields(Mechanisms)})
    return replace(prepared, mechanisms=on), stages


def against_c(rounds: int, folder: Path) -> dict[str, Any]:
    """Days of all sides in turn: the same ledger and state, and the time each takes."""
    prepared, stages = plain_town(RESIDENTS, OUTLETS)
    simulation = Simulation(prepared, stages, SEED, 0)
    kernels = Kernels(simulation)
    hands = {"C": Hand(compiled_core(folder), simulation)}
    if WIDE:
        hands["C, widest vectors"] = Hand(compiled_core(folder, WIDE), simulation)
    sides = {"kernels": kernels, **hands}
    parts: dict[str, list[tuple[float, float]]] = {name: [] for name in sides}
    rows = {"needs": 0, "served": 0, "second tries": 0, "not met inside": 0}
    for day in range(-WARM_UP, rounds):
        needs = dawn(simulation, hands.values(), day)
        for name in sorted(sides, reverse=day % 2 == 0):
            begun = time.thread_time()
            sides[name].listed(day, needs)
            listed = time.thread_time()
            page = sides[name].served(day, needs)
            parts[name].append((listed - begun, time.thread_time() - listed))
        for hand in hands.values():
            assert_same_day(kernels, simulation._page, hand)
        columns = page.columns()
        rows["needs"] += needs.rows
        rows["served"] += int((columns["facility"] >= 0).sum())
        rows["not met inside"] += int((columns["facility"] < 0).sum())
        rows["second tries"] += int((columns["tries"] > 1).sum())
    split = {name: np.array(spent[WARM_UP:]) / RESIDENTS * 1e9 for name, spent in parts.items()}
    warm = {name: spent.sum(axis=1).tolist() for name, spent in split.items()}
    best = min(hands, key=lambda name: statistics.median(warm[name]))
    ratios = [slow / fast for slow, fast in zip(warm["kernels"], warm[best], strict=True)]
    return {
        "residents": RESIDENTS, "outlets": OUTLETS, "rounds": rounds, "mechanisms": " ".join(COVERED),
        "alternatives per need": alternatives_per_need(prepared), "rows that agree in every bit": rows,
        "ns per resident-day": {name: statistics.median(spent) for name, spent in warm.items()},
        "ns in the best round": {name: min(spent) for name, spent in warm.items()},
        "of which to list, to choose and serve": {
            name: np.median(spent, axis=0).tolist() for name, spent in split.items()
        },
        "kernels over faster C": statistics.median(ratios),
        "kernels over faster C, best rounds": min(warm["kernels"]) / min(warm[best]),
    }  # fmt: skip


def month(prepared: Prepared, stages: tuple[Stage, ...], replication: int, days: int) -> float:
    """One replication with its tally, as an experiment runs it; the visits of all outlets."""
    simulation = Simulation(prepared, stages, SEED, replication)
    residents, outlets = len(prepared.people.record), stages[0].facilities
    sums = empty_sums(residents, 1, len(outlets), 2)
    groups, b_walk = np.zeros((1, residents), np.int16), prepared.people.b_walk
    for day in range(days):
        page = simulation.run_day(day)
        tally(page, sums, groups, outlets.format, outlets.service_min, b_walk)
    return float(sums.facility[:, 0].sum())


def two_threads(rounds: int, days: int) -> dict[str, Any]:
    """
    Two replications one after the other, and the same two side by side; by the clock on the wall.

    Processor seconds tell, on a machine that others use too, what the threads cost each other.
    """
    prepared, stages = made_town(RESIDENTS, OUTLETS)
    month(prepared, stages, 0, 2)
    walls: dict[str, list[float]] = {"one after the other": [], "two threads": []}
    busy: dict[str, list[float]] = {name: [] for name in walls}
    with ThreadPoolExecutor(2) as pool:
        ways = (map, pool.map)
        for _ in range(rounds):
            results = []
            for name, way in zip(walls, ways, strict=True):
                begun, begun_busy = time.perf_counter(), time.process_time()
                results.append(list(way(lambda r: month(prepared, stages, r, days), (0, 1))))
                walls[name].append(time.perf_counter() - begun)
                busy[name].append(time.process_time() - begun_busy)
            assert results[0] == results[1], "threads changed a result"
    ratios = [one / two for one, two in zip(*walls.values(), strict=True)]
    return {
        "residents": RESIDENTS, "days": days, "rounds": rounds,
        "seconds": {name: statistics.median(spent) for name, spent in walls.items()},
        "processor seconds": {name: statistics.median(spent) for name, spent in busy.items()},
        "two threads are faster by": statistics.median(ratios), "in the best round": max(ratios),
    }  # fmt: skip


def main() -> None:
    """Measure both, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=28, help="days of both sides")
    parser.add_argument(
        "--days", type=int, default=28, help="days of each replication in the comparison of threads"
    )
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        result = {
            "machine": machine() | {"compiler": compiler(), "flags": " ".join(FLAGS)},
            "kernels against C": against_c(asked.rounds, Path(folder)),
            "threads": two_threads(asked.rounds // 2, asked.days),
        }
    print(json.dumps(result, indent=1))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
