"""Deferring: needs that can wait for another day."""

from __future__ import annotations

from typing import Any

from circlesim.compiled import compiled


@compiled("boolean(int64,float64)")
def comes_again(days: Any, most: Any) -> Any:
    """
    Tell whether a need that was not met is tried again.

    ``1 <= days <= defer_days``: shoes that were not mended today are still to be mended tomorrow, until one gives
    them up. For how long is an assumption (grade D).

    Parameters
    ----------
    days : int
        Days since it arose.
    most : float
        ``defer_days`` of the service: 0 for what cannot wait.

    Returns
    -------
    bool
        False on the day it arises.
    """
    return 1 <= days <= most
