"""Fates: how needs ended, before and after."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from circlesim.reporting.charts.canvas import (
    NOTE_PT,
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
from circlesim.reporting.charts.palette import FATES, INK
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.vocabulary import Vocabulary

DARK = ("inside", "unmet")
"""Fates whose colour takes white type."""


def plot_fates_of_needs(fates: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """
    Draw how needs ended as one full bar a row.

    Parameters
    ----------
    fates : DataFrame
        Columns `service` and `scenario` in words, and a share of needs for each fate of the ledger.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax)
    places = bar_places(fates)
    ax.set(xlim=(0, 100), ylim=(places[-1] + 0.55, -1.35))
    room_in = ax.get_position().x0 * WIDTH_IN - 0.15
    last = ""
    for y, row in zip(places, records(fates), strict=True):
        if row["service"] != last:
            last = str(row["service"])
            write(ax, 0, y - 0.82, last, fontweight="bold", transform=ax.get_yaxis_transform())
        start = 0.0
        for fate, colour in FATES.items():
            share = 100 * float(row.get(fate, 0.0))
            ax.barh(y, share, left=start, height=0.66, color=colour, edgecolor="white", linewidth=0.6, zorder=2)
            if share >= 4.5:
                ink = "white" if fate in DARK else INK
                write(ax, start + share / 2, y, number(share, 1), ha="center", fontsize=NOTE_PT, color=ink)
            start += share
        name = shortened(str(row["scenario"]), room_in)
        write(ax, -0.015, y, name, ha="right", transform=ax.get_yaxis_transform())
    value_axis(ax, Vocabulary.of(lang).words("unit.percent_of_needs"), ticks=5)
    return ax


def bar_places(fates: pd.DataFrame) -> list[float]:
    """
    Place the bars, with room for a heading above each service.

    Parameters
    ----------
    fates : DataFrame
        Column `service`.

    Returns
    -------
    list of float
        Rows from the top.
    """
    fresh = (fates["service"] != fates["service"].shift()).cumsum()
    return [float(row + 1.15 * (block - 1)) for row, block in enumerate(fresh)]


def fates_figure(fates: pd.DataFrame, lang: str) -> Figure:
    """
    Draw the fates with their key.

    Parameters
    ----------
    fates : DataFrame
        See `plot_fates_of_needs`.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    vocabulary = Vocabulary.of(lang)
    left = min(3.2, max(text_width_in(str(name)) for name in fates["scenario"]) + 0.25)
    height = 0.3 * (bar_places(fates)[-1] + 1.9)
    figure = new_figure(height + 1.1)
    used = key_row(
        figure, [(colour, vocabulary.fate(fate)) for fate, colour in FATES.items()], left=left, top=0.14
    )
    ax = place(figure, left, 0.2 + used, WIDTH_IN - left - 0.25, height)
    plot_fates_of_needs(fates, ax, lang=lang)
    return figure
