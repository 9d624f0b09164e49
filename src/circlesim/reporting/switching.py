"""Switching: matched needs of two scenarios, told as new, recaptured, shifted and lost."""

from __future__ import annotations

import pandas as pd

from circlesim.experiments.switching import PARTS, part_of
from circlesim.reporting.barriers import of_everybody
from circlesim.reporting.run_folder import Pair

INSIDE = ("inside", "delivered")


def spending_parts(switching: pd.DataFrame, pair: Pair, per: float = 1.0) -> pd.DataFrame:
    """
    Split the change in spending inside the circle.

    Parameters
    ----------
    switching : DataFrame
        Contents of ``switching.csv``.
    pair : Pair
        Scenario and baseline.
    per : float, default: 1.0
        What sums are divided by, such as the days measured.

    Returns
    -------
    DataFrame
        Columns `part`, `needs`, `spend_change`; the last row is the total.
    """
    rows = of_everybody(switching[switching["scenario"] == pair.scenario]).copy()
    rows["from_fate"], rows["to_fate"] = rows["from_fate"].str.lower(), rows["to_fate"].str.lower()
    rows["part"] = [part_of(*fates) for fates in zip(rows["from_fate"], rows["to_fate"], strict=True)]
    before = rows["spend_before"].where(rows["from_fate"].isin(INSIDE), 0.0)
    after = rows["spend_after"].where(rows["to_fate"].isin(INSIDE), 0.0)
    rows["spend_change"] = (after - before) / per
    moved = (rows["from_fate"] != rows["to_fate"]) | (rows["from_format"] != rows["to_format"])
    rows["needs"] = rows["needs"].where(moved, 0.0) / per
    sums = rows.groupby("part")[["needs", "spend_change"]].sum().reindex(list(PARTS), fill_value=0.0)
    sums.loc["total"] = [float("nan"), sums["spend_change"].sum()]
    return sums.rename_axis("part").reset_index()


def fate_shares(switching: pd.DataFrame, pair: Pair, service: str = "") -> pd.DataFrame:
    """
    Share of needs by fate, before and after.

    Parameters
    ----------
    switching : DataFrame
        Contents of ``switching.csv``.
    pair : Pair
        Scenario and baseline.
    service : str, default: ""
        One service; all by default.

    Returns
    -------
    DataFrame
        Two rows, `before` and `after`, one column a fate.
    """
    rows = of_everybody(switching[switching["scenario"] == pair.scenario])
    rows = rows[rows["service"] == service] if service else rows
    total = max(float(rows["needs"].sum()), 1e-12)
    sums = {
        when: rows.groupby(rows[column].str.lower())["needs"].sum() / total
        for when, column in (("before", "from_fate"), ("after", "to_fate"))
    }
    return pd.DataFrame(sums).T.fillna(0.0)


def most_changed_service(switching: pd.DataFrame, pair: Pair) -> str:
    """
    Find the service in which most needs change their fate.

    Parameters
    ----------
    switching : DataFrame
        Contents of ``switching.csv``.
    pair : Pair
        Scenario and baseline.

    Returns
    -------
    str
        Its id, or ``""`` where nothing changes.
    """
    rows = of_everybody(switching[switching["scenario"] == pair.scenario])
    moved = rows[(rows["from_fate"] != rows["to_fate"]) & (rows["service"] != "")]
    sums = moved.groupby("service")["needs"].sum()
    return str(sums.idxmax()) if len(sums) and sums.max() > 0 else ""
