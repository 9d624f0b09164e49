"""Counter: what happens to someone who has arrived at an outlet."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.behaviour.judging import equity, performance
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.waiting import balks, reneges
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.choice import DELIVERY, HOME_VISIT, WALK_IN, hour_of
from circlesim.engine.choose import delivery_price
from circlesim.engine.columns import MOBILE
from circlesim.engine.endings import judge
from circlesim.engine.fares import aid_for, fare
from circlesim.engine.larder import hand_out, sold_out
from circlesim.engine.line import enter, first_free, line_for, no_room, people_ahead, servers_at, take_turn
from circlesim.engine.luck import PATIENCE, REFUSAL, RENEGE, SERVICE_TIME
from circlesim.engine.memory import practise
from circlesim.engine.places import CHILD, place_held
from circlesim.engine.seating import eats_in, take_seat
from circlesim.engine.storeroom import run_out, take_goods
from circlesim.engine.waiting_list import book_visit, give_back, has_promise, join_list
from circlesim.ledger import Barrier, Fate

_INSIDE, _DELIVERED = int(Fate.INSIDE), int(Fate.DELIVERED)
FULL, _REFUSED, _POOR = int(Barrier.FULL), int(Barrier.PAYMENT_REFUSED), int(Barrier.UNAFFORDABLE)
_NO_VISIT = int(Barrier.NO_HOME_CAPACITY)


@compiled(inline=True, borrow=True)
def _cannot_pay(town: Any, state: Any, need: Any, ordered: Any, f: Any) -> Any:
    """What the means and the purse of a resident leave to be desired at outlet f; 0 for nothing."""
    person, outlet = town.people[need.resident], town.outlets[f]
    if not ordered and person.means & outlet.accepts == 0:
        return _REFUSED
    price = delivery_price(person, need.basket, outlet) if ordered else fare(person, outlet, need.basket)
    if town.switches.budget == 1 and price > state.purse[need.resident]:
        return _POOR
    return 0


@compiled(inline=True, borrow=True)
def stopped_at(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
    """What stops need i at the counter of f (0 for nothing), and the people ahead."""
    law, t, channel = town.law[0], scratch.event_min[i], scratch.channel[i]
    person, outlet = town.people[need.resident], town.outlets[f]
    why = _cannot_pay(town, state, need, channel == DELIVERY, f)
    if why != 0:
        return why, 0
    if town.switches.capacity == 0:
        return 0, 0
    if channel == HOME_VISIT:
        left = has_promise(state, need, f) or state.booked[f] < outlet.home_visits
        return (0 if left else _NO_VISIT), 0
    if sold_out(town, state, need.service, f) or run_out(town, state, need.service, f):
        return FULL, 0
    if channel == WALK_IN and place_held(town, state, need.resident, need.service) == f:
        return 0, 0
    line = line_for(town, state, person, f, t) if channel == WALK_IN else f
    scratch.line[i] = line
    ahead = people_ahead(state, line, t)
    if no_room(town, state, line, outlet.queue_limit, ahead, t):
        return FULL, ahead
    if channel == WALK_IN:
        u = unit(chain(chain(luck.keys[PATIENCE, need.kind], person.id64), outlet.id64))
        if balks(law.b_queue, law.queue_unnoticed, float(ahead), exponential(u)):
            return FULL, ahead
    return 0, ahead


@compiled(inline=True, borrow=True)
def leaves_at(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
    """Join a line of f for a while; return the minute of leaving it unserved, or -1 for who stays."""
    if town.switches.reneging == 0 or town.switches.capacity == 0 or scratch.channel[i] != WALK_IN:
        return -1.0
    if place_held(town, state, need.resident, need.service) == f:
        return -1.0
    t, line, hazard = scratch.event_min[i], scratch.line[i], town.law[0].renege_per_min
    server = first_free(state, servers_at(town, line), line)
    person, outlet = town.people[need.resident], town.outlets[f]
    patience = exponential(unit(chain(chain(luck.keys[RENEGE, need.kind], person.id64), outlet.id64)))
    if not reneges(hazard, state.free_at[line, server] - t, patience):
        return -1.0
    gone = t + patience / hazard
    enter(state, line, gone)
    return gone


@compiled(inline=True, borrow=True)
def _turn(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
    """Minute at which service starts, and its length; no turn in any line for a visit, or a place one holds."""
    t, person, outlet = scratch.event_min[i], town.people[need.resident], town.outlets[f]
    if scratch.channel[i] == HOME_VISIT:
        book_visit(state, need, f)
        return t, 0.0
    u = unit(chain(chain(luck.keys[SERVICE_TIME, need.kind], person.id64), outlet.id64))
    length = outlet.service_min * exponential(u)
    if scratch.channel[i] == WALK_IN and place_held(town, state, need.resident, need.service) == f:
        # A child is left there; who goes for themselves stays.
        return t, 0.0 if need.service == CHILD else length
    if outlet.convert == 1 and person.means & MOBILE == 0:
        length += town.law[0].convert_min
    start = t
    if town.switches.capacity == 1:
        hand_out(town, state, need.service, f)
        take_goods(town, state, need.service, f)
        start = take_turn(town, state, scratch.line[i], t, length)
    if town.switches.memory == 1:
        state.wait_sum[f, hour_of(t)] += start - t
        state.wait_count[f, hour_of(t)] += 1.0
    return start, length


@compiled(inline=True, borrow=True)
def serve(
    town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, f: Any, ahead: Any
) -> Any:
    """
    Serve the owner of need i at facility f; return the minute at which service ends.

    Who eats there is noted with the meal in hand, and comes up again at that minute to sit down.
    """
    t = scratch.event_min[i]
    start, length = _turn(town, state, luck, need, scratch, i, f)
    sheet.arrive_min[i], sheet.start_min[i], sheet.ahead[i] = t, start, ahead
    if scratch.channel[i] == WALK_IN and eats_in(town, luck, need, f):
        scratch.in_hand[i], scratch.event_min[i] = 1, start + length
    else:
        _complete(town, state, need, scratch, sheet, i, f, start - t)
    return start + length


@compiled(inline=True, borrow=True)
def sit_down(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, f: Any) -> Any:
    """Let the owner of need i sit down with the meal in hand, or take it away; return the minute of leaving."""
    ready, came = scratch.event_min[i], sheet.arrive_min[i]
    sits, leaves = take_seat(town, state, luck, need, f, ready)
    if town.switches.memory == 1:
        state.wait_sum[f, hour_of(came)] += sits - ready
    scratch.in_hand[i] = 0
    _complete(town, state, need, scratch, sheet, i, f, (sheet.start_min[i] - came) + (sits - ready))
    return leaves


@compiled(inline=True, borrow=True)
def _complete(town: Any, state: Any, need: Any, scratch: Any, sheet: Any, i: Any, f: Any, waited: Any) -> None:
    """Pay and judge, and close the row of need i."""
    give_back(state, need)
    law, r, s = town.law[0], need.resident, need.service
    person, outlet = town.people[r], town.outlets[f]
    wait, walk = waited, scratch.walked[i]
    price, fee = price_fen(need.basket, outlet.price_level), 0
    sheet.fate[i] = _INSIDE
    if scratch.channel[i] == DELIVERY:
        fee = outlet.fee
        wait += outlet.delivery_min
        sheet.fate[i] = _DELIVERED
    aid = aid_for(person, outlet, price + fee)
    price_paid = price + fee - aid
    state.purse[r] -= price_paid
    sheet.fee_fen[i], sheet.voucher_fen[i] = fee, aid
    sheet.channel[i], sheet.facility[i], sheet.price_fen[i] = scratch.channel[i], f, price
    sheet.walk_min[i], sheet.wait_min[i] = walk, wait
    sheet.barriers[i], sheet.first_barrier[i], sheet.met_if_lifted[i] = 0, 0, 0
    sheet.utility[i] = (
        scratch.utility[i] + law.b_wait * (scratch.wait[i] - wait - scratch.stood[i])
        - person.b_walk * (walk - scratch.ranked[i])
    )  # fmt: skip
    observed = performance(law.perf_constant, law.perf_quality, outlet.quality, law.perf_walk, walk,
                           law.perf_wait, wait)  # fmt: skip
    judge(town, state, r, s, observed)
    state.equity[r, s] = equity(float(need.basket), float(price_paid))
    if town.switches.habit == 1:
        practise(town, state, r, s, f)
    if town.switches.awareness == 1:
        state.visits[f] += 1.0


@compiled(inline=True, borrow=True)
def fail(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, why: Any) -> Any:
    """Note a failed try; return 1 where the errand is given up for it."""
    r, f = need.resident, scratch.target[i]
    if sheet.first_barrier[i] == 0:
        sheet.first_barrier[i] = why
    sheet.barriers[i] |= why
    sheet.met_if_lifted[i] |= why
    if sheet.tries[i] <= scratch.tried.shape[1]:
        # A visit that cannot be had bars no walk to the same outlet.
        visit = scratch.channel[i] == HOME_VISIT
        scratch.tried[i, sheet.tries[i] - 1] = f + town.outlets.size if visit else f
    if why == _NO_VISIT:
        join_list(state, need, f)
    if why != _REFUSED:
        return 0
    sheet.refusals[i] += 1
    if town.switches.memory == 1:
        state.refused[r, f >> 6] |= np.uint64(1) << np.uint64(f & 63)
    u = unit(chain(chain(luck.keys[REFUSAL, need.kind], town.people[r].id64), town.outlets[f].id64))
    return 1 if u < town.law[0].lost_sale_if_refused else 0
