"""Keys: dotted paths into a TOML document, as messages print them and ``--set`` reads them."""

from __future__ import annotations

import json
import re

Step = str | int
"""One step down a document: a key of a table, or the index of a list."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_STEP = re.compile(r"""(?P<quoted>"(?:[^"\\]|\\.)*"|'[^']*')|(?P<bare>[^.\[\]"'=\s]+)|(?P<index>\[\d+\])""")


def quoted(text: str) -> str:
    """
    Write text as a TOML string.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        In double quotes, control characters escaped.
    """
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def key_text(key: str) -> str:
    """
    Write one key, quoted where TOML needs it.

    Parameters
    ----------
    key : str
        The key.

    Returns
    -------
    str
        ``days`` or ``"four counters"``.
    """
    return key if _BARE.fullmatch(key) else quoted(key)


def path_text(*steps: Step) -> str:
    """
    Write a path, such as ``scenarios."four counters".policies[0].add_facilities.format``.

    Parameters
    ----------
    *steps : str or int
        Keys and list indices from the top of the document.

    Returns
    -------
    str
        What a message prints; `split_path` reads it back.
    """
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{key_text(step)}" for step in steps)
    return text.removeprefix(".")


def split_setting(text: str) -> tuple[tuple[Step, ...], str]:
    """
    Split ``key=value`` at the first equals sign outside quotes.

    Parameters
    ----------
    text : str
        One ``--set`` argument.

    Returns
    -------
    tuple
        Steps of the key (whole numbers as list indices) and the text of the value.

    Raises
    ------
    ValueError
        If there is no key, or no equals sign after it.
    """
    steps: list[Step] = []
    place = 0
    while True:
        match = _STEP.match(text, place)
        if match is None:
            raise ValueError(text)
        steps.append(_step(match))
        place = match.end()
        if text[place : place + 1] == "=":
            return tuple(steps), text[place + 1 :]
        if text[place : place + 1] == ".":
            place += 1
        elif text[place : place + 1] != "[":
            raise ValueError(text)


def _step(match: re.Match[str]) -> Step:
    if match["quoted"]:
        inner = match["quoted"]
        return str(json.loads(inner)) if inner[0] == '"' else inner[1:-1]
    if match["index"]:
        return int(match["index"][1:-1])
    return int(match["bare"]) if match["bare"].isascii() and match["bare"].isdigit() else match["bare"]
