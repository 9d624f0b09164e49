"""Have and lack: which formats a circle has, and who lives within a walk of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.assessment.place import Claims, Minutes, Place
from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.world.groups import group_labels, group_rows

if TYPE_CHECKING:
    import pandas as pd

LEVELS: tuple[int, ...] = (5, 8, 10, 15)
"""Walking levels in minutes: 5 to 10 and 15 of the plan, and the 8 of the ministry's table of 2021."""

WORST_DECILE = 0.9
"""The nearest outlet of the tenth of residents who walk farthest is at least that far."""

WHILE_OPEN: tuple[str, ...] = ("last_day", "any_day")
"""Outlets that open on the last day, and on some day of the week."""

COLUMNS: tuple[str, ...] = (
    "scenario", "circle", "by", "group", "format", "class", "open_on", "outlets", "present", "residents",
    "median_min", "worst_decile_min", *(f"within_{level}" for level in LEVELS),
)  # fmt: skip
"""Columns of ``have_lack.csv``."""


def share_within(minutes: Minutes, level: float) -> float:
    """
    Share of residents within a walk.

    Parameters
    ----------
    minutes : ndarray of float64, shape (n,)
        Walk of each.
    level : float
        Minutes; who is exactly that far is within.

    Returns
    -------
    float
        From 0 to 1; nan where there is nobody.
    """
    return float(np.mean(minutes <= level)) if len(minutes) else float("nan")


def walker_groups(place: Place) -> Iterator[tuple[str, str, Claims]]:
    """
    List all residents, each class of mobility, and those of 60 and over.

    Parameters
    ----------
    place : Place
        For the residents.

    Yields
    ------
    tuple
        Dimension and label (empty for all), and who belongs, shape (R,).
    """
    people = place.population
    yield "", "", np.ones(len(people), bool)
    of = group_rows(people, "mobility")
    for number, label in enumerate(group_labels(people, "mobility")):
        yield "mobility", label, of == number
    yield "age60", "60+", people.age >= 60


def quantile_min(minutes: Minutes, share: float) -> float:
    """
    Least walk that a share of residents does not exceed.

    Parameters
    ----------
    minutes : ndarray of float64, shape (n,)
        Walk of each; may be inf.
    share : float
        Above 0, at most 1.

    Returns
    -------
    float
        Somebody's minutes, never between two (inf is no number to average); nan where there is nobody.
    """
    if not len(minutes):
        return float("nan")
    rank = int(np.ceil(share * len(minutes) - 1e-9)) - 1
    return float(np.sort(minutes)[max(rank, 0)])


def have_lack_table(place: Place, scenario: str) -> pd.DataFrame:
    """
    Table what each circle has.

    Parameters
    ----------
    place : Place
        The last day.
    scenario : str
        Name.

    Returns
    -------
    DataFrame
        `COLUMNS`; one row a circle, walker group, format and kind of day. One figure a level: none stands for
        another.
    """
    import pandas as pd

    groups = [(by, label, who) for by, label, who in walker_groups(place)]
    rows = []
    for row in place.facilities.formats:
        name = row.format
        for open_on in WHILE_OPEN:
            walk = place.nearest_min((name,), last_day=open_on == WHILE_OPEN[0])
            for circle in place.circles:
                lives = place.population.circle == circle
                outlets = outlets_in(place, (name,), circle)
                head = (name, row.format_class, open_on, outlets, int(outlets > 0))
                rows += [(scenario, circle, by, label, *head, *_figures(walk[lives & who]))
                         for by, label, who in groups if (lives & who).any()]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def without_small_groups(table: pd.DataFrame) -> pd.DataFrame:
    """
    Leave out the groups that are too small to stand in a file.

    Parameters
    ----------
    table : DataFrame
        What `have_lack_table` returns.

    Returns
    -------
    DataFrame
        Without the walker groups of fewer than `SMALLEST_GROUP` residents.
    """
    return table[(table["by"] == "") | (table["residents"] >= SMALLEST_GROUP)]


def outlets_in(place: Place, formats: tuple[str, ...], circle: int) -> int:
    """
    Count the outlets of any of some formats that stand in a circle.

    Parameters
    ----------
    place : Place
        The last day.
    formats : tuple of str
        Ids.
    circle : int
        Number of the circle.

    Returns
    -------
    int
        Walk-in or not, open that day or not.
    """
    return int(np.count_nonzero(place.stands(formats) & (place.facilities.circle == circle)))


def _figures(minutes: NDArray[np.float64]) -> tuple[float, ...]:
    """Residents, median and worst decile of the walk, and shares within each level."""
    shares = (share_within(minutes, level) for level in LEVELS)
    return len(minutes), quantile_min(minutes, 0.5), quantile_min(minutes, WORST_DECILE), *shares
