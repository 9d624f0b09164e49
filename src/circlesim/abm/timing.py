"""Timing: when a resident of the object form leaves for an outlet."""

from __future__ import annotations

from circlesim.abm.agents import FacilityAgent
from circlesim.abm.errand import Errand
from circlesim.abm.law import Interval
from circlesim.abm.rules import cheapest_departure
from circlesim.abm.town import ObjectTown


def departure(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, since: float, not_before: float
) -> float | None:
    """
    Departure nearest to the need: at once where the outlet is open on arrival, else moved.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Where to.
    walk : float
        Minutes of the way.
    since : float
        Minute from which its owner could leave.
    not_before : float
        Earliest departure.

    Returns
    -------
    float or None
        Minute; None where no opening hour and free window are near enough. Of two as near, that of the earlier
        opening interval of today, and yesterday's night hours last.
    """
    if since >= not_before and facility.is_open(town.weekday, since + walk):
        return since
    shift_max = town.law.service[errand.service]["shift_max_min"]
    windows: list[Interval] = town.law.windows[errand.resident.week][town.weekend]
    best: float | None = None
    for opens, closes in facility.facts.hours[town.weekday]:
        for start, end in windows:
            leave: float = cheapest_departure(since, walk, opens, closes, max(start, not_before), end)
            near = leave >= 0.0 and abs(leave - since) <= shift_max
            if near and (best is None or abs(leave - since) < abs(best - since)):
                best = leave
    return best
