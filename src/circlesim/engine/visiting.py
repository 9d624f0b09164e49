"""Visiting: staff who come to those who cannot walk to an outlet."""

from __future__ import annotations

from typing import Any

from circlesim.behaviour.choosing import nested_luck, outlet_utility
from circlesim.compiled import compiled
from circlesim.draws import chain, gumbel, normal, unit
from circlesim.engine.choice import (
    FORGO,
    HOME_VISIT,
    VISIT_MARK,
    Choice,
    at_home_from,
    departure,
    remembers_refusal,
    was_tried,
)
from circlesim.engine.fares import fare, pull
from circlesim.engine.luck import CHOICE, OUTLETS
from circlesim.engine.memory import has_heard, pull_of_habit
from circlesim.engine.places import week_of
from circlesim.engine.screening import entries_for_staff


@compiled(inline=True, borrow=True)
def visit_utility(town: Any, state: Any, luck: Any, need: Any, f: Any, moved: Any) -> Any:
    """Utility of a home visit for which the errand is moved by so many minutes until it is asked for."""
    law, r, s = town.law[0], need.resident, need.service
    person, service, outlet = town.people[r], town.service[s], town.outlets[f]
    # Who waits at home for a visit stands in no line: until the knock at the door the errand is moved.
    drawn, shift = pull(town, need, person, f), moved + law.visit_wait_min
    value = outlet_utility(drawn, 0.0, 0.0, law.b_wait, 0.0, law.b_shift, shift)
    if town.switches.habit == 1:
        value += pull_of_habit(town, state, r, s, f)
    key = chain(luck.keys[CHOICE, need.kind], person.id64)
    taste = normal(unit(chain(chain(luck.taste, person.id64), outlet.id64)))
    error = gumbel(unit(chain(key, outlet.id64 ^ VISIT_MARK)))
    return value + service.taste_sd * taste + nested_luck(service.tau, error, luck.need[need.row, OUTLETS])


@compiled(inline=True, borrow=True)
def best_visit(
    town: Any, state: Any, luck: Any, need: Any, not_before: Any, at: Any, tried: Any, count: Any, best: Any
) -> Any:
    """Best outlet whose staff come home, if it beats `best`; nobody waits for one at a counter."""
    r, s = need.resident, need.service
    person, service = town.people[r], town.service[s]
    windows = town.window[week_of(town, state, r), need.weekend]
    target, leave, since = FORGO, need.minute, at_home_from(need)
    low, high = entries_for_staff(town, person, s)
    if at >= 0:
        high = low
    for e in range(low, high):
        f = town.facility[e]
        outlet = town.outlets[f]
        if outlet.present == 0 or outlet.home_visits == 0 or was_tried(tried, count, f + town.outlets.size):
            continue
        if town.switches.memory == 1 and remembers_refusal(state.refused, r, f):
            continue
        if town.switches.budget == 1 and fare(person, outlet, need.basket) > state.purse[r]:
            continue
        if town.switches.awareness == 1 and not has_heard(town, state, luck, person, f, float(town.metres[e])):
            continue
        hours = town.hours[need.weekday, f]
        go = departure(since, not_before, 0.0, hours, windows, service.shift_max_min)
        if go < 0.0:
            continue
        u = visit_utility(town, state, luck, need, f, abs(go - since))
        if u > best or (u == best and target >= 0 and outlet.id64 < town.outlets[target].id64):
            target, best, leave = f, u, go
    return Choice(target, HOME_VISIT, best, leave, 0.0, 0.0, 0.0, 0.0, 0.0)
