"""Habit: what drew a resident to an outlet last time draws again."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64)")
def habit_pull(b_habit: Any, strength: Any) -> Any:
    """
    Utility of going where one always goes.

    Parameters
    ----------
    b_habit : float
        Utility of a full habit, at least 0.
    strength : float
        Strength of the habit, in 0..1.

    Returns
    -------
    float
        Utility.
    """
    return b_habit * strength


@compiled("float64(float64,float64)")
def practised(strength: Any, rate: Any) -> Any:
    """
    Strength of a habit after one more visit to the same outlet.

    Exponential smoothing of past choices, as loyalty enters models of brand choice (Guadagni & Little 1983,
    doi 10.1287/mksc.2.3.203).

    Parameters
    ----------
    strength : float
        Before, in 0..1.
    rate : float
        Share of the newest visit, in 0..1.

    Returns
    -------
    float
        After, in 0..1.
    """
    return strength + rate * (1.0 - strength)


@compiled("float64(float64,float64)")
def neglected(strength: Any, rate: Any) -> Any:
    """
    Strength of a habit after a visit to another outlet of the service.

    Parameters
    ----------
    strength : float
        Before, in 0..1.
    rate : float
        Share of the newest visit, in 0..1.

    Returns
    -------
    float
        After; once below `rate` the new outlet is the habit, with strength `rate`.
    """
    return strength * (1.0 - rate)
