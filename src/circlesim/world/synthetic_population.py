"""Synthetic population: residents that meet the census, placed in homes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.errors import Faults, WorldError
from circlesim.world.households import Households, home_of_household, households
from circlesim.world.population import Population
from circlesim.world.rates import need_rates
from circlesim.world.stops import NOWHERE, stops_passed
from circlesim.world.streets import Streets
from circlesim.world.traits import traits


def synthesise_population(
    streets: Streets,
    home_rows: NDArray[np.integer],
    weights: NDArray[np.floating],
    residents: int,
    parameters: Parameters,
    seed: int,
    *,
    money_per_yuan: float = 1.0,
    circle: int = 0,
    stop_rows: NDArray[np.integer] | None = None,
    prefix: str = "",
    trait_seed: int | None = None,
    people: Households | None = None,
) -> Population:
    """
    People a set of homes.

    Parameters
    ----------
    streets : Streets
        The network the homes stand on.
    home_rows : ndarray of int, shape (H,)
        Node rows of the homes.
    weights : ndarray of float, shape (H,)
        Room in each home, such as levels; households are shared out in proportion.
    residents : int
        Number of residents, at least 1.
    parameters : Parameters
        Census shares and traits.
    seed : int
        Root seed.
    money_per_yuan : float, default: 1.0
        World's currency for one yuan (parameter ``money_per_yuan``); scales budgets.
    circle : int, default: 0
        Circle number.
    stop_rows : ndarray of int, shape (n,), optional
        Node rows of the stops that lead out; nobody passes any where left out.
    prefix : str, default: ""
        Put before every id, where the residents of several towns stand in one world.
    trait_seed : int, optional
        Root seed of traits and need rates, which are drawn by id; `seed` where left out.
    people : Households, optional
        Who lives with whom, `residents` of them; after the national census where left out.

    Returns
    -------
    Population
        Residents ``r00001`` and on, in the order of households.

    Raises
    ------
    WorldError
        Listing everything that is wrong with the homes or the number of residents.
    """
    _check(streets, home_rows, weights, residents)
    people = people or households(residents, parameters, seed)
    home = home_of_household(np.asarray(weights, dtype=np.float64), people.households, seed)
    drawn_from = seed if trait_seed is None else trait_seed
    ids = [f"{prefix}r{number:05d}" for number in range(1, residents + 1)]
    id64 = draws.hash_ids(ids)
    own = traits(id64, people.age, people.sex, parameters, drawn_from, money_per_yuan)
    home_row = np.asarray(home_rows, dtype=np.int32)[home][people.household]
    stop_row = np.full(residents, NOWHERE, np.int32)
    if stop_rows is not None:
        stop_row = stops_passed(streets, stop_rows, home_row, id64, own.schedule, parameters, seed)
    return Population(
        resident=np.array(ids, dtype=np.str_),
        id64=id64,
        age=people.age,
        sex=people.sex,
        household=people.household,
        home_row=home_row,
        mobility=own.mobility,
        speed_m_per_min=own.speed_m_per_min,
        tolerance_min=own.tolerance_min,
        digital=own.digital,
        chronic=own.chronic,
        means_owned=own.means_owned,
        means_carried=own.means_carried,
        schedule=own.schedule,
        income_band=own.income_band,
        budget_fen=own.budget_fen,
        need_rate=need_rates(id64, people.age, own.mobility, own.schedule, parameters, drawn_from),
        circle=np.full(residents, circle, dtype=np.int32),
        stop_row=stop_row,
    )


def with_traits_redrawn(
    population: Population, parameters: Parameters, seed: int, *, money_per_yuan: float = 1.0
) -> Population:
    """
    Give the same people, in the same homes, the traits that other parameters imply, with the same luck.

    An assumption draw moves shares, speeds, tolerances, budgets and need rates; this carries them into a
    population that was synthesised. A population that was observed should keep its traits.

    Parameters
    ----------
    population : Population
        Synthesised residents.
    parameters : Parameters
        The changed parameters.
    seed : int
        Root seed the population was synthesised with.
    money_per_yuan : float, default: 1.0
        World's currency for one yuan.

    Returns
    -------
    Population
        New traits and rates; ids, ages, sexes, households, homes and circles as before.
    """
    own = traits(population.id64, population.age, population.sex, parameters, seed, money_per_yuan)
    return replace(
        population,
        mobility=own.mobility,
        speed_m_per_min=own.speed_m_per_min,
        tolerance_min=own.tolerance_min,
        digital=own.digital,
        chronic=own.chronic,
        means_owned=own.means_owned,
        means_carried=own.means_carried,
        schedule=own.schedule,
        income_band=own.income_band,
        budget_fen=own.budget_fen,
        need_rate=need_rates(population.id64, population.age, own.mobility, own.schedule, parameters, seed),
    )


def _check(
    streets: Streets, home_rows: NDArray[np.integer], weights: NDArray[np.floating], residents: int
) -> None:
    faults = Faults("a population cannot be synthesised", WorldError)
    if residents < 1:
        faults.add("too few residents", "residents", found=residents, expected="at least 1")
    if len(home_rows) == 0:
        faults.add("no homes", "home_rows", expected="at least one building that people live in")
    if len(home_rows) != len(weights):
        faults.add("not as many weights as homes", "weights", found=len(weights), expected=str(len(home_rows)))
    if len(home_rows) and (np.min(home_rows) < 0 or np.max(home_rows) >= len(streets)):
        faults.add("a home stands on no node", "home_rows", expected=f"rows in 0..{len(streets) - 1}")
    if len(weights) and (not np.all(np.isfinite(weights)) or np.min(weights) < 0 or np.sum(weights) <= 0):
        faults.add("weights must be finite, at least 0 and not all 0", "weights")
    faults.raise_if_any()
