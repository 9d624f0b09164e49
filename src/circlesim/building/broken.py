"""Broken: a folder that cannot be used, looked over as far as it can be read, with the lines that mend it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlesim.building.inspection import build_notes
from circlesim.building.remark import SHOWN, Inspection, Mark, Remark, toml_text
from circlesim.errors import Faults, WorldError
from circlesim.schema import EDGES, HOMES, NODES, RESIDENTS, Cells, Table, check_table
from circlesim.world.facility_table import facility_columns
from circlesim.world.format_table import folder_formats
from circlesim.world.reach import components
from circlesim.world.resident_table import resident_columns
from circlesim.world.sheet import read_sheet
from circlesim.world.snapping import LIMIT_M, snap
from circlesim.world.street_table import build_streets, node_rows
from circlesim.world.streets import Streets

Cols = Mapping[str, Cells]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """
    What of a faulty folder can be read.

    Parameters
    ----------
    streets : Streets or None
        None where nodes or edges cannot be read.
    inspection : Inspection
        Who stands where nobody gets to, with the fix.
    """

    streets: Streets | None
    inspection: Inspection


def inspect_broken(folder: Path) -> Remains:
    """
    Look over a folder that does not open.

    Parameters
    ----------
    folder : Path
        World folder with faults.

    Returns
    -------
    Remains
        Homes and outlets that stand in a cut-off part of the streets, or far from all, with lines for an edit
        file.
    """
    tables = {name: _read(folder, table) for name, table in _tables(folder).items()}
    nodes, edges = tables["nodes"], tables["edges"]
    if nodes is None or edges is None:
        return Remains(streets=None, inspection=Inspection(remarks=(), notes=build_notes(folder)))
    streets = build_streets(nodes, edges, Faults("unread"))
    label = components(streets.with_open_gates())
    remarks: list[Remark] = []
    marks: list[Mark] = []
    for name, who, key in (
        ("facilities", "facility", "lost_outlets"),
        ("homes", "home", "lost_homes"),
        ("residents", "resident", "lost_homes"),
    ):
        cells = tables[name]
        if cells is not None:
            remarks += _lost(streets, label, cells, who, key, marks)
    if tables["facilities"] is not None:
        remarks += [*_nowhere(tables["facilities"]), *_far(streets, tables["facilities"], marks)]
    found = Inspection(remarks=tuple(remarks), marks=tuple(marks), notes=build_notes(folder))
    return Remains(streets=streets, inspection=found)


def _tables(folder: Path) -> dict[str, Table]:
    """Tables of a folder, by what they hold."""
    return {
        "nodes": NODES,
        "edges": EDGES,
        "facilities": facility_columns(folder_formats(folder, Faults("unread", WorldError))),
        "homes": HOMES,
        "residents": resident_columns(),
    }


def _read(folder: Path, table: Table) -> Cols | None:
    """A table as far as it can be read; residents give way to homes."""
    if not (folder / table.file).is_file() or (table.file == HOMES.file and (folder / RESIDENTS.file).is_file()):
        return None
    faults = Faults("unread", WorldError)
    sheet = read_sheet(folder / table.file, faults)
    if sheet is None or not set(sheet.header) & set(table.names):
        return None
    return check_table(table, sheet.header, sheet.rows, faults)


def _lost(
    streets: Streets, label: NDArray[np.int32], cells: Cols, who: str, key: str, marks: list[Mark]
) -> Iterator[Remark]:
    """Those on nodes of a cut-off part; the missing street that would join the part is the fix."""
    rows = node_rows(streets.node, cells["node"].values)
    rows = np.where(cells["node"].given, rows, -1)
    lost = np.flatnonzero((rows >= 0) & (label[rows] > 0))
    if not len(lost):
        return
    names = cells[who].values
    marks += [
        Mark(key=key, x_m=float(streets.x_m[rows[row]]), y_m=float(streets.y_m[rows[row]]), label=str(names[row]))
        for row in lost.tolist()
    ]
    parts = np.unique(label[rows[lost]])
    fix = "\n".join(_street(streets, label, int(part)) for part in parts[:SHOWN])
    yield Remark(
        kind="broken",
        key=key,
        count=len(lost),
        fix=fix,
        examples=tuple(map(str, names[lost][:SHOWN])),
        blanks={"parts": len(parts)},
    )


def _street(streets: Streets, label: NDArray[np.int32], part: int) -> str:
    """The shortest street that would join a part to the largest."""
    from scipy.spatial import cKDTree

    at = np.column_stack([streets.x_m, streets.y_m])
    main, mine = np.flatnonzero(label == 0), np.flatnonzero(label == part)
    found = cKDTree(at[main]).query(at[mine])
    metres, nearest = np.asarray(found[0]), np.asarray(found[1])
    best = int(np.argmin(metres))
    ends = streets.node[mine[best]], streets.node[main[nearest[best]]]
    return f"[[add_street]]  # {metres[best]:.0f} m\nfrom = {ends[0]}\nto = {ends[1]}"


def _nowhere(cells: Cols) -> Iterator[Remark]:
    """Outlets without a node and without degrees."""
    names = cells["facility"].values[~cells["node"].given & ~(cells["lon"].given & cells["lat"].given)]
    if len(names):
        fix = "\n".join(
            f"[[move]]\nid = {toml_text(str(name))}\nlon = 0.0  # degrees, WGS-84\nlat = 0.0" for name in names[:2]
        )
        yield Remark(kind="broken", key="nowhere", count=len(names), fix=fix,
                     examples=tuple(map(str, names[:SHOWN])))  # fmt: skip


def _far(streets: Streets, cells: Cols, marks: list[Mark]) -> Iterator[Remark]:
    """Outlets given by degrees that no street of the largest part is near."""
    lon, lat = cells["lon"], cells["lat"]
    given = np.flatnonzero(~cells["node"].given & lon.given & lat.given)
    if not len(given) or not len(streets.length_m):
        return
    _, rows, _ = snap(streets, lon=lon.values[given], lat=lat.values[given])
    far = given[rows < 0]
    if not len(far):
        return
    names = cells["facility"].values
    fix = "\n".join(
        f"[[move]]\nid = {toml_text(str(names[row]))}\nlon = {lon.values[row]}  # to be corrected\n"
        f"lat = {lat.values[row]}"
        for row in far[:2]
    )
    yield Remark(
        kind="broken",
        key="far_outlets",
        count=len(far),
        fix=fix,
        examples=tuple(map(str, names[far][:SHOWN])),
        blanks={"metres": LIMIT_M},
    )
