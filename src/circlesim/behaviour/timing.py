"""Timing: moving an errand to a minute at which the outlet is open."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64,float64,float64,float64,float64)")
def cheapest_departure(need: Any, walk: Any, opens: Any, closes: Any, free_from: Any, free_until: Any) -> Any:
    """
    Departure nearest to the need that arrives while the outlet is open and leaves within a free window.

    Parameters
    ----------
    need : float
        Minute at which the need arises.
    walk : float
        Minutes of the way out.
    opens, closes : float
        One opening interval, ``[opens, closes)``.
    free_from, free_until : float
        One free window of the resident, ``[free_from, free_until)``.

    Returns
    -------
    float
        Minute of departure, or -1 where none fits. Whoever comes late in the interval arrives a minute before
        closing at the latest.
    """
    first = max(opens - walk, free_from)
    last = min(closes - walk, free_until) - 1.0
    if last < first:
        return -1.0
    return min(max(need, first), last)
