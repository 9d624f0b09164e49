"""Trajectory: scenarios of one unit side by side, sharing a path for as long as their facts are the same."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass

from circlesim.engine.needs import Needs
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage, stage_on
from circlesim.engine.tally import Sums
from circlesim.ledger import Page


@dataclass(slots=True)
class Branch:
    """
    Scenarios that have had the same facts so far.

    Parameters
    ----------
    simulation : Simulation
        Their common path, under the stages of the first of them.
    members : list of int
        Scenarios, rising.
    sums : Sums
        Of the days measured so far.
    page : Page or None
        Page of the newest day.
    """

    simulation: Simulation
    members: list[int]
    sums: Sums
    page: Page | None = None


class Trajectory:
    """
    Runs all scenarios of a unit in lock step.

    Parameters
    ----------
    warm : Simulation
        The baseline after its warm-up; copied, then not used again.
    stages : sequence of tuple of Stage
        By scenario; equal facts are the same object.
    sums : Sums
        Empty sums; copied.
    """

    def __init__(self, warm: Simulation, stages: Sequence[tuple[Stage, ...]], sums: Sums) -> None:
        self.stages = list(stages)
        everyone = list(range(len(stages)))
        self.branches = [Branch(warm.fork(stages[0]), everyone, deepcopy(sums))]

    def run_day(self, day: int, *, last: bool = False) -> Needs:
        """
        Run one day in every scenario.

        Parameters
        ----------
        day : int
            Days since the start.
        last : bool, default: False
            Whether no day follows; see `engine.simulation.Simulation.run_day`.

        Returns
        -------
        Needs
            The needs of the day, the same in all scenarios.
        """
        self._split(day)
        needs = self.branches[0].simulation.needs(day)
        for branch in self.branches:
            branch.page = branch.simulation.run_day(day, needs, last=last)
        return needs

    def change(self, scenario: int, stages: tuple[Stage, ...]) -> None:
        """
        Give a scenario other facts from some day on that has not been run yet.

        Parameters
        ----------
        scenario : int
            Position of the scenario.
        stages : tuple of Stage
            The same objects as before, as far as days were run.
        """
        self.stages[scenario] = stages
        branch = self.branch_of(scenario)
        if branch.members[0] == scenario:
            branch.simulation.stages = stages

    def branch_of(self, scenario: int) -> Branch:
        """
        Find the path of a scenario.

        Parameters
        ----------
        scenario : int
            Position of the scenario.

        Returns
        -------
        Branch
            Shared with others that have had the same facts.
        """
        return next(branch for branch in self.branches if scenario in branch.members)

    def _split(self, day: int) -> None:
        """Part the scenarios whose facts differ from this day on."""
        self.branches = [part for branch in self.branches for part in self._parts(branch, day)]

    def _parts(self, branch: Branch, day: int) -> list[Branch]:
        by_stage: dict[int, list[int]] = {}
        for member in branch.members:
            by_stage.setdefault(id(stage_on(self.stages[member], day)), []).append(member)
        first, *others = by_stage.values()
        parts = [
            Branch(branch.simulation.fork(self.stages[members[0]]), members, deepcopy(branch.sums))
            for members in others
        ]
        branch.members = first
        return [branch, *parts]
