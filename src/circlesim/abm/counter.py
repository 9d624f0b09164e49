"""Counter: what happens to someone who has arrived at an outlet of the object form."""

from __future__ import annotations

from circlesim import draws
from circlesim.abm.agents import MOBILE, FacilityAgent, hour_of
from circlesim.abm.errand import DELIVERY, HOME_VISIT, WALK_IN, Errand
from circlesim.abm.fares import aid_for, fare, order_price
from circlesim.abm.rules import balks, equity, performance, price_fen, reneges, takes_away
from circlesim.abm.town import ObjectTown
from circlesim.abm.waiting_list import book_visit, give_back, has_promise, join_list
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.places import CHILD
from circlesim.engine.storeroom import GOODS as RUN_SHORT
from circlesim.ledger import Barrier, Fate

FULL, REFUSED, POOR = int(Barrier.FULL), int(Barrier.PAYMENT_REFUSED), int(Barrier.UNAFFORDABLE)
NO_VISIT = int(Barrier.NO_HOME_CAPACITY)
PERISHABLE = SERVICE_INDEX["breakfast"]
GOODS = tuple(SERVICE_INDEX[service] for service in RUN_SHORT)


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
        left = has_promise(errand, facility) or facility.booked < facts.home_visits
        return (0 if left else NO_VISIT), 0
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
    if barrier == NO_VISIT:
        join_list(town, errand, facility)
    if barrier != REFUSED:
        return False
    errand.refusals += 1
    if town.mechanisms.memory:
        errand.resident.refused_by.add(facility.row)
    u = town.luck.draw(draws.REFUSAL, errand.kind, errand.resident.id64, facility.id64)
    return u < town.law.number["lost_sale_if_refused"]


def serve(town: ObjectTown, errand: Errand, facility: FacilityAgent, ahead: int) -> float:
    """
    Serve an errand: wait, pay and judge; who eats there does so with the meal in hand, once it is ready.

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
        Minute at which service ends.
    """
    now = errand.arrival_min
    start, length = take_turn(town, errand, facility)
    errand.arrive_min, errand.start_min, errand.ahead = now, start, ahead
    if eats_in(town, errand, facility):
        errand.in_hand, errand.arrival_min = True, start + length
    else:
        complete(town, errand, facility, start - now)
    return start + length


def eats_in(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> bool:
    """
    Tell whether somebody served means to eat at a table.

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
    bool
        False where there is no seat, or nothing to eat.
    """
    served = errand.choice.channel == WALK_IN and town.law.service[errand.service]["seat_min"] > 0.0
    if not (served and town.mechanisms.seats and town.mechanisms.capacity and facility.facts.seats > 0):
        return False
    u = town.luck.draw(draws.EAT_IN, errand.kind, errand.resident.id64, facility.id64)
    return u < town.law.number["eat_in_share"]


def take_seat(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float:
    """
    Let somebody with a meal in hand sit down, or take it away where that would be too long.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Just served.
    facility : FacilityAgent
        Where.

    Returns
    -------
    float
        Minute of leaving.
    """
    ready, came = errand.arrival_min, errand.arrive_min
    sits = max(ready, facility.seat_free_from)
    if takes_away(sits - ready, town.law.number["seat_wait_max_min"]):
        sits = leaves = ready
    else:
        u = town.luck.draw(draws.AT_TABLE, errand.kind, errand.resident.id64, facility.id64)
        leaves = sits + town.law.service[errand.service]["seat_min"] * draws.exponential(u)
        facility.sit_down(leaves)
    if town.mechanisms.memory:
        facility.wait_sum[hour_of(came)] += sits - ready
    errand.in_hand = False
    complete(town, errand, facility, (errand.start_min - came) + (sits - ready))
    return leaves


def complete(town: ObjectTown, errand: Errand, facility: FacilityAgent, waited: float) -> None:
    """
    Close the row of an errand that was served: pay and judge.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        Served.
    facility : FacilityAgent
        Who served.
    waited : float
        Minutes in the line, and for a seat.
    """
    give_back(errand)
    resident, facts, ordered = errand.resident, facility.facts, errand.choice.channel == DELIVERY
    errand.fate = int(Fate.DELIVERED if ordered else Fate.INSIDE)
    errand.channel, errand.facility = errand.choice.channel, facility.row
    errand.wait_min = waited + facts.delivery_min if ordered else waited
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
        book_visit(errand, facility)
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
