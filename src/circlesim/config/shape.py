"""Shape: a TOML document checked against frozen dataclasses, every fault with its key path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import fields, replace
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, to_json

from circlesim.config.keys import Step, path_text
from circlesim.config.tables import (
    ClaimTable,
    ExperimentTable,
    FactorialTable,
    LawTable,
    PrecisionTable,
    ScenarioTable,
    SideTable,
    SurveyTable,
    WorldTable,
)
from circlesim.config.toml_text import toml_value
from circlesim.errors import Fault, did_you_mean

_SHOWN = 60
"""Longest piece of a file a message repeats."""

_WHAT = {
    "missing": "missing",
    "greater_than_equal": "too small",
    "greater_than": "too small",
    "less_than_equal": "too large",
    "too_short": "empty",
    "finite_number": "not a finite number",
}


def shaped(document: Mapping[str, Any]) -> tuple[ExperimentTable, list[Fault]]:
    """
    Check an experiment document and make it typed.

    Parameters
    ----------
    document : mapping of str to object
        As read from TOML.

    Returns
    -------
    tuple
        The table, and every fault of shape. What is faulty stands at its default in the table, so that the
        rest of the file can be checked in the same go; a table with faults must not be run.
    """
    faults = [*unknown_keys(document)]
    try:
        return _typed(document), faults
    except ValidationError as error:
        found = _places(document, error.errors(include_url=False))
    faults += _shape_faults(document, found)
    return _typed(_without(document, found)), faults


def _typed(document: Mapping[str, Any]) -> ExperimentTable:
    """Read through JSON, where strictness still takes a list for a tuple; policies keep their TOML values."""
    table = TypeAdapter(ExperimentTable).validate_json(to_json(document, inf_nan_mode="constants"), strict=True)
    scenarios = {
        name: replace(each, policies=tuple(document["scenarios"][name].get("policies", ())))
        for name, each in table.scenarios.items()
    }
    return replace(table, scenarios=scenarios, policies=document.get("policies", {}))


def _without(document: Mapping[str, Any], found: Iterable[tuple[Step, ...]]) -> dict[str, Any]:
    kept = deepcopy(dict(document))
    for steps in found:
        if len(steps) > 1 and steps[0] in ("scenarios", "policies"):
            group = kept[steps[0]]
            if len(steps) > 2 and steps[0] == "scenarios":
                group[steps[1]].pop(steps[2], None)
            else:
                group[steps[1]] = {}
        elif len(steps) == 2 and steps[0] in ("world", "mechanisms") and steps[1] in kept[steps[0]]:
            kept[steps[0]].pop(steps[1])
        else:
            kept.pop(str(steps[0]), None)
    return {"world": "", "scenarios": {"": {}}} | kept


def unknown_keys(document: Mapping[str, Any]) -> Iterator[Fault]:
    """
    Find keys an experiment file does not have.

    Parameters
    ----------
    document : mapping of str to object
        As read from TOML.

    Yields
    ------
    Fault
        One a key, with a suggestion.
    """
    yield from _unknown(document, ExperimentTable, ())
    yield from _unknown(document.get("replications"), PrecisionTable, ("replications",))
    yield from _unknown(document.get("world"), WorldTable, ("world",))
    yield from _unknown(document.get("survey"), SurveyTable, ("survey",))
    yield from _unknown(document.get("factorial"), FactorialTable, ("factorial",))
    scenarios = document.get("scenarios")
    for name, table in scenarios.items() if isinstance(scenarios, Mapping) else ():
        yield from _unknown(table, ScenarioTable, ("scenarios", name))
    for key, shape in (("expectations", ClaimTable), ("laws", LawTable)):
        claims = document.get(key)
        for position, table in enumerate(claims if isinstance(claims, list) else ()):
            yield from _unknown(table, shape, (key, position))
            for side in ("higher", "lower"):
                inside = table.get(side) if isinstance(table, Mapping) else None
                yield from _unknown(inside, SideTable, (key, position, side))


def _unknown(table: Any, shape: type, above: tuple[Step, ...]) -> Iterator[Fault]:
    known = [each.name for each in fields(shape)]
    for key in table if isinstance(table, Mapping) else ():
        if key in known:
            continue
        hint = did_you_mean(key, known) or "known are " + ", ".join(known)
        if above and key in (each.name for each in fields(ExperimentTable)):
            hint = f"'{key}' belongs at the top of the file, above the first [table]"
        yield Fault(what="unknown key", where=path_text(*above, key), found=f"'{key}'", hint=hint)


def _places(document: Mapping[str, Any], errors: list[ErrorDetails]) -> dict[tuple[Step, ...], ErrorDetails]:
    """Merge what pydantic found: one fault a place, the deepest where branches of a union differ."""
    found: dict[tuple[Step, ...], ErrorDetails] = {}
    for error in errors:
        found.setdefault(_steps(document, error), error)
    return {
        steps: error
        for steps, error in found.items()
        if not any(len(other) > len(steps) and other[: len(steps)] == steps for other in found)
    }


def _shape_faults(document: Mapping[str, Any], found: Mapping[tuple[Step, ...], ErrorDetails]) -> Iterator[Fault]:
    for steps, error in found.items():
        missing = error["type"] == "missing"
        most = f", at most {error['ctx']['le']}" if error["type"] == "less_than_equal" else ""
        yield Fault(
            what=_WHAT.get(error["type"], "wrong kind of value"),
            where=path_text(*steps),
            found="" if missing else shown(_at(document, steps)),
            expected=expected(steps) + most,
        )


def _steps(document: Any, error: ErrorDetails) -> tuple[Step, ...]:
    """Keep the steps that exist in the file; the others name branches of a union."""
    steps: list[Step] = []
    for step in error["loc"]:
        inside = (isinstance(document, Mapping) and step in document) or (
            isinstance(document, list) and isinstance(step, int) and step < len(document)
        )
        if inside:
            steps.append(step)
            document = document[step]
    if error["type"] == "missing" and isinstance(document, Mapping):
        steps.append(error["loc"][-1])
    return tuple(steps)


def _at(document: Any, steps: tuple[Step, ...]) -> Any:
    for step in steps:
        document = document[step]
    return document


def shown(value: Any) -> str:
    """
    Repeat a piece of a file in a message.

    Parameters
    ----------
    value : object
        As read from TOML.

    Returns
    -------
    str
        TOML on one line, shortened.
    """
    text = toml_value(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def expected(steps: tuple[Step, ...]) -> str:
    """
    Say what a place of an experiment file may hold.

    Parameters
    ----------
    steps : tuple
        The path.

    Returns
    -------
    str
        A phrase; empty where none is known.
    """
    shape: type = ExperimentTable
    match steps:
        case ("scenarios", _):
            return "a table of `policies`, `baseline` and `surface`"
        case ("scenarios", _, "policies", _, *_):
            return "one policy such as {keep_cash = {}}, or a name in quotes"
        case ("scenarios", _, key, *_):
            shape = ScenarioTable
        case ("policies", _, *_):
            return "one policy such as keep_cash = {}"
        case ("mechanisms", _):
            return "true or false"
        case ("parameters", _):
            return "a number"
        case ("replications", "half_width", _):
            return "a number above 0"
        case ("replications", key):
            shape = PrecisionTable
        case ("world", key):
            shape = WorldTable
        case ("survey", key):
            shape = SurveyTable
        case ("factorial", key):
            shape = FactorialTable
        case ("expectations" | "laws", _, "higher" | "lower", key):
            shape = SideTable
        case ("expectations" | "laws", _, key, *_):
            shape = LawTable
        case (key, *_):
            pass
        case _:
            return ""
    return next((str(each.metadata["expected"]) for each in fields(shape) if each.name == key), "")
