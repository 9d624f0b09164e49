"""Store: finished units, each in one file that is written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from circlesim.errors import ConfigError, Fault, RunError
from circlesim.experiments.cast import Cast
from circlesim.experiments.kept_units import CAST, UNITS, FolderReader
from circlesim.experiments.locks import Lock, is_held, try_lock
from circlesim.experiments.unit_file import Tables, UnitFile, making_path, write_unit

STAMP = "run.json"
"""File by which a run folder is known; holds the digest of what all its units share."""
CLAIMS, FAILED, DAMAGED = "claims", "failed", "damaged"
"""Folders of a run folder: units at work, units that failed, files found damaged."""


class FolderStore(FolderReader):
    """
    Keeps units as files below a run folder, one writer each.

    A unit is written to a file of another name, flushed to the disk, and renamed: what a reader sees under the
    unit's name is complete. A file found damaged is put aside, and its unit is missing again.

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
        super().__init__(run)
        _claim(run, digest)
        (run / UNITS).mkdir(parents=True, exist_ok=True)
        self._sweep()

    def _sweep(self) -> None:
        """Take away what runners that were killed had begun to write; what a living one writes is claimed."""
        for half in (self.run / UNITS).glob("*/.*.zip.*"):
            if not is_held(self.run / CLAIMS / half.name[1:].partition(".")[0]):
                half.unlink(missing_ok=True)

    def _is_damaged(self, file: Path) -> None:
        aside = self.run / DAMAGED
        aside.mkdir(exist_ok=True)
        with suppress(FileNotFoundError):  # another runner has put it aside
            file.replace(aside / f"{file.parent.name}-{file.name}")

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
            write_json(folder / CAST, cast.to_dict())
        path = folder / f"{unit}.zip"
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
    making = making_path(path)
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
