"""Unmet: needs not met by what stood in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.catalog.services import SERVICES
from circlesim.engine.tally import BARRIER_SUMS, Sums
from circlesim.experiments.divisions import Divisions
from circlesim.ledger import BARRIERS

if TYPE_CHECKING:
    import pandas as pd

KEYS: tuple[str, ...] = ("scenario", "service", "barrier", "by", "group")
UNMET_COLUMNS: tuple[str, ...] = (*KEYS, "needs", "unmet", "share", "met_if_lifted")
PUSHED_COLUMNS: tuple[str, ...] = (*KEYS, "needs", "pushed_out", "share", "not_met_inside")


def barrier_table(sums: Sums, divisions: Divisions, scenario: str) -> pd.DataFrame:
    """
    List needs by first barrier.

    Parameters
    ----------
    sums : Sums
        Of one scenario in one replication.
    divisions : Divisions
        The groups of the sums.
    scenario : str
        Name for the table.

    Returns
    -------
    DataFrame
        `KEYS`, needs of the service in the group, and `BARRIER_SUMS`; services with a need, groups large enough.
    """
    import pandas as pd

    shown = (sums.needs_by_group > 0) & divisions.shown[:, None]
    cells = np.broadcast_to(shown[:, :, None], sums.barrier.shape[:3])
    group, service, barrier = np.nonzero(cells)
    names = np.array(divisions.names, dtype=object).reshape(-1, 2)
    words = np.array([str(each.name).lower() for each in BARRIERS], dtype=object)
    columns: dict[str, Any] = {
        "scenario": scenario, "service": np.array(SERVICES, dtype=object)[service], "barrier": words[barrier],
        "by": names[group, 0], "group": names[group, 1], "needs": sums.needs_by_group[group, service],
    }  # fmt: skip
    columns |= {name: sums.barrier[group, service, barrier, i] for i, name in enumerate(BARRIER_SUMS)}
    return pd.DataFrame(columns)


def unmet_table(barriers: pd.DataFrame) -> pd.DataFrame:
    """
    Make ``unmet.csv``.

    Parameters
    ----------
    barriers : DataFrame
        Means over replications of `barrier_table`.

    Returns
    -------
    DataFrame
        `UNMET_COLUMNS`; `share` is the part of the unmet needs of service and group that met this barrier first.
    """
    return _with_share(barriers, "unmet")[list(UNMET_COLUMNS)]


def pushed_out_table(barriers: pd.DataFrame) -> pd.DataFrame:
    """
    Make ``pushed_out.csv``: needs met at home or outside for want of an alternative inside, listed apart.

    Parameters
    ----------
    barriers : DataFrame
        Means over replications of `barrier_table`.

    Returns
    -------
    DataFrame
        `PUSHED_COLUMNS`; `not_met_inside` counts every need not met inside by its first barrier.
    """
    table = _with_share(barriers, "pushed_out").rename(columns={"not_inside": "not_met_inside"})
    return table[list(PUSHED_COLUMNS)]


def _with_share(barriers: pd.DataFrame, column: str) -> pd.DataFrame:
    """Part of each barrier in its service and group; 0 where there is nothing to divide."""
    whole = barriers.groupby(["scenario", "service", "by", "group"], sort=False)[column].transform("sum")
    return barriers.assign(share=(barriers[column] / whole.where(whole > 0)).fillna(0.0))
