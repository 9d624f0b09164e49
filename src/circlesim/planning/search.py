"""Search: a plan under a budget, every step weighed again by simulation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from circlesim.planning.project import Project, cost_of
from circlesim.planning.trials import Plan, Trials, as_plan

LOOK = 8
"""Projects simulated on top of a plan before the best of them may be taken."""

Weigh = Callable[[float, Project], float]
"""Worth of a marginal gain by a project."""


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


def greedy_plan(trials: Trials, projects: Sequence[Project], budget_yuan: float, weigh: Weigh = per_yuan) -> Plan:
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
    budget_yuan : float
        What the plan may cost.
    weigh : callable, default: per_yuan
        Worth of a marginal gain.

    Returns
    -------
    tuple of Project
        In the order chosen.
    """
    alone = trials.of([(each,) for each in projects])
    worth = {each: weigh(float(t.gain.mean()), each) for each, t in zip(projects, alone, strict=True)}
    chosen: list[Project] = []
    while True:
        left = [each for each in worth if each not in chosen and fits(each, chosen, budget_yuan)]
        best = _next(trials, chosen, left, worth, weigh)
        if best is None or worth[best] <= 0:
            return tuple(chosen)
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


def fits(project: Project, chosen: Sequence[Project], budget_yuan: float) -> bool:
    """
    Say whether the budget allows a project on top of others.

    Parameters
    ----------
    project : Project
        The project.
    chosen : sequence of Project
        What is paid already.
    budget_yuan : float
        The budget.

    Returns
    -------
    bool
        True where all together cost no more, to the fen.
    """
    return cost_of([*chosen, project]) <= budget_yuan + 0.005


def fill(order: Sequence[Project], budget_yuan: float, chosen: Sequence[Project] = ()) -> Plan:
    """
    Take projects in a given order for as long as they fit.

    Parameters
    ----------
    order : sequence of Project
        Most wanted first.
    budget_yuan : float
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
        if each not in taken and fits(each, taken, budget_yuan):
            taken.append(each)
    return tuple(taken)


def finalists(trials: Trials, projects: Sequence[Project], budget_yuan: float) -> list[Plan]:
    """
    Look for plans in several ways.

    Parameters
    ----------
    trials : Trials
        Simulates.
    projects : sequence of Project
        The list.
    budget_yuan : float
        What a plan may cost.

    Returns
    -------
    list of tuple of Project
        Different plans, the best on the luck of the search first: greedy by gain a yuan and by gain, the list from
        its top without weighing again, the best project alone, and the best of these with one project given up
        for others. One empty plan where nothing helps.
    """
    helps = [
        each for each, t in zip(projects, trials.of([(p,) for p in projects]), strict=True) if t.gain.mean() > 0
    ]
    affordable = [each for each in helps if fits(each, (), budget_yuan)]
    if not affordable:
        return [()]
    alone = dict(zip(affordable, trials.of([(each,) for each in affordable]), strict=True))
    ranked = sorted(affordable, key=lambda each: (-per_yuan(float(alone[each].gain.mean()), each), each.name))
    single = max(affordable, key=lambda each: float(alone[each].gain.mean()))
    first = [greedy_plan(trials, affordable, budget_yuan), greedy_plan(trials, affordable, budget_yuan, as_it_is),
             fill(ranked, budget_yuan), (single,)]  # fmt: skip
    best = _best_first(trials, first)[0]
    swapped = [_without(trials, best, each, ranked, budget_yuan) for each in best]
    return _best_first(trials, [*first, *swapped])


def _without(trials: Trials, plan: Plan, given_up: Project, ranked: Sequence[Project], budget_yuan: float) -> Plan:
    """Give one project up and fill the budget with what stands next in the list."""
    return fill(
        [each for each in ranked if each is not given_up], budget_yuan, [p for p in plan if p is not given_up]
    )


def _best_first(trials: Trials, plans: Sequence[Plan]) -> list[Plan]:
    """Different plans by mean gain; of two orders of one plan the first stands."""
    different = {as_plan(plan): plan for plan in reversed(plans) if plan}
    found = dict(zip(different, trials.of(list(different)), strict=True))
    return [different[key] for key in sorted(different, key=lambda key: (-found[key].gain.mean(), cost_of(key)))]
