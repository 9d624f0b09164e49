"""Errands run: the second pass of a day, on a continuous clock."""

from __future__ import annotations

from typing import Any

import numpy as np

from circlesim.behaviour.waiting import remembered_wait
from circlesim.behaviour.walking import walk_min
from circlesim.compiled import compiled
from circlesim.engine.agenda import in_order, note, note_now
from circlesim.engine.choice import AT_HOME, AT_STOP, HOME_VISIT, WALK_IN, at_home_from
from circlesim.engine.choose import choose
from circlesim.engine.counter import FULL, fail, leaves_at, serve, sit_down, stopped_at
from circlesim.engine.deferral import is_settled, put_off, settle, turn_day
from circlesim.engine.endings import end_elsewhere, give_up
from circlesim.engine.larder import cook, learn_demand
from circlesim.engine.luck import Luck
from circlesim.engine.memory import note_day, tell_neighbours
from circlesim.engine.needs import OUT, SERVICE, Needs
from circlesim.engine.sheet import NOBODY, Scratch, Sheet, open_row
from circlesim.engine.state import QUEUE_CAP, State
from circlesim.engine.storeroom import count_goods, fill_shelves
from circlesim.engine.town import Need, Town
from circlesim.engine.visitors import admit
from circlesim.engine.waiting_list import COUNT, promise_visits
from circlesim.ledger import Page

_DAY = 1440.0


def run_errands(
    town: Town, state: State, luck: Luck, needs: Needs, scratch: Scratch, page: Page, day: int, weekday: int,
    *, last: bool = False,
) -> None:  # fmt: skip
    """
    Run all errands of one day and write the ledger page.

    Parameters
    ----------
    town : Town
        One scenario on this day.
    state : State
        Changed in place.
    luck : Luck
        Luck of the day, that of its needs included.
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
    last : bool, default: False
        Whether no day follows, so that nothing is put off.
    """
    if town.switches.awareness == 1:
        note_day(town, state)
    if town.switches.stock == 1:
        cook(town, state)
    if town.switches.emergency == 1:
        fill_shelves(town, state)
    if town.switches.deferral == 1:
        turn_day(state)
    state.booked[:] = 0
    if town.switches.deferral == 1 and town.switches.home_visits == 1:
        promise_visits(town, state, weekday)
    sheet = Sheet(*(getattr(page, name) for name in Sheet._fields))
    _run(town, state, luck, needs.rows, needs.resident, needs.kind, needs.minute, needs.basket, needs.first,
         needs.then, needs.joins, needs.trip, scratch, sheet, weekday, int(weekday >= 5))  # fmt: skip
    if town.switches.deferral == 1:
        put_off(town, state, sheet, needs.resident, needs.kind, needs.rows, int(last))
    if town.switches.visitors == 1 and town.switches.capacity == 1:
        _last_visitors(town, state, luck.visitors)
    _midnight(town, state)
    if town.switches.awareness == 1:
        tell_neighbours(town, state)
    if town.switches.stock == 1:
        learn_demand(town, state, weekday)
    if town.switches.emergency == 1:
        count_goods(town, state, weekday)
    page.day, page.rows = day, needs.rows


@compiled(inline=True, borrow=True)
def _take(scratch: Any, i: Any, choice: Any) -> None:
    """Note where the owner of need i is heading."""
    scratch.target[i], scratch.channel[i], scratch.utility[i] = choice.target, choice.channel, choice.utility
    scratch.home_walk[i], scratch.ranked[i], scratch.wait[i] = choice.home_walk, choice.ranked, choice.wait
    scratch.event_min[i] = choice.leave + choice.walk
    scratch.walked[i] += choice.counted


@compiled(inline=True, borrow=True)
def _need_of(page_rows: Any, i: Any, minute: Any, scratch: Any, weekday: Any, weekend: Any) -> Any:
    """Gather need i for a choice."""
    resident, kind, basket, arises, _, _ = page_rows
    k, base = kind[i], scratch.base[i]
    early = max(0.0, arises[i] - minute) if base != AT_HOME else 0.0
    return Need(
        i, resident[i], k, SERVICE[k], minute, basket[i], weekday, weekend, base, scratch.base_home[i],
        scratch.trip[i], early,
    )  # fmt: skip


