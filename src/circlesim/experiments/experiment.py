"""Experiment: what is asked, and how to have it run."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.errors import CircleSimError
from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.outcomes import Outcomes
from circlesim.experiments.runner import Runner

if TYPE_CHECKING:
    from circlesim.experiments.forecast import Forecast


@dataclass(frozen=True, slots=True)
class Experiment(Asked):
    """
    What is run, how often, and what is measured.

    Parameters
    ----------
    scenarios : sequence of Scenario
        On one world and the same days; each is compared with its baseline, the first scenario by default.
    replications : int or Precision, default: 20
        Strokes of luck, shared by all scenarios.
    seed : int, default: 0
        Root of all luck.
    warmup_days : int, default: 7
        Days before the start, under the world without policies.
    measures : sequence of str, default: DEFAULT_MEASURES
        Names of measures.
    by : sequence of str, default: ()
        Dimensions that comparison, unmet needs and switching are cut by.
    assumptions : int, default: 0
        Draws over everything that is assumed, under the same luck.
    measure_from : date, optional
        First day measured; the latest start of a policy where missing.
    parameters : Parameters, optional
        Numbers of the law; the shipped ones where missing.
    constants : Constants, optional
        Solved on the baseline; found or solved where missing.
    mechanisms : Mechanisms, default: all that are built
        Switches of the law.
    question : str, default: ""
        The question in words.
    survey : SurveyDesign, optional
        A sample that is asked besides; satisfaction itself is read from all adults either way.
    factorial : Factorial, optional
        Design over some of the scenarios, whose combinations are scenarios too; main effects and interactions are
        told besides.
    expectations : sequence of Expectation, default: ()
        What it is expected to find; a run says of each whether it was.
    laws : sequence of Law, default: ()
        What must hold without feedback; see `circlesim.experiments.laws.check_laws`.
    workers : int, optional
        Units run at the same time; one a processor where missing.
    """

    def run(
        self,
        out: str | os.PathLike[str] | None = None,
        workers: int | None = None,
        keep_ledger: bool = False,
        progress: Progress | None = None,
        *,
        executor: Executor | None = None,
        resolved: str = "",
        command: str = "",
    ) -> Outcomes:
        """
        Run all units, or those that are missing in the run folder.

        Parameters
        ----------
        out : path, optional
            Run folder; nothing is written where missing.
        workers : int, optional
            Units at the same time; results do not depend on it.
        keep_ledger : bool, default: False
            Write every page of the ledger (default parameters only).
        progress : callable, optional
            See `Progress`.
        executor : Executor, optional
            Runs the units: any `concurrent.futures.Executor`, of processes or of a cluster; threads of this
            process where missing. Workers that see the run folder write their units themselves, others hand them
            back. Results do not depend on it.
        resolved : str, default: ""
            Text of ``experiment.toml``, for the run folder.
        command : str, default: ""
            Command line that asks for this run; the forecast in the manifest builds on it.

        Returns
        -------
        Outcomes
            The results.

        Raises
        ------
        RunError
            If units failed; all others have been finished before.
        CircleSimError
            If the experiment cannot be run as asked.
        """
        if keep_ledger and out is None:
            raise CircleSimError("the ledger is kept in a run folder: name one with out=")
        folder = Path(out) if out is not None else None
        runner = self.runner(folder, workers, keep_ledger, progress, executor)
        return runner.run(resolved=resolved, command=command)

    def forecast(
        self, *, pilot: int = 4, workers: int | None = None, progress: Progress | None = None
    ) -> Forecast:
        """
        Say what a run of this experiment will take; nothing is kept and no run folder is written.

        Parameters
        ----------
        pilot : int, default: 4
            Replications run for it; with 0 nothing is run, and only the units are counted.
        workers : int, optional
            Units at the same time, in the run to come.
        progress : callable, optional
            See `Progress`.

        Returns
        -------
        Forecast
            Units, replications, minutes and megabytes.
        """
        from circlesim.experiments.forecast import forecast

        if pilot < 0:
            raise CircleSimError("a pilot has 0 replications or more")
        return forecast(self, pilot, workers or self.workers or os.cpu_count() or 1, progress)

    def runner(
        self, folder: Path | None, workers: int | None = None, keep_ledger: bool = False,
        progress: Progress | None = None, executor: Executor | None = None,
    ) -> Runner:  # fmt: skip
        """
        Make what runs the units of this experiment.

        Parameters
        ----------
        folder, workers, keep_ledger, progress, executor
            See `run`.

        Returns
        -------
        Runner
            Which may run them all, or a share of them.
        """
        many = workers or self.workers or _workers_of(executor) or os.cpu_count() or 1
        return Runner(self, folder, many, keep_ledger, progress, executor)


def _workers_of(executor: Executor | None) -> int | None:
    """Workers of an executor, where it says."""
    count = getattr(executor, "_max_workers", None)
    return count if isinstance(count, int) else None
