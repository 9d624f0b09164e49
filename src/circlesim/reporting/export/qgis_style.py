"""QGIS style: how a layer looks when it is dragged onto a map; QGIS reads the ``.qml`` of the layer's name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from xml.sax.saxutils import quoteattr

import numpy as np

from circlesim.reporting.export.layer import Layer

CLASSES = 5

RAMPS: dict[str, tuple[str, ...]] = {
    "Polygon": ("243,240,226", "205,222,203", "156,197,161", "98,160,152", "47,127,140"),
    "LineString": ("197,205,213", "190,180,150", "165,148,105", "130,112,70", "84,70,36"),
    "Point": ("253,229,205", "245,190,135", "230,140,70", "205,90,25", "150,48,5"),
}
"""Colours from few to many, by kind of shape, so that layers stay apart on one map."""

SIZES: tuple[float, ...] = (1.4, 2.2, 3.2, 4.4, 6.0)
"""Millimetres of points."""

WIDTHS: tuple[float, ...] = (0.2, 0.5, 0.9, 1.5, 2.4)
"""Millimetres of lines."""


def style_text(layer: Layer, beside: Sequence[Layer] = ()) -> str:
    """
    Write a graduated style of a layer.

    Parameters
    ----------
    layer : Layer
        With a column to show.
    beside : sequence of Layer, optional
        Layers of other scenarios, so that a colour means the same on all of them.

    Returns
    -------
    str
        QML; empty where the layer has nothing to show.
    """
    others = [each for each in beside if each is not layer]
    alike = sorted(
        (each for each in (layer, *others) if (each.shape, each.shown) == (layer.shape, layer.shown)),
        key=lambda each: each.name,
    )
    if not layer.shown or layer.shown not in layer.table:
        return ""
    values = np.concatenate([each.table[layer.shown].to_numpy(float) for each in alike])
    values = values[np.isfinite(values)]
    if not len(values) or values.min() == values.max():
        return ""
    ends = _ends(values)
    ranges = "".join(
        f'<range symbol="{i}" lower="{low!r}" upper="{high!r}" render="true" label="{low:.4g} – {high:.4g}"/>'
        for i, (low, high) in enumerate(pairwise(ends))
    )
    symbols = "".join(_symbol(layer.shape, i, len(ends) - 1) for i in range(len(ends) - 1))
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
        '<qgis version="3.22" styleCategories="Symbology">\n'
        f'<renderer-v2 type="graduatedSymbol" attr={quoteattr(layer.shown)} graduatedMethod="GraduatedColor" '
        f'enableorderby="0" symbollevels="0">\n<ranges>{ranges}</ranges>\n<symbols>{symbols}</symbols>\n'
        "</renderer-v2>\n</qgis>\n"
    )


def _ends(values: np.ndarray) -> Sequence[float]:
    """Ends of at most five classes with as many rows each; of equal ends one remains."""
    ends = np.unique(np.quantile(values, np.linspace(0, 1, CLASSES + 1)))
    return [float(end) for end in ends]


def _symbol(shape: str, position: int, classes: int) -> str:
    step = round(position * (CLASSES - 1) / max(1, classes - 1))
    colour = f"{RAMPS[shape][step]},255"
    kind, layer, options = {
        "Point": (
            "marker",
            "SimpleMarker",
            {
                "name": "circle",
                "color": colour,
                "size": f"{SIZES[step]}",
                "outline_color": "255,255,255,255",
                "outline_width": "0.2",
            },
        ),
        "LineString": (
            "line",
            "SimpleLine",
            {"line_color": colour, "line_width": f"{WIDTHS[step]}", "capstyle": "round"},
        ),
        "Polygon": (
            "fill",
            "SimpleFill",
            {"color": colour, "outline_color": "154,165,174,255", "outline_width": "0.1", "style": "solid"},
        ),
    }[shape]
    held = "".join(f'<Option type="QString" name="{name}" value="{value}"/>' for name, value in options.items())
    return (
        f'<symbol type="{kind}" name="{position}" alpha="1">'
        f'<layer class="{layer}" enabled="1" pass="0" locked="0">'
        f'<Option type="Map">{held}</Option></layer></symbol>'
    )
