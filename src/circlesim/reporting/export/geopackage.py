"""GeoPackage: all layers in one file; needs the extra ``geo``."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from circlesim.errors import ConfigError, Fault
from circlesim.reporting.export.geojson import features
from circlesim.reporting.export.layer import Layer

NEEDED = ("geopandas", "pyogrio")


def can_write_geopackage() -> bool:
    """
    Tell whether the extra is installed.

    Returns
    -------
    bool
        True where geopandas and pyogrio can be imported.
    """
    return all(find_spec(name) is not None for name in NEEDED)


def write_geopackage(layers: Sequence[Layer], path: Path) -> None:
    """
    Write layers into one GeoPackage.

    Parameters
    ----------
    layers : sequence of Layer
        The layers; those without rows are left out.
    path : Path
        The file, which must not exist.

    Raises
    ------
    ConfigError
        If the extra ``geo`` is not installed.
    """
    if not can_write_geopackage():
        missing = ", ".join(name for name in NEEDED if find_spec(name) is None)
        raise ConfigError(
            "no GeoPackage can be written",
            [
                Fault(
                    what="an optional part of the program is not installed",
                    where="--format gpkg",
                    found=f"no {missing}",
                    expected="the extra geo",
                    hint="pip install 'circlesim[geo]'; GeoJSON needs nothing and opens in QGIS",
                )
            ],
        )
    import geopandas

    for layer in layers:
        if len(layer.table):
            frame = geopandas.GeoDataFrame.from_features(
                list(features(layer)), crs="EPSG:4326", columns=[*layer.table.columns, "geometry"]
            )
            frame.to_file(path, layer=layer.name, driver="GPKG", engine="pyogrio")
