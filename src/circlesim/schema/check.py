"""Check: read the text of a table into typed columns and note every fault with row and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Faults, did_you_mean
from circlesim.schema.column import Column, Table

SHOWN = 5
"""Faults of one kind listed per column; the rest are counted."""

_FLAGS = {"1": 1, "0": 0, "true": 1, "false": 0, "yes": 1, "no": 0}
_WHOLE = re.compile(r"[+-]?\d{1,18}(\.0+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """
    One column as read.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Typed values; the default, or a zero of the type, where nothing was given. Sets are lists of words and
        hours are text, both of dtype object.
    given : ndarray of bool, shape (n,)
        True where the file holds a value.
    """

    values: NDArray[Any]
    given: NDArray[np.bool_]


class _Counted:
    """Notes faults of one column: the first few in full, then how many more."""

    def __init__(self, column: Column, where: str, faults: Faults) -> None:
        self.column, self.where, self.faults = column, where, faults
        self.count: dict[str, int] = {}

    def add(self, what: str, row: int, found: object, hint: str = "") -> None:
        self.count[what] = self.count.get(what, 0) + 1
        if self.count[what] <= SHOWN:
            where = f"{self.where} row {row + 2}, column {self.column.name}"
            self.faults.add(what, where, found=repr(found), expected=self.column.expected, hint=hint)

    def close(self) -> None:
        for what, times in self.count.items():
            if times > SHOWN:
                self.faults.add(
                    f"{what}: the same in {times - SHOWN} more rows",
                    f"{self.where} column {self.column.name}",
                )


def check_table(
    table: Table, header: Sequence[str], rows: Sequence[Sequence[str]], faults: Faults, file: str = ""
) -> dict[str, Cells]:
    """
    Read a table and note every fault.

    Parameters
    ----------
    table : Table
        What the columns should be.
    header : sequence of str
        Names found in the first line.
    rows : sequence of sequence of str
        Cells as text, as wide as the header; the first stands in line 2 of the file.
    faults : Faults
        Receives what is wrong.
    file : str, default: ""
        Name of the file for messages; the table's own if empty.

    Returns
    -------
    dict of str to Cells
        One entry a declared column, faulty cells at their default.
    """
    file = file or table.file
    _check_header(table, header, file, faults)
    place = {name: position for position, name in reversed(list(enumerate(header)))}
    cells = {}
    for column in table.columns:
        counted = _Counted(column, file, faults)
        texts = [row[place[column.name]].strip() for row in rows] if column.name in place else [""] * len(rows)
        cells[column.name] = _read_column(column, texts, column.name in place, counted)
        counted.close()
    return cells


def _check_header(table: Table, header: Sequence[str], file: str, faults: Faults) -> None:
    where = f"{file} row 1"
    if len(header) == 1 and re.search(r"[;\t]", header[0]):
        faults.add(
            "cells are not separated by commas",
            where,
            found=repr(header[0][:60]),
            expected="a comma between cells",
            hint="save the table as 'CSV UTF-8 (comma delimited)'",
        )
        return
    for name in dict.fromkeys(header):
        if header.count(name) > 1:
            faults.add("the same column twice", where, found=name)
        if name not in table.names:
            faults.add(
                "unknown column",
                where,
                found=repr(name),
                expected="a column of the reference page",
                hint=did_you_mean(name, [n for n in table.names if n not in header]),
            )
    for column in table.columns:
        if column.needed and column.name not in header:
            near = did_you_mean(column.name, [n for n in header if n not in table.names])
            faults.add(
                "missing column",
                where,
                found=", ".join(header)[:120],
                expected=f"{column.name}: {column.expected}",
                hint=near,
            )


def _read_column(column: Column, texts: list[str], present: bool, counted: _Counted) -> Cells:
    given = np.array([bool(text) for text in texts], dtype=bool)
    if column.needed and present:
        for row in np.flatnonzero(~given).tolist():
            counted.add("empty cell", row, "")
    values, bad = _READERS[column.kind](column, texts, given, counted)
    given &= ~bad
    if column.default is not None and not column.needed:
        for row in np.flatnonzero(~given).tolist():
            values[row] = column.default
    return Cells(values=values, given=given)


Read = tuple[NDArray[Any], NDArray[np.bool_]]


def _read_text(column: Column, texts: list[str], given: NDArray[np.bool_], counted: _Counted) -> Read:
    values = np.array(texts, dtype=object)
    if column.kind == "id":
        first: dict[str, int] = {}
        for row in np.flatnonzero(given).tolist():
            if first.setdefault(texts[row], row) != row:
                counted.add(
                    f"duplicate id, first in row {first[texts[row]] + 2}" if len(texts) < 50 else "duplicate id",
                    row,
                    texts[row],
                )
    return values, np.zeros(len(texts), dtype=bool)


def _read_number(column: Column, texts: list[str], given: NDArray[np.bool_], counted: _Counted) -> Read:
    whole = column.kind == "int"
    values = np.zeros(len(texts), dtype=np.int64 if whole else np.float64)
    bad = np.zeros(len(texts), dtype=bool)
    for row in np.flatnonzero(given).tolist():
        what, number = _number(column, texts[row], whole)
        if what:
            bad[row] = True
            counted.add(what, row, texts[row])
        else:
            values[row] = number
    return values, bad


def _number(column: Column, text: str, whole: bool) -> tuple[str, float | int]:
    """Read one number; the first part says what is wrong with it, or nothing."""
    if "_" in text:  # Python reads 1_000; nobody means it in a table
        return "not a number", 0
    try:
        number: float | int = int(text.split(".")[0]) if whole and _WHOLE.fullmatch(text) else float(text)
    except ValueError:
        return "not a number", 0
    if number != number or number in (float("inf"), float("-inf")):
        return "not a finite number", 0
    if whole and not isinstance(number, int):
        return "not a whole number", 0
    return _out_of_range(column, number), number


def _out_of_range(column: Column, number: float) -> str:
    if column.above is not None and not number > column.above:
        return "negative or zero" if column.above == 0 else "too small"
    if column.low is not None and number < column.low:
        return "negative" if number < 0 and column.low == 0 else "too small"
    return "too large" if column.high is not None and number > column.high else ""


def _read_words(column: Column, texts: list[str], given: NDArray[np.bool_], counted: _Counted) -> Read:
    several = column.kind == "set"
    values = np.empty(len(texts), dtype=object)
    bad = np.zeros(len(texts), dtype=bool)
    for row, text in enumerate(texts):
        words = [word.strip() for word in text.split("+")] if several else [text]
        values[row] = tuple(words) if several and text else (() if several else text)
        for word in words if given[row] else ():
            if word not in column.choices:
                bad[row] = True
                counted.add(
                    f"unknown {column.name.rstrip('s') if several else column.name}",
                    row,
                    word,
                    did_you_mean(word, column.choices),
                )
    return values, bad


def _read_flag(column: Column, texts: list[str], given: NDArray[np.bool_], counted: _Counted) -> Read:
    values = np.zeros(len(texts), dtype=np.uint8)
    bad = np.zeros(len(texts), dtype=bool)
    for row in np.flatnonzero(given).tolist():
        flag = _FLAGS.get(texts[row].lower())
        values[row] = flag or 0
        if flag is None:
            bad[row] = True
            counted.add("neither 1 nor 0", row, texts[row])
    return values, bad


def _read_date(column: Column, texts: list[str], given: NDArray[np.bool_], counted: _Counted) -> Read:
    values = np.full(len(texts), "NaT", dtype="datetime64[D]")
    bad = np.zeros(len(texts), dtype=bool)
    for row in np.flatnonzero(given).tolist():
        try:
            values[row] = date.fromisoformat(texts[row])
        except ValueError:
            bad[row] = True
            counted.add("not a date", row, texts[row])
    return values, bad


_READERS = {
    "text": _read_text,
    "id": _read_text,
    "hours": _read_text,
    "int": _read_number,
    "number": _read_number,
    "choice": _read_words,
    "set": _read_words,
    "flag": _read_flag,
    "date": _read_date,
}


def unknown_words(found: Iterable[str], known: Iterable[str], where: str, faults: Faults) -> None:
    """
    Note keys that nobody reads.

    Parameters
    ----------
    found : iterable of str
        Keys as written.
    known : iterable of str
        Keys that are read.
    where : str
        File and key path.
    faults : Faults
        Receives one fault a key.
    """
    known = list(known)
    for word in found:
        if word not in known:
            faults.add(
                "unknown key",
                f"{where}.{word}" if where else word,
                found=word,
                expected="one of " + ", ".join(known),
                hint=did_you_mean(word, known),
            )
