"""Census cells: every kind of resident and household a census page could count, and which margin counts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.parameters import Parameters, age_interval
from circlesim.world.census import LARGEST, ROUNDING, in_families
from circlesim.world.fitting import Block, Link, fit
from circlesim.world.household_types import CHILD_BELOW, HouseholdTypes, household_types
from circlesim.world.households import OLDEST
from circlesim.world.margins import OF_HOUSEHOLDS, OF_PEOPLE, OPEN, Margin, Margins, Span

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SCALE = 10_000.0
"""Residents that counts are brought to for fitting, so that solvers meet numbers of a fair size."""
_SEXES = ("f", "m")
_OF_TYPES = {"household_size": "size", "generations": "generations", "elders": "elders", "elders60": "elders"}
_COLLECTIVE_FROM = 15
_RARE = 1e-7
_PLAIN_LARGEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """
    What is fitted: residents by age and sex, then households by type, then residents outside households.

    Parameters
    ----------
    age, sex : ndarray of int64, shape (P,)
        Single year and sex (0 female, 1 male) of each cell of residents.
    types : HouseholdTypes
        Cells of households, shape (H,).
    outside : bool
        True where some residents live outside family households; they have three cells: children, adults, elders.
    elder_from : int
        First age of an elder.
    seed : ndarray of float64, shape (n,)
        Weights before fitting, n = P + H (+ 3).
    blocks : tuple of Block
        Margins over all cells, with counts for `SCALE` residents.
    links : tuple of Link
        Children, adults and elders are as many in households as there are residents of that age.
    tolerance : tuple of ndarray of float64
        What each count may be off by, as printed tables are rounded.
    """

    age: Ints
    sex: Ints
    types: HouseholdTypes
    outside: bool
    elder_from: int
    seed: Floats
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    tolerance: tuple[Floats, ...]

    @property
    def ends(self) -> tuple[int, int]:
        """Where the cells of residents end, and where those of households do."""
        people = len(self.age)
        return people, people + len(self.types.seed)

    @property
    def age_class(self) -> Ints:
        """Class of each cell of residents: 0 children, 1 adults, 2 elders."""
        return np.searchsorted([CHILD_BELOW, self.elder_from], self.age, side="right")


def census_cells(margins: Margins, parameters: Parameters) -> Cells:
    """
    List the cells of a census page.

    Parameters
    ----------
    margins : Margins
        The page, without faults.
    parameters : Parameters
        National ages, sizes and size of households: what margins leave open is as in the country.

    Returns
    -------
    Cells
        The cells.
    """
    oldest = max(
        [OLDEST, *(span.low for m in margins.margins if m.name in ("sex_age", "age") for span in m.spans)]
    )
    age = np.tile(np.arange(oldest + 1), 2)
    sex = np.repeat([0, 1], oldest + 1)
    people = _as_counted(_national(age, sex, parameters), margins, age, sex)
    first = margins.elder_from
    family = in_families(margins) / margins.people
    outside = family < 1.0
    children, adults, elders = (float(people[(age >= low) & (age < high)].sum()) for low, high in _classes(first))
    types = household_types(_largest(margins), first, (children, adults, elders), parameters)
    types = _counted(types, margins)
    homes = family / parameters.number("household_size")
    seed = [people, types.seed * homes]
    if outside:
        grown = (age >= _COLLECTIVE_FROM) * people
        seed.append((1 - family) * np.array([grown[(age >= a) & (age < b)].sum() for a, b in _classes(first)]))
    start = np.concatenate(seed) * SCALE
    blocks, tolerance = _blocks(margins, age, sex, types, outside, len(start))
    links = _links(age, types, first, outside)
    return Cells(age=age, sex=sex, types=types, outside=outside, elder_from=first, seed=start, blocks=blocks,
                 links=links, tolerance=tolerance)  # fmt: skip


def _counted(types: HouseholdTypes, margins: Margins) -> HouseholdTypes:
    """Types that every margin of households has a category for: a last category without a plus is the last."""
    kept = np.ones(len(types.seed), dtype=bool)
    for margin in margins.margins:
        if margin.name in _OF_TYPES:
            number = getattr(types, _OF_TYPES[margin.name])
            kept &= np.any([(number >= span.low) & (number <= span.high) for span in margin.spans], axis=0)
    return types.take(kept)


def _classes(elder_from: int) -> tuple[tuple[int, int], ...]:
    return (0, CHILD_BELOW), (CHILD_BELOW, elder_from), (elder_from, OPEN)


def _as_counted(national: Floats, margins: Margins, age: Ints, sex: Ints) -> Floats:
    """Share of each age and sex in the place: the country's, fitted to the margins of residents."""
    own = [margin for margin in margins.margins if margin.name in OF_PEOPLE and margin.name != "living"]
    blocks = [Block(name=m.name, member=_of_people(m, age, sex), target=m.counts / m.total) for m in own]
    return fit(national, blocks)[0]


