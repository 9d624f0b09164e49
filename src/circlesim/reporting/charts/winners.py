"""Winners: what part of each group of residents gains, and what part loses."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from circlesim.reporting.charts.canvas import (
    NOTE_PT,
    ROW_IN,
    WIDTH_IN,
    key_row,
    new_figure,
    own_axes,
    place,
    text_width_in,
    value_axis,
    write,
)
from circlesim.reporting.charts.forest import forest_rows, write_row_labels
from circlesim.reporting.charts.palette import BLUE, INK, SKY, VERMILION
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary

PALE_LOSS = "#f0b48c"
"""Those who lose without their own interval saying so."""


def plot_winners_and_losers(winners: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en") -> Axes:
    """
    Draw the share of each group that loses to the left, and the share that gains to the right.

    The dark part of a bar are residents whose own interval lies beyond the threshold, where there are enough
    replications to tell.

    Parameters
    ----------
    winners : DataFrame
        Rows of ``winners.csv`` of one scenario, measure and threshold.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.

    Returns
    -------
    Axes
        With the drawing.
    """
    rows = forest_rows(winners, lang)
    ax = own_axes(ax, rows[-1].y * ROW_IN + 1.6)
    places = {(row.by, row.group): row.y for row in rows if not row.heading}
    y = [places[key] for key in zip(winners["by"], winners["group"], strict=True)]
    sides = (("gain_share", "sure_gain_share", 1, SKY, BLUE), ("lose_share", "sure_lose_share", -1, PALE_LOSS,
                                                               VERMILION))  # fmt: skip
    reach = 100 * max(float(winners[["gain_share", "lose_share"]].max().max()), 0.005)
    ax.set(xlim=(-1.3 * reach, 1.3 * reach), ylim=(rows[-1].y + 0.7, -0.7))
    for name, sure, sign, pale, dark in sides:
        share = 100 * winners[name].to_numpy(float)
        ax.barh(y, sign * share, height=0.66, color=pale, zorder=2)
        ax.barh(y, sign * 100 * winners[sure].fillna(0.0).to_numpy(float), height=0.66, color=dark, zorder=3)
        for at, value in zip(y, share, strict=True):
            side = "left" if sign > 0 else "right"
            write(ax, sign * (value + 0.02 * reach), at, f"{number(value, 1)}%", ha=side, fontsize=NOTE_PT)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=4)
    value_axis(ax, Vocabulary.of(lang).words("winners.axis"))
    write_row_labels(ax, rows)
    return ax


def winners_figure(winners: pd.DataFrame, lang: str) -> Figure:
    """
    Draw one comparison with its key.

    Parameters
    ----------
    winners : DataFrame
        As `plot_winners_and_losers` takes it.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    words, rows = Vocabulary.of(lang).words, forest_rows(winners, lang)
    left = max(text_width_in(row.text) for row in rows) + 0.4
    height = (rows[-1].y + 1.4) * ROW_IN
    figure = new_figure(height + 1.15)
    marks = [(PALE_LOSS, words("winners.lose")), (SKY, words("winners.gain"))]
    if winners["sure_gain_share"].notna().any():
        marks = [(VERMILION, words("winners.sure_lose")), *marks, (BLUE, words("winners.sure_gain"))]
    used = key_row(figure, marks, left=left, top=0.15)
    plot_winners_and_losers(winners, place(figure, left, 0.2 + used, WIDTH_IN - left - 0.2, height), lang=lang)
    return figure
