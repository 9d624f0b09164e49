"""Public cost: what the policies of a scenario cost over its days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import WORLD_ALONE, Measure, Values
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
    """

    capital: float | None
    running_month: float | None
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicCost(Measure):
    """Capital and running cost of the scenario's policies."""

    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by:
            return None
        return Values(value=np.array([reading.public_cost]), n=np.array([len(reading.population)]))


def public_cost(costs: Iterable[Cost]) -> float:
    """
    Add the costs of policies up.

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
    total = 0.0
    for cost in costs:
        if cost.capital is None and cost.running_month is None:
            return NO_COST_GIVEN
        if cost.days > 0:
            total += (cost.capital or 0.0) + (cost.running_month or 0.0) * cost.days / DAYS_A_MONTH
    return total
