"""Runner: units planned, run side by side by whatever executor there is, and gathered."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.catalog.constants import Constants
from circlesim.errors import Fault, RunError
from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.assumptions import DRAW_REPLICATIONS
from circlesim.experiments.bench import Bench
from circlesim.experiments.cast import part_asked, setting
from circlesim.experiments.constants import constants_for, keep_constants
from circlesim.experiments.crate import write_crate
from circlesim.experiments.design import compile_design
from circlesim.experiments.dispatch import Dispatch
from circlesim.experiments.gathering import compared, gather
from circlesim.experiments.kept_units import MemoryStore
from circlesim.experiments.locks import locked
from circlesim.experiments.manifest import Account, Failure, manifest
from circlesim.experiments.outcomes import Outcomes
from circlesim.experiments.planned import write_plan
from circlesim.experiments.precision import Precision
from circlesim.experiments.store import CLAIMS, FolderStore, write_text
from circlesim.experiments.unit import unit_name
from circlesim.experiments.unit_file import Tables
from circlesim.experiments.work import Receipt, Work, is_finished

if TYPE_CHECKING:
    import pandas as pd

CONSTANTS = "constants.json"

WAIT_SECONDS = 0.5
"""How often a runner looks after units that another runner has claimed."""

Unit = tuple[int, int]
"""Assumption and replication."""


@dataclass(slots=True)
class _Tally:
    """What the units of this call came to."""

    failures: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    ran: int = 0
    ended: int = 0


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
    executor : Executor or None, default: None
        Runs the units; threads of this process where missing.
    """

    def __init__(
        self,
        experiment: Asked,
        folder: Path | None,
        workers: int,
        keep_ledger: bool,
        progress: Progress | None,
        executor: Executor | None = None,
    ) -> None:
        self.experiment, self.folder, self.workers = experiment, folder, workers
        self.keep_ledger, self.progress = keep_ledger, progress
        self.dispatch = Dispatch(executor, workers)
        self._tally = _Tally()
        self._planned = 0
        self._parts: dict[tuple[int, ...], Bench] = {}

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
        self.prepare(resolved=resolved, command=command)
        count = self._default_parameters()
        units = self._planned_units(count)
        self._run(units[count:])
        finished = [name for unit in units if not self._missing(unit) for name in [self._name(unit)]]
        account = Account(
            planned=len(units), done=len(finished), failures=tuple(self._tally.failures),
            seconds=time.perf_counter() - began, ran=self._tally.ran, workers=self.workers,
            unit_seconds=self._tally.seconds / max(self._tally.ran, 1),
        )  # fmt: skip
        outcomes = self._gathered(finished, account, resolved, command)
        self._raise_if_failed()
        return outcomes

    def prepare(self, *, resolved: str = "", command: str = "", plan: bool = True) -> None:
        """
        Compile the experiment and make the run folder ready, without running a unit.

        Parameters
        ----------
        resolved : str, default: ""
            Text of ``experiment.toml``.
        command : str, default: ""
            Command line that asks for this run.
        plan : bool, default: True
            Write down what the folder is to hold; without it, what was written before stands.
        """
        self._tell("compiling the world")
        design = compile_design(self.experiment)  # before anything is written: a policy may not fit the world
        self.store = MemoryStore() if self.folder is None else FolderStore(self.folder, setting(self.experiment))
        self.constants: Constants = self._constants()
        self.whole = Bench(self.experiment, self.constants, design)
        self.design, self.cast = self.whole.design, self.whole.cast
        if self.folder is not None and plan:
            if resolved:
                write_text(self.folder / "experiment.toml", resolved)
            write_plan(self.folder, self.design, self.cast, self.workers, command)

    def share(self, number: int, of: int) -> tuple[Failure, ...]:
        """
        Run every so-manieth unit of the plan, without gathering; units that others have claimed are left to them.

        Parameters
        ----------
        number, of : int
            Which share, from 1, of how many.

        Returns
        -------
        tuple of Failure
            Units of this share that failed.
        """
        rule = self.experiment.replications
        units = self._planned_units(rule.min if isinstance(rule, Precision) else rule)
        self._run(units[number - 1 :: of], patient=False)
        return tuple(self._tally.failures)

    def alone(self, name: str) -> tuple[Failure, ...]:
        """
        Run one unit, in this thread.

        Parameters
        ----------
        name : str
            Its name.

        Returns
        -------
        tuple of Failure
            Empty where it is finished.

        Raises
        ------
        RunError
            If the experiment has no such unit.
        """
        rule = self.experiment.replications
        units = self._planned_units(rule.max if isinstance(rule, Precision) else rule)
        found = [unit for unit in units if self._name(unit) == name]
        if not found:
            fault = Fault(what="the experiment has no such unit", where="--unit", found=name,
                          expected=f"such as {self._name(units[0])}")  # fmt: skip
            raise RunError("nothing was run", [fault])
        self._run(found, patient=False)
        return tuple(self._tally.failures)

    def _constants(self) -> Constants:
        """Constants given, kept in the folder, shipped, or solved now; kept there for whoever comes next."""
        if self.folder is None:
            return self._found(None)
        with locked(self.folder / CLAIMS / ".constants"):
            found = self._found(self.folder)
            if not (self.folder / CONSTANTS).is_file():
                keep_constants(found, self.folder / CONSTANTS)
        return found

    def _found(self, beside: Path | None) -> Constants:
        asked = self.experiment
        return asked.constants or constants_for(
            asked.world, asked.parameters, beside=beside, mechanisms=asked.mechanisms, progress=self._tell
        )

    def _planned_units(self, count: int) -> list[Unit]:
        """Units by assumption, then replication."""
        under = min(DRAW_REPLICATIONS, count)
        drawn = [(a, r) for a in range(1, self.experiment.assumptions + 1) for r in range(under)]
        return [*((0, r) for r in range(count)), *drawn]

    def _default_parameters(self) -> int:
        """Run the replications under the default parameters; return how many there are."""
        rule = self.experiment.replications
        if not isinstance(rule, Precision):
            self._run([(0, r) for r in range(rule)])
            return rule
        done = 0
        while not self._tally.failures and (count := rule.next_count(done, self._compared(done))) > done:
            self._run([(0, r) for r in range(done, count)])
            done = count
        return done

    def _compared(self, done: int) -> pd.DataFrame:
        """Paired differences of the replications so far."""
        return compared(self.design, self._read(self._name((0, r)) for r in range(done)))

    def _read(self, names: Iterable[str]) -> list[Tables]:
        return [self.store.read(name, self.cast) for name in names]

    def _name(self, unit: Unit) -> str:
        return unit_name(*unit, self.experiment.assumptions)

    def _missing(self, unit: Unit) -> tuple[int, ...]:
        """Scenarios of a unit that are to be run; all of them where the ledger is wanted and not there."""
        if self.keep_ledger and isinstance(self.store, FolderStore):
            work = self._work(self.whole, unit[0], (unit[1],))
            return () if is_finished(self.store, self.cast, work, unit[1]) else tuple(range(len(self.cast.names)))
        return self.store.missing(self._name(unit), self.cast)

    def _run(self, units: list[Unit], *, patient: bool = True) -> None:
        """Run the units that are missing, and look after those that other runners have claimed."""
        self._planned += len(units)
        self._tally.ended += len(units)
        waiting = {unit: missing for unit in units if (missing := self._missing(unit))}
        self._tally.ended -= len(waiting)
        self._tell("running")
        while waiting:
            elsewhere = self._round(waiting)
            waiting = {unit: missing for unit in elsewhere if (missing := self._missing(unit))}
            self._tally.ended += len(elsewhere) - len(waiting)
            if not patient:
                return
            if waiting:
                self._tell("waiting for another runner")
                time.sleep(WAIT_SECONDS)

    def _round(self, waiting: Mapping[Unit, tuple[int, ...]]) -> list[Unit]:
        """Run units once; return those that another runner was at."""
        names = {self._name(unit): unit for unit in waiting}
        elsewhere = []
        for receipt in self.dispatch.receipts(self.store, list(self._pieces(waiting))):
            if receipt.elsewhere:
                elsewhere.append(names[receipt.unit])
            else:
                self._enter(receipt)
        return elsewhere

    def _enter(self, receipt: Receipt) -> None:
        """Note what became of a unit, and keep its tables where its worker could not."""
        self._tally.ended += 1
        if receipt.failure is not None:
            self._tally.failures.append(receipt.failure)
            return
        if receipt.tables is not None and receipt.cast is not None:
            self.store.write(receipt.unit, receipt.cast, receipt.tables, receipt.seconds)
        if receipt.seconds:
            self._tally.seconds += receipt.seconds
            self._tally.ran += 1
        self._tell("running")

    def _pieces(self, waiting: Mapping[Unit, tuple[int, ...]]) -> Iterator[tuple[Bench, Work]]:
        """Parcel units out: by draw and by the scenarios that are missing."""
        groups: dict[tuple[int, tuple[int, ...]], list[int]] = {}
        for (assumption, replication), missing in waiting.items():
            groups.setdefault((assumption, missing), []).append(replication)
        for (assumption, missing), replications in groups.items():
            bench = self._bench(missing)
            size = self.dispatch.piece(len(waiting)) if assumption == 0 else DRAW_REPLICATIONS
            for at in range(0, len(replications), size):
                yield bench, self._work(bench, assumption, tuple(replications[at : at + size]))

    def _bench(self, missing: tuple[int, ...]) -> Bench:
        part = part_asked(self.experiment, missing)
        if part is self.experiment:
            return self.whole
        key = tuple(self.cast.names.index(scenario.name) for scenario in part.scenarios)
        if key not in self._parts:
            self._parts[key] = Bench(part, self.constants)
        return self._parts[key]

    def _work(self, bench: Bench, assumption: int, replications: tuple[int, ...]) -> Work:
        return Work(
            asked=bench.asked, constants=self.constants, assumption=assumption, replications=replications,
            folder=self.folder.absolute() if self.folder is not None else None, keep_ledger=self.keep_ledger,
        )  # fmt: skip

    def _gathered(self, finished: list[str], account: Account, resolved: str, command: str) -> Outcomes:
        """Put the units together and write the run folder, one runner at a time."""
        draw = self.whole.default if not self._failed_to_prepare() else None
        body = manifest(self.design, draw, self.constants, account, command)
        self._tell("gathering the tables")
        outcomes = gather(self.design, self._read(finished), body)
        if self.folder is not None:
            with locked(self.folder / CLAIMS / ".gather"):
                outcomes.write(self.folder, resolved)
                write_crate(self.folder)
        return outcomes

    def _failed_to_prepare(self) -> bool:
        return any(each.stage == "prepare" and each.unit.startswith("a000-") for each in self._tally.failures)

    def _tell(self, text: str) -> None:
        if self.progress is not None:
            self.progress(self._tally.ended, self._planned, text)

    def _raise_if_failed(self) -> None:
        faults = [
            Fault(what=f"{each.exception}: {each.message}", where=f"unit {each.unit}, {each.stage}",
                  hint=each.command or "the same command runs the missing units again")
            for each in self._tally.failures
        ]  # fmt: skip
        if faults:
            raise RunError(f"{len(faults)} of {self._planned} units failed; the others are finished", faults)
