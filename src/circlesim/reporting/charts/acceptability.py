"""Acceptability: how often each option is the best, by what one more unit of the effect is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from circlesim.reporting.charts.canvas import NOTE_PT, WIDTH_IN, key_row, new_figure, own_axes, place, write
from circlesim.reporting.charts.palette import MUTED, RULE, series_colour
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary


def plot_acceptability(curve: pd.DataFrame, ax: Axes | None = None, *, label: str = "") -> Axes:
    """
    Draw the share of draws in which each option is the best, one line an option.

    Parameters
    ----------
    curve : DataFrame
        Rows of ``acceptability.csv`` of one effect, baseline and kind of draw.
    ax : Axes, optional
        Where to; a new figure by default.
    label : str, default: ""
        What the axis below shows.

    Returns
    -------
    Axes
        With the drawing; prices stand at equal distances.
    """
    ax = own_axes(ax)
    prices = list(dict.fromkeys(curve["willingness"]))
    series = list(curve.groupby("scenario", sort=False))
    for position, (_, rows) in enumerate(series):
        # Earlier lines are wider, so that a line that lies on another hides nothing.
        wide = 1.6 + min(1.8, 5.0 / len(series)) * (len(series) - 1 - position)
        ax.plot(range(len(rows)), 100 * rows["best_share"], color=series_colour(position), linewidth=wide,
                marker="o", markersize=2.2 + wide, clip_on=False, zorder=3)  # fmt: skip
        best = np.flatnonzero(rows["best_on_average"].to_numpy())
        share = 100 * rows["best_share"].to_numpy()[best]
        ax.plot(best, share, "o", markersize=5.5 + wide, markerfacecolor="none",
                markeredgecolor=series_colour(position), markeredgewidth=1.1, clip_on=False, zorder=4)  # fmt: skip
    ax.set(xlim=(-0.4, len(prices) - 0.6), ylim=(0, 100))
    ax.set_xticks(range(len(prices)), [number(float(price)) for price in prices])
    ax.set_yticks(range(0, 101, 25), [f"{share}%" for share in range(0, 101, 25)])
    ax.tick_params(axis="both", length=0, labelsize=NOTE_PT, labelcolor=MUTED, pad=6)
    ax.grid(visible=True, axis="y", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    if label:
        write(ax, 0.5, -0.26, label, transform=ax.transAxes, ha="center", fontsize=NOTE_PT, color=MUTED)
    return ax


def acceptability_figure(curve: pd.DataFrame, lang: str, label: str) -> Figure:
    """
    Draw the curves of one baseline with their key.

    Parameters
    ----------
    curve : DataFrame
        As `plot_acceptability` takes it.
    lang : {"en", "zh"}
        Language.
    label : str
        What the axis below shows.

    Returns
    -------
    Figure
        The drawing.
    """
    words = Vocabulary.of(lang).words
    names = list(dict.fromkeys(curve["scenario"]))
    marks = [(series_colour(position), name) for position, name in enumerate(names)]
    left, height = 0.65, 1.9
    figure = new_figure(height + 1.35 + 0.22 * (len(names) // 3))
    used = key_row(figure, marks, left=left, top=0.15)
    head = place(figure, left, 0.15 + used, WIDTH_IN - 0.9, 0.2)
    write(head, 0, 0.5, words("worth.ring"), transform=head.transAxes, fontsize=NOTE_PT, color=MUTED)
    plot_acceptability(curve, place(figure, left, 0.5 + used, WIDTH_IN - 0.9, height), label=label)
    return figure
