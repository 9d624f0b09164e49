"""Displacement: what existing outlets lose, new ones take, and closed ones leave behind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

BOTH, NEW, CLOSED = "both", "new", "closed"
PARTS: tuple[str, ...] = (BOTH, NEW, CLOSED)
"""Outlets that stand in scenario and baseline on the last day, in the scenario alone, and all others."""

SUMS: tuple[str, ...] = ("visits", "revenue")
COLUMNS: tuple[str, ...] = (
    "scenario", "baseline", "format", "part", "outlets", *(f"{name}_{end}" for name in SUMS
                                                           for end in ("before", "after", "change")),
)  # fmt: skip
"""Columns of ``displacement.csv``."""


def displacement_table(facilities: pd.DataFrame, baselines: Mapping[str, str]) -> pd.DataFrame:
    """
    Divide the change of visits and revenue among outlets that stay, come and go.

    Parameters
    ----------
    facilities : DataFrame
        Contents of ``facilities.csv``: a row for each outlet that exists on a measured day of a scenario.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with.

    Returns
    -------
    DataFrame
        `COLUMNS`, formats in the order of the outlets; the changes of the parts add up to that of the total. An
        outlet that closes in both before the last day counts as closed. Premises that stand vacant where months
        are simulated still stand.
    """
    import pandas as pd

    parts = [
        _compared(facilities, scenario, baseline)
        for scenario, baseline in baselines.items() if scenario != baseline
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({column: [] for column in COLUMNS})


def _compared(facilities: pd.DataFrame, scenario: str, baseline: str) -> pd.DataFrame:
    """One scenario beside its baseline."""
    keys, counted = ["facility", "format"], ["present", *SUMS]
    now, then = (facilities.loc[facilities["scenario"] == name, keys + counted] for name in (scenario, baseline))
    table = then.merge(now, on=keys, how="outer", suffixes=("_before", "_after"), sort=False)
    table = table.fillna({f"{name}_{end}": 0 for name in counted for end in ("before", "after")})
    stands, stood = table["present_after"] == 1, table["present_before"] == 1
    table["part"] = np.where(stands & stood, BOTH, np.where(stands, NEW, CLOSED))
    for name in SUMS:
        table[f"{name}_change"] = table[f"{name}_after"] - table[f"{name}_before"]
    table["outlets"] = 1
    order = {name: place for place, name in enumerate(facilities["format"].drop_duplicates())}
    found = table.groupby(["format", "part"], sort=False)[list(COLUMNS[4:])].sum().reset_index()
    found = found.assign(scenario=scenario, baseline=baseline, _format=found["format"].map(order),
                         _part=found["part"].map(PARTS.index))  # fmt: skip
    return found.sort_values(["_format", "_part"])[list(COLUMNS)].reset_index(drop=True)
