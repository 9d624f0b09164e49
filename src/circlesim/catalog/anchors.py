"""Anchors: published or assumed shares of what happens to needs today; constants are solved to meet them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.constants import AGE_GROUPS
from circlesim.catalog.parameters import age_interval
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean

OUTCOMES: tuple[str, ...] = ("inside", "delivered", "home", "outside", "forgo")
"""What an anchor shares a need out to, in this order."""

DEFAULT_SURVEY = "jinan_vulnerable"
"""What ``"default"`` stands for: services to vulnerable groups, one of two items of a small street survey."""

_FILES: Final = {"default": "anchors.csv"}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorRow:
    """
    Shares of one service at one age.

    Parameters
    ----------
    service : str
        Service id.
    age : str
        One of `catalog.constants.AGE_GROUPS`, written as an interval.
    shares : tuple of float
        Of `OUTCOMES`; they sum to one. An outcome of share 0 is not available to the service.
    source : str
        Where the shares come from.
    grade : {"A", "B", "C", "D"}
        Confidence.
    """

    service: str
    age: str
    shares: tuple[float, ...]
    source: str
    grade: str


@cache
def anchor_rows(name: str = "default") -> tuple[AnchorRow, ...]:
    """
    Return the rows of an anchor table, with source and grade.

    Parameters
    ----------
    name : str, default: "default"
        Name of the table.

    Returns
    -------
    tuple of AnchorRow
        In table order.

    Raises
    ------
    ConfigError
        If there is no such table.
    """
    if name not in _FILES:
        raise ConfigError(f"no anchors named '{name}'; {did_you_mean(name, _FILES)}")
    return tuple(
        AnchorRow(
            service=record["service"], age=record["age"],
            shares=tuple(float(record[outcome]) for outcome in OUTCOMES),
            source=record["source"], grade=record["grade"],
        )
        for record in read_table(_FILES[name])
    )  # fmt: skip


def anchor_shares(name: str = "default") -> NDArray[np.float64]:
    """
    Return the shares as one table.

    Parameters
    ----------
    name : str, default: "default"
        Name of the table.

    Returns
    -------
    ndarray of float64, shape (A, S, 5)
        By age group, service and `OUTCOMES`; each row sums to one, or is nan where the service has no needs at
        that age.

    Raises
    ------
    ConfigError
        If there is no such table.
    """
    groups = {interval: row for row, interval in enumerate(AGE_GROUPS)}
    shares = np.full((len(AGE_GROUPS), len(SERVICES), len(OUTCOMES)), np.nan)
    for anchor in anchor_rows(name):
        low, high = age_interval(anchor.age)
        shares[groups[low, high], SERVICE_INDEX[anchor.service]] = anchor.shares
    return shares


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyRow:
    """
    Share of one answer of a published survey.

    Parameters
    ----------
    survey : str
        Name of the distribution.
    level : int
        Answer, 1 the lowest.
    share : float
        Share of answers as published.
    source : str
        Where it was published.
    grade : {"A", "B", "C", "D"}
        Confidence.
    """

    survey: str
    level: int
    share: float
    source: str
    grade: str


@cache
def survey_rows() -> tuple[SurveyRow, ...]:
    """
    Return every published answer share.

    Returns
    -------
    tuple of SurveyRow
        In table order.
    """
    return tuple(
        SurveyRow(
            survey=record["survey"], level=int(record["level"]), share=float(record["share"]),
            source=record["source"], grade=record["grade"],
        )
        for record in read_table("surveys.csv")
    )  # fmt: skip


def survey_distribution(name: str = "default") -> NDArray[np.float64]:
    """
    Return the distribution of answers that thresholds are set to meet.

    Parameters
    ----------
    name : str, default: "default"
        Name of a published distribution; ``"default"`` is `DEFAULT_SURVEY`.

    Returns
    -------
    ndarray of float64, shape (4,)
        Shares, lowest level first; rescaled to sum to one.

    Raises
    ------
    ConfigError
        If there is no such distribution.
    """
    name = DEFAULT_SURVEY if name == "default" else name
    rows = sorted((row.level, row.share) for row in survey_rows() if row.survey == name)
    if not rows:
        known = dict.fromkeys(row.survey for row in survey_rows())
        raise ConfigError(
            f"no survey distribution '{name}'; {did_you_mean(name, known)} known: {', '.join(known)}"
        )
    shares = np.array([share for _, share in rows])
    rescaled: NDArray[np.float64] = shares / shares.sum()
    return rescaled
