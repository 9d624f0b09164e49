"""Choosing: the systematic part of utility, and nested luck."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64,float64,float64,float64,float64)")
def attractiveness(
    b_quality: Any, quality: Any, b_variety: Any, variety: Any, b_price: Any, price_ratio: Any
) -> Any:
    """
    What draws anybody to an outlet, whoever and wherever they are.

    ``b_quality * quality + b_variety * ln(variety) - b_price * ln(price / reference)``

    Parameters
    ----------
    b_quality, b_variety, b_price : float
        Coefficients, each at least 0.
    quality : float
        Service quality in 0..1.
    variety : float
        Assortment relative to a plain outlet; at least 1.
    price_ratio : float
        Price, fee included, over the reference price of the same basket.

    Returns
    -------
    float
        Utility.
    """
    return b_quality * quality + b_variety * math.log(variety) - b_price * math.log(price_ratio)


@compiled("float64(float64,float64,float64,float64,float64,float64,float64)")
def outlet_utility(
    attraction: Any, b_walk: Any, walk: Any, b_wait: Any, wait: Any, b_shift: Any, shift: Any
) -> Any:
    """
    Systematic utility of walking to an outlet.

    Parameters
    ----------
    attraction : float
        `attractiveness` of the outlet for this service.
    b_walk, walk : float
        Disutility a minute, and minutes of the way out; the way back is as long and is contained in `b_walk`.
    b_wait, wait : float
        Disutility a minute, and the wait expected there at that hour.
    b_shift, shift : float
        Disutility a minute, and minutes by which the errand was moved.

    Returns
    -------
    float
        Utility.
    """
    return attraction - b_walk * walk - b_wait * wait - b_shift * shift


@compiled("float64(float64,float64,float64)")
def nested_luck(tau: Any, gumbel: Any, log_stable: Any) -> Any:
    """
    Error of one alternative in a nest of similar ones.

    ``tau * (G + ln S)`` with S positive stable and shared by the nest gives exact nested-logit shares; tau = 1
    is plain logit.

    Parameters
    ----------
    tau : float
        Similarity parameter in (0, 1]; near 0 the alternatives of a nest are near copies.
    gumbel : float
        Standard Gumbel draw of the alternative.
    log_stable : float
        Logarithm of the nest's stable draw; 0 where tau is 1.

    Returns
    -------
    float
        Utility.
    """
    return tau * (gumbel + log_stable)
