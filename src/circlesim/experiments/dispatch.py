"""Dispatch: pieces of work handed to threads of this process, or to any executor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from circlesim.experiments.bench import Bench
from circlesim.experiments.kept_units import MemoryStore
from circlesim.experiments.store import FolderStore
from circlesim.experiments.work import Receipt, Work, at_work, run_work

PIECES = 8
"""Pieces of work for each worker in another process: fewer send the world less often, more lose less when a worker
is lost and share the load better."""

Piece = tuple[Bench, Work]


@dataclass(frozen=True, slots=True)
class Dispatch:
    """
    Where units are run.

    Parameters
    ----------
    executor : Executor or None
        Any of `concurrent.futures`; threads of this process, over one read-only world, where missing.
    workers : int
        Units at the same time.
    """

    executor: Executor | None
    workers: int

    @property
    def shares_memory(self) -> bool:
        """Whether the workers see the world of this process."""
        return self.executor is None or isinstance(self.executor, ThreadPoolExecutor)

    def piece(self, units: int) -> int:
        """
        Say how many units make a piece of work.

        Parameters
        ----------
        units : int
            Units in all.

        Returns
        -------
        int
            One where the world need not be sent.
        """
        return 1 if self.shares_memory else max(1, units // (PIECES * self.workers))

    def receipts(self, store: MemoryStore, pieces: Sequence[Piece]) -> Iterator[Receipt]:
        """
        Have pieces run.

        Parameters
        ----------
        store : MemoryStore
            Where threads of this process keep the units, if it is a folder.
        pieces : sequence of Piece
            The work.

        Yields
        ------
        Receipt
            One a unit; the first finished is the first told.
        """
        if self.executor is not None:
            yield from self._from(self.executor, store, pieces)
            return
        with ThreadPoolExecutor(min(self.workers, max(len(pieces), 1))) as pool:
            yield from self._from(pool, store, pieces)

    def _from(self, pool: Executor, store: MemoryStore, pieces: Sequence[Piece]) -> Iterator[Receipt]:
        futures = {self._submit(pool, store, bench, work) for bench, work in pieces}
        try:
            while futures:
                done, futures = wait(futures, return_when=FIRST_COMPLETED)
                for future in done:
                    yield from future.result()
        except BaseException:
            for future in futures:
                future.cancel()
            raise

    def _submit(self, pool: Executor, store: MemoryStore, bench: Bench, work: Work) -> Future[list[Receipt]]:
        if not self.shares_memory:
            return pool.submit(run_work, work)
        folder = store if isinstance(store, FolderStore) else None
        return pool.submit(lambda: list(at_work(bench, folder, work)))
