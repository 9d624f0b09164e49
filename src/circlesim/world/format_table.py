"""Format table: ``formats.csv``, further formats of a world or of an experiment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.formats import FormatRow
from circlesim.catalog.services import SERVICES
from circlesim.errors import CircleSimError, ConfigError, Fault, Faults, did_you_mean
from circlesim.schema import FORMAT_TABLE, Cells, check_table
from circlesim.world.hours import parse_hours
from circlesim.world.sheet import read_sheet, write_sheet

_ID = re.compile(r"[a-z][a-z0-9_]*")
_FIELD = {"class": "format_class"}
NO_SERVICE = "none"
"""Word for an outlet that offers nothing for which a need is modelled."""
_FIELDS = tuple(each.name for each in fields(FormatRow))


def read_formats(path: Path | str, known: Formats = CATALOGUE) -> Formats:
    """
    Read further formats from a file.

    Parameters
    ----------
    path : path
        CSV with the columns of `schema.FORMAT_TABLE`.
    known : Formats, default: CATALOGUE
        Formats the file adds to, or replaces where it says so.

    Returns
    -------
    Formats
        Those known, with their numbers, and those of the file behind them.

    Raises
    ------
    ConfigError
        Listing every fault of every row.
    """
    faults = Faults(f"{path}: these formats cannot be used", ConfigError)
    formats = formats_of(Path(path), known, faults)
    faults.raise_if_any()
    return formats


def formats_of(path: Path, known: Formats, faults: Faults) -> Formats:
    """
    Read further formats from a file and note what is wrong.

    Parameters
    ----------
    path : Path
        The file.
    known : Formats
        Formats the file adds to.
    faults : Faults
        Receives every fault of every row.

    Returns
    -------
    Formats
        Rows with a fault stand in it with their id and names alone, so that what speaks of them is not told twice.
    """
    sheet = read_sheet(path, faults)
    if sheet is None:
        return known
    table = FORMAT_TABLE.with_choices(services=(*SERVICES, NO_SERVICE))
    cells = check_table(table, sheet.header, sheet.rows, faults, path.name)
    if "format" not in sheet.header:
        return known
    rows: dict[str, FormatRow] = {}
    for line in range(len(sheet.rows)):
        written = dict(zip(sheet.header, sheet.rows[line], strict=True))
        row, found = _row(cells, line, written, known.with_rows(rows.values()), known)
        faults.extend(_at(fault, path.name, line) for fault in found)
        if row.format:
            rows[row.format] = row
    return known.with_rows(rows.values())


def folder_formats(folder: Path, faults: Faults) -> Formats:
    """
    Read the formats of a world folder.

    Parameters
    ----------
    folder : Path
        World folder.
    faults : Faults
        Receives what is wrong with its ``formats.csv``.

    Returns
    -------
    Formats
        Those of the catalogue where the folder has no such file.
    """
    path = folder / FORMAT_TABLE.file
    return formats_of(path, CATALOGUE, faults) if path.exists() else CATALOGUE


def _at(fault: Fault, file: str, line: int) -> Fault:
    where = f"{file} row {line + 2}, column {fault.where}"
    return Fault(what=fault.what, where=where, found=fault.found, expected=fault.expected, hint=fault.hint)


def _row(
    cells: Mapping[str, Cells], line: int, written: Mapping[str, str], known: Formats, before: Formats
) -> tuple[FormatRow, list[Fault]]:
    """One row, and what is wrong with it beyond single cells, with the column as `where`."""
    format_id, like = str(cells["format"].values[line]), str(cells["like"].values[line])
    faults = [*_id_faults(format_id, bool(cells["replaces"].values[line]), before)]
    if like and like not in known:
        faults.append(Fault(what="no such format to be like", where="like", found=repr(like),
                            expected="a format of the catalogue, or of a row above",
                            hint=did_you_mean(like, known.ids)))  # fmt: skip
    pattern = known.row(like) if like in known else None
    values: dict[str, Any] = {}
    open_cells = []
    for column in FORMAT_TABLE.columns:
        field = _FIELD.get(column.name, column.name)
        cell = cells[column.name]
        if field not in _FIELDS:
            continue
        if cell.given[line] or column.default is not None:
            values[field] = _plain(cell.values[line], column.kind)
        elif pattern is not None:
            values[field] = getattr(pattern, field)
        elif field == "capital_yuan":
            values[field] = None
        else:
            values[field] = _plain(cell.values[line], column.kind)
            if not like and not written.get(column.name, "").strip():
                open_cells.append(column.name)
    if open_cells:
        faults.append(Fault(what="nothing answers for what is left empty", where="like",
                            found=", ".join(open_cells),
                            expected="a value in each, or a known format in the column like"))  # fmt: skip
    if len(words := tuple(cells["services"].values[line])) > 1 and NO_SERVICE in words:
        faults.append(Fault(what="none, and others", where="services", found="+".join(words),
                            expected=f"services, or {NO_SERVICE} alone"))  # fmt: skip
    if cells["hours"].given[line]:
        faults += _hours_faults(str(values["hours"]))
    return FormatRow(**values), faults


def _id_faults(format_id: str, replaces: bool, known: Formats) -> Iterator[Fault]:
    if format_id and not _ID.fullmatch(format_id):
        yield Fault(what="not usable as an id", where="format", found=repr(format_id),
                    expected="small letters, digits and underscores, such as tea_house")  # fmt: skip
    elif format_id in known and not replaces:
        yield Fault(what="there is such a format already", where="format", found=repr(format_id),
                    expected="an id of its own, or 1 in the column `replaces`")  # fmt: skip
    elif format_id and format_id not in known and replaces:
        yield Fault(what="there is no such format to replace", where="format", found=repr(format_id),
                    expected="a known format, or 0 in the column `replaces`",
                    hint=did_you_mean(format_id, known.ids))  # fmt: skip


def _hours_faults(text: str) -> Iterator[Fault]:
    try:
        parse_hours(text)
    except CircleSimError as error:
        for fault in error.faults or (Fault(what=error.message, where=""),):
            yield Fault(what=fault.what, where="hours", found=repr(text), expected=fault.expected, hint=fault.hint)


def _plain(value: Any, kind: str) -> Any:
    """A cell as plain Python, so that rows compare, hash and print alike wherever they come from."""
    if kind == "flag":
        return bool(value)
    if kind == "set":
        return tuple(word for word in value if word != NO_SERVICE)
    return value.item() if isinstance(value, np.generic) else value


def write_formats(formats: Formats, folder: Path) -> None:
    """
    Write ``formats.csv`` where there are formats besides those of the catalogue.

    Parameters
    ----------
    formats : Formats
        Those of a world.
    folder : Path
        Folder to write to.
    """
    if not formats.own:
        return
    names = [name for name in FORMAT_TABLE.names if name != "like"]
    rows = ([_text(row, name) for name in names] for row in formats.own)
    write_sheet(folder / FORMAT_TABLE.file, names, rows)


def _text(row: FormatRow, name: str) -> object:
    if name == "replaces":
        return int(row.format in CATALOGUE)
    value = getattr(row, _FIELD.get(name, name))
    if name == "services":
        return "+".join(value) or NO_SERVICE
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value
