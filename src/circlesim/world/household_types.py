"""Household types: how many children, adults and elders live together, in how many generations."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.parameters import Parameters

CHILD_BELOW = 20
"""First age of an adult: the census has bands of five years, and few found a household before."""
OLDEST_MEMBER = 100
MOST_ELDERS = 4
MOST_GENERATIONS = 4

_GAPS = (28, 26, 30, 24, 32, 22, 36, 20, 40, 18, 44)
"""Years between generations, the likeliest first; assumption."""
_WITHIN = 6
"""Years by which members of one generation may differ from it; assumption."""
_SIZE_TAIL = 0.45
"""Each further member beyond six makes a size this much rarer; assumption."""
_RARER, _CROWD = 0.8, 0.3
"""Weight of each step away from the usual gap, and of each third member of a generation; assumptions."""
_COUPLE = 2
"""A generation ends where a class of age does, or at most so many members from there."""
_SIBLINGS = 0.01
"""Weight of a child who is of one generation with an adult; assumption."""
_MINORS_FROM, _MINORS_TOGETHER, _MINORS_ALONE = 15, 2, 0.0005
"""Households without an adult: from which age, of how many at most, and how common beside what chance would make
of them; assumptions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generations:
    """
    How the members of a household, the oldest first, fall into generations.

    Parameters
    ----------
    above : tuple of int
        Generations above the youngest, by member.
    gap : int
        Years between generations.
    first, last : int
        From which to below which age the youngest generation may be.
    siblings : bool
        True where a child is of one generation with an adult or an elder.
    """

    above: tuple[int, ...]
    gap: int
    first: int
    last: int
    siblings: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdTypes:
    """
    Types of family households.

    Parameters
    ----------
    children, adults, elders : ndarray of int64, shape (H,)
        Members below `CHILD_BELOW`, between, and from the age of elders on.
    generations : ndarray of int64, shape (H,)
        Generations among them.
    seed : ndarray of float64, shape (H,)
        How common the type is before any margin is known; sums to 1.
    """

    children: NDArray[np.int64]
    adults: NDArray[np.int64]
    elders: NDArray[np.int64]
    generations: NDArray[np.int64]
    seed: NDArray[np.float64]

    @property
    def size(self) -> NDArray[np.int64]:
        """Members."""
        return self.children + self.adults + self.elders

    def take(self, kept: NDArray[np.bool_]) -> HouseholdTypes:
        """
        Leave types out.

        Parameters
        ----------
        kept : ndarray of bool, shape (H,)
            Which stay.

        Returns
        -------
        HouseholdTypes
            The rest; their seeds sum to 1 again.
        """
        left = {column.name: getattr(self, column.name)[kept] for column in fields(self)}
        return HouseholdTypes(**left | {"seed": left["seed"] / left["seed"].sum()})


def household_types(
    largest: int, elder_from: int, shares: tuple[float, float, float], parameters: Parameters
) -> HouseholdTypes:
    """
    List the types and how common they are before any margin is known.

    The seed is the national share of the size, times the chance that so many members out of the place's own ages
    are children, adults and elders, shared out by how naturally they fall into so many generations. Margins
    overrule it wherever they speak; what they leave open is as the seed has it, a grade D assumption.

    Parameters
    ----------
    largest : int
        Most members.
    elder_from : int
        First age of an elder.
    shares : tuple of float
        Children, adults and elders among the residents.
    parameters : Parameters
        Rows ``household_share``.

    Returns
    -------
    HouseholdTypes
        In order of size, elders, children and generations.
    """
    national = parameters.by("household_share", "size")
    rows = []
    for size in range(1, largest + 1):
        for elders in range(min(size, MOST_ELDERS) + 1):
            for children in range(size - elders + 1):
                who = (children, size - elders - children, elders)
                ways = [generations(*who, g, elder_from) for g in range(1, min(size, MOST_GENERATIONS) + 1)]
                natural = [_natural(way) if way else 0.0 for way in ways]
                common = _common(who, shares, national[str(min(size, 6))]) / max(sum(natural), 1e-300)
                rows += [(*who, g, common * weight) for g, weight in enumerate(natural, start=1) if weight]
    table = np.array(rows)
    whole, seed = table[:, :4].astype(np.int64).T, table[:, 4] / table[:, 4].sum()
    return HouseholdTypes(children=whole[0], adults=whole[1], elders=whole[2], generations=whole[3], seed=seed)


