"""Sheet: a CSV file as header and text cells; a file that is none ends in a fault, not in a traceback."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from circlesim.errors import Faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    Text of a table.

    Parameters
    ----------
    header : tuple of str
        First line.
    rows : tuple of tuple of str
        The other lines, each as wide as the header.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_text(path: Path, faults: Faults) -> str | None:
    """
    Read a text file.

    Parameters
    ----------
    path : Path
        File.
    faults : Faults
        Receives: missing, a folder, empty, binary, not UTF-8.

    Returns
    -------
    str or None
        The text, or None where there is a fault.
    """
    where = path.name
    if not path.is_file():
        faults.add(
            "missing file",
            where,
            found="a folder" if path.is_dir() else "nothing",
            expected=f"a file {where} in {path.parent}",
        )
        return None
    raw = path.read_bytes()
    if b"\0" in raw or raw[:2] == b"PK":
        faults.add(
            "a binary file, not a table of text",
            where,
            found=repr(raw[:8]),
            expected="plain text (UTF-8)",
            hint="a spreadsheet must be saved as 'CSV UTF-8 (comma delimited)'",
        )
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        faults.add(
            "not written in UTF-8",
            where,
            found=f"byte {raw[error.start]:#x} at {error.start}",
            expected="UTF-8 text",
            hint="save it as 'CSV UTF-8'; GBK and Latin-1 are not read",
        )
        return None
    if not text.strip():
        faults.add(
            "empty file",
            where,
            found="no text",
            expected="a header line and rows" if path.suffix == ".csv" else "text",
        )
        return None
    return text


def read_sheet(path: Path, faults: Faults) -> Sheet | None:
    """
    Read a CSV file.

    Parameters
    ----------
    path : Path
        File.
    faults : Faults
        Receives what is wrong with the file as a whole, and rows of another width than the header.

    Returns
    -------
    Sheet or None
        Header and rows; None where the file cannot be read at all.
    """
    text = read_text(path, faults)
    if text is None:
        return None
    try:
        lines = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        faults.add("not a table of comma-separated cells", path.name, found=str(error), expected="CSV, UTF-8")
        return None
    header = tuple(name.strip() for name in lines[0])
    rows, narrow = [], 0
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(header) and any(line):
            narrow += 1
            if narrow <= 5:
                faults.add(
                    "a row of another width than the header",
                    f"{path.name} row {number}",
                    found=f"{len(line)} cells",
                    expected=f"{len(header)} cells",
                )
        if any(line):
            rows.append(tuple(map(unguarded, (line + [""] * len(header))[: len(header)])))
    if not rows:
        faults.add("no rows below the header", path.name, found="a header only", expected="at least one row")
    return Sheet(header=header, rows=tuple(rows))


def write_sheet(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """
    Write a CSV file; numbers in the shortest text that reads back to the same number.

    Parameters
    ----------
    path : Path
        File.
    header : sequence of str
        First line.
    rows : iterable of sequence
        Cells; floats that are whole numbers lose their point.
    """
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_cell(value) for value in row] for row in rows)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return repr(float(value)).removesuffix(".0")
    return guarded(value) if isinstance(value, str) else str(value)


_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def guarded(text: str) -> str:
    """
    Put a quote before a text that a spreadsheet would take for a formula.

    Parameters
    ----------
    text : str
        A cell; what is a plain number stays as it is.

    Returns
    -------
    str
        A cell that is shown, and never computed; `unguarded` undoes it.
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguarded(text: str) -> str:
    """
    Take off the quote that keeps a text from being a formula.

    Parameters
    ----------
    text : str
        A cell as it stands in a file.

    Returns
    -------
    str
        The text that was meant.
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text
