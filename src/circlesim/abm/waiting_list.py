"""Waiting list: who found no home visit left in the object form is visited first on the next day."""

from __future__ import annotations

from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.errand import Errand
from circlesim.abm.town import ObjectTown
from circlesim.catalog.needs import KINDS


def promise_visits(town: ObjectTown) -> None:
    """
    Keep visits of the day for those on the lists, the longest wait first, then the smaller id.

    Parameters
    ----------
    town : ObjectTown
        The town today. Who is not visited asks again; lists of outlets that are closed today are kept.
    """
    waiting: dict[int, list[tuple[int, int, int, ResidentAgent]]] = {}
    for resident in town.residents:
        listed, resident.listed, resident.promised = resident.listed, {}, {}
        for kind, outlet in listed.items():
            older = kind + len(KINDS)
            if older not in resident.pending:
                continue
            if outlet.is_there and not outlet.facts.hours[town.weekday]:
                resident.listed[older] = outlet
            else:
                waited, of_today = divmod(older, len(KINDS))
                waiting.setdefault(outlet.row, []).append((-waited, resident.id64, of_today, resident))
    for row, entries in waiting.items():
        facility = town.facilities[row]
        first = sorted(entries, key=lambda entry: entry[:3])[: facility.facts.home_visits]
        facility.booked = len(first)
        for less_waited, _, of_today, resident in first:
            resident.promised[of_today - less_waited * len(KINDS)] = facility


def has_promise(errand: Errand, facility: FacilityAgent) -> bool:
    """
    Tell whether a visit is kept for a need that was put off.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Whose staff would come.

    Returns
    -------
    bool
        Never True of a need of today.
    """
    return errand.resident.promised.get(errand.kind) is facility


def book_visit(errand: Errand, facility: FacilityAgent) -> None:
    """
    Take one of the visits of the day, or the one kept.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Whose staff come.
    """
    if has_promise(errand, facility):
        del errand.resident.promised[errand.kind]
    else:
        facility.booked += 1


def give_back(errand: Errand) -> None:
    """
    Let others have the visit that was kept for a need which ends another way.

    Parameters
    ----------
    errand : Errand
        The need.
    """
    kept = errand.resident.promised.pop(errand.kind, None)
    if kept is not None:
        kept.booked -= 1


def join_list(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> None:
    """
    Put a need that found no visit left on the list; a need stands on one list.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Who has no visit left.
    """
    if town.mechanisms.deferral and town.mechanisms.home_visits:
        errand.resident.listed[errand.kind] = facility
