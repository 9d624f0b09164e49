"""Shortlist: the outlets that could win a need at all, found once a day for all scenarios and every try."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

_ROOM_A_NEED = 8


class Shortlist(NamedTuple):
    """
    Outlets whose luck is good enough for one to walk in, by need.

    What one has by staying at home or going without depends on no policy; an outlet that stays below it, with no
    wait, at the minute of the need and with the most luck its hash allows, cannot be chosen under any scenario.

    Parameters
    ----------
    ptr : ndarray of int64, shape (L + 1,)
        Entries of need i: ``ptr[i]:ptr[i + 1]``, by rising metres.
    entry : ndarray of int32, shape (M,)
        Position in the reach table.
    most : ndarray of float64, shape (M,)
        Most utility the outlet can have.
    """

    ptr: NDArray[np.int64]
    entry: NDArray[np.int32]
    most: NDArray[np.float64]


def empty_shortlist(room: int) -> Shortlist:
    """
    Make a reusable buffer for the outlets of a day's needs.

    Parameters
    ----------
    room : int
        Most needs of a day.

    Returns
    -------
    Shortlist
        Without entries; `engine.screening.shortlisted` makes it longer where it must.
    """
    return Shortlist(
        np.zeros(room + 1, np.int64), np.zeros(_ROOM_A_NEED * room, np.int32), np.zeros(_ROOM_A_NEED * room)
    )
