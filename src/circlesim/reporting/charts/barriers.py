"""Barriers: why needs stay unmet, before and after, and what lifting one barrier would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from circlesim.reporting.charts.canvas import (
    ROW_IN,
    WIDTH_IN,
    key_row,
    new_figure,
    own_axes,
    place,
    shortened,
    text_width_in,
    value_axis,
    write,
)
from circlesim.reporting.charts.palette import BLUE, MUTED, VERMILION
from circlesim.reporting.vocabulary import Vocabulary

PER = 1000
"""Needs are told per thousand: the shares are small."""


def plot_unmet_by_barrier(
    unmet: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en", labels: bool = True
) -> Axes:
    """
    Draw unmet needs by first barrier, before and after.

    Parameters
    ----------
    unmet : DataFrame
        Columns `barrier`, `before`, `after`: shares of all needs.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.
    labels : bool, default: True
        Whether the barriers are named.

    Returns
    -------
    Axes
        With the drawing.
    """
    return _dumbbells(unmet, own_axes(ax), "unit.unmet_per_1000", lang, labels)


def plot_pushed_out_by_barrier(
    pushed: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en", labels: bool = True
) -> Axes:
    """
    Draw needs met at home or outside for want of an alternative inside, before and after.

    Parameters
    ----------
    pushed : DataFrame
        Columns `barrier`, `before`, `after`: shares of all needs.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.
    labels : bool, default: True
        Whether the barriers are named.

    Returns
    -------
    Axes
        With the drawing.
    """
    return _dumbbells(pushed, own_axes(ax), "unit.needs_per_1000", lang, labels)


def plot_met_if_lifted(
    lifted: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en", labels: bool = True
) -> Axes:
    """
    Draw needs that lifting one barrier alone would bring inside, before and after.

    Parameters
    ----------
    lifted : DataFrame
        Columns `barrier`, `before`, `after`: shares of all needs.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.
    labels : bool, default: True
        Whether the barriers are named.

    Returns
    -------
    Axes
        With the drawing.
    """
    return _dumbbells(lifted, own_axes(ax), "unit.needs_per_1000", lang, labels)


def _dumbbells(table: pd.DataFrame, ax: Axes, unit: str, lang: str, labels: bool) -> Axes:
    vocabulary = Vocabulary.of(lang)
    before, after = table["before"].to_numpy(float) * PER, table["after"].to_numpy(float) * PER
    ax.set(xlim=(0, 1.12 * max(before.max(initial=0), after.max(initial=0)) or 1), ylim=(len(table) - 0.4, -0.6))
    y = np.arange(len(table))
    ax.hlines(y, before, after, color=MUTED, linewidth=1.6, zorder=2)
    ax.plot(
        before, y, "o", markersize=6.5, color="white", markeredgecolor=BLUE, markeredgewidth=1.4, zorder=3,
        clip_on=False,
    )  # fmt: skip
    ax.plot(after, y, "o", markersize=4.5, color=VERMILION, markeredgecolor="none", zorder=4, clip_on=False)
    for place_at, name in enumerate(table["barrier"] if labels else ()):
        write(ax, -0.04, place_at, vocabulary.barrier(name), ha="right", transform=ax.get_yaxis_transform())
    value_axis(ax, vocabulary.words(unit), ticks=3)
    return ax


def barrier_figure(
    panels: Sequence[tuple[str, pd.DataFrame]], plot: Callable[..., Axes], lang: str, *, columns: int = 3
) -> Figure:
    """
    Draw one panel a scenario, all over the same barriers.

    Parameters
    ----------
    panels : sequence of (str, DataFrame)
        Title and table of each panel.
    plot : callable
        `plot_unmet_by_barrier` or `plot_met_if_lifted`.
    lang : {"en", "zh"}
        Language.
    columns : int, default: 3
        Panels side by side at most.

    Returns
    -------
    Figure
        The drawing.
    """
    vocabulary = Vocabulary.of(lang)
    across = _columns(len(panels), columns)
    down = -(-len(panels) // across)
    names = [vocabulary.barrier(name) for _, table in panels for name in table["barrier"]]
    left = max(map(text_width_in, names), default=1.0) + 0.25
    height = (max((len(table) for _, table in panels), default=1) + 0.2) * ROW_IN * 1.1
    block = height + 1.0
    figure = new_figure(0.3 + down * block)
    marks = [(BLUE, vocabulary.words("before")), (VERMILION, vocabulary.words("after"))]
    key_row(figure, marks, left=left, top=0.15, marker="o", hollow=0)
    gap = 0.35
    reach = max((float(table[["before", "after"]].max().max()) for _, table in panels), default=0.0) * PER
    width = (WIDTH_IN - left - gap * across) / across
    for position, (title, table) in enumerate(panels):
        row, column = divmod(position, across)
        ax = place(figure, left + column * (width + gap), 0.3 + row * block + 0.4, width, height)
        plot(table, ax, lang=lang, labels=column == 0)
        ax.set_xlim(0, 1.08 * reach or 1.0)
        write(ax, 0, 1 + 0.16 / height, shortened(title, width), transform=ax.transAxes, fontweight="bold")
    return figure


def _columns(panels: int, most: int) -> int:
    """Even rows: four panels stand two by two, not three and one."""
    if panels <= most:
        return max(panels, 1)
    rows = -(-panels // most)
    return -(-panels // rows)
