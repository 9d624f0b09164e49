"""Gathering: the tables of units put together to outcomes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from circlesim.experiments.comparison import compare
from circlesim.experiments.design import Design
from circlesim.experiments.interactions import interaction_table
from circlesim.experiments.outcomes import Outcomes
from circlesim.experiments.planned import grades_of
from circlesim.experiments.switching import COLUMNS as SWITCHING_COLUMNS
from circlesim.experiments.tables import shared_tables
from circlesim.experiments.unit_file import Tables, stacked
from circlesim.experiments.verdicts import verdicts
from circlesim.experiments.worth import acceptability_table, cost_table

if TYPE_CHECKING:
    import pandas as pd


def gather(design: Design, units: Sequence[Tables], manifest: Mapping[str, Any]) -> Outcomes:
    """
    Put the tables of units together.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    units : sequence of tables
        Finished units, by assumption, then replication.
    manifest : mapping
        What was run.

    Returns
    -------
    Outcomes
        The results; empty tables where no unit is finished.
    """
    import pandas as pd

    frame = stacked_outcomes(units)
    asked, grades = design.experiment, grades_of(design)
    detailed = [unit for unit in units if "barriers" in unit]
    tables = {
        "comparison": compare(frame, asked.baselines, grades, ["", *asked.by]),
        **shared_tables(design, detailed),
    }
    if asked.factorial is not None:
        tables["interactions"] = interaction_table(
            frame[frame["by"].isin(["", *asked.by])], asked.factorial, asked.baselines
        )
    if asked.expectations:
        tables["expectations"] = verdicts(frame, asked.expectations)
    if units:
        tables["economy"] = stacked(units, "economy")
        switched = tables.get("switching", pd.DataFrame({column: [] for column in SWITCHING_COLUMNS}))
        tables["cost_effectiveness"] = cost_table(tables["economy"], switched, asked.baselines)
        tables["acceptability"] = acceptability_table(tables["economy"], asked.baselines)
    body = {"baselines": asked.baselines, **manifest}
    anchored = [unit["anchoring"] for unit in units if "anchoring" in unit]
    if anchored:
        tables["anchoring"] = pd.concat(anchored, ignore_index=True)
        body["draws_anchored"] = {"met": int(tables["anchoring"]["met"].sum()), "of": len(anchored)}
    return Outcomes(outcomes=frame, tables=tables, manifest=body, grades=grades)


def compared(design: Design, units: Iterable[Tables]) -> pd.DataFrame:
    """
    Compare scenarios over some units, all residents only.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    units : iterable of tables
        Finished units.

    Returns
    -------
    DataFrame
        Columns of ``comparison.csv``; empty without units.
    """
    return compare(stacked_outcomes(units), design.experiment.baselines, {})


def stacked_outcomes(units: Iterable[Tables]) -> pd.DataFrame:
    """
    Put the outcomes of units together.

    Parameters
    ----------
    units : iterable of tables
        Finished units.

    Returns
    -------
    DataFrame
        The tall table; empty without units.
    """
    import pandas as pd

    from circlesim.experiments.readings import COLUMNS

    there = list(units)
    return stacked(there, "outcomes") if there else pd.DataFrame({column: [] for column in COLUMNS})
