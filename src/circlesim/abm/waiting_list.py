"""Waiting list: who found no home visit left in the object form is visited first on the next day."""

from __future__ import annotations

from circlesim.abm.agents import Entry, FacilityAgent, ResidentAgent
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
        for kind, entry in listed.items():
            waited = entry.waited + 1
            if kind + waited * len(KINDS) not in resident.pending:
                continue
            outlet = entry.facility
            if outlet.is_there and not outlet.facts.hours[town.weekday]:
                resident.listed[kind] = Entry(outlet, waited)
            else:
                waiting.setdefault(outlet.row, []).append((-waited, resident.id64, kind, resident))
    for row, entries in waiting.items():
        facility = town.facilities[row]
        first = sorted(entries, key=lambda entry: entry[:3])[: facility.facts.home_visits]
        facility.booked = len(first)
        for waited_less, _, kind, resident in first:
            resident.promised[kind] = Entry(facility, -waited_less)


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
    kept = errand.resident.promised.get(errand.kind % len(KINDS))
    return kept is not None and errand.days_open > 0 and kept == Entry(facility, errand.days_open)


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


def give_back(errand: Errand) -> None:
    """
    Let others have the visit that was kept for a need which ends another way.

    Parameters
    ----------
    errand : Errand
        The need.
    """
    kind = errand.kind % len(KINDS)
    kept = errand.resident.promised.get(kind)
    if kept is not None and errand.days_open > 0 and kept.waited == errand.days_open:
        del errand.resident.promised[kind]
        kept.facility.booked -= 1


def join_list(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> None:
    """
    Put a need that found no visit left on the list; of two of a kind, the one that is open for longer.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Who has no visit left.
    """
    if not (town.mechanisms.deferral and town.mechanisms.home_visits):
        return
    kind = errand.kind % len(KINDS)
    before = errand.resident.listed.get(kind)
    if before is None or before.waited <= errand.days_open:
        errand.resident.listed[kind] = Entry(facility, errand.days_open)
