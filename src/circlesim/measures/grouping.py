"""Grouping: which residents stand together in a figure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.world.population import Population

SMALLEST_GROUP = 30
"""Groups of fewer residents stand in no file: figures on them are unstable and may identify people."""

NEED_DIMENSIONS: tuple[str, ...] = ("service", "format")
"""Dimensions of a need and not of a resident; open to per-need measures only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """
    A division of the residents.

    Parameters
    ----------
    by : str
        Dimension: one of `world.groups`, ``"service"``, ``"format"``, or ``""`` for all residents.
    labels : tuple of str
        Name of each group; ``("",)`` for all residents.
    rows : ndarray of int16, shape (R,)
        Group of each resident; all zero for dimensions of a need.
    """

    by: str
    labels: tuple[str, ...]
    rows: NDArray[np.int16]

    def count(self, members: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """
        Count residents by group.

        Parameters
        ----------
        members : ndarray of bool, shape (R,), optional
            Only these.

        Returns
        -------
        ndarray of int64, shape (G,)
            Residents.
        """
        rows = self.rows if members is None else self.rows[members]
        return np.bincount(rows, minlength=len(self.labels))

    def add(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """
        Add a figure of residents up by group.

        Parameters
        ----------
        values : ndarray of float64, shape (R,)
            One figure a resident.

        Returns
        -------
        ndarray of float64, shape (G,)
            Sums.
        """
        return np.bincount(self.rows, weights=values, minlength=len(self.labels)).astype(np.float64)


def everybody(residents: int) -> Grouping:
    """
    Put all residents in one group.

    Parameters
    ----------
    residents : int
        How many there are.

    Returns
    -------
    Grouping
        The group ``""``.
    """
    return Grouping(by="", labels=("",), rows=np.zeros(residents, np.int16))


def grouping_by(population: Population, dimension: str, formats: Formats = CATALOGUE) -> Grouping:
    """
    Divide residents by one dimension.

    Parameters
    ----------
    population : Population
        The residents.
    dimension : str
        ``""``, a dimension of `world.groups`, ``"service"`` or ``"format"``.
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    Grouping
        The division.
    """
    from circlesim.catalog.services import SERVICES
    from circlesim.world.groups import group_labels, group_rows

    zeros = np.zeros(len(population), np.int16)
    if dimension == "":
        return everybody(len(population))
    if dimension == "service":
        return Grouping(by=dimension, labels=SERVICES, rows=zeros)
    if dimension == "format":
        return Grouping(by=dimension, labels=formats.ids, rows=zeros)
    labels, rows = group_labels(population, dimension), group_rows(population, dimension)
    return Grouping(by=dimension, labels=tuple(labels), rows=rows)
