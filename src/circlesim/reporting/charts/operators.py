"""Operators: vacant premises, and who gave up or began, month by month."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from circlesim.reporting.charts.canvas import NOTE_PT, WIDTH_IN, key_row, new_figure, own_axes, place, write
from circlesim.reporting.charts.palette import INK, MUTED, RULE, series_colour
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary

MOST_LABELS = 13
"""Months that can be named under the axis side by side."""


def plot_vacancies_by_month(months: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """
    Draw vacant premises at the end of each month, one line a scenario.

    Parameters
    ----------
    months : DataFrame
        Columns `scenario`, `month`, `vacant`.
    ax : Axes, optional
        Where to; a new figure by default.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax)
    series = list(months.groupby("scenario", sort=False))
    for position, (_, rows) in enumerate(series):
        # Earlier lines are wider, so that a line that lies on another hides nothing.
        wide = 1.6 + min(1.8, 5.0 / len(series)) * (len(series) - 1 - position)
        ax.plot(np.arange(len(rows)), rows["vacant"], color=series_colour(position), linewidth=wide, marker="o",
                markersize=2.2 + wide, clip_on=False, zorder=3)  # fmt: skip
    _months(ax, months)
    ax.set_ylim(bottom=0)
    return ax


def plot_exits_and_entries_by_month(months: pd.DataFrame, ax: Axes | None = None) -> Axes:
    """
    Draw operators who begin above the line and who give up below it, one bar a scenario.

    Parameters
    ----------
    months : DataFrame
        Columns `scenario`, `month`, `exits`, `entries`.
    ax : Axes, optional
        Where to; a new figure by default.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax)
    scenarios = list(months["scenario"].drop_duplicates())
    width = 0.76 / len(scenarios)
    for position, (_, rows) in enumerate(months.groupby("scenario", sort=False)):
        x = np.arange(len(rows)) + (position - (len(scenarios) - 1) / 2) * width
        colour = series_colour(position)
        ax.bar(x, rows["entries"], width=width * 0.92, color=colour, zorder=3)
        ax.bar(x, -rows["exits"], width=width * 0.92, facecolor="white", edgecolor=colour, linewidth=1.2, zorder=3)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=4)
    _months(ax, months)
    return ax


def _months(ax: Axes, months: pd.DataFrame) -> None:
    """Name the months below and count on the left."""
    names = list(months["month"].drop_duplicates())
    step = -(-len(names) // MOST_LABELS)
    ax.set_xlim(-0.6, len(names) - 0.4)
    ax.set_xticks(range(0, len(names), step), names[::step])
    ax.tick_params(axis="x", length=0, labelsize=NOTE_PT, labelcolor=MUTED, pad=4)
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 2.5, 5, 10]))

    def written(value: float, _: Any) -> str:
        return number(abs(value), 0 if float(value).is_integer() else 1)

    ax.yaxis.set_major_formatter(FuncFormatter(written))
    ax.tick_params(axis="y", length=0, labelsize=NOTE_PT, labelcolor=MUTED)
    ax.grid(visible=True, axis="y", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)


def operators_figure(months: pd.DataFrame, lang: str) -> Figure:
    """
    Draw vacancies above, exits and entries below.

    Parameters
    ----------
    months : DataFrame
        Columns `scenario`, `month`, `vacant`, `exits`, `entries`.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    words = Vocabulary.of(lang).words
    left, width, height = 0.65, WIDTH_IN - 0.9, 1.55
    names = list(months["scenario"].drop_duplicates())
    marks = [(series_colour(position), name) for position, name in enumerate(names)]
    figure = new_figure(4.75 + 0.22 * (len(names) // 3))
    top = 0.15 + key_row(figure, marks, left=left, top=0.15)
    for title, draw in (
        ("operators.vacant", plot_vacancies_by_month),
        ("operators.moves", plot_exits_and_entries_by_month),
    ):
        head = place(figure, left, top, width, 0.2)
        write(head, 0, 0.5, words(title), transform=head.transAxes, fontweight="bold")
        draw(months, place(figure, left, top + 0.3, width, height))
        top += 0.3 + height + 0.5
    return figure
