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
