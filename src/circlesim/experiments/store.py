"""Store: finished units, each in one file that is written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from circlesim.errors import ConfigError, Fault, RunError
from circlesim.experiments.cast import Cast, cast_from, recast
from circlesim.experiments.locks import Lock, try_lock
from circlesim.experiments.unit_file import DamagedUnitError, Tables, UnitFile, making_path, open_unit, write_unit

STAMP = "run.json"
"""File by which a run folder is known; holds the digest of what all its units share."""
UNITS, CLAIMS, FAILED, DAMAGED = "units", "claims", "failed", "damaged"
"""Folders of a run folder: finished units by cast, units at work, units that failed, files found damaged."""


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


class FolderStore(MemoryStore):
    """
    Keeps units as files below a run folder, one writer each.

    A unit is written to a file of another name, flushed to the disk, and renamed: what a reader sees under the
    unit's name is complete. Each cast of scenarios has a folder of its own, so that scenarios can be added.

    Parameters
    ----------
    run : Path
        The run folder.
    digest : str
        Digest of everything that all units share; see `cast.setting`.

    Raises
    ------
    ConfigError
        If the folder holds another experiment.
    """

    def __init__(self, run: Path, digest: str) -> None:
        super().__init__()
        self.run = run
        self._known: dict[Path, Cast] = {}
        self._sound: set[Path] = set()
        _claim(run, digest)
        (run / UNITS).mkdir(parents=True, exist_ok=True)

    def casts(self) -> dict[Path, Cast]:
        """
        List the casts of the folder.

        Returns
        -------
        dict of Path to Cast
            By folder, in the order of their names.
        """
        for file in sorted((self.run / UNITS).glob("*/cast.json")):
            if file.parent not in self._known:
                self._known[file.parent] = cast_from(json.loads(file.read_text("utf-8")))
        return self._known

    def _files(self, unit: str) -> list[tuple[Cast, Path]]:
        """Files of a unit that are whole; what is damaged is put aside, to be run again."""
        there = [(cast, folder / f"{unit}.zip") for folder, cast in self.casts().items()]
        return [(cast, file) for cast, file in there if self._is_sound(file)]

    def _is_sound(self, file: Path) -> bool:
        if file in self._sound:
            return True
        if not file.is_file():
            return False
        try:
            open_unit(file)
        except DamagedUnitError:
            self._put_aside(file)
            return False
        self._sound.add(file)
        return True

    def _put_aside(self, file: Path) -> None:
        aside = self.run / DAMAGED
        aside.mkdir(exist_ok=True)
        file.replace(aside / f"{file.parent.name}-{file.name}")

    def _casts(self, unit: str) -> Sequence[Cast]:
        return [cast for cast, _ in self._files(unit)]

    def claim(self, unit: str) -> Lock | None:
        """
        Claim a unit, so that no other runner begins it.

        Parameters
        ----------
        unit : str
            Name of the unit.

        Returns
        -------
        Lock or None
            None where another runner is at it. What a dead runner had claimed is free.
        """
        return try_lock(self.run / CLAIMS / unit)

    def write(self, unit: str, cast: Cast, tables: Tables, seconds: float = 0.0) -> None:
        """See `MemoryStore.write`; a unit that is there already is left as it is, and must be the same."""
        folder = self.run / UNITS / cast.digest
        if folder not in self.casts():
            folder.mkdir(parents=True, exist_ok=True)
            write_json(folder / "cast.json", cast.to_dict())
        path = folder / f"{unit}.zip"
        for old in folder.glob(f".{path.name}.*"):
            old.unlink(missing_ok=True)  # of a runner that was killed: this one holds the claim
        if path.exists():
            _same(path, tables)
            return
        write_unit(path, tables, {"unit": unit, "scenarios": list(cast.names), "seconds": round(seconds, 3)})
        flush(folder)
        self._sound.add(path)
        (self.run / FAILED / f"{unit}.json").unlink(missing_ok=True)

    def note_failure(self, unit: str, facts: Mapping[str, Any]) -> None:
        """
        Write down that a unit failed; a later success takes the note away.

        Parameters
        ----------
        unit : str
            Name of the unit.
        facts : mapping
            Stage, exception, message, traceback and the command that runs it again.
        """
        write_json(self.run / FAILED / f"{unit}.json", facts)

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


def _same(path: Path, tables: Tables) -> None:
    """Refuse a unit that came out otherwise than when it was run before."""
    before = UnitFile(path)
    beside = making_path(path)
    write_unit(beside, tables, {})
    now = UnitFile(beside).contents["tables"]
    beside.unlink()
    differing = sorted(name for name in now if now[name] != before.contents["tables"].get(name))
    if differing:
        fault = Fault(what="the same unit came out differently when it was run a second time", where=str(path),
                      found=", ".join(differing), expected="the same tables to the last digit")  # fmt: skip
        raise RunError("the run is not reproducible on this machine", [fault])


def flush(path: Path) -> None:
    """
    Have the operating system put a file or folder on the disk.

    Parameters
    ----------
    path : Path
        What to flush; folders are passed over where the system cannot flush them.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def write_text(path: Path, text: str) -> None:
    """
    Write a text file whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    text : str
        Its content.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    making = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        making.write_text(text, encoding="utf-8", newline="\n")
        flush(making)
        making.replace(path)
    except OSError:
        making.unlink(missing_ok=True)
        raise


def write_json(path: Path, body: Mapping[str, Any]) -> None:
    """
    Write a JSON file whole or not at all.

    Parameters
    ----------
    path : Path
        The file.
    body : mapping
        Its content.
    """
    write_text(path, json.dumps(body, indent=1, ensure_ascii=False, default=str) + "\n")


def _claim(run: Path, digest: str) -> None:
    """Stamp a new run folder, or make sure that an old one is ours."""
    stamp = run / STAMP
    if stamp.exists():
        try:
            found = json.loads(stamp.read_text("utf-8"))["digest"]
        except (OSError, ValueError, KeyError, TypeError):
            found = "(damaged)"
        if found != digest:
            fault = Fault(
                what="this folder holds the run of another experiment, world, parameters or rules", where=str(run),
                found=f"digest {found}", expected=f"digest {digest}",
                hint="name another folder with --out, or delete this one",
            )  # fmt: skip
            raise ConfigError("the run cannot be resumed", [fault])
        return
    if (run / "manifest.json").exists() or (run / "units").exists():
        fault = Fault(what="this folder holds something else", where=str(run), expected="an empty or new folder")
        raise ConfigError("the run cannot be started here", [fault])
    write_json(stamp, {"digest": digest})
