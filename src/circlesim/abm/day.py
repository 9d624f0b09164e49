"""Day: needs arise, and errands run on a continuous clock through choose, serve, pay and judge."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from math import inf

from circlesim import draws
from circlesim.abm.agents import MOBILE, FacilityAgent, ResidentAgent, hour_of
from circlesim.abm.choosing import choose, going_without
from circlesim.abm.diagnosing import diagnose
from circlesim.abm.errand import BACK, DELIVERY, HOME, HOME_VISIT, OUT, OUTSIDE, WALK_IN, Errand
from circlesim.abm.fares import aid_for, fare, order_price, price_outside
from circlesim.abm.places import allot
from circlesim.abm.rules import balks, equity, performance, price_fen, reneges
from circlesim.abm.stop import Stop
from circlesim.abm.town import ObjectTown
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.places import CHILD
from circlesim.engine.storeroom import GOODS as RUN_SHORT
from circlesim.ledger import Barrier, Fate

FULL, REFUSED, POOR = int(Barrier.FULL), int(Barrier.PAYMENT_REFUSED), int(Barrier.UNAFFORDABLE)
NO_VISIT = int(Barrier.NO_HOME_CAPACITY)
PERISHABLE = SERVICE_INDEX["breakfast"]
GOODS = tuple(SERVICE_INDEX[service] for service in RUN_SHORT)


def run_day(town: ObjectTown) -> list[Errand]:
    """
    Run one day.

    Parameters
    ----------
    town : ObjectTown
        The town, turned to the day.

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
    errands = needs_arise(town)
    if town.mechanisms.trips:
        find_trips(town, errands)
    arrivals: list[Errand] = []
    for first in first_errands(town, errands):
        heading = set_out(town, first, 0.0, None, 0.0)
        if heading is not None:
            heappush(arrivals, heading)
    while arrivals:
        again = arrive(town, heappop(arrivals))
        if again is not None:
            heappush(arrivals, again)
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
            facility.told += facility.visits_today / len(town.residents)
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


def holds_place(errand: Errand, facility: FacilityAgent) -> bool:
    """
    Tell whether somebody goes where they hold a place.

    Parameters
    ----------
    errand : Errand
        At the counter.
    facility : FacilityAgent
        Where.

    Returns
    -------
    bool
        False for orders and visits.
    """
    return errand.choice.channel == WALK_IN and errand.resident.held.get(errand.service) is facility


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
        By resident, then kind.
    """
    errands: list[Errand] = []
    season = town.season_rates()
    for resident in town.residents:
        for kind, minute, basket in resident.needs_today(town.law, town.luck, town.weekend, season):
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
        if resident.stop is None or len(windows) < 2:
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
        if base is not None and not errand.joins:
            base, free_from = None, free_from + way_home
        if errand.trip and base is None and free_from <= errand.need_min:
            errand.trip_min = town.trip_min(errand.resident)
            if errand.trip == BACK and errand.trip_min is not None:
                base, way_home, free_from = errand.resident.stop, errand.trip_min, errand.need_min
        errand.asked_min = max(errand.need_min, free_from) if base is None else free_from
        errand.not_before_min = free_from
        errand.base = errand.standing_at = base
        errand.base_home_min = errand.way_home_min = 0.0 if base is None else way_home
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
        The next arrival of the same resident: this errand walking on, or a later one.
    """
    now, facility = errand.arrival_min, errand.choice.facility
    assert facility is not None, "only facilities are arrived at"
    channel = errand.choice.channel
    errand.tries += 1
    if channel == WALK_IN:
        errand.standing_at, errand.way_home_min = facility, errand.choice.home_walk_min
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


def _next_of(town: ObjectTown, errand: Errand, free_from: float) -> Errand | None:
    """Go on with the resident's next errand from where this one ended."""
    return set_out(town, errand.then, free_from, errand.standing_at, errand.way_home_min)


