"""Choosing: the alternatives of one errand, one after the other, and the best of them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

from circlesim import draws
from circlesim.abm.agents import FacilityAgent, ResidentAgent, hour_of
from circlesim.abm.errand import DELIVERY, FORGO, HOME, HOME_VISIT, NONE, OUTSIDE, WALK_IN, Alternative, Errand
from circlesim.abm.law import Interval
from circlesim.abm.rules import (
    attractiveness,
    cheapest_departure,
    extra_walk,
    nested_luck,
    outlet_utility,
    price_fen,
    voucher_fen,
    walk_min,
)
from circlesim.abm.town import ObjectTown
from circlesim.catalog.constants import UNAVAILABLE

OUTLETS_NEST, DELIVERY_NEST = 0, 2
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
        utility = constant[AT_HOME] + _gumbel(town, errand, draws.HOME_ID)
        yield Alternative(HOME, None, NONE, utility, minute)
    if (
        constant[GONE_OUTSIDE] > UNAVAILABLE
        and not resident.homebound
        and town.affords(resident, price_outside(town, errand))
    ):
        utility = constant[GONE_OUTSIDE] + _gumbel(town, errand, draws.OUTSIDE_ID)
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
    return constant[WITHOUT] + _gumbel(town, errand, draws.FORGO_ID)


def price_outside(town: ObjectTown, errand: Errand) -> int:
    """
    Price of the basket outside the circle.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, town.law.service[errand.service]["price_outside"])
    return price


def aid_for(resident: ResidentAgent, facility: FacilityAgent, price: int) -> int:
    """
    What public aid takes off a price.

    Parameters
    ----------
    resident : ResidentAgent
        Who buys.
    facility : FacilityAgent
        Who sells.
    price : int
        In fen, fee included.

    Returns
    -------
    int
        In fen.
    """
    facts = facility.facts
    if facts.aid_fen == 0 or resident.age < facts.aid_from_age:
        return 0
    return int(voucher_fen(price, facts.aid_fen))


