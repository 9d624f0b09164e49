"""Street map: where people walk, and where outlets stand."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import (
    NOTE_PT,
    WIDTH_IN,
    key_row,
    new_figure,
    own_axes,
    place,
    write,
)
from circlesim.reporting.charts.palette import CLASSES, INK, MUTED, VERMILION
from circlesim.reporting.vocabulary import Vocabulary

STREET = "#c5cdd5"


WALKED = "#8d7f5a"


FOOTFALL_WIDTHS = (0.5, 1.1, 1.9, 2.9, 4.2)


def plot_street_map(edges: pd.DataFrame, facilities: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """
    Draw streets and outlets.

    Streets are as wide as people walk them where `footfall` is given; outlets are as large as they are visited.

    Parameters
    ----------
    edges : DataFrame
        Columns `from_x`, `from_y`, `to_x`, `to_y` in metres, and `footfall` if it was counted.
    facilities : DataFrame
        Columns `x_m`, `y_m`, `class` (a key of `CLASSES`), `visits` a day, `new` (bool).
    ax : Axes, optional
        Where to; a new figure by default.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax, 6.0)
    ax.set_aspect("equal", adjustable="datalim")
    _draw_streets(ax, edges)
    sizes = marker_sizes(facilities["visits"].to_numpy(float))
    for name, colour in CLASSES.items():
        rows = ((facilities["class"] == name) & ~facilities["new"].astype(bool)).to_numpy()
        ax.scatter(
            facilities["x_m"][rows], facilities["y_m"][rows], s=sizes[rows], color=colour, alpha=0.82,
            linewidth=0.4, edgecolor="white", zorder=4,
        )  # fmt: skip
    fresh = facilities["new"].astype(bool).to_numpy()
    ax.scatter(
        facilities["x_m"][fresh], facilities["y_m"][fresh], s=np.maximum(sizes[fresh], 60) * 1.6, marker="*",
        color=VERMILION, edgecolor="white", linewidth=0.7, zorder=6,
    )  # fmt: skip
    ax.autoscale_view()
    return ax


def marker_sizes(visits: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Turn visits into areas.

    Parameters
    ----------
    visits : ndarray of float64
        Visits a day; nan counts as none.

    Returns
    -------
    ndarray of float64
        Points squared, proportional to visits from a smallest visible mark.
    """
    seen = np.nan_to_num(visits)
    return 7.0 + 150.0 * seen / max(float(seen.max(initial=0)), 1.0)


def _draw_streets(ax: Axes, edges: pd.DataFrame) -> None:
    """One path a width class: a thousand streets cost a few elements."""
    ends = edges[["from_x", "from_y", "to_x", "to_y"]].to_numpy(float)
    _draw_segments(ax, ends, STREET, FOOTFALL_WIDTHS[0])
    if "footfall" in edges and edges["footfall"].max() > 0:
        share = np.sqrt(np.nan_to_num(edges["footfall"].to_numpy(float)) / edges["footfall"].max())
        level = np.ceil(share * (len(FOOTFALL_WIDTHS) - 1)).astype(int)
        for position, width in enumerate(FOOTFALL_WIDTHS[1:], start=1):
            _draw_segments(ax, ends[level == position], WALKED, width, alpha=0.35 + 0.1 * position)


def _draw_segments(ax: Axes, ends: NDArray[np.float64], colour: str, width: float, alpha: float = 1.0) -> None:
    if not len(ends):
        return
    codes = np.tile(np.array([Path.MOVETO, Path.LINETO], dtype=np.uint8), len(ends))
    path = Path(np.round(ends, 1).reshape(-1, 2), codes)
    patch = PathPatch(
        path, facecolor="none", edgecolor=colour, linewidth=width, alpha=alpha, capstyle="round", zorder=2
    )
    ax.add_patch(patch)


def street_map_figure(edges: pd.DataFrame, facilities: pd.DataFrame, lang: str) -> Figure:
    """
    Draw the street map with its key and a scale.

    Parameters
    ----------
    edges, facilities : DataFrame
        See `plot_street_map`.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    vocabulary = Vocabulary.of(lang)
    height = _map_height(edges, WIDTH_IN - 0.2, 8.2)
    figure = new_figure(height + 1.0)
    shown = [
        (colour, vocabulary.format_class(name))
        for name, colour in CLASSES.items()
        if (facilities["class"] == name).any()
    ]
    key_row(figure, shown, left=0.15, top=0.15, marker="o")
    notes: list[tuple[str, str, str]] = []
    if facilities["new"].any():
        notes.append((VERMILION, vocabulary.words("map.new"), "*"))
    left = 0.15
    for colour, text, marker in notes:
        key_row(figure, [(colour, text)], left=left, top=0.4, marker=marker)
    ax = place(figure, 0.1, 0.62, WIDTH_IN - 0.2, height)
    plot_street_map(edges, facilities, ax)
    scale_bar(ax, edges)
    return figure


def _map_height(points: pd.DataFrame, width_in: float, most_in: float) -> float:
    across = max(points["from_x"].max() - points["from_x"].min(), 1.0)
    down = max(points["from_y"].max() - points["from_y"].min(), 1.0)
    return float(min(most_in, max(2.5, width_in * down / across)))


def scale_bar(ax: Axes, edges: pd.DataFrame) -> None:
    """
    Draw a bar of a round number of metres at the lower left.

    Parameters
    ----------
    ax : Axes
        Map in metres.
    edges : DataFrame
        Streets, for the extent.
    """
    low_x, low_y = edges[["from_x", "to_x"]].min().min(), edges[["from_y", "to_y"]].min().min()
    across = edges[["from_x", "to_x"]].max().max() - low_x
    length = max((step for step in (50, 100, 200, 250, 500, 1000, 2000) if step <= across / 4), default=50)
    y = low_y - 0.03 * across
    ax.plot([low_x, low_x + length], [y, y], color=INK, linewidth=2.2, solid_capstyle="butt", zorder=7)
    write(ax, low_x + length + 0.01 * across, y, f"{length} m", fontsize=NOTE_PT, color=MUTED)
