"""Edit file: a small TOML file of corrections, checked as a whole."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from circlesim.building.changes import (
    ORDER,
    AddOutlet,
    AddStreet,
    CloseOutlet,
    Edits,
    MoveOutlet,
    Place,
    Rehour,
    SetCells,
    TurnGate,
)
from circlesim.config.document import read_document
from circlesim.config.toml_text import toml_value
from circlesim.errors import ConfigError, Faults, did_you_mean

EXPECTED = 'corrections such as  [[close]]  id = "shop-17"; see docs/how-to/correct-a-world.md'

_PLACE = ("node", "lon", "lat")
_GATE = ("gate", "edge", "lon", "lat")
_TEXT, _DATE, _NUMBER, _NODE, _EDGE = (
    "text in quotes",
    "a date, such as 2024-05-01",
    "a number",
    "a node",
    "[node, node]",
)
_KINDS = {
    "id": _TEXT,
    "format": _TEXT,
    "hours": _TEXT,
    "name": _TEXT,
    "gate": _TEXT,
    "on": _DATE,
    "lon": _NUMBER,
    "lat": _NUMBER,
    "length_m": _NUMBER,
    "node": _NODE,
    "from": _NODE,
    "to": _NODE,
    "edge": _EDGE,
}
"""What a key holds; any other key is a column of ``facilities.csv``."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One entry of the file with its place in it."""

    where: str
    table: Mapping[str, Any]

    def text(self, key: str) -> str:
        return str(self.table.get(key, ""))

    def place(self) -> Place:
        lon, lat = (None if name not in self.table else float(self.table[name]) for name in ("lon", "lat"))
        return Place(node=self.table.get("node"), lon=lon, lat=lat)

    def cells(self, *others: str) -> dict[str, str]:
        return {name: _cell(value) for name, value in self.table.items() if name not in others}


def read_edits(path: Path) -> Edits:
    """
    Read an edit file and check its shape.

    Parameters
    ----------
    path : Path
        TOML.

    Returns
    -------
    Edits
        Its entries; whether outlets, gates and formats exist is seen when they are applied.

    Raises
    ------
    ConfigError
        Listing every fault: keys nobody knows, values of another kind, entries without a place.
    """
    faults = Faults(f"{path}: not a usable edit file", ConfigError)
    document = _document(path, faults)
    faults.raise_if_any()
    source = document.pop("source", "")
    if not isinstance(source, str):
        faults.add("wrong kind of value", "source", found=repr(source), expected=_TEXT)
    entries = {kind: list(_entries(document, kind, faults)) for kind in ORDER}
    for key in document:
        if key not in ORDER:
            faults.add(
                "unknown kind of correction",
                str(key),
                expected="one of source, " + ", ".join(ORDER),
                hint=did_you_mean(key, ("source", *ORDER)),
            )
    if not any(entries.values()) and not faults:
        faults.add("the file corrects nothing", path.name, expected=EXPECTED)
    faults.raise_if_any()
    return _edits(path, source, entries)


def _document(path: Path, faults: Faults) -> dict[str, Any]:
    """Read the TOML; what a reader of experiments would expect is said of edits instead."""
    try:
        return read_document(path)
    except ConfigError as error:
        said = ("an experiment", "key = value")
        faults.extend(
            replace(
                each,
                expected=EXPECTED if each.expected.startswith(said) else each.expected,
                hint=""
                if "experiment" in each.hint or "show schema" in each.hint or "scenarios" in each.hint
                else each.hint,
            )
            for each in error.faults
        )
        return {}


def _entries(document: Mapping[str, Any], kind: str, faults: Faults) -> Iterator[_Entry]:
    """Entries of one kind that have the right shape."""
    listed = document.get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        faults.add(
            "wrong kind of value", kind, found=toml_value(listed)[:60], expected=f"entries under [[{kind}]]"
        )
        return
    for position, table in enumerate(listed):
        entry, before = _Entry(f"{kind}[{position}]", table), len(list(faults))
        _check_values(entry, faults)
        _check_keys(kind, entry, faults)
        if len(list(faults)) == before:
            yield entry


def _check_values(entry: _Entry, faults: Faults) -> None:
    for key, value in entry.table.items():
        kind = _KINDS.get(key, "")
        if not _fits(kind, value):
            expected = kind or "text, a number, true or false, a date, or a list of texts"
            faults.add("wrong kind of value", f"{entry.where}.{key}", found=repr(value)[:60], expected=expected)
    for key, reach in (("lon", 180), ("lat", 90)):
        value = entry.table.get(key, 0)
        if _fits(_NUMBER, value) and not abs(value) <= reach:
            faults.add(
                "not a degree",
                f"{entry.where}.{key}",
                found=repr(value),
                expected=f"-{reach} to {reach}",
                hint="are lon and lat swapped?" if key == "lat" and abs(value) <= 180 else "",
            )


