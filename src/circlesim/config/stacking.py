"""Stacking: policies that scenarios bring along by name, checked before anything is built."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.surfaces import SURFACES
from circlesim.config.keys import Step, path_text
from circlesim.config.shape import shown
from circlesim.config.tables import ExperimentTable, PolicyTable
from circlesim.errors import Fault, PolicyError, did_you_mean
from circlesim.policies import registered_policies
from circlesim.policies.kinds import coerced, type_faults
from circlesim.policies.policy import Policy, field_table
from circlesim.policies.rules import format_faults

Place = tuple[Step, ...]


@cache
def known_policies() -> dict[str, type[Policy]]:
    """
    List the policies a file may name, those of other packages included.

    Returns
    -------
    dict of str to type of Policy
        Looked up once a process.
    """
    return registered_policies()


def policy_places(table: ExperimentTable) -> Iterator[tuple[Place, PolicyTable]]:
    """
    List every policy written out in an experiment file.

    Parameters
    ----------
    table : ExperimentTable
        The file.

    Yields
    ------
    tuple
        Path of the table that holds the policy, and the table.
    """
    for name, each in table.policies.items():
        yield ("policies", name), each
    for name, scenario in table.scenarios.items():
        for position, entry in enumerate(scenario.policies):
            if not isinstance(entry, str):
                yield ("scenarios", name, "policies", position), entry


def read_policy(
    place: Place, table: Mapping[str, Any], formats: Formats = CATALOGUE
) -> tuple[Policy | None, list[Fault]]:
    """
    Read one policy.

    Parameters
    ----------
    place : tuple
        Path of the table.
    table : mapping of str to object
        Name of the policy to a table of its fields.
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    tuple
        The policy, or None; and everything wrong with it.
    """
    if len(table) != 1:
        return None, [
            Fault(
                what="not exactly one policy",
                where=path_text(*place),
                found=shown(table),
                expected="one policy such as {keep_cash = {}}; a list holds several",
            )
        ]
    ((name, fields),) = table.items()
    known = known_policies()
    if name not in known:
        return None, [
            Fault(
                what="unknown policy",
                where=path_text(*place, name),
                found=f"'{name}'",
                expected="one of " + ", ".join(known),
                hint=did_you_mean(name, known) or "see: circlesim show policies",
            )
        ]
    policy: Policy | None = None
    try:
        policy = known[name].from_dict(fields)
        found = [*policy.format_faults(formats)]
    except PolicyError as error:
        found = [*error.faults, *_formats_in(known[name], fields, formats)]
    above = path_text(*place)
    return None if found else policy, [replace(fault, where=f"{above}.{fault.where}") for fault in found]


def _formats_in(policy: type[Policy], table: Mapping[str, Any], formats: Formats) -> Iterator[Fault]:
    """Find unknown formats in a table that makes no policy, so that they stand in one list with the rest."""
    hints, rules = field_table(policy)
    values = {key: coerced(value, hints[key]) for key, value in table.items() if key in hints}
    sound = {key: value for key, value in values.items() if not any(type_faults(value, hints[key]))}
    for fault in format_faults(sound, rules, formats):
        yield replace(fault, where=f"{policy.name}.{fault.where}")


def date_faults(place: Place, policy: Policy, start: date, days: int) -> Iterator[Fault]:
    """
    Find dates of a policy outside the days that are simulated.

    Parameters
    ----------
    place : tuple
        Path of the table that holds the policy.
    policy : Policy
        The policy.
    start : date
        First day.
    days : int
        Number of days.

    Yields
    ------
    Fault
        A start before the first or after the last day, or an end before the first day.
    """
    last = start + timedelta(days=days - 1)
    span = f"a day from {start} to {last} ({days} days from `start`)"
    if policy.begins is not None and not start <= policy.begins <= last:
        yield Fault(
            what="the policy starts on a day that is not simulated",
            found=str(policy.begins),
            expected=span,
            where=path_text(*place, policy.name, "starts"),
        )
    if policy.ends is not None and policy.ends < start:
        yield Fault(
            what="the policy ends before the first day",
            found=str(policy.ends),
            expected=span,
            where=path_text(*place, policy.name, "ends"),
        )


def name_faults(table: ExperimentTable) -> Iterator[Fault]:
    """
    Find names that lead nowhere, to two things, or back to themselves.

    Parameters
    ----------
    table : ExperimentTable
        The file.

    Yields
    ------
    Fault
        One a place in the file.
    """
    known = [*table.scenarios, *table.policies]
    for name in table.scenarios:
        if not name.strip():
            yield Fault(what="a scenario needs a name", where=path_text("scenarios", name), found="an empty name")
        if name in table.policies:
            yield Fault(
                what="the name of both a scenario and a policy",
                where=path_text("policies", name),
                found=f"'{name}'",
                expected="a name of its own",
            )
    for name, scenario in table.scenarios.items():
        for position, entry in enumerate(scenario.policies):
            if isinstance(entry, str):
                where = path_text("scenarios", name, "policies", position)
                yield from _entry_faults(table, name, entry, where, known)
        if scenario.surface is not None and scenario.surface not in SURFACES:
            yield Fault(
                what="no such surface",
                where=path_text("scenarios", name, "surface"),
                found=f"'{scenario.surface}'",
                expected="one of " + ", ".join(SURFACES),
                hint=did_you_mean(scenario.surface, SURFACES),
            )
        if scenario.baseline is not None:
            yield from _baseline_faults(table, scenario.baseline, path_text("scenarios", name, "baseline"), name)
    if table.baseline is not None:
        yield from _baseline_faults(table, table.baseline, "baseline", "")


def _entry_faults(table: ExperimentTable, name: str, entry: str, where: str, known: list[str]) -> Iterator[Fault]:
    if entry not in known:
        hint = did_you_mean(entry, known)
        if entry in known_policies():
            hint = f"a policy is written as a table: {{{entry} = {{}}}}"
        yield Fault(
            what="no scenario and no entry of [policies] has this name",
            where=where,
            found=f"'{entry}'",
            expected="one of " + ", ".join(f"'{each}'" for each in known),
            hint=hint,
        )
    elif entry == name:
        yield Fault(
            what="the scenario stacks itself",
            where=where,
            found=f"'{entry}'",
            expected="the name of another scenario",
        )
    elif name in _reached(table, entry):
        yield Fault(
            what="the scenarios stack each other in a circle",
            where=where,
            found=f"'{name}' brings '{entry}', which brings '{name}'",
            expected="an order in which one comes first",
        )


def _reached(table: ExperimentTable, name: str) -> set[str]:
    """Names a scenario brings along, directly or through others."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        scenario = table.scenarios.get(waiting.pop())
        fresh = {entry for entry in scenario.policies if isinstance(entry, str)} - seen if scenario else set()
        seen |= fresh
        waiting += fresh
    return seen


def _baseline_faults(table: ExperimentTable, baseline: str, where: str, name: str) -> Iterator[Fault]:
    if baseline == name:
        yield Fault(
            what="the scenario is compared with itself",
            where=where,
            found=f"'{baseline}'",
            expected="the name of another scenario",
        )
    elif baseline not in table.scenarios:
        yield Fault(
            what="no scenario has this name",
            where=where,
            found=f"'{baseline}'",
            expected="one of " + ", ".join(f"'{each}'" for each in table.scenarios),
            hint=did_you_mean(baseline, table.scenarios),
        )
