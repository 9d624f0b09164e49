"""Stocking: how many portions of perishable food are made for a day."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled
from circlesim.draws import normal


@compiled("float64(float64,float64,float64)")
def portions(mean: Any, variance: Any, margin: Any) -> Any:
    """
    Portions made in the morning: the newsvendor's quantile of demand.

    A portion short loses the margin, a portion left over its cost, so the chance of selling out is one less the
    margin (Arrow, Harris & Marschak 1951, doi 10.2307/1906813); demand is taken as normal.

    Parameters
    ----------
    mean, variance : float
        Demand of a day, customers turned away included.
    margin : float
        Gross margin, strictly inside (0, 1).

    Returns
    -------
    float
        Whole portions, at least 1.
    """
    return max(1.0, math.ceil(mean + normal(margin) * math.sqrt(max(variance, 0.0))))


@compiled("float64(float64,float64,float64)")
def smoothed(before: Any, today: Any, memory: Any) -> Any:
    """
    Exponential smoothing.

    Parameters
    ----------
    before, today : float
        Value held until today, and that of today.
    memory : float
        Share of the newest day, in 0..1.

    Returns
    -------
    float
        Value held from now on.
    """
    return before + memory * (today - before)
