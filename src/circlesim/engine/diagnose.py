"""Diagnose: why a need was not met inside, and which single barrier would have to go."""

from __future__ import annotations

from typing import Any

from numba import int64

from circlesim.behaviour.choosing import nested_luck, outlet_utility
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.walking import walk_min, within_reach
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.compiled import compiled
from circlesim.draws import chain, gumbel, normal, unit
from circlesim.engine.choice import (
    MARK,
    SLACK,
    departure,
    hour_of,
    moved_departure,
    open_at,
    remembers_any,
    remembers_refusal,
    straight_m,
)
from circlesim.engine.choose import delivery_attraction, delivery_price, most_of_order
from circlesim.engine.columns import cannot_order, lacks_digital, wants_visits
from circlesim.engine.fares import fare, pull
from circlesim.engine.luck import CHOICE, ORDERS, OUTLETS
from circlesim.engine.memory import has_heard, pull_of_habit
from circlesim.engine.places import week_of
from circlesim.engine.screening import at_home, entries_for_staff, entries_of
from circlesim.engine.visiting import visit_utility
from circlesim.ledger import Barrier

REFUSED = int(Barrier.PAYMENT_REFUSED)
UNAFFORDABLE = int(Barrier.UNAFFORDABLE)
DIGITAL_ONLY = int(Barrier.DIGITAL_ONLY)
CLOSED = int(Barrier.CLOSED)
NOT_STEP_FREE = int(Barrier.NOT_STEP_FREE)
UNAWARE = int(Barrier.UNAWARE)
UNREACHABLE = int(Barrier.UNREACHABLE)


@compiled(inline=True, borrow=True)
def _single(bits: Any) -> Any:
    """Tell whether exactly one barrier is set."""
    return bits != 0 and bits & (bits - 1) == 0


@compiled(inline=True, borrow=True)
def _at_the_door(town: Any, state: Any, luck: Any, need: Any, person: Any, f: Any, metres: Any) -> Any:
    """Barriers at the door of outlet f, whatever the walk and its hours."""
    outlet, bits = town.outlets[f], 0
    if town.switches.awareness == 1 and not has_heard(town, state, luck, person, f, metres):
        bits |= UNAWARE
    if person.needs_step_free == 1 and outlet.step_free == 0:
        bits |= NOT_STEP_FREE
    if outlet.unattended == 1 and lacks_digital(person):
        bits |= DIGITAL_ONLY
    if town.switches.memory == 1 and remembers_refusal(state.refused, need.resident, f):
        bits |= REFUSED
    if town.switches.budget == 1 and fare(person, outlet, need.basket) > state.purse[need.resident]:
        bits |= UNAFFORDABLE
    return bits


@compiled(inline=True, borrow=True)
def _leaving(town: Any, state: Any, need: Any, f: Any, walk: Any) -> Any:
    """Minute of departure for an outlet, or -1 where it is closed whenever one could come."""
    hours = town.hours[need.weekday, f]
    if open_at(need.minute + walk, hours):
        return need.minute
    windows = town.window[week_of(town, state, need.resident), need.weekend]
    shift_max = town.service[need.service].shift_max_min
    return moved_departure(need.minute, 0.0, walk, hours, windows, shift_max)


@compiled(inline=True, borrow=True)
def _only_hours_stop(town: Any, state: Any, need: Any, person: Any) -> Any:
    """Tell whether nothing but distance and hours can keep this resident out of any outlet."""
    rich = town.switches.budget == 0 or price_fen(need.basket, town.dearest) <= state.purse[need.resident]
    refused = town.switches.memory == 1 and remembers_any(state.refused, need.resident)
    return (
        town.switches.awareness == 0
        and rich
        and not refused
        and person.needs_step_free == 0
        and not lacks_digital(person)
    )


@compiled(inline=True, borrow=True)
def _all_open_until(town: Any, need: Any) -> Any:
    """Minute until which no outlet of the service is closed, from the minute of the need on."""
    minute = int(need.minute)
    if minute >= town.all_open_until.shape[2]:
        return -1.0
    return float(town.all_open_until[need.weekday, need.service, minute])


@compiled(inline=True, borrow=True)
def _only_distance(town: Any, person: Any, low: Any, high: Any) -> Any:
    """Barriers, and whether any outlet has none, where distance alone counts: nearest and farthest tell."""
    while low < high and town.outlets[town.facility[low]].present == 0:
        low += 1
    if low == high:
        return 0, 0
    while town.outlets[town.facility[high - 1]].present == 0:
        high -= 1
    near, far = (
        walk_min(float(town.metres[low]), person.speed),
        walk_min(float(town.metres[high - 1]), person.speed),
    )
    feasible = within_reach(near, person.tolerance) and person.homebound == 0
    everywhere = within_reach(far, person.tolerance) and person.homebound == 0
    return 0 if everywhere else UNREACHABLE, int(feasible)


