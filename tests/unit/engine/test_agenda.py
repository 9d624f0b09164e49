"""Arrivals leave the agenda by minute, then resident id, then need, however they were noted."""

from __future__ import annotations

import time

import numpy as np
import pytest

from circlesim.engine.agenda import in_order, note, note_now
from circlesim.engine.columns import RESIDENT
from circlesim.engine.sheet import NOBODY, Scratch, empty_scratch


def crowd(count: int, minutes: int, seed: int) -> tuple[Scratch, np.ndarray, np.ndarray]:
    """As many needs, each resident with several, at whole minutes, so that most are ties."""
    rng = np.random.default_rng(seed)
    scratch, people = empty_scratch(count), np.zeros(max(1, count // 3), RESIDENT)
    people["id64"] = rng.permutation(len(people)).astype(np.uint64) << np.uint64(40)
    scratch.event_min[:] = 360.0 + rng.integers(0, minutes, count)
    scratch.bucket[:] = NOBODY
    return scratch, people, rng.integers(0, len(people), count).astype(np.int32)


def emptied(
    scratch: Scratch, people: np.ndarray, resident: np.ndarray, late: list[int] | None = None
) -> list[int]:
    """Take everybody off the agenda in order; after each, the next of those who come `late` is noted."""
    out: list[int] = []
    late = list(late or [])
    for b in range(len(scratch.bucket)):
        scratch.bucket[b] = in_order(scratch, people, resident, scratch.bucket[b])
        while scratch.bucket[b] >= 0:
            i = int(scratch.bucket[b])
            scratch.bucket[b] = scratch.after[i]
            out.append(i)
            if late:
                note_now(scratch, people, resident, late.pop(), b)
    return out


@pytest.mark.parametrize(
    ("count", "minutes"), [(0, 1), (1, 1), (2, 1), (7, 1), (64, 1), (500, 1), (500, 3), (777, 60)]
)
def test_arrivals_come_in_their_total_order(count: int, minutes: int) -> None:
    scratch, people, resident = crowd(count, minutes, seed=count)
    for i in range(count):
        note(scratch, i)
    expected = np.lexsort((np.arange(count), people["id64"][resident], scratch.event_min))
    assert emptied(scratch, people, resident) == expected.tolist()


def test_who_walks_on_takes_a_place_among_those_still_to_come() -> None:
    # The second half is noted while the first is served, none of them for a minute that has passed.
    scratch, people, resident = crowd(400, 1, seed=9)
    scratch.event_min[200:] += np.random.default_rng(1).integers(1, 300, 200)
    for i in range(200):
        note(scratch, i)
    left = emptied(scratch, people, resident, late=list(range(200, 400)))
    assert sorted(left) == list(range(400))
    assert (np.diff(scratch.event_min[left]) >= 0).all()


def test_a_crowd_at_the_door_costs_in_proportion_to_its_size() -> None:
    # Everybody in one minute: eight times as many take about eight times as long, not sixty-four.
    def seconds(count: int) -> float:
        scratch, people, resident = crowd(count, 1, seed=3)
        for i in range(count):
            note(scratch, i)
        b = int(np.flatnonzero(scratch.bucket >= 0)[0])
        begun = time.thread_time()
        in_order(scratch, people, resident, scratch.bucket[b])
        return time.thread_time() - begun

    seconds(8)
    small, large = (min(seconds(count) for _ in range(3)) for count in (20_000, 160_000))
    assert large < 30 * small