def _common(who: tuple[int, int, int], shares: tuple[float, float, float], national: float) -> float:
    """Share of the size in the country, where six stand for six and more, times the chance of such members."""
    size = sum(who)
    weight = national * (_SIZE_TAIL ** (size - 6) * (1 - _SIZE_TAIL) if size >= 6 else 1.0)
    weight *= factorial(size)
    for members, share in zip(who, shares, strict=True):
        weight *= max(share, 1e-4) ** members / factorial(members)
    return float(weight * (_MINORS_ALONE if who[0] == size else 1.0))


def _natural(found: Generations) -> float:
    """Weight of a way to fall into generations: the nearer the usual gap and couples at the top, the likelier."""
    width = min(found.last - found.first, CHILD_BELOW) / CHILD_BELOW
    width *= _SIBLINGS if found.siblings else 1.0
    return _RARER ** _GAPS.index(found.gap) * _crowded(found.above) * width


def _crowded(above: tuple[int, ...]) -> float:
    """Weight of more than two in a generation above the youngest, or in the only one."""
    top = max(above)
    crowd = sum(max(0, above.count(g) - 2) for g in range(1, top + 1)) if top else max(0, len(above) - 2)
    return _CROWD**crowd


@cache
def generations(children: int, adults: int, elders: int, count: int, elder_from: int) -> Generations | None:
    """
    Let the members of a household fall into generations.

    Parameters
    ----------
    children, adults, elders : int
        Members below `CHILD_BELOW`, between, and from `elder_from` on.
    count : int
        Generations among them.
    elder_from : int
        First age of an elder.

    Returns
    -------
    Generations or None
        The most natural way; None where ages forbid it.
    """
    if children > _MINORS_TOGETHER and not adults + elders:
        return None
    born = 0 if adults + elders else _MINORS_FROM + _WITHIN
    bounds = [(elder_from, OLDEST_MEMBER)] * elders + [(CHILD_BELOW, elder_from)] * adults
    bounds += [(born, CHILD_BELOW)] * children
    best, most = None, 0.0
    ends = {0, elders, elders + adults, len(bounds)}
    places = [at for at in range(1, len(bounds)) if min(abs(at - end) for end in ends) <= _COUPLE]
    for cuts in combinations(places, count - 1):
        above = tuple(len(cuts) - sum(member >= cut for cut in cuts) for member in range(len(bounds)))
        crowded = _crowded(above)
        for place, gap in enumerate(_GAPS if count > 1 else _GAPS[:1]):
            if _RARER**place * crowded <= most:
                break  # however well the ages fit, a likelier way is known
            found = _fitted(bounds, above, gap, elders + adults)
            if found and _natural(found) > most:
                best, most = found, _natural(found)
    return best


def _fitted(bounds: list[tuple[int, int]], above: tuple[int, ...], gap: int, grown: int) -> Generations | None:
    """Find the ages of the youngest generation at which all members are of their class of age."""
    first = max(low - gap * up - _WITHIN for (low, _), up in zip(bounds, above, strict=True))
    last = min(high - gap * up + _WITHIN for (_, high), up in zip(bounds, above, strict=True))
    first, last = max(first, 0), max(last, 0)
    siblings = bool(set(above[:grown]) & set(above[grown:]))
    return Generations(above=above, gap=gap, first=first, last=last, siblings=siblings) if last > first else None
