"""Store: one folder a finished unit, written whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.errors import ConfigError, Fault, RunError

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
"""Tables of one unit by name."""

STAMP = "run.json"
CONTENTS = "tables.json"
"""Names of the tables of a unit, so that one that went missing is noticed."""


class MemoryStore:
    """Keeps units in memory; for runs that leave no folder."""

    def __init__(self) -> None:
        self._units: dict[str, Tables] = {}

    def has(self, unit: str) -> bool:
        """
        Tell whether a unit is finished.

        Parameters
        ----------
        unit : str
            Name of the unit.

        Returns
        -------
        bool
            True where its tables can be read.
        """
        return unit in self._units

    def write(self, unit: str, tables: Tables) -> None:
        """
        Keep the tables of a unit.

        Parameters
        ----------
        unit : str
            Name of the unit.
        tables : mapping of str to DataFrame
            Its tables.
        """
        self._units[unit] = dict(tables)

    def read(self, unit: str) -> Tables:
        """
        Return the tables of a finished unit.

        Parameters
        ----------
        unit : str
            Name of the unit.

        Returns
        -------
        mapping of str to DataFrame
            Its tables.
        """
        return self._units[unit]


class FolderStore(MemoryStore):
    """
    Keeps units as folders of Parquet files below a run folder.

    A unit is written to a folder of another name, flushed to the disk, and renamed: what a reader sees under the
    unit's name is complete.

    Parameters
    ----------
    run : Path
        The run folder.
    digest : str
        Digest of everything that decides what a unit holds.

    Raises
    ------
    ConfigError
        If the folder holds another experiment.
    """

    def __init__(self, run: Path, digest: str) -> None:
        super().__init__()
        self.units = run / "units"
        _claim(run, digest)
        self.units.mkdir(parents=True, exist_ok=True)

    def has(self, unit: str) -> bool:
        """See `MemoryStore.has`."""
        return super().has(unit) or (self.units / unit).is_dir()

    def write(self, unit: str, tables: Tables) -> None:
        """See `MemoryStore.write`."""
        making = self.units / f".{unit}.{os.getpid()}"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        for name, table in tables.items():
            table.to_parquet(making / f"{name}.parquet", index=False)
            flush(making / f"{name}.parquet")
        (making / CONTENTS).write_text(json.dumps(sorted(tables)), encoding="utf-8")
        flush(making / CONTENTS)
        flush(making)
        if (self.units / unit).exists():
            shutil.rmtree(making)
        else:
            making.rename(self.units / unit)
            flush(self.units)
        super().write(unit, tables)

    def read(self, unit: str) -> Tables:
        """
        Return the tables of a finished unit.

        Parameters
        ----------
        unit : str
            Name of the unit.

        Returns
        -------
        mapping of str to DataFrame
            Its tables.

        Raises
        ------
        RunError
            If a file is damaged.
        """
        import pandas as pd

        if super().has(unit):
            return super().read(unit)
        folder = self.units / unit
        try:
            names = json.loads((folder / CONTENTS).read_text("utf-8"))
            tables = {name: pd.read_parquet(folder / f"{name}.parquet") for name in names}
        except (OSError, ValueError) as error:
            hint = f"delete {folder} and run the same command again"
            fault = Fault(what="a finished unit cannot be read", where=str(folder), found=str(error), hint=hint)
            raise RunError("the run cannot go on", [fault]) from error
        super().write(unit, tables)
        return tables


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