@compiled(inline=True, borrow=True)
def _met_on_foot(town: Any, state: Any, luck: Any, need: Any) -> Any:
    """Barriers of the outlets one could walk in at, and whether any has none."""
    person = town.people[need.resident]
    hours, windows = town.hours[need.weekday], town.window[week_of(town, state, need.resident), need.weekend]
    shift_max = town.service[need.service].shift_max_min
    plain = _only_hours_stop(town, state, need, person)
    all_open = _all_open_until(town, need)
    low, high = entries_of(town, person, need.service)
    if plain and low < high and need.minute + walk_min(float(town.metres[high - 1]), person.speed) < all_open:
        return _only_distance(town, person, low, high)
    barriers, feasible = 0, 0
    for e in range(low, high):
        f = town.facility[e]
        if town.outlets[f].present == 0:
            continue
        walk = walk_min(float(town.metres[e]), person.speed)
        bits = 0 if within_reach(walk, person.tolerance) and person.homebound == 0 else UNREACHABLE
        if not plain:
            bits |= _at_the_door(town, state, luck, need, person, f, float(town.metres[e]))
        barriers |= bits
        # Hours are searched only where the answer can still change a result.
        if barriers & CLOSED != 0 and (feasible == 1 or bits != 0):
            continue
        if need.minute + walk < all_open or departure(need.minute, 0.0, walk, hours[f], windows, shift_max) >= 0.0:
            feasible |= int(bits == 0)
        else:
            barriers |= CLOSED
    return barriers, feasible


@compiled(inline=True, borrow=True)
def _liftable_on_foot(town: Any, state: Any, luck: Any, need: Any, obtained: Any, barriers: Any) -> Any:
    """Those of the barriers each of which alone keeps an outlet on foot better than the fate obtained."""
    r, s = need.resident, need.service
    person, service, law = town.people[r], town.service[s], town.law[0]
    key, lasting = chain(luck.keys[CHOICE, need.kind], person.id64), chain(luck.taste, person.id64)
    shared = luck.need[need.row, OUTLETS]
    liftable = 0
    # The shortlist holds what beats staying at home and going without; one who gave up at a counter got less.
    listed = obtained >= at_home(town, luck, need.row, r, s)
    low, high = entries_of(town, person, s)
    if listed:
        low, high = luck.likely.ptr[need.row], luck.likely.ptr[need.row + 1]
    for z in range(low, high):
        e = int64(luck.likely.entry[z]) if listed else z
        f = town.facility[e]
        outlet = town.outlets[f]
        if outlet.present == 0 or (listed and luck.likely.most[z] <= obtained):
            continue
        walk = walk_min(float(town.metres[e]), person.speed)
        bits = 0 if within_reach(walk, person.tolerance) and person.homebound == 0 else UNREACHABLE
        bits |= _at_the_door(town, state, luck, need, person, f, float(town.metres[e]))
        alone = bits if bits != 0 else CLOSED
        if not _single(alone) or alone & barriers & ~liftable == 0:
            continue
        leave = _leaving(town, state, need, f, walk)
        if leave < 0.0:
            bits, leave = bits | CLOSED, need.minute
        if not _single(bits) or bits & liftable != 0:
            continue
        wait = state.wait_public[f, hour_of(leave + walk)]
        value = outlet_utility(
            pull(town, need, person, f),
            person.b_walk,
            walk,
            law.b_wait,
            wait,
            law.b_shift,
            abs(leave - need.minute),
        )
        if town.switches.habit == 1:
            value += pull_of_habit(town, state, r, s, f)
        error = nested_luck(service.tau, gumbel(unit(chain(key, outlet.id64))), shared)
        if value + service.taste_sd * normal(unit(chain(lasting, outlet.id64))) + error > obtained:
            liftable |= bits
    return liftable


