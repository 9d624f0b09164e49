"""Findings: what a paired difference allows one to say, before any words are chosen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pandas as pd

from circlesim.measures.grouping import NEED_DIMENSIONS
from circlesim.reporting.measure_names import good_direction
from circlesim.reporting.quantities import Quantity
from circlesim.reporting.run_folder import Pair


class Verdict(Enum):
    """What a change does over the range it is judged by."""

    RISES = "rises"
    FALLS = "falls"
    UNSETTLED = "unsettled"
    UNCHANGED = "unchanged"


class Tone(Enum):
    """Whether a change is one that residents would want."""

    BETTER = "better"
    WORSE = "worse"
    NEUTRAL = "neutral"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One paired difference with the ranges around it.

    Parameters
    ----------
    measure, by, group, unit : str
        What was measured, of whom, in which unit.
    before, after, change : float
        Levels of baseline and scenario, and their difference.
    luck : tuple of float
        Interval over luck in one world.
    assumptions : tuple of float or None
        5-95 % range over assumption draws; None where none were made.
    same_sign : float
        Share of draws with the same sign; nan where none were made.
    verdict : Verdict
        What the change does over the range it is judged by.
    grade : str
        Worst grade of confidence the number rests on.
    """

    measure: str
    by: str
    group: str
    unit: str
    before: float
    after: float
    change: float
    luck: tuple[float, float]
    assumptions: tuple[float, float] | None
    same_sign: float
    verdict: Verdict
    grade: str = ""

    @property
    def tone(self) -> Tone:
        """Whether residents would want the change."""
        sign = {Verdict.RISES: 1, Verdict.FALLS: -1}.get(self.verdict, 0) * good_direction(self.measure)
        return Tone.BETTER if sign > 0 else Tone.WORSE if sign < 0 else Tone.NEUTRAL


def finding(row: Any, quantity: Quantity) -> Finding:
    """
    Judge one row of ``comparison.csv``.

    Parameters
    ----------
    row : namedtuple
        A row, as `DataFrame.itertuples` gives it.
    quantity : Quantity
        How the unit is printed; a change that prints as zero is no change.

    Returns
    -------
    Finding
        The range over assumptions decides where there is one, else the interval over luck.
    """
    luck = (float(row.ci_low), float(row.ci_high))
    wide = (float(row.assumption_low), float(row.assumption_high))
    assumptions = wide if all(math.isfinite(end) for end in wide) else None
    verdict = _verdict(float(row.difference), assumptions or luck, quantity)
    return Finding(
        measure=row.measure, by=row.by, group=row.group, unit=row.unit, before=float(row.baseline_value),
        after=float(row.value), change=float(row.difference), luck=luck, assumptions=assumptions,
        same_sign=float(row.sign_share), verdict=verdict, grade=str(row.evidence_grade),
    )  # fmt: skip


def _verdict(change: float, ends: tuple[float, float], quantity: Quantity) -> Verdict:
    low, high = ends
    seen = [end for end in ends if not quantity.rounds_to_nothing(end)]
    if quantity.rounds_to_nothing(change) and not (len(seen) == 2 and low < 0 < high):
        return Verdict.UNCHANGED
    if low > 0 and change > 0:
        return Verdict.RISES
    if high < 0 and change < 0:
        return Verdict.FALLS
    return Verdict.UNSETTLED


def findings(comparison: pd.DataFrame, pair: Pair, quantity_of: Any) -> list[Finding]:
    """
    Judge all differences of one scenario.

    Parameters
    ----------
    comparison : DataFrame
        Rows of ``comparison.csv``.
    pair : Pair
        Scenario and baseline.
    quantity_of : callable
        Gives the `Quantity` of a unit.

    Returns
    -------
    list of Finding
        In the order of the file; rows without a difference are left out.
    """
    rows = comparison[(comparison["scenario"] == pair.scenario) & (comparison["baseline"] == pair.baseline)]
    rows = rows[rows["difference"].notna()]
    return [finding(row, quantity_of(row.unit)) for row in rows.itertuples(index=False)]


def headlines(found: list[Finding], most: int = 4, *, under_mapped: bool = False) -> list[Finding]:
    """
    Pick what the first page says of all residents.

    Parameters
    ----------
    found : list of Finding
        Findings of one scenario.
    most : int, default: 4
        How many at most.
    under_mapped : bool, default: False
        Whether the map of the place misses outlets: then an effect may come from what is missing.

    Returns
    -------
    list of Finding
        The first measures of the experiment, in its order; money-metric welfare never leads. None where supply
        is under-mapped.
    """
    if under_mapped:
        return []
    whole = [each for each in found if each.by == "" and each.measure != "welfare_money"]
    return whole[:most]


def by_gain(found: list[Finding], measure: str, tone: Tone) -> list[Finding]:
    """
    List the groups of residents that gain, or lose, by a measure.

    Parameters
    ----------
    found : list of Finding
        Findings of one scenario.
    measure : str
        The measure.
    tone : Tone
        `Tone.BETTER` for those who gain, `Tone.WORSE` for those who lose.

    Returns
    -------
    list of Finding
        The largest change first.
    """
    groups = [
        each for each in found
        if each.measure == measure and each.by not in ("", *NEED_DIMENSIONS) and each.tone is tone
    ]  # fmt: skip
    return sorted(groups, key=lambda each: -abs(each.change))


JUDGED_BY_GROUP = (
    ("satisfaction_top2", "satisfaction_index", "satisfaction_top1"),
    ("unmet_share", "pushed_out_share", "met_inside_share", "met_share", "declined_share"),
)
"""Measures by which gains and losses of groups are told: the first of each family that the run has by group."""


def judged_measures(found: list[Finding]) -> list[str]:
    """
    Pick the measures by which gaining and losing are told on the first page.

    Parameters
    ----------
    found : list of Finding
        Findings of one scenario.

    Returns
    -------
    list of str
        At most one of satisfaction and one of needs.
    """
    grouped = {each.measure for each in found if each.by not in ("", *NEED_DIMENSIONS)}
    picks = (next((name for name in family if name in grouped), None) for family in JUDGED_BY_GROUP)
    return [pick for pick in picks if pick]
