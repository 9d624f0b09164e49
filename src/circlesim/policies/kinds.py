"""Kinds: whether a value has the declared type of its field, and the one form equal values take."""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Literal, Union, get_args, get_origin

import numpy as np

from circlesim.errors import Fault

_WORDS = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false",
          date: "a date such as 2024-03-11", type(None): "nothing"}  # fmt: skip


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
        yield _misfit("a list is needed", value, f'["{value}"]')
    elif isinstance(value, float) and not math.isfinite(value):
        yield _misfit("not a finite number", value)
    else:
        yield _misfit("wrong kind of value", value, " or ".join(_words(option) for option in options))


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


def _misfit(what: str, found: object, expected: str = "") -> Fault:
    return Fault(what=what, where="", found=repr(found), expected=expected)
