"""Search: a plan under a budget, every step weighed again by simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from circlesim.planning.project import Project, cost_of
from circlesim.planning.purse import Purse
from circlesim.planning.trials import Plan, Trials, as_plan

LOOK = 8
"""Projects simulated on top of a plan before the best of them may be taken."""

PASSES = 4
"""Times at most that the best plan has its projects exchanged."""

SHOWN = 12
"""Plans at most that are told, the chosen one included."""

Weigh = Callable[[float, Project], float]
"""Worth of a marginal gain by a project."""

Elsewhere = Callable[[Plan, Project], list[Project]]
"""Gives a project of a plan at other places, at the same cost."""


def per_yuan(gain: float, project: Project) -> float:
    """
    Divide a gain by what it costs.

    Parameters
    ----------
    gain : float
        Marginal gain.
    project : Project
        What brings it.

    Returns
    -------
    float
        Gain a yuan; what costs less than a yuan counts as one.
    """
    return gain / max(project.cost_yuan, 1.0)


def as_it_is(gain: float, project: Project) -> float:
    """
    Take a gain whatever it costs.

    Parameters
    ----------
    gain : float
        Marginal gain.
    project : Project
        What brings it.

    Returns
    -------
    float
        The gain.
    """
    return gain


def greedy_plan(trials: Trials, projects: Sequence[Project], purse: Purse, weigh: Weigh = per_yuan) -> Plan:
    """
    Add the project worth most on top of those chosen, for as long as one fits and helps.

    What a project was worth at an earlier step says in which order to look, `LOOK` at a time; a project is taken
    once its worth on top of the plan is at least what every other one was worth when last looked at.

    Parameters
    ----------
    trials : Trials
        Simulates.
    projects : sequence of Project
        The list.
    purse : Purse
        What the plan may cost.
    weigh : callable, default: per_yuan
        Worth of a marginal gain.

    Returns
    -------
    tuple of Project
        In the order chosen.
    """
    return _grown(trials, projects, purse, weigh)[0]


def _grown(
    trials: Trials, projects: Sequence[Project], purse: Purse, weigh: Weigh
) -> tuple[Plan, dict[Project, float]]:
    """Grow a plan greedily; return it with what each project was worth when last looked at."""
    alone = trials.of([(each,) for each in projects])
    worth = {each: weigh(float(t.gain.mean()), each) for each, t in zip(projects, alone, strict=True)}
    chosen: list[Project] = []
    while True:
        left = [each for each in worth if each not in chosen and purse.allows(each, chosen)]
        best = _next(trials, chosen, left, worth, weigh)
        if best is None or worth[best] <= 0:
            return tuple(chosen), worth
        chosen.append(best)


def _next(
    trials: Trials, chosen: Sequence[Project], left: Sequence[Project], worth: dict[Project, float], weigh: Weigh
) -> Project | None:
    """Weigh projects on top of a plan, those that promised most first; `worth` is brought up to date."""
    order = sorted(left, key=lambda each: (-worth[each], each.name))
    if not chosen:
        return order[0] if order else None
    now = trials.of([as_plan(chosen)])[0].gain
    best: Project | None = None
    for first in range(0, len(order), LOOK):
        part = order[first : first + LOOK]
        if best is not None and worth[best] >= worth[part[0]]:
            break
        for each, trial in zip(part, trials.of([as_plan([*chosen, p]) for p in part]), strict=True):
            worth[each] = weigh(float(np.mean(trial.gain - now)), each)
            if best is None or worth[each] > worth[best]:
                best = each
    return best


def fill(order: Sequence[Project], purse: Purse, chosen: Sequence[Project] = ()) -> Plan:
    """
    Take projects in a given order for as long as they fit.

    Parameters
    ----------
    order : sequence of Project
        Most wanted first.
    purse : Purse
        The budget.
    chosen : sequence of Project, default: ()
        Taken before.

    Returns
    -------
    tuple of Project
        In the order taken.
    """
    taken = list(chosen)
    for each in order:
        if each not in taken and purse.allows(each, taken):
            taken.append(each)
    return tuple(taken)


def finalists(
    trials: Trials, projects: Sequence[Project], purse: Purse, elsewhere: Elsewhere | None = None
) -> list[Plan]:
    """
    Look for plans in several ways.

    Parameters
    ----------
    trials : Trials
        Simulates.
    projects : sequence of Project
        The list.
    purse : Purse
        What a plan may cost.
    elsewhere : callable, optional
        Gives a project of a plan at other places; where missing, nothing is moved.

    Returns
    -------
    list of tuple of Project
        Different plans, the best on the luck of the search first: greedy by gain a yuan and by gain, the list from
        its top without weighing again, the best project alone; then the best of these with one or two projects
        given up for others, or one moved, as long as that finds a better one. One empty plan where nothing helps.
    """
    helps = [
        each for each, t in zip(projects, trials.of([(p,) for p in projects]), strict=True) if t.gain.mean() > 0
    ]
    affordable = [each for each in helps if purse.allows(each, ())]
    if not affordable:
        return [()]
    alone = dict(zip(affordable, trials.of([(each,) for each in affordable]), strict=True))
    ranked = sorted(affordable, key=lambda each: (-per_yuan(float(alone[each].gain.mean()), each), each.name))
    single = max(affordable, key=lambda each: float(alone[each].gain.mean()))
    grown, worth = _grown(trials, affordable, purse, per_yuan)
    first = [grown, greedy_plan(trials, affordable, purse, as_it_is), fill(ranked, purse), (single,)]
    plans = _best_first(trials, first)
    order = sorted(affordable, key=lambda each: (-worth[each], each.name))
    for _ in range(PASSES):
        known = len(plans)
        best = plans[0]
        plans = _best_first(
            trials, [*plans, *exchanged(best, order, purse), *_paid(moved(best, elsewhere), purse)]
        )
        if plans[0] == best or len(plans) == known:
            break
    return plans[:SHOWN]


def exchanged(plan: Plan, order: Sequence[Project], purse: Purse) -> list[Plan]:
    """
    Give up one project of a plan, or two, for others.

    Parameters
    ----------
    plan : tuple of Project
        The plan.
    order : sequence of Project
        All projects, those that promise most on top of a plan first.
    purse : Purse
        The budget.

    Returns
    -------
    list of tuple of Project
        For every one or two given up, and each of the first projects of the order that then fits, a plan with that
        project, filled up in the order.
    """
    made = []
    for given_up, look in ((1, LOOK), (2, LOOK // 2)):
        for lost in combinations(plan, min(given_up, len(plan))):
            rest = [each for each in plan if each not in lost]
            possible = [each for each in order if each not in plan and purse.allows(each, rest)]
            others = [each for each in order if each not in lost]
            made += [fill(others, purse, [*rest, each]) for each in possible[:look]]
    return made


def moved(plan: Plan, elsewhere: Elsewhere | None) -> list[Plan]:
    """
    Move one project of a plan to other places.

    Parameters
    ----------
    plan : tuple of Project
        The plan.
    elsewhere : callable or None
        Gives a project of a plan at other places.

    Returns
    -------
    list of tuple of Project
        At the same cost, one a move.
    """
    if elsewhere is None:
        return []
    return [tuple(other if each is lost else each for each in plan)
            for lost in plan for other in elsewhere(plan, lost) if other not in plan]  # fmt: skip


def _paid(plans: Sequence[Plan], purse: Purse) -> list[Plan]:
    """Plans the budget allows; what moves to another circle may take what is set aside there."""
    return [plan for plan in plans if purse.allows(plan[-1], plan[:-1])]


def _best_first(trials: Trials, plans: Sequence[Plan]) -> list[Plan]:
    """Different plans by mean gain; of two orders of one plan the first stands."""
    different = {as_plan(plan): plan for plan in reversed(plans) if plan}
    found = dict(zip(different, trials.of(list(different)), strict=True))
    return [different[key] for key in sorted(different, key=lambda key: (-found[key].gain.mean(), cost_of(key)))]
