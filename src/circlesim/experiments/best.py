"""Best: which scenarios are not beaten, and how surely one is the best."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.maxt import paired_t
from circlesim.experiments.paired import levels

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "measure", "scenario", "value", "behind_best", "behind_low", "behind_high", "not_beaten", "beaten_by",
    "probability_best", "best_share_of_draws", "replications", "draws",
)  # fmt: skip

RESAMPLES = 4_000
_SEED = 20_230_711

FloatArray = NDArray[np.float64]


def best_table(frame: pd.DataFrame, measure: str, *, higher: bool, level: float = 0.95) -> pd.DataFrame:
    """
    Set every scenario beside every other one, under the same luck.

    A scenario is beaten where another one is better beyond the simultaneous interval of their difference; the
    intervals of all pairs of scenarios hold at once, so the best one of the model is among those not beaten in at
    least `level` of all runs (after Nelson & Matejcik 1995, with max-t in the place of Bonferroni).

    Parameters
    ----------
    frame : DataFrame
        Outcomes.
    measure : str
        What is compared; of all residents.
    higher : bool
        Whether more is better.
    level : float, default: 0.95
        Of the intervals.

    Returns
    -------
    DataFrame
        `COLUMNS`, in the order of the scenarios. `behind_best` is how far a scenario's mean lies behind the best
        mean, 0 for that one; `probability_best` the share of resampled replications in which it comes first;
        `best_share_of_draws` the share of assumption draws.
    """
    import pandas as pd

    wide = levels(frame, measure)
    names, sign = [str(name) for name in wide], 1.0 if higher else -1.0
    values = sign * wide.to_numpy(dtype=float)
    low, high = _gaps(values, level)
    best = int(values.mean(axis=0).argmax()) if values.size else 0
    beaten = [[names[k] for k in range(len(names)) if low[k, j] > 0] for j in range(len(names))]
    draws = _by_draw(frame, measure, names) * sign
    return pd.DataFrame({
        "measure": measure, "scenario": names, "value": sign * values.mean(axis=0),
        "behind_best": values.mean(axis=0)[best] - values.mean(axis=0),
        "behind_low": low[best], "behind_high": high[best], "not_beaten": [not each for each in beaten],
        "beaten_by": ["; ".join(each) for each in beaten], "probability_best": first_shares(_resampled(values)),
        "best_share_of_draws": first_shares(draws), "replications": len(values), "draws": len(draws),
    })[list(COLUMNS)]  # fmt: skip


def _gaps(values: FloatArray, level: float) -> tuple[FloatArray, FloatArray]:
    """Simultaneous interval of column k minus column j at [k, j]; nan with one replication, 0 with itself."""
    many = values.shape[1]
    low, high = np.zeros((many, many)), np.zeros((many, many))
    first, second = np.triu_indices(many, 1)
    if len(first):
        judged = paired_t(values[:, first] - values[:, second], np.abs(values).max(axis=0)[first], level)
        low[first, second] = judged.mean - judged.half_width
        high[first, second] = judged.mean + judged.half_width
        low[second, first], high[second, first] = -high[first, second], -low[first, second]
    return low, high


def _resampled(values: FloatArray) -> FloatArray:
    """Means of resampled replications, all scenarios of a replication together."""
    if not len(values):
        return values
    rows = np.random.default_rng(_SEED).multinomial(len(values), np.full(len(values), 1 / len(values)), RESAMPLES)
    means: FloatArray = rows @ values / len(values)
    return means


def _by_draw(frame: pd.DataFrame, measure: str, names: list[str]) -> FloatArray:
    """Mean of each scenario in each assumption draw, shape (draws, scenarios)."""
    rows = frame[(frame["assumption"] > 0) & (frame["by"] == "") & (frame["measure"] == measure)]
    if not len(rows):
        return np.zeros((0, len(names)))
    wide = rows.groupby(["assumption", "scenario"])["value"].mean().unstack("scenario")
    return wide[names].dropna().to_numpy(dtype=float)


def first_shares(values: FloatArray) -> FloatArray:
    """
    Count how often each column is the largest; those that tie share.

    Parameters
    ----------
    values : ndarray of float64, shape (n, m)
        One row a case.

    Returns
    -------
    ndarray of float64, shape (m,)
        Shares that add up to 1; nan without cases.
    """
    if not len(values):
        return np.full(values.shape[1], np.nan)
    first = values == values.max(axis=1, keepdims=True)
    shares: FloatArray = (first / first.sum(axis=1, keepdims=True)).mean(axis=0)
    return shares
