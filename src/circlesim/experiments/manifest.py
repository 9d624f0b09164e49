"""Manifest: what was run, from which inputs, by which versions, and what became of it."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from importlib import metadata
from typing import Any

from circlesim.catalog.formats import FormatRow
from circlesim.compiled import source_digest
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.assumptions import DRAW_REPLICATIONS, fixed_with_the_world
from circlesim.experiments.design import Design
from circlesim.experiments.digest import constants_digest, policies_digest, world_digest
from circlesim.experiments.draw import Draw
from circlesim.experiments.precision import Precision
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.touched import missing_mechanism, outlets_touched
from circlesim.measures.grouping import NEED_DIMENSIONS, SMALLEST_GROUP
from circlesim.policies.policy import Policy
from circlesim.world.supply import supply_of

FORECAST_DRAWS = 50
"""Draws the forecast is made for: the 5 % and 95 % points then lie between the second and third from the end."""

_PACKAGES = ("circlesim", "numpy", "pandas", "scipy", "numba", "networkx", "pyarrow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """
    A unit that failed.

    Parameters
    ----------
    unit : str
        Name of the unit.
    stage : str
        What was being done: ``"claim"``, ``"prepare"``, ``"run"`` or ``"store"``.
    exception, message, traceback : str
        What went wrong.
    command : str, default: ""
        Command that runs this unit again, alone; empty where there is no run folder.
    """

    unit: str
    stage: str
    exception: str
    message: str
    traceback: str
    command: str = ""

    def to_dict(self) -> dict[str, str]:
        """
        Write it down.

        Returns
        -------
        dict of str to str
            For JSON.
        """
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    What a run came to.

    Parameters
    ----------
    planned, done : int
        Units of the plan, and those finished, earlier ones included.
    failures : tuple of Failure
        The rest.
    seconds : float
        Wall time of this call.
    ran : int
        Units run in this call.
    workers : int
        Units at the same time.
    unit_seconds : float
        Mean seconds a unit took one worker.
    """

    planned: int
    done: int
    failures: tuple[Failure, ...]
    seconds: float
    ran: int
    workers: int
    unit_seconds: float


def manifest(design: Design, draw: Draw | None, constants: Any, account: Account, command: str) -> dict[str, Any]:
    """
    Write a run down.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    draw : Draw or None
        The default parameters, prepared; None where that failed.
    constants : Constants
        Those of the default parameters.
    account : Account
        What the run came to.
    command : str
        Command line that asks for this run.

    Returns
    -------
    dict of str to object
        For ``manifest.json``.
    """
    asked = design.experiment
    replications = asked.replications
    body: dict[str, Any] = {
        "question": asked.question,
        "world": {
            "name": asked.world.name,
            "title": asked.world.title,
            "synthetic": asked.world.synthetic,
            "currency": asked.world.currency,
            "residents": len(asked.world.population),
            "facilities": len(asked.world.facilities),
            "sources": list(asked.world.sources),
            "licences": list(asked.world.licences),
            "supply": supply_of(asked.world).facts(),
        },
        "scenarios": list(design.names),
        "baselines": asked.baselines,
        "policies": {scenario.name: _policies(scenario, chosen, asked.mechanisms) for scenario, chosen in
                     zip(asked.scenarios, design.policies, strict=True)},
        "mechanisms": [each.name for each in fields(Mechanisms) if getattr(asked.mechanisms, each.name)],
        "measures": [measure.name for measure in design.measures],
        "by": list(asked.by),
        "start": asked.start.isoformat(),
        "days": asked.days,
        "warmup_days": asked.warmup_days,
        "measure_from": (asked.start + timedelta(days=asked.first_measured_day)).isoformat(),
        "days_measured": len(design.measured),
        "seed": asked.seed,
        "replications": asdict(replications) if isinstance(replications, Precision) else replications,
        "assumptions": asked.assumptions,
        "replications_per_draw": min(DRAW_REPLICATIONS, _fewest(replications)),
        "assumed": list(asked.parameters.assumed()),
        "assumed_but_fixed_with_the_world": list(fixed_with_the_world(asked.world, asked.parameters)),
        "suppressed_groups": suppressed(design),
        "digests": {
            "run": design.digest,
            "world": world_digest(asked.world),
            "parameters": asked.parameters.digest,
            "constants": constants_digest(constants) if constants is not None else "",
            "policies": {name: policies_digest(p) for name, p in zip(design.names, design.policies, strict=True)},
            "rules": source_digest(),
        },
        "constants_solved_on": constants.solved_on if constants is not None else "",
        "versions": versions(),
        "platform": platform.platform(),
        "units": {"planned": account.planned, "done": account.done, "failed": len(account.failures)},
        "failures": [failure.to_dict() for failure in account.failures],
        "seconds": round(account.seconds, 3),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "workers": account.workers,
        "command": command,
    }  # fmt: skip
    if asked.assumptions == 0:
        body["range_over_assumptions"] = forecast(design, account, command)
    if asked.world.formats.own:
        body["formats"] = [format_words(row) for row in asked.world.formats.own]
        body["digests"]["formats"] = asked.world.formats.digest
    if asked.survey is not None:
        body["survey"] = asdict(asked.survey)
    if draw is not None:
        body["minute_value"] = draw.minute_value
    return body


