"""Inequality: the Gini and concentration indices, and nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def gini(values: FloatArray) -> float:
    """
    Say how unequally something is spread over people.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        What each has; not below 0.

    Returns
    -------
    float
        0 where all have the same, (n - 1) / n where one has everything; nan for nobody.

    Notes
    -----
    Half the mean absolute difference of two people, over the mean [1]_; it does not change with the unit, and
    falls when one hands a part to another who has less (the transfer principle).

    References
    ----------
    .. [1] Gini, C. (1912). *Variabilità e mutabilità*; Sen, A. (1973). *On Economic Inequality*, section 2.6.

    Examples
    --------
    >>> gini(np.array([0.0, 0.0, 0.0, 8.0]))
    0.75
    """
    return concentration(values, values)


def concentration(values: FloatArray, rank_by: FloatArray) -> float:
    """
    Say whether something lies with those who rank low or with those who rank high.

    Parameters
    ----------
    values : ndarray of float64, shape (n,)
        What each has; not below 0.
    rank_by : ndarray of float64, shape (n,)
        What people are ranked by, lowest first, such as income; equals share the mean of their ranks.

    Returns
    -------
    float
        Above 0 where those of high rank have more than their part, below 0 where those of low rank do; 0 where
        all have the same, or nobody anything; nan for nobody.

    Notes
    -----
    ``2 / (n m) * sum(x_i R_i) - 1`` with mean m and fractional ranks R, which lie halfway [1]_. Ranked by itself
    it is the Gini index. With few ranks (three bands of income) it sees inequality between them only.

    References
    ----------
    .. [1] Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997). Socioeconomic inequalities in health. *Journal
       of Econometrics* 77, 87-103, equation 3.
    """
    if not len(values):
        return float("nan")
    # Taken out first, so that huge and tiny units give the same figure.
    largest = float(values.max())
    if largest <= 0:
        return 0.0
    parts = values / largest
    return float(2 * np.mean(parts * (fractional_rank(rank_by) - 0.5)) / np.mean(parts))


def fractional_rank(rank_by: FloatArray) -> FloatArray:
    """
    Rank people between 0 and 1.

    Parameters
    ----------
    rank_by : ndarray of float64, shape (n,)
        Lowest first.

    Returns
    -------
    ndarray of float64, shape (n,)
        Share of people below, and half of those level; their mean is one half.
    """
    _, at, count = np.unique(rank_by, return_inverse=True, return_counts=True)
    below = np.cumsum(count) - count
    rank: FloatArray = (below + 0.5 * count)[at] / len(rank_by)
    return rank
