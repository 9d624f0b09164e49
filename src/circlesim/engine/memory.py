"""Memory: what residents are used to, and which outlets they have heard of."""

from __future__ import annotations

from typing import Any

from circlesim.behaviour.habit import habit_pull, neglected, practised
from circlesim.behaviour.knowing import exposure, knows
from circlesim.compiled import compiled
from circlesim.draws import chain, exponential, unit


@compiled(inline=True, borrow=True)
def pull_of_habit(town: Any, state: Any, r: Any, s: Any, f: Any) -> Any:
    """Utility resident r draws from being used to outlet f for service s."""
    if state.usual[r, s] != f:
        return 0.0
    return habit_pull(town.law[0].b_habit, state.strength[r, s])


@compiled(inline=True, borrow=True)
def practise(town: Any, state: Any, r: Any, s: Any, f: Any) -> None:
    """Let a habit grow with a visit to f, or fade until f is the new one."""
    rate = town.law[0].habit_rate
    if state.usual[r, s] == f:
        state.strength[r, s] = practised(state.strength[r, s], rate)
        return
    left = neglected(state.strength[r, s], rate)
    if left < rate:
        state.usual[r, s], left = f, rate
    state.strength[r, s] = left


@compiled(inline=True, borrow=True)
def has_heard(town: Any, state: Any, luck: Any, person: Any, f: Any, metres: Any) -> Any:
    """Tell whether a resident has heard of outlet f, so many metres from home."""
    law, outlet = town.law[0], town.outlets[f]
    days = state.days_there[f]
    street = exposure(law.aware_street, days, law.aware_talk, state.told[f])
    seen = law.aware_map * days if outlet.on_map == 1 and person.digital == 1 else 0.0
    patience = exponential(unit(chain(chain(luck.known, person.id64), outlet.id64)))
    return knows(patience, street, metres, law.aware_scale_m, seen)


@compiled(borrow=True)
def note_day(town: Any, state: Any) -> None:
    """Count the day for every outlet that is there."""
    for f in range(state.days_there.size):
        if town.outlets[f].present == 1:
            state.days_there[f] += 1.0


@compiled(borrow=True)
def tell_neighbours(town: Any, state: Any) -> None:
    """Spread the visits of the day by word of mouth, as visits a resident of the outlet's circle."""
    for f in range(state.told.size):
        state.told[f] += state.visits[f] / town.outlets[f].neighbours
        state.visits[f] = 0.0
