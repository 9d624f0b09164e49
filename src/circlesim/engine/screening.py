"""Screening: which outlets could win a need at all, by an exact bound on their luck."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import int64, uint64

from circlesim.behaviour.choosing import nested_luck, outlet_utility
from circlesim.behaviour.walking import walk_min
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.compiled import compiled
from circlesim.draws import chain
from circlesim.engine.luck import AT_HOME, BIN_SHIFT, CHOICE, OUTLETS, WITHOUT, Luck
from circlesim.engine.needs import SERVICE, Needs
from circlesim.engine.shortlist import Shortlist
from circlesim.engine.town import Town


def shortlisted(town: Town, luck: Luck, needs: Needs, buffer: Shortlist) -> Shortlist:
    """
    List the outlets that could win each need of a day.

    Parameters
    ----------
    town : Town
        For the attraction of each outlet; the list holds in every town where none is higher.
    luck : Luck
        Luck of the day, that of its needs included.
    needs : Needs
        The needs of the day.
    buffer : Shortlist
        Buffer to fill.

    Returns
    -------
    Shortlist
        The buffer, or a longer one.
    """
    while not _list(
        town,
        luck,
        needs.resident,
        needs.kind,
        needs.joins,
        needs.trip,
        needs.rows,
        buffer.ptr,
        buffer.entry,
        buffer.most,
    ):
        longer = 2 * buffer.entry.size + 64
        buffer = Shortlist(buffer.ptr, np.zeros(longer, np.int32), np.zeros(longer))
    return buffer


_BLOCK = 64
"""Outlets screened before those that could win are written down: a bit each."""


@compiled(inline=True, borrow=True)
def forgone(town: Any, luck: Any, row: Any, r: Any, s: Any) -> Any:
    """Utility of going without."""
    return town.constants[town.people[r].age_group, s, 3] + luck.need[row, WITHOUT]


@compiled(inline=True, borrow=True)
def at_home(town: Any, luck: Any, row: Any, r: Any, s: Any) -> Any:
    """Utility of one's own kitchen and hands; minus infinity where the service has none."""
    constant = town.constants[town.people[r].age_group, s, 1]
    return constant + luck.need[row, AT_HOME] if constant > UNAVAILABLE else -np.inf


@compiled(inline=True, borrow=True)
def entries_of(town: Any, person: Any, s: Any) -> Any:
    """First and last but one position in the reach table of the outlets of service s around a home."""
    row = int64(person.origin) * town.attraction.shape[0] + s
    return town.ptr[row], town.ptr[row + 1]


@compiled(inline=True, borrow=True)
def entries_for_staff(town: Any, person: Any, s: Any) -> Any:
    """First and last but one position of the outlets around a home, by the ways of staff, who walk freely."""
    row = int64(person.origin - person.block) * town.attraction.shape[0] + s
    return town.ptr[row], town.ptr[row + 1]


class _Seeker(NamedTuple):
    """Who looks for an outlet and with what luck: numbers taken out of their records once a need."""

    speed: Any
    b_walk: Any
    spread: Any
    tau: Any
    shared: Any
    key: Any
    lasting: Any


@compiled(inline=True, borrow=True)
def _seeker(town: Any, luck: Any, on_the_way: Any, row: Any, r: Any, k: Any) -> Any:
    """Gather the seeker of one need."""
    person, service = town.people[r], town.service[SERVICE[k]]
    key, lasting = chain(luck.keys[CHOICE, k], person.id64), chain(luck.taste, person.id64)
    # On an outing, or a trip made anyway, an outlet may lie on the way and add no walk at all.
    b_walk = 0.0 if on_the_way else person.b_walk
    return _Seeker(person.speed, b_walk, service.taste_sd, service.tau, luck.need[row, OUTLETS], key, lasting)


@compiled(inline=True, borrow=True)
def _most_utility(town: Any, attraction: Any, luck: Any, who: Any, e: Any) -> Any:
    """Most utility the outlet at position e can have: no wait, not moved, and the best luck its hashes allow."""
    f, law = uint64(town.facility[e]), town.law[0]
    bits, taste = chain(who.key, town.outlet_id64[f]), chain(who.lasting, town.outlet_id64[f])
    walk = walk_min(float(town.metres[e]), who.speed)
    most = outlet_utility(attraction[f], who.b_walk, walk, law.b_wait, 0.0, law.b_shift, 0.0)
    most += who.spread * luck.normal_bound[taste >> uint64(BIN_SHIFT)]
    return most + nested_luck(who.tau, luck.gumbel_bound[bits >> uint64(BIN_SHIFT)], who.shared)


@compiled(inline=True, borrow=True)
def _likely(town: Any, attraction: Any, luck: Any, who: Any, least: Any, first: Any, count: Any) -> Any:
    """
    Mark which of up to 64 outlets could win, a bit each.

    The pass stores nothing and counts its positions without a sign, so that the processor takes several at a time.
    """
    marks = uint64(0)
    for j in range(uint64(count)):
        marks |= uint64(_most_utility(town, attraction, luck, who, uint64(first) + j) >= least) << j
    return marks


@compiled(borrow=True)
def _list(
    town: Any, luck: Any, resident: Any, kind: Any, joins: Any, trip: Any, rows: Any, ptr: Any, entry: Any,
    most: Any,
) -> Any:  # fmt: skip
    """Fill the buffer; return whether it had room."""
    n = 0
    used = town.law[0].b_habit if town.switches.habit == 1 else 0.0
    for i in range(rows):
        ptr[i] = n
        r, s = resident[i], SERVICE[kind[i]]
        who = _seeker(town, luck, joins[i] == 1 or trip[i] != 0, i, r, kind[i])
        attraction = town.most_attraction[s]
        least = max(forgone(town, luck, i, r, s), at_home(town, luck, i, r, s)) - used
        low, high = entries_of(town, town.people[r], s)
        if n + high - low > entry.size:
            return False
        for first in range(low, high, _BLOCK):
            marks = _likely(town, attraction, luck, who, least, first, min(_BLOCK, high - first))
            e = first
            while marks != 0:
                if marks & uint64(1):
                    entry[n], most[n] = e, _most_utility(town, attraction, luck, who, uint64(e)) + used
                    n += 1
                marks >>= uint64(1)
                e += 1
    ptr[rows] = n
    return True
