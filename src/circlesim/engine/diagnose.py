"""Diagnose: why a need was not met inside, and which single barrier would have to go."""

from __future__ import annotations

from typing import Any

from numba import int64, uint64

from circlesim.behaviour.choosing import nested_luck, outlet_utility
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.walking import walk_min, within_reach
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.compiled import compiled
from circlesim.draws import chain, gumbel, normal, unit
from circlesim.engine.choose import (
    MARK,
    delivery_attraction,
    delivery_price,
    departure,
    hour_of,
    moved_departure,
    open_at,
    remembers_any,
    remembers_refusal,
    straight_m,
)
from circlesim.engine.columns import lacks_digital
from circlesim.engine.luck import BIN_SHIFT, CHOICE, ORDERS, OUTLETS
from circlesim.ledger import Barrier

REFUSED = int(Barrier.PAYMENT_REFUSED)
UNAFFORDABLE = int(Barrier.UNAFFORDABLE)
DIGITAL_ONLY = int(Barrier.DIGITAL_ONLY)
CLOSED = int(Barrier.CLOSED)
NOT_STEP_FREE = int(Barrier.NOT_STEP_FREE)
UNREACHABLE = int(Barrier.UNREACHABLE)


@compiled(inline=True, borrow=True)
def _single(bits: Any) -> Any:
    """Tell whether exactly one barrier is set."""
    return bits != 0 and bits & (bits - 1) == 0


@compiled(inline=True, borrow=True)
def _walk_in(town: Any, state: Any, luck: Any, need: Any, obtained: Any) -> Any:
    """Barriers of the outlets one could walk in at; see `diagnose`."""
    people, outlets, law = town.people, town.outlets, town.law[0]
    hours_today, attraction = town.hours[need.weekday], town.attraction[need.service]
    facility, metres, wait_public = town.facility, town.metres, state.wait_public
    normal_bound, gumbel_bound = luck.normal_bound, luck.gumbel_bound
    r, s = need.resident, need.service
    person, service = people[r], town.service[s]
    tau, spread = service.tau, service.taste_sd
    windows = town.window[person.schedule, need.weekend]
    purse = state.purse[r]
    key, lasting = chain(luck.keys[CHOICE, need.kind], person.id64), chain(luck.taste, person.id64)
    shared = luck.need[need.row, OUTLETS]
    barriers, liftable, feasible = 0, 0, 0
    blind = lacks_digital(person)
    never_refused = town.switches.memory == 0 or not remembers_any(state.refused, r)
    rich = town.switches.budget == 0 or price_fen(need.basket, town.dearest) <= purse
    row = int64(person.origin) * town.attraction.shape[0] + s
    for e in range(town.ptr[row], town.ptr[row + 1]):
        f = facility[e]
        outlet = outlets[f]
        if outlet.present == 0:
            continue
        walk = walk_min(float(metres[e]), person.speed)
        bits = 0 if within_reach(walk, person.tolerance) and person.homebound == 0 else UNREACHABLE
        if person.needs_step_free == 1 and outlet.step_free == 0:
            bits |= NOT_STEP_FREE
        if blind and outlet.unattended == 1:
            bits |= DIGITAL_ONLY
        if not never_refused and remembers_refusal(state.refused, r, f):
            bits |= REFUSED
        if not rich and price_fen(need.basket, outlet.price_level) > purse:
            bits |= UNAFFORDABLE
        hours, leave = hours_today[f], need.minute
        open_now = open_at(leave + walk, hours)
        if open_now and bits == 0:
            feasible = 1
            continue
        draw, taste = chain(key, outlet.id64), chain(lasting, outlet.id64)
        most = outlet_utility(attraction[f], person.b_walk, walk, law.b_wait, 0.0, law.b_shift, 0.0)
        most += spread * normal_bound[taste >> uint64(BIN_SHIFT)]
        most += nested_luck(tau, gumbel_bound[draw >> uint64(BIN_SHIFT)], shared)
        may_lift = most > obtained and (bits | CLOSED) & ~liftable != 0
        if not open_now:
            # Hours are searched only where the answer can still change a result.
            if not may_lift and barriers & CLOSED != 0 and (feasible == 1 or bits != 0):
                barriers |= bits
                continue
            leave = moved_departure(leave, 0.0, walk, hours, windows, service.shift_max_min)
            if leave < 0.0:
                bits, leave = bits | CLOSED, need.minute
            elif bits == 0:
                feasible = 1
                continue
        barriers |= bits
        if not may_lift or not _single(bits) or bits & liftable != 0:
            continue
        wait = wait_public[f, hour_of(leave + walk)]
        value = outlet_utility(
            attraction[f], person.b_walk, walk, law.b_wait, wait, law.b_shift, abs(leave - need.minute)
        )
        if value + spread * normal(unit(taste)) + nested_luck(tau, gumbel(unit(draw)), shared) > obtained:
            liftable |= bits
    return barriers, liftable, feasible


@compiled(inline=True, borrow=True)
def _order(town: Any, state: Any, luck: Any, need: Any, obtained: Any) -> Any:
    """Barriers of the outlets one could order from; see `diagnose`."""
    law = town.law[0]
    r, s = need.resident, need.service
    person, service = town.people[r], town.service[s]
    barriers, liftable, feasible = 0, 0, 0
    constant = town.constants[person.age_group, s, 0]
    if constant <= UNAVAILABLE:
        return barriers, liftable, feasible
    windows = town.window[person.schedule, need.weekend]
    tau, spread = service.tau, service.taste_sd
    key, lasting = chain(luck.keys[CHOICE, need.kind], person.id64), chain(luck.taste, person.id64)
    shared = luck.need[need.row, ORDERS]
    for e in range(town.deliver_ptr[s], town.deliver_ptr[s + 1]):
        f = town.deliver[e]
        outlet = town.outlets[f]
        bits = DIGITAL_ONLY if lacks_digital(person) else 0
        if straight_m(person, outlet) > outlet.radius:
            bits |= UNREACHABLE
        poor = town.switches.budget == 1 and delivery_price(need.basket, outlet) > state.purse[r]
        if need.basket < outlet.smallest or poor:
            bits |= UNAFFORDABLE
        leave = departure(need.minute, 0.0, 0.0, town.hours[need.weekday, f], windows, service.shift_max_min)
        if leave < 0.0:
            bits, leave = bits | CLOSED, need.minute
        if bits == 0:
            feasible = 1
            continue
        barriers |= bits
        if not _single(bits) or bits & liftable != 0:
            continue
        wait = outlet.delivery_min + state.wait_public[f, hour_of(leave)]
        attraction = delivery_attraction(need.basket, outlet, constant, law, service.b_price)
        value = outlet_utility(attraction, 0.0, 0.0, law.b_wait, wait, law.b_shift, abs(leave - need.minute))
        u = value + spread * normal(unit(chain(lasting, outlet.id64)))
        if u + nested_luck(tau, gumbel(unit(chain(key, outlet.id64 ^ MARK))), shared) > obtained:
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
    barriers, liftable, feasible = _walk_in(town, state, luck, need, obtained)
    more, more_liftable, deliverable = _order(town, state, luck, need, obtained)
    barriers, liftable, feasible = barriers | more, liftable | more_liftable, feasible | deliverable
    if barriers == 0 and feasible == 0:
        barriers = UNREACHABLE
    return barriers, liftable, feasible
