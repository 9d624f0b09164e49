"""
What the store and the runner cost beside the engine, and how fast a large run folder opens.

Thousands of units of a tiny town are run into a folder by threads; seconds inside `run_unit` are summed for the
same units in the same run, by the processor clock of their threads, so that waiting for the other thread does not
count. What the process used beyond them until the last unit was stored is overhead: claims, encoding, digests,
flushing, scheduling. It is told by the size of the town, since it hardly grows with it. Then thousands of units of
a shorter run are stored, gathered, opened and compared in a fresh process.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import circlesim as cs
from circlesim.catalog.anchors import anchor_shares
from circlesim.experiments import work
from circlesim.experiments.anchoring import first_constants
from circlesim.experiments.runner import Runner
from machine import machine

RESULTS = Path(__file__).parent / "results" / "store.json"

OPEN = """
import json, sys, time
began = time.perf_counter()
import circlesim as cs
outcomes = cs.read_outcomes(sys.argv[1])
read = time.perf_counter()
rows = len(outcomes.compare())
compared = time.perf_counter()
print(json.dumps({"open_seconds": read - began, "compare_seconds": compared - read, "rows": rows,
                  "peak_mb": int(open("/proc/self/status").read().split("VmHWM:")[1].split()[0]) / 1024}))
"""


def experiment(units: int, residents: int, days: int) -> cs.Experiment:
    """Two scenarios on a tiny town; constants are not solved, which costs no time here and moves none."""
    as_is = cs.Scenario("as is", cs.demo_world("old_town", residents=residents), days=days)
    no_cash = as_is.with_policies("no cash", cs.RefuseCash(share=0.3, seed=5))
    return cs.Experiment(
        [as_is, no_cash], replications=units, seed=20230711, constants=first_constants(anchor_shares()),
        measures=("satisfaction_top2", "spend", "unmet_share"),
    )  # fmt: skip


class Clock:
    """Processor seconds inside the engine, over all threads."""

    def __init__(self) -> None:
        self.seconds, self._adding, self._run = 0.0, threading.Lock(), work.run_unit

    def run_unit(self, *args: object) -> object:
        """Run a unit and add its seconds."""
        began = time.thread_time()
        tables = self._run(*args)  # type: ignore[arg-type]
        with self._adding:
            self.seconds += time.thread_time() - began
        return tables


def run(asked: cs.Experiment, folder: Path, workers: int) -> dict[str, float]:
    """Run all units; where the seconds went."""
    cs.Experiment.run(experiment(2, 300, 3), workers=1)  # compiled and imported
    runner = Runner(asked, folder, workers, False, None)
    runner.prepare()
    _ = runner.whole.default
    clock = Clock()
    work.run_unit = clock.run_unit  # type: ignore[assignment]
    wall, processor = time.perf_counter(), time.process_time()
    runner.share(1, 1)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    work.run_unit = clock._run
    began = time.perf_counter()
    asked.run(folder, workers=workers)
    return {
        "wall_seconds": wall, "processor_seconds": processor, "engine_seconds": clock.seconds,
        "overhead_share": (processor - clock.seconds) / clock.seconds,
        "gather_seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip


def opened(folder: Path) -> dict[str, float]:
    """A finished run folder read and compared in a fresh process."""
    told = subprocess.run([sys.executable, "-c", OPEN, str(folder)], check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(told.stdout)
    return found


def large(units: int, workers: int) -> dict[str, object]:
    """Thousands of units of a week in a tiny town: what gathering and opening take."""
    folder = Path(tempfile.mkdtemp(prefix="store-"))
    found = run(experiment(units, 300, 7), folder, workers)
    size = sum(path.stat().st_size for path in folder.glob("units/*/*.zip"))
    body = {
        "units": units,
        "residents": 300,
        "days": 7,
        **found,
        "megabytes": size / 1e6,
        "opened": opened(folder),
    }
    shutil.rmtree(folder)
    return body


def by_size(units: int, workers: int) -> list[dict[str, float]]:
    """Overhead of a run of four weeks, by residents."""
    rows = []
    for residents in (600, 2000, 5000):
        folder = Path(tempfile.mkdtemp(prefix="store-"))
        found = run(experiment(units, residents, 28), folder, workers)
        rows.append({"units": units, "residents": residents, "days": 28, **found})
        shutil.rmtree(folder)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    body = {"workers": asked.workers, "by_size": by_size(max(asked.units // 100, 10), asked.workers),
            "large": large(asked.units, asked.workers), "machine": machine()}  # fmt: skip
    text = json.dumps(body, indent=1)
    print(text)
    RESULTS.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
