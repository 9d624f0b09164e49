"""Sharing: needs of a household, and which of its members goes."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64)")
def errand_cost(luck: Any, rate: Any) -> Any:
    """
    Cost of an errand to one member of a household; the member with the least goes.

    A race of exponentials: each member goes with a probability in proportion to the rate at which they would have
    gone alone, so that sharing moves no errand from one age to another.

    Parameters
    ----------
    luck : float
        Exponential draw of mean one, of this member, kind of need and day.
    rate : float
        Probability, above 0, of the need a day were the member alone.

    Returns
    -------
    float
        Cost.
    """
    return luck / rate


@compiled("float64(float64)")
def basket_share(rate: Any) -> Any:
    """
    Baskets in one errand of a household.

    Parameters
    ----------
    rate : float
        Needs of all members a day, together.

    Returns
    -------
    float
        1, or `rate` where it is more than the one errand a day that a household makes: what is not fetched on
        errands of its own is fetched along.
    """
    return max(1.0, rate)
