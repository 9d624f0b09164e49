"""Synthetic circles for patterns: small old towns under the shipped law, run on the real engine."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
from scipy import stats

from circlesim.catalog.constants import Constants, read_constants
from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.constants import shipped_constants
from circlesim.ledger import Fate
from circlesim.world.facilities import concatenate_facilities
from circlesim.world.reach import service_reach
from circlesim.world.synthesis import old_town
from circlesim.world.world import World
from towns import Ledger, Town, run

INSIDE = (Fate.INSIDE, Fate.DELIVERED)
CIRCLES = 30
"""Circles a sign is tested on: as many towns, each with its own streets, people, outlets and luck."""
WARM_UP = range(-2, 0)


@cache
def shipped() -> Constants:
    """The constants of the full old town: solved on the baseline there, held wherever else."""
    return next(read_constants(path) for path in shipped_constants() if "old_town" in path.name)


def circle(number: int, residents: int = 1_500, **parameters: float) -> World:
    """Another town of the kind; `parameters` change its making, such as its density."""
    made: Parameters = default_parameters().with_values(parameters)
    return old_town(residents, seed=1_000 + number, parameters=made)


def town_of(world: World) -> Town:
    """The town with the shipped law, all mechanisms on."""
    return Town(
        streets=world.streets, population=world.population, facilities=world.facilities,
        parameters=default_parameters(), constants=shipped(), mechanisms=Mechanisms(),
    )  # fmt: skip


def with_and_without(world: World, changed: World, days: int, number: int = 0) -> tuple[Ledger, Ledger]:
    """The same days without and with a change of outlets, under the same luck, after a warm-up without."""
    town, count = town_of(changed), len(world.facilities)
    roster = changed.facilities
    assert np.array_equal(roster.id64[:count], world.facilities.id64), "new outlets stand after all others"
    new = np.arange(count, len(roster))
    before = town.stage(
        np.arange(len(roster)) < count, first_day=-9,
        facilities=concatenate_facilities(world.facilities, roster.take(new)),
    )  # fmt: skip
    simulation = town.simulation(before, replication=number)
    for day in WARM_UP:
        simulation.run_day(day)
    other = simulation.fork((before, town.stage()))
    return run(simulation, range(days)), run(other, range(days))


def of_service(ledger: Ledger, *names: str) -> np.ndarray:
    """Rows of needs of these services."""
    return np.isin(ledger["service"], [SERVICE_INDEX[name] for name in names])


def formats_of(world: World, *names: str) -> np.ndarray:
    """Outlets of these formats."""
    return np.isin(world.facilities.format, [FORMAT_INDEX[name] for name in names])


def is_above_zero(values: Iterable[float]) -> tuple[bool, float, float]:
    """One-sided t test at 1 %: whether the mean is above zero, the mean, and its lower bound at 99 %."""
    array = np.asarray(list(values), dtype=np.float64)
    assert len(array) >= CIRCLES
    mean, error = float(array.mean()), float(array.std(ddof=1) / np.sqrt(len(array)))
    low = mean - float(stats.t.ppf(0.99, len(array) - 1)) * error
    return low > 0, mean, low


def nearest_metres(world: World) -> np.ndarray:
    """Metres from each home to the nearest outlet of each service, shape (R, S); inf beyond the longest walk."""
    people = world.population
    homes, at = np.unique(people.home_row, return_inverse=True)
    cap = float((people.tolerance_min * people.speed_m_per_min).max())
    reach = service_reach(world.streets, homes, world.facilities, cap)
    nearest = np.full(len(reach.ptr) - 1, np.inf)
    some = reach.ptr[:-1] < reach.ptr[1:]
    nearest[some] = reach.metres[reach.ptr[:-1][some]]
    return nearest.reshape(len(homes), len(SERVICES))[at]


def in_reach(world: World, metres: np.ndarray, pace: float = 1.0, willing: float = 1.0) -> np.ndarray:
    """Whether each service is in reach of each resident, shape (R, S), at a pace and a willingness to walk."""
    people = world.population
    return metres <= (willing * people.tolerance_min * pace * people.speed_m_per_min)[:, None]
