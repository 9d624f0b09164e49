"""Inspection: a world looked over, and a folder that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from circlesim.building.edits import BUILD_FILE
from circlesim.building.inspected_outlets import outlet_remarks, snap_remarks, twin_marks
from circlesim.building.inspected_people import people_remarks
from circlesim.building.inspected_streets import reach_marks, street_remarks
from circlesim.building.note import Note
from circlesim.building.remark import Inspection, Remark
from circlesim.world.folder import FolderReport
from circlesim.world.world import World


def inspect_world(world: World, report: FolderReport | None = None, folder: Path | None = None) -> Inspection:
    """
    Look a world over.

    Parameters
    ----------
    world : World
        The world.
    report : FolderReport, optional
        How its folder was read.
    folder : Path, optional
        Its folder; None for a demo world that is generated.

    Returns
    -------
    Inspection
        What is broken, what was assumed, what is there.
    """
    remarks = [
        *street_remarks(world),
        *outlet_remarks(world, folder),
        *people_remarks(world, report, folder),
        *snap_remarks(report.snapped if report else None),
        *_filled(report),
    ]
    marks = (*twin_marks(world), *reach_marks(world))
    return Inspection(remarks=tuple(remarks), marks=marks, notes=build_notes(folder))


def _filled(report: FolderReport | None) -> Iterator[Remark]:
    """Say which columns nobody gave, file by file and source by source; hours are told by format."""
    if report is None:
        return
    alike: dict[tuple[str, str, int], list[str]] = {}
    for file, filled in report.filled.items():
        for column, count in filled.items():
            if column != "hours":
                alike.setdefault((file, report.filled_from[f"{file}:{column}"], count), []).append(column)
    for (file, source, count), columns in alike.items():
        yield Remark(
            kind="assumed",
            key="filled",
            count=count,
            examples=tuple(columns),
            blanks={"file": file, "rows": report.rows[file], "source": source},
        )
    if report.hours_ignored:
        yield Remark(kind="assumed", key="holidays", count=report.hours_ignored)


def build_notes(folder: Path | None) -> tuple[Note, ...]:
    """
    Read what the build of a folder wrote down.

    Parameters
    ----------
    folder : Path or None
        A world folder.

    Returns
    -------
    tuple of Note
        Nothing where the folder was not built, or its record is not one.
    """
    path = folder / BUILD_FILE if folder is not None else None
    if path is None or not path.is_file():
        return ()
    try:
        body = json.loads(path.read_text("utf-8"))
        return tuple(_note(each) for each in body.get("notes", ()))
    except (ValueError, TypeError, AttributeError):
        return ()


def _note(said: Mapping[str, Any]) -> Note:
    known = {each.name for each in fields(Note)}
    values = {name: value for name, value in said.items() if name in known}
    return Note(**{**values, "examples": tuple(map(str, values.get("examples", ())))})
