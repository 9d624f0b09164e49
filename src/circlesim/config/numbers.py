"""Numbers: the parameters an experiment file asks for."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from circlesim.catalog.parameters import (
    ParameterRow,
    Parameters,
    default_parameters,
    parse_group,
    read_parameters,
)
from circlesim.config.keys import path_text
from circlesim.errors import CircleSimError, Fault, did_you_mean

Choice = str | dict[str, str | float]

_SEE = "see: circlesim show parameters"


def chosen_parameters(choice: Choice, folder: Path) -> tuple[Parameters | None, list[Fault]]:
    """
    Read the parameters of an experiment.

    Parameters
    ----------
    choice : str or dict
        ``"default"``, a path to a CSV file, or a table of a `base` and changed values.
    folder : Path
        Folder of the experiment file; paths are read from there.

    Returns
    -------
    tuple
        The parameters, or None where the base cannot be read; and everything wrong.
    """
    changes = dict(choice) if isinstance(choice, dict) else {}
    base = changes.pop("base", "default") if isinstance(choice, dict) else choice
    where = path_text("parameters", "base") if isinstance(choice, dict) else "parameters"
    parameters, faults = _base(str(base), folder, where)
    if parameters is None:
        return None, faults
    faults += [fault for name, value in changes.items() for fault in change_faults(parameters, name, value)]
    if faults:
        return parameters, faults
    return parameters.with_values({name: float(value) for name, value in changes.items()}), []


def _base(base: str, folder: Path, where: str) -> tuple[Parameters | None, list[Fault]]:
    if base == "default":
        return default_parameters(), []
    if "/" not in base and "." not in base:
        return None, [
            Fault(
                what="no parameters have this name",
                where=where,
                found=f"'{base}'",
                expected='"default", or a path to a CSV file (a path contains / or .)',
                hint=did_you_mean(base, ["default"]),
            )
        ]
    path = folder / base
    try:
        return read_parameters(path), []
    except CircleSimError as error:
        return None, list(error.faults) or [Fault(what=error.message, where=where)]
    except (OSError, UnicodeDecodeError, KeyError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a CSV table in UTF-8"
        return None, [
            Fault(
                what="the parameter file cannot be read",
                where=where,
                found=f"{path} ({reason})",
                expected="a CSV file",
                hint="circlesim show parameters --csv writes one to start from",
            )
        ]


def change_faults(parameters: Parameters, text: str, value: str | float) -> Iterator[Fault]:
    """
    Check one changed value.

    Parameters
    ----------
    parameters : Parameters
        The base.
    text : str
        ``"b_walk"`` for every row of that name, ``"b_walk[age=70+]"`` for one.
    value : str or float
        The new value.

    Yields
    ------
    Fault
        An unknown name or group, something that is not a number, or a number outside the range of its row.
    """
    where = path_text("parameters", text)
    name, _, group = text.partition("[")
    rows = [row for row in parameters.rows if row.name == name]
    hits = [row for row in rows if not group or _same_group(row, group)]
    if not rows:
        hint = did_you_mean(name, parameters.names) or _SEE
        yield Fault(what="unknown parameter", where=where, found=f"'{name}'", hint=hint)
    elif not hits:
        groups = [row.group or "(no group)" for row in rows]
        yield Fault(
            what="the parameter has no such group",
            where=where,
            found=f"'[{group}'",
            expected=_few(groups),
            hint=did_you_mean(group.rstrip("]"), groups) or f"see: circlesim show parameters {name}",
        )
    elif isinstance(value, str) or not math.isfinite(value):
        yield Fault(what="not a number", where=where, found=repr(value), expected="a number")
    else:
        yield from _range_faults(hits, value, where)


def _same_group(row: ParameterRow, text: str) -> bool:
    if not text.endswith("]") or not all("=" in part for part in text[:-1].split(";")):
        return False
    return row.key[1] == frozenset(parse_group(text[:-1]).items())


def _range_faults(rows: list[ParameterRow], value: float, where: str) -> Iterator[Fault]:
    """Refuse a value beyond the evidence of its rows; one fault, for the first row it does not fit."""
    row = next((row for row in rows if not row.low <= value <= row.high), None)
    if row is None:
        return
    span = f"{row.low:g} to {row.high:g}" if row.high > row.low else f"{row.value:g}, which is fixed"
    whom = f" for {row.group}" if row.group else ""
    yield Fault(
        what="outside the range of this parameter",
        where=where,
        found=f"{value:g}",
        expected=f"{span}{whom} ({row.unit or 'no unit'})",
        hint="to go beyond the evidence, change value, low and high in a parameter file of your own",
    )


def _few(words: list[str]) -> str:
    return "one of " + ", ".join(words[:12]) + (f" … ({len(words)} groups)" if len(words) > 12 else "")
