"""Reading: an experiment file checked as a whole before anything is built or written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from circlesim.assessment.needed import MEASURES as ASSESSED
from circlesim.catalog.format_set import Formats
from circlesim.catalog.standards import standard_faults
from circlesim.config.document import read_document
from circlesim.config.experiment import ExperimentFile, claim, factorial_design, precision, survey_design
from circlesim.config.keys import path_text
from circlesim.config.numbers import chosen_parameters
from circlesim.config.overrides import with_settings
from circlesim.config.place import folder_world, place_formats
from circlesim.config.shape import shaped
from circlesim.config.stacking import Place, date_faults, name_faults, policy_places, read_policy
from circlesim.config.tables import ExperimentTable
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import CircleSimError, ConfigError, Fault, Faults, did_you_mean
from circlesim.experiments.claims import Expectation, Law, claim_faults
from circlesim.experiments.factorial import joined
from circlesim.experiments.precision import Precision
from circlesim.measures.catalogue import DEFAULT_MEASURES, measure_named
from circlesim.measures.grouping import NEED_DIMENSIONS
from circlesim.policies.policy import Policy
from circlesim.world.groups import GROUP_LABELS

DIMENSIONS: tuple[str, ...] = tuple(dict.fromkeys([*GROUP_LABELS, "circle", *NEED_DIMENSIONS]))
"""What `by` may name."""


def read_experiment(path: Path, settings: Iterable[str] = ()) -> ExperimentFile:
    """
    Read an experiment file and check all of it.

    Parameters
    ----------
    path : Path
        TOML; see the design of an experiment file in the reference.
    settings : iterable of str, optional
        ``key=value`` laid over the file.

    Returns
    -------
    ExperimentFile
        The settings; nothing has been run or written.

    Raises
    ------
    ConfigError
        Listing every fault with its key path, what was found and what would be right.
    """
    document, overridden = with_settings(read_document(path), settings)
    table, shape = shaped(document)
    formats, unknown = place_formats(table.world, path.parent, table.formats)
    policies, found = _read_policies(table, formats)
    table = with_defaults(table, policies)
    if not any(fault.where in ("start", "days") for fault in shape):
        shape += [*_calendar_faults(table)]
    if not any(fault.where in ("start", "days") for fault in shape):
        for place, policy in policies.items():
            found += date_faults(place, policy, table.start, table.days)
        found += _measure_from_faults(table)
    if not any(fault.where == "scenarios" for fault in shape):
        found += name_faults(table)
    found += [*_list_faults(table, formats), *_precision_faults(table), *_survey_faults(table)]
    found += [*_factorial_faults(table), *_claim_faults(table), *_standard_faults(table, path.parent, formats)]
    parameters, wrong = chosen_parameters(table.parameters, path.parent)
    mechanisms, off = _mechanisms(table.mechanisms)
    world, lost = folder_world(table.world, path.parent, formats)
    faults = Faults(f"{path}: this experiment cannot be run", ConfigError)
    faults.extend([*shape, *_fresh([*found, *unknown, *wrong, *off, *lost], shape)])
    faults.raise_if_any()
    assert parameters is not None
    return ExperimentFile(
        path=path,
        table=table,
        origins=_origins(document, overridden),
        parameters=parameters,
        mechanisms=mechanisms,
        policies=policies,
        formats=formats,
        world=world,
    )


def _read_policies(table: ExperimentTable, formats: Formats) -> tuple[dict[Place, Policy], list[Fault]]:
    policies: dict[Place, Policy] = {}
    found: list[Fault] = []
    for place, entry in policy_places(table):
        policy, wrong = read_policy(place, entry, formats)
        found += wrong
        if policy is not None:
            policies[place] = policy
    return policies, found


def with_defaults(table: ExperimentTable, policies: Mapping[Place, Policy]) -> ExperimentTable:
    """
    Fill in defaults that follow from the rest of the file.

    Parameters
    ----------
    table : ExperimentTable
        As read.
    policies : mapping
        Place in the file to policy.

    Returns
    -------
    ExperimentTable
        With `measures` (and those of a standard), `baseline` (the first scenario) and `measure_from` (the
        latest `starts`, or the first day).
    """
    starts = [each.begins for each in policies.values() if each.begins is not None]
    return replace(
        table,
        measures=_with_assessed(table),
        baseline=table.baseline if table.baseline is not None else next(iter(table.scenarios)),
        measure_from=table.measure_from or max([table.start, *starts]),
    )


def _with_assessed(table: ExperimentTable) -> tuple[str, ...]:
    """Measures asked for, and where a standard is named those its scorecard reads."""
    asked = DEFAULT_MEASURES if table.measures is None else table.measures
    if table.standard is None or not asked:
        return asked
    return (*asked, *(name for name in ASSESSED if name not in asked))


def _calendar_faults(table: ExperimentTable) -> Iterator[Fault]:
    if table.days > (date.max - table.start).days:
        yield Fault(
            what="the calendar ends before the last day",
            where="start",
            found=str(table.start),
            expected=f"a day at least {table.days} days before {date.max}",
        )


def _measure_from_faults(table: ExperimentTable) -> Iterator[Fault]:
    last = table.start + timedelta(days=table.days - 1)
    day: date = table.measure_from or table.start
    if not table.start <= day <= last:
        yield Fault(
            what="no simulated day is left to measure",
            where="measure_from",
            found=str(day),
            expected=f"a day from {table.start} to {last}",
        )


def _list_faults(table: ExperimentTable, formats: Formats) -> Iterator[Fault]:
    for position, name in enumerate(table.measures or ()):
        where = path_text("measures", position)
        try:
            measure_named(name, formats)
        except CircleSimError as error:
            yield from (
                replace(fault, where=where) for fault in error.faults or (Fault(what=error.message, where=where),)
            )
    for position, name in enumerate(table.by):
        if name not in DIMENSIONS:
            yield Fault(
                what="unknown dimension",
                where=path_text("by", position),
                found=f"'{name}'",
                expected="one of " + ", ".join(DIMENSIONS),
                hint=did_you_mean(name, DIMENSIONS),
            )
    for key, names in (("measures", table.measures or ()), ("by", table.by)):
        for position, name in enumerate(names):
            if name in names[:position]:
                yield Fault(what="named twice", where=path_text(key, position), found=f"'{name}'")
    if not table.measures:
        yield Fault(
            what="no measure is named",
            where="measures",
            found="[]",
            hint="leave the key out for the primary ones",
        )


def _precision_faults(table: ExperimentTable) -> Iterator[Fault]:
    """A rule that cannot be, and widths of measures that are not measured."""
    try:
        rule = precision(table.replications)
    except ConfigError as error:
        yield from error.faults
        return
    for name in rule.half_width if isinstance(rule, Precision) else ():
        if name not in (table.measures or ()):
            yield Fault(what="the measure is not one of those asked for", found=f"'{name}'",
                        where=path_text("replications", "half_width", name),
                        expected="one of " + ", ".join(table.measures or ()),
                        hint=did_you_mean(name, table.measures or ()))  # fmt: skip


def _survey_faults(table: ExperimentTable) -> Iterator[Fault]:
    try:
        survey_design(table.survey)
    except ConfigError as error:
        yield from error.faults


def _factorial_faults(table: ExperimentTable) -> Iterator[Fault]:
    """What is wrong with the design itself, and factors that are no scenarios or do not share a baseline."""
    try:
        design = factorial_design(table.factorial)
    except ConfigError as error:
        yield from error.faults
        return
    known = {name: each.baseline or table.baseline for name, each in table.scenarios.items()}
    for place, name in enumerate(design.of if design else ()):
        if name not in known:
            yield Fault(what="no scenario has this name", where=path_text("factorial", "of", place),
                        found=f"'{name}'", expected="one of " + ", ".join(f"'{each}'" for each in known),
                        hint=did_you_mean(name, known))  # fmt: skip
    bases = {known[name] for name in (design.of if design else ()) if name in known}
    if design and (len(bases) > 1 or bases & set(design.of)):
        yield Fault(what="the factors do not share one baseline apart from them", where="factorial.of",
                    found=", ".join(sorted(str(each) for each in bases)))  # fmt: skip


def _combined(table: ExperimentTable) -> list[str]:
    """Names of the scenarios a factorial design adds."""
    try:
        design = factorial_design(table.factorial)
    except ConfigError:
        return []
    return [] if design is None else [joined(subset) for subset in design.subsets if len(subset) > 1]


def _standard_faults(table: ExperimentTable, folder: Path, formats: Formats) -> list[Fault]:
    return [] if table.standard is None else [*standard_faults(table.standard, folder, formats)]


def _claim_faults(table: ExperimentTable) -> Iterator[Fault]:
    names, measures = [*table.scenarios, *_combined(table)], list(table.measures or ())
    for claims in (
        [claim(each, Expectation) for each in table.expectations],
        [claim(each, Law) for each in table.laws],
    ):
        yield from claim_faults(claims, names, measures, table.by)


def _mechanisms(switches: Mapping[str, bool]) -> tuple[Mechanisms, list[Fault]]:
    known = [each.name for each in fields(Mechanisms)]
    faults = [
        Fault(
            what="unknown mechanism",
            where=path_text("mechanisms", name),
            found=f"'{name}'",
            expected="one of " + ", ".join(known),
            hint=did_you_mean(name, known),
        )
        for name in switches
        if name not in known
    ]
    return Mechanisms(**{name: value for name, value in switches.items() if name in known}), faults


def _origins(document: Mapping[str, Any], overridden: Iterable[str]) -> dict[str, str]:
    origins = {each.name: "file" if each.name in document else "default" for each in fields(ExperimentTable)}
    for path in overridden:
        key = next(name for name in origins if _within(path, name))
        origins[key] = "--set" if path == key or document.get(key) is None else f"{origins[key]}, --set {path}"
    return origins


def _within(path: str, above: str) -> bool:
    return path == above or path.startswith((f"{above}.", f"{above}["))


def _fresh(later: Iterable[Fault], shape: Iterable[Fault]) -> Iterator[Fault]:
    """Leave out what only follows from a fault of shape at the same place or above it."""
    places = [fault.where for fault in shape]
    yield from (fault for fault in later if not any(_within(fault.where, place) for place in places))
