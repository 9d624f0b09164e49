"""Measure: an outcome formula with its numerator, denominator, population, unit and direction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import Grouping, everybody
from circlesim.measures.reading import Reading

PAGE_SUMS = "page sums"
STATE_AT_END = "state at end"
WORLD_ALONE = "world alone"
KINDS: tuple[str, ...] = (PAGE_SUMS, STATE_AT_END, WORLD_ALONE)

HIGHER, LOWER, NEITHER = "higher is better", "lower is better", "neither"
DIRECTIONS: tuple[str, ...] = (HIGHER, LOWER, NEITHER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """
    A measure by group.

    Parameters
    ----------
    value : ndarray of float64, shape (G,)
        The figure; nan where the group has no such figure.
    n : ndarray of int64, shape (G,)
        Residents the figure describes.
    """

    value: NDArray[np.float64]
    n: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure(ABC):
    """
    One outcome; subclasses say how it is computed, instances say what it means.

    Parameters
    ----------
    name : str
        Id in files.
    unit : str
        Unit of the value; ``{currency}`` stands for the world's major unit of money.
    direction : str
        One of `DIRECTIONS`.
    population : str
        Whom it describes.
    kind : str
        One of `KINDS`.
    numerator, denominator : str
        In words, for the table of measures.
    reference : str
        Where the definition comes from.
    needs : tuple of str, default: ()
        Sums it is made of; ``"survey"`` for the answers of the last day.
    """

    name: str
    unit: str
    direction: str
    population: str
    kind: str
    numerator: str
    denominator: str
    reference: str
    needs: tuple[str, ...] = ()

    @abstractmethod
    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """
        Compute the measure.

        Parameters
        ----------
        reading : Reading
            Sums, survey and world of one scenario in one replication.
        grouping : Grouping
            The groups wanted.

        Returns
        -------
        Values or None
            One figure a group; None where the measure cannot be cut this way.
        """

    def overall(self, reading: Reading) -> float:
        """
        Compute the measure for all residents.

        Parameters
        ----------
        reading : Reading
            See `value`.

        Returns
        -------
        float
            The figure.
        """
        values = self.value(reading, everybody(len(reading.population)))
        return float(values.value[0]) if values is not None else float("nan")


def ratio(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Divide, giving nan where there is nothing to divide by.

    Parameters
    ----------
    top, bottom : ndarray of float64, shape (n,)
        Numerator and denominator.

    Returns
    -------
    ndarray of float64, shape (n,)
        The ratio.
    """
    out = np.full(len(top), np.nan)
    np.divide(top, bottom, out=out, where=bottom > 0)
    return out
