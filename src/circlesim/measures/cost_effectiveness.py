"""Cost-effectiveness: what one more of something costs, which options are worth naming, and what doubt costs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEVEL = 0.95

ON_FRONTIER, DOMINATED, EXTENDEDLY = "on the frontier", "dominated", "extendedly dominated"
STANDINGS: tuple[str, ...] = (ON_FRONTIER, DOMINATED, EXTENDEDLY)
"""Where an option stands beside the others."""


class Estimate(NamedTuple):
    """
    A figure with its interval.

    Parameters
    ----------
    value, low, high : float
        The figure and the ends; nan where not defined.
    """

    value: float
    low: float
    high: float


NOT_DEFINED = Estimate(float("nan"), float("nan"), float("nan"))


def mean_interval(differences: FloatArray) -> Estimate:
    """
    Average paired differences.

    Parameters
    ----------
    differences : ndarray of float64, shape (n,)
        One a replication.

    Returns
    -------
    Estimate
        Mean and t interval; no ends with fewer than two pairs.
    """
    n = len(differences)
    mean = float(differences.mean()) if n else float("nan")
    if n < 2:
        return Estimate(mean, float("nan"), float("nan"))
    half = _critical(n) * float(differences.std(ddof=1)) / np.sqrt(n)
    return Estimate(mean, mean - half, mean + half)


def ratio_of_means(cost: FloatArray, effect: FloatArray) -> Estimate:
    """
    Divide a mean difference of cost by a mean difference of effect.

    Parameters
    ----------
    cost, effect : ndarray of float64, shape (n,)
        Paired differences, one a replication.

    Returns
    -------
    Estimate
        Ratio and interval; `NOT_DEFINED` with fewer than two pairs, and where the interval of the effect holds 0.

    Notes
    -----
    The interval holds every ratio q for which mean(cost - q * effect) does not differ from 0 by a t test [1]_,
    which takes the pairing into account and is not symmetric. It is finite exactly where the interval of the
    effect leaves 0 out; a ratio of noise is no figure.

    References
    ----------
    .. [1] Fieller, E. C. (1954). Some problems in interval estimation. *J. R. Stat. Soc. B* 16, 175-185; for cost
       and effect: Willan, A. R. and O'Brien, B. J. (1996). *Health Economics* 5, 297-305.
    """
    n = len(cost)
    if n < 2:
        return NOT_DEFINED
    c, e = float(cost.mean()), float(effect.mean())
    (cc, ce), (_, ee) = np.cov(cost, effect) * _critical(n) ** 2 / n
    a = e * e - ee
    if a <= 0 or e == 0:
        return NOT_DEFINED
    b, root = c * e - ce, np.sqrt(max((c * e - ce) ** 2 - a * (c * c - cc), 0.0))
    return Estimate(c / e, float((b - root) / a), float((b + root) / a))


def _critical(n: int) -> float:
    """Point of Student's t for an interval over n pairs."""
    from scipy import stats

    return float(stats.t.ppf(0.5 + LEVEL / 2, n - 1))


def net_benefit(cost: FloatArray, effect: FloatArray, willingness: float) -> FloatArray:
    """
    Put cost and effect on one scale.

    Parameters
    ----------
    cost, effect : ndarray of float64
        Of the same shape.
    willingness : float
        What one unit of the effect is worth, in the major unit of money.

    Returns
    -------
    ndarray of float64
        ``willingness * effect - cost``.
    """
    return willingness * effect - cost


def frontier(cost: Sequence[float], effect: Sequence[float]) -> list[str]:
    """
    Find the options that are best at some willingness to pay.

    Parameters
    ----------
    cost, effect : sequence of float, length m
        Means by option.

    Returns
    -------
    list of str, length m
        One of `STANDINGS` each. *Dominated*: another costs no more and does no less, and is better in one of the
        two. *Extendedly dominated*: a mixture of two others is. Of two equal options both stand.
    """
    c, e = np.asarray(cost, float), np.asarray(effect, float)
    standing = [DOMINATED if _dominators(c, e, i) else ON_FRONTIER for i in range(len(c))]
    # Equal options are one point, or they would hide each other's bends.
    left = sorted({(float(c[i]), float(e[i])) for i in range(len(c)) if standing[i] == ON_FRONTIER})
    hull: list[tuple[float, float]] = []
    for point in left:
        while len(hull) > 1 and _bends_in(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return [
        EXTENDEDLY if found == ON_FRONTIER and (c[i], e[i]) not in hull else found
        for i, found in enumerate(standing)
    ]


def _dominators(cost: FloatArray, effect: FloatArray, option: int) -> list[int]:
    """Options that cost no more and do no less, and are better in one of the two."""
    no_worse = (cost <= cost[option]) & (effect >= effect[option])
    better = (cost < cost[option]) | (effect > effect[option])
    return np.flatnonzero(no_worse & better).tolist()


def _bends_in(first: tuple[float, float], middle: tuple[float, float], last: tuple[float, float]) -> bool:
    """Whether a mixture of first and last does more than the middle one at the same cost; all rise in both."""
    step = (middle[0] - first[0]) * (last[1] - middle[1])
    return step > (last[0] - middle[0]) * (middle[1] - first[1])


def best_shares(benefits: FloatArray) -> FloatArray:
    """
    Count how often each option is the best: one point of an acceptability curve.

    Parameters
    ----------
    benefits : ndarray of float64, shape (n, m)
        Net benefit by draw and option.

    Returns
    -------
    ndarray of float64, shape (m,)
        Shares of the draws; options that tie share a draw, so that they add up to 1.

    Notes
    -----
    Fenwick, E., Claxton, K. and Sculpher, M. (2001). Representing uncertainty: the role of cost-effectiveness
    acceptability curves. *Health Economics* 10, 779-787.
    """
    best = benefits == benefits.max(axis=1, keepdims=True)
    shares: FloatArray = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares


def perfect_information(benefits: FloatArray) -> float:
    """
    Say what it would be worth to know which draw is the true one before deciding.

    Parameters
    ----------
    benefits : ndarray of float64, shape (n, m)
        Net benefit by draw and option.

    Returns
    -------
    float
        Mean of the best of each draw, less the best mean; never below 0, and 0 where one option is the best in
        every draw.

    Notes
    -----
    Raiffa, H. and Schlaifer, R. (1961). *Applied Statistical Decision Theory*; Claxton, K. (1999). *Journal of
    Health Economics* 18, 341-364. With few draws the figure is too high rather than too low, since the best of
    each draw profits from its luck.
    """
    # Taken from the option that is best on average: exactly 0 where it always wins.
    regret = benefits.max(axis=1) - benefits[:, int(benefits.mean(axis=0).argmax())]
    return float(regret.mean())
