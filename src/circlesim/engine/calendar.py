"""Calendar: when needs arise, from daily profiles and free windows."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.surfaces import SEASON_DAYS, SEASONS
from circlesim.compiled import compiled
from circlesim.world.population import Schedule

STEP_MIN = 5
STEPS = 1440 // STEP_MIN
DAY_TYPES = ("weekday", "weekend")
WINDOWS = 3


class Calendar(NamedTuple):
    """
    Times of the day, by need kind and type of week.

    Parameters
    ----------
    cumulative : ndarray of float64, shape (K, T, 2, STEPS + 1)
        Probability that a need of the kind arises before each step of the day, by schedule and day type.
    window : ndarray of float64, shape (T + 1, 2, WINDOWS, 2)
        Free windows in minutes; -1 for none. The last row is that of carers whose child is in day care.
    weekend_factor : ndarray of float64, shape (K,)
        Multiplier of need rates on Saturday and Sunday.
    season_factor : ndarray of float64, shape (4, K)
        Multiplier of need rates by season, as in `catalog.surfaces.SEASONS`; its mean over the year is one.
    """

    cumulative: NDArray[np.float64]
    window: NDArray[np.float64]
    weekend_factor: NDArray[np.float64]
    season_factor: NDArray[np.float64]


@compiled(inline=True, borrow=True)
def leaves_and_returns(windows: Any) -> Any:
    """Minutes at which a day away from home begins and ends; -1 twice for a day of one free window or none."""
    last = windows.shape[0] - 1
    while last > 0 and windows[last, 1] < 0.0:
        last -= 1
    if last == 0:
        return -1.0, -1.0
    return windows[0, 1], windows[last, 0]


def calendar(parameters: Parameters) -> Calendar:
    """
    Build the calendar from parameters.

    Parameters
    ----------
    parameters : Parameters
        Rows ``profile_weight``, ``free_window``, ``weekend_factor`` and ``season_factor``.

    Returns
    -------
    Calendar
        Distribution of *profile x free windows*; of the profile alone where the product is empty.
    """
    window = _windows(parameters)
    free = np.zeros((len(Schedule), len(DAY_TYPES), STEPS))
    for t in range(len(Schedule)):
        for d in range(len(DAY_TYPES)):
            for start, end in window[t, d]:
                free[t, d, max(int(start), 0) // STEP_MIN : max(int(end), 0) // STEP_MIN] = 1.0
    cumulative = np.zeros((len(KINDS), len(Schedule), len(DAY_TYPES), STEPS + 1))
    for k, (service, ordinal) in enumerate(KINDS):
        weights = parameters.by("profile_weight", "hour", service=service, ordinal=ordinal)
        hourly = np.array([weights.get(str(hour), 0.0) for hour in range(24)])
        profile = np.repeat(hourly, 60 // STEP_MIN)
        for t in range(len(Schedule)):
            for d in range(len(DAY_TYPES)):
                both = profile * free[t, d]
                density = both if both.sum() > 0 else profile
                cumulative[k, t, d, 1:] = np.cumsum(density) / density.sum()
    factor = np.array([parameters.number("weekend_factor", service=service) for service, _ in KINDS])
    return Calendar(cumulative, window, factor, _season_factors(parameters))


def _season_factors(parameters: Parameters) -> NDArray[np.float64]:
    """Factors by season and kind, over their mean of the days of a year; one where no season is named."""
    stated = np.ones((len(SEASONS), len(KINDS)))
    for k, (service, _) in enumerate(KINDS):
        known = parameters.by("season_factor", "season", service=service)
        stated[:, k] = [known.get(season, 1.0) for season in SEASONS]
    mean = np.average(stated, axis=0, weights=SEASON_DAYS)
    return np.where(stated == mean, 1.0, stated / mean)


def _windows(parameters: Parameters) -> NDArray[np.float64]:
    weeks = (*(schedule.name.lower() for schedule in Schedule), "freed")
    window = np.full((len(weeks), len(DAY_TYPES), WINDOWS, 2), -1.0)
    for schedule, week in enumerate(weeks):
        for d, day in enumerate(DAY_TYPES):
            group = {"schedule": week, "day": day}
            starts = parameters.by("free_window", "window", edge="start", **group)
            ends = parameters.by("free_window", "window", edge="end", **group)
            for text, start in starts.items():
                window[schedule, d, int(text)] = start, ends[text]
    return window
