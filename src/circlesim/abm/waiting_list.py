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
        The town today; lists are emptied, and who is not visited asks again.
    """
    waiting: dict[int, list[tuple[int, int, int, ResidentAgent]]] = {}
    for resident in town.residents:
        resident.promised = {}
        for kind, facility in resident.listed.items():
            waited = [open_kind // len(KINDS) for open_kind in resident.pending if open_kind % len(KINDS) == kind]
            if waited:
                entry = -max(waited), resident.id64, kind, resident
                waiting.setdefault(facility.row, []).append(entry)
        resident.listed = {}
    for row, entries in waiting.items():
        facility = town.facilities[row]
        first = sorted(entries, key=lambda entry: entry[:3])[: facility.facts.home_visits]
        facility.booked = len(first)
        for _, _, kind, resident in first:
            resident.promised[kind] = facility


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
    return errand.days_open > 0 and errand.resident.promised.get(errand.kind % len(KINDS)) is facility


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
        del errand.resident.promised[errand.kind % len(KINDS)]
    else:
        facility.booked += 1


def join_list(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> None:
    """
    Put a resident who found no visit left on the list; one stands on one list a kind of need.

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
        errand.resident.listed[errand.kind % len(KINDS)] = facility
