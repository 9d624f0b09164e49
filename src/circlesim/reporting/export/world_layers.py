"""World layers: a world as files that others read, and that read back to the same world."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from circlesim.building.rows import Rows
from circlesim.building.settings_text import settings_text
from circlesim.errors import Faults, WorldError
from circlesim.reporting.export.layer import Collection, Layer, Sheet
from circlesim.reporting.export.run_layers import squares
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.reporting.world_picture import CELL_M, home_cells
from circlesim.schema import EDGES, FACILITIES, HOMES, NODES, RESIDENTS, Table
from circlesim.world.folder import write_world
from circlesim.world.frame import fit_frame
from circlesim.world.settings import FILE as WORLD_FILE
from circlesim.world.world import World

PEOPLE = (HOMES.file, "census.csv")
"""Files residents are drawn from."""


def whole_folder(world: World, source: Path | None, target: Path, *, people: bool) -> Path:
    """
    Write a world folder with every fact spelt out.

    Parameters
    ----------
    world : World
        The world.
    source : Path or None
        Folder it was read from; None for a demo world that is generated.
    target : Path
        Folder to write.
    people : bool
        Whether the people come too: homes with their weights or margins where residents are drawn, else residents
        one by one. Without them the folder is not one that opens.

    Returns
    -------
    Path
        `target`.
    """
    write_world(world, target)
    if not people:
        (target / RESIDENTS.file).unlink()
        return target
    if source is not None and not (source / RESIDENTS.file).is_file():
        (target / RESIDENTS.file).unlink()
        for name in PEOPLE:
            if (source / name).is_file():
                shutil.copyfile(source / name, target / name)
        document = tomllib.loads((target / WORLD_FILE).read_text("utf-8"))
        own = tomllib.loads((source / WORLD_FILE).read_text("utf-8-sig"))
        document |= {key: value for key, value in own.items() if key not in document}
        (target / WORLD_FILE).write_text(settings_text(document), encoding="utf-8", newline="\n")
    return target


def typed_rows(folder: Path, table: Table) -> pd.DataFrame:
    """
    Read a table of a world folder with numbers as numbers.

    Parameters
    ----------
    folder : Path
        Folder written by `whole_folder`.
    table : Table
        Declares its columns; others stay as text.

    Returns
    -------
    DataFrame
        The rows; empty cells of number columns are None.
    """
    faults = Faults(f"{folder}: not a world folder", WorldError)
    rows = Rows(folder / table.file, faults)
    faults.raise_if_any()
    kinds = {column.name: column.kind for column in table.columns}
    columns: dict[str, pd.Series[Any]] = {}
    for name in rows.header:
        cells: list[Any] = list(rows.column(name))
        if kinds.get(name, "number" if name.startswith("need_") else "text") in ("int", "number", "flag"):
            cells = [_number(str(cell)) for cell in cells]
        columns[name] = pd.Series(cells, dtype=object)
    return pd.DataFrame(columns)


def _number(cell: str) -> object:
    if not cell:
        return None
    return int(cell) if cell.lstrip("+-").isdigit() else float(cell)


def world_collection(world: World, folder: Path, lang: str) -> Collection:
    """
    Gather a world's streets, outlets and people for maps and spreadsheets.

    Parameters
    ----------
    world : World
        The world.
    folder : Path
        What `whole_folder` wrote of it.
    lang : {"en", "zh"}
        Language of titles.

    Returns
    -------
    Collection
        Nodes, streets, outlets, and residents by squares of 30 or more; homes where the folder has them.
    """
    words = Vocabulary.of(lang).words
    nodes, edges, outlets = (typed_rows(folder, table) for table in (NODES, EDGES, FACILITIES))
    layers = [*_base_layers(world, nodes, edges, outlets, lang), *_people_layers(world, folder, nodes, lang)]
    sheets = [
        Sheet(name="nodes", title=words("export.nodes"), table=nodes),
        Sheet(name="streets", title=words("export.streets"), table=edges),
        Sheet(name="outlets", title=words("export.outlets"), table=outlets),
        Sheet(name="squares", title=words("export.squares"), table=home_cells(world)),
    ]
    about = [
        (words("world"), world.title.get(lang) or world.title.get("en") or world.name),
        (words("export.kind"), words("synthetic") if world.synthetic else words("real")),
        (words("export.small"), words("export.small.text")),
        *((words("export.source"), each) for each in world.sources),
        *((words("export.licence"), each) for each in world.licences),
    ]
    return Collection(
        title=world.title.get(lang) or world.name, about=tuple(about), layers=tuple(layers), sheets=tuple(sheets)
    )


def _base_layers(
    world: World, nodes: pd.DataFrame, edges: pd.DataFrame, outlets: pd.DataFrame, lang: str
) -> Iterator[Layer]:
    words, streets = Vocabulary.of(lang).words, world.streets
    at = np.column_stack([streets.lon, streets.lat])
    yield Layer(
        name="nodes",
        title=words("export.nodes"),
        shape="Point",
        degrees=at[:, None, :],
        table=nodes.drop(columns=["lon", "lat"]),
    )
    ends = np.stack([at[streets.from_row], at[streets.to_row]], axis=1)
    yield Layer(name="streets", title=words("export.streets"), shape="LineString", degrees=ends, table=edges)
    yield Layer(
        name="outlets",
        title=words("export.outlets"),
        shape="Point",
        degrees=at[world.facilities.node_row][:, None, :],
        table=outlets,
    )


def _people_layers(world: World, folder: Path, nodes: pd.DataFrame, lang: str) -> Iterator[Layer]:
    words = Vocabulary.of(lang).words
    cells = home_cells(world)
    if len(cells):
        around = squares(
            cells["x_m"].to_numpy(float), cells["y_m"].to_numpy(float), fit_frame(world.streets), CELL_M
        )
        yield Layer(
            name="squares",
            title=words("export.squares"),
            shape="Polygon",
            degrees=around,
            table=cells,
            shown="residents",
        )
    place = {
        int(node): (lon, lat) for node, lon, lat in zip(nodes["node"], nodes["lon"], nodes["lat"], strict=True)
    }
    for table, name in ((HOMES, "homes"), (RESIDENTS, "residents")):
        if (folder / table.file).is_file():
            rows = typed_rows(folder, table)
            at = np.array([place[int(node)] for node in rows["node"]], dtype=float).reshape(-1, 1, 2)
            yield Layer(name=name, title=words(f"export.{name}"), shape="Point", degrees=at, table=rows)
