"""Place: what the first two instruments look at, of one scenario on its last day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.measures.coverage import open_at
from circlesim.measures.reading import FACILITY_SUMS, Reading, bearers
from circlesim.world.facilities import Facilities
from circlesim.world.population import Population
from circlesim.world.reach import adjacency, nearest_metres
from circlesim.world.streets import Streets
from circlesim.world.world import World

MONDAY = 0

Minutes = NDArray[np.float64]
Claims = NDArray[np.bool_]


@dataclass(frozen=True)
class Place:
    """
    Homes, streets and outlets of one scenario on its last day.

    Parameters
    ----------
    population : Population
        The residents.
    streets : Streets
        With the gates of that day.
    facilities : Facilities
        The roster, shape (F,).
    present : ndarray of bool, shape (F,)
        Which outlets are permitted that day.
    weekday : int
        Weekday of that day, Monday 0.
    currency : str
        Major unit of money.
    parameters : Parameters
        For the distances of `nuisance_share`.
    """

    population: Population
    streets: Streets
    facilities: Facilities
    present: Claims
    weekday: int
    currency: str
    parameters: Parameters

    @cached_property
    def circles(self) -> tuple[int, ...]:
        """Numbers of the circles that have residents."""
        return tuple(int(number) for number in np.unique(self.population.circle))

    @cached_property
    def _graph(self) -> Any:
        return adjacency(self.streets)

    def opens(self, *, last_day: bool) -> Claims:
        """
        Tell which outlets open.

        Parameters
        ----------
        last_day : bool
            True on the last day, False on some day of the week.

        Returns
        -------
        ndarray of bool, shape (F,)
            Only among those present.
        """
        days = (self.weekday,) if last_day else range(7)
        opens = [open_at(self.facilities.hours, day, None) for day in days]
        return np.asarray(self.present & np.any(opens, axis=0))

    def stands(self, formats: tuple[str, ...]) -> Claims:
        """
        Tell which outlets are of any of some formats, and present.

        Parameters
        ----------
        formats : tuple of str
            Ids.

        Returns
        -------
        ndarray of bool, shape (F,)
            True where so.
        """
        return np.asarray(self.present & np.isin(self.facilities.format, self.facilities.formats.numbers(formats)))

    def nearest_min(self, formats: tuple[str, ...], *, last_day: bool = True) -> Minutes:
        """
        Walk of every resident from home to the nearest walk-in outlet of any of some formats, on the level.

        Parameters
        ----------
        formats : tuple of str
            Ids.
        last_day : bool, default: True
            Only outlets that open on the last day; on some day of the week where False.

        Returns
        -------
        ndarray of float64, shape (R,)
            Minutes one way at own speed; inf where there is none that can be walked to.
        """
        counts = self.stands(formats) & self.opens(last_day=last_day) & (self.facilities.walk_in == 1)
        sources = np.unique(self.facilities.node_row[counts])
        metres = nearest_metres(self.streets, sources, np.inf, self._graph)
        people = self.population
        return np.asarray(metres[people.home_row] / people.speed_m_per_min)

    def reading(self) -> Reading:
        """
        Make the reading of measures of the world alone.

        Returns
        -------
        Reading
            Without days, sums and answers.
        """
        people, many = len(self.population), len(self.facilities)
        nothing = np.zeros((0, 0))
        return Reading(
            population=self.population, streets=self.streets, facilities=self.facilities, present=self.present,
            currency=self.currency, days=0, weekday=self.weekday, sums=(), resident=np.zeros((people, 0)),
            service=nothing, format=nothing, facility=np.zeros((many, len(FACILITY_SUMS))),
            bearers=bearers(self.population), answers=np.zeros((people, 4)), answers_by_service=nothing,
            parameters=self.parameters,
        )  # fmt: skip


def place_of(world: World, weekday: int = MONDAY, parameters: Parameters | None = None) -> Place:
    """
    Look at a world as it stands.

    Parameters
    ----------
    world : World
        The world; outlets with an opening date yet to come or a closing date gone by count by their rows.
    weekday : int, default: 0
        Monday 0.
    parameters : Parameters, optional
        The shipped ones where missing.

    Returns
    -------
    Place
        All its outlets are present.
    """
    return Place(
        population=world.population, streets=world.streets, facilities=world.facilities,
        present=np.ones(len(world.facilities), bool), weekday=weekday, currency=world.currency,
        parameters=parameters or default_parameters(),
    )  # fmt: skip
