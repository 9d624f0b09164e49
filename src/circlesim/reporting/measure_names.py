"""Measure names: what a measure is called in a sentence, and which way is better."""

from __future__ import annotations

from circlesim.errors import ConfigError
from circlesim.measures.catalogue import measure_named
from circlesim.measures.measure import HIGHER, LOWER


def good_direction(measure: str) -> int:
    """
    Tell which way residents would want a measure to move.

    Parameters
    ----------
    measure : str
        Name of the measure.

    Returns
    -------
    {1, 0, -1}
        Up, neither, down; neither for a measure this version does not know.
    """
    try:
        direction = measure_named(measure, None).direction
    except ConfigError:
        return 0
    return {HIGHER: 1, LOWER: -1}.get(direction, 0)
