"""Palette: colours that stay apart for colour-blind readers and in grey print."""

from __future__ import annotations

INK = "#1d2733"
MUTED = "#5b6875"
RULE = "#d5dbe1"
GROUND = "#eef1f4"

BLUE = "#0072b2"
ORANGE = "#e69f00"
GREEN = "#009e73"
VERMILION = "#d55e00"
SKY = "#56b4e9"
PURPLE = "#cc79a7"
YELLOW = "#f0e442"

SERIES: tuple[str, ...] = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)
"""Okabe and Ito (2008), *Color universal design*, in order of contrast on white."""

FATES: dict[str, str] = {
    "inside": "#1b5e8c",
    "delivered": "#56b4e9",
    "home": "#c9d3dc",
    "outside": "#e6b84d",
    "declined": "#c98aac",
    "unmet": "#b3430b",
}
"""Met inside in blues, met elsewhere in pale tones, not met in warm ones."""

CLASSES: dict[str, str] = {
    "basic": BLUE,
    "quality": ORANGE,
    "care": GREEN,
    "other": "#7f8c99",
}
"""Classes of formats on the street map."""


def series_colour(position: int) -> str:
    """
    Colour of one of several series.

    Parameters
    ----------
    position : int
        From 0; colours repeat after the last.

    Returns
    -------
    str
        Hexadecimal colour.
    """
    return SERIES[position % len(SERIES)]
