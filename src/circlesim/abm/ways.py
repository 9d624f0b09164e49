"""Ways: how somebody of the object form gets to an outlet, from home or straight on from elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from circlesim.abm.agents import FacilityAgent
from circlesim.abm.errand import Errand
from circlesim.abm.rules import extra_walk, walk_min
from circlesim.abm.stop import Stop
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown


class Way(NamedTuple):
    """
    A way to an outlet.

    Parameters
    ----------
    leave_min : float
        Minute of departure.
    walk_min : float
        Minutes of the way.
    ranked_min : float
        Minutes the ranking counts: from home, or what the outlet adds to a way made anyway.
    moved_min : float
        Minutes by which the errand is moved.
    """

    leave_min: float
    walk_min: float
    ranked_min: float
    moved_min: float


def way_there(town: ObjectTown, errand: Errand, facility: FacilityAgent, home_walk: float) -> Way | None:
    """
    Find how to get to an outlet: straight on from the counter or stop where one stands, or from home.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Where to.
    home_walk : float
        Minutes between there and home.

    Returns
    -------
    Way or None
        None where it is out of reach or closed; from a stop one may go home first.
    """
    if errand.base is not None:
        onward = onward_walk(town, errand, errand.base, errand.asked_min, facility)
        if onward is not None:
            early = max(0.0, errand.need_min - errand.asked_min)
            return Way(errand.asked_min, onward, extra_walk(onward, home_walk, errand.base_home_min), early)
        if isinstance(errand.base, FacilityAgent):
            return None
    since = errand.at_home_from_min
    leave = departure(town, errand, facility, home_walk, since, errand.not_before_min)
    if leave is None:
        return None
    return Way(leave, home_walk, _on_the_way(town, errand, facility, home_walk, leave), abs(leave - since))


def onward_walk(
    town: ObjectTown, errand: Errand, start: FacilityAgent | Stop, leave: float, facility: FacilityAgent
) -> float | None:
    """
    Walk on from a counter or a stop.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    start : FacilityAgent or Stop
        Where its owner stands.
    leave : float
        Minute of leaving it.
    facility : FacilityAgent
        Where to.

    Returns
    -------
    float or None
        Minutes; None where it is out of reach or closed on arrival.
    """
    metres = town.metres_between(errand.resident, start, errand.service, facility)
    if metres is None:
        return None
    walk: float = walk_min(metres, errand.resident.speed)
    if not errand.resident.can_walk(walk):
        return None
    return walk if facility.is_open(town.weekday, leave + walk) else None


def _on_the_way(town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, leave: float) -> float:
    """Minutes of a walk from home that the way to the stop passed daily does not take anyway."""
    resident = errand.resident
    if errand.trip_min is None or leave >= town.law.windows[resident.week][town.weekend][0][1]:
        return walk
    assert resident.stop is not None, "a trip leads to a stop"
    metres = town.metres_between(resident, resident.stop, errand.service, facility)
    if metres is None:
        return walk
    extra: float = extra_walk(walk_min(metres, resident.speed), walk, errand.trip_min)
    return extra
