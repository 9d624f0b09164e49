"""Outlook: what a run will take, and how far it has come."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.cli.progress import progress
from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    from circlesim.config.experiment import ExperimentFile
    from circlesim.experiments.forecast import Forecast
    from circlesim.experiments.status import Status

MOST_FAILURES = 10
"""Failed units named on the screen; all are in the folder."""


def print_status(folder: Path) -> None:
    """
    Say how far a run has come.

    Parameters
    ----------
    folder : Path
        Run folder.
    """
    from circlesim.experiments.status import status_of

    status = status_of(folder)
    counts = {name: len(getattr(status, name)) for name in ("planned", "done", "failed", "in_flight", "missing")}
    say(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()) + f"  ({folder})")
    if len(status.planned) < status.replications_at_most:
        say(f"A stopping rule may ask for more: up to {status.replications_at_most} replications.")
    say(_left(status))
    for note in status.failures[:MOST_FAILURES]:
        say(f"  {note.get('unit')} failed, {note.get('stage')}: {note.get('exception')}: {note.get('message')}")
        say(f"    {note.get('command')}")


def _left(status: Status) -> str:
    if status.finished:
        return "Every unit is finished; `circlesim run` gathers the tables where that has not been done."
    if not math.isfinite(status.minutes_left):
        return "No unit is finished yet, so nobody can say how long it will take."
    return f"{minutes(status.minutes_left)} left, at {status.unit_seconds:.1f} seconds a unit."


def minutes(count: float) -> str:
    """
    Write a length of time.

    Parameters
    ----------
    count : float
        Minutes.

    Returns
    -------
    str
        In minutes, or hours where there are many.
    """
    if count >= 90:
        return f"about {count / 60:.1f} hours"
    return "less than a minute" if count < 1 else f"about {round(count)} minute{'s' if round(count) > 1 else ''}"


def print_forecast(asked: ExperimentFile, pilot: int, workers: int | None) -> None:
    """
    Say what a run will take.

    Parameters
    ----------
    asked : ExperimentFile
        The experiment.
    pilot : int
        Replications of the pilot; 0 for none.
    workers : int or None
        Units at the same time.
    """
    with progress() as report:
        forecast = asked.experiment().forecast(pilot=pilot, workers=workers, progress=report)
    for line in forecast_lines(forecast):
        say(line)
    rows = [
        [row.scenario, row.measure, f"{row.sd:.3g}", f"{row.half_width:.3g}",
         "–" if math.isnan(row.wanted) else f"{row.wanted:.3g}", "–" if row.needed is None else str(row.needed)]
        for row in forecast.needs
    ]  # fmt: skip
    if rows:
        say()
        headings = ["scenario", "measure", "sd of difference", "half-width", "wanted", "replications"]
        tabulate(headings, rows, right=range(2, 6))


def forecast_lines(forecast: Forecast) -> list[str]:
    """
    Put a forecast into sentences.

    Parameters
    ----------
    forecast : Forecast
        The forecast.

    Returns
    -------
    list of str
        One a line.
    """
    lines = [
        f"{forecast.units} units: {forecast.replications} replications of {forecast.scenarios} scenarios"
        + (f", and {forecast.draws} draws of assumptions, solved again each" if forecast.draws else "")
    ]
    if forecast.pilot == 0:
        return [*lines, "Without a pilot nobody can say how long it will take; --pilot 4 runs four replications."]
    return [
        *lines,
        f"{minutes(forecast.minutes)} with {forecast.workers} workers, {forecast.unit_seconds:.2f} seconds a unit"
        f" (a pilot of {forecast.pilot}; nothing of it was written)",
        f"about {forecast.megabytes:.1f} MB on the disk",
    ]


def prepare_folder(asked: ExperimentFile, folder: Path, workers: int | None, command: str) -> None:
    """
    Make a run folder ready for workers that know nothing of each other.

    Parameters
    ----------
    asked : ExperimentFile
        The experiment.
    folder : Path
        Run folder.
    workers : int or None
        Units at the same time.
    command : str
        Command line that asks for the run.
    """
    from circlesim.experiments.planned import read_plan

    with progress() as report:
        runner = asked.experiment().runner(folder, workers, progress=report)
        runner.prepare(resolved=asked.toml(folder), command=command)
    say(f"{len(read_plan(folder).units())} units are planned in {folder}; share them out with")
    say(f"  circlesim work {shlex.quote(str(folder))} --shard 1/2")
    say(f"and gather them with\n  {command}")
