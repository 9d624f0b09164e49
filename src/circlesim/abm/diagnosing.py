"""Diagnosing: what stood between a need and the outlets of the circle."""

from __future__ import annotations

import math
from collections.abc import Iterator

from circlesim.abm.agents import FacilityAgent, ResidentAgent, hour_of
from circlesim.abm.choosing import delivers_to, on_foot_utility, order_utility, straight_m
from circlesim.abm.errand import Errand
from circlesim.abm.fares import fare, order_price
from circlesim.abm.rules import walk_min
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown
from circlesim.abm.visiting import visit_utility
from circlesim.ledger import Barrier

REFUSED = int(Barrier.PAYMENT_REFUSED)
UNAFFORDABLE = int(Barrier.UNAFFORDABLE)
DIGITAL_ONLY = int(Barrier.DIGITAL_ONLY)
CLOSED = int(Barrier.CLOSED)
NOT_STEP_FREE = int(Barrier.NOT_STEP_FREE)
UNAWARE = int(Barrier.UNAWARE)
UNREACHABLE = int(Barrier.UNREACHABLE)
NOTHING = -math.inf
"""In place of a utility nobody asks for."""

Hindered = tuple[FacilityAgent, int, float]
"""An outlet, its barriers, and its utility where exactly one stands."""


def diagnose(town: ObjectTown, errand: Errand, obtained: float) -> tuple[int, int, bool]:
    """
    Look at every outlet of the service and say what kept it from serving.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        A need not met inside.
    obtained : float
        Utility of what was done instead.

    Returns
    -------
    tuple of (int, int, bool)
        All barriers; those that stood alone before an alternative better than what was obtained; and whether
        some alternative had no barrier.
    """
    barriers, liftable, feasible = 0, 0, False
    hindered = (
        *barriers_on_foot(town, errand),
        *barriers_of_orders(town, errand),
        *barriers_of_visits(town, errand),
    )
    for _, bits, utility in hindered:
        barriers |= bits
        feasible = feasible or bits == 0
        if _alone(bits) and utility > obtained:
            liftable |= bits
    if barriers == 0 and not feasible:
        barriers = UNREACHABLE
    return barriers, liftable, feasible


def belongs_here(resident: ResidentAgent, facility: FacilityAgent) -> bool:
    """
    Tell whether an outlet stands in the circle a resident lives in.

    Parameters
    ----------
    resident : ResidentAgent
        Who has a need.
    facility : FacilityAgent
        The outlet.

    Returns
    -------
    bool
        Of what delivers in some other circle of a city nobody says that it does not come here.
    """
    return bool(facility.facts.circle == resident.circle)


def _alone(bits: int) -> bool:
    """Tell whether exactly one barrier stands."""
    return bits.bit_count() == 1


def barriers_on_foot(town: ObjectTown, errand: Errand) -> Iterator[Hindered]:
    """
    Go through the outlets within the longest walk of anybody.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Yields
    ------
    tuple of (FacilityAgent, int, float)
        Outlet, its barriers, and its utility where exactly one stands.
    """
    resident, service = errand.resident, errand.service
    for facility, metres in town.within(resident.origin, service):
        if not facility.offers(service):
            continue
        walk = walk_min(metres, resident.speed)
        bits = 0 if resident.can_walk(walk) else UNREACHABLE
        if resident.needs_step_free and not facility.facts.step_free:
            bits |= NOT_STEP_FREE
        if facility.facts.unattended and resident.lacks_digital:
            bits |= DIGITAL_ONLY
        if town.remembers_refusal(resident, facility):
            bits |= REFUSED
        if not town.has_heard(resident, facility, metres):
            bits |= UNAWARE
        if not town.affords(resident, fare(errand, facility)):
            bits |= UNAFFORDABLE
        leave, closed = _leave(town, errand, facility, walk)
        bits |= closed
        if not _alone(bits):
            yield facility, bits, NOTHING
            continue
        moved = abs(leave - errand.asked_min)
        yield facility, bits, on_foot_utility(town, errand, facility, walk, hour_of(leave + walk), moved)


def barriers_of_orders(town: ObjectTown, errand: Errand) -> Iterator[Hindered]:
    """
    Go through the outlets that deliver the service.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Yields
    ------
    tuple of (FacilityAgent, int, float)
        Outlet, its barriers, and its utility where exactly one stands.
    """
    resident, service = errand.resident, errand.service
    if not town.may_deliver(resident, service):
        return
    for facility in town.deliverers[service]:
        bits = DIGITAL_ONLY if resident.cannot_order else 0
        if not delivers_to(errand, facility):
            if not belongs_here(resident, facility):
                continue
            bits |= UNREACHABLE
        if not town.has_heard(resident, facility, straight_m(errand, facility)):
            bits |= UNAWARE
        too_small = errand.basket_fen < facility.facts.smallest_fen
        if too_small or not town.affords(resident, order_price(errand, facility)):
            bits |= UNAFFORDABLE
        leave, closed = _leave(town, errand, facility, 0.0)
        bits |= closed
        moved = abs(leave - errand.asked_min)
        yield facility, bits, order_utility(town, errand, facility, leave, moved)[0] if _alone(bits) else NOTHING


def barriers_of_visits(town: ObjectTown, errand: Errand) -> Iterator[Hindered]:
    """
    Go through the outlets whose staff come home.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Yields
    ------
    tuple of (FacilityAgent, int, float)
        Outlet, its barriers, and its utility where exactly one stands.
    """
    resident = errand.resident
    if not town.may_visit(resident):
        return
    for facility, metres in town.within(resident.origin - resident.block, errand.service):
        if not facility.is_there or facility.facts.home_visits == 0:
            continue
        bits = 0 if town.has_heard(resident, facility, metres) else UNAWARE
        if town.remembers_refusal(resident, facility):
            bits |= REFUSED
        if not town.affords(resident, fare(errand, facility)):
            bits |= UNAFFORDABLE
        leave, closed = _leave(town, errand, facility, 0.0)
        bits |= closed
        moved = abs(leave - errand.asked_min)
        yield facility, bits, visit_utility(town, errand, facility, moved) if _alone(bits) else NOTHING


def _leave(town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float) -> tuple[float, int]:
    """Departure with the whole day free, or at the need's own minute with the barrier that it is closed."""
    leave = departure(town, errand, facility, walk, errand.asked_min, 0.0)
    return (errand.asked_min, CLOSED) if leave is None else (leave, 0)