def what_stops(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> tuple[int, int]:
    """
    Find what stops an errand at the counter.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just arrived.
    facility : FacilityAgent
        Where.

    Returns
    -------
    tuple of int
        A barrier, or 0; and the people ahead.
    """
    resident, now, facts = errand.resident, errand.arrival_min, facility.facts
    channel = errand.choice.channel
    ordered = channel == DELIVERY
    if not ordered and not resident.means & facts.accepts:
        return REFUSED, 0
    if not town.affords(resident, order_price(errand, facility) if ordered else fare(errand, facility)):
        return POOR, 0
    if not town.mechanisms.capacity:
        return 0, 0
    if channel == HOME_VISIT:
        return (NO_VISIT if facility.booked >= facts.home_visits else 0), 0
    if town.mechanisms.stock and errand.service == PERISHABLE and facility.larder.sells_out():
        return FULL, 0
    if town.mechanisms.emergency and errand.service in GOODS and facility.storeroom.runs_out():
        return FULL, 0
    if holds_place(errand, facility):
        return 0, 0
    errand.line = facility.counter
    if channel == WALK_IN:
        errand.line = facility.line_for(resident, now, town.mechanisms.self_service)
    ahead = errand.line.ahead(now)
    if errand.line.is_full(now, facts.queue_limit):
        return FULL, ahead
    if channel == WALK_IN:
        number = town.law.number
        patience = draws.exponential(town.luck.draw(draws.PATIENCE, errand.kind, resident.id64, facility.id64))
        if balks(number["b_queue"], number["queue_unnoticed"], float(ahead), patience):
            return FULL, ahead
    return 0, ahead


def leaves_at(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float | None:
    """
    Find when somebody in the line gives up waiting.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just joining the line.
    facility : FacilityAgent
        Where.

    Returns
    -------
    float or None
        Minute of leaving unserved; None for who waits until served, and with reneging switched off.
    """
    if not (town.mechanisms.reneging and town.mechanisms.capacity) or holds_place(errand, facility):
        return None
    now, hazard = errand.arrival_min, town.law.number["renege_per_min"]
    u = town.luck.draw(draws.RENEGE, errand.kind, errand.resident.id64, facility.id64)
    patience: float = draws.exponential(u)
    assert errand.line is not None, "only who stands in a line can leave it"
    if not reneges(hazard, errand.line.offered_wait(now), patience):
        return None
    errand.line.leave_at(now + patience / hazard)
    return now + patience / hazard


def turned_away(town: ObjectTown, errand: Errand, facility: FacilityAgent, barrier: int) -> bool:
    """
    Note a failed try.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        At the counter.
    facility : FacilityAgent
        Where.
    barrier : int
        Why.

    Returns
    -------
    bool
        True where the errand is given up for it.
    """
    errand.first_barrier = errand.first_barrier or barrier
    errand.barriers |= barrier
    errand.met_if_lifted |= barrier
    errand.tried.add((facility.row, errand.choice.channel == HOME_VISIT))
    if barrier != REFUSED:
        return False
    errand.refusals += 1
    if town.mechanisms.memory:
        errand.resident.refused_by.add(facility.row)
    u = town.luck.draw(draws.REFUSAL, errand.kind, errand.resident.id64, facility.id64)
    return u < town.law.number["lost_sale_if_refused"]


def serve(town: ObjectTown, errand: Errand, facility: FacilityAgent, ahead: int) -> float:
    """
    Serve an errand: wait, pay and judge.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        At the counter.
    facility : FacilityAgent
        Who serves.
    ahead : int
        People waiting.

    Returns
    -------
    float
        Minute at which service, or the meal, ends.
    """
    resident, now, facts = errand.resident, errand.arrival_min, facility.facts
    ordered = errand.choice.channel == DELIVERY
    start, length = take_turn(town, errand, facility)
    sits, end = at_table(town, errand, facility, start + length)
    errand.fate = int(Fate.DELIVERED if ordered else Fate.INSIDE)
    errand.channel, errand.facility, errand.ahead = errand.choice.channel, facility.row, ahead
    errand.arrive_min, errand.start_min = now, start
    errand.wait_min = start - now + facts.delivery_min if ordered else start - now
    if sits is not None:
        errand.wait_min += sits - (start + length)
    errand.first_barrier = errand.barriers = errand.met_if_lifted = 0
    pay(errand, facility, ordered)
    number, choice = town.law.number, errand.choice
    errand.utility = (
        choice.utility + number["b_wait"] * (choice.wait_min - errand.wait_min - errand.stood_min)
        - resident.b_walk * (errand.walk_min - choice.ranked_min)
    )  # fmt: skip
    observed = performance(
        number["perf_constant"], number["perf_quality"], facts.quality, number["perf_walk"], errand.walk_min,
        number["perf_wait"], errand.wait_min,
    )  # fmt: skip
    resident.judge(town.law, errand.service, observed)
    if town.mechanisms.habit:
        resident.practise(town.law, errand.service, facility.row)
    return end


def at_table(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, ready: float
) -> tuple[float | None, float]:
    """
    Let somebody who eats in take a seat; seats go in the order of arrival at the counter.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just served.
    facility : FacilityAgent
        Where.
    ready : float
        Minute at which service ends.

    Returns
    -------
    tuple of float
        Minute of sitting down, None for who does not; and the minute of leaving.
    """
    mean_min = town.law.service[errand.service]["seat_min"]
    seated = town.mechanisms.seats and town.mechanisms.capacity and facility.facts.seats > 0 and mean_min > 0.0
    who = errand.kind, errand.resident.id64, facility.id64
    if not seated or errand.choice.channel != WALK_IN:
        return None, ready
    if town.luck.draw(draws.EAT_IN, *who) >= town.law.number["eat_in_share"]:
        return None, ready
    stay_min = mean_min * draws.exponential(town.luck.draw(draws.AT_TABLE, *who))
    sits = facility.sit_down(ready, stay_min)
    if town.mechanisms.memory:
        facility.wait_sum[hour_of(errand.arrival_min)] += sits - ready
    return sits, sits + stay_min


def take_turn(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> tuple[float, float]:
    """
    Find when somebody is served, and for how long.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        At the counter.
    facility : FacilityAgent
        Who serves.

    Returns
    -------
    tuple of float
        Minute at which service starts, and its minutes; no turn in any line for a visit, or a place one holds.
    """
    resident, now, facts = errand.resident, errand.arrival_min, facility.facts
    if errand.choice.channel == HOME_VISIT:
        facility.booked += 1
        return now, 0.0
    u = town.luck.draw(draws.SERVICE_TIME, errand.kind, resident.id64, facility.id64)
    length: float = facts.service_min * draws.exponential(u)
    if holds_place(errand, facility):
        # A child is left there; who goes for themselves stays.
        return now, 0.0 if errand.service == CHILD else length
    if facts.convert and not resident.means & MOBILE:
        length += town.law.number["convert_min"]
    start = now
    if town.mechanisms.capacity:
        assert errand.line is not None, "a turn is taken in a line"
        if town.mechanisms.stock and errand.service == PERISHABLE:
            facility.larder.left -= 1.0
        if town.mechanisms.emergency and errand.service in GOODS:
            facility.storeroom.left -= 1.0
        start = errand.line.join(now, length)
    if town.mechanisms.memory:
        facility.note_wait(now, start - now)
    return start, length


def pay(errand: Errand, facility: FacilityAgent, ordered: bool) -> None:
    """
    Move money from the purse to the till.

    Parameters
    ----------
    errand : Errand
        Being served.
    facility : FacilityAgent
        Who serves.
    ordered : bool
        True for a delivery, with its fee.
    """
    errand.price_fen = price_fen(errand.basket_fen, facility.facts.price_level)
    errand.fee_fen = facility.facts.fee_fen if ordered else 0
    errand.voucher_fen = aid_for(errand.resident, facility, errand.price_fen + errand.fee_fen)
    paid = errand.price_fen + errand.fee_fen - errand.voucher_fen
    errand.resident.purse_fen -= paid
    errand.resident.equity[errand.service] = equity(float(errand.basket_fen), float(paid))
    facility.visits_today += 1
    facility.revenue_today_fen += errand.price_fen + errand.fee_fen


def give_up(town: ObjectTown, errand: Errand) -> None:
    """
    Close an errand that was given up at a counter that refused the money.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just refused.
    """
    obtained = going_without(town, errand)
    barriers, liftable, feasible = diagnose(town, errand, obtained)
    errand.barriers |= barriers
    errand.met_if_lifted |= liftable
    errand.inside_feasible = int(feasible)
    errand.fate = int(Fate.UNMET)
    stood = town.law.number["b_wait"] * errand.stood_min
    errand.utility = obtained - errand.resident.b_walk * errand.walk_min - stood
    errand.resident.judge(town.law, errand.service, 0.0)


def end_elsewhere(town: ObjectTown, errand: Errand) -> None:
    """
    Close an errand that ended at home, outside or undone.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        With such a choice made.
    """
    resident, obtained = errand.resident, errand.choice.utility
    barriers, liftable, feasible = diagnose(town, errand, obtained)
    failed = errand.tries > 0
    errand.fate = _fate_elsewhere(town, errand, resident, failed, feasible)
    if errand.fate == Fate.OUTSIDE:
        errand.price_fen = price_outside(town, errand)
        resident.purse_fen -= errand.price_fen
    errand.barriers |= barriers
    errand.met_if_lifted |= liftable
    errand.inside_feasible = int(feasible)
    if not failed and not feasible:
        errand.first_barrier = barriers & -barriers
    stood = town.law.number["b_wait"] * errand.stood_min
    errand.utility = obtained - resident.b_walk * errand.walk_min - stood
    # A counter that failed, or nothing inside to try, is an attempt; to stay at home by preference is none.
    if failed or not feasible:
        resident.judge(town.law, errand.service, 0.0)


def _fate_elsewhere(
    town: ObjectTown, errand: Errand, resident: ResidentAgent, failed: bool, feasible: bool
) -> int:
    """Name how an errand without an outlet ended."""
    if errand.choice.target == HOME:
        return int(Fate.HOME)
    if errand.choice.target == OUTSIDE:
        return int(Fate.OUTSIDE)
    own_kitchen = town.law.constant[resident.age_group][errand.service][1] > UNAVAILABLE
    if not failed and (feasible or own_kitchen):
        return int(Fate.DECLINED)
    return int(Fate.UNMET)
