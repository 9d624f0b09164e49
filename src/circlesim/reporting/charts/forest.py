"""Forest: which groups gain and lose, with the range around every change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from circlesim.reporting.charts.canvas import (
    LABEL_PT,
    NOTE_PT,
    ROW_IN,
    WIDTH_IN,
    band,
    new_figure,
    own_axes,
    place,
    shortened,
    text_width_in,
    value_axis,
    write,
)
from circlesim.reporting.charts.palette import BLUE, GROUND, INK, MUTED, SKY
from circlesim.reporting.quantities import UnitKind
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.world.groups import GROUP_LABELS


@dataclass(frozen=True, slots=True)
class ForestRow:
    """
    One line of a forest plot.

    Parameters
    ----------
    y : float
        Place, in rows from the top.
    text : str
        Label.
    by, group : str
        Whom it is about; a heading has no group and `heading` set.
    heading : bool
        Whether the line only names the grouping.
    """

    y: float
    text: str
    by: str
    group: str
    heading: bool


def forest_rows(effects: pd.DataFrame, lang: str | Vocabulary = "en") -> list[ForestRow]:
    """
    Lay out the lines: all residents first, then each grouping under its heading.

    Parameters
    ----------
    effects : DataFrame
        Columns `by`, `group`.
    lang : {"en", "zh"} or Vocabulary, default: "en"
        Language of the labels.

    Returns
    -------
    list of ForestRow
        From the top.
    """
    vocabulary = Vocabulary.of(lang)
    rows: list[ForestRow] = []
    y, last = 0.0, ""
    for by, group in _in_order(effects):
        if by != last:
            y += 0.35
            rows.append(ForestRow(y, vocabulary.dimension(by), by, "", True))
            y, last = y + 1.0, by
        rows.append(ForestRow(y, vocabulary.group(by, group), by, group, False))
        y += 1.0
    return rows


def _in_order(effects: pd.DataFrame) -> list[tuple[str, str]]:
    """Groupings as they come, groups as the catalogue of groups has them: not every measure has every group."""
    seen = list(dict.fromkeys(zip(effects["by"], effects["group"], strict=True)))
    dimensions = list(dict.fromkeys(by for by, _ in seen))

    def place_of(key: tuple[str, str]) -> tuple[int, int]:
        known = GROUP_LABELS.get(key[0], ())
        return dimensions.index(key[0]), known.index(key[1]) if key[1] in known else len(known)

    return sorted(seen, key=place_of)


def plot_effect_by_subgroup(
    effects: pd.DataFrame, ax: Axes | None = None, *, lang: str | Vocabulary = "en",
    rows: list[ForestRow] | None = None, labels: bool = True,
) -> Axes:  # fmt: skip
    """
    Draw the change of one measure for every group of residents.

    A pale bar is the range over assumptions, a thin line the interval over luck; the dot is filled where the
    range it is judged by leaves out zero and the change does not print as zero.

    Parameters
    ----------
    effects : DataFrame
        Rows of ``comparison.csv`` of one measure and one scenario.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"} or Vocabulary, default: "en"
        Language.
    rows : list of ForestRow, optional
        Lines shared with other panels.
    labels : bool, default: True
        Whether the lines are named.

    Returns
    -------
    Axes
        With the drawing.
    """
    rows = rows or forest_rows(effects, lang)
    ax = own_axes(ax, rows[-1].y * ROW_IN + 1.6)
    quantity = Vocabulary.of(lang).quantity(str(effects["unit"].iloc[0]))
    places = {(row.by, row.group): row.y for row in rows if not row.heading}
    y = np.array([places.get(key, np.nan) for key in zip(effects["by"], effects["group"], strict=True)])
    _draw_effects(ax, effects, y, quantity.kind)
    _frame(ax, effects, rows, quantity.kind)
    value_axis(ax, quantity.change_unit, signed=True)
    if labels:
        write_row_labels(ax, rows)
    return ax


def _draw_effects(ax: Axes, effects: pd.DataFrame, y: NDArray[np.float64], kind: UnitKind) -> None:
    factor = kind.factor
    luck = effects[["ci_low", "ci_high"]].to_numpy(float) * factor
    wide = effects[["assumption_low", "assumption_high"]].to_numpy(float) * factor
    judged = np.where(np.isfinite(wide).all(axis=1, keepdims=True), wide, luck)
    ax.hlines(y, wide[:, 0], wide[:, 1], color=SKY, alpha=0.55, linewidth=7, zorder=2)
    ax.hlines(y, luck[:, 0], luck[:, 1], color=INK, linewidth=1.1, zorder=3)
    change = effects["difference"].to_numpy(float) * factor
    printed = np.round(change, kind.change_decimals) != 0
    clear = printed & ((judged[:, 0] > 0) | (judged[:, 1] < 0))
    for chosen, fill in ((clear, BLUE), (~clear, "white")):
        ax.plot(
            change[chosen], y[chosen], "o", markersize=5, color=fill, markeredgecolor=BLUE, markeredgewidth=1.2,
            zorder=4,
        )  # fmt: skip


def _frame(ax: Axes, effects: pd.DataFrame, rows: list[ForestRow], kind: UnitKind) -> None:
    columns = ["difference", "ci_low", "ci_high", "assumption_low", "assumption_high"]
    ends = effects[columns].to_numpy(dtype=float) * kind.factor
    # Never less than two printed steps either way: what prints as zero must not fill the panel.
    least = 2 * 10.0**-kind.change_decimals
    low = min(-least, np.nanmin(ends, initial=0.0))
    high = max(least, np.nanmax(ends, initial=0.0))
    pad = 0.06 * (high - low)
    ax.set(xlim=(low - pad, high + pad), ylim=(rows[-1].y + 0.7, -0.7))
    ax.axvline(0, color=INK, linewidth=0.9, zorder=1)
    for row in rows:
        if row.by == "" and not row.heading:
            band(ax, row.y - 0.5, 1.0, GROUND)


def write_row_labels(ax: Axes, rows: list[ForestRow]) -> None:
    """
    Name the lines left of the axes.

    Parameters
    ----------
    ax : Axes
        Limits must be set.
    rows : list of ForestRow
        The lines.
    """
    across = ax.get_yaxis_transform()
    for row in rows:
        style = {"fontweight": "bold", "color": MUTED, "fontsize": NOTE_PT} if row.heading else {}
        write(ax, -0.03, row.y, row.text, ha="right", transform=across, **style)


def forest_figure(comparison: pd.DataFrame, measures: list[str], lang: str | Vocabulary) -> Figure:
    """
    Draw several measures side by side over the same lines.

    Parameters
    ----------
    comparison : DataFrame
        Rows of ``comparison.csv`` of one scenario.
    measures : list of str
        One panel each, from the left.
    lang : {"en", "zh"} or Vocabulary
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    vocabulary = Vocabulary.of(lang)
    chosen = comparison[comparison["measure"].isin(measures)]
    rows = forest_rows(chosen, lang)
    left = min(2.6, max(text_width_in(row.text) for row in rows) + 0.25)
    height = (rows[-1].y + 1.4) * ROW_IN
    figure = new_figure(height + 1.0)
    gap = 0.3
    width = (WIDTH_IN - left - gap * len(measures)) / len(measures)
    for position, measure in enumerate(measures):
        ax = place(figure, left + position * (width + gap), 0.42, width, height)
        effects = chosen[chosen["measure"] == measure]
        plot_effect_by_subgroup(effects, ax, lang=lang, rows=rows, labels=position == 0)
        title = shortened(vocabulary.measure(measure), width + gap * 0.6, LABEL_PT)
        lift = 1 + 0.2 / height
        write(ax, 0, lift, title, transform=ax.transAxes, fontweight="bold")
    return figure
