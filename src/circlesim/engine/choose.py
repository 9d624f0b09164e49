"""Choose: rank the alternatives of one need and return the best one."""

from __future__ import annotations

import math
from typing import Any

from numba import uint64

from circlesim.behaviour.choosing import attractiveness, nested_luck, outlet_utility
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.walking import extra_walk, walk_min, within_reach
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.compiled import compiled
from circlesim.draws import chain, gumbel, normal, unit
from circlesim.engine.calendar import leaves_and_returns
from circlesim.engine.choice import (
    AT_HOME,
    AT_STOP,
    DELIVERY,
    FORGO,
    HOME,
    MARK,
    OUTSIDE,
    SLACK,
    WALK_IN,
    Choice,
    at_home_from,
    departure,
    hour_of,
    metres_between,
    open_at,
    remembers_refusal,
    straight_m,
    was_tried,
)
from circlesim.engine.columns import cannot_order, lacks_digital, wants_visits
from circlesim.engine.fares import aid_for, fare, pull
from circlesim.engine.luck import BIN_SHIFT, CHOICE, ELSEWHERE, ORDERS, OUTLETS
from circlesim.engine.memory import has_heard, pull_of_habit
from circlesim.engine.places import place_held, week_of
from circlesim.engine.screening import at_home, entries_of, forgone
from circlesim.engine.visiting import best_visit


@compiled(inline=True, borrow=True)
def delivery_price(person: Any, basket: Any, outlet: Any) -> Any:
    """Price of an order with its fee, aid taken off, in minor units."""
    price = price_fen(basket, outlet.price_level) + outlet.fee
    return price - aid_for(person, outlet, price)


@compiled(inline=True, borrow=True)
def rounded_off(basket: Any, outlet: Any, b_price: Any) -> Any:
    """Most utility that rounding a price to whole units can give: ``ln(x / (x - 0.5)) <= 0.5 / (x - 0.5)``."""
    exact = float(basket) * outlet.price_level
    return b_price * 0.5 / (exact - 0.5) if exact > 0.5 else math.inf


@compiled(inline=True, borrow=True)
def delivery_attraction(person: Any, basket: Any, outlet: Any, constant: Any, law: Any, b_price: Any) -> Any:
    """Attractiveness of an order: that of the outlet at the price with its fee, and the channel's constant."""
    ratio = float(delivery_price(person, basket, outlet)) / float(basket)
    return constant + attractiveness(law.b_quality, outlet.quality, law.b_variety, outlet.variety, b_price, ratio)


@compiled(inline=True, borrow=True)
def most_of_order(
    town: Any, luck: Any, need: Any, f: Any, constant: Any, key: Any, lasting: Any, shared: Any
) -> Any:
    """Most utility an order from outlet f can have, but for `SLACK`: no fee, no queue, best luck of its hash."""
    service, outlet = town.service[need.service], town.outlets[f]
    bits, taste = chain(key, outlet.id64 ^ MARK), chain(lasting, outlet.id64)
    attraction = constant + town.most_attraction[need.service, f]
    most = outlet_utility(attraction, 0.0, 0.0, town.law[0].b_wait, outlet.delivery_min, 0.0, 0.0)
    most += service.taste_sd * luck.normal_bound[taste >> uint64(BIN_SHIFT)]
    most += nested_luck(service.tau, luck.gumbel_bound[bits >> uint64(BIN_SHIFT)], shared)
    if town.switches.habit == 1:
        most += town.law[0].b_habit
    return most + rounded_off(need.basket, outlet, service.b_price)


@compiled(inline=True, borrow=True)
def _elsewhere(town: Any, purse: Any, luck: Any, need: Any) -> Any:
    """Rank home, outside and forgoing, none of which needs the circle; return the best and its utility."""
    person = town.people[need.resident]
    constant = town.constants[person.age_group, need.service]
    target, best = FORGO, forgone(town, luck, need.row, need.resident, need.service)
    u = at_home(town, luck, need.row, need.resident, need.service)
    if u > best:
        target, best = HOME, u
    if constant[2] > UNAVAILABLE and person.homebound == 0:
        cost = price_fen(need.basket, town.service[need.service].price_outside)
        if town.switches.budget == 0 or cost <= purse:
            u = constant[2] + luck.need[need.row, ELSEWHERE]
            if u > best:
                target, best = OUTSIDE, u
    return target, best


