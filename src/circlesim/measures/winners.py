"""Winners: who is better off, who is worse off, and by how much; the same person under both scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.measures.reading import Reading

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]

LEVEL = 0.95

FEWEST_PAIRS = 10
"""Replications from which a resident's own interval is taken; changes of one person are skewed, and a t interval
over fewer pairs would be worth little (an assumption, grade D)."""

SCORES = np.array([0.0, 100 / 3, 200 / 3, 100.0])
"""Score of each answer, as in `satisfaction_index`."""


class Scale(NamedTuple):
    """
    What a resident's change is measured in.

    Parameters
    ----------
    measure, unit : str
        The measure of which this is one resident's part, and its unit.
    thresholds : tuple of float
        Changes up to this size count as none; assumptions (grade D), the first is the one a report shows.
    """

    measure: str
    unit: str
    thresholds: tuple[float, ...]


SCALES: tuple[Scale, ...] = (
    Scale("welfare_min", "minutes per resident-day", (0.1, 0.5, 2.0)),
    Scale("satisfaction_index", "points", (1.0, 2.0, 5.0)),
)
"""Walking minutes a day that the day was better by, and points of one's own answers."""


def by_resident(reading: Reading) -> tuple[FloatArray, FloatArray]:
    """
    Give the level of each resident on each scale.

    Parameters
    ----------
    reading : Reading
        One scenario in one replication.

    Returns
    -------
    tuple of ndarray of float64, shape (R,)
        In the order of `SCALES`; nan in the second for those who are not asked.
    """
    welfare = reading.column(reading.resident, ("utility_min",)) / reading.days
    answers = reading.answers.sum(axis=1)
    score = np.full(len(answers), np.nan)
    np.divide(reading.answers @ SCORES, answers, out=score, where=answers > 0)
    return welfare, score


def satisfied_adults(reading: Reading) -> float:
    """
    Count the adults who are satisfied, each by the share of services on which he or she is.

    Parameters
    ----------
    reading : Reading
        One scenario in one replication.

    Returns
    -------
    float
        `satisfaction_top2` times the adults asked.
    """
    answers = reading.answers.sum(axis=1)
    asked = answers > 0
    return float((reading.answers[asked, 2:].sum(axis=1) / answers[asked]).sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """
    Changes of residents over replications.

    Parameters
    ----------
    mean : ndarray of float64, shape (R,)
        Mean change; nan for those without.
    half : ndarray of float64, shape (R,)
        Half of the paired interval of each resident; nan with fewer than `FEWEST_PAIRS`.
    pairs : int
        Replications.
    """

    mean: FloatArray
    half: FloatArray
    pairs: int


def pooled(changes: Iterable[Float32Array]) -> Pooled:
    """
    Average the changes of each resident; one replication is held at a time.

    Parameters
    ----------
    changes : iterable of ndarray of float32, shape (R,)
        One array a replication, at least one.

    Returns
    -------
    Pooled
        Means and intervals.
    """
    from scipy import stats

    pairs, mean, squares = 0, np.zeros(0), np.zeros(0)
    for change in changes:
        values = change.astype(np.float64)
        if not pairs:
            mean, squares = np.zeros(len(values)), np.zeros(len(values))
        pairs += 1
        step = values - mean
        mean = mean + step / pairs
        squares = squares + step * (values - mean)
    half = np.full(len(mean), np.nan)
    if pairs >= FEWEST_PAIRS:
        half = stats.t.ppf(0.5 + LEVEL / 2, pairs - 1) * np.sqrt(squares / (pairs - 1) / pairs)
    return Pooled(mean=mean, half=half, pairs=pairs)


class Fortunes(NamedTuple):
    """
    How the residents of a group fare.

    Parameters
    ----------
    n : int
        Residents.
    gain_share, stay_share, lose_share : float
        Parts of them; they add up to 1.
    mean_gain, mean_loss : float
        Mean change of those who gain, and of those who lose (below 0); nan where that is fewer than 30 people.
    mean_change : float
        Of all.
    sure_gain_share, sure_lose_share : float
        Parts whose own interval lies beyond the threshold as a whole; nan with fewer than `FEWEST_PAIRS`.
    """

    n: int
    gain_share: float
    stay_share: float
    lose_share: float
    mean_gain: float
    mean_loss: float
    mean_change: float
    sure_gain_share: float
    sure_lose_share: float


def fortunes(changes: Pooled, members: NDArray[np.bool_], threshold: float) -> Fortunes | None:
    """
    Divide the residents of a group.

    Parameters
    ----------
    changes : Pooled
        Of all residents.
    members : ndarray of bool, shape (R,)
        Who belongs to the group.
    threshold : float
        Changes up to this size count as none.

    Returns
    -------
    Fortunes or None
        None where fewer than 30 residents of the group have a figure.
    """
    who = members & np.isfinite(changes.mean)
    mean, half, n = changes.mean[who], changes.half[who], int(who.sum())
    if n < SMALLEST_GROUP:
        return None
    gains, loses = mean > threshold, mean < -threshold
    carried = changes.pairs >= FEWEST_PAIRS
    return Fortunes(
        n=n, gain_share=float(gains.mean()), stay_share=float((~gains & ~loses).mean()),
        lose_share=float(loses.mean()), mean_gain=_mean(mean[gains]), mean_loss=_mean(mean[loses]),
        mean_change=float(mean.mean()),
        sure_gain_share=float((mean - half > threshold).mean()) if carried else float("nan"),
        sure_lose_share=float((mean + half < -threshold).mean()) if carried else float("nan"),
    )  # fmt: skip


def _mean(values: FloatArray) -> float:
    """Mean of a part that is large enough to be shown."""
    return float(values.mean()) if len(values) >= SMALLEST_GROUP else float("nan")
