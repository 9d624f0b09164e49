"""Households: ages, sexes and who lives with whom, in whole numbers that meet the census."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.format_counts import largest_remainder
from circlesim.catalog.parameters import Parameters, age_interval

OLDEST = 94
"""Last single year of the open age band; its density falls in a straight line to zero there."""
_HEAD_FROM = 20
_CHILD_BELOW = 20
_PARENT_AGE = 37.0
_SPREAD_YEARS = 15.0
_ALONE_BONUS = 0.35

# Words of the keys of this module.
_HEAD, _ALONE, _CHILD_SLOT, _CHILD, _PARTNER, _HOUSE = range(20, 26)


@dataclass(frozen=True, slots=True, kw_only=True)
class Households:
    """
    People in the order of their households, the head first.

    Parameters
    ----------
    age : ndarray of int16, shape (R,)
        Years.
    sex : ndarray of uint8, shape (R,)
        0 female, 1 male.
    household : ndarray of int32, shape (R,)
        Household number, rising.
    households : int
        Number of households.
    """

    age: NDArray[np.int16]
    sex: NDArray[np.uint8]
    household: NDArray[np.int32]
    households: int


def households(residents: int, parameters: Parameters, seed: int) -> Households:
    """
    People a town: ages and sexes by largest remainder, households by size, children with adults.

    Everybody lives in a family household; collective households (8.3 % of people in 2020) are not represented.
    Who lives with whom is a plain rule and no estimate: children go to households whose head is near 37,
    other adults to heads of their own age, and people alone are more often old or young.

    Parameters
    ----------
    residents : int
        Number of people.
    parameters : Parameters
        Rows ``age_share``, ``household_size`` and ``household_share``.
    seed : int
        Root seed.

    Returns
    -------
    Households
        The people.
    """
    age, sex = _people(residents, parameters)
    sizes = _sizes(residents, int((age >= _HEAD_FROM).sum()), parameters)
    member = np.full(residents, -1, dtype=np.int64)
    heads = _heads(age, len(sizes), seed)
    heads = heads[_alone_first(age[heads], sizes, seed)]
    member[heads] = np.arange(len(sizes))
    _fill(member, age, heads, sizes, seed)
    is_head = np.zeros(residents, dtype=bool)
    is_head[heads] = True
    order = np.lexsort((-age, ~is_head, member))
    return Households(
        age=age[order], sex=sex[order], household=member[order].astype(np.int32), households=len(sizes)
    )


def _people(residents: int, parameters: Parameters) -> tuple[NDArray[np.int16], NDArray[np.uint8]]:
    """Ages and sexes whose five-year counts meet the shares to the nearest whole person."""
    shares = [(age_interval(text), sex, share) for sex, name in enumerate(("female", "male"))
              for text, share in parameters.by("age_share", "age", sex=name).items()]  # fmt: skip
    counts = largest_remainder(np.array([share for _, _, share in shares]), residents)
    ages = [_years(low, high, int(n)) for ((low, high), _, _), n in zip(shares, counts, strict=True)]
    sexes = [np.full(n, sex, dtype=np.uint8) for (_, sex, _), n in zip(shares, counts, strict=True)]
    return np.concatenate(ages), np.concatenate(sexes)


def _years(low: int, high: int, count: int) -> NDArray[np.int16]:
    """Single years spread over a band."""
    at = (np.arange(count) + 0.5) / max(count, 1)
    if high > OLDEST:
        return (low + (OLDEST + 1 - low) * (1.0 - np.sqrt(1.0 - at))).astype(np.int16)
    return (low + (high + 1 - low) * at).astype(np.int16)


def _sizes(residents: int, heads: int, parameters: Parameters) -> NDArray[np.int64]:
    """Household sizes that hold everybody and keep the census share of people who live alone."""
    count = max(1, min(heads, round(residents / parameters.number("household_size"))))
    shares = parameters.by("household_share", "size")
    alone = round(count * shares.pop("1"))
    groups = largest_remainder(np.array(list(shares.values())), count - alone)
    sizes = np.concatenate([np.ones(alone, dtype=np.int64), np.repeat([int(size) for size in shares], groups)])
    while (rest := residents - int(sizes.sum())) != 0:
        able = np.flatnonzero(sizes > 1) if rest > 0 else np.flatnonzero(sizes > 2)
        able = able if len(able) else np.arange(len(sizes))
        chosen = able[np.linspace(0, len(able) - 1, min(abs(rest), len(able))).astype(np.int64)]
        sizes[chosen] += 1 if rest > 0 else -1
    return sizes


def _heads(age: NDArray[np.int16], count: int, seed: int) -> NDArray[np.int64]:
    """Pick the heads among adults by luck."""
    adults = np.flatnonzero(age >= _HEAD_FROM)
    luck = draws.uniforms(seed, draws.SYNTHESIS, _HEAD, adults.astype(np.uint64))
    return adults[np.argsort(luck, kind="stable")[:count]]


def _alone_first(head_age: NDArray[np.int16], sizes: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Order heads so that those likelier to live alone get the households of one."""
    rows = np.arange(len(head_age), dtype=np.uint64)
    luck = draws.uniforms(seed, draws.SYNTHESIS, _ALONE, rows)
    likely = np.where((head_age >= 65) | (head_age < 32), _ALONE_BONUS, 0.0)
    order = np.argsort(luck - likely, kind="stable")
    alone = int((sizes == 1).sum())
    rest = order[alone:]
    again = draws.uniforms(seed, draws.SYNTHESIS, _HOUSE, rest.astype(np.uint64))
    return np.concatenate([order[:alone], rest[np.argsort(again, kind="stable")]])


