"""Surfaces: what lies on the street on a day."""

from __future__ import annotations

from datetime import date

SURFACES: tuple[str, ...] = ("dry", "snow", "ice", "heat")
"""Ids; walking speeds are stated on the first."""

SEASONS: tuple[str, ...] = ("winter", "spring", "summer", "autumn")
"""Meteorological seasons of the northern hemisphere, from December on three months each."""

SEASON_DAYS: tuple[int, ...] = (90, 92, 92, 91)
"""Days of each season in a year of 365."""


def season_of(day: date) -> str:
    """
    Name the season of a day.

    Parameters
    ----------
    day : date
        Any.

    Returns
    -------
    str
        One of `SEASONS`.
    """
    return SEASONS[day.month % 12 // 3]
