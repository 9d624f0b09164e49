"""Rules of single fields: what a value of a policy may be, and what to say where it may not."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from circlesim.catalog.formats import FORMATS
from circlesim.errors import CircleSimError, Fault, did_you_mean
from circlesim.world.hours import DAYS, LATEST_CLOSE, MIDNIGHT, parse_hours

Rule = Callable[[Any], Iterable[Fault]]

_WORDS = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false",
          date: "a date such as 2024-03-11", type(None): "nothing"}  # fmt: skip


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


def coerced(value: Any, hint: Any) -> Any:
    """
    Bring a value to the one form in which equal policies are equal: lists to tuples, 1 to 1.0 for a number.

    Parameters
    ----------
    value : object
        As it was written.
    hint : type
        Declared type of the field.

    Returns
    -------
    object
        The same value; unchanged where its type does not fit.
    """
    options = _options(hint)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, list) and any(get_origin(option) is tuple for option in options):
        return tuple(value)
    if isinstance(value, int) and not isinstance(value, bool) and float in options and int not in options:
        return float(value)
    return value


def type_faults(value: Any, hint: Any) -> Iterator[Fault]:
    """
    Check a value against the declared type of its field.

    Parameters
    ----------
    value : object
        After `coerced`.
    hint : type
        Declared type; what is not known here (a third party's own class) is let pass.

    Yields
    ------
    Fault
        At most one, its `where` still empty.
    """
    options = _options(hint)
    if any(_fits(value, option) for option in options):
        return
    tuples = [option for option in options if get_origin(option) is tuple]
    if isinstance(value, str) and tuples:
        yield _fault("a list is needed", value, f'["{value}"]')
    elif isinstance(value, float) and not math.isfinite(value):
        yield _fault("not a finite number", value)
    else:
        yield _fault("wrong kind of value", value, " or ".join(_words(option) for option in options))


def _options(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _fits(value: Any, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin is tuple:
        return isinstance(value, tuple) and all(_fits(item, get_args(hint)[0]) for item in value)
    if origin is Literal:
        return value in get_args(hint)
    if hint is float:
        return isinstance(value, float) and math.isfinite(value)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if hint is date:
        return isinstance(value, date) and not isinstance(value, datetime)
    return isinstance(value, hint) if isinstance(hint, type) else True


def _words(hint: Any) -> str:
    if get_origin(hint) is tuple:
        return f"a list, each item {_words(get_args(hint)[0])}"
    return _WORDS.get(hint, str(hint))


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


known_formats = one_of(FORMATS, "format")
"""Rule: a format, or a list of formats, of the catalogue."""

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


def clock_minute(text: str) -> int:
    """
    Read a time of day.

    Parameters
    ----------
    text : str
        ``"HH:MM"``.

    Returns
    -------
    int
        Minute of the day in 0..1440; -1 where there is no such time.
    """
    hour, colon, minute = text.partition(":")
    digits = hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()
    if not colon or not digits or len(hour) > 2 or len(minute) != 2 or int(minute) > 59:
        return -1
    total = 60 * int(hour) + int(minute)
    return total if total <= MIDNIGHT else -1


def closing_minute(text: str) -> int:
    """
    Read a closing time; up to 06:00 it lies after midnight, as in opening hours.

    Parameters
    ----------
    text : str
        ``"HH:MM"``.

    Returns
    -------
    int
        Minutes since the midnight before opening, in 361..1800.
    """
    minute = clock_minute(text)
    return minute + MIDNIGHT if minute <= LATEST_CLOSE else minute


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