def _fits(kind: str, value: object) -> bool:
    if kind == _TEXT:
        return isinstance(value, str) and bool(value.strip())
    if kind == _NODE:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == _NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind == _DATE:
        return type(value) is date
    if kind == _EDGE:
        return isinstance(value, list) and len(value) == 2 and all(_fits(_NODE, each) for each in value)
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int | float) or type(value) is date


def _check_keys(kind: str, entry: _Entry, faults: Faults) -> None:
    needed, allowed = _SHAPES[kind]
    for key in needed:
        if key not in entry.table:
            faults.add(
                "missing key", f"{entry.where}.{key}", expected=_KINDS[key], hint=did_you_mean(key, entry.table)
            )
    if allowed is not None:
        for key in entry.table:
            if key not in (*needed, *allowed):
                faults.add(
                    "unknown key",
                    f"{entry.where}.{key}",
                    found=f"'{key}'",
                    expected="one of " + ", ".join((*needed, *allowed)),
                    hint=did_you_mean(key, (*needed, *allowed)),
                )
    if kind in _ONE_OF:
        _check_one(entry, _ONE_OF[kind], faults)


def _check_one(entry: _Entry, ways: tuple[tuple[str, ...], ...], faults: Faults) -> None:
    """Check that an entry names its object in exactly one way, and that way whole."""
    keys = {key for way in ways for key in way}
    given = keys & set(entry.table)
    if not any(given == set(way) for way in ways):
        expected = ", or ".join(" and ".join(way) for way in ways)
        faults.add(
            "it is not clear what is meant",
            entry.where,
            found=" and ".join(sorted(given)) or "none of " + ", ".join(sorted(keys)),
            expected=expected,
        )


_SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...] | None]] = {
    "add": (("format",), None),
    "move": (("id",), _PLACE),
    "rehour": (("hours",), ("id", "format")),
    "set": (("id",), None),
    "close": (("id",), ("on",)),
    "add_street": (("from", "to"), ("length_m",)),
    "open_gate": ((), _GATE),
    "lock_gate": ((), _GATE),
}
"""Keys an entry needs, and others it may have; None where any column of ``facilities.csv`` may stand."""

_ONE_OF: dict[str, tuple[tuple[str, ...], ...]] = {
    "add": (("node",), ("lon", "lat")),
    "move": (("node",), ("lon", "lat")),
    "rehour": (("id",), ("format",)),
    "open_gate": (("gate",), ("edge",), ("lon", "lat")),
    "lock_gate": (("gate",), ("edge",), ("gate", "edge"), ("lon", "lat")),
}


def _edits(path: Path, source: str, entries: Mapping[str, list[_Entry]]) -> Edits:
    def of(kind: str, make: Callable[[_Entry], Any]) -> tuple[Any, ...]:
        return tuple(map(make, entries[kind]))

    return Edits(
        file=path.name,
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        source=source,
        add=of("add", _added),
        move=of("move", lambda e: MoveOutlet(where=e.where, facility=e.text("id"), place=e.place())),
        rehour=of(
            "rehour",
            lambda e: Rehour(where=e.where, facility=e.text("id"), format=e.text("format"), hours=e.text("hours")),
        ),
        set=of("set", lambda e: SetCells(where=e.where, facility=e.text("id"), cells=e.cells("id"))),
        close=of("close", lambda e: CloseOutlet(where=e.where, facility=e.text("id"), on=e.text("on"))),
        add_street=of(
            "add_street",
            lambda e: AddStreet(
                where=e.where, ends=(e.table["from"], e.table["to"]), length_m=e.table.get("length_m")
            ),
        ),
        gates=(
            *of("open_gate", lambda e: _gate(e, locked=False)),
            *of("lock_gate", lambda e: _gate(e, locked=True)),
        ),
    )


def _added(entry: _Entry) -> AddOutlet:
    cells = entry.cells("id", *_PLACE)
    place = entry.place()
    # Without an id of its own an outlet is named by what the entry says, so that the same file names it the same.
    content = "\x1f".join([*place.cells().values(), *(f"{k}={v}" for k, v in sorted(cells.items()))])
    name = entry.text("id") or f"{cells['format']}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
    return AddOutlet(where=entry.where, facility=name, place=place, cells=cells)


def _gate(entry: _Entry, *, locked: bool) -> TurnGate:
    edge, place = entry.table.get("edge"), entry.place()
    return TurnGate(
        where=entry.where,
        locked=locked,
        gate=entry.text("gate"),
        lon=place.lon,
        lat=place.lat,
        edge=(edge[0], edge[1]) if edge else None,
    )


def _cell(value: Any) -> str:
    """A value as the cell of a table."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, list):
        return "+".join(value)
    return value.strip() if isinstance(value, str) else str(value)
