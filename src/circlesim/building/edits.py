"""Edits: a world folder corrected by a small file into a new folder; the source is never touched."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from circlesim.building.changes import Edits
from circlesim.building.edited_outlets import EditedOutlets
from circlesim.building.edited_streets import EditedStreets
from circlesim.building.note import Note
from circlesim.building.rows import Rows
from circlesim.building.settings_text import settings_text
from circlesim.errors import Fault, Faults, WorldError
from circlesim.world.folder import open_folder
from circlesim.world.settings import FILE as WORLD_FILE

BUILD_FILE = "build.json"

__all__ = ["BUILD_FILE", "EditReport", "Edits", "apply_edits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditReport:
    """
    What a file corrected.

    Parameters
    ----------
    folder : Path
        The new world folder.
    file : str
        The edit file.
    entries : int
        Entries of the file.
    changes : tuple of str
        What is different now; nothing where the folder had been corrected by this file before.
    """

    folder: Path
    file: str
    entries: int
    changes: tuple[str, ...]

    def lines(self) -> list[str]:
        """
        Say what was corrected.

        Returns
        -------
        list of str
            One sentence a line.
        """
        if not self.changes:
            return [f"{self.file}: nothing was left to correct ({self.entries} entries)"]
        return [f"{self.file}: {len(self.changes)} corrections", *(f"  {change}" for change in self.changes)]


def apply_edits(folder_in: Path, edits: Edits, folder_out: Path) -> EditReport:
    """
    Correct a world folder.

    Entries are applied kind by kind: add, move, rehour, set, close, add_street, open_gate, lock_gate. Applying a
    file to a folder it corrected before changes nothing.

    Parameters
    ----------
    folder_in : Path
        World folder; it is read and never written.
    edits : Edits
        What to correct.
    folder_out : Path
        New world folder; an empty folder and an older world folder are replaced.

    Returns
    -------
    EditReport
        What is different now.

    Raises
    ------
    WorldError
        Listing every entry that names what does not exist, contradicts another, or leads to a world that cannot
        be used; then nothing is written.
    """
    faults = Faults(f"{edits.file}: nothing was corrected", WorldError)
    _check_folders(folder_in, folder_out, faults)
    faults.raise_if_any()
    build = _read_build(folder_in, faults)
    closed = {name for each in build.get("edits", ()) for name in each.get("closed", ())}
    outlets = EditedOutlets(folder_in / "facilities.csv", closed, faults)
    streets = EditedStreets(folder_in, faults)
    outlets.apply(edits)
    streets.apply(edits)
    faults.raise_if_any()
    changes = (*outlets.said, *streets.said)
    _record(build, edits, changes, sorted(outlets.closed))
    folder_out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder_out.name}-", dir=folder_out.parent) as scratch:
        fresh = Path(scratch) / "new"
        _write(folder_in, fresh, outlets.rows, streets.edges, build, edits)
        _try(fresh, edits.file, outlets.rows, faults)
        faults.raise_if_any()
        if folder_out.exists():
            folder_out.rename(Path(scratch) / "old")
        fresh.rename(folder_out)
    return EditReport(folder=folder_out, file=edits.file, entries=len(edits), changes=changes)


def _check_folders(folder_in: Path, folder_out: Path, faults: Faults) -> None:
    if not (folder_in / WORLD_FILE).is_file():
        faults.add("not a world folder", str(folder_in), expected=f"a folder with {WORLD_FILE}")
    if folder_out.resolve() == folder_in.resolve():
        faults.add(
            "a folder cannot be corrected into itself",
            "--out",
            found=str(folder_out),
            expected="another folder: what was brought stays as it was",
        )
    elif folder_out.is_file() or (
        folder_out.exists() and not (folder_out / WORLD_FILE).is_file() and any(folder_out.iterdir())
    ):
        faults.add(
            "something else stands there",
            "--out",
            found=str(folder_out),
            expected="a new folder, an empty one, or an older world folder",
        )


def _read_build(folder: Path, faults: Faults) -> dict[str, Any]:
    """Read ``build.json`` of the source; an empty record where nothing was built."""
    path = folder / BUILD_FILE
    if not path.is_file():
        return {"inputs": [], "notes": [], "settings": {}}
    try:
        body = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        faults.add("not a record of a build", BUILD_FILE, found=str(error), expected="JSON, as build writes it")
        return {}
    return body if isinstance(body, dict) else {}


def _record(build: dict[str, Any], edits: Edits, changes: tuple[str, ...], closed: list[str]) -> None:
    """Write the edit down in the record of the build; once for each file."""
    done = build.setdefault("edits", [])
    if any(each.get("sha256") == edits.sha256 for each in done):
        return
    done.append(
        {
            "file": edits.file,
            "sha256": edits.sha256,
            "source": edits.source,
            "changes": list(changes),
            "closed": closed,
        }
    )
    build.setdefault("inputs", []).append({"file": edits.file, "sha256": edits.sha256, "kind": "edits"})
    note = Note(
        kind="there",
        what=f"corrections by {edits.file}" + (f" ({edits.source})" if edits.source else ""),
        where=BUILD_FILE,
        count=len(changes),
        examples=changes[:5],
    )
    build.setdefault("notes", []).append(asdict(note))


def _write(source: Path, fresh: Path, outlets: Rows, edges: Rows, build: dict[str, Any], edits: Edits) -> None:
    """Write the new folder: tables that were corrected, the record, and everything else as it was."""
    fresh.mkdir()
    for path in sorted(source.iterdir()):
        if path.is_file() and path.suffix in (".csv", ".json", ".toml", ".txt", ".md"):
            shutil.copyfile(path, fresh / path.name)
    for table in (outlets, edges):
        if table.touched or table is outlets:
            table.write(fresh)
    document = tomllib.loads((source / WORLD_FILE).read_text("utf-8-sig"))
    line = f"corrected by {edits.file}, sha256 {edits.sha256[:12]}" + (f": {edits.source}" if edits.source else "")
    if line not in document.get("sources", []):
        document["sources"] = [*document.get("sources", []), line]
    (fresh / WORLD_FILE).write_text(settings_text(document), encoding="utf-8", newline="\n")
    text = json.dumps(build, indent=1, ensure_ascii=False) + "\n"
    (fresh / BUILD_FILE).write_text(text, encoding="utf-8", newline="\n")


def _try(folder: Path, file: str, outlets: Rows, faults: Faults) -> None:
    """Read the new folder as a run would; a fault of a corrected row names the entry."""
    try:
        open_folder(folder)
    except WorldError as error:
        faults.extend(_placed(error.faults, file, outlets))


def _placed(found: tuple[Fault, ...], file: str, outlets: Rows) -> Iterator[Fault]:
    for fault in found:
        row = re.match(r"facilities\.csv row (\d+)", fault.where)
        entries = outlets.touched.get(int(row[1]) - 2, []) if row else []
        where = f"{file}, {', '.join(entries)} ({fault.where})" if entries else fault.where
        yield Fault(what=fault.what, where=where, found=fault.found, expected=fault.expected, hint=fault.hint)
