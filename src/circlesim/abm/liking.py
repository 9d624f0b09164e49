"""Liking: what a resident of the object form likes of an outlet beyond what all can see."""

from __future__ import annotations

from circlesim import draws
from circlesim.abm.agents import FacilityAgent
from circlesim.abm.errand import Errand
from circlesim.abm.rules import nested_luck
from circlesim.abm.town import ObjectTown

OUTLETS_NEST, DELIVERY_NEST = 0, 2


def with_luck(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, value: float, nest: int, alternative: int
) -> float:
    """
    Add habit, lasting taste and nested error to the systematic utility of an alternative.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        The outlet.
    value : float
        Systematic utility.
    nest : int
        `OUTLETS_NEST` or `DELIVERY_NEST`.
    alternative : int
        Id of outlet and channel.

    Returns
    -------
    float
        Utility.
    """
    numbers = town.law.service[errand.service]
    if town.mechanisms.habit:
        value += town.habit_of(errand.resident, errand.service, facility)
    taste = lasting_taste(town, errand, facility)
    luck = _luck_of(town, errand, nest, alternative, numbers["tau"])
    total: float = value + taste + luck
    return total


def lasting_taste(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float:
    """
    What the resident likes of an outlet that no column tells, the same every day.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        For the resident and the service.
    facility : FacilityAgent
        The outlet.

    Returns
    -------
    float
        Utility.
    """
    u = town.luck.taste(errand.resident.id64, facility.id64)
    return town.law.service[errand.service]["taste_sd"] * float(draws.normal(u))


def _luck_of(town: ObjectTown, errand: Errand, nest: int, alternative: int, tau: float) -> float:
    """Nested error of one alternative."""
    shared = _nest_luck(town, errand, nest, tau)
    return float(nested_luck(tau, gumbel_of(town, errand, alternative), shared))


def gumbel_of(town: ObjectTown, errand: Errand, alternative: int) -> float:
    """
    Luck of one alternative of one need.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    alternative : int
        Id of the alternative.

    Returns
    -------
    float
        Standard Gumbel.
    """
    u = town.luck.draw(draws.CHOICE, errand.kind, errand.resident.id64, alternative)
    return float(draws.gumbel(u))


def _nest_luck(town: ObjectTown, errand: Errand, nest: int, tau: float) -> float:
    """Logarithm of the stable draw that similar alternatives share; drawn once a need."""
    if tau >= 1.0:
        return 0.0
    if nest not in errand.nest_luck:
        u, v = (town.luck.draw(draws.NEST, errand.kind, errand.resident.id64, word) for word in (nest, nest + 1))
        errand.nest_luck[nest] = float(draws.log_stable(u, v, tau))
    return errand.nest_luck[nest]
