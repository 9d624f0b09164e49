"""Coverage: who lives within a walk of an outlet of one format that opens its doors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import ConfigError, Fault, did_you_mean
from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import HIGHER, WORLD_ALONE, Measure, Values, ratio
from circlesim.measures.nearest import nearest_walk_min
from circlesim.measures.reading import Reading

HOUR_MIN = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage(Measure):
    """
    Share of residents whose home has an outlet of a format within a walk at their own speed.

    Parameters
    ----------
    format : str
        Format of the outlet.
    minutes : float
        Longest walk one way.
    hour : int or None, default: None
        Hour of the last day at which the outlet must be open; None for any time of that day.
    """

    format: str
    minutes: float
    hour: int | None = None
    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by in ("service", "format"):
            return None
        within = self.walk_min(reading) <= self.minutes
        count = grouping.count()
        return Values(value=ratio(grouping.add(within.astype(np.float64)), count.astype(np.float64)), n=count)

    def walk_min(self, reading: Reading) -> NDArray[np.float64]:
        """
        Compute the walk of each resident to the nearest outlet that counts.

        Parameters
        ----------
        reading : Reading
            For homes, outlets and the last day.

        Returns
        -------
        ndarray of float64, shape (R,)
            Minutes one way; inf beyond `minutes`.
        """
        outlets = reading.facilities
        counts = reading.present & (outlets.format == outlets.formats.number(self.format)) & (outlets.walk_in == 1)
        counts &= open_at(outlets.hours, reading.weekday, self.hour)
        return nearest_walk_min(reading, counts, self.minutes)


def open_at(hours: NDArray[np.int16], weekday: int, hour: int | None) -> NDArray[np.bool_]:
    """
    Tell which outlets open on a weekday, or are open at the start of one of its hours.

    Parameters
    ----------
    hours : ndarray of int16, shape (F, 7, 3, 2)
        As in `Facilities`.
    weekday : int
        Monday 0.
    hour : int or None
        0 to 23; None for any time.

    Returns
    -------
    ndarray of bool, shape (F,)
        True where open.
    """
    today, yesterday = hours[:, weekday], hours[:, (weekday + 6) % 7]
    if hour is None:
        return np.asarray((today[..., 1] > today[..., 0]).any(axis=1))
    minute = hour * HOUR_MIN
    now = (today[..., 0] <= minute) & (minute < today[..., 1])
    late = (yesterday[..., 0] <= minute + 1440) & (minute + 1440 < yesterday[..., 1])
    return np.asarray((now | late).any(axis=1))


def coverage(text: str, formats: Formats | None = CATALOGUE) -> Coverage:
    """
    Read a name such as ``coverage:breakfast_shop:10`` or ``coverage:library:15:20`` (open at 20:00).

    Parameters
    ----------
    text : str
        ``coverage:FORMAT:MINUTES`` or ``coverage:FORMAT:MINUTES:HOUR``.
    formats : Formats or None, default: CATALOGUE
        Those of the world; None takes any word, where a run has been measured already.

    Returns
    -------
    Coverage
        The measure.

    Raises
    ------
    ConfigError
        If format, minutes or hour are no such thing.
    """
    parts = text.split(":")
    if len(parts) not in (3, 4):
        raise _refused(text, "not a coverage measure", "coverage:FORMAT:MINUTES")
    if formats is not None and parts[1] not in formats:
        raise _refused(text, "unknown format", "see: circlesim show formats", did_you_mean(parts[1], formats.ids))
    minutes = _number(parts[2])
    if not 0 < minutes <= 60:
        raise _refused(text, "minutes must be a number above 0, at most 60", "such as coverage:breakfast_shop:10")
    hour = _number(parts[3]) if len(parts) == 4 else None
    if hour is not None and hour not in range(24):
        raise _refused(text, "the hour must be a whole number from 0 to 23", "such as coverage:library:15:20")
    while_open = "at any time of the last day" if hour is None else f"at {int(hour):02d}:00 on the last day"
    return Coverage(
        name=text, format=parts[1], minutes=minutes, hour=None if hour is None else int(hour), unit="share",
        direction=HIGHER, population="all residents",
        numerator=f"residents with a {parts[1]} open {while_open} within {parts[2]} minutes of home at own speed "
        "on the level",
        denominator="residents", reference="TD/T 1062-2021 (walking bands); counted by person, not by area",
    )  # fmt: skip


def _number(text: str) -> float:
    """Read a number; nan where it is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _refused(text: str, what: str, expected: str, hint: str = "") -> ConfigError:
    """Make the error for a measure that cannot be read."""
    fault = Fault(what=what, where=f"measures.{text}", found=text, expected=expected, hint=hint)
    return ConfigError("a measure cannot be used", [fault])
