"""Hours: when needs arise, when outlets are visited, and what changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from circlesim.reporting.charts.canvas import NOTE_PT, WIDTH_IN, key_row, new_figure, own_axes, place, write
from circlesim.reporting.charts.palette import INK, MUTED, RULE, series_colour
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary

AREA = "#cdd6de"


def plot_needs_and_visits_by_hour(hourly: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """
    Draw needs and visits by hour of the day in one scenario.

    Parameters
    ----------
    hourly : DataFrame
        Columns `hour`, `needs`, `visits`: mean counts a day.
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
    hour = hourly["hour"].to_numpy(float) + 0.5
    ax.bar(hour, hourly["needs"], width=0.92, color=AREA, zorder=1)
    ax.plot(hour, hourly["visits"], color=INK, linewidth=1.8, marker="o", markersize=3, zorder=3)
    _clock(ax, lang)
    _counts(ax, signed=False)
    ax.set_ylim(bottom=0)
    return ax


def plot_visit_change_by_hour(hourly: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """
    Draw by how much visits change at each hour, one line a scenario.

    Parameters
    ----------
    hourly : DataFrame
        Columns `scenario`, `hour`, `change`: mean visits a day against the baseline of the scenario.
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
    for position, (_, rows) in enumerate(hourly.groupby("scenario", sort=False)):
        x = np.append(rows["hour"].to_numpy(float), 24.0)
        y = np.append(rows["change"].to_numpy(float), rows["change"].iloc[-1])
        ax.step(x, y, where="post", color=series_colour(position), linewidth=1.7, zorder=3)
    ax.axhline(0, color=INK, linewidth=0.8, zorder=2)
    _clock(ax, lang)
    _counts(ax, signed=True)
    return ax


def _clock(ax: Axes, lang: str) -> None:
    ax.set_xlim(0, 24)
    ax.xaxis.set_major_locator(FixedLocator(list(range(0, 25, 3))))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda hour, _: f"{hour:.0f}:00"))
    ax.tick_params(axis="x", length=3, color=RULE, labelsize=NOTE_PT, labelcolor=MUTED)
    height = ax.get_position().height * _height_in(ax)
    label = Vocabulary.of(lang).words("hour_of_day")
    write(ax, 0.5, -0.36 / height, label, transform=ax.transAxes, ha="center", fontsize=NOTE_PT, color=MUTED)


def _counts(ax: Axes, *, signed: bool) -> None:
    ax.yaxis.set_major_locator(MaxNLocator(4))

    def written(value: float, _: Any) -> str:
        return number(value, 0 if abs(value) >= 10 or value == int(value) else 1, signed=signed)

    ax.yaxis.set_major_formatter(FuncFormatter(written))
    ax.tick_params(axis="y", length=0, labelsize=NOTE_PT, labelcolor=MUTED)
    ax.grid(visible=True, axis="y", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)


def _height_in(ax: Axes) -> float:
    figure = ax.get_figure(root=True)
    return float(figure.get_size_inches()[1]) if figure else 1.0


def hours_figure(baseline: pd.DataFrame, change: pd.DataFrame, lang: str) -> Figure:
    """
    Draw the day of the baseline and the changes under each scenario.

    Parameters
    ----------
    baseline : DataFrame
        See `plot_needs_and_visits_by_hour`.
    change : DataFrame
        See `plot_visit_change_by_hour`; may be empty.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    words = Vocabulary.of(lang).words
    left, width, height = 0.65, WIDTH_IN - 0.9, 1.75
    figure = new_figure(5.6 if len(change) else 2.8)
    key_row(figure, [(AREA, words("hourly.needs")), (INK, words("hourly.visits"))], left=left, top=0.15)
    plot_needs_and_visits_by_hour(baseline, place(figure, left, 0.4, width, height), lang=lang)
    if len(change):
        names = list(change["scenario"].drop_duplicates())
        marks = [(series_colour(position), name) for position, name in enumerate(names)]
        top = 0.4 + height + 0.62
        title = place(figure, left, top, width, 0.2)
        write(title, 0, 0.5, words("hourly.change"), transform=title.transAxes, fontweight="bold")
        used = key_row(figure, marks, left=left, top=top + 0.36)
        plot_visit_change_by_hour(change, place(figure, left, top + 0.36 + used, width, height), lang=lang)
    return figure
