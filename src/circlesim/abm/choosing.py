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
from circlesim.abm.rules import attractiveness, outlet_utility, walk_min
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown
from circlesim.abm.visiting import visits
from circlesim.abm.ways import onward_walk, way_there
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
    leave = departure(town, errand, facility, walk, errand.asked_min, errand.not_before_min)
    if leave is None:
        return None
    hour, moved = hour_of(leave + walk), abs(leave - errand.asked_min)
    utility = on_foot_utility(town, errand, facility, walk, hour, moved)
    return Alternative(
        facility.row, facility, WALK_IN, utility, leave, walk, walk, walk, walk, facility.wait_public[hour], moved
    )


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
        way = way_there(town, errand, facility, walk)
        if way is None:
            continue
        hour = hour_of(way.leave_min + way.walk_min)
        utility = on_foot_utility(town, errand, facility, way.ranked_min, hour, way.moved_min)
        leave, onward, counted = way.leave_min, way.walk_min, way.ranked_min
        if errand.tries > 0 and errand.standing_at is not None:
            leave = errand.arrival_min
            further = onward_walk(town, errand, errand.standing_at, leave, facility)
            if further is None:
                continue
            onward, counted = further, way.ranked_min if errand.standing_at is errand.base else further
        yield Alternative(
            facility.row, facility, WALK_IN, utility, leave, onward, counted, way.ranked_min, walk,
            facility.wait_public[hour], way.moved_min,
        )  # fmt: skip


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
    since = errand.at_home_from_min
    for facility in town.deliverers[service]:
        if (facility.row, False) in errand.tried or not delivers_to(errand, facility):
            continue
        if errand.basket_fen < facility.facts.smallest_fen:
            continue
        if not town.affords(resident, order_price(errand, facility)):
            continue
        if not town.has_heard(resident, facility, straight_m(errand, facility)):
            continue
        leave = departure(town, errand, facility, 0.0, since, errand.not_before_min)
        if leave is None:
            continue
        moved = abs(leave - since)
        utility, wait = order_utility(town, errand, facility, leave, moved)
        if isinstance(errand.standing_at, FacilityAgent):
            leave = errand.arrival_min if errand.tries else errand.asked_min
            if not facility.is_open(town.weekday, leave):
                continue
        yield Alternative(facility.row, facility, DELIVERY, utility, leave, wait_min=wait, moved_min=moved)


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


def on_foot_utility(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, ranked: float, hour: int, moved: float
) -> float:
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
    ranked : float
        Minutes of the way the ranking counts.
    hour : int
        Hour of arrival.
    moved : float
        Minutes by which the errand is moved.

    Returns
    -------
    float
        Utility.
    """
    number = town.law.number
    value = outlet_utility(
        pull(town, errand, facility), errand.resident.b_walk, ranked, number["b_wait"],
        facility.wait_public[hour], number["b_shift"], moved,
    )  # fmt: skip
    return with_luck(town, errand, facility, value, OUTLETS_NEST, facility.id64)


def order_utility(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, leave: float, moved: float
) -> tuple[float, float]:
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
    leave, moved : float
        Minute of the order, and minutes by which the errand is moved for it.

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
    value = outlet_utility(attraction, 0.0, 0.0, number["b_wait"], wait, number["b_shift"], moved)
    return with_luck(town, errand, facility, value, DELIVERY_NEST, facility.id64 ^ draws.DELIVERY_MARK), wait
