"""Endings: closing the row of a need that was not met at a counter of the circle."""

from __future__ import annotations

from typing import Any

from circlesim.behaviour.judging import learned
from circlesim.behaviour.paying import price_fen
from circlesim.catalog.constants import UNAVAILABLE
from circlesim.compiled import compiled
from circlesim.engine.choice import HOME, OUTSIDE
from circlesim.engine.diagnose import diagnose
from circlesim.engine.screening import forgone
from circlesim.engine.waiting_list import give_back
from circlesim.ledger import Fate

_HOME, _OUTSIDE, _DECLINED, _UNMET = int(Fate.HOME), int(Fate.OUTSIDE), int(Fate.DECLINED), int(Fate.UNMET)


@compiled(inline=True, borrow=True)
def judge(town: Any, state: Any, r: Any, s: Any, observed: Any) -> None:
    """Learn from an attempt."""
    law = town.law[0]
    state.performance[r, s] = learned(state.performance[r, s], observed, law.perf_memory)
    state.expectation[r, s] = learned(state.expectation[r, s], observed, law.expectation_rate)


@compiled(inline=True, borrow=True)
def end_elsewhere(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any) -> None:
    """Close the row of a need that ended at home, outside or undone."""
    give_back(state, need)
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
    sheet.utility[i] = obtained - town.people[r].b_walk * scratch.walked[i] - town.law[0].b_wait * scratch.stood[i]
    sheet.walk_min[i] = scratch.walked[i]
    # A counter that failed, or nothing inside to try, is an attempt; to stay at home by preference is none.
    if failed or feasible == 0 or sheet.fate[i] == _UNMET:
        judge(town, state, r, s, 0.0)


@compiled(inline=True, borrow=True)
def give_up(town: Any, state: Any, luck: Any, need: Any, scratch: Any, sheet: Any, i: Any) -> None:
    """Close the row of an errand given up at the counter."""
    give_back(state, need)
    r = need.resident
    walked = scratch.walked[i]
    obtained = forgone(town, luck, need.row, r, need.service)
    barriers, liftable, feasible = diagnose(town, state, luck, need, obtained)
    sheet.fate[i], sheet.walk_min[i] = _UNMET, walked
    sheet.utility[i] = obtained - town.people[r].b_walk * walked - town.law[0].b_wait * scratch.stood[i]
    sheet.barriers[i] |= barriers
    sheet.met_if_lifted[i] |= liftable
    sheet.inside_feasible[i] = feasible
    judge(town, state, r, need.service, 0.0)