def fare(errand: Errand, facility: FacilityAgent) -> int:
    """
    Price at a counter, aid taken off.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Who sells.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, facility.facts.price_level)
    return price - aid_for(errand.resident, facility, price)


def pull(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float:
    """
    Attractiveness of an outlet to one resident.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        The outlet.

    Returns
    -------
    float
        That of everybody, unless aid lowers the price.
    """
    facts = facility.facts
    if facts.aid_fen == 0 or errand.resident.age < facts.aid_from_age:
        return facts.attraction[errand.service]
    number, ratio = town.law.number, float(fare(errand, facility)) / float(errand.basket_fen)
    b_price = town.law.service[errand.service]["b_price"]
    drawn: float = attractiveness(
        number["b_quality"], facts.quality, number["b_variety"], facts.variety, b_price, ratio
    )
    return drawn


def order_price(errand: Errand, facility: FacilityAgent) -> int:
    """
    Price of an order with its fee, aid taken off.

    Parameters
    ----------
    errand : Errand
        The need.
    facility : FacilityAgent
        Who delivers.

    Returns
    -------
    int
        In fen.
    """
    price: int = price_fen(errand.basket_fen, facility.facts.price_level) + facility.facts.fee_fen
    return price - aid_for(errand.resident, facility, price)


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
        ranked = walk if errand.base is None else extra_walk(way, walk, errand.base_home_min)
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
    if not town.may_deliver(resident, service) or resident.lacks_digital:
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


def visits(town: ObjectTown, errand: Errand) -> Iterator[Alternative]:
    """
    Go through the outlets whose staff come home.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need; nobody waits for staff at a counter.

    Yields
    ------
    Alternative
        Every feasible one, with its luck.
    """
    resident, service = errand.resident, errand.service
    if not town.may_visit(resident) or errand.standing_at is not None:
        return
    shift_max = town.law.service[service]["shift_max_min"]
    for facility, metres in town.within(resident.origin, service):
        if not facility.is_there or facility.facts.home_visits == 0 or (facility.row, True) in errand.tried:
            continue
        if town.remembers_refusal(resident, facility) or not town.has_heard(resident, facility, metres):
            continue
        if not town.affords(resident, fare(errand, facility)):
            continue
        leave = departure(town, errand, facility, 0.0, shift_max, errand.not_before_min)
        if leave is not None:
            utility = visit_utility(town, errand, facility, leave)
            yield Alternative(facility.row, facility, HOME_VISIT, utility, leave)


def visit_utility(town: ObjectTown, errand: Errand, facility: FacilityAgent, leave: float) -> float:
    """
    Utility of a home visit, with its luck.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Whose staff come.
    leave : float
        Minute at which the visit is asked for.

    Returns
    -------
    float
        Who waits at home stands in no line: until the knock at the door the errand is moved.
    """
    number = town.law.number
    shift = abs(leave - errand.asked_min) + number["visit_wait_min"]
    drawn = pull(town, errand, facility)
    value = outlet_utility(drawn, 0.0, 0.0, number["b_wait"], 0.0, number["b_shift"], shift)
    return _with_luck(town, errand, facility, value, OUTLETS_NEST, facility.id64 ^ draws.VISIT_MARK)


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


def departure(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, walk: float, shift_max: float, not_before: float
) -> float | None:
    """
    Departure nearest to the need: at once where the outlet is open on arrival, else moved.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        The need.
    facility : FacilityAgent
        Where to.
    walk : float
        Minutes of the way.
    shift_max : float
        Most minutes by which the errand may move.
    not_before : float
        Earliest departure.

    Returns
    -------
    float or None
        Minute; None where no opening hour and free window are near enough. Of two as near, that of the earlier
        opening interval of today, and yesterday's night hours last.
    """
    need = errand.asked_min
    if need >= not_before and facility.is_open(town.weekday, need + walk):
        return need
    windows: list[Interval] = town.law.windows[errand.resident.schedule][town.weekend]
    best: float | None = None
    for opens, closes in facility.facts.hours[town.weekday]:
        for start, end in windows:
            leave: float = cheapest_departure(need, walk, opens, closes, max(start, not_before), end)
            near = leave >= 0.0 and abs(leave - need) <= shift_max
            if near and (best is None or abs(leave - need) < abs(best - need)):
                best = leave
    return best


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
    return _with_luck(town, errand, facility, value, OUTLETS_NEST, facility.id64)


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
    return _with_luck(town, errand, facility, value, DELIVERY_NEST, facility.id64 ^ draws.DELIVERY_MARK), wait


def _with_luck(
    town: ObjectTown, errand: Errand, facility: FacilityAgent, value: float, nest: int, alternative: int
) -> float:
    """Add the lasting taste and the nested error of an alternative."""
    numbers = town.law.service[errand.service]
    if town.mechanisms.habit:
        value += town.habit_of(errand.resident, errand.service, facility)
    taste = lasting_taste(town, errand, facility)
    luck = _luck_of(town, errand, nest, alternative, numbers["tau"])
    total: float = value + taste + luck
    return total


def lasting_taste(town: ObjectTown, errand: Errand, facility: FacilityAgent) -> float:
    """
    What the resident likes of an outlet that no column tells, the same every day.

    Parameters
    ----------
    town : ObjectTown
        The town today.
    errand : Errand
        For the resident and the service.
    facility : FacilityAgent
        The outlet.

    Returns
    -------
    float
        Utility.
    """
    u = town.luck.taste(errand.resident.id64, facility.id64)
    return town.law.service[errand.service]["taste_sd"] * float(draws.normal(u))


def _luck_of(town: ObjectTown, errand: Errand, nest: int, alternative: int, tau: float) -> float:
    """Nested error of one alternative."""
    shared = _nest_luck(town, errand, nest, tau)
    return float(nested_luck(tau, _gumbel(town, errand, alternative), shared))


def _gumbel(town: ObjectTown, errand: Errand, alternative: int) -> float:
    """Luck of one alternative of one need."""
    u = town.luck.draw(draws.CHOICE, errand.kind, errand.resident.id64, alternative)
    return float(draws.gumbel(u))


def _nest_luck(town: ObjectTown, errand: Errand, nest: int, tau: float) -> float:
    """Logarithm of the stable draw that similar alternatives share; drawn once a need."""
    if tau >= 1.0:
        return 0.0
    if nest not in errand.nest_luck:
        u, v = (town.luck.draw(draws.NEST, errand.kind, errand.resident.id64, word) for word in (nest, nest + 1))
        errand.nest_luck[nest] = float(draws.log_stable(u, v, tau))
    return errand.nest_luck[nest]


def _onward_walk(
    town: ObjectTown, errand: Errand, start: FacilityAgent, leave: float, facility: FacilityAgent
) -> float | None:
    """Minutes from the counter where one stands, or None where out of reach or closed on arrival."""
    metres = town.metres_between(start, errand.service, facility)
    if metres is None:
        return None
    walk: float = walk_min(metres, errand.resident.speed)
    if not errand.resident.can_walk(walk):
        return None
    return walk if facility.is_open(town.weekday, leave + walk) else None
