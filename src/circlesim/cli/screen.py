"""Screen: what a command prints, in UTF-8 and in columns, on a terminal and elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 100
"""Columns where there is no terminal to ask."""


def speak_utf8() -> None:
    """Let both streams carry Chinese whatever the locale says."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def screen(*, error: bool = False) -> Console:
    """
    Open the standard output or error.

    Parameters
    ----------
    error : bool, default: False
        Standard error instead.

    Returns
    -------
    Console
        As wide as the terminal, or `PLAIN_WIDTH`; never with markup, so that names print as they are.
    """
    stream = sys.stderr if error else sys.stdout
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False, soft_wrap=False)


def say(text: str = "", *, error: bool = False) -> None:
    """
    Print a line, as long as it is.

    Parameters
    ----------
    text : str, default: ""
        The line.
    error : bool, default: False
        To standard error.
    """
    screen(error=error).print(text, soft_wrap=True)


def tabulate(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", right: Sequence[int] = ()
) -> None:
    """
    Print a table whose columns line up, Chinese included.

    Parameters
    ----------
    headings : sequence of str
        One a column.
    rows : iterable of sequence of str
        Cells.
    title : str, default: ""
        A line above.
    right : sequence of int, optional
        Columns set flush right.
    """
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False, show_edge=False)
    for position, heading in enumerate(headings):
        table.add_column(heading, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*row)
    screen().print(table)
