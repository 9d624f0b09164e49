"""Plan: from what a neighbourhood lacks to what to build first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from circlesim.errors import ConfigError, Fault
from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.constants import constants_for
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import Scenario
from circlesim.planning.brief import Brief, check_fit
from circlesim.planning.circle_table import circle_table
from circlesim.planning.demand import Demand, demand_of
from circlesim.planning.planned import PLAN, Planned
from circlesim.planning.project import Project, stated_projects
from circlesim.planning.proposing import (
    Sited,
    other_places,
    outlet_projects,
    proposed_sites,
    site_table,
)
from circlesim.planning.purse import Purse, purse_of
from circlesim.planning.search import finalists
from circlesim.planning.tabling import alternative_table, curve_table, project_table
from circlesim.planning.trials import BETTER, Plan, Trials, with_plan

MEASURES: tuple[str, ...] = ("satisfaction_index", "met_share", "met_inside_share", "unmet_share", BETTER)
"""Measures that a plan is told in besides the one it is ranked by."""

FRESH = 1_000_003
"""Added to the seed for the luck on which a plan is told; any other seed has luck of its own."""


def plan(
    experiment: Experiment, budget_yuan: float, *, progress: Progress | None = None, **brief: Any
) -> Planned:  # fmt: skip
    """
    Find out what is lacking, and what to build first for a sum of money.

    Parameters
    ----------
    experiment : Experiment
        Its first scenario's baseline is planned for; policies of the others that state a cost are projects too.
    budget_yuan : float
        What the plan may cost, in the world's currency.
    progress : callable, optional
        Told units done, units in all, and a text.
    **brief : object
        Other fields of `Brief`.

    Returns
    -------
    Planned
        The plan and its tables.

    Raises
    ------
    ConfigError
        If a plan cannot be made as asked, or nothing is lacking that a project could bring.

    Notes
    -----
    The baseline is run and every need noted that is unmet or pushed out, with its barrier, place and group.
    Formats that serve what is lacking are sited where those who lack it live, and each project is simulated beside
    the baseline on the same luck. The plan is built greedily by gain a yuan, every step weighed again on top of
    those before. The figures told are of another seed, which had no part in the choice.
    """
    return plan_for(experiment, Brief(budget_yuan, known=experiment.world.formats, **brief), progress)


def plan_for(experiment: Experiment, asked: Brief, progress: Progress | None = None) -> Planned:
    """
    Make a plan to a brief; see `plan`.

    Parameters
    ----------
    experiment : Experiment
        What is planned for.
    asked : Brief
        What the plan is to do.
    progress : callable, optional
        Told units done, units in all, and a text.

    Returns
    -------
    Planned
        The plan and its tables.

    Raises
    ------
    ConfigError
        As `plan` does.
    """
    check_fit(asked, experiment)
    purse = purse_of(experiment.world, asked.budget_yuan, asked.split, asked.floor_yuan)
    base = planning_base(experiment, asked, progress)
    demand = demand_of(base, progress)
    sited, projects = _project_list(experiment, base, demand, asked, purse)
    trials = Trials(base, asked.gain, _weighing(progress))
    places = partial(other_places, base.world, demand, asked)
    plans = finalists(trials, projects, purse, places)
    told = _Told(experiment, base, asked, plans)
    outcomes = told.check.run(progress=progress)
    (baseline,) = base.scenarios
    name = PLAN if plans[0] else baseline.name
    return Planned(
        brief=asked, projects=plans[0], proposed=tuple(projects), sites=site_table(sited),
        demand=demand.table(tuple(experiment.by)),
        project_list=project_table(trials, _weighed(projects, plans[0]), plans[0]),
        check=told.check, outcomes=outcomes,
        curve=curve_table(outcomes, asked, baseline.name, told.steps),
        simulated=trials.simulated,
        alternatives=alternative_table(outcomes, asked, baseline.name, name, told.others),
        circles=circle_table(outcomes, asked, baseline.name, name, plans[0], purse, base.world),
    )  # fmt: skip


def _weighed(projects: Sequence[Project], chosen: Plan) -> tuple[Project, ...]:
    """All that were weighed alone, and what of the plan was moved elsewhere since."""
    return tuple(dict.fromkeys([*projects, *chosen]))


def _weighing(progress: Progress | None) -> Progress | None:
    """Tell of many small runs as of one long one."""
    return None if progress is None else lambda *_: progress(0, 0, "weighing plans")


def planning_base(experiment: Experiment, brief: Brief, progress: Progress | None = None) -> Experiment:
    """
    Reduce an experiment to its baseline, with constants solved once for all that is simulated.

    Parameters
    ----------
    experiment : Experiment
        As asked.
    brief : Brief
        For the measure.
    progress : callable, optional
        Told what is going on.

    Returns
    -------
    Experiment
        The baseline alone, on the luck of the search, measured from the same day.
    """
    constants = experiment.constants or constants_for(
        experiment.world, experiment.parameters, mechanisms=experiment.mechanisms,
        progress=None if progress is None else lambda text: progress(0, 0, text),
    )  # fmt: skip
    count = experiment.replications
    return replace(
        experiment, scenarios=(baseline_of(experiment),), constants=constants, assumptions=0, expectations=(),
        laws=(), survey=None, by=tuple(name for name in experiment.by if name not in ("service", "format")),
        measures=tuple(dict.fromkeys([brief.gain, *MEASURES])),
        measure_from=experiment.start + timedelta(days=experiment.first_measured_day),
        replications=count if isinstance(count, int) else count.min,
    )  # fmt: skip


def baseline_of(asked: Asked) -> Scenario:
    """
    Find the scenario that is planned for.

    Parameters
    ----------
    asked : Asked
        The experiment.

    Returns
    -------
    Scenario
        That which the first one is compared with, on its own.
    """
    name = asked.baselines[asked.scenarios[0].name]
    found = next(scenario for scenario in asked.scenarios if scenario.name == name)
    return replace(found, baseline=None)


def opening_day(asked: Asked) -> date | None:
    """
    Say when proposed outlets open.

    Parameters
    ----------
    asked : Asked
        The experiment.

    Returns
    -------
    date or None
        The latest day on which a policy of the experiment takes effect, so that all projects are seen over the
        same days; the first day where there is none.
    """
    starts = [each.begins for scenario in asked.scenarios for each in scenario.own_and_brought()]
    return max((day for day in starts if day is not None), default=None)


def _project_list(
    experiment: Experiment, base: Experiment, demand: Demand, brief: Brief, purse: Purse
) -> tuple[list[Sited], list[Project]]:
    """Sites, and the projects a budget allows at all."""
    sited = proposed_sites(base.world, demand, brief, purse)
    projects = [*outlet_projects(base.world, sited, brief, opening_day(experiment)),
                *stated_projects(experiment, base.scenarios[0], brief.months)]  # fmt: skip
    within = [each for each in projects if purse.allows(each, ())]
    if within:
        return sited, within
    least = min((each.cost_yuan for each in projects), default=None)
    what = "nothing is lacking that a project could bring" if least is None else "no project fits the budget"
    fault = Fault(what=what, where="budget_yuan", found=f"{brief.budget_yuan:g}",
                  expected="" if least is None else f"at least {least:.0f}")  # fmt: skip
    raise ConfigError("this plan cannot be made", [fault])


@dataclass(slots=True, init=False)
class _Told:
    """The run in which a plan is told: its steps and its alternatives, on fresh luck."""

    steps: dict[str, Plan]
    others: dict[str, Plan]
    check: Experiment

    def __init__(self, experiment: Experiment, base: Experiment, brief: Brief, plans: Sequence[Plan]) -> None:
        (baseline,), best = base.scenarios, plans[0]
        parts = [best[: n + 1] for n in range(len(best))]
        self.steps = {PLAN if part == best else f"step {n}": part for n, part in enumerate(parts, start=1)}
        self.others = {f"alternative {n}": other for n, other in enumerate(plans[1:], start=1)}
        scenarios = [with_plan(baseline, name, part) for name, part in (self.steps | self.others).items()]
        self.check = replace(
            base, scenarios=(baseline, *scenarios), seed=base.seed + FRESH, assumptions=experiment.assumptions,
            measures=tuple(dict.fromkeys([brief.gain, *MEASURES, *experiment.measures])),
        )  # fmt: skip
