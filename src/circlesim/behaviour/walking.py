"""Walking: minutes, and what is within reach."""

from __future__ import annotations

import math
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


@compiled("float64(float64,float64)")
def up_and_down(slope: Any, weight: Any) -> Any:
    """
    Length of a sloping way over that of a level one which takes as long, walked up one way and down the other.

    Tobler (1993), Technical Report 93-1, NCGIA: speed on a slope s is ``exp(-3.5 |s + 0.05|)`` of its most, which
    is reached going slightly down; over that on the level, ``exp(-3.5 (|s + 0.05| - 0.05))``.

    Parameters
    ----------
    slope : float
        Rise over length, at least 0.
    weight : float
        How much more a slope weighs for this class of walkers; 1 for Tobler's.

    Returns
    -------
    float
        Mean over both ways; at least 1.
    """
    up = math.exp(3.5 * weight * (abs(slope + 0.05) - 0.05))
    down = math.exp(3.5 * weight * (abs(-slope + 0.05) - 0.05))
    return 0.5 * (up + down)


@compiled("float64(float64,float64,float64,float64,float64,float64,float64)")
def level_metres(
    length_m: Any, slope: Any, steps: Any, kerbs: Any, slope_weight: Any, steps_factor: Any, kerb_m: Any
) -> Any:
    """
    Level metres that take as long as an edge of the streets.

    Parameters
    ----------
    length_m : float
        Length of the edge.
    slope : float
        Rise over length.
    steps : float
        1 on a flight of steps, else 0.
    kerbs : float
        Kerbs without a ramp.
    slope_weight, steps_factor, kerb_m : float
        Of the class of walkers: weight of slopes, time on steps over that on the level, and metres a kerb costs.

    Returns
    -------
    float
        Metres; never fewer than the length.
    """
    metres = length_m * up_and_down(slope, slope_weight) + kerbs * kerb_m
    return metres * steps_factor if steps > 0.0 else metres


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
