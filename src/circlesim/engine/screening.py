"""Screening: which outlets could win a need at all, by an exact bound on their luck."""

from __future__ import annotations

from typing import Any

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
    while not _list(town, luck, needs.resident, needs.kind, needs.rows, buffer.ptr, buffer.entry, buffer.most):
        longer = 2 * buffer.entry.size + 64
        buffer = Shortlist(buffer.ptr, np.zeros(longer, np.int32), np.zeros(longer))
    return buffer


_BLOCK = 64
"""Outlets looked at before those that could win are written down: one bit each."""


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
def most_utility(
    attraction: Any, b_walk: Any, walk: Any, law: Any, spread: Any, tau: Any, shared: Any, luck: Any, bits: Any,
    taste: Any,
) -> Any:  # fmt: skip
    """Most utility an outlet with these hashes can have: no wait, not moved, and the best luck each allows."""
    most = outlet_utility(attraction, b_walk, walk, law.b_wait, 0.0, law.b_shift, 0.0)
    most += spread * luck.normal_bound[taste >> uint64(BIN_SHIFT)]
    return most + nested_luck(tau, luck.gumbel_bound[bits >> uint64(BIN_SHIFT)], shared)


@compiled(borrow=True)
def _list(town: Any, luck: Any, resident: Any, kind: Any, rows: Any, ptr: Any, entry: Any, most: Any) -> Any:
    """Fill the buffer; return whether it had room."""
    n = 0
    law, facility, metres, ids = town.law[0], town.facility, town.metres, town.outlet_id64
    for i in range(rows):
        ptr[i] = n
        r, s = resident[i], SERVICE[kind[i]]
        person, service, attraction = town.people[r], town.service[s], town.attraction[s]
        speed, b_walk, shared = person.speed, person.b_walk, luck.need[i, OUTLETS]
        key, lasting = chain(luck.keys[CHOICE, kind[i]], person.id64), chain(luck.taste, person.id64)
        least = max(forgone(town, luck, i, r, s), at_home(town, luck, i, r, s))
        low, high = entries_of(town, person, s)
        if n + high - low > entry.size:
            return False
        for block in range(low, high, _BLOCK):
            # A pass that stores nothing, with unsigned positions, takes several outlets at a time.
            likely = uint64(0)
            for j in range(uint64(min(_BLOCK, high - block))):
                e = uint64(block) + j
                f = uint64(facility[e])
                walk = walk_min(float(metres[e]), speed)
                bits, taste = chain(key, ids[f]), chain(lasting, ids[f])
                best = most_utility(
                    attraction[f], b_walk, walk, law, service.taste_sd, service.tau, shared, luck, bits, taste
                )
                likely |= uint64(best >= least) << j
            j = uint64(0)
            while likely != 0:
                if likely & uint64(1):
                    e = uint64(block) + j
                    f = uint64(facility[e])
                    walk = walk_min(float(metres[e]), speed)
                    bits, taste = chain(key, ids[f]), chain(lasting, ids[f])
                    entry[n] = e
                    most[n] = most_utility(
                        attraction[f], b_walk, walk, law, service.taste_sd, service.tau, shared, luck, bits, taste
                    )
                    n += 1
                likely >>= uint64(1)
                j += uint64(1)
    ptr[rows] = n
    return True
