"""Walking: minutes, and what is within reach."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64)")
def walk_min(metres: Any, speed_m_per_min: Any) -> Any:
    """
    Minutes of a walk.

    Parameters
    ----------
    metres : float
        Length of the shortest walkable way.
    speed_m_per_min : float
        Walking speed.

    Returns
    -------
    float
        Minutes one way.
    """
    return metres / speed_m_per_min


@compiled("float64(float64,float64)")
def speed_on(speed_m_per_min: Any, factor: Any) -> Any:
    """
    Walking speed on a surface.

    Parameters
    ----------
    speed_m_per_min : float
        Speed on a dry, level street.
    factor : float
        Speed on the surface over speed on a dry street (Willberg et al. 2023, doi 10.1016/j.jtrangeo.2022.103521).

    Returns
    -------
    float
        Metres a minute.
    """
    return speed_m_per_min * factor


@compiled("float64(float64,float64,float64)")
def extra_walk(onward: Any, home: Any, home_before: Any) -> Any:
    """
    Minutes a further stop adds to a trip made anyway, as one way of a round trip.

    Parameters
    ----------
    onward : float
        Minutes from where one stands to the stop.
    home : float
        Minutes home from the stop.
    home_before : float
        Minutes home from where one stands.

    Returns
    -------
    float
        Half of what the way home grows by; at least 0.
    """
    return max(0.0, 0.5 * (onward + home - home_before))


@compiled("boolean(float64,float64)")
def within_reach(walk: Any, tolerance: Any) -> Any:
    """
    Tell whether a walk is within a resident's tolerance.

    Parameters
    ----------
    walk, tolerance : float
        Minutes one way; always compared as minutes, never as metres.

    Returns
    -------
    bool
        True where the walk is no longer than the tolerance.
    """
    return walk <= tolerance
