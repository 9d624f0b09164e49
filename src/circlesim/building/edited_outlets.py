"""Edited outlets: outlets added, moved, closed and corrected in the rows of ``facilities.csv``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from circlesim.building.changes import AddOutlet, Edits, MoveOutlet, Rehour, SetCells
from circlesim.building.rows import Rows
from circlesim.errors import Faults, WorldError, did_you_mean
from circlesim.schema import FACILITIES
from circlesim.world.format_table import folder_formats
from circlesim.world.hours import read_hours


class EditedOutlets:
    """
    The outlets of a folder while a file corrects them.

    Parameters
    ----------
    path : Path
        ``facilities.csv``.
    closed : iterable of str
        Ids earlier edits took out; ids are never used again.
    faults : Faults
        Receives ids that do not exist, and entries that contradict each other.
    """

    def __init__(self, path: Path, closed: Iterable[str], faults: Faults) -> None:
        self.rows, self.faults = Rows(path, faults), faults
        self.place = {name: row for row, name in reversed(list(enumerate(self.rows.column("facility"))))}
        self.formats = folder_formats(path.parent, faults)
        self.gone = set(closed)
        self.closed: set[str] = set()
        self.said: list[str] = []
        self._written: dict[tuple[str, str], str] = {}

    def apply(self, edits: Edits) -> None:
        """
        Apply all entries about outlets.

        Parameters
        ----------
        edits : Edits
            The file.
        """
        for new in edits.add:
            self._add(new)
        for moved in edits.move:
            self._correct(moved, moved.place.cells(), "moved")
        # A format speaks of all its outlets, so an entry about one outlet has the last word whatever its place.
        for one in edits.rehour:
            if one.facility:
                self._rehour(one)
        for facts in edits.set:
            self._set(facts)
        for every in edits.rehour:
            if every.format:
                self._rehour(every)
        for end in edits.close:
            self._close(end.facility, end.on, end.where)
        self.rows.drop({self.place[name] for name in self.closed})

    def _add(self, new: AddOutlet) -> None:
        cells = {"facility": new.facility, **new.place.cells(), **new.cells}
        if new.facility in self.gone:
            self.faults.add(
                "ids are never used again",
                new.where,
                found=f"'{new.facility}'",
                expected="an id no outlet ever had; this one was closed by an earlier edit",
            )
            return
        self._check_format(new.cells.get("format", ""), f"{new.where}.format")
        self._check_cells(new.cells, new.where)
        if new.facility not in self.place:
            self.place[new.facility] = len(self.rows.rows)
            self.rows.add(cells, new.where)
            self._claim(new.facility, cells, new.where)
            self.said.append(f"added {new.facility} ({new.cells.get('format', '')})")
            return
        row = self.rows.rows[self.place[new.facility]]
        if any(row.get(name, "").strip() != text for name, text in cells.items()):
            self.faults.add(
                "an outlet of this id is there, with other facts",
                new.where,
                found=f"'{new.facility}'",
                expected="an id of its own, or an entry under set or move",
            )
        self._claim(new.facility, cells, new.where)

    def _correct(self, entry: MoveOutlet | SetCells | Rehour, cells: Mapping[str, str], word: str) -> None:
        position = self._find(entry.facility, entry.where)
        if position is None:
            return
        self._claim(entry.facility, cells, entry.where)
        if self.rows.put(position, cells, entry.where):
            self.said.append(f"{word} {entry.facility}")

    def _rehour(self, entry: Rehour) -> None:
        self._check_hours(entry.hours, f"{entry.where}.hours")
        if entry.facility:
            self._correct(entry, {"hours": entry.hours}, "new hours of")
            return
        if not self._check_format(entry.format, f"{entry.where}.format"):
            return
        every = zip(self.rows.column("facility"), self.rows.column("format"), strict=True)
        mine = {row: name for row, (name, kind) in enumerate(every) if kind == entry.format}
        if not mine:
            self.faults.add(
                "no outlet of this format is there",
                f"{entry.where}.format",
                found=f"'{entry.format}'",
                expected="one of " + ", ".join(sorted(set(self.rows.column("format")))),
            )
        # An outlet this file gives hours of its own keeps them.
        general = [row for row, name in mine.items() if (name, "hours") not in self._written]
        changed = [self.rows.put(row, {"hours": entry.hours}, entry.where) for row in general]
        if any(changed):
            self.said.append(f"new hours of outlets of format {entry.format}: {sum(changed)}")

    def _set(self, entry: SetCells) -> None:
        self._check_cells(entry.cells, entry.where)
        if "format" in entry.cells:
            self._check_format(entry.cells["format"], f"{entry.where}.format")
        self._correct(entry, entry.cells, "corrected " + ", ".join(entry.cells) + " of")

    def _close(self, facility: str, on: str, where: str) -> None:
        if facility in self.gone and not on:
            return
        position = self._find(facility, where)
        if position is None:
            return
        if on:
            self._claim(facility, {"closed": on}, where)
            if self.rows.put(position, {"closed": on}, where):
                self.said.append(f"closed {facility} from {on}")
            return
        earlier = next((entry for (name, _), entry in self._written.items() if name == facility), "")
        if earlier:
            self.faults.add(
                "an outlet that is not there cannot be changed too",
                where,
                found=f"'{facility}'",
                expected=f"either this entry or {earlier}",
            )
        self.closed.add(facility)
        self.said.append(f"took out {facility}")

    def _find(self, facility: str, where: str) -> int | None:
        """Row of an outlet; what does not exist is a fault that names what may have been meant."""
        if facility in self.place:
            return self.place[facility]
        names = dict(zip(self.rows.column("name"), self.rows.column("facility"), strict=True))
        hint = did_you_mean(facility, self.place)
        if facility in names:
            hint = f"that is the name of outlet '{names[facility]}'"
        elif facility in self.gone:
            hint = "an earlier edit took it out"
        self.faults.add(
            "no outlet has this id", where, found=f"'{facility}'", expected="an id of facilities.csv", hint=hint
        )
        return None

    def _claim(self, facility: str, cells: Mapping[str, str], where: str) -> None:
        """Note who writes which cell: two entries may not fight over one."""
        for name in cells:
            earlier = self._written.setdefault((facility, name), where)
            if earlier != where:
                self.faults.add(
                    "changed twice by one file",
                    f"{where}.{name}",
                    found=f"'{facility}'",
                    expected=f"this entry or {earlier}, not both",
                )
                return

    def _check_format(self, name: str, where: str) -> bool:
        if name not in self.formats:
            self.faults.add(
                "no such format",
                where,
                found=f"'{name}'",
                expected="see: circlesim show formats",
                hint=did_you_mean(name, self.formats.ids),
            )
        return name in self.formats

    def _check_cells(self, cells: Mapping[str, str], where: str) -> None:
        for name in cells:
            if name not in FACILITIES.names:
                self.faults.add(
                    "no such column",
                    f"{where}.{name}",
                    found=f"'{name}'",
                    expected="a column of facilities.csv",
                    hint=did_you_mean(name, FACILITIES.names),
                )
        if cells.get("hours"):
            self._check_hours(cells["hours"], f"{where}.hours")

    def _check_hours(self, text: str, where: str) -> None:
        try:
            read_hours(text, where)
        except WorldError as error:
            self.faults.extend(error.faults)
