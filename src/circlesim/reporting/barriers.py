"""Barriers: unmet needs by what stood in the way, before and after."""

from __future__ import annotations

import pandas as pd

from circlesim.ledger import BARRIERS
from circlesim.reporting.run_folder import Pair


def of_everybody(table: pd.DataFrame) -> pd.DataFrame:
    """
    Keep the rows about all residents, each need once.

    Parameters
    ----------
    table : DataFrame
        Columns `by`, `service`; rows of all services together have an empty service.

    Returns
    -------
    DataFrame
        Rows by service; those of all services together only where there are no others.
    """
    everybody = table[table["by"] == ""]
    by_service = everybody[everybody["service"] != ""]
    return by_service if len(by_service) else everybody


def needs_of(unmet: pd.DataFrame, scenario: str) -> float:
    """
    Count the needs of a scenario.

    Parameters
    ----------
    unmet : DataFrame
        Contents of ``unmet.csv``.
    scenario : str
        Name.

    Returns
    -------
    float
        Needs of all residents and services.
    """
    rows = of_everybody(unmet[unmet["scenario"] == scenario])
    return float(rows.groupby("service")["needs"].max().sum())


def barrier_shares(unmet: pd.DataFrame, scenario: str, column: str) -> pd.Series[float]:
    """
    Share of all needs by barrier.

    Parameters
    ----------
    unmet : DataFrame
        Contents of ``unmet.csv``.
    scenario : str
        Name.
    column : {"unmet", "met_if_lifted"}
        What is counted.

    Returns
    -------
    Series
        Share of needs by barrier in lower case, in order of precedence.
    """
    rows = of_everybody(unmet[unmet["scenario"] == scenario])
    counts = rows.assign(barrier=rows["barrier"].str.lower()).groupby("barrier")[column].sum()
    order = [str(barrier.name).lower() for barrier in BARRIERS]
    known = [name for name in order if name in counts.index]
    named = [*known, *(name for name in counts.index if name not in order and name not in ("", "none"))]
    return counts.reindex(named) / max(needs_of(unmet, scenario), 1.0)


def barrier_change(unmet: pd.DataFrame, pair: Pair, column: str) -> pd.DataFrame:
    """
    Set the shares of a scenario beside those of its baseline.

    Parameters
    ----------
    unmet : DataFrame
        Contents of ``unmet.csv``.
    pair : Pair
        Scenario and baseline.
    column : {"unmet", "met_if_lifted"}
        What is counted.

    Returns
    -------
    DataFrame
        Columns `barrier`, `before`, `after`: shares of all needs.
    """
    before = barrier_shares(unmet, pair.baseline, column)
    after = barrier_shares(unmet, pair.scenario, column)
    names = [*before.index, *(name for name in after.index if name not in before.index)]
    table = pd.DataFrame(
        {"before": before.reindex(names, fill_value=0), "after": after.reindex(names, fill_value=0)}
    )
    return table.rename_axis("barrier").reset_index()


def shared_barriers(tables: list[pd.DataFrame]) -> list[pd.DataFrame]:
    """
    Give several tables the same rows, leaving out barriers that never bind.

    Parameters
    ----------
    tables : list of DataFrame
        As `barrier_change` makes them.

    Returns
    -------
    list of DataFrame
        Same barriers in the same order.
    """
    bound = [name for table in tables for name in table.loc[table[["before", "after"]].sum(axis=1) > 0, "barrier"]]
    names = list(dict.fromkeys(name for table in tables for name in table["barrier"] if name in bound))
    return [table.set_index("barrier").reindex(names, fill_value=0.0).reset_index() for table in tables]
