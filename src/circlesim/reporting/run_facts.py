"""Run facts: what the manifest and the settings say about a run, in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
        From ``manifest.json``, else from ``experiment.toml``.
    """
    said = {**run.settings, **run.manifest}
    world = said.get("world", "")
    about: Mapping[str, Any] = world if isinstance(world, Mapping) else {"name": world}
    days = int(said.get("days") or 28)
    hint = said.get("range_over_assumptions") or {}
    return RunFacts(
        question=str(said.get("question") or ""),
        world=str(about.get("name", "")),
        title=_in_language(about.get("title", ""), lang),
        synthetic=bool(about.get("synthetic", True)),
        currency=str(about.get("currency") or said.get("currency") or "yuan"),
        residents=int(about.get("residents") or 0),
        outlets=int(about.get("facilities") or 0),
        start=str(said.get("start", "")),
        measure_from=str(said.get("measure_from") or said.get("start", "")),
        days=days,
        days_measured=int(said.get("days_measured") or days),
        draws=run.draws,
        replications=_replications(said, run),
        range_command=str(hint.get("command", "")),
        range_minutes=float(hint.get("minutes", "nan")),
        sources=_lines(about.get("sources", ())),
        licences=_lines(about.get("licences", ())),
    )


def _in_language(title: Any, lang: str) -> str:
    return str(title.get(lang) or title.get("en") or "") if isinstance(title, Mapping) else str(title or "")


def _replications(said: Mapping[str, Any], run: RunFolder) -> int:
    if len(run.comparison):
        return int(run.comparison["replications"].max())
    return int(said.get("replications") or 0)


def _lines(values: Any) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(map(str, values)) if isinstance(values, Iterable) else ()
