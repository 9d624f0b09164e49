"""Judging: performance, expectation and satisfaction."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64,float64,float64,float64,float64,float64)")
def performance(
    constant: Any, b_quality: Any, quality: Any, b_walk: Any, walk: Any, b_wait: Any, wait: Any
) -> Any:
    """
    Performance of one successful attempt, in 0..1; a failed attempt performs 0.

    ``1 / (1 + exp(-(constant + b_quality * quality - b_walk * walk - b_wait * wait)))``

    Parameters
    ----------
    constant, b_quality, b_walk, b_wait : float
        Coefficients.
    quality : float
        Service quality in 0..1.
    walk, wait : float
        Minutes.

    Returns
    -------
    float
        Performance.
    """
    # Beyond this an exponential has no number; nobody tells such a performance from nothing.
    bad = min(-(constant + b_quality * quality - b_walk * walk - b_wait * wait), 700.0)
    return 1.0 / (1.0 + math.exp(bad))


@compiled("float64(float64,float64)")
def equity(reference: Any, paid: Any) -> Any:
    """
    Equity of a purchase: reference price over price paid.

    Parameters
    ----------
    reference, paid : float
        Basket at price level one, and what was paid with its fee, in minor units. What costs less than one minor
        unit counts as one: nothing is infinitely fair.

    Returns
    -------
    float
        Above 1 where the outlet is cheaper than the reference.
    """
    return reference / max(paid, 1.0)


@compiled("float64(float64,float64,float64)")
def learned(held: Any, observed: Any, rate: Any) -> Any:
    """
    Move a held value towards what was observed.

    Parameters
    ----------
    held, observed : float
        Value held so far, and the new observation.
    rate : float
        Share of the newest attempt, in 0..1.

    Returns
    -------
    float
        Value held from now on.
    """
    return held + rate * (observed - held)


@compiled("float64(float64,float64,float64,float64,float64,float64)")
def satisfaction(w_perf: Any, w_disc: Any, w_equity: Any, perf: Any, expect: Any, equity: Any) -> Any:
    """
    Latent satisfaction with one service.

    ``w_perf * P + w_disc * (P - E) + w_equity * equity``: expectancy disconfirmation with equity (Szymanski &
    Henard 2001, doi 10.1177/0092070301291002).

    Parameters
    ----------
    w_perf, w_disc, w_equity : float
        Weights.
    perf, expect : float
        Performance held and performance expected, in 0..1.
    equity : float
        Reference price over price paid at the last purchase; 1 before any.

    Returns
    -------
    float
        Latent satisfaction.
    """
    return w_perf * perf + w_disc * (perf - expect) + w_equity * equity
