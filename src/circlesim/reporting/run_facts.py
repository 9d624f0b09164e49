"""Run facts: what the manifest says about a run, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from circlesim.reporting.run_folder import RunFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """
    Facts a report prints about a run.

    Parameters
    ----------
    question : str
        The question of the experiment; empty where none was asked.
    world : str
        Name of the world.
    title : str
        Title of the world in the language of the report; empty where it has none.
    synthetic : bool
        False where streets and outlets were observed.
    currency : str
        Major unit of money.
    residents, outlets : int
        Counts; 0 where the manifest does not say.
    start, measure_from : str
        Dates.
    days, days_measured : int
        Days simulated and days counted.
    draws, replications : int
        Draws over assumptions and replications.
    range_command : str
        Command that computes the range over assumptions; empty where unknown.
    range_minutes : float
        How long it takes; nan where unknown.
    failed : int
        Units that failed.
    sources, licences : tuple of str
        What must be named.
    """

    question: str
    world: str
    title: str
    synthetic: bool
    currency: str
    residents: int
    outlets: int
    start: str
    measure_from: str
    days: int
    days_measured: int
    draws: int
    replications: int
    range_command: str
    range_minutes: float
    failed: int
    sources: tuple[str, ...]
    licences: tuple[str, ...]


def run_facts(run: RunFolder, lang: str) -> RunFacts:
    """
    Gather the facts of a run.

    Parameters
    ----------
    run : RunFolder
        The run.
    lang : {"en", "zh"}
        Language of the world's title.

    Returns
    -------
    RunFacts
        From ``manifest.json``.
    """
    said = run.manifest
    days, forecast = int(said.get("days", 0)), said.get("range_over_assumptions") or {}
    return RunFacts(
        question=str(said.get("question", "")),
        world=str(said.get("world", "")),
        title=_in_language(said.get("title", {}), lang),
        synthetic=bool(said.get("synthetic", True)),
        currency=str(said.get("currency", "")),
        residents=int(said.get("residents", 0)),
        outlets=int(said.get("facilities", 0)),
        start=str(said.get("start", "")),
        measure_from=_later(str(said.get("start", "")), int(said.get("measured_from_day", 0))),
        days=days,
        days_measured=max(int(said.get("measured_days", days)), 1),
        draws=run.draws,
        replications=int(run.comparison["replications"].max()) if len(run.comparison) else 0,
        range_command=str(forecast.get("command", "")),
        range_minutes=float(forecast.get("minutes", "nan")),
        failed=int(said.get("units", {}).get("failed", 0)),
        sources=tuple(map(str, said.get("sources", ()))),
        licences=tuple(map(str, said.get("licences", ()))),
    )


def _in_language(title: Mapping[str, Any], lang: str) -> str:
    return str(title.get(lang) or title.get("en") or "")


def _later(start: str, days: int) -> str:
    return (date.fromisoformat(start) + timedelta(days=days)).isoformat() if start else ""
