"""Status: how far a run folder has come, read from the folder alone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.experiments.kept_units import FolderReader
from circlesim.experiments.locks import is_held
from circlesim.experiments.planned import Planned, read_plan
from circlesim.experiments.store import CLAIMS, FAILED
from circlesim.experiments.unit_file import UnitFile

if TYPE_CHECKING:
    from circlesim.experiments.outcomes import Outcomes

_LOOKED_AT = 50
"""Finished units whose seconds the forecast is made from, the newest ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """
    How far a run has come.

    Parameters
    ----------
    planned : tuple of str
        Units that are to be there; under a stopping rule those of the first look, or as many as there are.
    done, failed, in_flight, missing : tuple of str
        Of these units: finished, failed and not finished since, claimed by a living runner, and the rest.
    replications_at_most : int
        Where a stopping rule may end.
    unit_seconds : float
        Mean seconds of the newest finished units; nan where there is none.
    minutes_left : float
        At that pace and the runners now at work, or those of the plan where nobody is; nan where nothing is known.
    failures : tuple of dict
        Notes on the failed units: stage, exception, message, traceback, command.
    """

    planned: tuple[str, ...]
    done: tuple[str, ...]
    failed: tuple[str, ...]
    in_flight: tuple[str, ...]
    missing: tuple[str, ...]
    replications_at_most: int
    unit_seconds: float
    minutes_left: float
    failures: tuple[dict[str, Any], ...]

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do for certain."""
        return len(self.done) == len(self.planned)


def status_of(folder: Path) -> Status:
    """
    Look how far a run has come; nothing is run and nothing written.

    Parameters
    ----------
    folder : Path
        Run folder.

    Returns
    -------
    Status
        As it stands now.

    Raises
    ------
    RunError
        If no run has been begun there.
    """
    plan = read_plan(folder)
    reader = FolderReader(folder)
    names = planned_units(plan, reader)
    done = {name for name in names if reader.holds(name, plan.cast)}
    flying = {name for name in names if name not in done and is_held(folder / CLAIMS / name)}
    notes = {name: _note(folder / FAILED / f"{name}.json") for name in names if name not in done | flying}
    failed = {name for name, note in notes.items() if note}
    rest = [name for name in names if name not in done | flying | failed]
    seconds = _pace(reader.newest(_LOOKED_AT))
    left = (len(names) - len(done)) * seconds / max(len(flying) or plan.workers, 1) / 60
    return Status(
        planned=tuple(names), done=_in_order(names, done), failed=_in_order(names, failed),
        in_flight=_in_order(names, flying), missing=tuple(rest), replications_at_most=plan.most,
        unit_seconds=seconds, minutes_left=left if len(done) < len(names) else 0.0,
        failures=tuple(notes[name] for name in names if name in failed),
    )  # fmt: skip


def planned_units(plan: Planned, reader: FolderReader) -> list[str]:
    """
    Name the units of a plan; under a stopping rule, as many as it has come to.

    Parameters
    ----------
    plan : Planned
        The plan.
    reader : FolderReader
        What is there.

    Returns
    -------
    list of str
        By assumption, then replication.
    """
    there = [name for name in plan.units(plan.most) if name.startswith("a000-") and reader.holds(name, plan.cast)]
    last = max((int(name.rpartition("r")[2]) + 1 for name in there), default=0)
    return plan.units(max(plan.replications, last))


def unfinished_outcomes(folder: Path) -> Outcomes:
    """
    Read what an unfinished run has found so far.

    Parameters
    ----------
    folder : Path
        Run folder.

    Returns
    -------
    Outcomes
        The tall table of the finished units, with no other tables; its manifest says how many units it rests on.

    Raises
    ------
    RunError
        If no run has been begun there.
    """
    from circlesim.experiments.gathering import stacked_outcomes
    from circlesim.experiments.outcomes import Outcomes

    plan, reader = read_plan(folder), FolderReader(folder)
    names = planned_units(plan, reader)
    done = [name for name in names if reader.holds(name, plan.cast)]
    frame = stacked_outcomes(reader.read(name, plan.cast) for name in done)
    body = {
        "baselines": plan.baselines, "assumptions": plan.assumptions, "command": plan.command,
        "units": {"planned": len(names), "done": len(done), "failed": len(list((folder / FAILED).glob("*.json")))},
    }  # fmt: skip
    return Outcomes(outcomes=frame, tables={}, manifest=body, grades=plan.grades)


def _in_order(names: Sequence[str], some: set[str]) -> tuple[str, ...]:
    return tuple(name for name in names if name in some)


def _note(path: Path) -> dict[str, Any]:
    """What was noted on a failed unit; empty where nothing was, or only half."""
    try:
        note = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return note if isinstance(note, dict) else {}


def _pace(files: Sequence[UnitFile]) -> float:
    """Mean seconds of some units; nan without any."""
    seconds = [float(file.contents.get("seconds") or 0.0) for file in files]
    return sum(seconds) / len(seconds) if seconds else float("nan")
