"""Observation: what a city has seen of a circle since it last looked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """
    What was seen over some days.

    Parameters
    ----------
    days : int
        Days watched.
    lacking : ndarray of int64, shape (R, S)
        Needs of each resident by service that the circle did not meet, for want of what the policy watches for.
    standing : ndarray of str, shape (n,), default: empty
        Ids of the outlets that traded when it was seen; written by `World.as_observed`.
    """

    days: int
    lacking: NDArray[np.int64]
    standing: NDArray[np.str_] = field(default_factory=lambda: np.empty(0, np.str_))

    def of(self, residents: NDArray[np.bool_]) -> Observation:
        """
        Cut what was seen down to some residents.

        Parameters
        ----------
        residents : ndarray of bool, shape (R,)
            The residents.

        Returns
        -------
        Observation
            Of these alone.
        """
        return replace(self, lacking=self.lacking[residents])
