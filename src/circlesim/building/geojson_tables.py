"""GeoJSON tables: a world read back from the layers an export wrote."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from circlesim.errors import Faults, WorldError
from circlesim.schema import EDGES, FACILITIES, HOMES, NODES, RESIDENTS, Table
from circlesim.world.folder import read_world
from circlesim.world.settings import FILE as WORLD_FILE
from circlesim.world.sheet import write_sheet
from circlesim.world.world import World

LAYERS: tuple[tuple[str, Table], ...] = (
    ("nodes", NODES), ("streets", EDGES), ("outlets", FACILITIES), ("homes", HOMES), ("residents", RESIDENTS),
)  # fmt: skip
"""Layer of the export and the table it holds."""


def read_geojson_world(folder: Path) -> World:
    """
    Read a world from the folder ``gis`` of an export that holds its people.

    Parameters
    ----------
    folder : Path
        With ``world.toml``, ``nodes.geojson``, ``streets.geojson``, ``outlets.geojson``, and ``homes.geojson`` or
        ``residents.geojson``.

    Returns
    -------
    World
        The world that was exported.

    Raises
    ------
    WorldError
        Listing every fault of every layer.
    """
    faults = Faults(f"{folder}: not the layers of a world", WorldError)
    with tempfile.TemporaryDirectory() as scratch:
        target = Path(scratch) / "world"
        target.mkdir()
        for name in (WORLD_FILE, "census.csv"):
            if (folder / name).is_file():
                shutil.copyfile(folder / name, target / name)
        for name, table in LAYERS:
            path = folder / f"{name}.geojson"
            if path.is_file():
                _write_table(path, table, target, faults)
        faults.raise_if_any()
        return read_world(target)


def _write_table(path: Path, table: Table, folder: Path, faults: Faults) -> None:
    """Turn one layer into the table it came from."""
    try:
        features = json.loads(path.read_text("utf-8-sig"))["features"]
        rows = [_row(feature, table) for feature in features]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        faults.add("not a layer of GeoJSON", path.name, found=f"{type(error).__name__}: {error}",
                   expected="a FeatureCollection, as an export writes it")  # fmt: skip
        return
    header = list(dict.fromkeys(name for row in rows for name in row))
    cells = ([_cell(row.get(name)) for name in header] for row in rows)
    write_sheet(folder / table.file, header, cells)


def _row(feature: Mapping[str, Any], table: Table) -> dict[str, Any]:
    properties = dict(feature["properties"])
    if table is NODES:
        properties["lon"], properties["lat"] = feature["geometry"]["coordinates"][:2]
    return properties


def _cell(value: Any) -> object:
    return "" if value is None else int(value) if isinstance(value, bool) else value
