"""Prepared: everything that all scenarios and replications of one assumption draw share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.coefficients import Coefficients, coefficients
from circlesim.catalog.constants import Constants
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.catalog.surfaces import SEASONS, SURFACES, season_of
from circlesim.engine.calendar import STEP_MIN, Calendar, calendar
from circlesim.engine.columns import OutletColumns, ReachColumns, ResidentColumns, outlet_columns, resident_columns
from circlesim.engine.expected import expected_performance
from circlesim.engine.households import Households, households, no_households
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.stage import Stage
from circlesim.engine.town import Town, join_town
from circlesim.engine.ways import Ways
from circlesim.engine.weather import DRY, Weather, weather
from circlesim.world.rates import chronic_rates
from circlesim.world.streets import Streets
from circlesim.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """
    What scenarios and replications share; read-only.

    Parameters
    ----------
    world : World
        The baseline; its facilities are the roster.
    start : date
        Day 0.
    people : ResidentColumns
        The residents.
    homes : Households
        Who lives together.
    reach : tuple of ReachColumns
        Walking metres, by state of the ways.
    gates : tuple of ndarray of uint8, shape (E,)
        Gates in each state of the ways: 1 where an edge is locked; the first is that of the world.
    origin_rows : ndarray of int32, shape (O,)
        Node rows of the origins.
    law : Coefficients
        The numbers of the law.
    calendar : Calendar
        When needs arise.
    weather : Weather
        What lies on the street, and how fast one walks on it.
    mechanisms : Mechanisms
        What is switched on.
    """

    world: World
    start: date
    people: ResidentColumns
    homes: Households
    reach: tuple[ReachColumns, ...]
    gates: tuple[NDArray[np.uint8], ...]
    origin_rows: NDArray[np.int32]
    law: Coefficients
    calendar: Calendar
    weather: Weather
    mechanisms: Mechanisms

    @property
    def outing_gap_min(self) -> float:
        """Minutes between needs that are met on one way out; below 0 where outings are off."""
        return self.law.value("outing_gap_min") if self.mechanisms.outings and self.mechanisms.clock else -1.0

    @property
    def trip_gap_min(self) -> float:
        """Minutes around the daily way out or back in which needs are met on it; below 0 where trips are off."""
        return self.law.value("trip_gap_min") if self.mechanisms.trips else -1.0

    @property
    def longest_wait(self) -> int:
        """Most days for which any need is put off; 0 where needs are of one day."""
        return int(self.waits.max())

    @property
    def waits(self) -> NDArray[np.int64]:
        """Most days for which a need of each kind is put off, shape (K,)."""
        days = self.law.service["defer_days"][list(KIND_SERVICE)] if self.mechanisms.deferral else 0
        return np.zeros(len(KIND_SERVICE), np.int64) + np.asarray(days, np.int64)

    def season_rates(self, day: int) -> NDArray[np.float64]:
        """
        Multipliers of need rates on a day.

        Parameters
        ----------
        day : int
            Days since `start`.

        Returns
        -------
        ndarray of float64, shape (K,)
            By kind of need; ones where seasons of need are off.
        """
        factor = self.calendar.season_factor
        if not self.mechanisms.seasons_of_need:
            return np.ones(factor.shape[1])
        return np.asarray(factor[SEASONS.index(season_of(self.date_of(day)))])

    def streets(self, stage: Stage) -> Streets:
        """
        Streets with the gates of a stage.

        Parameters
        ----------
        stage : Stage
            The facts.

        Returns
        -------
        Streets
            Those of the world where no gate differs.
        """
        streets = self.world.streets
        return streets if stage.gates == 0 else replace(streets, locked=self.gates[stage.gates])

    def weekday(self, day: int) -> int:
        """
        Weekday of a day.

        Parameters
        ----------
        day : int
            Days since `start`.

        Returns
        -------
        int
            Monday 0.
        """
        return (self.start.weekday() + day) % 7

    def outlets(self, stage: Stage) -> OutletColumns:
        """
        Lay one stage out.

        Parameters
        ----------
        stage : Stage
            The facts.

        Returns
        -------
        OutletColumns
            The facilities as the kernels read them.
        """
        return outlet_columns(self.world, stage, self.origin_rows, self.law)

    def date_of(self, day: int) -> date:
        """
        Date of a day.

        Parameters
        ----------
        day : int
            Days since `start`.

        Returns
        -------
        date
            On the calendar.
        """
        return self.start + timedelta(days=day)

    def surface_on(self, day: int, stage: Stage, seed: int, replication: int) -> int:
        """
        Find what lies on the street on a day.

        Parameters
        ----------
        day : int
            Days since `start`.
        stage : Stage
            The facts in force.
        seed, replication : int
            Root seed and number of the replication.

        Returns
        -------
        int
            Row of `SURFACES`: that of the stage, else that of the season where seasons are on, else dry.
        """
        if stage.surface is not None:
            return SURFACES.index(stage.surface)
        if not self.mechanisms.seasons:
            return DRY
        return self.weather.drawn(self.date_of(day), seed, replication, day)

    def town(self, outlets: OutletColumns, surface: int = DRY, gates: int = 0) -> Town:
        """
        Join outlets with all that is shared.

        Parameters
        ----------
        outlets : OutletColumns
            Facilities of a stage.
        surface : int, default: DRY
            Row of `SURFACES`.
        gates : int, default: 0
            State of the gates.

        Returns
        -------
        Town
            What a choice reads.
        """
        people = self.weather.people(self.people, self.world.population.age, surface)
        return join_town(people, outlets, self.reach[gates], self.law, self.calendar, self.mechanisms)

    def days_there(self, stage: Stage) -> NDArray[np.float64]:
        """
        Days each outlet has been there before the first day.

        Parameters
        ----------
        stage : Stage
            The baseline.

        Returns
        -------
        ndarray of float64, shape (F,)
            `aware_established_days` for those that stand, 0 for all others of the roster.
        """
        return np.where(stage.present, self.law.value("aware_established_days"), 0.0)

    def expected(self, stage: Stage) -> NDArray[np.float64]:
        """
        Performance expected before the first day.

        Parameters
        ----------
        stage : Stage
            The baseline.

        Returns
        -------
        ndarray of float64, shape (R, S)
            See `engine.expected`.
        """
        cumulative = self.calendar.cumulative
        median = STEP_MIN * np.array(
            [[[np.searchsorted(cumulative[KIND_SERVICE.index(s), t, d], 0.5) for t in range(cumulative.shape[1])]
              for s in range(len(SERVICES))] for d in range(cumulative.shape[2])], dtype=np.float64
        )  # fmt: skip
        return expected_performance(self.town(self.outlets(stage)), median)


def prepare(
    world: World,
    walks: Ways | Sequence[Ways],
    parameters: Parameters,
    constants: Constants,
    start: date,
    mechanisms: Mechanisms | None = None,
    gates: Sequence[NDArray[np.uint8]] = (),
) -> Prepared:
    """
    Prepare a world for running.

    Parameters
    ----------
    world : World
        The baseline; its facilities are the roster of the whole experiment.
    walks : Ways or sequence of Ways
        Metres from every home and outlet to every outlet of a service, for each state of the gates.
    parameters : Parameters
        The numbers of the law.
    constants : Constants
        Solved on the baseline under these parameters.
    start : date
        Day 0.
    mechanisms : Mechanisms, optional
        What is switched on; the default where left out.
    gates : sequence of ndarray of uint8, shape (E,), optional
        Which edges are locked in each state; that of the world where left out.

    Returns
    -------
    Prepared
        Shared by all scenarios and replications.
    """
    switched = mechanisms or Mechanisms()
    if switched.chronic_illness:
        rates = chronic_rates(world.population, parameters)
        world = replace(world, population=replace(world.population, need_rate=rates))
    states = (walks,) if isinstance(walks, Ways) else tuple(walks)
    first = states[0].reach
    blocks = (len(first.ptr) - 1) // (len(first.origin_rows) * len(SERVICES))
    together = households if switched.household_bearers else no_households
    return Prepared(
        world=world,
        start=start,
        people=resident_columns(world, first.origin_rows, blocks, parameters, switched.assisted_orders),
        homes=together(world.population),
        reach=tuple(
            ReachColumns(one.reach.ptr, one.reach.facility, one.reach.metres, one.trip_m) for one in states
        ),
        gates=tuple(gates) or (world.streets.locked,),
        origin_rows=first.origin_rows,
        law=coefficients(parameters, constants, world.currency),
        calendar=calendar(parameters),
        weather=weather(parameters),
        mechanisms=switched,
    )
