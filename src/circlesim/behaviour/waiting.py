"""Waiting: what people do when they see a queue, and what the neighbourhood remembers of it."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("boolean(float64,float64,float64,float64)")
def balks(b_queue: Any, unnoticed: Any, ahead: Any, patience: Any) -> Any:
    """
    Tell whether someone who sees the queue walks on.

    People react to the length of a queue, not to its speed, and ever more strongly (Lu et al. 2013,
    doi 10.1287/mnsc.1120.1686): the hazard is quadratic in people ahead beyond a few.

    Parameters
    ----------
    b_queue : float
        Hazard a squared person.
    unnoticed : float
        People ahead that nobody minds.
    ahead : float
        People waiting ahead.
    patience : float
        Exponential draw of mean one, of this resident, need and facility.

    Returns
    -------
    bool
        True where the resident walks on.
    """
    excess = ahead - unnoticed
    if excess <= 0.0:
        return False
    return b_queue * excess * excess > patience


@compiled("boolean(float64,float64,float64)")
def reneges(hazard: Any, offered: Any, patience: Any) -> Any:
    """
    Tell whether someone leaves the queue before being served.

    Patience is exponential with a constant hazard, the queue of Palm that is known as Erlang A.

    Parameters
    ----------
    hazard : float
        Hazard a minute of waiting, at least 0.
    offered : float
        Minutes until service would start.
    patience : float
        Exponential draw of mean one, of this resident, need and facility.

    Returns
    -------
    bool
        True where patience ends first, after ``patience / hazard`` minutes.
    """
    return hazard * offered > patience


@compiled("boolean(float64,float64)")
def takes_away(wait_min: Any, most_min: Any) -> Any:
    """
    Tell whether a guest who meant to eat at table takes the meal away.

    Parameters
    ----------
    wait_min : float
        Minutes until a seat is free.
    most_min : float
        Longest wait with the meal in hand; an assumption (grade D).

    Returns
    -------
    bool
        True where the wait would be longer.
    """
    return wait_min > most_min


@compiled("float64(float64,float64,float64)")
def remembered_wait(remembered: Any, met: Any, weight: Any) -> Any:
    """
    Update the wait that people expect at an outlet at an hour.

    Parameters
    ----------
    remembered : float
        Minutes expected until yesterday.
    met : float
        Mean minutes met today at that hour.
    weight : float
        Share of the newest day.

    Returns
    -------
    float
        Minutes expected from tomorrow on.
    """
    return remembered + weight * (met - remembered)