def _fill(
    member: NDArray[np.int64],
    age: NDArray[np.int16],
    heads: NDArray[np.int64],
    sizes: NDArray[np.int64],
    seed: int,
) -> None:
    """Give everybody else a place: children first, then adults by age."""
    house = np.repeat(np.arange(len(sizes)), sizes - 1)
    rank = np.arange(len(house)) - np.repeat(np.cumsum(sizes - 1) - (sizes - 1), sizes - 1)
    slot = np.arange(len(house), dtype=np.uint64)
    head_age = age[heads][house].astype(np.float64)
    children = np.flatnonzero((member < 0) & (age < _CHILD_BELOW))
    others = np.flatnonzero((member < 0) & (age >= _CHILD_BELOW))
    near = np.abs(head_age - _PARENT_AGE) + _SPREAD_YEARS * draws.uniforms(
        seed, draws.SYNTHESIS, _CHILD_SLOT, slot
    )
    order = np.argsort(near + 1000.0 * (rank == 0), kind="stable")
    lucky = np.argsort(draws.uniforms(seed, draws.SYNTHESIS, _CHILD, children.astype(np.uint64)), kind="stable")
    member[children[lucky]] = house[order[: len(children)]]
    left = order[len(children) :]
    wanted = head_age[left] + _SPREAD_YEARS * (draws.uniforms(seed, draws.SYNTHESIS, _PARTNER, slot[left]) - 0.5)
    member[others[np.argsort(age[others], kind="stable")]] = house[left[np.argsort(wanted, kind="stable")]]


def home_of_household(weights: NDArray[np.float64], count: int, seed: int) -> NDArray[np.int64]:
    """
    Place households in homes in proportion to weights, systematically and so without sampling error.

    Parameters
    ----------
    weights : ndarray of float64, shape (H,)
        Room in each home, such as floor area or levels.
    count : int
        Number of households.
    seed : int
        Root seed.

    Returns
    -------
    ndarray of int64, shape (count,)
        Position of each household's home.
    """
    at = (np.arange(count) + 0.5) / max(count, 1)
    share = np.cumsum(weights) / np.sum(weights)
    home = np.minimum(np.searchsorted(share, at, side="right"), len(weights) - 1)
    luck = draws.uniforms(seed, draws.SYNTHESIS, _HOUSE, np.arange(count, dtype=np.uint64), 1)
    return home[np.argsort(luck, kind="stable")]
