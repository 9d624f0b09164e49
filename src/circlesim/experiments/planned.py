"""Planned: what a run folder is to hold, written down before the first unit is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from circlesim.errors import Fault, RunError
from circlesim.experiments.assumptions import DRAW_REPLICATIONS
from circlesim.experiments.cast import Cast, cast_from
from circlesim.experiments.design import Design
from circlesim.experiments.economy import hands_out_money
from circlesim.experiments.evidence import evidence_grade
from circlesim.experiments.precision import Precision
from circlesim.experiments.store import write_json
from circlesim.experiments.unit import unit_name

PLAN = "plan.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """
    The plan of a run folder.

    Parameters
    ----------
    cast : Cast
        Scenarios and roster.
    baselines : dict of str to str
        Scenario to the scenario it is compared with.
    grades : dict of str to str
        Measure to evidence grade.
    replications, most : int
        Replications for certain, and at most where a stopping rule decides.
    assumptions : int
        Draws.
    workers : int
        Units at the same time, of the runner that wrote the plan.
    command : str
        Command line that asks for the run.
    """

    cast: Cast
    baselines: dict[str, str]
    grades: dict[str, str]
    replications: int
    most: int
    assumptions: int
    workers: int
    command: str

    def units(self, replications: int | None = None) -> list[str]:
        """
        Name the units.

        Parameters
        ----------
        replications : int, optional
            Replications under the default parameters; those for certain where missing.

        Returns
        -------
        list of str
            By assumption, then replication.
        """
        count = self.replications if replications is None else replications
        under = range(min(DRAW_REPLICATIONS, count))
        drawn = [unit_name(a, r, self.assumptions) for a in range(1, self.assumptions + 1) for r in under]
        return [*(unit_name(0, r) for r in range(count)), *drawn]


def write_plan(folder: Path, design: Design, cast: Cast, workers: int, command: str) -> None:
    """
    Write the plan of a run.

    Parameters
    ----------
    folder : Path
        Run folder.
    design : Design
        The experiment, compiled.
    cast : Cast
        Its scenarios.
    workers : int
        Units at the same time.
    command : str
        Command line that asks for the run.
    """
    asked = design.experiment
    rule = asked.replications
    plan = Planned(
        cast=cast, baselines=asked.baselines, grades=grades_of(design), assumptions=asked.assumptions,
        replications=rule.min if isinstance(rule, Precision) else rule,
        most=rule.max if isinstance(rule, Precision) else rule, workers=workers, command=command,
    )  # fmt: skip
    write_json(folder / PLAN, {**asdict(plan), "cast": cast.to_dict()})


def grades_of(design: Design) -> dict[str, str]:
    """
    Grade the measures of an experiment.

    Parameters
    ----------
    design : Design
        The experiment, compiled.

    Returns
    -------
    dict of str to str
        Measure to evidence grade.
    """
    asked = design.experiment
    pays = hands_out_money(asked.world, design.policies)
    return {m.name: evidence_grade(m, asked.world, asked.parameters, pays=pays) for m in design.measures}


def read_plan(folder: Path) -> Planned:
    """
    Read the plan of a run folder.

    Parameters
    ----------
    folder : Path
        Run folder.

    Returns
    -------
    Planned
        What it is to hold.

    Raises
    ------
    RunError
        If the folder has no plan, or none that can be read.
    """
    try:
        body: Mapping[str, Any] = json.loads((folder / PLAN).read_text("utf-8"))
        rest = {name: body[name] for name in Planned.__dataclass_fields__ if name != "cast"}
        return Planned(cast=cast_from(body["cast"]), **rest)
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = "no such file" if isinstance(error, FileNotFoundError) else str(error)
        fault = Fault(what="the folder has no plan of a run", where=str(folder / PLAN), found=found,
                      expected="a folder that `circlesim run FILE --out DIR` has begun")  # fmt: skip
        raise RunError("no run has been begun here", [fault]) from error
