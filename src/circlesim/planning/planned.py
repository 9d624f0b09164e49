"""Planned: a plan with its demand list, its project list, its curve and what comes near it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.experiments.store import write_text
from circlesim.planning.brief import Brief
from circlesim.planning.project import cost_of
from circlesim.planning.trials import Plan

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.experiments.experiment import Experiment
    from circlesim.experiments.outcomes import Outcomes

TABLES: tuple[str, ...] = ("demand", "projects", "sites", "plan", "alternatives", "circles", "displacement")
"""Tables of a plan folder, one CSV file each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    What came of making a plan.

    Parameters
    ----------
    brief : Brief
        What was asked.
    projects : tuple of Project
        The plan, in the order to build.
    proposed : tuple of Project
        All that were weighed.
    demand, project_list, sites, curve, alternatives, circles : DataFrame
        Contents of ``demand.csv``, ``projects.csv``, ``sites.csv``, ``plan.csv``, ``alternatives.csv`` and
        ``circles.csv``.
    check : Experiment
        Baseline, every step of the plan and its alternatives, on luck that had no part in the choice.
    outcomes : Outcomes
        What that came to.
    simulated : int
        Plans that were simulated on the way.
    """

    brief: Brief
    projects: Plan
    proposed: Plan
    demand: pd.DataFrame
    project_list: pd.DataFrame
    sites: pd.DataFrame
    curve: pd.DataFrame
    alternatives: pd.DataFrame
    circles: pd.DataFrame
    check: Experiment
    outcomes: Outcomes
    simulated: int

    @property
    def cost_yuan(self) -> float:
        """What the plan costs."""
        return cost_of(self.projects)

    @property
    def displacement(self) -> pd.DataFrame:
        """Change of visits and revenue under the whole plan, by format: outlets that stay, come and go."""
        table = self.outcomes.tables["displacement"]
        return table[table["scenario"] == PLAN].reset_index(drop=True)

    def write(self, folder: str | Path) -> None:
        """
        Write the tables.

        Parameters
        ----------
        folder : str or Path
            Made where missing; tables of an earlier plan are written over.
        """
        path = Path(folder)
        tables = (self.demand, self.project_list, self.sites, self.curve, self.alternatives, self.circles,
                  self.displacement)  # fmt: skip
        for name, table in zip(TABLES, tables, strict=True):
            write_text(path / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))


PLAN = "plan"
"""Name of the scenario that carries the whole plan."""
