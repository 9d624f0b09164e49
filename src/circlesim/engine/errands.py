"""Errands run: the second pass of a day, on a continuous clock."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.judging import learned, performance
from circlesim.behaviour.paying import price_fen
from circlesim.behaviour.waiting import balks, remembered_wait
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.catalog.needs import KIND_ORDINAL, KIND_SERVICE
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit
from circlesim.engine.choose import (
    AT_HOME,
    DELIVERY,
    HOME,
    OUTSIDE,
    WALK_IN,

    choose,
    delivery_price,
    forgone,
    hour_of,
)
from circlesim.engine.diagnose import diagnose
from circlesim.engine.luck import PATIENCE, REFUSAL, SERVICE_TIME, Luck
from circlesim.engine.needs import Needs
from circlesim.engine.state import QUEUE_CAP, State
from circlesim.engine.town import Need, Town
from circlesim.ledger import Barrier, Fate, Page

TRIES = 8
"""Room for tried outlets; `tries_max` may not exceed it."""

_SERVICE = np.array(KIND_SERVICE, dtype=np.int64)
_ORDINAL = np.array(KIND_ORDINAL, dtype=np.int64)
_INSIDE, _DELIVERED, _HOME = int(Fate.INSIDE), int(Fate.DELIVERED), int(Fate.HOME)
_OUTSIDE, _DECLINED, _UNMET = int(Fate.OUTSIDE), int(Fate.DECLINED), int(Fate.UNMET)
_FULL, _REFUSED, _POOR = int(Barrier.FULL), int(Barrier.PAYMENT_REFUSED), int(Barrier.UNAFFORDABLE)
_DAY = 1440.0
_HORIZON = 2880.0
_NONE = -1


class Scratch(NamedTuple):
    """
    What the kernel notes about each need while the day runs; shapes (L,) unless said.

    Parameters
    ----------
    target, channel : ndarray
        Alternative a resident is heading for.
    event_min : ndarray of float64
        Minute at which the resident or the order arrives there.
    utility, home_walk, wait : ndarray of float64
        Utility in the ranking, walk from home, wait expected.
    walked : ndarray of float64
        Minutes walked so far.
    asked, not_before : ndarray of float64
        Minute at which the need was chosen for, and the earliest departure.
    tried : ndarray of int32, shape (L, TRIES)
        Outlets tried.
    after : ndarray of int32
        Next need in the same time bucket.
    bucket : ndarray of int32, shape (power of two,)
        First need of each time bucket, or -1.
    """

    target: NDArray[np.int32]
    channel: NDArray[np.uint8]
    event_min: NDArray[np.float64]
    utility: NDArray[np.float64]
    home_walk: NDArray[np.float64]
    wait: NDArray[np.float64]
    walked: NDArray[np.float64]
    asked: NDArray[np.float64]
    not_before: NDArray[np.float64]
    tried: NDArray[np.int32]
    after: NDArray[np.int32]
    bucket: NDArray[np.int32]


def empty_scratch(room: int) -> Scratch:
    """
    Make room for the needs of a day.

    Parameters
    ----------
    room : int
        Most needs of a day.

    Returns
    -------
    Scratch
        Zeroed.
    """
    return Scratch(
        np.zeros(room, np.int32), np.zeros(room, np.uint8), np.zeros(room), np.zeros(room), np.zeros(room),
        np.zeros(room), np.zeros(room), np.zeros(room), np.zeros(room),
        np.zeros((room, TRIES), np.int32), np.zeros(room, np.int32),
        np.zeros(1 << max(6, (room - 1).bit_length()), np.int32),
    )  # fmt: skip


class Sheet(NamedTuple):
    """The columns of a `ledger.Page`, as the kernel writes them."""

    resident: Any
    service: Any
    ordinal: Any
    need_min: Any
    basket_fen: Any
    first_choice: Any
    first_barrier: Any
    barriers: Any
    met_if_lifted: Any
    inside_feasible: Any
    tries: Any
    refusals: Any
    fate: Any
    channel: Any
    facility: Any
    walk_min: Any
    arrive_min: Any
    start_min: Any
    wait_min: Any
    ahead: Any
    utility: Any
    price_fen: Any
    fee_fen: Any
    voucher_fen: Any


def run_errands(
    town: Town, state: State, luck: Luck, needs: Needs, scratch: Scratch, page: Page, day: int, weekday: int
) -> None:
    """
    Run all errands of one day and write the ledger page.

    Parameters
    ----------
    town : Town
        One scenario on this day.
    state : State
        Changed in place.
    luck : Luck
        Keys of the day.
    needs : Needs
        The needs of the day.
    scratch : Scratch
        Working memory.
    page : Page
        Buffer to fill.
    day : int
        Days since `start`.
    weekday : int
        Monday 0.
    """
    sheet = Sheet(*(getattr(page, name) for name in Sheet._fields))
    _run(town, state, luck, needs.rows, needs.resident, needs.kind, needs.minute, needs.basket, needs.first,
         needs.then, scratch, sheet, weekday, int(weekday >= 5))  # fmt: skip
    _midnight(town, state)
    page.day, page.rows = day, needs.rows


@compiled(inline=True, borrow=True)
def _open_row(sheet: Any, i: Any, r: Any, k: Any, minute: Any, basket: Any) -> None:
    """Begin the ledger row of a need."""
    sheet.resident[i], sheet.service[i], sheet.ordinal[i] = r, _SERVICE[k], _ORDINAL[k]
    sheet.need_min[i], sheet.basket_fen[i] = minute, basket
    sheet.first_choice[i], sheet.first_barrier[i], sheet.barriers[i] = 0, 0, 0
    sheet.met_if_lifted[i], sheet.inside_feasible[i], sheet.tries[i], sheet.refusals[i] = 0, 1, 0, 0
    sheet.fate[i], sheet.channel[i], sheet.facility[i], sheet.walk_min[i] = 0, 0, _NONE, 0.0
    sheet.arrive_min[i], sheet.start_min[i], sheet.wait_min[i] = np.nan, np.nan, np.nan
    sheet.ahead[i], sheet.utility[i] = 0, 0.0
    sheet.price_fen[i], sheet.fee_fen[i], sheet.voucher_fen[i] = 0, 0, 0


@compiled(inline=True, borrow=True)
def _take(scratch: Any, i: Any, choice: Any) -> None:
    """Note where the owner of need i is heading."""
    scratch.target[i], scratch.channel[i], scratch.utility[i] = choice.target, choice.channel, choice.utility
    scratch.home_walk[i], scratch.wait[i] = choice.home_walk, choice.wait
    scratch.event_min[i] = choice.leave + choice.walk
    scratch.walked[i] += choice.walk


@compiled(inline=True, borrow=True)
def _judge(town: Any, state: Any, r: Any, s: Any, observed: Any) -> None:
    """Learn from an attempt."""
    law = town.law[0]
    state.performance[r, s] = learned(state.performance[r, s], observed, law.perf_memory)
    state.expectation[r, s] = learned(state.expectation[r, s], observed, law.expectation_rate)


@compiled(inline=True, borrow=True)
def _end_elsewhere(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any) -> None:
    """Close the row of a need that ended at home, outside or undone."""
    r, s, target = need.resident, need.service, scratch.target[i]
    obtained = scratch.utility[i]
    barriers, liftable, feasible = diagnose(town, state, luck, need, obtained)
    met_at_counter = sheet.barriers[i]
    failed = sheet.tries[i] > 0
    if target == HOME:
        sheet.fate[i] = _HOME
    elif target == OUTSIDE:
        sheet.fate[i] = _OUTSIDE
        cost = price_fen(need.basket, town.service[s].price_outside)
        sheet.price_fen[i] = cost
        state.purse[r] -= cost
    elif failed:
        sheet.fate[i] = _UNMET
    else:
        at_home = town.constants[town.people[r].age_group, s, 1] > UNAVAILABLE
        sheet.fate[i] = _DECLINED if feasible == 1 or at_home else _UNMET
    sheet.barriers[i] = barriers | met_at_counter
    sheet.met_if_lifted[i] = liftable | sheet.met_if_lifted[i]
    sheet.inside_feasible[i] = feasible
    if not failed and feasible == 0:
        sheet.first_barrier[i] = barriers & -barriers
    sheet.utility[i] = obtained - town.people[r].b_walk * scratch.walked[i]
    sheet.walk_min[i] = scratch.walked[i]
    # A counter that failed, or nothing inside to try, is an attempt; to stay at home by preference is none.
    if failed or feasible == 0 or sheet.fate[i] == _UNMET:
        _judge(town, state, r, s, 0.0)


@compiled(inline=True, borrow=True)
def _serve(
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
        server = 0
        for c in range(1, outlet.servers):
            if state.free_at[f, c] < state.free_at[f, server]:
                server = c
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
        - person.b_walk * (walk - scratch.home_walk[i])
    )  # fmt: skip
    observed = performance(law.perf_constant, law.perf_quality, outlet.quality, law.perf_walk, walk,
                           law.perf_wait, wait)  # fmt: skip
    _judge(town, state, r, s, observed)
    state.equity[r, s] = float(need.basket) / float(price_paid)
    return start + length


@compiled(inline=True, borrow=True)
def _people_ahead(state: Any, f: Any, t: Any) -> Any:
    """Count who waits at facility f at minute t, not yet served."""
    while state.head[f] < state.tail[f] and state.queue[f, state.head[f] % QUEUE_CAP] <= t:
        state.head[f] += 1
    return state.tail[f] - state.head[f]


@compiled(inline=True, borrow=True)
def _all_busy(state: Any, servers: Any, f: Any, t: Any) -> Any:
    """Tell whether no server of facility f is free at minute t."""
    for c in range(servers):
        if state.free_at[f, c] <= t:
            return False
    return True


@compiled(inline=True, borrow=True)
def _counter(town: Any, state: Any, luck: Any, need: Any, scratch: Any, i: Any, f: Any) -> Any:
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
    if _all_busy(state, outlet.servers, f, t):
        limit = outlet.queue_limit
        if (limit >= 0 and ahead >= limit) or ahead >= QUEUE_CAP - 1:
            return _FULL, ahead
    if not ordered:
        u = unit(chain(chain(luck.keys[PATIENCE, need.kind], person.id64), outlet.id64))
        if balks(law.b_queue, law.queue_unnoticed, float(ahead), exponential(u)):
            return _FULL, ahead
    return 0, ahead


@compiled(inline=True, borrow=True)
def _fail(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any, why: Any) -> Any:
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


@compiled(inline=True, borrow=True)
def _give_up(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any) -> None:
    """Close the row of an errand given up at the counter."""
    r = need.resident
    walked = scratch.walked[i]
    obtained = forgone(town, luck, need)
    barriers, liftable, feasible = diagnose(town, state, luck, need, obtained)
    sheet.fate[i], sheet.walk_min[i] = _UNMET, walked
    sheet.utility[i] = obtained - town.people[r].b_walk * walked
    sheet.barriers[i] |= barriers
    sheet.met_if_lifted[i] |= liftable
    sheet.inside_feasible[i] = feasible
    _judge(town, state, r, need.service, 0.0)


@compiled(inline=True, borrow=True)
def _need_of(page_rows: Any, i: Any, minute: Any, weekday: Any, weekend: Any) -> Any:
    """Gather need i for a choice."""
    resident, kind, basket = page_rows
    k = kind[i]
    return Need(resident[i], k, _SERVICE[k], minute, basket[i], weekday, weekend)


@compiled(inline=True, borrow=True)
def _start(
    town: Any, state: Any, luck: Any, rows: Any, then: Any, i: Any, free_from: Any, scratch: Any, sheet: Any,
    weekday: Any, weekend: Any,
) -> Any:  # fmt: skip
    """
    Choose for need i and on along its owner's day until one heads for a counter; return it, or -1.

    A need that falls due while its owner is out waits for the return.
    """
    while i >= 0:
        minute = max(sheet.need_min[i], free_from) if town.switches.clock == 1 else sheet.need_min[i]
        not_before = free_from if minute > sheet.need_min[i] else 0.0
        need = _need_of(rows, i, minute, weekday, weekend)
        scratch.asked[i], scratch.not_before[i] = minute, not_before
        choice = choose(town, state, luck, need, not_before, AT_HOME, 0.0, scratch.tried[i], 0)
        if choice.target >= 0 and town.switches.clock == 1 and choice.leave < free_from:
            need = _need_of(rows, i, free_from, weekday, weekend)
            scratch.asked[i], scratch.not_before[i] = free_from, free_from
            choice = choose(town, state, luck, need, free_from, AT_HOME, 0.0, scratch.tried[i], 0)
        sheet.first_choice[i] = choice.target
        _take(scratch, i, choice)
        if choice.target >= 0:
            return i
        _end_elsewhere(town, state, luck, need, scratch, sheet, i)
        if town.switches.clock == 0:
            return -1
        i = then[i]
    return -1


@compiled(inline=True, borrow=True)
def _earlier(scratch: Any, people: Any, resident: Any, i: Any, j: Any) -> Any:
    """Total order of events: minute, then resident id, then need number."""
    if scratch.event_min[i] != scratch.event_min[j]:
        return scratch.event_min[i] < scratch.event_min[j]
    mine, other = people[resident[i]].id64, people[resident[j]].id64
    if mine != other:
        return mine < other
    return i < j


@compiled(borrow=True)
def _run(
    town: Any, state: Any, luck: Any, count: Any, resident: Any, kind: Any, minute: Any, basket: Any, first: Any,
    then: Any, scratch: Any, sheet: Any, weekday: Any, weekend: Any,
) -> None:  # fmt: skip
    """Run the day: first choices in resident order, then arrivals in order of time from a calendar of buckets."""
    people = town.people
    rows = (resident, kind, basket)
    for i in range(count):
        _open_row(sheet, i, resident[i], kind[i], minute[i], basket[i])
        scratch.walked[i] = 0.0
    buckets = scratch.bucket.size
    scale = buckets / _HORIZON
    bucket = scratch.bucket
    bucket[:] = _NONE
    if town.switches.clock == 1:
        for r in range(first.size):
            i = _start(town, state, luck, rows, then, first[r], 0.0, scratch, sheet, weekday, weekend)
            if i >= 0:
                b = min(buckets - 1, int(scratch.event_min[i] * scale))
                scratch.after[i], bucket[b] = bucket[b], i
    else:
        for j in range(count):
            i = _start(town, state, luck, rows, then, j, 0.0, scratch, sheet, weekday, weekend)
            if i >= 0:
                b = min(buckets - 1, int(scratch.event_min[i] * scale))
                scratch.after[i], bucket[b] = bucket[b], i
    for b in range(buckets):
        while bucket[b] >= 0:
            i, before, at, at_before = bucket[b], _NONE, bucket[b], _NONE
            while i >= 0:
                if _earlier(scratch, people, resident, i, at):
                    at, at_before = i, before
                before, i = i, scratch.after[i]
            i = at
            if at_before < 0:
                bucket[b] = scratch.after[i]
            else:
                scratch.after[at_before] = scratch.after[i]
            go, back = _arrive(town, state, luck, rows, i, scratch, sheet, weekday, weekend)
            if go < 0 and town.switches.clock == 1:
                go = _start(town, state, luck, rows, then, then[i], back, scratch, sheet, weekday, weekend)
            if go >= 0:
                later = max(b, min(buckets - 1, int(scratch.event_min[go] * scale)))
                scratch.after[go], bucket[later] = bucket[later], go


@compiled(inline=True, borrow=True)
def _arrive(
    town: Any, state: Any, luck: Any, rows: Any, i: Any, scratch: Any, sheet: Any, weekday: Any, weekend: Any
) -> Any:
    """
    Let need i arrive at its counter.

    Returns
    -------
    tuple
        The need itself where it walks on, else -1; and the minute at which its owner is home again.
    """
    need = _need_of(rows, i, scratch.asked[i], weekday, weekend)
    f, t, home = scratch.target[i], scratch.event_min[i], scratch.home_walk[i]
    sheet.tries[i] += 1
    why, ahead = _counter(town, state, luck, need, scratch, i, f)
    if why == 0:
        end = _serve(town, state, luck, need, scratch, sheet, i, f, ahead)
        return _NONE, t if scratch.channel[i] == DELIVERY else end + home
    if _fail(town, state, luck, need, scratch, sheet, i, why) == 1:
        _give_up(town, state, luck, need, scratch, sheet, i)
        return _NONE, t + home
    at, not_before = (f, scratch.not_before[i]) if scratch.channel[i] == WALK_IN else (AT_HOME, t)
    choice = choose(town, state, luck, need, not_before, at, t, scratch.tried[i], int(sheet.tries[i]))
    _take(scratch, i, choice)
    if choice.target >= 0:
        return i, t
    _end_elsewhere(town, state, luck, need, scratch, sheet, i)
    return _NONE, t + home


@compiled(borrow=True)
def _midnight(town: Any, state: Any) -> None:
    """Carry clocks past midnight and publish the day's waits."""
    for f in range(state.head.size):
        for c in range(state.free_at.shape[1]):
            state.free_at[f, c] = max(state.free_at[f, c] - _DAY, -_DAY)
        for z in range(state.head[f], state.tail[f]):
            state.queue[f, z % QUEUE_CAP] -= _DAY
        for h in range(state.wait_sum.shape[1]):
            if state.wait_count[f, h] > 0.0:
                met = state.wait_sum[f, h] / state.wait_count[f, h]
                state.wait_public[f, h] = remembered_wait(state.wait_public[f, h], met, town.law[0].wait_memory)
                state.wait_sum[f, h] = 0.0
                state.wait_count[f, h] = 0.0


