"""Settings text: ``world.toml`` written back with a line more, whatever keys it has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def settings_text(document: Mapping[str, Any]) -> str:
    """
    Write settings as TOML: plain keys first, then tables.

    Parameters
    ----------
    document : mapping of str to object
        What ``world.toml`` holds: texts, numbers, truth values, lists and tables of these.

    Returns
    -------
    str
        TOML that reads back to the same; comments are not kept.
    """
    plain = [f"{_key(name)} = {_value(value)}" for name, value in document.items() if not _is_table(value)]
    lines = [*plain]
    for name, table in document.items():
        if _is_table(table):
            lines += ["", f"[{_key(name)}]", *(f"{_key(key)} = {_value(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return value.isoformat() if hasattr(value, "isoformat") else repr(value)


def _text(text: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
