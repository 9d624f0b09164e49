"""Estimating: what a sample says about everybody, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054
"""Standard normal quantile at 97.5 %."""

FEWEST = 2
"""Respondents a cell needs for a spread; cells with fewer are joined."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """
    One figure as a survey gives it.

    Parameters
    ----------
    value : float
        The estimate; nan where nobody answered.
    standard_error : float
        Linearised; nan where it cannot be told.
    design_effect : float
        Its square over that of a simple sample of as many respondents; nan where that is zero.
    variance : float
        Spread of the figure among people, squared.
    """

    value: float
    standard_error: float
    design_effect: float
    variance: float

    @property
    def interval(self) -> tuple[float, float]:
        """Normal interval of 95 %."""
        return self.value - Z95 * self.standard_error, self.value + Z95 * self.standard_error


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """
    Respondents and people by cell.

    Parameters
    ----------
    of : ndarray of int64, shape (m,)
        Cell of each respondent.
    people : ndarray of int64, shape (C,)
        People of each cell in the population.
    weighted : bool
        Whether cells weigh by their people; else by their respondents.
    """

    of: NDArray[np.int64]
    people: NDArray[np.int64]
    weighted: bool


def estimate(answer: NDArray[np.float64], cells: Cells) -> Estimate:
    """
    Estimate a mean over people from those who answered.

    Parameters
    ----------
    answer : ndarray of float64, shape (m,)
        Figure of each respondent.
    cells : Cells
        Strata of the sample, or classes of post-stratification.

    Returns
    -------
    Estimate
        The mean with its error.

    Notes
    -----
    With share ``W`` of a cell, ``n`` respondents of ``N`` people and their variance ``s2``, the estimate is
    ``sum W * mean`` and its variance ``sum W**2 * (1 - n / N) * s2 / n``: that of the linearised (post-)stratified
    mean given how many of each cell answered (Holt & Smith 1979; Särndal, Swensson & Wretman 1992, section 7.6),
    who answers within a cell taken as a simple sample of it (Oh & Scheuren 1983). One person is one draw,
    whatever the number of services answered on, so answers of one person are not taken as independent.
    """
    count = np.bincount(cells.of, minlength=len(cells.people))
    respondents = int(count.sum())
    if respondents == 0:
        return Estimate(value=math.nan, standard_error=math.nan, design_effect=math.nan, variance=math.nan)
    size = cells.people if cells.weighted else count
    share = np.where(count > 0, size, 0) / size[count > 0].sum()
    mean = np.bincount(cells.of, weights=answer, minlength=len(count)) / np.maximum(count, 1)
    value = float(share @ mean)
    square = np.bincount(cells.of, weights=(answer - mean[cells.of]) ** 2, minlength=len(count))
    spread = np.where(count > 1, square / np.maximum(count - 1, 1), np.where(count < cells.people, math.nan, 0.0))
    left = 1.0 - count / np.maximum(cells.people, 1)
    used = count > 0
    error2 = float((share**2 * left * spread / np.maximum(count, 1))[used].sum())
    weight = (share / np.maximum(count, 1))[cells.of]
    whole = float(weight @ (answer - value) ** 2) * respondents / max(respondents - 1, 1)
    simple = (1.0 - respondents / int(cells.people.sum())) * whole / respondents
    effect = error2 / simple if simple > 0 else math.nan
    return Estimate(value=value, standard_error=math.sqrt(error2), design_effect=effect, variance=whole)


def joined_cells(
    band: NDArray[np.int64], sex: NDArray[np.int64], respondents: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Cross age band and sex, joining cells in which too few answered.

    A band whose sexes cannot each stand alone is one cell; a band that cannot stand alone either goes with the
    next band that can, or the one before where there is none.

    Parameters
    ----------
    band, sex : ndarray of int64, shape (N,)
        Of everybody in the frame.
    respondents : ndarray of int64, shape (m,)
        Rows of the frame that answered.

    Returns
    -------
    ndarray of int64, shape (N,)
        Cell of everybody in the frame, counted from 0.
    """
    cell = 2 * band + sex
    for low in range(0, int(cell.max(initial=0)) + 1, 2):
        if not (_stands(cell, respondents, low) and _stands(cell, respondents, low + 1)):
            cell = np.where(cell == low + 1, low, cell)
    alone = [c for c in np.unique(cell) if _stands(cell, respondents, c)]
    for c in np.unique(cell):
        if c not in alone and alone:
            cell = np.where(cell == c, next((to for to in alone if to > c), alone[-1]), cell)
    return np.asarray(np.unique(cell, return_inverse=True)[1], np.int64)


def _stands(cell: NDArray[np.int64], respondents: NDArray[np.int64], which: int) -> bool:
    """Whether enough of a cell answered, or all of it, or nobody lives there."""
    people, answered = int((cell == which).sum()), int((cell[respondents] == which).sum())
    return answered >= min(FEWEST, people)


def sample_needed(found: Estimate, half_width: float, people: int, response: float) -> float:
    """
    Tell how many must be asked for an interval of 95 % of a stated half-width.

    Parameters
    ----------
    found : Estimate
        For spread and design effect.
    half_width : float
        In the unit of the estimate.
    people : int
        People in the frame.
    response : float
        Share of those asked who answer.

    Returns
    -------
    float
        A whole number; inf where so many do not answer that even everybody would not do, nan where unknown.
    """
    effect = found.design_effect if math.isfinite(found.design_effect) else 1.0
    if not (math.isfinite(found.variance) and response > 0):
        return math.nan
    endless = (Z95 / half_width) ** 2 * effect * found.variance
    asked = math.ceil(endless / (1.0 + endless / people) / response - 1e-9)
    return float(asked) if asked <= people else math.inf
