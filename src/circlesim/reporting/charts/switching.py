"""Switching: whether money in the circle is new, recaptured, moved or lost."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from circlesim.reporting.charts.canvas import (
    WIDTH_IN,
    new_figure,
    own_axes,
    place,
    shortened,
    text_width_in,
    write,
)
from circlesim.reporting.charts.palette import BLUE, GREEN, INK, SKY, VERMILION
from circlesim.reporting.quantities import number
from circlesim.reporting.vocabulary import Vocabulary

PARTS: dict[str, str] = {"new": GREEN, "recaptured": BLUE, "shifted": SKY, "lost": VERMILION, "total": INK}
"""Parts of a spending change and their colours; `total` is their sum."""


def plot_where_spending_comes_from(
    parts: pd.DataFrame, ax: Axes | None = None, *, lang: str = "en", labels: bool = True
) -> Axes:
    """
    Draw the parts of the change in spending inside the circle.

    Parameters
    ----------
    parts : DataFrame
        Columns `part` (`new`, `recaptured`, `shifted`, `lost`, `total`), `spend_change`, `unit`.
    ax : Axes, optional
        Where to; a new figure by default.
    lang : {"en", "zh"}, default: "en"
        Language.
    labels : bool, default: True
        Whether the parts are named.

    Returns
    -------
    Axes
        With the drawing.
    """
    ax = own_axes(ax)
    words = Vocabulary.of(lang).words
    values = parts["spend_change"].to_numpy(float)
    reach = max(abs(values).max(initial=0), 1e-9)
    ax.set(xlim=(-1.65 * reach, 1.65 * reach), ylim=(len(parts) - 0.4, -0.6))
    decimals = 0 if reach >= 100 else 2
    for y, (part, value) in enumerate(zip(parts["part"], values, strict=True)):
        ax.barh(y, value, height=0.62, color=PARTS[part], zorder=2)
        side = 1 if value >= 0 else -1
        text = number(value, decimals, signed=True)
        weight = "bold" if part == "total" else "normal"
        beside = offset_copy(ax.transData, ax.get_figure(root=True), 4 * side, 0, units="points")
        write(ax, value, y, text, ha="left" if side > 0 else "right", fontweight=weight, transform=beside)
        if labels:
            name = words(f"switch.{part}")
            write(ax, -0.03, y, name, ha="right", transform=ax.get_yaxis_transform(), fontweight=weight)
    ax.axvline(0, color=INK, linewidth=0.9, zorder=3)
    return ax


def switching_figure(panels: Sequence[tuple[str, pd.DataFrame]], lang: str) -> Figure:
    """
    Draw one panel a scenario.

    Parameters
    ----------
    panels : sequence of (str, DataFrame)
        Title and parts.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    Figure
        The drawing.
    """
    words = Vocabulary.of(lang).words
    across = 1 if len(panels) == 1 else 2
    down = -(-len(panels) // across)
    left = max(text_width_in(words(f"switch.{part}")) for part in PARTS) + 0.3
    gap, height = 0.3, 1.35
    reach = 1.65 * max((float(parts["spend_change"].abs().max()) for _, parts in panels), default=0.0) or 1.0
    block = height + 0.55
    figure = new_figure(down * block + 0.05)
    width = (WIDTH_IN - left - gap * across) / across
    for position, (title, parts) in enumerate(panels):
        row, column = divmod(position, across)
        ax = place(figure, left + column * (width + gap), row * block + 0.4, width, height)
        plot_where_spending_comes_from(parts, ax, lang=lang, labels=column == 0)
        ax.set_xlim(-reach, reach)
        write(ax, 0, 1 + 0.18 / height, shortened(title, width), transform=ax.transAxes, fontweight="bold")
    return figure
