"""Counter: what happens to someone who has arrived at an outlet."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.behaviour.judging import equity, performance
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.waiting import balks, reneges
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.choose import DELIVERY, delivery_price, hour_of
from circlesim.engine.endings import judge
from circlesim.engine.luck import PATIENCE, REFUSAL, RENEGE, SERVICE_TIME
from circlesim.engine.memory import practise
from circlesim.engine.state import QUEUE_CAP
from circlesim.ledger import Barrier, Fate

_INSIDE, _DELIVERED = int(Fate.INSIDE), int(Fate.DELIVERED)
FULL, _REFUSED, _POOR = int(Barrier.FULL), int(Barrier.PAYMENT_REFUSED), int(Barrier.UNAFFORDABLE)


@compiled(inline=True, borrow=True)
def _people_ahead(state: Any, f: Any, t: Any) -> Any:
    """Count who waits at facility f at minute t, not yet served."""
    while state.head[f] < state.tail[f] and state.queue[f, state.head[f] % QUEUE_CAP] <= t:
        state.head[f] += 1
    return state.tail[f] - state.head[f]


@compiled(inline=True, borrow=True)
def _still_waiting(state: Any, f: Any, t: Any) -> Any:
    """Count who waits where some leave before their turn, so that the line is not in the order of leaving it."""
    count = 0
    for z in range(state.head[f], state.tail[f]):
        count += int(state.queue[f, z % QUEUE_CAP] > t)
    return count


@compiled(inline=True, borrow=True)
def _first_free(state: Any, servers: Any, f: Any) -> Any:
    """Server of facility f that is free first."""
    server = 0
    for c in range(1, servers):
        if state.free_at[f, c] < state.free_at[f, server]:
            server = c
    return server


@compiled(inline=True, borrow=True)
def leaves_at(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
    """Join the line of f for a while; return the minute of leaving it unserved, or -1 for who stays."""
    if town.switches.reneging == 0 or town.switches.capacity == 0 or scratch.channel[i] == DELIVERY:
        return -1.0
    t, hazard = scratch.event_min[i], town.law[0].renege_per_min
    server = _first_free(state, town.outlets[f].servers, f)
    person, outlet = town.people[need.resident], town.outlets[f]
    patience = exponential(unit(chain(chain(luck.keys[RENEGE, need.kind], person.id64), outlet.id64)))
    if not reneges(hazard, state.free_at[f, server] - t, patience):
        return -1.0
    gone = t + patience / hazard
    state.queue[f, state.tail[f] % QUEUE_CAP] = gone
    state.tail[f] += 1
    return gone


@compiled(inline=True, borrow=True)
def _all_busy(state: Any, servers: Any, f: Any, t: Any) -> Any:
    """Tell whether no server of facility f is free at minute t."""
    for c in range(servers):
        if state.free_at[f, c] <= t:
            return False
    return True


@compiled(inline=True, borrow=True)
def stopped_at(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
    """What stops need i at the counter of f (0 for nothing), and the people ahead."""
    law = town.law[0]
    r, t = need.resident, scratch.event_min[i]
    person, outlet = town.people[r], town.outlets[f]
    ordered = scratch.channel[i] == DELIVERY
    if not ordered and person.means & outlet.accepts == 0:
        return _REFUSED, 0
    price = delivery_price(need.basket, outlet) if ordered else price_fen(need.basket, outlet.price_level)
    if town.switches.budget == 1 and price > state.purse[r]:
        return _POOR, 0
    if town.switches.capacity == 0:
        return 0, 0
    ahead = _people_ahead(state, f, t)
    kept = ahead
    if town.switches.reneging == 1:
        ahead = _still_waiting(state, f, t)
    if _all_busy(state, outlet.servers, f, t):
        limit = outlet.queue_limit
        if (limit >= 0 and ahead >= limit) or kept >= QUEUE_CAP - 1:
            return FULL, ahead
    if not ordered:
        u = unit(chain(chain(luck.keys[PATIENCE, need.kind], person.id64), outlet.id64))
        if balks(law.b_queue, law.queue_unnoticed, float(ahead), exponential(u)):
            return FULL, ahead
    return 0, ahead


@compiled(inline=True, borrow=True)
def serve(
    town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, f: Any, ahead: Any
) -> Any:
    """Serve the owner of need i at facility f; return the minute at which service ends."""
    law = town.law[0]
    r, s, t = need.resident, need.service, scratch.event_min[i]
    person, outlet = town.people[r], town.outlets[f]
    u = unit(chain(chain(luck.keys[SERVICE_TIME, need.kind], person.id64), outlet.id64))
    length = outlet.service_min * exponential(u)
    start = t
    if town.switches.capacity == 1:
        server = _first_free(state, outlet.servers, f)
        start = max(t, state.free_at[f, server])
        state.free_at[f, server] = start + length
        state.queue[f, state.tail[f] % QUEUE_CAP] = start
        state.tail[f] += 1
    price = price_fen(need.basket, outlet.price_level)
    wait = start - t
    walk = scratch.walked[i]
    if town.switches.memory == 1:
        state.wait_sum[f, hour_of(t)] += wait
        state.wait_count[f, hour_of(t)] += 1.0
    if scratch.channel[i] == DELIVERY:
        price_paid = delivery_price(need.basket, outlet)
        sheet.fee_fen[i] = price_paid - price
        wait += outlet.delivery_min
        sheet.fate[i] = _DELIVERED
    else:
        price_paid = price
        sheet.fate[i] = _INSIDE
    state.purse[r] -= price_paid
    sheet.channel[i], sheet.facility[i], sheet.price_fen[i] = scratch.channel[i], f, price
    sheet.arrive_min[i], sheet.start_min[i], sheet.wait_min[i] = t, start, wait
    sheet.walk_min[i], sheet.ahead[i] = walk, ahead
    sheet.barriers[i], sheet.first_barrier[i], sheet.met_if_lifted[i] = 0, 0, 0
    sheet.utility[i] = (
        scratch.utility[i] + law.b_wait * (scratch.wait[i] - wait)
        - person.b_walk * (walk - scratch.ranked[i])
    )  # fmt: skip
    observed = performance(law.perf_constant, law.perf_quality, outlet.quality, law.perf_walk, walk,
                           law.perf_wait, wait)  # fmt: skip
    judge(town, state, r, s, observed)
    state.equity[r, s] = equity(float(need.basket), float(price_paid))
    if town.switches.habit == 1:
        practise(town, state, r, s, f)
    state.visits[f] += 1.0
    return start + length


@compiled(inline=True, borrow=True)
def fail(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, why: Any) -> Any:
    """Note a failed try; return 1 where the errand is given up for it."""
    r, f = need.resident, scratch.target[i]
    if sheet.first_barrier[i] == 0:
        sheet.first_barrier[i] = why
    sheet.barriers[i] |= why
    sheet.met_if_lifted[i] |= why
    if sheet.tries[i] <= scratch.tried.shape[1]:
        scratch.tried[i, sheet.tries[i] - 1] = f
    if why != _REFUSED:
        return 0
    sheet.refusals[i] += 1
    if town.switches.memory == 1:
        state.refused[r, f >> 6] |= np.uint64(1) << np.uint64(f & 63)
    u = unit(chain(chain(luck.keys[REFUSAL, need.kind], town.people[r].id64), town.outlets[f].id64))
    return 1 if u < town.law[0].lost_sale_if_refused else 0
