"""Rules of single fields: what a value of a policy may be, and what to say where it may not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from circlesim.catalog.format_set import Formats
from circlesim.errors import CircleSimError, Fault, did_you_mean
from circlesim.policies.clock import clock_minute
from circlesim.policies.kinds import type_faults
from circlesim.world.hours import DAYS, parse_hours

Rule = Callable[[Any], Iterable[Fault]]


def rule(check: Rule) -> dict[str, Rule]:
    """
    Attach a rule to a dataclass field.

    Parameters
    ----------
    check : callable
        From a value of the right type to faults whose `where` is still empty.

    Returns
    -------
    dict
        Metadata for `dataclasses.field`.
    """
    return {"rule": check}


def _fault(what: str, found: object, expected: str = "", hint: str = "") -> Fault:
    return Fault(what=what, where="", found=repr(found), expected=expected, hint=hint)


def at_least(low: float) -> Rule:
    """
    Make the rule that a number is not below a bound; a missing one passes.

    Parameters
    ----------
    low : float
        Smallest value allowed.

    Returns
    -------
    callable
        The rule.
    """

    def check(value: float | None) -> Iterator[Fault]:
        if value is not None and value < low:
            yield _fault("too small", value, f"at least {low:g}")

    return check


def above_zero(value: float | None) -> Iterator[Fault]:
    """
    Check that a number is above zero.

    Parameters
    ----------
    value : float or None
        A missing one passes.

    Yields
    ------
    Fault
        At most one.
    """
    if value is not None and value <= 0:
        yield _fault("too small", value, "above 0")


def within(low: float, high: float) -> Rule:
    """
    Make the rule that a number lies within bounds; a missing one passes.

    Parameters
    ----------
    low, high : float
        Smallest and largest value allowed.

    Returns
    -------
    callable
        The rule.
    """

    def check(value: float | None) -> Iterator[Fault]:
        if value is not None and not low <= value <= high:
            yield _fault("too small" if value < low else "too large", value, f"{low:g} to {high:g}")

    return check


def share(value: float | None) -> Iterator[Fault]:
    """
    Check that a number is a share.

    Parameters
    ----------
    value : float or None
        A missing one passes.

    Yields
    ------
    Fault
        At most one.
    """
    if value is not None and not 0.0 <= value <= 1.0:
        hint = f"did you mean {value / 100:g}?" if 2.0 <= value <= 100.0 else ""
        yield _fault("not a share", value, "between 0 and 1", hint)


def one_of(choices: tuple[str, ...], noun: str) -> Rule:
    """
    Make the rule that a word, or each word of a list, is known; words of a list may stand only once.

    Parameters
    ----------
    choices : tuple of str
        Words known.
    noun : str
        What they are, for the message.

    Returns
    -------
    callable
        The rule.
    """

    def check(value: str | tuple[str, ...]) -> Iterator[Fault]:
        words = (value,) if isinstance(value, str) else value
        for word in dict.fromkeys(words):
            if word not in choices:
                shown = ", ".join(choices) if len(choices) <= 12 else f"one of {len(choices)} {noun}s"
                hint = did_you_mean(word, choices) or (f"see: circlesim show {noun}s" if len(choices) > 12 else "")
                yield _fault(f"unknown {noun}", word, shown, hint)
            elif words.count(word) > 1:
                yield _fault(f"{noun} named twice", word)

    return check


def known_formats(value: str | tuple[str, ...]) -> Iterator[Fault]:
    """
    Check a format, or a list of formats; whether a world knows them is seen where both meet (`format_faults`).

    Parameters
    ----------
    value : str or tuple of str
        Ids.

    Yields
    ------
    Fault
        One a format that is named twice, or left empty.
    """
    words = (value,) if isinstance(value, str) else value
    for word in dict.fromkeys(words):
        if not word:
            yield _fault("no format is named", word, "a format id; see: circlesim show formats")
        elif words.count(word) > 1:
            yield _fault("format named twice", word)


def format_faults(values: Mapping[str, Any], rules: Mapping[str, Rule], formats: Formats) -> Iterator[Fault]:
    """
    Find formats that a world does not have.

    Parameters
    ----------
    values : mapping of str to object
        Field to value, of the right types.
    rules : mapping of str to callable
        Field to rule: those under `known_formats` hold formats.
    formats : Formats
        Those of the world.

    Yields
    ------
    Fault
        With the field as `where`.
    """
    known = one_of(formats.ids, "format")
    for name, value in values.items():
        if rules.get(name) is known_formats:
            words = (value,) if isinstance(value, str) else value
            yield from (replace(fault, where=name) for fault in known(tuple(dict.fromkeys(words))))


known_days = one_of(DAYS, "day")
"""Rule: a list of weekdays, ``Mo`` to ``Su``."""


def opening_hours(value: str | None) -> Iterator[Fault]:
    """
    Check opening hours in OSM syntax.

    Parameters
    ----------
    value : str or None
        A missing one passes.

    Yields
    ------
    Fault
        What `parse_hours` found.
    """
    if value is not None:
        try:
            parse_hours(value)
        except CircleSimError as error:
            for fault in error.faults or (Fault(what=error.message, where=""),):
                yield _fault(fault.what, value, fault.expected, fault.hint)


def clock_time(value: str | None) -> Iterator[Fault]:
    """
    Check a time of day.

    Parameters
    ----------
    value : str or None
        ``"HH:MM"`` from 00:00 to 24:00; a missing one passes.

    Yields
    ------
    Fault
        At most one.
    """
    if value is not None and clock_minute(value) < 0:
        yield _fault("no such time of day", value, "hours and minutes from 00:00 to 24:00, such as 22:00")


def field_faults(
    values: Mapping[str, Any], hints: Mapping[str, Any], rules: Mapping[str, Rule]
) -> Iterator[Fault]:
    """
    Check each value by its type and then by its rule.

    Parameters
    ----------
    values : mapping of str to object
        Field to value, after `coerced`.
    hints : mapping of str to type
        Field to declared type.
    rules : mapping of str to callable
        Field to rule, where it has one.

    Yields
    ------
    Fault
        With the field as `where`.
    """
    for name, value in values.items():
        found = list(type_faults(value, hints[name]))
        if not found and name in rules:
            found = list(rules[name](value))
        for fault in found:
            yield Fault(what=fault.what, where=name, found=fault.found, expected=fault.expected, hint=fault.hint)
