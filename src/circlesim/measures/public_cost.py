"""Public cost: what the policies of a scenario cost over its days, and what aid and support are paid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import STATE_AT_END, Measure, Values
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.measures.reading import Reading

NO_COST_GIVEN = float("nan")
"""Cost of a policy that names neither capital nor running cost; a report prints *no cost given*."""


class Cost(NamedTuple):
    """
    What one policy costs.

    Parameters
    ----------
    capital : float or None
        Once, in the major unit; None where not given.
    running_month : float or None
        A month in force; None where not given.
    days : int
        Days in force within the scenario.
    pays : bool, default: False
        Whether it hands out money, which is counted as it is paid: then no cost besides has to be given.
    """

    capital: float | None
    running_month: float | None
    days: int
    pays: bool = False

    @property
    def given(self) -> bool:
        """Tell whether anything is known of the cost."""
        return self.pays or self.capital is not None or self.running_month is not None


class Stated(NamedTuple):
    """
    Costs that policies state.

    Parameters
    ----------
    capital : float
        Of policies in force on any day.
    running : float
        By days in force.
    """

    capital: float
    running: float


def stated_cost(costs: Iterable[Cost]) -> Stated:
    """
    Add up what policies state; one that states nothing counts as nothing.

    Parameters
    ----------
    costs : iterable of Cost
        One entry a policy.

    Returns
    -------
    Stated
        In the major unit.
    """
    capital = running = 0.0
    for cost in costs:
        if cost.days > 0:
            capital += cost.capital or 0.0
            running += (cost.running_month or 0.0) * cost.days / DAYS_A_MONTH
    return Stated(capital, running)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCost(Measure):
    """Capital and running cost of the scenario's policies, and the aid and support paid by the last day."""

    kind: str = STATE_AT_END

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by:
            return None
        return Values(value=np.array([reading.public_cost + reading.paid]), n=np.array([len(reading.population)]))


def public_cost(costs: Iterable[Cost]) -> float:
    """
    Add the costs that policies state up.

    Parameters
    ----------
    costs : iterable of Cost
        One entry a policy.

    Returns
    -------
    float
        Capital of those in force on any day, and running cost by days; 0 without policies, `NO_COST_GIVEN`
        where one of them names no cost.
    """
    every = list(costs)
    return sum(stated_cost(every)) if all(cost.given for cost in every) else NO_COST_GIVEN