@compiled(inline=True, borrow=True)
def _trip_min(town: Any, r: Any) -> Any:
    """Minutes between the home of resident r and the stop passed daily; below 0 for none."""
    metres = town.trip_m[r]
    return walk_min(metres, town.people[r].speed) if metres >= 0.0 else -1.0


@compiled(inline=True, borrow=True)
def _start(
    town: Any, state: Any, luck: Any, rows: Any, then: Any, i: Any, free_from: Any, base: Any, way_home: Any,
    scratch: Any, sheet: Any, weekday: Any, weekend: Any,
) -> Any:  # fmt: skip
    """
    Choose for need i and on along its owner's day until one heads for a counter; return it, or -1.

    Its owner is free from a minute on, at counter `base` or at home. A need that joins the outing is chosen for
    there and then; any other waits for the return home, and no errand leaves before it. A need on the daily way
    back is chosen for at the stop, one on the way out at home, with an eye to the way to the stop.
    """
    resident, kind, joins, trip = rows[0], rows[1], rows[4], rows[5]
    while i >= 0:
        if is_settled(state, resident[i], kind[i]):
            settle(sheet, i)
            if town.switches.clock == 0:
                return -1
            i = then[i]
            continue
        if base != AT_HOME and joins[i] == 0:
            base, free_from = AT_HOME, free_from + way_home
        scratch.trip[i] = -1.0
        if trip[i] != 0 and base == AT_HOME and free_from <= sheet.need_min[i]:
            way = _trip_min(town, resident[i])
            if trip[i] == OUT:
                scratch.trip[i] = way
            elif way >= 0.0:
                base, way_home, free_from = AT_STOP, way, sheet.need_min[i]
        minute = free_from if base != AT_HOME else max(sheet.need_min[i], free_from)
        scratch.base[i], scratch.place[i] = base, base
        scratch.base_home[i] = scratch.way_home[i] = way_home if base != AT_HOME else 0.0
        need = _need_of(rows, i, minute, scratch, weekday, weekend)
        scratch.asked[i], scratch.not_before[i] = minute, at_home_from(need) if base == AT_STOP else free_from
        choice = choose(town, state, luck, need, scratch.not_before[i], base, minute, scratch.tried[i], 0)
        sheet.first_choice[i] = choice.target
        _take(scratch, i, choice)
        if choice.target >= 0:
            return i
        end_elsewhere(town, state, luck, need, scratch, sheet, i)
        if town.switches.clock == 0:
            return -1
        i = then[i]
    return -1


@compiled(inline=True, borrow=True)
def _arrive(
    town: Any, state: Any, luck: Any, rows: Any, i: Any, scratch: Any, sheet: Any, weekday: Any, weekend: Any
) -> Any:
    """
    Let need i arrive at its counter.

    Returns
    -------
    tuple
        The need itself where it walks on or has its meal in hand, else -1; and the minute at which its owner is
        free again, standing at `scratch.place`.
    """
    need = _need_of(rows, i, scratch.asked[i], scratch, weekday, weekend)
    f, t = scratch.target[i], scratch.event_min[i]
    if scratch.in_hand[i] == 1:
        return NOBODY, sit_down(town, state, luck, need, scratch, sheet, i, f)
    sheet.tries[i] += 1
    # An order moves nobody: who orders from a counter still stands there.
    if scratch.channel[i] == WALK_IN:
        scratch.place[i], scratch.way_home[i] = f, scratch.home_walk[i]
    elif scratch.place[i] == AT_STOP:
        # Who ordered on the way home is there by now; what follows starts from home.
        scratch.asked[i] = at_home_from(need)
        scratch.base[i], scratch.place[i] = AT_HOME, AT_HOME
        scratch.base_home[i], scratch.way_home[i] = 0.0, 0.0
        need = _need_of(rows, i, scratch.asked[i], scratch, weekday, weekend)
    if town.switches.visitors == 1 and town.switches.capacity == 1 and scratch.channel[i] != HOME_VISIT:
        admit(town, state, luck.visitors, f, t, town.switches.memory)
    why, ahead = stopped_at(town, state, luck, need, scratch, i, f)
    if why == 0:
        gone = leaves_at(town, state, luck, need, scratch, i, f)
        if gone >= 0.0:
            scratch.stood[i] += gone - t
            why, t = FULL, gone
            scratch.event_min[i] = gone
    if why == 0:
        end = serve(town, state, luck, need, scratch, sheet, i, f, ahead)
        if scratch.in_hand[i] == 1:
            return i, end
        return NOBODY, end if scratch.channel[i] == WALK_IN else t
    if fail(town, state, luck, need, scratch, sheet, i, why) == 1:
        give_up(town, state, luck, need, scratch, sheet, i)
        return NOBODY, t
    if scratch.place[i] == AT_HOME:
        scratch.not_before[i] = t
    choice = choose(town, state, luck, need, scratch.not_before[i], scratch.place[i], t, scratch.tried[i],
                    int(sheet.tries[i]))  # fmt: skip
    _take(scratch, i, choice)
    if choice.target >= 0:
        return i, t
    end_elsewhere(town, state, luck, need, scratch, sheet, i)
    return NOBODY, t


