"""Maps: streets and outlets, and satisfaction by home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import (
    NOTE_PT,
    WIDTH_IN,
    key_row,
    new_figure,
    own_axes,
    place,
    shortened,
    write,
)
from circlesim.reporting.charts.palette import CLASSES, INK, MUTED, VERMILION
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary

STREET = "#c5cdd5"
WALKED = "#8d7f5a"
FOOTFALL_WIDTHS = (0.5, 1.1, 1.9, 2.9, 4.2)
LEVELS = LinearSegmentedColormap.from_list("levels", ["#f3f0e2", "#9cc5a1", "#2f7f8c", "#17405c"])
CHANGES = LinearSegmentedColormap.from_list("changes", ["#b3430b", "#eeb98f", "#f5f5f3", "#8fbcd9", "#0b5a8f"])


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


def plot_satisfaction_by_home(
    cells: pd.DataFrame, ax: Axes | None = None, *, change: bool = False, limits: tuple[float, float] | None = None
) -> Axes:
    """
    Draw satisfaction, or its change, by square of homes.

    Parameters
    ----------
    cells : DataFrame
        Columns `x_m`, `y_m` (centre of the square) and `value`, an index of 0-100.
    ax : Axes, optional
        Where to; a new figure by default.
    change : bool, default: False
        Whether the values are changes, coloured both ways from zero.
    limits : tuple of float, optional
        Ends of the colours; those of the data by default.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax, 5.0)
    ax.set_aspect("equal", adjustable="datalim")
    side = cell_side(cells)
    values = cells["value"].to_numpy(float)
    low, high = limits or colour_limits(values, change=change)
    norm = TwoSlopeNorm(0, low, high) if change else Normalize(low, high)
    corners = zip(cells["x_m"] - side / 2, cells["y_m"] - side / 2, strict=True)
    squares = PatchCollection(
        [Rectangle(corner, side * 0.96, side * 0.96) for corner in corners], match_original=False
    )
    squares.set(array=values, cmap=CHANGES if change else LEVELS, norm=norm, edgecolor="#9aa5ae", linewidth=0.25)
    ax.add_collection(squares)
    ax.autoscale_view()
    return ax


def cell_side(cells: pd.DataFrame) -> float:
    """
    Tell the side of the squares from the gaps between them.

    Parameters
    ----------
    cells : DataFrame
        Columns `x_m`, `y_m`.

    Returns
    -------
    float
        Metres; 100 where there is one square.
    """
    gaps = np.concatenate([np.diff(np.unique(cells[axis].to_numpy(float))) for axis in ("x_m", "y_m")])
    gaps = gaps[gaps > 1e-6]
    return float(gaps.min()) if len(gaps) else 100.0


def colour_limits(values: NDArray[np.float64], *, change: bool) -> tuple[float, float]:
    """
    Choose the ends of a colour scale.

    Parameters
    ----------
    values : ndarray of float64
        What is drawn.
    change : bool
        Whether zero must lie in the middle.

    Returns
    -------
    tuple of float
        Low and high end.
    """
    if change:
        reach = max(float(np.nanquantile(np.abs(values), 0.98)), 0.05)
        return -reach, reach
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    return (low, high) if high > low else (low - 1, high + 1)


def satisfaction_figure(level: tuple[str, pd.DataFrame], changes: Sequence[tuple[str, pd.DataFrame]]) -> Figure:
    """
    Draw the level on the baseline and the change under each scenario.

    Parameters
    ----------
    level : (str, DataFrame)
        Title and cells of the baseline.
    changes : sequence of (str, DataFrame)
        Title and cells of each scenario.

    Returns
    -------
    Figure
        The drawing.
    """
    across, gap = 3, 0.25
    panels = [(level, False), *((each, True) for each in changes)]
    down = -(-len(panels) // across)
    width = (WIDTH_IN - gap * (across - 1)) / across
    height = width * _shape(level[1])
    block = height + 0.85
    figure = new_figure(down * block)
    every = np.concatenate([cells["value"].to_numpy(float) for _, cells in changes]) if changes else np.zeros(1)
    ends = {
        False: colour_limits(level[1]["value"].to_numpy(float), change=False),
        True: colour_limits(every, change=True),
    }
    for position, ((title, cells), change) in enumerate(panels):
        row, column = divmod(position, across)
        left, top = column * (width + gap), row * block
        ax = place(figure, left, top + 0.3, width, height)
        plot_satisfaction_by_home(cells, ax, change=change, limits=ends[change])
        head = place(figure, left, top, width, 0.3)
        write(head, 0, 0.5, shortened(title, width), transform=head.transAxes, fontweight="bold")
        _colour_key(figure, left, top + 0.3 + height + 0.08, width, ends[change], change)
    return figure


def _shape(cells: pd.DataFrame) -> float:
    side = cell_side(cells)
    across = cells["x_m"].max() - cells["x_m"].min() + side
    down = cells["y_m"].max() - cells["y_m"].min() + side
    return float(np.clip(down / across, 0.5, 1.4))


def _colour_key(
    figure: Figure, left: float, top: float, width: float, ends: tuple[float, float], change: bool
) -> None:  # fmt: skip
    ax = place(figure, left + 0.1 * width, top, 0.8 * width, 0.12)
    scale = CHANGES if change else LEVELS
    steps = 24
    for step in range(steps):
        ax.add_patch(Rectangle((step / steps, 0), 1.02 / steps, 1, color=scale((step + 0.5) / steps), linewidth=0))
    ax.set(xlim=(0, 1), ylim=(0, 1))
    for place_at, value in ((0.0, ends[0]), (0.5, sum(ends) / 2), (1.0, ends[1])):
        text = number(value, 1, signed=change)
        write(ax, place_at, -0.95, text, ha="center", fontsize=NOTE_PT, color=MUTED)
