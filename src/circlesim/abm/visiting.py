"""Visiting: staff who come to those of the object form who cannot walk to an outlet."""

from __future__ import annotations

from collections.abc import Iterator

from circlesim import draws
from circlesim.abm.agents import FacilityAgent
from circlesim.abm.errand import HOME_VISIT, Alternative, Errand
from circlesim.abm.fares import fare, pull
from circlesim.abm.liking import OUTLETS_NEST, with_luck
from circlesim.abm.rules import outlet_utility
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown


def visits(town: ObjectTown, errand: Errand) -> Iterator[Alternative]:
    """
    Go through the outlets whose staff come home.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need; nobody waits for staff at a counter.

    Yields
    ------
    Alternative
        Every feasible one, with its luck.
    """
    resident, service = errand.resident, errand.service
    if not town.may_visit(resident) or isinstance(errand.standing_at, FacilityAgent):
        return
    since = errand.at_home_from_min
    for facility, metres in town.within(resident.origin - resident.block, service):
        if not facility.is_there or facility.facts.home_visits == 0 or (facility.row, True) in errand.tried:
            continue
        if town.remembers_refusal(resident, facility) or not town.has_heard(resident, facility, metres):
            continue
        if not town.affords(resident, fare(errand, facility)):
            continue
        leave = departure(town, errand, facility, 0.0, since, errand.not_before_min)
        if leave is not None:
            moved = abs(leave - since)
            utility = visit_utility(town, errand, facility, moved)
            yield Alternative(facility.row, facility, HOME_VISIT, utility, leave, moved_min=moved)


def visit_utility(town: ObjectTown, errand: Errand, facility: FacilityAgent, moved: float) -> float:
    """
    Utility of a home visit, with its luck.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Whose staff come.
    moved : float
        Minutes by which the errand is moved until the visit is asked for.

    Returns
    -------
    float
        Who waits at home stands in no line: until the knock at the door the errand is moved.
    """
    number = town.law.number
    shift = moved + number["visit_wait_min"]
    drawn = pull(town, errand, facility)
    value = outlet_utility(drawn, 0.0, 0.0, number["b_wait"], 0.0, number["b_shift"], shift)
    return with_luck(town, errand, facility, value, OUTLETS_NEST, facility.id64 ^ draws.VISIT_MARK)
