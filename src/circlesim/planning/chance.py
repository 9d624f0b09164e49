"""Chance: plans drawn at random for the same money, to see what planning is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from circlesim.draws import SITING, hash_id, uniforms
from circlesim.experiments.asked import Progress
from circlesim.measures.cost_effectiveness import Estimate, mean_interval
from circlesim.planning.plan import FRESH, planning_base
from circlesim.planning.planned import Planned
from circlesim.planning.project import FILE, Project, outlet_project
from circlesim.planning.proposing import candidates
from circlesim.planning.purse import Purse, purse_of
from circlesim.planning.trials import Plan, Trials, as_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """
    A plan beside the best of many drawn at random.

    Parameters
    ----------
    drawn : int
        Plans drawn.
    best : tuple of Project
        The best of them, on the luck on which the plan itself was chosen.
    mean_gain : float
        Mean gain of all of them on that luck.
    plan_gain, best_gain : Estimate
        Gains of the plan and of that best one on luck that chose neither.
    ahead : Estimate
        Plan less best, paired, on that luck.
    """

    drawn: int
    best: Plan
    mean_gain: float
    plan_gain: Estimate
    best_gain: Estimate
    ahead: Estimate


def random_plans(planned: Planned, count: int, seed: int = 0) -> list[Plan]:
    """
    Draw plans for the budget of a plan.

    Each takes one project after the other, every format proposed and every policy of the file being as likely, a
    format at any candidate node, until none of them fits what is left
    there, of the whole or of the circle's part.

    Parameters
    ----------
    planned : Planned
        For the formats proposed, the candidate nodes, the budget and how circles share it.
    count : int
        How many.
    seed : int, default: 0
        Of these draws; a longer list begins like a shorter one.

    Returns
    -------
    list of tuple of Project
        No project stands twice in one of them.
    """
    world, brief = planned.check.world, planned.brief
    nodes = world.streets.node[candidates(world, brief)].tolist()
    stated = [each for each in planned.proposed if each.cost_from == FILE]
    outlets = {each.format: each for each in planned.proposed if each.cost_from != FILE}
    pool = [*outlets.values(), *stated]

    def at(kind: Project, node: int) -> Project:
        if kind in stated:
            return kind
        return outlet_project(world, kind.format, node, brief.months, brief.pays, kind.policy.starts)

    purse = purse_of(world, brief.budget_yuan, brief.split, brief.floor_yuan)
    return [_drawn(pool, nodes, at, purse, seed, number) for number in range(count)]


def _drawn(
    pool: Sequence[Project], nodes: Sequence[int], at: Callable[[Project, int], Project], purse: Purse,
    seed: int, number: int,
) -> Plan:  # fmt: skip
    """One plan, by draws that its number and step name."""
    chosen: list[Project] = []
    areas = {purse.circle_of.get(node): node for node in nodes}
    for step in range(10_000):
        open_to = {kind: [area for area, first in areas.items() if purse.allows(at(kind, first), chosen)]
                   for kind in pool if kind.cost_from != FILE or kind not in chosen}  # fmt: skip
        left = [kind for kind, allowed in open_to.items() if allowed]
        if not left:
            break
        what, where = (float(uniforms(seed, SITING, hash_id(f"chance {word}"), number, step))
                       for word in ("what", "where"))  # fmt: skip
        kind = left[int(what * len(left))]
        there = [node for node in nodes if purse.circle_of.get(node) in open_to[kind]]
        project = at(kind, there[int(where * len(there))])
        if project not in chosen:
            chosen.append(project)
    return as_plan(chosen)


def against_chance(planned: Planned, count: int, *, seed: int = 0, progress: Progress | None = None) -> Chance:
    """
    Set a plan beside the best of many drawn at random for the same money.

    Parameters
    ----------
    planned : Planned
        The plan.
    count : int
        Plans to draw.
    seed : int, default: 0
        Of these draws.
    progress : callable, optional
        Told units done, units in all, and a text.

    Returns
    -------
    Chance
        All random plans are simulated on the luck of the search, the best of them and the plan again, paired, on
        luck that had no part in either choice and is not that of ``plan.csv``.
    """
    brief = planned.brief
    search = planning_base(replace(planned.check, scenarios=planned.check.scenarios[:1],
                                   seed=planned.check.seed - FRESH), brief)  # fmt: skip
    drawn = random_plans(planned, count, seed)
    found = [trial.gain for trial in Trials(search, brief.gain, progress).of(drawn)]
    best = drawn[int(np.argmax([gain.mean() for gain in found]))]
    fresh = Trials(replace(search, seed=search.seed + 2 * FRESH), brief.gain, progress)
    plan_trial, best_trial = fresh.of([as_plan(planned.projects), best])
    return Chance(
        drawn=count, best=best, mean_gain=float(np.mean([gain.mean() for gain in found])),
        plan_gain=plan_trial.estimate, best_gain=best_trial.estimate,
        ahead=mean_interval(plan_trial.gain - best_trial.gain),
    )  # fmt: skip
