"""Divisions: the groups that the sums of a run are kept by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import NEED_DIMENSIONS, SMALLEST_GROUP, Grouping


@dataclass(frozen=True, slots=True, kw_only=True)
class Divisions:
    """
    Declared groups of residents, numbered on after the group of all residents.

    Parameters
    ----------
    rows : ndarray of int16, shape (D, R)
        Group of each resident in each declared dimension.
    names : tuple of tuple of str, length G
        Dimension and label of each group; ``("", "")`` first.
    count : ndarray of int64, shape (G,)
        Residents.
    """

    rows: NDArray[np.int16]
    names: tuple[tuple[str, str], ...]
    count: NDArray[np.int64]

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Tell which groups may stand in a file, shape (G,); all residents always may."""
        large: NDArray[np.bool_] = self.count >= SMALLEST_GROUP
        large[0] = True
        return large


def divide(groupings: Sequence[Grouping], residents: int) -> Divisions:
    """
    Number the groups of several dimensions through.

    Parameters
    ----------
    groupings : sequence of Grouping
        Declared dimensions; those of a need are left out.
    residents : int
        Number of residents.

    Returns
    -------
    Divisions
        Group 0 is all residents.
    """
    names: list[tuple[str, str]] = [("", "")]
    count: list[int] = [residents]
    rows: list[NDArray[np.int16]] = []
    for grouping in groupings:
        if grouping.by and grouping.by not in NEED_DIMENSIONS:
            rows.append((grouping.rows + len(names)).astype(np.int16))
            names.extend((grouping.by, label) for label in grouping.labels)
            count.extend(grouping.count().tolist())
    table = np.array(rows, dtype=np.int16).reshape(len(rows), residents)
    return Divisions(rows=table, names=tuple(names), count=np.array(count, np.int64))
