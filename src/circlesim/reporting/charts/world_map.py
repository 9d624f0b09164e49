"""World map: streets, homes, outlets, and the places a check found fault with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import WIDTH_IN, bare, new_figure, own_axes, place, text_width_in, write
from circlesim.reporting.charts.home_map import cell_side
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
        Columns `x_m`, `y_m` (centre of a square of 100 m) and `residents`; squares of fewer than 30 residents are
        for the caller to leave out.
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
        ax.add_collection(_squares(homes))
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


def _squares(homes: pd.DataFrame) -> PatchCollection:
    """Squares of homes, the deeper the more residents."""
    side = cell_side(homes) if len(homes) > 1 else CELL_M
    side = min(side, CELL_M)
    corners = zip(homes["x_m"] - side / 2, homes["y_m"] - side / 2, strict=True)
    squares = PatchCollection([Rectangle(corner, side, side) for corner in corners], linewidth=0, zorder=1)
    share = homes["residents"].to_numpy(float) / max(float(homes["residents"].max()), 1.0)
    squares.set_facecolor([to_rgba(HOMES, alpha) for alpha in (0.2 + 0.7 * share).tolist()])
    return squares


CELL_M = 100.0
"""Side of a square of homes."""


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
    head = 0.24 * _draw_key(None, words) + 0.1
    figure = new_figure(height + head + 0.3)
    _draw_key(figure, words)
    ax = bare(place(figure, 0.1, head + 0.1, WIDTH_IN - 0.2, height))
    plot_world(edges, homes, outlets, marks, ax)
    scale_bar(ax, edges)
    return figure


def _draw_key(figure: Figure | None, words: Sequence[tuple[str, str, str]]) -> int:
    """Write the key in as many lines as it takes; without a figure only count them."""
    across, down = figure.get_size_inches() if figure else (WIDTH_IN, 1.0)
    ax = place(figure, 0, 0, across, down) if figure else None
    if ax is not None:
        ax.set(xlim=(0, across), ylim=(down, 0))
    x, line = 0.15, 0
    for marker, colour, text in words:
        room = 0.3 + text_width_in(text) + 0.22
        if x > 0.15 and x + room > WIDTH_IN:
            x, line = 0.15, line + 1
        if ax is not None:
            _draw_sign(ax, x, 0.15 + 0.24 * line, marker, colour)
            write(ax, x + 0.28, 0.15 + 0.24 * line, text)
        x += room
    return line + 1


def _draw_sign(ax: Axes, x: float, y: float, marker: str, colour: str) -> None:
    """One sign of the key: a piece of street, or a marker as it stands on the map."""
    if marker in ("-", ":"):
        ax.plot([x, x + 0.2], [y, y], color=colour, linewidth=1.8, linestyle=marker)
        return
    ax.plot(x + 0.1, y, marker=marker, markersize=6.5, color=colour, linestyle="none", markeredgewidth=1.4)
