"""Overrides: ``--set key=value`` on any experiment file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

from circlesim.config.keys import Step, path_text, split_setting
from circlesim.errors import ConfigError, Fault, Faults, did_you_mean

HEAD_KEY = {"parameters": "base", "world": "name"}
"""Tables that may be written short as one word, and the key the word then stands for."""

_PATHS = frozenset({("formats",), ("world",), ("world", "name"), ("parameters",), ("parameters", "base")})


def with_settings(document: dict[str, Any], settings: Iterable[str]) -> tuple[dict[str, Any], set[str]]:
    """
    Return a document with settings of the command line laid over it.

    Parameters
    ----------
    document : dict of str to object
        As read; left untouched.
    settings : iterable of str
        Each ``key=value``: a dotted TOML key (whole numbers index lists, names with spaces in quotes) and a
        TOML value, where a bare word counts as text.

    Returns
    -------
    tuple of dict and set of str
        The document, and the paths that were set.

    Raises
    ------
    ConfigError
        Listing every setting that cannot be applied.
    """
    changed, paths = deepcopy(document), set()
    faults = Faults("--set cannot be applied", ConfigError)
    for setting in settings:
        try:
            steps, text = split_setting(setting)
        except ValueError:
            faults.add(
                "not a setting",
                "--set",
                found=setting,
                expected="key=value, such as days=7 or 'scenarios.\"as is\".baseline=other'",
            )
            continue
        found = [*_apply(changed, steps, text)]
        faults.extend(found)
        if not found:
            paths.add(path_text(*steps))
    faults.raise_if_any()
    return changed, paths


def toml_word(text: str) -> Any:
    """
    Read a TOML value; a bare word is text.

    Parameters
    ----------
    text : str
        What stands after the equals sign.

    Returns
    -------
    object
        The value.

    Raises
    ------
    ValueError
        If it opens a list, a table or a quotation and does not close it.
    """
    try:
        read = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError as error:
        if text.lstrip()[:1] in ("[", "{", '"', "'"):
            raise ValueError(str(error)) from None
        return text
    return read["value"] if len(read) == 1 else text


def _apply(document: dict[str, Any], steps: tuple[Step, ...], text: str) -> Iterator[Fault]:
    where = f"--set {path_text(*steps)}"
    try:
        value = toml_word(text)
    except ValueError:
        yield Fault(what="not a TOML value", where=where, found=text, expected='such as 7, 0.5, true, ["a", "b"]')
        return
    if steps in _PATHS and isinstance(value, str) and ("/" in value or "." in value):
        value = str(Path(value).absolute())  # typed in a shell, so read from the folder one stands in
    if len(steps) > 1 and steps[0] in HEAD_KEY and isinstance(document.get(str(steps[0])), str):
        document[str(steps[0])] = {HEAD_KEY[str(steps[0])]: document[str(steps[0])]}
    place: Any = document
    for depth, step in enumerate(steps[:-1]):
        if depth == 0 and place is document and step not in document and isinstance(step, str):
            document[step] = {}
        missing = _missing(place, step, where, last=False)
        if missing:
            yield missing
            return
        place = place[_key(place, step)]
    missing = _missing(place, steps[-1], where, last=True)
    if missing:
        yield missing
    elif isinstance(place, list) and steps[-1] == len(place):
        place.append(value)
    else:
        place[_key(place, steps[-1])] = value


def _key(place: Any, step: Step) -> Step:
    return str(step) if isinstance(place, dict) else step


def _missing(place: Any, step: Step, where: str, *, last: bool) -> Fault | None:
    """Say why a step cannot be taken; the last step may add a key, or an item at the end of a list."""
    if isinstance(place, dict):
        if last or str(step) in place:
            return None
        return Fault(
            what="there is no such table",
            where=where,
            found=f"'{step}'",
            expected="one of " + ", ".join(place),
            hint=did_you_mean(str(step), place),
        )
    if isinstance(place, list):
        if isinstance(step, int) and step < len(place) + last:
            return None
        return Fault(
            what="there is no such item",
            where=where,
            found=f"'{step}'",
            expected=f"a whole number below {len(place) + last}",
        )
    return Fault(what="this is a single value and has no parts", where=where, found=repr(place))
