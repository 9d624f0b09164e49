"""Agenda: arrivals of a day in order of time, in buckets of a few seconds."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled
from circlesim.engine.sheet import NOBODY

HORIZON_MIN = 2880.0
"""Minutes the buckets span; the last one takes all that comes later."""


@compiled(inline=True, borrow=True)
def earlier(scratch: Any, people: Any, resident: Any, i: Any, j: Any) -> Any:
    """Total order of events: minute, then resident id, then need number."""
    if scratch.event_min[i] != scratch.event_min[j]:
        return scratch.event_min[i] < scratch.event_min[j]
    mine, other = people[resident[i]].id64, people[resident[j]].id64
    if mine != other:
        return mine < other
    return i < j


@compiled(inline=True, borrow=True)
def bucket_of(scratch: Any, i: Any) -> Any:
    """Bucket of the minute at which need i arrives."""
    buckets = scratch.bucket.size
    return min(buckets - 1, int(scratch.event_min[i] * (buckets / HORIZON_MIN)))


@compiled(inline=True, borrow=True)
def note(scratch: Any, i: Any) -> None:
    """Note need i in a bucket that is still to come, in no order."""
    b = bucket_of(scratch, i)
    scratch.after[i], scratch.bucket[b] = scratch.bucket[b], i


@compiled(inline=True, borrow=True)
def note_now(scratch: Any, people: Any, resident: Any, i: Any, b: Any) -> None:
    """Note need i while bucket b is being emptied; in b itself at its place among those left."""
    if bucket_of(scratch, i) > b:
        note(scratch, i)
        return
    before, after = NOBODY, scratch.bucket[b]
    while after >= 0 and earlier(scratch, people, resident, after, i):
        before, after = after, scratch.after[after]
    scratch.after[i] = after
    if before < 0:
        scratch.bucket[b] = i
    else:
        scratch.after[before] = i


@compiled(borrow=True)
def in_order(scratch: Any, people: Any, resident: Any, head: Any) -> Any:
    """
    Sort the needs of one bucket and return the first: a merge sort of its list.

    Hundreds arrive in the minute in which doors open; to pick out the earliest again and again would take a time
    that grows with the square of a town.
    """
    after, run = scratch.after, 1
    while head >= 0:
        rest, head, tail, merges = head, NOBODY, NOBODY, 0
        while rest >= 0:
            merges += 1
            left, right, lefts, rights = rest, rest, 0, run
            while lefts < run and right >= 0:
                lefts, right = lefts + 1, after[right]
            while lefts > 0 or (rights > 0 and right >= 0):
                from_right = lefts == 0 or (
                    rights > 0 and right >= 0 and earlier(scratch, people, resident, right, left)
                )
                if from_right:
                    i, right, rights = right, after[right], rights - 1
                else:
                    i, left, lefts = left, after[left], lefts - 1
                if tail < 0:
                    head = i
                else:
                    after[tail] = i
                tail = i
            rest = right
        after[tail] = NOBODY
        if merges == 1:
            return head
        run *= 2
    return NOBODY