@compiled(borrow=True)
def _run(
    town: Any, state: Any, luck: Any, count: Any, resident: Any, kind: Any, minute: Any, basket: Any, first: Any,
    then: Any, joins: Any, trip: Any, scratch: Any, sheet: Any, weekday: Any, weekend: Any,
) -> None:  # fmt: skip
    """Run the day: first choices in resident order, then arrivals in order of time from a calendar of buckets."""
    people = town.people
    rows = (resident, kind, basket, minute, joins, trip)
    for i in range(count):
        open_row(sheet, i, resident[i], kind[i], minute[i], basket[i])
        scratch.walked[i], scratch.place[i], scratch.way_home[i], scratch.stood[i] = 0.0, AT_HOME, 0.0, 0.0
        scratch.in_hand[i] = 0
    bucket = scratch.bucket
    bucket[:] = NOBODY
    if town.switches.clock == 1:
        for r in range(first.size):
            i = _start(town, state, luck, rows, then, first[r], 0.0, AT_HOME, 0.0, scratch, sheet,
                       weekday, weekend)  # fmt: skip
            if i >= 0:
                note(scratch, i)
    else:
        for j in range(count):
            i = _start(town, state, luck, rows, then, j, 0.0, AT_HOME, 0.0, scratch, sheet, weekday, weekend)
            if i >= 0:
                note(scratch, i)
    for b in range(bucket.size):
        if bucket[b] >= 0:
            bucket[b] = in_order(scratch, people, resident, bucket[b])
        while bucket[b] >= 0:
            i = bucket[b]
            bucket[b] = scratch.after[i]
            go, free = _arrive(town, state, luck, rows, i, scratch, sheet, weekday, weekend)
            if go < 0 and town.switches.clock == 1:
                place, way_home = scratch.place[i], scratch.way_home[i]
                if kind[i] >= COUNT:
                    # What was put off is an outing of its own: what follows starts from home.
                    place, way_home, free = AT_HOME, 0.0, free + way_home
                go = _start(town, state, luck, rows, then, then[i], free, place, way_home, scratch, sheet, weekday,
                            weekend)  # fmt: skip
            if go >= 0:
                note_now(scratch, people, resident, go, b)


@compiled(borrow=True)
def _last_visitors(town: Any, state: Any, visitors: Any) -> None:
    """Let all visitors come whom no resident met."""
    for f in range(visitors.next.size):
        admit(town, state, visitors, f, np.inf, town.switches.memory)


@compiled(borrow=True)
def _midnight(town: Any, state: Any) -> None:
    """Carry clocks past midnight and publish the day's waits."""
    for f in range(state.head.size):
        for c in range(state.free_at.shape[1]):
            state.free_at[f, c] = max(state.free_at[f, c] - _DAY, -_DAY)
        for z in range(state.head[f], state.tail[f]):
            state.queue[f, z % QUEUE_CAP] -= _DAY
    for f in range(state.seat_free.shape[0]):
        for c in range(state.seat_free.shape[1]):
            state.seat_free[f, c] = max(state.seat_free[f, c] - _DAY, -_DAY)
    for f in range(state.wait_sum.shape[0]):
        for h in range(state.wait_sum.shape[1]):
            if state.wait_count[f, h] > 0.0:
                met = state.wait_sum[f, h] / state.wait_count[f, h]
                state.wait_public[f, h] = remembered_wait(state.wait_public[f, h], met, town.law[0].wait_memory)
                state.wait_sum[f, h] = 0.0
                state.wait_count[f, h] = 0.0
