"""Kept units: what finished units can be found in memory or in a run folder, scenario by scenario."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from circlesim.experiments.cast import Cast, cast_from, recast
from circlesim.experiments.unit_file import DamagedUnitError, Tables, UnitFile, open_unit

UNITS = "units"
"""Folder of a run folder with the finished units, one folder a cast."""

CAST = "cast.json"
"""File in the folder of a cast that says which scenarios it holds."""


class MemoryStore:
    """Keeps units in memory; for runs that leave no folder."""

    def __init__(self) -> None:
        self._units: dict[str, list[tuple[Cast, Tables]]] = {}

    def missing(self, unit: str, wanted: Cast) -> tuple[int, ...]:
        """
        Tell which scenarios of a unit are not finished.

        Parameters
        ----------
        unit : str
            Name of the unit.
        wanted : Cast
            The scenarios asked for.

        Returns
        -------
        tuple of int
            Their positions; empty for a finished unit.
        """
        there = self._casts(unit)
        return tuple(
            j for j, address in enumerate(wanted.addresses)
            if all(cast.place(address, first=j == 0) is None for cast in there)
        )  # fmt: skip

    def _casts(self, unit: str) -> Sequence[Cast]:
        return [cast for cast, _ in self._units.get(unit, ())]

    def write(self, unit: str, cast: Cast, tables: Tables, seconds: float = 0.0) -> None:
        """
        Keep the tables of a unit.

        Parameters
        ----------
        unit : str
            Name of the unit.
        cast : Cast
            The scenarios in it.
        tables : mapping of str to DataFrame
            Its tables.
        seconds : float, default: 0.0
            How long it took.
        """
        self._units.setdefault(unit, []).append((cast, dict(tables)))

    def read(self, unit: str, wanted: Cast) -> Tables:
        """
        Return the tables of a finished unit.

        Parameters
        ----------
        unit : str
            Name of the unit.
        wanted : Cast
            The scenarios asked for.

        Returns
        -------
        mapping of str to DataFrame
            Its tables.
        """
        return recast(wanted, self._units[unit])


class FolderReader(MemoryStore):
    """
    Reads the finished units of a run folder; writes nothing.

    Each cast of scenarios has a folder of its own below ``units``, so that scenarios can be added.

    Parameters
    ----------
    run : Path
        The run folder.
    """

    def __init__(self, run: Path) -> None:
        super().__init__()
        self.run = run
        self._known: dict[Path, Cast] = {}
        self._sound: set[Path] = set()
        self._looked_at = 0

    def casts(self) -> dict[Path, Cast]:
        """
        List the casts of the folder.

        Returns
        -------
        dict of Path to Cast
            By folder, in the order of their names.
        """
        units = self.run / UNITS
        now = units.stat().st_mtime_ns if units.is_dir() else 0
        if now != self._looked_at:
            folders = sorted(path for path in units.glob("*") if path.is_dir())
            for folder in folders:
                if folder not in self._known and (folder / CAST).is_file():
                    self._known[folder] = cast_from(json.loads((folder / CAST).read_text("utf-8")))
            if len(self._known) == len(folders):  # else one is being made: look again
                self._looked_at = now
        return dict(sorted(self._known.items()))

    def holds(self, unit: str, wanted: Cast) -> bool:
        """
        Tell whether a unit is finished and whole.

        Parameters
        ----------
        unit : str
            Name of the unit.
        wanted : Cast
            The scenarios asked for.

        Returns
        -------
        bool
            True where its tables can be read.
        """
        return not self.missing(unit, wanted)

    def newest(self, count: int) -> list[UnitFile]:
        """
        Open the units finished last.

        Parameters
        ----------
        count : int
            How many at most.

        Returns
        -------
        list of UnitFile
            Those that can be opened.
        """
        files = [(file.stat().st_mtime, file) for file in (self.run / UNITS).glob("*/[!.]*.zip")]
        return [UnitFile(file) for _, file in sorted(files)[-count:] if self._is_sound(file)]

    def read(self, unit: str, wanted: Cast) -> Tables:
        """
        Return the tables of a finished unit, read from the disk as they are looked at.

        Parameters
        ----------
        unit : str
            Name of the unit.
        wanted : Cast
            The scenarios asked for.

        Returns
        -------
        mapping of str to DataFrame
            Its tables.
        """
        return recast(wanted, [(cast, UnitFile(file)) for cast, file in self._files(unit)])

    def _casts(self, unit: str) -> Sequence[Cast]:
        return [cast for cast, _ in self._files(unit)]

    def _files(self, unit: str) -> list[tuple[Cast, Path]]:
        """Files of a unit that are whole."""
        there = [(cast, folder / f"{unit}.zip") for folder, cast in self.casts().items()]
        return [(cast, file) for cast, file in there if self._is_sound(file)]

    def _is_sound(self, file: Path) -> bool:
        """Whether a file is there and as it was written; looked at once."""
        if file in self._sound:
            return True
        if not file.is_file():
            return False
        try:
            open_unit(file)
        except DamagedUnitError:
            self._is_damaged(file)
            return False
        self._sound.add(file)
        return True

    def _is_damaged(self, file: Path) -> None:
        """Take note of a damaged file; to a reader it is missing."""
