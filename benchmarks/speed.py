"""
Speed of a day: columns against objects, by phase, by size, in memory, and on import.

Both sides run in one process, in turn within each round, on one thread; times are processor time of that thread,
so that other work on the machine moves them little, and figures are medians over rounds (of ratios: medians of the
ratios within a round). Before anything is timed the two sides write the same ledger.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.abm.objects import ObjectSimulation
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.tally import Sums, empty_sums, tally
from circlesim.ledger import Page
from machine import machine
from made_town import alternatives_per_need, made_town

RESULTS = Path(__file__).parent / "results" / "speed.json"
RESIDENTS, OUTLETS = 10_000, 200
SIZES = (1_000, 10_000, 100_000)
PHASES = ("needs", "errands", "tally")
SEED = 7
IMPORT = "import time; t = time.perf_counter(); {}; print(time.perf_counter() - t)"

Row = dict[str, Any]


class Columns:
    """The kernels, phase by phase."""

    def __init__(self, prepared: Prepared, stages: tuple[Stage, ...]) -> None:
        self.prepared, self.facilities = prepared, stages[0].facilities
        self.simulation = Simulation(prepared, stages, SEED, 0)
        residents = len(prepared.people.record)
        self.sums: Sums = empty_sums(residents, 1, len(self.facilities), 2)
        self.groups = np.zeros((1, residents), np.int16)
        self.b_walk = prepared.people.b_walk

    def run_day(self, day: int) -> Page:
        """Run one day without the tally."""
        return self.simulation.run_day(day)

    def phases(self, day: int) -> list[float]:
        """Seconds of each phase of one day."""
        times = [time.thread_time()]
        needs = self.simulation.needs(day)
        times.append(time.thread_time())
        page = self.simulation.run_day(day, needs)
        times.append(time.thread_time())
        tally(page, self.sums, self.groups, self.facilities.format, self.facilities.service_min, self.b_walk)
        times.append(time.thread_time())
        return [after - before for before, after in pairwise(times)]


def timed(run_day: Callable[[int], Page], day: int, times: list[float]) -> Page:
    """Run a day and note the processor time of this thread."""
    begun = time.thread_time()
    page = run_day(day)
    times.append(time.thread_time() - begun)
    return page


def assert_same(one: Page, other: Page) -> None:
    for name, column in one.columns().items():
        same = other.columns()[name]
        assert np.array_equal(column, same, equal_nan=column.dtype.kind == "f"), f"ledgers differ in {name}"


def against_objects(rounds: int) -> Row:
    """Days of both forms, in turn; the object form also with one advancing stream, as is usual."""
    prepared, stages = made_town(RESIDENTS, OUTLETS)
    columns = Columns(prepared, stages)
    objects = ObjectSimulation(prepared, stages, SEED)
    stream = ObjectSimulation(prepared, stages, SEED, luck="stream")
    assert_same(columns.run_day(-1), objects.run_day(-1))
    stream.run_day(-1)
    columns.phases(-1)
    columns = Columns(prepared, stages)
    columns.run_day(-1)
    times: dict[str, list[float]] = {"columns": [], "objects": [], "objects, one stream": []}
    needs = 0
    for day in range(rounds):
        page = timed(columns.run_day, day, times["columns"])
        assert_same(page, timed(objects.run_day, day, times["objects"]))
        timed(stream.run_day, day, times["objects, one stream"])
        needs += page.rows
    ratio = {
        name: statistics.median(t / c for t, c in zip(times[name], times["columns"], strict=True))
        for name in times if name != "columns"
    }  # fmt: skip
    return {
        "residents": RESIDENTS, "outlets": OUTLETS, "rounds": rounds,
        "needs per resident-day": needs / rounds / RESIDENTS,
        "alternatives per need": alternatives_per_need(prepared),
        "ns per resident-day": {name: statistics.median(t) / RESIDENTS * 1e9 for name, t in times.items()},
        "columns are faster by": ratio,
    }  # fmt: skip


def by_phase(rounds: int) -> Row:
    """Nanoseconds per resident-day of each phase."""
    columns = Columns(*made_town(RESIDENTS, OUTLETS))
    columns.phases(-1)
    times = np.array([columns.phases(day) for day in range(rounds)]) / RESIDENTS * 1e9
    phases = dict(zip(PHASES, np.median(times, axis=0).tolist(), strict=True))
    least = dict(zip(PHASES, times.min(axis=0).tolist(), strict=True))
    return {
        "ns per resident-day": phases | {"day": float(np.median(times.sum(axis=1)))},
        "ns in the best round": least | {"day": float(times.sum(axis=1).min())},
        "rounds": rounds,
    }


def by_size(rounds: int) -> Row:
    """The same streets, outlets and alternatives with ever more residents, each served in less time."""
    towns = {size: Columns(*made_town(size, OUTLETS, service_min=1.5 * RESIDENTS / size)) for size in SIZES}
    for town in towns.values():
        town.phases(-1)
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for day in range(rounds):
        for size, town in towns.items():
            # Small towns run several days in a round, so that each takes a time one can measure.
            days = max(1, min(20, SIZES[-1] // size))
            spent = sum(sum(town.phases(day * days + more)) for more in range(days))
            times[size].append(spent / days / size * 1e9)
    cost = {str(size): statistics.median(t) for size, t in times.items()}
    ratio = statistics.median(last / first for last, first in zip(times[SIZES[-1]], times[SIZES[0]], strict=True))
    return {
        "ns per resident-day": cost,
        "ns in the best round": {str(size): min(t) for size, t in times.items()},
        "largest over smallest": ratio,
        "rounds": rounds,
        "alternatives per need": alternatives_per_need(towns[RESIDENTS].prepared),
    }


def memory() -> Row:
    """Bytes per resident: state, columns read, ledger page, working memory and sums."""
    columns = Columns(*made_town(RESIDENTS, OUTLETS))
    page, needs = columns.run_day(0), columns.simulation.needs(0)
    state, people = columns.simulation.state, columns.prepared.people
    personal = [state.performance, state.expectation, state.equity, state.purse, state.refused]
    sizes = {
        "state": sum(column.nbytes for column in personal),
        "traits": people.record.nbytes + people.budget.nbytes + people.rate.nbytes,
        "page": sum(getattr(page, name).nbytes for name in page.columns()),
        "working memory": sum(column.nbytes for column in columns.simulation._scratch),
        "needs and shortlist": sum(
            column.nbytes
            for column in (
                *needs.likely,
                needs.resident,
                needs.kind,
                needs.minute,
                needs.basket,
                needs.first,
                needs.then,
                needs.luck,
            )
        ),
        "sums": columns.sums.resident.nbytes,
    }
    return {"bytes per resident": {name: size / RESIDENTS for name, size in sizes.items()}}


def import_seconds(line: str, runs: int) -> float:
    """Median seconds of an import in a fresh interpreter."""
    times = [float(subprocess.run([sys.executable, "-c", line], check=True, capture_output=True, text=True).stdout)
             for _ in range(runs)]  # fmt: skip
    return statistics.median(times)


def table(result: Row) -> str:
    """The result as lines of text."""
    lines = []
    for title, row in result.items():
        lines.append(title)
        for name, value in row.items():
            parts = value.items() if isinstance(value, dict) else [("", value)]
            for part, figure in parts:
                shown = f"{figure:,.2f}" if isinstance(figure, float) else str(figure)
                lines.append(f"  {name:<24} {part:<34} {shown:>14}")
    return "\n".join(lines)


def main() -> None:
    """Measure all, print a table and write it beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds of each comparison")
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file")
    asked = parser.parse_args()
    result = {
        "machine": machine(),
        "columns against objects": against_objects(asked.rounds),
        "phases": by_phase(3 * asked.rounds),
        "sizes": by_size(asked.rounds),
        "memory": memory(),
        "import in a fresh interpreter": {
            "seconds": {line: import_seconds(IMPORT.format(line), 7)
                        for line in ("import circlesim", "from circlesim import Experiment")}},
    }  # fmt: skip
    print(table(result))
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
