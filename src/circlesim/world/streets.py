"""Streets: the walkable network as columns."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray


def _none() -> NDArray[np.uint8]:
    return np.zeros(0, np.uint8)


def _level() -> NDArray[np.float64]:
    return np.zeros(0)


def _nameless() -> NDArray[np.str_]:
    return np.zeros(0, "U1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """
    The walkable network of a circle; undirected.

    Columns that say what one meets along an edge may be left out: streets are then level, without steps or kerbs,
    and without gates.

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
    slope : ndarray of float64, shape (E,), optional
        Rise over length, whichever way one walks; at least 0.
    steps : ndarray of uint8, shape (E,), optional
        1 on a flight of steps.
    kerbs : ndarray of uint8, shape (E,), optional
        Kerbs to climb or get down, without a ramp.
    gate : ndarray of str, shape (E,), optional
        Name of the gate across the edge; empty for none. Edges may share one. Gates and kerbs stand at the end
        with the smaller node id.
    locked : ndarray of uint8, shape (E,), optional
        1 where nobody passes.

    Raises
    ------
    ValueError
        If a column of the edges is neither left out nor as long as `length_m`.
    """

    node: NDArray[np.int64]
    x_m: NDArray[np.float64]
    y_m: NDArray[np.float64]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    from_row: NDArray[np.int32]
    to_row: NDArray[np.int32]
    length_m: NDArray[np.float64]
    slope: NDArray[np.float64] = field(default_factory=_level)
    steps: NDArray[np.uint8] = field(default_factory=_none)
    kerbs: NDArray[np.uint8] = field(default_factory=_none)
    gate: NDArray[np.str_] = field(default_factory=_nameless)
    locked: NDArray[np.uint8] = field(default_factory=_none)

    def __post_init__(self) -> None:
        edges = len(self.length_m)
        for name in EDGE_COLUMNS:
            column = getattr(self, name)
            if not len(column):
                object.__setattr__(self, name, np.zeros(edges, column.dtype))
            elif len(column) != edges:
                raise ValueError(f"{name} has {len(column)} rows for {edges} edges")

    def __len__(self) -> int:
        return len(self.node)

    def with_open_gates(self) -> Streets:
        """
        Open every gate.

        Returns
        -------
        Streets
            The same network without a locked edge.
        """
        return replace(self, locked=np.zeros_like(self.locked)) if self.locked.any() else self


EDGE_COLUMNS: tuple[str, ...] = ("slope", "steps", "kerbs", "gate", "locked")
"""What one meets along an edge."""