@compiled(inline=True, borrow=True)
def _onward_walk(town: Any, need: Any, at: Any, now: Any, f: Any, hours: Any) -> Any:
    """Minutes from a counter or stop to facility f, or -1 where it is out of reach or closed on arrival."""
    person = town.people[need.resident]
    metres = metres_between(town, person, at, need.service, f)
    onward = walk_min(metres, person.speed)
    if metres < 0.0 or not within_reach(onward, person.tolerance) or not open_at(now + onward, hours):
        return -1.0
    return onward


@compiled(inline=True, borrow=True)
def _on_the_way(town: Any, need: Any, person: Any, f: Any, walk: Any) -> Any:
    """Minutes that outlet f, so far from home, adds to the way from home to the stop passed daily."""
    metres = metres_between(town, person, AT_STOP, need.service, f)
    return walk if metres < 0.0 else extra_walk(walk_min(metres, person.speed), walk, need.trip)


@compiled(inline=True, borrow=True)
def _way_there(
    town: Any, need: Any, person: Any, f: Any, walk: Any, not_before: Any, hours: Any, windows: Any
) -> Any:
    """
    How one gets to facility f, so far from home: straight on from where one stands, or from home.

    Returns
    -------
    tuple of float
        Minute of departure, -1 for never; minutes of the way, those the ranking counts, and those it is moved by.
    """
    if need.base != AT_HOME:
        onward = _onward_walk(town, need, need.base, need.minute, f, hours)
        if onward >= 0.0 or need.base != AT_STOP:
            go = need.minute if onward >= 0.0 else -1.0
            return go, onward, extra_walk(onward, walk, need.base_home), need.early
    since = at_home_from(need)
    shift_max = town.service[need.service].shift_max_min
    go, ranked = departure(since, not_before, walk, hours, windows, shift_max), walk
    if need.trip >= 0.0 and go < leaves_and_returns(windows)[0]:
        ranked = _on_the_way(town, need, person, f, walk)
    return go, walk, ranked, abs(go - since)


@compiled(inline=True, borrow=True)
def _kept_out(town: Any, state: Any, luck: Any, need: Any, person: Any, f: Any, metres: Any) -> Any:
    """Tell whether anything but distance and hours keeps a resident from outlet f, as far as they know."""
    outlet = town.outlets[f]
    if person.needs_step_free == 1 and outlet.step_free == 0:
        return True
    if outlet.unattended == 1 and lacks_digital(person):
        return True
    if town.switches.memory == 1 and remembers_refusal(state.refused, need.resident, f):
        return True
    if town.switches.budget == 1 and fare(person, outlet, need.basket) > state.purse[need.resident]:
        return True
    return town.switches.awareness == 1 and not has_heard(town, state, luck, person, f, metres)


