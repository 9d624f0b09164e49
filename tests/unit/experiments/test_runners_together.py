"""Runners on one folder, workers in other processes, and what is left when one of them dies."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest
from small_runs import as_is, cashless, small
from test_run_folder_resume import files, units

from circlesim.experiments.locks import is_held, locked, try_lock
from circlesim.experiments.status import status_of, unfinished_outcomes

HERE = Path(__file__).parent
MANY = 8

RUN = """
import sys
sys.path.insert(0, {here!r})
from small_runs import as_is, cashless, small
from circlesim.experiments import work

def noted(design, draw, replication, keep=None, *, run=work.run_unit):
    with open({log!r}, "a") as file:
        file.write(f"{{replication}}\\n")
    return run(design, draw, replication, keep)

work.run_unit = noted
small(as_is(), cashless(), replications={many}).run({folder!r}, workers=1)
"""


def start(folder: Path, log: Path) -> subprocess.Popen[bytes]:
    """A runner of its own, which notes each unit it begins."""
    script = RUN.format(here=str(HERE), log=str(log), folder=str(folder), many=MANY)
    return subprocess.Popen([sys.executable, "-c", script])


def asked(**changes):
    return small(as_is(), cashless(), **({"replications": MANY} | changes))


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone")
    asked().run(folder, workers=1)
    return folder


def test_two_runners_share_a_folder_and_no_unit_runs_twice(whole, tmp_path):
    children = [start(tmp_path / "run", tmp_path / f"log{i}") for i in range(2)]
    assert [child.wait(timeout=300) for child in children] == [0, 0]
    begun = Counter(line for i in range(2) for line in (tmp_path / f"log{i}").read_text().split())
    assert begun == {str(r): 1 for r in range(MANY)}
    assert files(tmp_path / "run") == files(whole)


def test_what_a_dead_runner_had_claimed_is_taken_over(whole, tmp_path):
    child = start(tmp_path / "run", tmp_path / "log")
    until = time.monotonic() + 300
    while time.monotonic() < until and not units(tmp_path / "run"):
        time.sleep(0.005)
    os.kill(child.pid, signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)  # a signal is on its way for a moment, in which a claim may still be made
    try:
        claimed = {path.name for path in (tmp_path / "run" / "claims").glob("a*") if is_held(path)}
        there = status_of(tmp_path / "run")
    finally:
        child.kill()
        child.wait()
    assert set(there.in_flight) == claimed - set(there.done)
    assert not any(is_held(path) for path in (tmp_path / "run" / "claims").iterdir())
    asked().run(tmp_path / "run", workers=1)
    assert files(tmp_path / "run") == files(whole)


def killed_and_resumed(folder: Path, log: Path, kills: int, seconds: float) -> int:
    """Kill a run again and again at other moments, then let it end; return how often it was killed."""
    killed = 0
    for attempt in range(kills):
        child = start(folder, log)
        try:
            child.wait(timeout=seconds * (1.0 + 0.61803 * attempt % 1.0))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            killed += 1
    assert start(folder, log).wait(timeout=300) == 0
    return killed


def test_a_run_killed_three_times_ends_like_one_never_stopped(whole, tmp_path):
    # Importing and compiling take a second or so: kills fall before, among and after the first units.
    killed = killed_and_resumed(tmp_path / "run", tmp_path / "log", kills=3, seconds=2.0)
    assert killed >= 1
    assert files(tmp_path / "run") == files(whole)
    begun = Counter((tmp_path / "log").read_text().split())
    # A unit begins again only where a kill found it in flight; one worker has one in flight.
    assert sum(begun.values()) <= MANY + killed
    assert set(begun) == {str(r) for r in range(MANY)}


def test_the_result_does_not_know_which_executor_ran_it(whole, tmp_path):
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn) as pool:
        asked().run(tmp_path / "processes", executor=pool)
        kept = asked().run(executor=pool)
    with ThreadPoolExecutor(3) as pool:
        asked().run(tmp_path / "threads", executor=pool)
    assert files(tmp_path / "processes") == files(whole)
    assert files(tmp_path / "threads") == files(whole)
    assert kept.compare().equals(asked().run(workers=1).compare())


def test_a_worker_that_does_not_see_the_folder_hands_its_units_back(whole, tmp_path, monkeypatch):
    from circlesim.experiments import dispatch, work

    def blind(piece, run=work.run_work):
        from dataclasses import replace

        return run(replace(piece, folder=tmp_path / "not there"))

    class Elsewhere(ThreadPoolExecutor):
        """Threads that a runner takes for another machine."""

    monkeypatch.setattr(dispatch, "run_work", blind)
    monkeypatch.setattr(dispatch.Dispatch, "shares_memory", False)
    with Elsewhere(2) as pool:
        asked().run(tmp_path / "run", executor=pool)
    assert files(tmp_path / "run") == files(whole)
    assert not (tmp_path / "not there").exists()


def test_shares_of_a_run_are_disjoint_and_together_all_of_it(whole, tmp_path):
    folder = tmp_path / "run"
    asked().runner(folder, 1).prepare()
    done = []
    for number in (3, 1, 2):
        runner = asked().runner(folder, 1)
        runner.prepare(plan=False)
        before = set(units(folder))
        assert runner.share(number, 3) == ()
        done.append(set(units(folder)) - before)
    assert [sorted(share) for share in done] == [
        [f"a000-r{r:04d}" for r in range(first, MANY, 3)] for first in (2, 0, 1)
    ]
    asked().run(folder, workers=1)
    assert files(folder) == files(whole)


def test_a_share_leaves_units_that_others_are_at(tmp_path):
    folder = tmp_path / "run"
    asked(replications=2).runner(folder, 1).prepare()
    with try_lock(folder / "claims" / "a000-r0000"):
        runner = asked(replications=2).runner(folder, 1)
        runner.prepare(plan=False)
        runner.share(1, 1)
        assert sorted(units(folder)) == ["a000-r0001"]
        assert status_of(folder).in_flight == ("a000-r0000",)


def test_an_unfinished_run_can_be_compared_and_says_on_what_it_rests(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "run")
    for name in ("manifest.json", "outcomes.parquet", "comparison.csv"):
        (tmp_path / "run" / name).unlink()
    for name in ("a000-r0002", "a000-r0005"):
        units(tmp_path / "run")[name].unlink()
    so_far = unfinished_outcomes(tmp_path / "run")
    assert so_far.manifest["units"] == {"planned": MANY, "done": MANY - 2, "failed": 0}
    assert set(so_far.compare()["replications"]) == {MANY - 2}
    status = status_of(tmp_path / "run")
    assert status.missing == ("a000-r0002", "a000-r0005")
    assert 0 < status.minutes_left < 1
    assert not status.finished


def test_a_lock_is_held_by_one_and_free_once_released(tmp_path):
    first = try_lock(tmp_path / "a")
    assert is_held(tmp_path / "a")
    assert try_lock(tmp_path / "a") is None
    first.release()
    assert not is_held(tmp_path / "a")
    with try_lock(tmp_path / "a"):
        assert is_held(tmp_path / "a")


def test_a_lock_waited_for_is_got_in_the_end(tmp_path):
    count, inside = [], []

    def enter(_):
        with locked(tmp_path / "gate"):
            inside.append(len(inside) - len(count))
            time.sleep(0.002)
            count.append(1)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(enter, range(12)))
    assert inside == [0] * 12


@pytest.mark.slow
def test_a_run_killed_at_twenty_moments_ends_like_one_never_stopped(whole, tmp_path):
    killed = 0
    seconds = starting_seconds()
    for attempt in range(20):
        # Spread over the start, the units and the gathering; the golden ratio fills the span evenly.
        moment = seconds * (0.5 + 1.5 * (0.61803 * attempt % 1.0))
        child = start(tmp_path / "run", tmp_path / "log")
        try:
            child.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
            killed += 1
        if len(units(tmp_path / "run")) == MANY and attempt % 4 == 3:
            for path in list(units(tmp_path / "run").values())[::2]:
                path.unlink()  # there is to be something left to kill
                forget(tmp_path / "log", path.stem)
    assert killed >= 10
    assert start(tmp_path / "run", tmp_path / "log").wait(timeout=300) == 0
    assert files(tmp_path / "run") == files(whole)
    begun = Counter((tmp_path / "log").read_text().split())
    assert sum(begun.values()) <= MANY + killed


def starting_seconds() -> float:
    """How long a process takes until its first unit."""
    began = time.monotonic()
    lines = [f"import sys; sys.path.insert(0, {str(HERE)!r})", "from small_runs import as_is, cashless, small",
             "small(as_is(), cashless(), replications=1).run(workers=1)"]  # fmt: skip
    subprocess.run([sys.executable, "-c", "\n".join(lines)], check=True)
    return time.monotonic() - began


def forget(log: Path, unit: str) -> None:
    """Strike a unit that was taken away out of the log."""
    lines = [line for line in log.read_text().split() if line != str(int(unit.rpartition("r")[2]))]
    log.write_text("".join(f"{line}\n" for line in lines))
