"""Day: needs arise, and errands run on a continuous clock through choose, serve, pay and judge."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from math import inf

from circlesim.abm.agents import FacilityAgent
from circlesim.abm.choosing import choose
from circlesim.abm.counter import leaves_at, serve, take_seat, turned_away, what_stops
from circlesim.abm.deferral import past_days, put_off, still_open
from circlesim.abm.endings import end_elsewhere, give_up
from circlesim.abm.errand import BACK, HOME_VISIT, OUT, WALK_IN, Errand
from circlesim.abm.places import allot
from circlesim.abm.stop import Stop
from circlesim.abm.town import ObjectTown
from circlesim.abm.waiting_list import promise_visits
from circlesim.catalog.needs import KINDS
from circlesim.ledger import Barrier

FULL = int(Barrier.FULL)


def run_day(town: ObjectTown, *, last: bool = False) -> list[Errand]:
    """
    Run one day.

    Parameters
    ----------
    town : ObjectTown
        The town, turned to the day.
    last : bool, default: False
        Whether no day follows: nothing is put off then, and what is open ends as it stands.

    Returns
    -------
    list of Errand
        All needs of the day, in the order of the ledger.
    """
    if town.weekday == 0:
        for resident in town.residents:
            resident.refill_purse(town.law.number["purse_cap_weeks"])
    if town.mechanisms.places:
        allot_places(town)
    if town.mechanisms.deferral:
        for resident in town.residents:
            resident.wait_another_day()
        if town.mechanisms.home_visits:
            promise_visits(town)
    errands = needs_arise(town)
    if town.mechanisms.trips:
        find_trips(town, errands)
    arrivals: list[Errand] = []
    for first in first_errands(town, errands):
        heading = set_out(town, first, 0.0, None, 0.0)
        if heading is not None:
            heappush(arrivals, heading)
    while arrivals:
        errand = heappop(arrivals)
        again = sit_down(town, errand) if errand.in_hand else arrive(town, errand)
        if again is not None:
            heappush(arrivals, again)
    if town.mechanisms.deferral:
        put_off(town, errands, last=last)
    for facility in town.facilities:
        facility.admit(inf, town.mechanisms.memory)
        is_open = facility.is_there and bool(facility.facts.hours[town.weekday])
        memory, facts = town.law.number["stock_memory"], facility.facts
        if town.mechanisms.stock:
            facility.larder.learn(is_open, memory)
        if town.mechanisms.emergency:
            refill = town.law.number["reserve_refill"]
            facility.storeroom.close(is_open, facts.supply_share, facts.reserve_days, memory, refill)
        if town.mechanisms.awareness:
            facility.told += facility.visits_today / town.neighbours_of(facility)
        facility.close_day(town.law.number["wait_memory"])
    return errands


def allot_places(town: ObjectTown) -> None:
    """
    Allot places before anybody waits for one, on the first day of each month, and when facts change.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    """
    begun = any(resident.held or any(resident.waited.values()) for resident in town.residents)
    if not begun or town.facts_changed or town.prepared.date_of(town.day).day == 1:
        allot(town)
    town.facts_changed = False


def needs_arise(town: ObjectTown) -> list[Errand]:
    """
    Let everybody's needs arise.

    Parameters
    ----------
    town : ObjectTown
        The town today.

    Returns
    -------
    list of Errand
        By resident, then kind, then the days since they arose.
    """
    errands: list[Errand] = []
    season, before = town.season_rates(town.day), past_days(town)
    for resident in town.residents:
        needs = resident.needs_today(town.law, town.luck, town.weekend, season)
        for then in before:
            needs += still_open(town, resident, then)
        needs.sort(key=lambda need: (need[0] % len(KINDS), need[0]))
        for kind, minute, basket in needs:
            errands.append(
                Errand(number=len(errands), resident=resident, kind=kind, need_min=minute, basket_fen=basket)
            )
    return errands


def find_trips(town: ObjectTown, errands: list[Errand]) -> None:
    """
    Mark the first need of each resident near the daily way out, and the first near the way back.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errands : list of Errand
        By resident, then kind.
    """
    gap_min, passed = town.law.number["trip_gap_min"], set()
    for errand in sorted(errands, key=lambda errand: errand.need_min):
        resident = errand.resident
        windows = town.law.windows[resident.schedule][town.weekend]
        if resident.stop is None or len(windows) < 2 or errand.days_open:
            continue
        leaves, returns = windows[0][1], windows[-1][0]
        for trip, minutes in ((OUT, leaves - errand.need_min), (BACK, errand.need_min - returns)):
            if 0.0 <= minutes <= gap_min and (resident.row, trip) not in passed:
                errand.trip = trip
                passed.add((resident.row, trip))
                break


def first_errands(town: ObjectTown, errands: list[Errand]) -> list[Errand]:
    """
    Chain the errands of each resident in the order of their minutes.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errands : list of Errand
        By resident, then kind.

    Returns
    -------
    list of Errand
        The first of each resident, or all where one may be in several places at once.
    """
    if not town.mechanisms.clock:
        return errands
    by_resident: dict[int, list[Errand]] = {}
    for errand in errands:
        by_resident.setdefault(errand.resident.row, []).append(errand)
    firsts = []
    for own in by_resident.values():
        own.sort(key=lambda errand: errand.need_min)
        for errand, then in pairwise(own):
            errand.then = then
        # What was put off is an outing of its own.
        for errand, then in pairwise(errand for errand in own if errand.days_open == 0):
            then.joins = then.need_min - errand.need_min <= town.prepared.outing_gap_min
        firsts.append(own[0])
    return firsts


def set_out(
    town: ObjectTown, errand: Errand | None, free_from: float, base: FacilityAgent | Stop | None, way_home: float
) -> Errand | None:
    """
    Choose for one errand after the other until one leads to a counter.

    A need that joins the outing is chosen for where its owner stands; any other waits for the return home, and no
    errand leaves before it. A need on the daily way back is chosen for at the stop, one on the way out at home.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand or None
        Next errand of a resident.
    free_from : float
        Minute from which the resident is free.
    base : FacilityAgent, Stop or None
        Where the resident stands then; None at home.
    way_home : float
        Minutes home from there.

    Returns
    -------
    Errand or None
        On its way; None where the rest of the day is spent elsewhere.
    """
    while errand is not None:
        if errand.is_settled:
            errand.settle()
            errand = errand.then
            continue
        if base is not None and not errand.joins:
            base, free_from = None, free_from + way_home
        if errand.trip and base is None and free_from <= errand.need_min:
            errand.trip_min = town.trip_min(errand.resident)
            if errand.trip == BACK and errand.trip_min is not None:
                base, way_home, free_from = errand.resident.stop, errand.trip_min, errand.need_min
        errand.asked_min = max(errand.need_min, free_from) if base is None else free_from
        errand.base = errand.standing_at = base
        errand.base_home_min = errand.way_home_min = 0.0 if base is None else way_home
        errand.not_before_min = errand.at_home_from_min if isinstance(base, Stop) else free_from
        choice = choose(town, errand)
        errand.first_choice = choice.target
        errand.head_for(choice)
        if choice.facility is not None:
            return errand
        end_elsewhere(town, errand)
        errand = errand.then
    return None


def arrive(town: ObjectTown, errand: Errand) -> Errand | None:
    """
    Let an errand, in person or as an order, arrive where it was heading.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        At its arrival minute.

    Returns
    -------
    Errand or None
        What happens next to the same resident: this errand walks on or has its meal in hand, or a later one.
    """
    now, facility = errand.arrival_min, errand.choice.facility
    assert facility is not None, "only facilities are arrived at"
    channel = errand.choice.channel
    errand.tries += 1
    if channel == WALK_IN:
        errand.standing_at, errand.way_home_min = facility, errand.choice.home_walk_min
    elif isinstance(errand.standing_at, Stop):
        errand.go_home()
    if channel != HOME_VISIT:
        facility.admit(now, town.mechanisms.memory)
    barrier, ahead = what_stops(town, errand, facility)
    gone = leaves_at(town, errand, facility) if barrier == 0 and channel == WALK_IN else None
    if gone is not None:
        errand.stood_min += gone - now
        barrier, now, errand.arrival_min = FULL, gone, gone
    if town.witness is not None:
        town.witness.saw_counter(errand, facility, barrier, ahead)
    if barrier == 0:
        end = serve(town, errand, facility, ahead)
        if errand.in_hand:
            return errand
        return _next_of(town, errand, end if channel == WALK_IN else now)
    if turned_away(town, errand, facility, barrier):
        give_up(town, errand)
        return _next_of(town, errand, now)
    if errand.standing_at is None:
        errand.not_before_min = now
    errand.head_for(choose(town, errand))
    if errand.choice.facility is not None:
        return errand
    end_elsewhere(town, errand)
    return _next_of(town, errand, now)


def sit_down(town: ObjectTown, errand: Errand) -> Errand | None:
    """
    Let somebody with a meal in hand look for a seat.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        At the minute the meal is in hand.

    Returns
    -------
    Errand or None
        The next arrival of the same resident.
    """
    facility = errand.choice.facility
    assert facility is not None, "meals are had at facilities"
    return _next_of(town, errand, take_seat(town, errand, facility))


def _next_of(town: ObjectTown, errand: Errand, free_from: float) -> Errand | None:
    """Go on with the resident's next errand from where this one ended."""
    if errand.days_open:
        # What was put off is an outing of its own: what follows starts from home.
        return set_out(town, errand.then, free_from + errand.way_home_min, None, 0.0)
    return set_out(town, errand.then, free_from, errand.standing_at, errand.way_home_min)
