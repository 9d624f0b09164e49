"""Canvas: figures laid out in inches, so that text in any script has its room."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.ticker import FuncFormatter, MaxNLocator

from circlesim.reporting.charts.palette import INK, MUTED, RULE
from circlesim.reporting.quantities import number

WIDTH_IN = 9.2
"""Width of every figure; the page scales it."""

ROW_IN = 0.235
"""Height of a row of labels."""

LABEL_PT = 8.8
NOTE_PT = 7.8


def new_figure(height_in: float) -> Figure:
    """
    Make a figure of the width of the page.

    Parameters
    ----------
    height_in : float
        Height in inches.

    Returns
    -------
    Figure
        Without axes; no global state is touched.
    """
    return Figure(figsize=(WIDTH_IN, height_in))


def place(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """
    Add axes at a place given in inches from the upper left corner.

    Parameters
    ----------
    figure : Figure
        Where to.
    left, top, width, height : float
        In inches.

    Returns
    -------
    Axes
        Bare: no frame, no ticks.
    """
    across, down = figure.get_size_inches()
    axes = figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down))
    return bare(axes)


def own_axes(ax: Axes | None, height_in: float = 3.6) -> Axes:
    """
    Give the axes to draw on: those asked for, or new ones.

    Parameters
    ----------
    ax : Axes or None
        As the caller of a plot function gave it.
    height_in : float, default: 3.6
        Height of a new figure, in inches.

    Returns
    -------
    Axes
        Ready to draw on.
    """
    if ax is not None:
        return ax
    return place(new_figure(height_in), 2.4, 0.5, WIDTH_IN - 2.8, height_in - 1.0)


def bare(ax: Axes) -> Axes:
    """
    Take frame and ticks away.

    Parameters
    ----------
    ax : Axes
        Any axes.

    Returns
    -------
    Axes
        The same.
    """
    for spine in ax.spines.values():
        spine.set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.patch.set_visible(False)
    return ax


def write(ax: Axes, x: float, y: float, text: str, **style: Any) -> Text:
    """
    Write text that is never taken for a formula, whatever the user called things.

    Parameters
    ----------
    ax : Axes
        Where to.
    x, y : float
        In data, unless `transform` says otherwise.
    text : str
        The words.
    **style : Any
        Passed to `Axes.text`.

    Returns
    -------
    Text
        The text.
    """
    settings: dict[str, Any] = {"fontsize": LABEL_PT, "color": INK, "va": "center", "clip_on": False} | style
    return ax.text(x, y, text, parse_math=False, **settings)


def text_width_in(text: str, size_pt: float = LABEL_PT) -> float:
    """
    Estimate the width of a text in a font we do not have.

    Parameters
    ----------
    text : str
        The words.
    size_pt : float, default: LABEL_PT
        Size of the type.

    Returns
    -------
    float
        Inches: one em for a wide character, 0.56 em for others.
    """
    ems = sum(1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.56 for letter in text)
    return ems * size_pt / 72


def shortened(text: str, room_in: float, size_pt: float = LABEL_PT) -> str:
    """
    Cut a text to the room it has.

    Parameters
    ----------
    text : str
        The words.
    room_in : float
        Inches.
    size_pt : float, default: LABEL_PT
        Size of the type.

    Returns
    -------
    str
        The text, or its beginning and an ellipsis.
    """
    if text_width_in(text, size_pt) <= room_in:
        return text
    while text and text_width_in(text + "…", size_pt) > room_in:
        text = text[:-1]
    return text.rstrip() + "…"


def value_axis(
    ax: Axes, label: str = "", *, decimals: int | None = None, signed: bool = False, ticks: int = 4
) -> None:
    """
    Draw a quiet value axis below: pale grid lines, few numbers, the unit underneath.

    Parameters
    ----------
    ax : Axes
        Limits must be set.
    label : str, default: ""
        The unit.
    decimals : int, optional
        Digits after the point; as the steps need by default.
    signed : bool, default: False
        Whether the numbers are changes.
    ticks : int, default: 4
        Number of steps at most.
    """
    ax.xaxis.set_major_locator(MaxNLocator(ticks, steps=[1, 2, 2.5, 5, 10]))

    def written(value: float, _: Any) -> str:
        digits = _digits_needed(list(ax.get_xticks())) if decimals is None else decimals
        return number(value, digits, signed=signed)

    ax.xaxis.set_major_formatter(FuncFormatter(written))
    ax.tick_params(axis="x", length=0, labelsize=NOTE_PT, labelcolor=MUTED, pad=3)
    ax.grid(visible=True, axis="x", color=RULE, linewidth=0.6)
    ax.set_axisbelow(True)
    if label:
        down = -0.34 / (ax.get_position().height * _figure(ax).get_size_inches()[1])
        write(ax, 0.5, down, label, transform=ax.transAxes, ha="center", fontsize=NOTE_PT, color=MUTED)


def _digits_needed(ticks: Sequence[float]) -> int:
    """Digits that tell neighbouring ticks apart."""
    step = abs(ticks[1] - ticks[0]) if len(ticks) > 1 else 1.0
    for digits in range(6):
        if math.isclose(step, round(step, digits), rel_tol=1e-6):
            return digits
    return 6


def _figure(ax: Axes) -> Figure:
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("axes without a figure")
    return figure


def key_row(
    figure: Figure,
    entries: Sequence[tuple[str, str]],
    *,
    left: float,
    top: float,
    marker: str = "s",
    hollow: int = -1,
) -> float:
    """
    Write a row of coloured marks with their words, in as many lines as it takes.

    Parameters
    ----------
    figure : Figure
        Where to.
    entries : sequence of (str, str)
        Colour and words.
    left, top : float
        Place of the first mark, in inches from the upper left corner.
    marker : str, default: "s"
        Matplotlib marker.
    hollow : int, default: -1
        Position of an entry drawn as an outline.

    Returns
    -------
    float
        Height used, in inches.
    """
    ax = place(figure, 0, 0, *figure.get_size_inches())
    across, down = figure.get_size_inches()
    ax.set(xlim=(0, across), ylim=(down, 0))
    x, y = left, top
    for position, (colour, words) in enumerate(entries):
        room = 0.2 + text_width_in(words) + 0.22
        if x > left and x + room > across:
            x, y = left, y + 0.22
        face, edge = ("white", colour) if position == hollow else (colour, "none")
        ax.plot(
            x + 0.06, y, marker=marker, markersize=7, color=face, linestyle="none", markeredgecolor=edge,
            markeredgewidth=1.4,
        )  # fmt: skip
        write(ax, x + 0.18, y, words)
        x += room
    return y - top + 0.22


def band(ax: Axes, bottom: float, height: float, colour: str) -> None:
    """
    Tint a band of rows across the axes.

    Parameters
    ----------
    ax : Axes
        Where to.
    bottom, height : float
        In data.
    colour : str
        Fill.
    """
    ax.add_patch(
        Rectangle((0, bottom), 1, height, transform=ax.get_yaxis_transform(), color=colour, linewidth=0, zorder=0)
    )
