"""Winners: the changes of the same residents under scenario and baseline, kept by unit and pooled at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.divisions import Divisions
from circlesim.experiments.unit_file import Tables
from circlesim.measures.reading import Reading
from circlesim.measures.winners import SCALES, Fortunes, Pooled, by_resident, fortunes, pooled

if TYPE_CHECKING:
    import pandas as pd

BYTES_A_RESIDENT = 4 * len(SCALES)
"""What a unit keeps of each resident for each scenario with a baseline: one float32 a scale, whatever the days."""

COLUMNS: tuple[str, ...] = (
    "scenario", "baseline", "measure", "unit", "by", "group", "threshold", *Fortunes._fields, "replications",
)  # fmt: skip
"""Columns of ``winners.csv``."""


def change_table(readings: Sequence[Reading], base: Sequence[int]) -> pd.DataFrame:
    """
    Keep how each resident's levels differ from the baseline.

    Parameters
    ----------
    readings : sequence of Reading
        By scenario, all of one replication.
    base : sequence of int
        Position of each scenario's baseline.

    Returns
    -------
    DataFrame
        One row a resident, one float32 column a scenario and scale; nan for those without a figure.
    """
    import pandas as pd

    compared = [j for j, other in enumerate(base) if other != j]
    levels = {j: by_resident(readings[j]) for j in {*compared, *(base[j] for j in compared)}}
    columns = {
        _column(j, k): (levels[j][k] - levels[base[j]][k]).astype(np.float32)
        for j in compared for k in range(len(SCALES))
    }  # fmt: skip
    return pd.DataFrame(columns)


def _column(scenario: int, scale: int) -> str:
    """Name of a column: position of the scenario, and the scale."""
    return f"{scenario}:{SCALES[scale].measure}"


def winners_table(
    units: Sequence[Tables], names: Sequence[str], base: Sequence[int], divisions: Divisions
) -> pd.DataFrame:
    """
    Make ``winners.csv``.

    Parameters
    ----------
    units : sequence of tables
        Finished units, with the changes of residents.
    names : sequence of str
        Scenarios.
    base : sequence of int
        Position of each scenario's baseline.
    divisions : Divisions
        The groups.

    Returns
    -------
    DataFrame
        `COLUMNS`, groups of fewer than 30 left out; empty where no scenario has a baseline.
    """
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for j, name in enumerate(names):
        for k, scale in enumerate(SCALES):
            if base[j] == j:
                continue
            changes = pooled(unit["changes"][_column(j, k)].to_numpy() for unit in units)
            shown: Mapping[str, Any] = {
                "scenario": name, "baseline": names[base[j]], "measure": scale.measure, "unit": scale.unit,
                "replications": changes.pairs,
            }  # fmt: skip
            rows += [{**shown, **row} for row in _rows(changes, divisions, scale.thresholds)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(changes: Pooled, divisions: Divisions, thresholds: Sequence[float]) -> Iterator[dict[str, Any]]:
    """Groups by threshold."""
    for (by, group), members in _groups(divisions):
        for threshold in thresholds:
            found = fortunes(changes, members, threshold)
            if found is not None:
                yield {"by": by, "group": group, "threshold": threshold, **found._asdict()}


def _groups(divisions: Divisions) -> Iterator[tuple[tuple[str, str], NDArray[np.bool_]]]:
    """Names and members, all residents first."""
    yield divisions.names[0], np.ones(divisions.rows.shape[1], bool)
    for g, name in enumerate(divisions.names[1:], start=1):
        yield name, (divisions.rows == g).any(axis=0)
