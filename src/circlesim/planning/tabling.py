"""Tabling: projects, steps and alternatives as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.measures.cost_effectiveness import mean_interval
from circlesim.planning.brief import Brief
from circlesim.planning.project import Project, cost_of
from circlesim.planning.trials import Plan, Trial, Trials, gains, points, read_trial

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.outcomes import Outcomes

PER = 10_000.0
"""Money that gains are set beside."""

_SIDE = (
    "better_residents",
    "worse_residents",
    "lost_yuan_per_day",
    "visits_per_day",
    "revenue_yuan_per_day",
    "operator_balance_yuan_per_month",
)

PROJECT_COLUMNS: tuple[str, ...] = (
    "rank", "project", "policy", "format", "node", "capital_yuan", "running_yuan_per_month", "cost_yuan",
    "cost_from", "cost_grade", "operator_yuan_per_month", "gain", "gain_low", "gain_high", "unit",
    "gain_per_10000_yuan", *_SIDE, "step",
)  # fmt: skip
"""Columns of ``projects.csv``; `step` is the place in the plan, empty for what is not in it."""

CURVE_COLUMNS: tuple[str, ...] = (
    "step", "project", "cost_yuan", "cumulative_cost_yuan", "marginal_gain", "marginal_low", "marginal_high",
    "marginal_per_10000_yuan", "cumulative_gain", "cumulative_low", "cumulative_high", "unit",
    "cumulative_per_10000_yuan", *_SIDE, "assumption_low", "assumption_high", "sign_share",
)  # fmt: skip
"""Columns of ``plan.csv``: marginal beside the step before, all others beside the baseline."""

ALTERNATIVE_COLUMNS: tuple[str, ...] = (
    "alternative", "projects", "cost_yuan", "gain", "behind_plan", "behind_low", "behind_high", "unit",
    "near_best",
)  # fmt: skip
"""Columns of ``alternatives.csv``; `near_best` where luck does not tell it from the plan, or puts it ahead."""


def project_table(trials: Trials, projects: Sequence[Project], plan: Plan) -> pd.DataFrame:
    """
    Make ``projects.csv``.

    Parameters
    ----------
    trials : Trials
        For what each brings alone.
    projects : sequence of Project
        The list.
    plan : tuple of Project
        What was chosen.

    Returns
    -------
    DataFrame
        `PROJECT_COLUMNS`, most gain for the money first.
    """
    import pandas as pd

    unit = points(trials.measure)[1]
    rows = []
    for project, trial in zip(projects, trials.of([(each,) for each in projects]), strict=True):
        gain, sites = trial.estimate, getattr(project.policy, "sites", ())
        rows.append({
            "project": project.name, "policy": project.policy.name, "format": project.format,
            "node": " ".join(map(str, sites)), "capital_yuan": project.policy.public_capital_yuan,
            "running_yuan_per_month": project.policy.running_yuan_per_month, "cost_yuan": project.cost_yuan,
            "cost_from": project.cost_from, "cost_grade": project.grade,
            "operator_yuan_per_month": project.operator_yuan_per_month, "gain": gain.value, "gain_low": gain.low,
            "gain_high": gain.high, "unit": unit, "gain_per_10000_yuan": _per(gain.value, project.cost_yuan),
            **_side(trial), "step": plan.index(project) + 1 if project in plan else None,
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(PROJECT_COLUMNS))
    table = table.sort_values(["gain_per_10000_yuan", "project"], ascending=[False, True]).reset_index(drop=True)
    return table.assign(rank=np.arange(1, len(table) + 1), step=table["step"].astype("Int64"))


def _per(gain: float, cost_yuan: float) -> float:
    return PER * gain / max(cost_yuan, 1.0)


def _side(trial: Trial) -> dict[str, float]:
    """What a plan does besides."""
    figures = (trial.better, trial.worse, trial.lost_yuan_per_day, trial.visits_per_day,
               trial.revenue_yuan_per_day, trial.operator_balance)  # fmt: skip
    return dict(zip(_SIDE, figures, strict=True))


def curve_table(outcomes: Outcomes, brief: Brief, baseline: str, steps: Mapping[str, Plan]) -> pd.DataFrame:
    """
    Make ``plan.csv``.

    Parameters
    ----------
    outcomes : Outcomes
        Of the run that checks the plan.
    brief : Brief
        For the measure, and the formats of the world.
    baseline : str
        Name of the baseline.
    steps : mapping of str to tuple of Project
        Scenario to the projects in force there, in the order to build.

    Returns
    -------
    DataFrame
        `CURVE_COLUMNS`.
    """
    import pandas as pd

    factor, unit = points(brief.gain)
    compared = outcomes.compare(brief.gain).set_index("scenario")
    rows: list[dict[str, Any]] = []
    before = baseline
    for step, (name, plan) in enumerate(steps.items(), start=1):
        marginal = mean_interval(gains(outcomes, before, name, brief.gain))
        whole = mean_interval(gains(outcomes, baseline, name, brief.gain))
        over = compared.loc[name, ["assumption_low", "assumption_high"]].astype(float) * factor
        rows.append({
            "step": step, "project": plan[-1].name, "cost_yuan": plan[-1].cost_yuan,
            "cumulative_cost_yuan": cost_of(plan), "marginal_gain": marginal.value, "marginal_low": marginal.low,
            "marginal_high": marginal.high, "marginal_per_10000_yuan": _per(marginal.value, plan[-1].cost_yuan),
            "cumulative_gain": whole.value, "cumulative_low": whole.low, "cumulative_high": whole.high,
            "unit": unit, "cumulative_per_10000_yuan": _per(whole.value, cost_of(plan)),
            **_side(read_trial(outcomes, baseline, name, plan, brief.gain, brief.known)), **over,
            "sign_share": compared.loc[name, "sign_share"],
        })  # fmt: skip
        before = name
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def alternative_table(
    outcomes: Outcomes, brief: Brief, baseline: str, plan: str, alternatives: Mapping[str, Plan]
) -> pd.DataFrame:
    """
    Make ``alternatives.csv``.

    Parameters
    ----------
    outcomes : Outcomes
        Of the run that checks the plan.
    brief : Brief
        For the measure.
    baseline, plan : str
        Names of scenarios.
    alternatives : mapping of str to tuple of Project
        Scenario to its projects.

    Returns
    -------
    DataFrame
        `ALTERNATIVE_COLUMNS`, the nearest first; paired differences from the plan with a t interval each.
    """
    import pandas as pd

    unit = points(brief.gain)[1]
    rows = []
    for name, projects in alternatives.items():
        behind = mean_interval(gains(outcomes, name, plan, brief.gain))
        rows.append({
            "alternative": name, "projects": "; ".join(each.name for each in projects),
            "cost_yuan": cost_of(projects), "gain": float(gains(outcomes, baseline, name, brief.gain).mean()),
            "behind_plan": behind.value, "behind_low": behind.low, "behind_high": behind.high, "unit": unit,
            "near_best": int(behind.low <= 0),
        })  # fmt: skip
    table = pd.DataFrame(rows, columns=list(ALTERNATIVE_COLUMNS))
    return table.sort_values("behind_plan", kind="stable").reset_index(drop=True)
