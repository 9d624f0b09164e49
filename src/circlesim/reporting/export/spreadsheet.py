"""Spreadsheet: tables as CSV and as a workbook that open clean in Excel and WPS."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.errors import ConfigError, Fault
from circlesim.reporting.export.geojson import plain
from circlesim.reporting.export.layer import Sheet
from circlesim.world.sheet import guarded

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS = 1_048_575
"""Rows of an Excel sheet below its header."""

LONGEST_CELL = 32_767
"""Characters an Excel cell holds."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_WIDEST = 48.0


def write_csv(table: pd.DataFrame, path: Path, *, mark: bool = True) -> None:
    """
    Write a table as CSV.

    Parameters
    ----------
    table : DataFrame
        The table.
    path : Path
        The file.
    mark : bool, default: True
        Whether the file begins with the byte order mark by which Excel and WPS know UTF-8.
    """
    with path.open("w", encoding="utf-8-sig" if mark else "utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\r\n")
        writer.writerow(list(table.columns))
        for row in table.itertuples(index=False, name=None):
            writer.writerow([_csv_cell(plain(value)) for value in row])


def _csv_cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    return guarded(value) if isinstance(value, str) else value


def write_workbook(sheets: Sequence[Sheet], path: Path) -> None:
    """
    Write tables as the sheets of one workbook: header frozen and bold, numbers as numbers, texts as texts.

    Parameters
    ----------
    sheets : sequence of Sheet
        The tables.
    path : Path
        The file.

    Raises
    ------
    ConfigError
        If a table has more rows than a sheet holds.
    """
    from openpyxl import Workbook

    faults = [
        Fault(
            what="more rows than a sheet of a workbook holds",
            where=f"--format xlsx, {each.name}",
            found=f"{len(each.table):,}",
            expected=f"at most {MOST_ROWS:,}",
            hint="export it as csv",
        )
        for each in sheets
        if len(each.table) > MOST_ROWS
    ]
    if faults:
        raise ConfigError("no workbook can be written", faults)
    book = Workbook()
    book.remove(book.worksheets[0])
    taken: set[str] = set()
    for each in sheets:
        _fill(book.create_sheet(_sheet_title(each.title, taken)), each.table)
    # Two exports of one run are the same file to the byte, but for the clock of the zip archive.
    book.properties.created = book.properties.modified = datetime(2000, 1, 1)
    book.properties.creator = "circlesim"
    book.save(path)


def _sheet_title(title: str, taken: set[str]) -> str:
    """A title as Excel takes it: 31 characters, no brackets, colons or slashes, and each once."""
    name = _FORBIDDEN.sub(" ", title).strip("' ")[:31] or "sheet"
    number, base = 2, name
    while name.casefold() in taken:
        name, number = f"{base[:27]} {number}", number + 1
    taken.add(name.casefold())
    return name


def _fill(sheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    for column, name in enumerate(table.columns, start=1):
        _put(sheet.cell(row=1, column=column), str(name))
        sheet.cell(row=1, column=column).font = Font(bold=True)
    for row, cells in enumerate(table.itertuples(index=False, name=None), start=2):
        for column, value in enumerate(cells, start=1):
            _put(sheet.cell(row=row, column=column), plain(value))
    sheet.freeze_panes = "A2"
    if table.shape[1]:
        sheet.auto_filter.ref = f"A1:{get_column_letter(table.shape[1])}{len(table) + 1}"
    for column, name in enumerate(table.columns, start=1):
        longest = max([len(str(name)) + 3, *(_width(value) for value in table[name].head(200))])
        sheet.column_dimensions[get_column_letter(column)].width = min(_WIDEST, longest + 1.5)


def _width(value: Any) -> float:
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return sum(1.9 if ord(letter) > 0x2E7F else 1.0 for letter in text)


def _put(cell: Any, value: Any) -> None:
    """Put a value into a cell; what begins like a formula stays a text."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if not isinstance(value, str):
        cell.value = value
        if isinstance(value, float):
            cell.number_format = "General"
        return
    text = ILLEGAL_CHARACTERS_RE.sub("", value)[:LONGEST_CELL]
    if text:
        cell.value = text
        cell.data_type = "s"
        # Excel then edits the cell as a text, too, should somebody click into it.
        cell.quotePrefix = guarded(text) != text
