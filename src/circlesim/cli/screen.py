"""Screen: what a command prints, in UTF-8 and in columns, on a terminal and elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

PLAIN_WIDTH = 100
"""Columns where there is no terminal to ask."""

NARROWEST, GAP = 8, 3
"""Least width of a table's column whose cells may be broken, and columns between two of them."""


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
    width = None if stream is not None and stream.isatty() else PLAIN_WIDTH
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
    headings: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    title: str = "",
    right: Sequence[int] = (),
    whole: Sequence[int] = (0,),
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
    whole : sequence of int, default: (0,)
        Columns whose cells are never broken over lines: names, which one may want to copy.
    """
    table = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", pad_edge=False, show_edge=False)
    cells, console = [*rows], screen()
    longest = {p: max((cell_len(row[p]) for row in cells), default=1) for p in whole}
    broad = {p: max(longest[p], cell_len(headings[p])) for p in whole}
    narrow = {p: max([longest[p], *map(cell_len, headings[p].split())]) for p in whole}
    rest = NARROWEST * (len(headings) - len(whole)) + GAP * len(headings)
    widths = broad if sum(broad.values()) + rest <= console.width else narrow
    for position, heading in enumerate(headings):
        justify: Literal["left", "right"] = "right" if position in right else "left"
        table.add_column(heading, justify=justify, overflow="fold", width=widths.get(position))
    for row in cells:
        table.add_row(*row)
    console.width = max(console.width, sum(widths.values()) + rest)  # rather a broken line than a cropped figure
    console.print(table, crop=False)