@compiled(inline=True, borrow=True)
def _order(town: Any, state: Any, luck: Any, need: Any, obtained: Any) -> Any:
    """Barriers of the outlets one could order from; see `diagnose`."""
    law = town.law[0]
    r, s = need.resident, need.service
    person, service = town.people[r], town.service[s]
    barriers, liftable, feasible = 0, 0, 0
    all_open = _all_open_until(town, need)
    constant = town.constants[person.age_group, s, 0]
    if constant <= UNAVAILABLE:
        return barriers, liftable, feasible
    windows = town.window[week_of(town, state, need.resident), need.weekend]
    tau, spread = service.tau, service.taste_sd
    key, lasting = chain(luck.keys[CHOICE, need.kind], person.id64), chain(luck.taste, person.id64)
    shared = luck.need[need.row, ORDERS]
    for e in range(town.deliver_ptr[s], town.deliver_ptr[s + 1]):
        f = town.deliver[e]
        outlet = town.outlets[f]
        bits = DIGITAL_ONLY if cannot_order(person) else 0
        if straight_m(person, outlet) > outlet.radius:
            if outlet.circle != person.circle:
                # Of what delivers in some other circle of the city nobody says that it does not come here.
                continue
            bits |= UNREACHABLE
        if town.switches.awareness == 1 and not has_heard(
            town, state, luck, person, f, straight_m(person, outlet)
        ):
            bits |= UNAWARE
        poor = town.switches.budget == 1 and delivery_price(person, need.basket, outlet) > state.purse[r]
        if need.basket < outlet.smallest or poor:
            bits |= UNAFFORDABLE
        barriers |= bits
        if bits == 0 and need.minute < all_open:
            feasible = 1
            continue
        known = need.minute < all_open or (barriers & CLOSED != 0 and (feasible == 1 or bits != 0))
        may_lift = (bits == 0 and liftable & CLOSED == 0) or (_single(bits) and bits & liftable == 0)
        if may_lift:
            most = most_of_order(town, luck, need, f, constant, key, lasting, shared)
            may_lift = most + SLACK > obtained
        if known and not may_lift:
            continue
        leave = departure(need.minute, 0.0, 0.0, town.hours[need.weekday, f], windows, service.shift_max_min)
        if leave < 0.0:
            bits, leave = bits | CLOSED, need.minute
        if bits == 0:
            feasible = 1
            continue
        barriers |= bits
        if not may_lift or not _single(bits) or bits & liftable != 0:
            continue
        wait = outlet.delivery_min + state.wait_public[f, hour_of(leave)]
        attraction = delivery_attraction(person, need.basket, outlet, constant, law, service.b_price)
        value = outlet_utility(attraction, 0.0, 0.0, law.b_wait, wait, law.b_shift, abs(leave - need.minute))
        if town.switches.habit == 1:
            value += pull_of_habit(town, state, r, s, f)
        u = value + spread * normal(unit(chain(lasting, outlet.id64)))
        if u + nested_luck(tau, gumbel(unit(chain(key, outlet.id64 ^ MARK))), shared) > obtained:
            liftable |= bits
    return barriers, liftable, feasible


@compiled(inline=True, borrow=True)
def _visits(town: Any, state: Any, luck: Any, need: Any, obtained: Any) -> Any:
    """Barriers of the outlets whose staff come home; see `diagnose`."""
    person, service = town.people[need.resident], town.service[need.service]
    windows = town.window[week_of(town, state, need.resident), need.weekend]
    barriers, liftable, feasible = 0, 0, 0
    low, high = entries_for_staff(town, person, need.service)
    for e in range(low, high):
        f = town.facility[e]
        outlet, bits = town.outlets[f], 0
        if outlet.present == 0 or outlet.home_visits == 0:
            continue
        if town.switches.awareness == 1 and not has_heard(town, state, luck, person, f, float(town.metres[e])):
            bits |= UNAWARE
        if town.switches.memory == 1 and remembers_refusal(state.refused, need.resident, f):
            bits |= REFUSED
        if town.switches.budget == 1 and fare(person, outlet, need.basket) > state.purse[need.resident]:
            bits |= UNAFFORDABLE
        leave = departure(need.minute, 0.0, 0.0, town.hours[need.weekday, f], windows, service.shift_max_min)
        if leave < 0.0:
            bits, leave = bits | CLOSED, need.minute
        barriers |= bits
        feasible |= int(bits == 0)
        if _single(bits) and visit_utility(town, state, luck, need, f, abs(leave - need.minute)) > obtained:
            liftable |= bits
    return barriers, liftable, feasible


@compiled(inline=True, borrow=True)
def diagnose(town: Any, state: Any, luck: Any, need: Any, obtained: Any) -> Any:
    """
    Look at every inside alternative of a need that was not met inside.

    Returns
    -------
    tuple of int
        All barriers met; the barriers each of which alone keeps an alternative better than the fate obtained;
        and 1 where some alternative had no barrier at all.
    """
    barriers, feasible = _met_on_foot(town, state, luck, need)
    liftable = _liftable_on_foot(town, state, luck, need, obtained, barriers)
    more, more_liftable, deliverable = _order(town, state, luck, need, obtained)
    barriers, liftable, feasible = barriers | more, liftable | more_liftable, feasible | deliverable
    if town.switches.home_visits == 1 and wants_visits(town.people[need.resident]):
        more, more_liftable, visited = _visits(town, state, luck, need, obtained)
        barriers, liftable, feasible = barriers | more, liftable | more_liftable, feasible | visited
    if barriers == 0 and feasible == 0:
        barriers = UNREACHABLE
    return barriers, liftable, feasible
