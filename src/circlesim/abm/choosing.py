"""Choosing: the alternatives of one errand, one after the other, and the best of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

from circlesim import draws
from circlesim.abm.agents import FacilityAgent, ResidentAgent, hour_of
from circlesim.abm.errand import DELIVERY, FORGO, HOME, NONE, OUTSIDE, WALK_IN, Alternative, Errand
from circlesim.abm.fares import fare, order_price, price_outside, pull
from circlesim.abm.liking import DELIVERY_NEST, OUTLETS_NEST, gumbel_of, with_luck
from circlesim.abm.rules import attractiveness, extra_walk, outlet_utility, walk_min
from circlesim.abm.stop import Stop
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown
from circlesim.abm.visiting import visits
from circlesim.catalog.constants import UNAVAILABLE

BY_DELIVERY, AT_HOME, GONE_OUTSIDE, WITHOUT = range(4)
"""Columns of the constants."""


def choose(town: ObjectTown, errand: Errand) -> Alternative:
    """
    Rank all alternatives of an errand and return the best.

    At a counter the ranking is that made at home, less what was tried; with as many tries as allowed, outlets
    and orders are out.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need, where its owner stands and what was tried.

    Returns
    -------
    Alternative
        The one of highest utility.
    """
    own = own_place(town, errand)
    if own is not None:
        if town.witness is not None:
            town.witness.saw_choice(errand, own)
        return own
    if errand.tries >= int(town.law.number["tries_max"]):
        inside: Iterator[Alternative] = iter(())
    else:
        inside = chain(walk_in(town, errand), orders(town, errand), visits(town, errand))
    best = Alternative(FORGO, None, NONE, going_without(town, errand), errand.asked_min)
    for alternative in chain(elsewhere(town, errand), inside):
        if alternative.beats(best):
            best = alternative
    if town.witness is not None:
        town.witness.saw_choice(errand, best)
    return best


def own_place(town: ObjectTown, errand: Errand) -> Alternative | None:
    """
    Go where one holds a place, if one can; it is no choice any more.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Returns
    -------
    Alternative or None
        None for who holds no place, and where it cannot be reached, entered or paid today.
    """
    resident = errand.resident
    facility = resident.held.get(errand.service)
    if facility is None or errand.tries > 0 or errand.base is not None or not facility.is_there:
        return None
    metres = next((m for f, m in town.within(resident.origin, errand.service) if f is facility), None)
    if metres is None or not resident.can_walk(walk_min(metres, resident.speed)):
        return None
    known = may_enter(resident, facility) and town.has_heard(resident, facility, metres)
    if not known or town.remembers_refusal(resident, facility):
        return None
    if not town.affords(resident, fare(errand, facility)):
        return None
    walk = walk_min(metres, resident.speed)
    shift_max = town.law.service[errand.service]["shift_max_min"]
    leave = departure(town, errand, facility, walk, shift_max, errand.not_before_min)
    if leave is None:
        return None
    utility = on_foot_utility(town, errand, facility, walk, leave)
    wait = facility.wait_public[hour_of(leave + walk)]
    return Alternative(facility.row, facility, WALK_IN, utility, leave, walk, walk, walk, walk, wait)


def elsewhere(town: ObjectTown, errand: Errand) -> Iterator[Alternative]:
    """
    Go through home and outside, where they can be had.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Yields
    ------
    Alternative
        With its luck.
    """
    resident, minute = errand.resident, errand.asked_min
    constant = town.law.constant[resident.age_group][errand.service]
    if constant[AT_HOME] > UNAVAILABLE:
        utility = constant[AT_HOME] + gumbel_of(town, errand, draws.HOME_ID)
        yield Alternative(HOME, None, NONE, utility, minute)
    if (
        constant[GONE_OUTSIDE] > UNAVAILABLE
        and not resident.homebound
        and town.affords(resident, price_outside(town, errand))
    ):
        utility = constant[GONE_OUTSIDE] + gumbel_of(town, errand, draws.OUTSIDE_ID)
        yield Alternative(OUTSIDE, None, NONE, utility, minute)


def going_without(town: ObjectTown, errand: Errand) -> float:
    """
    Utility of doing nothing.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Returns
    -------
    float
        Constant and luck.
    """
    constant = town.law.constant[errand.resident.age_group][errand.service]
    return constant[WITHOUT] + gumbel_of(town, errand, draws.FORGO_ID)


def walk_in(town: ObjectTown, errand: Errand) -> Iterator[Alternative]:
    """
    Go through the outlets one can walk to.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need, where its owner stands and what was tried.

    Yields
    ------
    Alternative
        Every feasible one, with its luck.
    """
    resident, service = errand.resident, errand.service
    shift_max = town.law.service[service]["shift_max_min"]
    for facility, metres in town.within(resident.origin, service):
        walk = walk_min(metres, resident.speed)
        if not resident.can_walk(walk):
            break
        if not facility.offers(service) or (facility.row, False) in errand.tried:
            continue
        if not may_enter(resident, facility) or town.remembers_refusal(resident, facility):
            continue
        if not town.affords(resident, fare(errand, facility)):
            continue
        if not town.has_heard(resident, facility, metres):
            continue
        if errand.base is None:
            leave = departure(town, errand, facility, walk, shift_max, errand.not_before_min)
            way: float | None = walk
        else:
            leave = errand.asked_min
            way = _onward_walk(town, errand, errand.base, leave, facility)
        if leave is None or way is None:
            continue
        if errand.base is not None:
            ranked = extra_walk(way, walk, errand.base_home_min)
        else:
            ranked = _on_the_way(town, errand, facility, walk, leave)
        utility, wait = walk_in_utility(town, errand, facility, way, ranked, leave)
        counted = ranked
        if errand.tries > 0 and errand.standing_at is not None:
            leave = errand.arrival_min
            way = _onward_walk(town, errand, errand.standing_at, leave, facility)
            if way is None:
                continue
            counted = ranked if errand.standing_at is errand.base else way
        yield Alternative(facility.row, facility, WALK_IN, utility, leave, way, counted, ranked, walk, wait)


def orders(town: ObjectTown, errand: Errand) -> Iterator[Alternative]:
    """
    Go through the outlets one can order from.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need, where its owner stands and what was tried.

    Yields
    ------
    Alternative
        Every feasible one, with its luck.
    """
    resident, service = errand.resident, errand.service
    if not town.may_deliver(resident, service) or resident.cannot_order:
        return
    shift_max = town.law.service[service]["shift_max_min"]
    for facility in town.deliverers[service]:
        if (facility.row, False) in errand.tried or not delivers_to(errand, facility):
            continue
        if errand.basket_fen < facility.facts.smallest_fen:
            continue
        if not town.affords(resident, order_price(errand, facility)):
            continue
        if not town.has_heard(resident, facility, straight_m(errand, facility)):
            continue
        leave = departure(town, errand, facility, 0.0, shift_max, errand.not_before_min)
        if leave is None:
            continue
        utility, wait = order_utility(town, errand, facility, leave)
        if errand.standing_at is not None:
            leave = errand.arrival_min if errand.tries else errand.asked_min
            if not facility.is_open(town.weekday, leave):
                continue
        yield Alternative(facility.row, facility, DELIVERY, utility, leave, wait_min=wait)


def may_enter(resident: ResidentAgent, facility: FacilityAgent) -> bool:
    """
    Tell whether a resident can get in and be served by what stands there.

    Parameters
    ----------
    resident : ResidentAgent
        Who.
    facility : FacilityAgent
        Where.

    Returns
    -------
    bool
        False before steps with a walking aid, and before a machine without a phone one can use.
    """
    if resident.needs_step_free and not facility.facts.step_free:
        return False
    return not (facility.facts.unattended and resident.lacks_digital)


def delivers_to(errand: Errand, facility: FacilityAgent) -> bool:
    """
    Tell whether a home lies within a delivery radius.

    Parameters
    ----------
    errand : Errand
        For the home.
    facility : FacilityAgent
        Who delivers.

    Returns
    -------
    bool
        True within the radius, as the crow flies.
    """
    return straight_m(errand, facility) <= facility.facts.radius_m


def straight_m(errand: Errand, facility: FacilityAgent) -> float:
    """
    Metres from a home to a facility as the crow flies.

    Parameters
    ----------
    errand : Errand
        For the home.
    facility : FacilityAgent
        Where.

    Returns
    -------
    float
        Metres.
    """
    dx, dy = errand.resident.x_m - facility.x_m, errand.resident.y_m - facility.y_m
    return math.sqrt(dx * dx + dy * dy)


def walk_in_utility(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, ranked: float, leave: float
) -> tuple[float, float]:
    """
    Utility of walking to an outlet, with its luck.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Where to.
    walk, ranked, leave : float
        Minutes of the way there, those the ranking counts, and minute of departure.

    Returns
    -------
    tuple of float
        Utility, and the wait expected.
    """
    shift = abs(leave - errand.asked_min)
    if errand.base is not None:
        shift = max(0.0, errand.need_min - errand.asked_min)
    hour = hour_of(leave + walk)
    return _outlet_utility(town, errand, facility, ranked, hour, shift), facility.wait_public[hour]


def _outlet_utility(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, hour: int, shift: float
) -> float:
    """Utility of an outlet for a walk that counts so many minutes, with its luck."""
    number = town.law.number
    value = outlet_utility(
        pull(town, errand, facility), errand.resident.b_walk, walk, number["b_wait"],
        facility.wait_public[hour], number["b_shift"], shift,
    )  # fmt: skip
    return with_luck(town, errand, facility, value, OUTLETS_NEST, facility.id64)


def on_foot_utility(town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, leave: float) -> float:
    """
    Utility of a round trip from home, with its luck.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Where to.
    walk, leave : float
        Minutes of the way out, and minute of departure.

    Returns
    -------
    float
        Utility.
    """
    return _outlet_utility(town, errand, facility, walk, hour_of(leave + walk), abs(leave - errand.asked_min))


def order_utility(town: ObjectTown, errand: Errand, facility: FacilityAgent, leave: float) -> tuple[float, float]:
    """
    Utility of an order, with its luck.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Who delivers.
    leave : float
        Minute of the order.

    Returns
    -------
    tuple of float
        Utility, and the wait expected, the ride included.
    """
    number, facts = town.law.number, facility.facts
    wait = facts.delivery_min + facility.wait_public[hour_of(leave)]
    ratio = float(order_price(errand, facility)) / float(errand.basket_fen)
    attraction = town.law.constant[errand.resident.age_group][errand.service][BY_DELIVERY] + attractiveness(
        number["b_quality"], facts.quality, number["b_variety"], facts.variety,
        town.law.service[errand.service]["b_price"], ratio,
    )  # fmt: skip
    shift = abs(leave - errand.asked_min)
    value = outlet_utility(attraction, 0.0, 0.0, number["b_wait"], wait, number["b_shift"], shift)
    return with_luck(town, errand, facility, value, DELIVERY_NEST, facility.id64 ^ draws.DELIVERY_MARK), wait


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


def _onward_walk(
    town: ObjectTown, errand: Errand, start: FacilityAgent | Stop, leave: float, facility: FacilityAgent
) -> float | None:
    """Minutes from the counter where one stands, or None where out of reach or closed on arrival."""
    metres = town.metres_between(errand.resident, start, errand.service, facility)
    if metres is None:
        return None
    walk: float = walk_min(metres, errand.resident.speed)
    if not errand.resident.can_walk(walk):
        return None
    return walk if facility.is_open(town.weekday, leave + walk) else None
