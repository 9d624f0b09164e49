"""Streets: the walkable network as columns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """
    The walkable network of a circle; undirected.

    Parameters
    ----------
    node : ndarray of int64, shape (N,)
        Node ids.
    x_m, y_m : ndarray of float64, shape (N,)
        Position in metres in the world's projected frame.
    lon, lat : ndarray of float64, shape (N,)
        Position in degrees (WGS-84).
    from_row, to_row : ndarray of int32, shape (E,)
        Node rows at the ends of each edge.
    length_m : ndarray of float64, shape (E,)
        Length of each edge, above zero.
    """

    node: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    from_row: NDArray[np.int32]
    to_row: NDArray[np.int32]
    length_m: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.node)
