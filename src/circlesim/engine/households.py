"""Households: whose needs are one, and which member goes."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import uint64
from numpy.typing import NDArray

from circlesim.behaviour.sharing import errand_cost
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import HOUSEHOLD_SERVICES
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.luck import ERRAND
from circlesim.world.population import Mobility, Population

SHARED = np.array([service in HOUSEHOLD_SERVICES for service, _ in KINDS], dtype=np.int64)
"""1 for each kind of need that a household has together."""


class Households(NamedTuple):
    """
    Who lives together.

    Parameters
    ----------
    bearer : ndarray of uint64, shape (R,)
        What draws for the household: the smallest id of its members.
    ptr : ndarray of int64, shape (R + 1,)
        Members of the household of resident r: ``member[ptr[r]:ptr[r + 1]]``.
    member : ndarray of int32, shape (M,)
        Resident rows, by id.
    own : ndarray of float32, shape (R, K)
        Rate at which each would go: that of their own needs; 0 for who cannot go while another can.
    together : ndarray of float64, shape (R, K)
        Needs a weekday of the household; those of the resident alone for kinds that are not shared.
    """

    bearer: NDArray[np.uint64]
    ptr: NDArray[np.int64]
    member: NDArray[np.int32]
    own: NDArray[np.float32]
    together: NDArray[np.float64]


def households(population: Population) -> Households:
    """
    Find who lives together.

    Parameters
    ----------
    population : Population
        The residents; those of one household number and home live together.

    Returns
    -------
    Households
        One row a resident.
    """
    people = len(population)
    order = np.lexsort((population.id64, population.home_row, population.household))
    number, home = population.household[order], population.home_row[order]
    new = np.ones(people, dtype=bool)
    new[1:] = (number[1:] != number[:-1]) | (home[1:] != home[:-1])
    place = np.empty(people, dtype=np.int64)
    place[order] = np.cumsum(new) - 1
    count = np.bincount(place, minlength=1)
    ends = np.cumsum(count)
    sizes = count[place]
    ptr = np.concatenate([[0], np.cumsum(sizes)])
    start = (ends - count)[place]
    member = order[np.repeat(start - ptr[:-1], sizes) + np.arange(ptr[-1])]
    bearer = population.id64[order][start] if people else population.id64
    rate = population.need_rate
    able = np.where((population.mobility == Mobility.HOMEBOUND)[:, None], np.float32(0.0), rate)
    together = _sums(rate, place)
    # A household all of whose members with the need stay at home still has it, and orders.
    own = np.where(_sums(able, place) > 0, able, rate)
    shared = SHARED == 1
    return Households(
        bearer, ptr, member.astype(np.int32), np.where(shared, own, rate).astype(np.float32),
        np.where(shared, together, rate),
    )  # fmt: skip


def _sums(rate: NDArray[np.float32], place: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sums over the household of each resident; members by id, whatever the order of rows."""
    total = np.zeros((int(place.max(initial=-1)) + 1, rate.shape[1]))
    # Rates are float32 and few, so that adding them as float64 is exact in any order.
    np.add.at(total, place, rate.astype(np.float64))
    return np.asarray(total[place], dtype=np.float64)


def no_households(population: Population) -> Households:
    """
    Let everybody go for themselves.

    Parameters
    ----------
    population : Population
        The residents.

    Returns
    -------
    Households
        Without members.
    """
    nobody = (0, len(KINDS))
    return Households(
        np.zeros(0, np.uint64), np.zeros(1, np.int64), np.zeros(0, np.int32), np.zeros(nobody, np.float32),
        np.zeros(nobody),
    )  # fmt: skip


@compiled(borrow=True)
def goes(people: Any, homes: Any, keys: Any, r: Any, k: Any) -> Any:
    """Tell whether resident r is the member of the household to whom an errand of kind k costs least."""
    if homes.own[r, k] <= 0.0:
        return False
    mine = errand_cost(exponential(unit(chain(keys[ERRAND, k], people[r].id64))), float(homes.own[r, k]))
    for z in range(homes.ptr[r], homes.ptr[r + 1]):
        m = homes.member[z]
        if m == r or homes.own[m, k] <= 0.0:
            continue
        cost = errand_cost(exponential(unit(chain(keys[ERRAND, k], people[m].id64))), float(homes.own[m, k]))
        if cost < mine or (cost == mine and people[m].id64 < people[r].id64):
            return False
    return True


@compiled(inline=True, borrow=True)
def bearer_of(homes: Any, r: Any) -> Any:
    """Id that draws for the household of resident r."""
    return uint64(homes.bearer[r])
