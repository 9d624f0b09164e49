"""Runner: units planned, run side by side, and gathered."""

from __future__ import annotations

import time
import traceback
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters
from circlesim.errors import Fault, RunError
from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.assumptions import DRAW_REPLICATIONS, draw_parameters
from circlesim.experiments.constants import constants_for
from circlesim.experiments.design import Design, compile_design
from circlesim.experiments.draw import Draw, make_draw, solved_draw
from circlesim.experiments.ledger_files import LedgerFiles
from circlesim.experiments.manifest import Account, Failure, manifest
from circlesim.experiments.outcomes import Outcomes, gather
from circlesim.experiments.precision import Precision
from circlesim.experiments.store import FolderStore, MemoryStore
from circlesim.experiments.unit import run_unit, unit_name

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Task:
    """
    Units that one worker runs one after the other.

    Parameters
    ----------
    assumption : int
        Their set of assumptions; a drawn one is solved by the worker.
    replications : tuple of int
        The units.
    parameters : Parameters or None
        Drawn parameters; None for the defaults.
    """

    assumption: int
    replications: tuple[int, ...]
    parameters: Parameters | None = None


@dataclass(slots=True)
class _Tally:
    """What the units of this call came to."""

    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    ran: int = 0


class Runner:
    """
    Runs an experiment.

    Parameters
    ----------
    experiment : Asked
        What was asked.
    folder : Path or None
        Run folder; None keeps everything in memory.
    workers : int
        Units at the same time.
    keep_ledger : bool
        Write every page.
    progress : callable or None
        Told units done, units planned, and a text.
    """

    def __init__(
        self,
        experiment: Asked,
        folder: Path | None,
        workers: int,
        keep_ledger: bool,
        progress: Progress | None,
    ) -> None:
        self.experiment, self.folder, self.workers = experiment, folder, workers
        self.keep_ledger, self.progress = keep_ledger, progress
        self._tally = _Tally()
        self._counting = Lock()
        self._planned = 0

    def run(self, *, resolved: str = "", command: str = "") -> Outcomes:
        """
        Run what is missing and gather everything.

        Parameters
        ----------
        resolved : str, default: ""
            Text of ``experiment.toml``.
        command : str, default: ""
            Command line that asks for this run.

        Returns
        -------
        Outcomes
            The results.

        Raises
        ------
        RunError
            If units failed; the others, and a manifest that lists the failures, have been written.
        """
        began = time.perf_counter()
        self._tell("compiling the world")
        self.design: Design = compile_design(self.experiment)
        self.store = MemoryStore() if self.folder is None else FolderStore(self.folder, self.design.digest)
        asked = self.experiment
        self.constants: Constants = asked.constants or constants_for(
            asked.world, asked.parameters, mechanisms=asked.mechanisms, progress=self._tell
        )
        self.draw = make_draw(self.design, 0, asked.world, asked.parameters, self.constants)
        count = self._default_parameters()
        drawn = self._drawn_parameters(count)
        units = [unit_name(0, r) for r in range(count)] + drawn
        finished = [unit for unit in units if self.store.has(unit)]
        account = Account(
            planned=len(units), done=len(finished), failures=tuple(self._tally.failures),
            seconds=time.perf_counter() - began, ran=self._tally.ran, workers=self.workers,
            unit_seconds=self._tally.seconds / max(self._tally.ran, 1),
        )  # fmt: skip
        body = manifest(self.design, self.draw, self.constants, account, command)
        self._tell("gathering the tables")
        outcomes = gather(self.design, [self.store.read(unit) for unit in finished], body)
        if self.folder is not None:
            outcomes.write(self.folder, resolved)
        self._raise_if_failed()
        return outcomes

    def _default_parameters(self) -> int:
        """Run the replications under the default parameters; return how many there are."""
        rule = self.experiment.replications
        if not isinstance(rule, Precision):
            self._run([Task(0, (r,)) for r in range(rule)])
            return rule
        done = 0
        while not self._tally.failures and (count := rule.next_count(done, self._compared(done))) > done:
            self._run([Task(0, (r,)) for r in range(done, count)])
            done = count
        return done

    def _compared(self, done: int) -> pd.DataFrame:
        """Paired differences of the replications so far."""
        units = [self.store.read(unit_name(0, r)) for r in range(done)]
        return gather(self.design, units, {}).compare() if units else _nothing()

    def _drawn_parameters(self, count: int) -> list[str]:
        """Run the assumption draws; return the names of their units."""
        draws = self.experiment.assumptions
        under = tuple(range(min(DRAW_REPLICATIONS, count)))
        drawn = draw_parameters(self.experiment.parameters, draws) if draws else []
        self._run([Task(a, under, parameters) for a, parameters in enumerate(drawn, start=1)])
        return [unit_name(a, r, draws) for a in range(1, draws + 1) for r in under]

    def _run(self, tasks: list[Task]) -> None:
        """Run the tasks whose units are missing; the first finished is the first told."""
        self._planned += sum(len(task.replications) for task in tasks)
        waiting = [task for task in tasks if list(self._missing(task))]
        self._tell("running")
        with ThreadPoolExecutor(self.workers) as pool:
            futures: set[Future[None]] = {pool.submit(self._work, task) for task in waiting}
            try:
                while futures:
                    done, futures = wait(futures, return_when=FIRST_COMPLETED)
                    for future in done:
                        future.result()
                    self._tell("running")
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _missing(self, task: Task) -> list[int]:
        return [r for r in task.replications if not self._finished(task, r)]

    def _finished(self, task: Task, replication: int) -> bool:
        """Whether a unit is stored, and its ledger too where one is asked for."""
        unit = self._name(task, replication)
        written = True
        if self.keep_ledger and self.folder is not None and task.assumption == 0:
            last = len(self.design.names) - 1
            written = (self.folder / "ledger" / f"{last:02d}-{unit}.parquet").is_file()
        return written and self.store.has(unit)

    def _name(self, task: Task, replication: int) -> str:
        return unit_name(task.assumption, replication, self.experiment.assumptions)

    def _work(self, task: Task) -> None:
        """Run the units of a task; what fails is noted and does not stop the others."""
        missing = self._missing(task)
        try:
            draw = self._draw_of(task)
        except Exception as error:
            for replication in missing:
                self._note(self._name(task, replication), "prepare", error)
            return
        for replication in missing:
            self._one(draw, self._name(task, replication), replication)

    def _draw_of(self, task: Task) -> Draw:
        if task.parameters is None:
            return self.draw
        return solved_draw(self.design, task.assumption, task.parameters, self.constants)

    def _one(self, draw: Draw, unit: str, replication: int) -> None:
        """Run and store one unit."""
        began, stage = time.perf_counter(), "run"
        try:
            kept = self._ledger(draw, unit)
            tables = run_unit(self.design, draw, replication, kept.keep if kept else None)
            stage = "store"
            if kept:
                kept.write()
            self.store.write(unit, tables)
            with self._counting:
                self._tally.seconds += time.perf_counter() - began
                self._tally.ran += 1
        except Exception as error:
            self._note(unit, stage, error)

    def _ledger(self, draw: Draw, unit: str) -> LedgerFiles | None:
        wanted = self.keep_ledger and self.folder is not None and draw.index == 0
        return LedgerFiles(self.design, self.folder / "ledger", unit) if wanted and self.folder else None

    def _note(self, unit: str, stage: str, error: Exception) -> None:
        self._tally.failures.append(Failure(
            unit=unit, stage=stage, exception=type(error).__name__, message=str(error),
            traceback="".join(traceback.format_exception(error)),
        ))  # fmt: skip

    def _tell(self, text: str) -> None:
        if self.progress is not None:
            self.progress(self._tally.ran, self._planned, text)

    def _raise_if_failed(self) -> None:
        faults = [
            Fault(what=f"{each.exception}: {each.message}", where=f"unit {each.unit}, {each.stage}",
                  hint="the same command runs the missing units again")
            for each in self._tally.failures
        ]  # fmt: skip
        if faults:
            raise RunError(f"{len(faults)} of {self._planned} units failed; the others are finished", faults)


def _nothing() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame({"by": [], "measure": [], "ci_low": [], "ci_high": []})
