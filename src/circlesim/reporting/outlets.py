"""Outlets: which existing ones lose visits, and which are new."""

from __future__ import annotations

import pandas as pd

from circlesim.reporting.run_folder import Pair

NOTICEABLE = 0.05
"""An outlet is counted among the losers from a twentieth of its visits on; a convention of this report."""


def outlet_changes(facilities: pd.DataFrame, pair: Pair, per: float = 1.0) -> pd.DataFrame:
    """
    Set the visits of every outlet beside those in the baseline.

    Parameters
    ----------
    facilities : DataFrame
        Contents of ``facilities.csv``: one row for each facility that stands in a scenario.
    pair : Pair
        Scenario and baseline.
    per : float, default: 1.0
        What visits are divided by, such as the days measured.

    Returns
    -------
    DataFrame
        Columns `facility`, `name`, `format`, `before`, `after`, `change`, `relative`, `new`; the largest loss
        first.
    """
    facts = [column for column in ("name", "format") if column in facilities]
    now = facilities[facilities["scenario"] == pair.scenario].set_index("facility")
    then = facilities[facilities["scenario"] == pair.baseline].set_index("facility")
    table = now[[*facts, "visits"]].rename(columns={"visits": "after"})
    table["before"] = then["visits"].reindex(table.index)
    table["new"] = ~table.index.isin(then.index)
    table[["before", "after"]] = table[["before", "after"]].fillna(0.0) / per
    table["change"] = table["after"] - table["before"]
    table["relative"] = (table["change"] / table["before"]).where(table["before"] > 0)
    return table.reset_index().sort_values("change", kind="stable").reset_index(drop=True)


def losers(changes: pd.DataFrame, most: int = 3) -> pd.DataFrame:
    """
    Pick the existing outlets that lose most visits.

    Parameters
    ----------
    changes : DataFrame
        As `outlet_changes` makes it.
    most : int, default: 3
        How many.

    Returns
    -------
    DataFrame
        Those that lose at least one visit in ten days.
    """
    return changes[~changes["new"] & (changes["change"] <= -0.1)].head(most)


def noticeable_losses(changes: pd.DataFrame) -> tuple[int, int]:
    """
    Count existing outlets that lose a noticeable share of their visits.

    Parameters
    ----------
    changes : DataFrame
        As `outlet_changes` makes it.

    Returns
    -------
    tuple of int
        Outlets that lose `NOTICEABLE` of their visits or more, and all existing outlets.
    """
    old = changes[~changes["new"]]
    return int((old["relative"] <= -NOTICEABLE).sum()), len(old)
