"""Supplying: what lies on the shelves while less arrives than usual."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("float64(float64,float64,float64)")
def on_shelf(usual: Any, share: Any, reserve: Any) -> Any:
    """
    Baskets that can be handed out on a day of short supply: what arrives, and the reserve.

    Parameters
    ----------
    usual : float
        Baskets asked for on a usual day.
    share : float
        Share of usual supply that still arrives, in 0..1.
    reserve : float
        Baskets kept in reserve.

    Returns
    -------
    float
        Baskets, at least 0.
    """
    return usual * share + reserve


@compiled("float64(float64,float64,float64,float64)")
def reserve_left(reserve: Any, arrived: Any, handed_out: Any, most: Any) -> Any:
    """
    Reserve at the end of a day: what is left over is kept, as far as there is room.

    Parameters
    ----------
    reserve, arrived, handed_out : float
        Baskets in the morning, those that arrived, and those handed out.
    most : float
        Room for reserves.

    Returns
    -------
    float
        Baskets, in 0..most.
    """
    return min(most, max(0.0, reserve + arrived - handed_out))
