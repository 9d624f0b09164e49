"""Census people: a town that meets a census page, placed in homes, with what its households have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.world.census_fit import CensusFit, shared_out
from circlesim.world.census_town import CensusTown, census_town
from circlesim.world.households import home_of_household
from circlesim.world.margins import Margin, Margins
from circlesim.world.population import Population
from circlesim.world.streets import Streets
from circlesim.world.synthetic_population import synthesise_population
from circlesim.world.traits import disadvantage

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int8]
Ints = NDArray[np.int64]

NOT_COUNTED = -1
"""Code of a household that a margin does not count, or of a margin the page does not have."""

# Words of the keys of this module.
_TENURE, _CAR, _LIFT = 77, 78, 79


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdTable:
    """
    What is known of households beside who lives in them; no rule of the day reads it.

    Parameters
    ----------
    home_row : ndarray of int32, shape (H,)
        Node row of the home; households are numbered as in `Population.household`.
    members, generations : ndarray of int64 and int8, shape (H,)
        Members, and generations among them.
    outside : ndarray of bool, shape (H,)
        True for a resident outside family households.
    tenure, lift, car : ndarray of int8, shape (H,)
        Position in `words`; `NOT_COUNTED` where there is none.
    words : dict of str to tuple of str
        Categories of tenure, lift and car.
    """

    home_row: NDArray[np.int32]
    members: Ints
    generations: Codes
    outside: NDArray[np.bool_]
    tenure: Codes
    lift: Codes
    car: Codes
    words: dict[str, tuple[str, ...]]

    def table(self) -> pd.DataFrame:
        """
        Return the households as a table.

        Returns
        -------
        pandas.DataFrame
            One row a household: ``household, home_row, members, generations, outside, tenure, lift, car``.
        """
        import pandas as pd

        columns: dict[str, object] = {"household": np.arange(len(self.members)), "home_row": self.home_row}
        columns |= {name: getattr(self, name) for name in ("members", "generations", "outside")}
        for name in ("tenure", "lift", "car"):
            columns[name] = np.array([*self.words.get(name, ()), ""])[getattr(self, name)]
        return pd.DataFrame(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class CensusPeople:
    """
    People after a census page.

    Parameters
    ----------
    population : Population
        The residents.
    households : HouseholdTable
        Their households.
    fit : CensusFit
        How each margin was met.
    """

    population: Population
    households: HouseholdTable
    fit: CensusFit


def synthesise_from_census(
    streets: Streets,
    home_rows: NDArray[np.integer],
    weights: NDArray[np.floating],
    margins: Margins,
    residents: int,
    parameters: Parameters,
    seed: int,
    *,
    money_per_yuan: float = 1.0,
) -> CensusPeople:
    """
    People a set of homes after a census page.

    Households go to homes by weight and people take their traits as everywhere; see `synthesise_population`.
    Tenure goes to households by luck. A car goes to the households whose oldest member is the least
    disadvantaged, by the correlation that ties all traits; lifts go to whole buildings, picked by luck, and the
    last of them may have a stair without.

    Parameters
    ----------
    streets : Streets
        The network the homes stand on.
    home_rows : ndarray of int, shape (B,)
        Node rows of the homes.
    weights : ndarray of float, shape (B,)
        Room in each home.
    margins : Margins
        The census page.
    residents : int
        Residents wanted.
    parameters : Parameters
        Traits, and what the page leaves open.
    seed : int
        Root seed.
    money_per_yuan : float, default: 1.0
        World's currency for one yuan.

    Returns
    -------
    CensusPeople
        The people.

    Raises
    ------
    WorldError
        Listing every contradiction between margins, or what is wrong with the homes.
    """
    town = census_town(margins, residents, parameters, seed)
    population = synthesise_population(
        streets, home_rows, weights, residents, parameters, seed,
        money_per_yuan=money_per_yuan, people=town.people,
    )  # fmt: skip
    home = home_of_household(np.asarray(weights, dtype=np.float64), town.people.households, seed)
    rows = np.asarray(home_rows, dtype=np.int32)
    table = _households(town, population, rows, home, margins, parameters, seed)
    return CensusPeople(population=population, households=table, fit=town.fit)


def _households(
    town: CensusTown, population: Population, rows: NDArray[np.int32], home: Ints, margins: Margins,
    parameters: Parameters, seed: int,
) -> HouseholdTable:  # fmt: skip
    family = np.flatnonzero(~town.outside)
    number = np.arange(len(town.outside), dtype=np.uint64)
    oldest = np.searchsorted(population.household, np.arange(len(number)))
    correlation = parameters.number("disadvantage_correlation")
    order = {
        "tenure": draws.uniforms(seed, draws.SYNTHESIS, _TENURE, number),
        "lift": draws.uniforms(seed, draws.SYNTHESIS, _LIFT, home.astype(np.uint64)),
        "car": disadvantage(population.id64[oldest], _CAR, correlation, seed),
    }
    codes = {name: _shared(margins.get(name), family, rank, len(number)) for name, rank in order.items()}
    return HouseholdTable(
        home_row=rows[home], members=np.bincount(population.household, minlength=len(number)),
        generations=town.generations, outside=town.outside,
        words={margin.name: margin.categories for margin in margins.margins if margin.name in order}, **codes,
    )  # fmt: skip


def _shared(margin: Margin | None, family: Ints, rank: NDArray[np.float64], households: int) -> Codes:
    """Categories by rank, the last first where they are no and yes: the lowest ranks have."""
    codes = np.full(households, NOT_COUNTED, dtype=np.int8)
    if margin is None:
        return codes
    counts = shared_out(margin, len(family))
    by_rank = family[np.argsort(rank[family], kind="stable")]
    codes[by_rank] = np.repeat(np.arange(len(counts))[::-1], counts[::-1])
    return codes