@compiled(inline=True, borrow=True)
def _best_outlet(
    town: Any, state: Any, luck: Any, need: Any, not_before: Any, at: Any, now: Any, tried: Any, count: Any,
    best: Any,
) -> Any:  # fmt: skip
    """Best outlet to walk in at, if it beats `best`."""
    people, outlets, law = town.people, town.outlets, town.law[0]
    hours_today = town.hours[need.weekday]
    facility, metres, wait_public = town.facility, town.metres, state.wait_public
    likely = luck.likely
    r, s = need.resident, need.service
    person, service = people[r], town.service[s]
    tau, spread = service.tau, service.taste_sd
    windows = town.window[week_of(town, state, r), need.weekend]
    target, leave, walk_out, counted_best, ranked_best = FORGO, need.minute, 0.0, 0.0, 0.0
    home_walk, wait_best = 0.0, 0.0
    if person.homebound == 1:
        return Choice(target, WALK_IN, best, leave, walk_out, counted_best, ranked_best, home_walk, wait_best)
    key = chain(luck.keys[CHOICE, need.kind], person.id64)
    lasting = chain(luck.taste, person.id64)
    shared = luck.need[need.row, OUTLETS]
    for z in range(likely.ptr[need.row], likely.ptr[need.row + 1]):
        if likely.most[z] < best:
            continue
        e = likely.entry[z]
        walk = walk_min(float(metres[e]), person.speed)
        if not within_reach(walk, person.tolerance):
            break
        f = facility[e]
        outlet = outlets[f]
        if outlet.present == 0 or _kept_out(town, state, luck, need, person, f, float(metres[e])):
            continue
        hours = hours_today[f]
        go, onward, ranked, shift = _way_there(town, need, person, f, walk, not_before, hours, windows)
        if go < 0.0:
            continue
        wait = wait_public[f, hour_of(go + onward)]
        value = outlet_utility(
            pull(town, need, person, f), person.b_walk, ranked, law.b_wait, wait, law.b_shift, shift
        )
        if town.switches.habit == 1:
            value += pull_of_habit(town, state, r, s, f)
        error = nested_luck(tau, gumbel(unit(chain(key, outlet.id64))), shared)
        u = value + spread * normal(unit(chain(lasting, outlet.id64))) + error
        if u < best or (u == best and (target < 0 or outlet.id64 > outlets[target].id64)):
            continue
        counted = ranked
        if count > 0:
            if was_tried(tried, count, f):
                continue
            if at != AT_HOME:
                onward, go = _onward_walk(town, need, at, now, f, hours), now
                if onward < 0.0:
                    continue
                counted = ranked if at == need.base else onward
        target, best, leave, walk_out, counted_best, ranked_best = f, u, go, onward, counted, ranked
        home_walk, wait_best = walk, wait
    return Choice(target, WALK_IN, best, leave, walk_out, counted_best, ranked_best, home_walk, wait_best)


@compiled(inline=True, borrow=True)
def _best_order(
    town: Any, state: Any, luck: Any, need: Any, not_before: Any, at: Any, now: Any, tried: Any, count: Any,
    best: Any,
) -> Any:  # fmt: skip
    """Best outlet to order from, if it beats `best`."""
    law = town.law[0]
    r, s = need.resident, need.service
    person, service = town.people[r], town.service[s]
    tau, spread = service.tau, service.taste_sd
    constant = town.constants[person.age_group, s, 0]
    target, leave, wait_best, since = FORGO, need.minute, 0.0, at_home_from(need)
    low, high = town.deliver_ptr[s], town.deliver_ptr[s + 1]
    if high == low or constant <= UNAVAILABLE or cannot_order(person):
        return Choice(target, DELIVERY, best, leave, 0.0, 0.0, 0.0, 0.0, wait_best)
    windows = town.window[week_of(town, state, r), need.weekend]
    key = chain(luck.keys[CHOICE, need.kind], person.id64)
    lasting = chain(luck.taste, person.id64)
    shared = luck.need[need.row, ORDERS]
    for e in range(low, high):
        f = town.deliver[e]
        outlet = town.outlets[f]
        most = most_of_order(town, luck, need, f, constant, key, lasting, shared)
        if most + SLACK <= best:
            continue
        bits, taste = chain(key, outlet.id64 ^ MARK), chain(lasting, outlet.id64)
        if (
            was_tried(tried, count, f)
            or need.basket < outlet.smallest
            or straight_m(person, outlet) > outlet.radius
        ):
            continue
        if town.switches.budget == 1 and delivery_price(person, need.basket, outlet) > state.purse[r]:
            continue
        if town.switches.awareness == 1 and not has_heard(
            town, state, luck, person, f, straight_m(person, outlet)
        ):
            continue
        hours = town.hours[need.weekday, f]
        go = departure(since, not_before, 0.0, hours, windows, service.shift_max_min)
        if go < 0.0:
            continue
        wait = outlet.delivery_min + state.wait_public[f, hour_of(go)]
        attraction = delivery_attraction(person, need.basket, outlet, constant, law, service.b_price)
        value = outlet_utility(attraction, 0.0, 0.0, law.b_wait, wait, law.b_shift, abs(go - since))
        if town.switches.habit == 1:
            value += pull_of_habit(town, state, r, s, f)
        u = value + spread * normal(unit(taste)) + nested_luck(tau, gumbel(unit(bits)), shared)
        if at >= 0:
            go = now
            if not open_at(now, hours):
                continue
        if u > best:
            target, best, leave, wait_best = f, u, go, wait
    return Choice(target, DELIVERY, best, leave, 0.0, 0.0, 0.0, 0.0, wait_best)


