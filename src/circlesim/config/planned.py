"""Planned: a plan as an experiment file that runs it again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from circlesim.config.experiment import ExperimentFile
from circlesim.config.tables import ExperimentTable
from circlesim.config.toml_text import toml_document
from circlesim.planning.planned import PLAN, Planned


def plan_toml(asked: ExperimentFile, planned: Planned, folder: Path) -> str:
    """
    Write the baseline and the whole plan as an experiment.

    Parameters
    ----------
    asked : ExperimentFile
        The file that was planned from.
    planned : Planned
        The plan.
    folder : Path
        Where the text will stand; paths are written to be read from there.

    Returns
    -------
    str
        TOML that runs the plan on the luck on which ``plan.csv`` tells it.
    """
    document, check = asked.document(folder), planned.check
    baseline = check.scenarios[0].name
    kept = _brought(asked.table, baseline)
    scenarios = {name: table for name, table in document["scenarios"].items() if name in kept}
    scenarios[baseline] = {key: value for key, value in scenarios[baseline].items() if key != "baseline"}
    name = free_name(PLAN, (*document["scenarios"], *document.get("policies", {})))
    stacked = [baseline] if scenarios[baseline].get("policies") else []
    own = [{each.policy.name: each.policy.to_dict()} for each in planned.projects]
    scenarios[name] = {"policies": [*stacked, *own], "baseline": baseline}
    policies = {key: table for key, table in document.get("policies", {}).items() if key in kept}
    document |= {
        "scenarios": scenarios, "baseline": baseline, "measures": list(check.measures), "by": list(check.by),
        "measure_from": check.measure_from, "replications": check.replications, "seed": check.seed,
        "assumptions": check.assumptions,
    }  # fmt: skip
    document = {key: value for key, value in document.items() if key not in ("expectations", "laws", "survey")}
    document = {**document, "policies": policies} if policies else _without(document, "policies")
    heading = f"the plan made from {asked.path.name} for {planned.brief.budget_yuan:,.0f}, and its baseline"
    return toml_document(document, heading)


def _without(document: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name != key}


def _brought(table: ExperimentTable, name: str) -> set[str]:
    """A scenario and all it stacks by name; comparisons of those come along."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        each = waiting.pop()
        scenario = table.scenarios.get(each)
        if each not in seen and scenario is not None:
            waiting += [entry for entry in scenario.policies if isinstance(entry, str)]
            waiting += [scenario.baseline] if scenario.baseline else []
        seen.add(each)
    return seen


def free_name(name: str, taken: tuple[str, ...]) -> str:
    """
    Find a name that is not in use.

    Parameters
    ----------
    name : str
        The name wanted.
    taken : tuple of str
        Names in use.

    Returns
    -------
    str
        The name, or the name with the first number that is free.
    """
    names = (name, *(f"{name} {n}" for n in range(2, len(taken) + 3)))
    return next(each for each in names if each not in taken)
