"""Kin: who lives with whom, once it is known how many households of each type and people of each age there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.world.census_cells import Cells
from circlesim.world.household_types import CHILD_BELOW, generations
from circlesim.world.households import Households

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_SPREAD_YEARS = 6.0
"""Years within which members of one generation differ; assumption."""
_COLLECTIVE_FROM = 15.0
_LAST_YEARS = 30.0

# Words of the keys of this module.
_ORDER, _YOUNGEST, _OWN_AGE, _SEX, _ALONE = range(72, 77)


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """
    A town in whole numbers.

    Parameters
    ----------
    cells : Cells
        What the numbers count.
    people : ndarray of int64, shape (P,)
        Residents of each age and sex.
    households : ndarray of int64, shape (H,)
        Family households of each type.
    alone : ndarray of int64, shape (3,)
        Children, adults and elders outside family households.
    """

    cells: Cells
    people: Ints
    households: Ints
    alone: Ints


@dataclass(frozen=True, slots=True)
class _Places:
    """Every place in a household: whose, of which class of age, which age suits it, and its luck of sex."""

    household: Ints
    age_class: Ints
    age: Floats
    sex: Floats


def settle(town: Town, seed: int) -> tuple[Households, NDArray[np.int8], NDArray[np.bool_]]:
    """
    Give every person a place in a household.

    A household draws the age of its youngest generation among those at which all its members can be of the class
    of age they are; the generations above are a stated number of years older. Places are filled in the order of
    the ages that suit them, women and men apart, so that the people of the census are all placed and each as near
    as can be to the age that suits the place. Two of one generation are a woman and a man wherever numbers allow.
    A plain rule and no estimate.

    Parameters
    ----------
    town : Town
        People by age and sex, households by type.
    seed : int
        Root seed.

    Returns
    -------
    tuple of (Households, ndarray of int8, ndarray of bool)
        The people, the oldest of a household first; generations of each household (1 for residents outside);
        which households are residents outside family households.
    """
    kind = np.repeat(np.arange(len(town.households)), town.households)
    luck = draws.uniforms(seed, draws.SYNTHESIS, _ORDER, np.arange(len(kind), dtype=np.uint64))
    kind = kind[np.argsort(luck, kind="stable")]
    family, outside = _family_places(town.cells, kind, seed), _places_outside(town, len(kind), seed)
    places = _Places(*(np.concatenate(pair) for pair in zip(_columns(family), _columns(outside), strict=True)))
    age, sex = _fill(town, places)
    order = np.lexsort((-age, places.household))
    alone = np.arange(len(kind) + len(outside.household)) >= len(kind)
    people = Households(
        age=age[order].astype(np.int16), sex=sex[order].astype(np.uint8),
        household=places.household[order].astype(np.int32), households=len(alone),
    )  # fmt: skip
    return (
        people,
        np.where(alone, 1, np.r_[town.cells.types.generations[kind], alone[len(kind) :]]).astype(np.int8),
        alone,
    )


def _columns(places: _Places) -> tuple[Ints, Ints, Floats, Floats]:
    return places.household, places.age_class, places.age, places.sex


def _family_places(cells: Cells, kind: Ints, seed: int) -> _Places:
    """Places of family households, by their types."""
    types, first = cells.types, cells.elder_from
    size, used = types.size, np.unique(kind)
    start = np.zeros(len(size), dtype=np.int64)
    start[used] = np.cumsum(size[used]) - size[used]
    above: list[int] = []
    age_class: list[int] = []
    mate: list[int] = []
    youngest = np.zeros((len(size), 3))
    for k in used.tolist():
        who = int(types.children[k]), int(types.adults[k]), int(types.elders[k])
        found = generations(*who, int(types.generations[k]), first)
        assert found is not None  # impossible types are not listed
        above += found.above
        age_class += [2] * who[2] + [1] * who[1] + [0] * who[0]
        mate += [found.above[:i].count(up) for i, up in enumerate(found.above)]
        youngest[k] = found.first, found.last, found.gap
    household = np.repeat(np.arange(len(kind)), size[kind])
    rank = np.arange(len(household)) - np.repeat(np.cumsum(size[kind]) - size[kind], size[kind])
    at = start[kind][household] + rank
    up, pair = np.array(above, dtype=np.int64)[at], np.array(mate, dtype=np.int64)[at]
    low, high, gap = youngest[kind].T
    base = low + (high - low) * _luck(seed, _YOUNGEST, np.arange(len(kind)))
    own = (_luck(seed, _OWN_AGE, household, rank) - 0.5) * _SPREAD_YEARS
    sex = _luck(seed, _SEX, household, up * 16 + pair // 2)
    return _Places(
        household, np.array(age_class, dtype=np.int64)[at], base[household] + gap[household] * up + own,
        np.where(pair % 2 == 1, 1.0 - sex, sex),
    )  # fmt: skip


def _luck(seed: int, word: int, *names: Ints) -> Floats:
    return draws.uniforms(seed, draws.SYNTHESIS, word, *(name.astype(np.uint64) for name in names))


def _places_outside(town: Town, taken: int, seed: int) -> _Places:
    """Places outside family households, where people of any age from that of boarding schools on may be."""
    age_class = np.repeat(np.arange(3), town.alone)
    number = np.arange(len(age_class))
    low = np.array([_COLLECTIVE_FROM, CHILD_BELOW, town.cells.elder_from])[age_class]
    high = np.array([CHILD_BELOW, town.cells.elder_from, town.cells.elder_from + _LAST_YEARS])[age_class]
    age = low + (high - low) * _luck(seed, _ALONE, number)
    return _Places(taken + number, age_class, age, _luck(seed, _SEX, taken + number))


def _fill(town: Town, places: _Places) -> tuple[Ints, Ints]:
    """Age and sex of who takes each place."""
    cells = town.cells
    age, sex = np.zeros(len(places.age), dtype=np.int64), np.zeros(len(places.age), dtype=np.int64)
    for age_class in range(3):
        at = np.flatnonzero(places.age_class == age_class)
        of_class = cells.age_class == age_class
        women = int(town.people[of_class & (cells.sex == 0)].sum())
        by_sex = at[np.argsort(places.sex[at], kind="stable")]
        for number, own in ((0, by_sex[:women]), (1, by_sex[women:])):
            these = of_class & (cells.sex == number)
            by_age = own[np.argsort(places.age[own], kind="stable")]
            age[by_age] = np.repeat(cells.age[these], town.people[these])
            sex[by_age] = number
    return age, sex
