"""Reading: everything a measure may look at, of one scenario in one replication."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.catalog.services import SERVICES
from circlesim.measures.grouping import Grouping
from circlesim.world.facilities import Facilities
from circlesim.world.population import Population
from circlesim.world.streets import Streets

FACILITY_SUMS: tuple[str, ...] = ("visits", "revenue_fen", "wait_min", "busy_min")
"""Columns of `Reading.facility`."""

LEVELS = 4
"""Answers on the survey card, lowest 0."""

ADULT_AGE = 18
"""First age asked in the survey."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """
    Sums of the days measured, the survey on the last day, and the world of that day.

    Parameters
    ----------
    population : Population
        The residents.
    streets : Streets
        The walkable network.
    facilities : Facilities
        The roster as of the last day, shape (F,).
    present : ndarray of bool, shape (F,)
        Which rows of the roster exist on the last day.
    currency : str
        Major unit of money; sums hold its hundredths.
    days : int
        Days that were added up.
    weekday : int
        Weekday of the last day, Monday 0.
    sums : tuple of str
        Names of the Q columns of the sums.
    resident : ndarray of float64, shape (R, Q)
        Sums by resident.
    service : ndarray of float64, shape (S, Q)
        Sums by service.
    format : ndarray of float64, shape (NF, Q)
        Sums of served needs, by the format that served.
    facility : ndarray of float64, shape (F, 4)
        `FACILITY_SUMS`.
    bearers : ndarray of int64, shape (S,)
        Residents who can have a need of each service.
    answers : ndarray of float64, shape (R, 4)
        How many services each adult answers on with each level on the last day, lowest level first.
    answers_by_service : ndarray of float64, shape (S, 4)
        How many adults answer on each service with each level.
    public_cost : float, default: 0.0
        Cost that the scenario's policies state over its days, in the major unit; nan where a policy gives none.
    paid : float, default: 0.0
        Public aid and support paid from the first day to the last, in the major unit.
    minute_value : float, default: nan
        Worth of a walking minute in the major unit; for `welfare_money`.
    there : ndarray of int64, shape (F,), optional
        On how many of the days each outlet existed; where left out, those present existed on all of them.
    parameters : Parameters, optional
        Numbers that measures rest on; the shipped ones where left out.
    """

    population: Population
    streets: Streets
    facilities: Facilities
    present: NDArray[np.bool_]
    currency: str
    days: int
    weekday: int
    sums: tuple[str, ...]
    resident: NDArray[np.float64]
    service: NDArray[np.float64]
    format: NDArray[np.float64]
    facility: NDArray[np.float64]
    bearers: NDArray[np.int64]
    answers: NDArray[np.float64]
    answers_by_service: NDArray[np.float64]
    public_cost: float = 0.0
    paid: float = 0.0
    minute_value: float = float("nan")
    there: NDArray[np.int64] | None = None
    parameters: Parameters = field(default_factory=default_parameters)
    _grouped: dict[tuple[str, tuple[str, ...]], NDArray[np.float64]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def by_group(self, grouping: Grouping) -> NDArray[np.float64]:
        """
        Add the sums of residents up by group; once a dimension, whatever the number of measures.

        Parameters
        ----------
        grouping : Grouping
            A dimension of residents.

        Returns
        -------
        ndarray of float64, shape (G, Q)
            Sums by group.
        """
        key = grouping.by, grouping.labels
        if key not in self._grouped:
            columns = [grouping.add(column) for column in self.resident.T]
            self._grouped[key] = np.array(columns).T
        return self._grouped[key]

    def column(self, table: NDArray[np.float64], names: tuple[str, ...]) -> NDArray[np.float64]:
        """
        Add some sums of one table up.

        Parameters
        ----------
        table : ndarray of float64, shape (n, Q)
            `resident`, `service` or `format`.
        names : tuple of str
            Sums to add; a leading minus sign takes one away.

        Returns
        -------
        ndarray of float64, shape (n,)
            The sum.
        """
        total = np.zeros(len(table))
        for name in names:
            column = table[:, self.sums.index(name.lstrip("-"))]
            total = total - column if name.startswith("-") else total + column
        return total


def adults(population: Population) -> NDArray[np.bool_]:
    """
    Tell who is asked in the survey.

    Parameters
    ----------
    population : Population
        The residents.

    Returns
    -------
    ndarray of bool, shape (R,)
        True from 18 years on.
    """
    return population.age >= ADULT_AGE


def bearers(population: Population) -> NDArray[np.int64]:
    """
    Count the residents who can have a need, by service.

    Parameters
    ----------
    population : Population
        The residents.

    Returns
    -------
    ndarray of int64, shape (S,)
        Residents with a need rate above zero.
    """
    counts = np.zeros(len(SERVICES), np.int64)
    kinds = np.array(KIND_SERVICE)
    for service in np.unique(kinds):
        counts[service] = np.count_nonzero((population.need_rate[:, kinds == service] > 0).any(axis=1))
    return counts


def count_answers(
    levels: NDArray[np.int8], population: Population, asked_about: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Count the answers of adults, by resident and by service.

    Parameters
    ----------
    levels : ndarray of int8, shape (R, S)
        Answer of each resident on each service, 0 lowest to 3.
    population : Population
        The residents.
    asked_about : ndarray of bool, shape (S,)
        Services that somebody needs.

    Returns
    -------
    tuple of ndarray of float64
        Counts by level, of shapes (R, 4) and (S, 4).
    """
    asked = adults(population)
    services = np.flatnonzero(asked_about)
    by_resident = np.zeros((len(levels), LEVELS))
    by_service = np.zeros((levels.shape[1], LEVELS))
    for level in range(LEVELS):
        hit = (levels[:, services] == level) & asked[:, None]
        by_resident[:, level] = hit.sum(axis=1)
        by_service[services, level] = hit.sum(axis=0)
    return by_resident, by_service
