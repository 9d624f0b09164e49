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
def most_utility(town: Any, luck: Any, person: Any, s: Any, key: Any, lasting: Any, shared: Any, e: Any) -> Any:
    """Most utility that the outlet at position e can have: no wait, not moved, and the best luck of its hash."""
    law, service, f = town.law[0], town.service[s], town.facility[e]
    outlet = town.outlets[f]
    walk = walk_min(float(town.metres[e]), person.speed)
    most = outlet_utility(town.attraction[s, f], person.b_walk, walk, law.b_wait, 0.0, law.b_shift, 0.0)
    most += service.taste_sd * luck.normal_bound[chain(lasting, outlet.id64) >> uint64(BIN_SHIFT)]
    bound = luck.gumbel_bound[chain(key, outlet.id64) >> uint64(BIN_SHIFT)]
    return most + nested_luck(service.tau, bound, shared)


@compiled(borrow=True)
def _list(
    town: Any, luck: Any, resident: Any, kind: Any, rows: Any, ptr: Any, entry: Any, most: Any
) -> Any:
    """Fill the buffer; return whether it had room."""
    n = 0
    for i in range(rows):
        ptr[i] = n
        r, s = resident[i], SERVICE[kind[i]]
        person = town.people[r]
        key, lasting = chain(luck.keys[CHOICE, kind[i]], person.id64), chain(luck.taste, person.id64)
        least = max(forgone(town, luck, i, r, s), at_home(town, luck, i, r, s))
        low, high = entries_of(town, person, s)
        for e in range(low, high):
            best = most_utility(town, luck, person, s, key, lasting, luck.need[i, OUTLETS], e)
            if best < least:
                continue
            if n >= entry.size:
                return False
            entry[n], most[n] = e, best
            n += 1
    ptr[rows] = n
    return True
