"""Census town: whole people in whole households that meet a census page."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.errors import Faults, WorldError
from circlesim.schema import CENSUS
from circlesim.world.census import check_margins
from circlesim.world.census_cells import SCALE, Cells, census_cells
from circlesim.world.census_fit import CensusFit, census_fit
from circlesim.world.fitting import Block, fit, reconcile
from circlesim.world.households import Households
from circlesim.world.integerising import whole_numbers
from circlesim.world.kin import Town, settle
from circlesim.world.margins import OF_PEOPLE, Margins

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Words of the keys of this module.
_PEOPLE, _HOUSEHOLDS = 70, 71
_SHOWN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CensusTown:
    """
    People and households that meet a census page.

    Parameters
    ----------
    people : Households
        The people, in the order of their households.
    generations : ndarray of int8, shape (H,)
        Generations in each household.
    outside : ndarray of bool, shape (H,)
        True for residents outside family households, who stand as households of one.
    elder_from : int
        First age of an elder.
    fit : CensusFit
        How each margin was met.
    """

    people: Households
    generations: NDArray[np.int8]
    outside: NDArray[np.bool_]
    elder_from: int
    fit: CensusFit


def census_town(margins: Margins, residents: int, parameters: Parameters, seed: int) -> CensusTown:
    """
    People a town after a census page.

    Cells of residents (single years by sex), of households (children, adults and elders by generations) and of
    residents outside households are fitted jointly by `fitting.fit`, rounded by `integerising.whole_numbers`,
    and then people are given to households by age, `kin.settle`.

    Parameters
    ----------
    margins : Margins
        The page.
    residents : int
        Residents wanted; counts are scaled to them, and the fit says by how much.
    parameters : Parameters
        The country's ages and sizes of households, for what the page leaves open.
    seed : int
        Root seed.

    Returns
    -------
    CensusTown
        The town.

    Raises
    ------
    WorldError
        Listing every contradiction between margins.
    """
    faults = Faults(f"{CENSUS.file}: no town can meet these margins", WorldError)
    check_margins(margins, faults)
    faults.raise_if_any()
    cells = census_cells(margins, parameters)
    found = reconcile(cells.blocks, cells.links, cells.tolerance)
    _contradictions(margins, found.moved, faults)
    faults.raise_if_any()
    weights, _ = fit(cells.seed, found.blocks, cells.links)
    town = _whole(cells, found.blocks, weights, residents, seed)
    fitted = census_fit(margins, town, residents)
    for row in fitted.missed():
        faults.add(
            "no whole people in whole households meet this count",
            f"{CENSUS.file}, margin {row.margin}, category {row.category}",
            found=f"{row.got:,}",
            expected=f"{row.target:,.1f}",
            hint="do other margins contradict it, or are the residents too few?",
        )
    faults.raise_if_any()
    people, generations, outside = settle(town, seed)
    return CensusTown(
        people=people, generations=generations, outside=outside, elder_from=cells.elder_from, fit=fitted
    )


def _contradictions(margins: Margins, moved: tuple[tuple[str, int, float], ...], faults: Faults) -> None:
    """Say which counts would have to give way; the fewest that would do."""
    unit = margins.people / SCALE
    for name, place, count in moved[:_SHOWN]:
        margin = margins.get(name)
        assert margin is not None  # blocks are made of margins
        faults.add(
            "contradicts the other margins",
            f"{CENSUS.file}, margin {name}, category {margin.categories[place]}",
            found=f"{margin.counts[place]:,.0f}",
            expected=f"about {count * unit:,.0f}, or other counts elsewhere",
            hint="no people of these ages in households of these kinds can meet all margins at once",
        )


def _whole(cells: Cells, blocks: tuple[Block, ...], weights: Floats, residents: int, seed: int) -> Town:
    """Round: residents first, then households that hold exactly so many children, adults and elders."""
    scale, (people, homes) = residents / SCALE, cells.ends
    of_people = [_part(b, 0, people, scale) for b in blocks if b.name in OF_PEOPLE and b.name != "living"]
    # Children, adults and elders stay near what was fitted, or households could not hold them all.
    classes = np.bincount(cells.age_class, weights[:people] * scale, minlength=3).astype(np.float64)
    of_people.append(Block(name="class", member=cells.age_class, target=classes))
    luck = draws.uniforms(seed, draws.SYNTHESIS, _PEOPLE, cells.age.astype(np.uint64), cells.sex.astype(np.uint64))
    count = whole_numbers(weights[:people] * scale, of_people, [(np.ones(people), residents)], luck)
    of_age = np.bincount(cells.age_class, count, minlength=3)
    rest = [_part(b, people, len(weights), scale) for b in blocks if b.name not in OF_PEOPLE or b.name == "living"]
    sums = [(link.per_cell[people:], int(n)) for link, n in zip(cells.links, of_age, strict=True)]
    lived = whole_numbers(weights[people:] * scale, rest, sums, _luck_of_types(cells, len(weights) - people, seed))
    return Town(
        cells=cells,
        people=count,
        households=lived[: homes - people],
        alone=np.r_[lived[homes - people :], 0, 0, 0][:3],
    )


def _part(block: Block, first: int, last: int, scale: float) -> Block:
    return Block(name=block.name, member=block.member[first:last], target=block.target * scale)


def _luck_of_types(cells: Cells, count: int, seed: int) -> Floats:
    """Luck of each kind of household, named by who lives in it and not by its place in a list."""
    types = cells.types
    named = ((types.children * 32 + types.adults) * 32 + types.elders) * 8 + types.generations
    names = np.r_[named, 2**40 + np.arange(count - len(named))]
    return draws.uniforms(seed, draws.SYNTHESIS, _HOUSEHOLDS, names.astype(np.uint64))
