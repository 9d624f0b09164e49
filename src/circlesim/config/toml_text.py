"""Toml text: a document written back as a person would write it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from circlesim.config.keys import key_text, quoted

WIDTH = 100
"""Lists longer than this are written one item a line."""


def toml_value(value: Any) -> str:
    """
    Write one value on one line.

    Parameters
    ----------
    value : object
        Text, number, truth value, date, list or table.

    Returns
    -------
    str
        TOML.

    Raises
    ------
    TypeError
        If TOML has no such value.
    """
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(k)} = {toml_value(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    raise TypeError(f"TOML cannot hold a {type(value).__name__}")


def toml_document(document: Mapping[str, Any], heading: str = "") -> str:
    """
    Write a whole document: plain keys first, then tables, two levels of them under headings of their own.

    Parameters
    ----------
    document : mapping of str to object
        What `tomllib` would read.
    heading : str, default: ""
        Comment at the top.

    Returns
    -------
    str
        Text that reads back to the same document.
    """
    lines = [f"# {line}" for line in heading.splitlines()]
    return "\n".join([*lines, *_table_lines(document, ())]).strip("\n") + "\n"


def _table_lines(table: Mapping[str, Any], above: tuple[str, ...]) -> Iterator[str]:
    tables = {k: v for k, v in table.items() if isinstance(v, Mapping) and _has_heading(v, above)}
    for key, value in table.items():
        if key not in tables:
            yield _entry(key, value)
    for key, value in tables.items():
        path = (*above, key)
        if not value or any(not isinstance(v, Mapping) or not _has_heading(v, path) for v in value.values()):
            yield ""
            yield "[" + ".".join(key_text(step) for step in path) + "]"
        yield from _table_lines(value, path)


def _has_heading(table: Mapping[str, Any], above: tuple[str, ...]) -> bool:
    """Give a table a heading of its own at the first two levels, unless it fits in braces on its line."""
    if above:
        return len(above) == 1
    return (
        not table or any(isinstance(value, Mapping) for value in table.values()) or len(toml_value(table)) > WIDTH
    )


def _entry(key: str, value: Any) -> str:
    line = f"{key_text(key)} = {toml_value(value)}"
    if len(line) <= WIDTH or not isinstance(value, list | tuple):
        return line
    items = "".join(f"  {toml_value(item)},\n" for item in value)
    return f"{key_text(key)} = [\n{items}]"
