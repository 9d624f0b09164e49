"""Satisfaction: the third instrument, with what its interval covers, and why there is a verdict or none."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.estimating import Z95

if TYPE_CHECKING:
    import pandas as pd

READINGS: Mapping[str, tuple[str, float]] = {
    "top1": ("satisfaction_top1", 1.0),
    "top2": ("satisfaction_top2", 1.0),
    "index": ("satisfaction_index", 100.0),
}
"""Rule of a standard to measure, and what the measure is divided by to lie in 0..1."""

MET, FAILED, UNKNOWN = "met", "failed", "unknown"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """
    One reading of satisfaction.

    Parameters
    ----------
    value : float
        0..1; nan where it was not measured.
    low, high : float
        Interval of 95 %; nan where there is none.
    """

    value: float
    low: float = math.nan
    high: float = math.nan


@dataclass(frozen=True, kw_only=True)
class Answers:
    """
    What residents of a circle answer.

    Parameters
    ----------
    replies : dict of str to Reply
        By rule.
    adults : int
        Adults of the circle.
    asked, respondents : int
        Whom the survey asked and who answered; all adults where none was taken.
    surveyed : bool, default: False
        True where the thresholds of the levels come from a survey of this place. Every run of this version
        anchors them on a survey of another place, so that no run sets it.
    sampled : bool, default: False
        True where the interval is that of a sample, False where it is that of the luck of the days.
    weights : str, default: "none"
        How the answers were weighted.
    """

    replies: Mapping[str, Reply]
    adults: int
    asked: int
    respondents: int
    surveyed: bool = False
    sampled: bool = False
    weights: str = field(default="none")

    @property
    def nonresponse(self) -> float:
        """Share of those asked who do not answer; nan where nobody was asked."""
        return 1.0 - self.respondents / self.asked if self.asked else math.nan

    def verdict(self, target: float, rule: str | None) -> tuple[str, str]:
        """
        Judge satisfaction by a target.

        Parameters
        ----------
        target : float
            Least satisfaction, 0..1.
        rule : str or None
            Which reading; a target on an unnamed one cannot be judged.

        Returns
        -------
        tuple of str
            ``met``, ``failed`` or ``unknown``, and the reason where unknown: ``no_rule``, ``not_measured``,
            ``anchored``, or ``not_firm`` where the interval holds the target.
        """
        if rule is None:
            return UNKNOWN, "no_rule"
        reply = self.replies[rule]
        if math.isnan(reply.value):
            return UNKNOWN, "not_measured"
        if not self.surveyed:
            return UNKNOWN, "anchored"
        if reply.low >= target:
            return MET, ""
        return (FAILED, "") if reply.high < target else (UNKNOWN, "not_firm")

    def firm_sample(self, target: float, rule: str) -> float:
        """
        Tell how many must be asked for the interval to leave the target out, should the value stand.

        Parameters
        ----------
        target : float
            0..1.
        rule : str
            Which reading.

        Returns
        -------
        float
            Adults; inf where even all of them would not do, nan where nothing was measured.

        Notes
        -----
        A simple sample of one question: ``n = z^2 v (1 - v) / (v - target)^2``, with the correction for a finite
        population and over the response rate. For the index, whose spread is not more than that of a share
        of the same mean, the figure is an upper bound.
        """
        value = self.replies[rule].value
        if math.isnan(value) or not self.respondents:
            return math.nan
        if value == target:
            return math.inf
        endless = (Z95 / (value - target)) ** 2 * value * (1.0 - value)
        asked = math.ceil(endless / (1.0 + endless / self.adults) * self.asked / self.respondents - 1e-9)
        return float(max(asked, 1)) if asked <= self.adults else math.inf


def read_answers(
    frame: pd.DataFrame, survey: pd.DataFrame | None, scenario: str, adults: int, weights: str = "none"
) -> Answers:
    """
    Read satisfaction out of a run.

    Parameters
    ----------
    frame : DataFrame
        Outcomes of the residents meant, under the default parameters.
    survey : DataFrame or None
        Contents of ``survey.csv`` where a sample was asked of the same residents.
    scenario : str
        Name.
    adults : int
        Adults among the residents meant.
    weights : str, default: "none"
        How the survey weighed its answers.

    Returns
    -------
    Answers
        The survey of the first replication, as a survey is taken once; else all adults, with the interval over
        replications.
    """
    if survey is not None and len(survey):
        rows = survey[(survey["scenario"] == scenario) & (survey["replication"] == survey["replication"].min())]
        return _sampled(rows.set_index("measure"), adults, weights)
    replies = {}
    for rule, (measure, scale) in READINGS.items():
        values = frame[(frame["scenario"] == scenario) & (frame["measure"] == measure)]["value"].to_numpy() / scale
        replies[rule] = _over_luck(values)
    return Answers(replies=replies, adults=adults, asked=adults, respondents=adults)


def _over_luck(values: NDArray[np.float64]) -> Reply:
    from scipy.stats import t

    if not len(values):
        return Reply(value=math.nan)
    mean = float(values.mean())
    if len(values) == 1:
        return Reply(value=mean)
    half = float(t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / math.sqrt(len(values)))
    return Reply(value=mean, low=mean - half, high=mean + half)


def _sampled(rows: pd.DataFrame, adults: int, weights: str) -> Answers:
    replies = {
        rule: Reply(
            value=float(rows["estimate"][measure]) / scale, low=float(rows["ci_low"][measure]) / scale,
            high=float(rows["ci_high"][measure]) / scale,
        )
        for rule, (measure, scale) in READINGS.items()
    }  # fmt: skip
    asked, respondents = int(rows["asked"].iloc[0]), int(rows["respondents"].iloc[0])
    return Answers(
        replies=replies, adults=adults, asked=asked, respondents=respondents, sampled=True, weights=weights
    )
