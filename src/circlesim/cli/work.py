"""Verb ``work``: a share of the units of a run folder, for queues that know no scheduler."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from circlesim.cli.failure import FAILED
from circlesim.cli.progress import progress
from circlesim.cli.screen import say
from circlesim.errors import ConfigError, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from circlesim.experiments.manifest import Failure
    from circlesim.experiments.runner import Runner

_SHARD = re.compile(r"^([1-9]\d*)/([1-9]\d*)$")


def work(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    shard: Annotated[str, typer.Option(metavar="I/N", help="Run the I-th of N shares.")] = "1/1",
    unit: Annotated[
        str | None, typer.Option(help="Run this unit alone and show what goes wrong.", show_default=False)
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores where missing.", show_default=False)
    ] = None,
) -> None:
    """Run a share of the units of a run folder; `circlesim run` gathers them."""
    from circlesim.config.reading import read_experiment

    number, of = shard_of(shard)
    file = folder / "experiment.toml"
    if not file.is_file():
        fault = Fault(what="the folder does not say what to run", where=str(file),
                      expected="a folder made by `circlesim run FILE --out RUN --prepare`")  # fmt: skip
        raise ConfigError("there is nothing to work on", [fault])
    try:
        with progress() as report:
            runner = read_experiment(file, ()).experiment().runner(folder, workers, progress=report)
            failures = _work(runner, unit, number, of)
    except KeyboardInterrupt:
        say(f"stopped; finished units are kept in {folder}", error=True)
        raise typer.Exit(FAILED) from None
    _tell(failures, folder, alone=unit is not None)


def shard_of(text: str) -> tuple[int, int]:
    """
    Read which share is asked for.

    Parameters
    ----------
    text : str
        Such as ``"2/8"``.

    Returns
    -------
    tuple of int
        Number of the share, from 1, and how many there are.

    Raises
    ------
    ConfigError
        If it is not of that form, or lies beyond the last.
    """
    found = _SHARD.match(text)
    number, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= number <= of:
        fault = Fault(what="not a share", where="--shard", found=text, expected="such as 1/8, 2/8, … 8/8")
        raise ConfigError("there is nothing to work on", [fault])
    return number, of


def _work(runner: Runner, unit: str | None, number: int, of: int) -> Sequence[Failure]:
    # The plan of the folder stays that of the run that made it.
    runner.prepare(plan=False)
    return runner.alone(unit) if unit is not None else runner.share(number, of)


def _tell(failures: Sequence[Failure], folder: Path, *, alone: bool) -> None:
    from circlesim.experiments.status import status_of

    for failure in failures:
        say(f"{failure.unit} failed, {failure.stage}: {failure.exception}: {failure.message}", error=True)
        say(failure.traceback.rstrip() if alone else f"  {failure.command}", error=True)
    status = status_of(folder)
    say(f"{len(status.done)} of {len(status.planned)} units are finished in {folder}")
    if failures:
        raise typer.Exit(FAILED)
