"""World map: streets, homes, outlets, and the places a check found fault with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import WIDTH_IN, bare, key_row, new_figure, own_axes, place
from circlesim.reporting.charts.palette import CLASSES, INK, PURPLE, VERMILION
from circlesim.reporting.charts.street_map import STREET, scale_bar

HOMES = "#d9c9a3"

MARKS: dict[str, tuple[str, str]] = {
    "twins": ("x", INK),
    "lonely": ("D", PURPLE),
    "far_homes": ("s", PURPLE),
    "lost_outlets": ("X", VERMILION),
    "lost_homes": ("P", VERMILION),
    "far_outlets": ("X", VERMILION),
}
"""Marker and colour of each kind of fault."""

TALLEST_IN = 8.2


def plot_world(
    edges: pd.DataFrame, homes: pd.DataFrame, outlets: pd.DataFrame, marks: pd.DataFrame, ax: Axes | None = None
) -> Axes:
    """
    Draw a world as a check sees it.

    Parameters
    ----------
    edges : DataFrame
        Columns `from_x`, `from_y`, `to_x`, `to_y` in metres, `kind`: ``"main"``, ``"part"`` or ``"locked"``.
    homes : DataFrame
        Columns `x_m`, `y_m`, `residents`; places of fewer than 30 residents are left to the caller to leave out.
    outlets : DataFrame
        Columns `x_m`, `y_m`, `class`, a key of `CLASSES`.
    marks : DataFrame
        Columns `x_m`, `y_m`, `key`, a key of `MARKS`.
    ax : Axes, optional
        Where to; a new figure by default.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax, 6.0)
    ax.set_aspect("equal", adjustable="datalim")
    for kind, (colour, width, style) in _LINES.items():
        ends = edges.loc[edges["kind"] == kind, ["from_x", "from_y", "to_x", "to_y"]].to_numpy(float)
        ax.add_collection(_lines(ends, colour, width, style))
    if len(homes):
        area = 6.0 + 150.0 * homes["residents"] / max(float(homes["residents"].max()), 1.0)
        ax.scatter(homes["x_m"], homes["y_m"], s=area, color=HOMES, alpha=0.55, linewidth=0, zorder=1)
    for name, colour in CLASSES.items():
        rows = outlets["class"] == name
        ax.scatter(outlets["x_m"][rows], outlets["y_m"][rows], s=13, color=colour, edgecolor="white",
                   linewidth=0.3, zorder=4)  # fmt: skip
    for key, (marker, colour) in MARKS.items():
        rows = marks["key"] == key
        ax.scatter(marks["x_m"][rows], marks["y_m"][rows], s=60, marker=marker, color=colour, linewidth=1.6,
                   zorder=6)  # fmt: skip
    ax.autoscale_view()
    return ax


_LINES: dict[str, tuple[str, float, str]] = {
    "main": (STREET, 0.6, "solid"),
    "part": (VERMILION, 1.0, "solid"),
    "locked": (INK, 1.8, "dotted"),
}


def _lines(ends: NDArray[np.float64], colour: str, width: float, style: str) -> LineCollection:
    segments = np.round(ends, 1).reshape(-1, 2, 2)
    return LineCollection(list(segments), colors=colour, linewidths=width, linestyles=style, zorder=2)


def world_figure(
    edges: pd.DataFrame, homes: pd.DataFrame, outlets: pd.DataFrame, marks: pd.DataFrame,
    words: Sequence[tuple[str, str, str]],
) -> Figure:  # fmt: skip
    """
    Draw the map of a check with its key and a scale.

    Parameters
    ----------
    edges, homes, outlets, marks : DataFrame
        See `plot_world`.
    words : sequence of (str, str, str)
        Marker, colour and words of the key.

    Returns
    -------
    Figure
        The drawing.
    """
    across = max(float(edges[["from_x", "to_x"]].max().max() - edges[["from_x", "to_x"]].min().min()), 1.0)
    down = max(float(edges[["from_y", "to_y"]].max().max() - edges[["from_y", "to_y"]].min().min()), 1.0)
    height = float(min(TALLEST_IN, max(2.5, (WIDTH_IN - 0.2) * down / across)))
    lines = _key(words)
    head = 0.24 * len(lines) + 0.1
    figure = new_figure(height + head + 0.3)
    for line, (marker, entries) in enumerate(lines):
        key_row(figure, entries, left=0.15, top=0.15 + 0.24 * line, marker=marker)
    ax = bare(place(figure, 0.1, head + 0.1, WIDTH_IN - 0.2, height))
    plot_world(edges, homes, outlets, marks, ax)
    scale_bar(ax, edges)
    return figure


def _key(words: Sequence[tuple[str, str, str]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Entries of the key by marker: a row of the key has one."""
    rows: dict[str, list[tuple[str, str]]] = {}
    for marker, colour, text in words:
        rows.setdefault(marker, []).append((colour, text))
    return list(rows.items())