def _national(age: Ints, sex: Ints, parameters: Parameters) -> Floats:
    """Share of each single year and sex in the country; the open band falls in a straight line to `OLDEST`."""
    share = np.full(len(age), _RARE)
    for number, name in enumerate(("female", "male")):
        for text, whole in parameters.by("age_share", "age", sex=name).items():
            low, high = age_interval(text)
            inside = np.flatnonzero((sex == number) & (age >= low) & (age <= min(high, OLDEST)))
            weight = OLDEST + 1.0 - age[inside] - 0.5 if high > OLDEST else np.ones(len(inside))
            share[inside] += whole * weight / weight.sum()
    national: Floats = share / share.sum()
    return national


def _largest(margins: Margins) -> int:
    """Most members of a household: some beyond the open size, more where people need the room."""
    sizes = margins.get("household_size")
    if not sizes:
        return _PLAIN_LARGEST
    last = sizes.spans[-1]
    if last.high != OPEN:
        return last.high
    rest = in_families(margins) - sum(s.low * n for s, n in zip(sizes.spans[:-1], sizes.counts[:-1], strict=True))
    mean = rest / sizes.counts[-1] if sizes.counts[-1] > 0 else 0.0
    return min(LARGEST, max(_PLAIN_LARGEST, last.low + 2, int(np.ceil(mean)) + 3))


def _blocks(
    margins: Margins, age: Ints, sex: Ints, types: HouseholdTypes, outside: bool, cells: int
) -> tuple[tuple[Block, ...], tuple[Floats, ...]]:
    """Margins over all cells, those of one population brought to one total, and their tolerances."""
    unit = SCALE / margins.people
    blocks, tolerance = [], []
    homes = next((m.total for m in margins.margins if m.name in OF_HOUSEHOLDS), 0.0)
    for margin in margins.margins:
        member = _member(margin, age, sex, types, outside, cells)
        if member is None:
            continue
        total = margins.people if margin.name in OF_PEOPLE else homes
        target = margin.counts * (total / margin.total) * unit
        target = target[:1] if margin.name == "living" else target
        blocks.append(Block(name=margin.name, member=member, target=target))
        tolerance.append(np.maximum(unit, ROUNDING * target))
    return tuple(blocks), tuple(tolerance)


def _member(margin: Margin, age: Ints, sex: Ints, types: HouseholdTypes, outside: bool, cells: int) -> Ints | None:
    """Category of each cell in a margin; None for margins that do not depend on who lives together."""
    member = np.full(cells, -1)
    if margin.name == "living":
        assert margin.spans[0] == Span(word="collective")
        member[cells - 3 :] = 0
        return member if outside else None
    if margin.name in OF_PEOPLE:
        member[: len(age)] = _of_people(margin, age, sex)
        return member
    if margin.name not in _OF_TYPES:
        return None
    number = getattr(types, _OF_TYPES[margin.name])
    for place, span in enumerate(margin.spans):
        member[len(age) : len(age) + len(number)][(number >= span.low) & (number <= span.high)] = place
    return member


def _of_people(margin: Margin, age: Ints, sex: Ints) -> Ints:
    """Category of each cell of residents in a margin of sex, of age, or of both."""
    member = np.full(len(age), -1)
    for place, span in enumerate(margin.spans):
        of_age = (age >= span.low) & (age <= span.high) if margin.name != "sex" else np.ones(len(age), bool)
        member[of_age & ((sex == _SEXES.index(span.word)) if span.word else True)] = place
    return member


def _links(age: Ints, types: HouseholdTypes, elder_from: int, outside: bool) -> tuple[Link, ...]:
    links = []
    for place, name in enumerate(("children", "adults", "elders")):
        low, high = _classes(elder_from)[place]
        of_age = ((age >= low) & (age < high)).astype(float)
        alone = np.eye(3)[place] if outside else np.empty(0)
        links.append(Link(name=name, per_cell=np.r_[-of_age, getattr(types, name), alone]))
    return tuple(links)
