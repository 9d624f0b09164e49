"""Adjusting: p-values of a family, and intervals that do not take the normal curve for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.maxt import same_in_every_pair

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

MAX_T, HOLM = "max_t", "holm"
ADJUSTMENTS: tuple[str, ...] = (MAX_T, HOLM)
"""How p-values of all residents are adjusted for their number."""

T, BOOTSTRAP_T = "t", "bootstrap_t"
INTERVALS: tuple[str, ...] = (T, BOOTSTRAP_T)
"""What intervals are made of."""

RESAMPLES = 4_000
_SEED = 20_230_711
_FEWEST_PAIRS = 8
"""Fewer pairs than this resample into too few different sets (8 into 6,435) for a 95 % point."""


def holm(p_values: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Adjust p-values for their number, whatever their dependence (Holm 1979).

    Parameters
    ----------
    p_values : ndarray of float64, shape (m,)
        Single p-values; nan where there is none.

    Returns
    -------
    ndarray of float64, shape (m,)
        Adjusted, in the same places; nan stays nan and does not count.
    """
    adjusted = np.full(len(p_values), np.nan)
    there = np.flatnonzero(np.isfinite(p_values))
    order = there[np.argsort(p_values[there], kind="stable")]
    steps = p_values[order] * (len(order) - np.arange(len(order)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def bootstrap_t(
    differences: NDArray[np.float64], level: float = 0.95, resamples: int = RESAMPLES
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """
    Bootstrap-t intervals of mean differences, each by itself.

    Pairs are drawn with replacement, and each resample is judged by its own spread; the interval has equal tails
    and leans to where the differences are skewed (Efron & Tibshirani 1993, section 12.5).

    Parameters
    ----------
    differences : ndarray of float64, shape (n, m)
        One row a pair.
    level : float, default: 0.95
        Probability that one interval holds.
    resamples : int, default: RESAMPLES
        Sets drawn, the same in every call.

    Returns
    -------
    tuple of ndarray of float64, shape (m,)
        Lower and upper ends; nan with fewer than eight pairs, the mean itself where the difference never varies.
    """
    pairs, family = differences.shape
    if pairs < _FEWEST_PAIRS:
        return np.full(family, np.nan), np.full(family, np.nan)
    mean, constant = differences.mean(axis=0), same_in_every_pair(differences)
    error = differences.std(axis=0, ddof=1) / np.sqrt(pairs)
    rows = np.random.default_rng(_SEED).integers(0, pairs, (resamples, pairs))
    low, high = mean.copy(), mean.copy()
    for at in np.flatnonzero(~constant):
        drawn = differences[rows, at]
        spread = drawn.std(axis=1, ddof=1) / np.sqrt(pairs)
        # A resample of one pair alone, or of equal ones, has no spread: it tells nothing of t.
        t = (drawn.mean(axis=1) - mean[at])[spread > 0] / spread[spread > 0]
        bottom, top = np.quantile(t, [(1 - level) / 2, (1 + level) / 2])
        low[at], high[at] = mean[at] - top * error[at], mean[at] - bottom * error[at]
    return low, high


def with_holm(table: pd.DataFrame) -> pd.DataFrame:
    """
    Adjust the p-values of all residents by Holm's rule.

    Parameters
    ----------
    table : DataFrame
        Columns of ``comparison.csv``.

    Returns
    -------
    DataFrame
        The same with other ``p_adjusted``; those of groups stay empty.
    """
    whole = (table["by"] == "").to_numpy()
    adjusted = np.full(len(table), np.nan)
    adjusted[whole] = holm(table["p_value"].to_numpy(dtype=float)[whole])
    return table.assign(p_adjusted=adjusted)


def with_bootstrap_t(table: pd.DataFrame, frame: pd.DataFrame, baselines: Mapping[str, str]) -> pd.DataFrame:
    """
    Put bootstrap-t intervals in the place of t intervals.

    Parameters
    ----------
    table : DataFrame
        Columns of ``comparison.csv``.
    frame : DataFrame
        Outcomes behind it.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with.

    Returns
    -------
    DataFrame
        The same with other ``ci_low`` and ``ci_high``, single and not simultaneous, groups included.
    """
    rows = frame[frame["assumption"] == 0]
    key = ["measure", "by", "group", "scenario"]
    wide = rows.set_index([*key, "replication"])["value"].unstack("replication")
    ends = []
    for each in table[key].itertuples(index=False):
        base = wide.loc[(*each[:3], baselines[str(each[3])])].to_numpy(dtype=float)
        found = wide.loc[tuple(each)].to_numpy(dtype=float) - base
        low, high = bootstrap_t(found[np.isfinite(found)][:, None])
        ends.append((low[0], high[0]))
    low_high = np.array(ends).reshape(-1, 2)
    return table.assign(ci_low=low_high[:, 0], ci_high=low_high[:, 1])