@compiled(inline=True, borrow=True)
def _own_place(town: Any, state: Any, luck: Any, need: Any, not_before: Any, f: Any) -> Any:
    """Go to the outlet where one holds a place, if one can; it is no choice any more."""
    law, r, s = town.law[0], need.resident, need.service
    person, service, outlet = town.people[r], town.service[s], town.outlets[f]
    target, u, leave, wait, metres = FORGO, 0.0, need.minute, 0.0, -1.0
    low, high = entries_of(town, person, s)
    for e in range(low, high):
        if town.facility[e] == f:
            metres = float(town.metres[e])
    walk, go = walk_min(metres, person.speed), -1.0
    near = metres >= 0.0 and within_reach(walk, person.tolerance) and person.homebound == 0
    if near and outlet.present == 1 and not _kept_out(town, state, luck, need, person, f, metres):
        windows, hours = town.window[week_of(town, state, r), need.weekend], town.hours[need.weekday, f]
        go = departure(need.minute, not_before, walk, hours, windows, service.shift_max_min)
    if go >= 0.0:
        wait = state.wait_public[f, hour_of(go + walk)]
        shift = abs(go - need.minute)
        u = outlet_utility(pull(town, need, person, f), person.b_walk, walk, law.b_wait, wait, law.b_shift, shift)
        if town.switches.habit == 1:
            u += pull_of_habit(town, state, r, s, f)
        error = gumbel(unit(chain(chain(luck.keys[CHOICE, need.kind], person.id64), outlet.id64)))
        u += service.taste_sd * normal(unit(chain(chain(luck.taste, person.id64), outlet.id64)))
        u += nested_luck(service.tau, error, luck.need[need.row, OUTLETS])
        target, leave = f, go
    return Choice(target, WALK_IN, u, leave, walk, walk, walk, walk, wait)


@compiled(inline=True, borrow=True)
def choose(
    town: Any, state: Any, luck: Any, need: Any, not_before: Any, at: Any, now: Any, tried: Any, count: Any
) -> Any:
    """
    Rank all alternatives of a need and return the best.

    At home (`at` is -1) each outlet is reached at its cheapest feasible departure; on an outing, straight on from
    the counter where one stands; at the stop, straight on where that can be done, else from home. After a failed
    try the ranking is the same, less what was tried, and an outlet must be in reach from there and open on
    arrival; with as many tries as allowed, outlets and orders are out.
    """
    if count == 0 and need.base == AT_HOME:
        f = place_held(town, state, need.resident, need.service)
        if f >= 0:
            own = _own_place(town, state, luck, need, not_before, f)
            if own.target >= 0:
                return own
    target, best = _elsewhere(town, state.purse[need.resident], luck, need)
    choice = Choice(target, 0, best, need.minute, 0.0, 0.0, 0.0, 0.0, 0.0)
    if count >= int(town.law[0].tries_max):
        return choice
    outlet = _best_outlet(town, state, luck, need, not_before, at, now, tried, count, best)
    if outlet.target >= 0:
        choice = outlet
    order = _best_order(town, state, luck, need, not_before, at, now, tried, count, choice.utility)
    if order.target >= 0:
        choice = order
    if town.switches.home_visits == 1 and wants_visits(town.people[need.resident]):
        visit = best_visit(town, state, luck, need, not_before, at, tried, count, choice.utility)
        if visit.target >= 0:
            choice = visit
    return choice
