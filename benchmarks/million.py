"""
A million residents for four weeks on two threads: seconds after set-up, and the most memory held.

The city is made of many circles with no common outlet, one shard each: old towns of 20,700 residents that differ
by seed, all held in memory at once, as a city of that size has to be. Each thread takes the next circle and runs
it to the end, needs, errands and tally, as an experiment does. `--one-world` runs a city of the made town in one
piece instead, for a few days, to show what sharding saves.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.catalog.constants import read_constants
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.parameters import default_parameters
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.tally import Sums, empty_sums, tally
from circlesim.engine.ways import ways
from circlesim.experiments.constants import shipped_constants
from circlesim.world.synthesis import old_town
from machine import machine
from made_town import START, made_town

RESULTS = Path(__file__).parent / "results" / "million.json"
PEOPLE, CIRCLE, SEED, THREADS = 1_000_000, 20_700, 7, 2
GIB = 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One circle, ready to run, with the sums of its days."""

    prepared: Prepared
    simulation: Simulation
    sums: Sums
    groups: np.ndarray[Any, np.dtype[np.int16]]

    def run(self, days: int) -> int:
        """Run and add up; return the needs that arose."""
        outlets, b_walk = self.prepared.world.facilities, self.prepared.people.b_walk
        needs = 0
        for day in range(days):
            page = self.simulation.run_day(day)
            tally(page, self.sums, self.groups, outlets.format, outlets.service_min, b_walk)
            needs += page.rows
        return needs


def shard(prepared: Prepared, stages: tuple[Stage, ...]) -> Shard:
    """Make the state of a circle and touch all its memory."""
    residents = len(prepared.people.record)
    return Shard(
        prepared=prepared, simulation=Simulation(prepared, stages, SEED, 0),
        sums=empty_sums(residents, len(FORMATS), len(prepared.world.facilities), 2),
        groups=np.ones((1, residents), np.int16),
    )  # fmt: skip


def old_circle(number: int, residents: int) -> Shard:
    """Another old town; the constants are those shipped for the first, for this is about time."""
    world = old_town(residents, seed=20230711 + number)
    people, shops = world.population, world.facilities
    cap_m = float((people.speed_m_per_min * people.tolerance_min).max())
    walks = ways(world, shops, cap_m, default_parameters(), Mechanisms())
    constants = next(read_constants(path) for path in shipped_constants() if "old_town" in path.name)
    prepared = prepare(world, walks, default_parameters(), constants, START)
    return shard(prepared, (Stage(first_day=-1, facilities=shops, present=np.ones(len(shops), bool)),))


def most_memory() -> float:
    """Most memory this process ever held, in GiB; macOS counts it in bytes, Linux in KiB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / GIB if sys.platform == "darwin" else most * 1024 / GIB


def sharded(people: int, days: int, threads: int) -> dict[str, Any]:
    """The city as many circles."""
    count = max(1, round(people / CIRCLE))
    sizes = [people // count + (i < people % count) for i in range(count)]
    begun = time.perf_counter()
    shards = [old_circle(number, size) for number, size in enumerate(sizes)]
    set_up = time.perf_counter() - begun
    shards[0].simulation.needs(-1)  # kernels are loaded from their cache, or compiled, before the clock runs
    old_circle(0, 300).run(1)
    begun, begun_busy = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        needs = sum(pool.map(lambda one: one.run(days), shards))
    seconds, busy = time.perf_counter() - begun, time.process_time() - begun_busy
    visits = sum(float(one.sums.facility[:, 0].sum()) for one in shards)
    return {
        "world": f"{count} old towns, one shard each", "residents": people, "days": days, "threads": threads,
        "needs": needs, "visits": visits, "set-up seconds": set_up, "seconds": seconds, "processor seconds": busy,
        "ns per resident-day": seconds / people / days * 1e9, "most memory, GiB": most_memory(),
    }  # fmt: skip


def in_one_piece(people: int, days: int) -> dict[str, Any]:
    """The city as one world: a made town of the same density of streets and outlets."""
    outlets, side = people // 50, round((people / 25) ** 0.5)
    begun = time.perf_counter()
    prepared, stages = made_town(people, outlets, side=side)
    one = shard(prepared, stages)
    set_up = time.perf_counter() - begun
    shard(*made_town(300, 30, side=10)).run(1)
    begun = time.perf_counter()
    needs = one.run(days)
    seconds = time.perf_counter() - begun
    return {
        "world": f"one made town, {outlets} outlets", "residents": people, "days": days, "threads": 1,
        "needs": needs, "set-up seconds": set_up, "seconds": seconds,
        "ns per resident-day": seconds / people / days * 1e9, "most memory, GiB": most_memory(),
        "remembered refusals, GiB": one.simulation.state.refused.nbytes / GIB,
    }  # fmt: skip


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE, help="residents of the city")
    parser.add_argument("--days", type=int, default=28, help="days")
    parser.add_argument("--threads", type=int, default=THREADS, help="circles at the same time")
    parser.add_argument("--one-world", action="store_true", help="one world in place of many circles")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file; each kind of city keeps its entry")
    asked = parser.parse_args()
    if asked.one_world:
        name, figures = "one world", in_one_piece(asked.people, asked.days)
    else:
        name, figures = "many circles", sharded(asked.people, asked.days, asked.threads)
    result = json.loads(asked.out.read_text(encoding="utf-8")) if asked.out.is_file() else {}
    result[name] = {"machine": machine()} | figures
    print(json.dumps(result[name], indent=1))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
