"""GeoJSON: a layer as RFC 7946 asks, written feature by feature."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from circlesim.reporting.export.layer import DIGITS, Layer
from circlesim.reporting.records import records


def write_geojson(layer: Layer, path: Path, digits: int | None = DIGITS) -> None:
    """
    Write a layer; degrees are WGS-84, longitude first.

    Parameters
    ----------
    layer : Layer
        What to write.
    path : Path
        The file.
    digits : int or None, default: DIGITS
        Decimals of a degree; None writes what reads back to the same number.
    """
    with path.open("w", encoding="utf-8", newline="\n") as out:
        out.write('{"type": "FeatureCollection", "name": ' + _json(layer.name) + ', "features": [')
        for position, feature in enumerate(features(layer, digits)):
            out.write(("," if position else "") + "\n" + _json(feature))
        out.write("\n]}\n")


def features(layer: Layer, digits: int | None = DIGITS) -> Iterator[dict[str, Any]]:
    """
    List the features of a layer.

    Parameters
    ----------
    layer : Layer
        The layer.
    digits : int or None, default: DIGITS
        Decimals of a degree.

    Yields
    ------
    dict
        One GeoJSON feature a row.
    """
    rows = records(layer.table)
    for points, row in zip(layer.degrees.tolist(), rows, strict=True):
        places = [[_rounded(degree, digits) for degree in point] for point in points]
        coordinates: Any = {"Point": places[0], "LineString": places, "Polygon": [[*places, places[0]]]}[
            layer.shape
        ]
        yield {
            "type": "Feature",
            "geometry": {"type": layer.shape, "coordinates": coordinates},
            "properties": {name: plain(value) for name, value in row.items()},
        }


def _rounded(degree: float, digits: int | None) -> float:
    return degree if digits is None else round(degree, digits)


def plain(value: Any) -> Any:
    """
    Turn a cell into what JSON and a spreadsheet hold.

    Parameters
    ----------
    value : object
        A cell of a table.

    Returns
    -------
    object
        Text, number, truth value or None; a number that is none is None.
    """
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