def format_words(row: FormatRow) -> dict[str, str]:
    """
    Say what a format is that the catalogue does not have.

    Parameters
    ----------
    row : FormatRow
        The format.

    Returns
    -------
    dict of str to str
        Id, names, class, source and grade: what a report needs to speak of it.
    """
    return {"format": row.format, "zh": row.zh, "en": row.en, "class": row.format_class, "source": row.source,
            "grade": row.grade}  # fmt: skip


def _fewest(replications: int | Precision) -> int:
    """Replications every run has."""
    return replications.min if isinstance(replications, Precision) else replications


def _policies(scenario: Scenario, policies: Sequence[Policy], mechanisms: Mechanisms) -> list[dict[str, Any]]:
    """Resolved policies as tables, each with its name, the outlets it adds or changes, and what it lacks."""
    counts = outlets_touched(scenario, policies)
    return [{"policy": policy.name, "outlets_touched": count,
             "without_mechanism": missing_mechanism(policy, mechanisms), **policy.to_dict()}
            for policy, count in zip(policies, counts, strict=True)]  # fmt: skip


def suppressed(design: Design) -> list[dict[str, Any]]:
    """
    List the groups that are too small to stand in a file.

    Parameters
    ----------
    design : Design
        The groupings.

    Returns
    -------
    list of dict
        Dimension and number of groups left out, without their names or sizes.
    """
    rows = []
    for by, grouping in design.groupings.items():
        if by and by not in NEED_DIMENSIONS:
            count = grouping.count()
            small = int(((count > 0) & (count < SMALLEST_GROUP)).sum())
            if small:
                rows.append({"by": by, "groups": small})
    return rows


def forecast(design: Design, account: Account, command: str) -> dict[str, Any]:
    """
    Say which command gives the range over assumptions, and how long it takes.

    Parameters
    ----------
    design : Design
        The experiment.
    account : Account
        For the seconds a unit takes.
    command : str
        Command line of this run.

    Returns
    -------
    dict of str to object
        Draws, command, and minutes; the units of this run are used again and are not counted.
    """
    asked = design.experiment
    units = FORECAST_DRAWS * min(DRAW_REPLICATIONS, _fewest(asked.replications))
    # Solving the constants again simulates about as many baseline days as two units of two scenarios.
    days = asked.days + asked.warmup_days
    solving = FORECAST_DRAWS * SOLVING_DAYS / max(days * len(design.names), 1)
    seconds = (units + solving) * account.unit_seconds / max(account.workers, 1)
    text = (
        f"{command} --set assumptions={FORECAST_DRAWS}"
        if command
        else f"Experiment(..., assumptions={FORECAST_DRAWS})"
    )
    return {"assumptions": FORECAST_DRAWS, "command": text, "minutes": round(seconds / 60, 1)}


SOLVING_DAYS = 100.0
"""Baseline days simulated to solve the constants of one draw: eight steps of ten days, and the thresholds."""


def versions() -> dict[str, str]:
    """
    List the versions that decide a number.

    Returns
    -------
    dict of str to str
        Package to version, Python included.
    """
    found = {"python": sys.version.split()[0]}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found
