"""Progress: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from circlesim.cli.screen import say, screen

Report = Callable[[int, int, str], None]
"""Called with units done, units in all, and what is going on."""

LINE_SECONDS = 10.0
"""Least time between two plain lines."""


@contextmanager
def progress() -> Iterator[Report]:
    """
    Show how far long work has come, on standard error.

    Yields
    ------
    callable
        To be called as ``report(done, total, text)``.
    """
    console = screen(error=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("preparing", total=None)

        def report(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total or None, description=text)

        yield report


def _lines() -> Report:
    """Print a line when a stage begins, when it ends, and otherwise every `LINE_SECONDS`."""
    told: tuple[str, int] = ("", 0)
    at = -LINE_SECONDS

    def report(done: int, total: int, text: str) -> None:
        nonlocal told, at
        now, stage = time.monotonic(), text.partition(":")[0]
        ended = 0 < total == done and told != (stage, done)
        if stage != told[0] or ended or now - at >= LINE_SECONDS:
            told, at = (stage, done), now
            say(f"{text}: {done}/{total}" if total else text, error=True)

    return report
