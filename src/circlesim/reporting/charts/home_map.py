"""Home map: satisfaction, and its change, by square of homes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize, TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import (
    NOTE_PT,
    WIDTH_IN,
    new_figure,
    own_axes,
    place,
    shortened,
    write,
)
from circlesim.reporting.charts.palette import MUTED
from circlesim.reporting.quantities import number

LEVELS = LinearSegmentedColormap.from_list("levels", ["#f3f0e2", "#9cc5a1", "#2f7f8c", "#17405c"])


CHANGES = LinearSegmentedColormap.from_list("changes", ["#b3430b", "#eeb98f", "#f5f5f3", "#8fbcd9", "#0b5a8f"])


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
        reach = max(float(np.nanquantile(np.abs(values), 0.98)), 0.2)
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
