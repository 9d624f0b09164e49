"""Places: day care allotted once a month, one resident after the other."""

from __future__ import annotations

from circlesim import draws
from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.rules import outlet_utility, walk_min
from circlesim.abm.town import ObjectTown
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.places import PLACED


def allot(town: ObjectTown) -> None:
    """
    Allot all places: those who hold one keep it while it is there, the others come in the order of the list.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    """
    for service in (SERVICE_INDEX[name] for name in PLACED):
        free = {f.row: f.facts.places if f.is_there else 0 for f in town.facilities}
        in_line = sorted(
            town.residents,
            key=lambda one: (-one.waited.get(service, 0), town.luck.lot(service, one.id64), one.id64),
        )
        for resident in in_line:
            held = resident.held.get(service)
            if held is not None and free[held.row] > 0:
                free[held.row] -= 1
            else:
                resident.held.pop(service, None)
        for resident in in_line:
            if service not in resident.held and applies(town, resident, service):
                place = best_place(town, resident, service, free)
                if place is None:
                    resident.waited[service] = resident.waited.get(service, 0) + 1
                else:
                    resident.held[service] = place
                    resident.waited[service] = 0
                    free[place.row] -= 1


def applies(town: ObjectTown, resident: ResidentAgent, service: int) -> bool:
    """
    Tell whether a resident wants a standing place.

    Parameters
    ----------
    town : ObjectTown
        For the law and the luck.
    resident : ResidentAgent
        Who.
    service : int
        Service number.

    Returns
    -------
    bool
        A lasting trait; never True of who never needs the service.
    """
    needs = any(KIND_SERVICE[kind] == service and rate > 0.0 for kind, rate in resident.rates.items())
    return needs and town.luck.application(service, resident.id64) < town.law.service[service]["place_share"]


def best_place(
    town: ObjectTown, resident: ResidentAgent, service: int, free: dict[int, int]
) -> FacilityAgent | None:
    """
    Find the outlet with a free place that a resident likes best.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    resident : ResidentAgent
        Who.
    service : int
        Service number.
    free : dict of int to int
        Free places by facility row.

    Returns
    -------
    FacilityAgent or None
        None where no place is in reach.
    """
    number, spread = town.law.number, town.law.service[service]["taste_sd"]
    best: tuple[float, FacilityAgent] | None = None
    for facility, metres in town.within(resident.origin, service):
        walk = walk_min(metres, resident.speed)
        if not resident.can_walk(walk):
            break
        if not free[facility.row] or (resident.needs_step_free and not facility.facts.step_free):
            continue
        liked = outlet_utility(
            facility.facts.attraction[service],
            resident.b_walk,
            walk,
            number["b_wait"],
            0.0,
            number["b_shift"],
            0.0,
        )
        liked += spread * draws.normal(town.luck.taste(resident.id64, facility.id64))
        if best is None or liked > best[0] or (liked == best[0] and facility.id64 < best[1].id64):
            best = liked, facility
    return None if best is None else best[1]
