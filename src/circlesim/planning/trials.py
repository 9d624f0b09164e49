"""Trials: what plans bring when they are simulated, all on the luck of the baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import Formats
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import Scenario
from circlesim.measures import measure_named
from circlesim.measures.cost_effectiveness import Estimate, mean_interval
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.planning.project import Project

if TYPE_CHECKING:
    from circlesim.experiments.outcomes import Outcomes

FloatArray = NDArray[np.float64]
Plan = tuple[Project, ...]
"""Projects of which each is done once; the order is that of their names, so that equal plans are one plan."""

CHUNK = 16
"""Plans simulated side by side: bounds memory, changes no result."""

BETTER = "welfare_min"
"""Whose change tells who is better off: experienced utility of the same person, in minutes of walk a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """
    What a plan brought beside the baseline.

    Parameters
    ----------
    gain : ndarray of float64, shape (B,)
        Change of the measure asked for, by replication; shares in percentage points.
    better, worse : float
        Residents whose days are better, or worse, by more than the smallest threshold of `measures.winners`.
    lost_yuan_per_day : float
        Revenue that outlets of the baseline lose, each that loses counted.
    visits_per_day, revenue_yuan_per_day : float
        Of the outlets that the plan adds.
    operator_balance : float
        Margin on these sales less the rent, wages and the like that operators bear, a month; below 0 the outlets
        do not pay their way, and somebody has to.
    """

    gain: FloatArray
    better: float
    worse: float
    lost_yuan_per_day: float
    visits_per_day: float
    revenue_yuan_per_day: float
    operator_balance: float

    @property
    def estimate(self) -> Estimate:
        """Mean gain with its interval over luck."""
        return mean_interval(self.gain)


def as_plan(projects: Sequence[Project]) -> Plan:
    """
    Put projects in the one order of a plan.

    Parameters
    ----------
    projects : sequence of Project
        Any order.

    Returns
    -------
    tuple of Project
        By name.
    """
    return tuple(sorted(projects, key=lambda each: each.name))


def points(measure: str) -> tuple[float, str]:
    """
    Say how a change of a measure is written.

    Parameters
    ----------
    measure : str
        Its name.

    Returns
    -------
    tuple of float and str
        Factor and unit: shares become percentage points.
    """
    unit = measure_named(measure, None).unit
    return (100.0, "percentage points") if unit == "share" else (1.0, unit)


class Trials:
    """
    Simulates plans, each once.

    Parameters
    ----------
    asked : Experiment
        Its only scenario is the baseline; constants are given.
    measure : str
        What is gained.
    progress : callable, optional
        Told units done, units in all, and a text.
    """

    def __init__(
        self, asked: Experiment, measure: str, progress: Callable[[int, int, str], None] | None = None
    ) -> None:
        self.asked, self.measure, self.progress = asked, measure, progress
        self._found: dict[Plan, Trial] = {}

    @property
    def simulated(self) -> int:
        """How many plans have been simulated."""
        return len(self._found)

    def of(self, plans: Sequence[Plan]) -> list[Trial]:
        """
        Simulate plans, those not known yet.

        Parameters
        ----------
        plans : sequence of tuple of Project
            As `as_plan` orders them.

        Returns
        -------
        list of Trial
            One a plan.
        """
        fresh = [plan for plan in dict.fromkeys(plans) if plan not in self._found]
        for first in range(0, len(fresh), CHUNK):
            self._run(fresh[first : first + CHUNK])
        return [self._found[plan] for plan in plans]

    def _run(self, plans: Sequence[Plan]) -> None:
        (baseline,) = self.asked.scenarios
        scenarios = [with_plan(baseline, f"{baseline.name} + {n}", plan) for n, plan in enumerate(plans)]
        outcomes = replace(self.asked, scenarios=(baseline, *scenarios)).run(progress=self.progress)
        for plan, scenario in zip(plans, scenarios, strict=True):
            self._found[plan] = read_trial(outcomes, baseline.name, scenario.name, plan, self.measure,
                                           self.asked.world.formats)  # fmt: skip


def with_plan(baseline: Scenario, name: str, plan: Plan) -> Scenario:
    """
    Stack a plan on the baseline.

    Parameters
    ----------
    baseline : Scenario
        The baseline.
    name : str
        Name of the new scenario.
    plan : tuple of Project
        The plan; the empty one is the baseline under another name.

    Returns
    -------
    Scenario
        Compared with the baseline.
    """
    return baseline.with_policies(name, *(project.policy for project in plan))


def read_trial(
    outcomes: Outcomes, baseline: str, scenario: str, plan: Plan, measure: str, formats: Formats
) -> Trial:
    """
    Read what a plan brought out of a run.

    Parameters
    ----------
    outcomes : Outcomes
        Of a run that holds both scenarios.
    baseline, scenario : str
        Names.
    plan : tuple of Project
        The plan.
    measure : str
        What is gained.
    formats : Formats
        Those of the world, for margins.

    Returns
    -------
    Trial
        Under the default parameters.
    """
    days = outcomes.outcomes["days"].iloc[0]
    winners = outcomes.winners_and_losers()
    fates = winners[(winners["scenario"] == scenario) & (winners["measure"] == BETTER) & (winners["by"] == "")]
    fate = fates.sort_values("threshold").iloc[0]
    outlets = outcomes.facilities().set_index("facility")
    revenue = {name: outlets.loc[outlets["scenario"] == name, "revenue"] for name in (baseline, scenario)}
    change = (revenue[scenario].reindex(revenue[baseline].index).fillna(0.0) - revenue[baseline]).to_numpy()
    own = outlets[outlets["scenario"] == scenario]
    own = own[own.index.isin([each for project in plan for each in project.outlets])]
    margin = own["format"].map(lambda name: formats.row(name).margin).astype(float)
    earned = float((margin * own["revenue"]).sum() / days) * DAYS_A_MONTH
    return Trial(
        gain=gains(outcomes, baseline, scenario, measure), better=fate["gain_share"] * fate["n"],
        worse=fate["lose_share"] * fate["n"], lost_yuan_per_day=float(-change[change < 0].sum() / days),
        visits_per_day=float(own["visits"].sum() / days), revenue_yuan_per_day=float(own["revenue"].sum() / days),
        operator_balance=earned - sum(each.operator_yuan_per_month for each in plan),
    )  # fmt: skip


def gains(
    outcomes: Outcomes, baseline: str, scenario: str, measure: str, by: str = "", group: str = ""
) -> FloatArray:
    """
    Read paired differences out of a run.

    Parameters
    ----------
    outcomes : Outcomes
        Of a run that holds both scenarios.
    baseline, scenario : str
        Names.
    measure : str
        Name of the measure.
    by, group : str, default: ""
        Of residents of one group of a dimension; of all where empty.

    Returns
    -------
    ndarray of float64, shape (B,)
        Scenario less baseline, by replication under the default parameters; shares in percentage points.
    """
    table = outcomes.outcomes
    table = table[(table["measure"] == measure) & (table["by"] == by) & (table["assumption"] == 0)]
    if by:
        table = table[table["group"].astype(str) == group]
    wide = table.pivot_table(index="replication", columns="scenario", values="value", observed=True)
    difference = (wide[scenario] - wide[baseline]).to_numpy(np.float64)
    return np.asarray(points(measure)[0] * difference, dtype=np.float64)
