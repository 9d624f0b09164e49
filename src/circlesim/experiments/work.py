"""Work: units handed to a worker, in this process or in another one, on this machine or on another one."""

from __future__ import annotations

import errno
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from circlesim.catalog.constants import Constants
from circlesim.experiments.asked import Asked
from circlesim.experiments.bench import Bench, bench_of
from circlesim.experiments.cast import Cast, setting
from circlesim.experiments.draw import Draw
from circlesim.experiments.ledger_files import LedgerFiles
from circlesim.experiments.manifest import Failure
from circlesim.experiments.store import STAMP, FolderStore
from circlesim.experiments.unit import run_unit, unit_name
from circlesim.experiments.unit_file import Tables

STOPS = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""A full or write-protected disk: no further unit could be written either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """
    Units of one draw that a worker runs one after the other.

    Parameters
    ----------
    asked : Asked
        The experiment, or the scenarios of it that are missing.
    constants : Constants
        Those of the default parameters.
    assumption : int
        Number of the draw; 0 for the default parameters.
    replications : tuple of int
        The units.
    folder : Path or None
        Run folder, where the worker can reach it.
    keep_ledger : bool
        Write every page.
    """

    asked: Asked
    constants: Constants
    assumption: int
    replications: tuple[int, ...]
    folder: Path | None
    keep_ledger: bool = False

    def name(self, replication: int) -> str:
        """
        Name one of the units.

        Parameters
        ----------
        replication : int
            Its replication.

        Returns
        -------
        str
            See `unit.unit_name`.
        """
        return unit_name(self.assumption, replication, self.asked.assumptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """
    What became of one unit.

    Parameters
    ----------
    unit : str
        Its name.
    cast : Cast or None, default: None
        The scenarios in it.
    seconds : float, default: 0.0
        How long it took; 0 where it was not run.
    failure : Failure or None, default: None
        What went wrong.
    tables : mapping or None, default: None
        Its tables, where the worker could not reach the run folder or there is none.
    elsewhere : bool, default: False
        Another runner is at it.
    """

    unit: str
    cast: Cast | None = None
    seconds: float = 0.0
    failure: Failure | None = None
    tables: Tables | None = None
    elsewhere: bool = False


def run_work(work: Work) -> list[Receipt]:
    """
    Run units in a worker of any executor.

    Parameters
    ----------
    work : Work
        What to run; it can be sent to another process.

    Returns
    -------
    list of Receipt
        One a unit.
    """
    bench = bench_of(work.asked, work.constants)
    # On another machine there may be no such folder, or another one of the same name.
    here = work.folder is not None and (work.folder / STAMP).is_file()
    store = FolderStore(work.folder, setting(work.asked)) if work.folder is not None and here else None
    return list(at_work(bench, store, work))


def at_work(bench: Bench, store: FolderStore | None, work: Work) -> Iterator[Receipt]:
    """
    Run units; what fails is noted and does not stop the others.

    Parameters
    ----------
    bench : Bench
        For the experiment.
    store : FolderStore or None
        Where the units are kept; without one their tables are handed back.
    work : Work
        The units.

    Yields
    ------
    Receipt
        One a unit, as it ends.

    Raises
    ------
    OSError
        Where the disk is full: then the others could not be written either.
    """
    draw: Draw | None = None
    for replication in work.replications:
        unit, stage = work.name(replication), "claim"
        try:
            with _claimed(store, unit) as free:
                if not free:
                    yield Receipt(unit=unit, elsewhere=True)
                    continue
                if store is not None and is_finished(store, bench.cast, work, replication):
                    yield Receipt(unit=unit, cast=bench.cast)
                    continue
                stage = "prepare"
                draw = draw or bench.draw(work.assumption)
                stage = "run"
                yield _one(bench, draw, work, replication, store)
        except Exception as error:
            yield _failed(unit, stage, error, store, work)


@contextmanager
def _claimed(store: FolderStore | None, unit: str) -> Iterator[bool]:
    """Claim a unit for as long as it takes; False where another runner is at it."""
    lock = store.claim(unit) if store is not None else None
    try:
        yield store is None or lock is not None
    finally:
        if lock is not None:
            lock.release()


def is_finished(store: FolderStore, wanted: Cast, work: Work, replication: int) -> bool:
    """
    Tell whether a unit is stored, and its ledger too where one is asked for.

    Parameters
    ----------
    store : FolderStore
        Where.
    wanted : Cast
        The scenarios asked for.
    work : Work
        What is asked for.
    replication : int
        Which unit.

    Returns
    -------
    bool
        False where any part is missing.
    """
    unit = work.name(replication)
    if work.keep_ledger and work.assumption == 0:
        last = len(wanted.names) - 1
        if not (store.run / "ledger" / f"{last:02d}-{unit}.parquet").is_file():
            return False
    return not store.missing(unit, wanted)


class _StoreError(Exception):
    """A unit was run and could not be written."""


def _one(bench: Bench, draw: Draw, work: Work, replication: int, store: FolderStore | None) -> Receipt:
    """Run and store one unit."""
    began, unit = time.perf_counter(), work.name(replication)
    wanted = work.keep_ledger and store is not None and draw.index == 0
    kept = LedgerFiles(bench.design, store.run / "ledger", unit) if wanted and store else None
    tables = run_unit(bench.design, draw, replication, kept.keep if kept else None)
    seconds = time.perf_counter() - began
    if store is None:
        return Receipt(unit=unit, cast=bench.cast, seconds=seconds, tables=tables)
    try:
        if kept:
            kept.write()
        store.write(unit, bench.cast, tables, seconds)
    except Exception as error:
        raise _StoreError from error
    return Receipt(unit=unit, cast=bench.cast, seconds=seconds)


def _failed(unit: str, stage: str, raised: Exception, store: FolderStore | None, work: Work) -> Receipt:
    """Note what went wrong, for the manifest and beside the units."""
    error = raised.__cause__ if isinstance(raised, _StoreError) and raised.__cause__ else raised
    if isinstance(error, OSError) and error.errno in STOPS:
        raise error
    failure = Failure(
        unit=unit, stage="store" if isinstance(raised, _StoreError) else stage, exception=type(error).__name__,
        message=str(error), traceback="".join(traceback.format_exception(error)),
        command=f"circlesim work {work.folder} --unit {unit}" if work.folder else "",
    )  # fmt: skip
    if store is not None:
        store.note_failure(unit, failure.to_dict())
    return Receipt(unit=unit, failure=failure)
