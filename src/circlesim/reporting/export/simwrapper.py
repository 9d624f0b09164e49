"""SimWrapper: a folder of dashboards over GeoJSON and CSV, as simwrapper.app opens it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from circlesim.reporting.export.geojson import write_geojson
from circlesim.reporting.export.layer import Collection, Layer
from circlesim.reporting.export.spreadsheet import write_csv
from circlesim.reporting.vocabulary import Vocabulary

CENTRE_DIGITS = 5


def write_simwrapper(collection: Collection, folder: Path, lang: str) -> None:
    """
    Write dashboards with maps and tables.

    Parameters
    ----------
    collection : Collection
        What to show.
    folder : Path
        Folder to write to.
    lang : {"en", "zh"}
        Language of titles.
    """
    words = Vocabulary.of(lang).words
    folder.mkdir(parents=True, exist_ok=True)
    shown = [layer for layer in collection.layers if layer.shown and len(layer.table)]
    for layer in shown:
        _write_layer(layer, folder)
    maps = {f"row{position}": [_map_panel(layer)] for position, layer in enumerate(shown)}
    _write_dashboard(folder / "dashboard-1-maps.yaml", words("export.maps"), collection.title, maps)
    sheets = [each for each in collection.sheets if len(each.table)]
    for each in sheets:
        write_csv(each.table, folder / f"{each.name}.csv", mark=False)
    tables = {
        f"row{position}": [
            {"type": "csv", "title": each.title, "dataset": f"{each.name}.csv", "enableFilter": True, "height": 8}
        ]
        for position, each in enumerate(sheets)
    }
    _write_dashboard(folder / "dashboard-2-tables.yaml", words("export.tables"), collection.title, tables)


def _write_layer(layer: Layer, folder: Path) -> None:
    """Shapes with an id, and the figures in a table joined by it."""
    row = np.arange(1, len(layer.table) + 1)
    shapes = pd.DataFrame({"row": row})
    places = Layer(name=layer.name, title=layer.title, shape=layer.shape, degrees=layer.degrees, table=shapes)
    write_geojson(places, folder / f"{layer.name}.geojson")
    figures = pd.concat([shapes, layer.table.reset_index(drop=True)], axis=1)
    write_csv(figures, folder / f"{layer.name}-figures.csv", mark=False)


def _map_panel(layer: Layer) -> dict[str, Any]:
    """A panel that colours areas, widens lines, or sizes points by what the layer shows."""
    by = {"dataset": "figures", "join": "row", "columnName": layer.shown}
    ramp = {"colorRamp": {"ramp": "Viridis", "steps": 7}}
    values = layer.table[layer.shown].to_numpy(float)
    most = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    display = {
        "Polygon": {"fill": {**by, **ramp}},
        "LineString": {
            "lineWidth": {**by, "scaleFactor": round(max(most, 1.0) / 12, 2)},
            "lineColor": {**by, **ramp},
        },
        "Point": {"radius": {**by, "scaleFactor": round(max(most, 1.0) / 20, 2)}, "fill": {**by, **ramp}},
    }[layer.shape]
    centre = [round(float(each), CENTRE_DIGITS) for each in layer.degrees.reshape(-1, 2).mean(axis=0)]
    return {
        "type": "map",
        "title": layer.title,
        "height": 12,
        "center": centre,
        "zoom": 14,
        "shapes": {"file": f"{layer.name}.geojson", "join": "row"},
        "datasets": {"figures": {"file": f"{layer.name}-figures.csv"}},
        "display": display,
    }


def _write_dashboard(path: Path, tab: str, title: str, layout: dict[str, Any]) -> None:
    document = {"header": {"tab": tab, "title": title}, "layout": layout}
    path.write_text("\n".join(_yaml(document, 0)) + "\n", encoding="utf-8", newline="\n")


def _yaml(value: Any, depth: int) -> Iterable[str]:
    """Write tables and lists of tables as YAML; every text and number is a JSON scalar, which is YAML too."""
    pad = "  " * depth
    for key, each in value.items():
        if isinstance(each, dict):
            yield f"{pad}{key}:"
            yield from _yaml(each, depth + 1)
        elif isinstance(each, list) and each and isinstance(each[0], dict):
            yield f"{pad}{key}:"
            for item in each:
                lines = list(_yaml(item, depth + 2))
                yield f"{pad}  - {lines[0].lstrip()}"
                yield from lines[1:]
        else:
            yield f"{pad}{key}: {json.dumps(each, ensure_ascii=False)}"
