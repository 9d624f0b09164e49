"""Run facts: what the manifest says about a run, in one place."""

from __future__ import annotations

from collections.abc import Mapping
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
    months : bool
        Whether operators gave up and began.
    range_command : str
        Command that computes the range over assumptions; empty where unknown.
    range_minutes : float
        How long it takes; nan where unknown.
    failed : int
        Units that failed.
    sources, licences : tuple of str
        What must be named.
    supply : SupplyFact or None
        Where the map of the place misses outlets; None where it does not.
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
    months: bool
    range_command: str
    range_minutes: float
    failed: int
    sources: tuple[str, ...]
    licences: tuple[str, ...]
    supply: SupplyFact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyFact:
    """
    That the map of a place misses outlets, so that no effect is headlined.

    Parameters
    ----------
    share, basic_share : float
        Outlets over those of the mean circle for as many residents: all formats, and the basic ones.
    rule, source : str
        By which rule, from which source.
    """

    share: float
    basic_share: float
    rule: str
    source: str


def supply_fact(manifest: Mapping[str, Any]) -> SupplyFact | None:
    """
    Read from a manifest whether supply is under-mapped.

    Parameters
    ----------
    manifest : mapping
        Contents of ``manifest.json``.

    Returns
    -------
    SupplyFact or None
        None where nothing says so.
    """
    said = manifest.get("world", {}).get("supply", {})
    if not said.get("under_mapped"):
        return None
    return SupplyFact(
        share=float(said.get("share", "nan")), basic_share=float(said.get("basic_share", "nan")),
        rule=str(said.get("rule", "")), source=str(said.get("source", "")),
    )  # fmt: skip


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
    world, forecast = said.get("world", {}), said.get("range_over_assumptions", {})
    days = int(said.get("days", 0))
    return RunFacts(
        question=str(said.get("question", "")),
        world=str(world.get("name", "")),
        title=_in_language(world.get("title", {}), lang),
        synthetic=bool(world.get("synthetic", True)),
        currency=str(world.get("currency", "")),
        residents=int(world.get("residents", 0)),
        outlets=int(world.get("facilities", 0)),
        start=str(said.get("start", "")),
        measure_from=str(said.get("measure_from", "")),
        days=days,
        days_measured=max(int(said.get("days_measured", days)), 1),
        draws=run.draws,
        replications=int(run.comparison["replications"].max()) if len(run.comparison) else 0,
        months="months" in said.get("mechanisms", ()),
        range_command=str(forecast.get("command", "")),
        range_minutes=float(forecast.get("minutes", "nan")),
        failed=int(said.get("units", {}).get("failed", 0)),
        sources=tuple(map(str, world.get("sources", ()))),
        licences=tuple(map(str, world.get("licences", ()))),
        supply=supply_fact(said),
    )


def _in_language(title: Mapping[str, Any], lang: str) -> str:
    return str(title.get(lang) or title.get("en") or "")
