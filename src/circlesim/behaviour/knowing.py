"""Knowing: who has heard of an outlet."""

from __future__ import annotations

import math
from typing import Any

from circlesim.compiled import compiled


@compiled("boolean(float64,float64,float64,float64,float64)")
def knows(patience: Any, street: Any, metres: Any, scale_m: Any, map_seen: Any) -> Any:
    """
    Tell whether a resident has heard of an outlet.

    ``patience < street * exp(-metres / scale_m) + map_seen``: everybody has one lasting exponential draw for every
    outlet and learns of it when exposure has grown past that, so nobody ever forgets and the share who know is
    ``1 - exp(-exposure)``, falling with distance and rising with days, neighbours and the map.

    Parameters
    ----------
    patience : float
        Exponential draw of mean one, of this resident and outlet.
    street : float
        `exposure` at the door.
    metres : float
        Walking metres from home, or those of a straight line for an order.
    scale_m : float
        Metres at which exposure has fallen by a factor e.
    map_seen : float
        Exposure through the map on a phone; 0 for whoever reads none.

    Returns
    -------
    bool
        True where the outlet is known.
    """
    return patience < street * math.exp(-metres / scale_m) + map_seen


@compiled("float64(float64,float64,float64,float64)")
def exposure(street: Any, days: Any, talk: Any, told: Any) -> Any:
    """
    Exposure of those who live at the door of an outlet.

    Parameters
    ----------
    street : float
        Exposure a day from passing by.
    days : float
        Days the outlet has been there.
    talk : float
        Exposure where every resident has visited once: word of mouth.
    told : float
        Visits so far, a resident.

    Returns
    -------
    float
        Exposure, at least 0.
    """
    return street * days + talk * told
