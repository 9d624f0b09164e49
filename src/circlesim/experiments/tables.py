"""Tables: what the units hold besides outcomes, averaged over replications."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.engine.stage import Stage
from circlesim.experiments import cells, displacement, operators, switching, unmet, winners
from circlesim.experiments.design import Design
from circlesim.experiments.unit_file import Tables, stacked
from circlesim.measures.balance import balance_sheet
from circlesim.measures.page_ratio import FEN
from circlesim.world.facilities import Facilities

if TYPE_CHECKING:
    import pandas as pd

MOST = 0.5
"""Share of replications in which an outlet opened by reviews stands, from which it is told as standing."""

_AT_ONCE = 256
"""Units whose rows are added up at once: more would take memory for nothing."""

FACILITY_COLUMNS: tuple[str, ...] = (
    "scenario", "facility", "name", "format", "present", "visits", "revenue", "utilisation", "wait_min",
)  # fmt: skip


def shared_tables(design: Design, units: Sequence[Tables]) -> dict[str, pd.DataFrame]:
    """
    Make every table of a run folder but outcomes and comparison.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    units : sequence of tables
        Finished units under the default parameters.

    Returns
    -------
    dict of str to DataFrame
        By file name without suffix; empty where no unit is finished.
    """
    if not units:
        return {}
    barriers = mean_over(units, "barriers", unmet.KEYS)
    counted = mean_over(units, "facilities", ("scenario", "facility"))
    facilities = facility_table(design, counted)
    places = map_facilities(design)
    tables = {
        "unmet": unmet.unmet_table(barriers),
        "pushed_out": unmet.pushed_out_table(barriers),
        "switching": switching_table(units),
        "facilities": facilities,
        "displacement": displacement.displacement_table(facilities, design.experiment.baselines),
        "hourly": mean_over(units, "hourly", ("scenario", "hour")),
        "cells": cell_means(units),
        "map/facilities": places,
    }
    if "access" in units[0]:
        tables["cells"] = cells.with_access(tables["cells"], units[0]["access"])
    if "changes" in units[0]:
        tables["winners"] = winners.winners_table(units, design.names, design.base, design.divisions)
    if "survey" in units[0]:
        tables["survey"] = _stacked(units, "survey", design.names)
    if "operators" in units[0]:
        kept = mean_over([unit for unit in units if "operators" in unit], "operators", operators.KEYS)
        tables["operators"] = operators.operator_table(kept, design.roster.facilities, last_formats(design))
        booked = mean_over(units, "operators_by_format", operators.FORMAT_KEYS)
        tables["operators_by_format"] = operators.format_table(booked, design.roster.facilities.formats.ids)
    if "reviews" in units[0]:
        tables["reviews"] = _stacked(units, "reviews", design.names)
    if "edges" in units[0]:
        tables["map/edges"] = units[0]["edges"]
        tables["balance"] = balance_of(design, units, counted, facilities)
    return tables


def _stacked(units: Sequence[Tables], name: str, scenarios: Sequence[str]) -> pd.DataFrame:
    """Put one table of all units together: scenario by scenario, then as the units come."""
    import pandas as pd

    whole = stacked(units, name)
    parts = [whole[whole["scenario"] == scenario] for scenario in scenarios]
    return pd.concat(parts, ignore_index=True)


def mean_over(units: Sequence[Tables], name: str, keys: Sequence[str]) -> pd.DataFrame:
    """
    Add one table up over units and divide by their number.

    Parameters
    ----------
    units : sequence of tables
        Finished units.
    name : str
        Name of the table.
    keys : sequence of str
        Columns that name a row; all others are averaged, a missing row counting as zero.

    Returns
    -------
    DataFrame
        Rows in the order of first appearance.
    """
    import pandas as pd

    chunks = (units[at : at + _AT_ONCE] for at in range(0, len(units), _AT_ONCE))
    sums = [stacked(chunk, name).groupby(list(keys), sort=False).sum() for chunk in chunks]
    whole = sums[0] if len(sums) == 1 else pd.concat(sums).groupby(list(keys), sort=False).sum()
    return whole.div(len(units)).reset_index()


def switching_table(units: Sequence[Tables]) -> pd.DataFrame:
    """
    Make ``switching.csv``.

    Parameters
    ----------
    units : sequence of tables
        Finished units.

    Returns
    -------
    DataFrame
        `switching.COLUMNS`, money in the major unit; empty where no scenario has a baseline.
    """
    import pandas as pd

    if "switching" not in units[0]:
        return pd.DataFrame({column: [] for column in switching.COLUMNS})
    table = mean_over(units, "switching", switching.COLUMNS[:-3])
    for column in ("spend_before", "spend_after"):
        table[column] *= FEN
    return table


def cell_means(units: Sequence[Tables]) -> pd.DataFrame:
    """
    Make ``cells.csv``.

    Parameters
    ----------
    units : sequence of tables
        Finished units.

    Returns
    -------
    DataFrame
        `cells.COLUMNS`; the same cells in all units, since homes do not move.
    """
    table = mean_over(units, "cells", ("scenario", "x_m", "y_m"))
    table["residents"] = table["residents"].round().astype(np.int64)
    return table[list(cells.COLUMNS)]


def facility_table(design: Design, means: pd.DataFrame) -> pd.DataFrame:
    """
    Make ``facilities.csv``.

    Parameters
    ----------
    design : Design
        For the roster.
    means : DataFrame
        Sums by scenario and roster row, averaged over replications.

    Returns
    -------
    DataFrame
        `FACILITY_COLUMNS`, facilities that exist on a measured day; visits and revenue over the days measured,
        utilisation as busy minutes over minutes that servers stand ready.
    """
    import pandas as pd

    parts = []
    for j, name in enumerate(design.names):
        rows = means[means["scenario"] == name].sort_values("facility")
        parts.append(_facilities_of(design, j, rows))
    return pd.concat(parts, ignore_index=True)


def _facilities_of(design: Design, scenario: int, rows: pd.DataFrame) -> pd.DataFrame:
    """Facilities of one scenario."""
    import pandas as pd

    roster, formats = design.roster.facilities, last_formats(design)[design.names[scenario]]
    ready, ever = server_minutes(design, scenario, rows["days"].to_numpy())
    # In most replications, where reviews open outlets; else in all or none.
    stands = rows["stands"].to_numpy() >= MOST
    visits, busy = rows["visits"].to_numpy(), rows["busy_min"].to_numpy()
    with np.errstate(invalid="ignore", divide="ignore"):
        utilisation = np.where(ready > 0, busy / ready, np.nan)
        wait = np.where(visits > 0, rows["wait_min"].to_numpy() / visits, np.nan)
    table = pd.DataFrame({
        "scenario": design.names[scenario], "facility": roster.facility, "name": roster.name,
        "format": np.array(roster.formats.ids, dtype=object)[formats], "present": stands.astype(int),
        "visits": visits, "revenue": FEN * rows["revenue_fen"].to_numpy(), "utilisation": utilisation,
        "wait_min": wait,
    })  # fmt: skip
    return table[ever][list(FACILITY_COLUMNS)]


def server_minutes(
    design: Design, scenario: int, days_there: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """
    Add up the minutes servers stand ready on the days measured.

    Parameters
    ----------
    design : Design
        For stages and days.
    scenario : int
        Position of the scenario.
    days_there : ndarray of float64, shape (F,)
        Measured days on which each outlet stood, in the mean of replications.

    Returns
    -------
    tuple of ndarray, shape (F,)
        Minutes times servers, and whether the facility exists on any of these days. What reviews opened counts by
        the days it stood, at the mean of its minutes over the week.
    """
    from circlesim.engine.stage import stage_on

    outlets = len(design.roster.facilities)
    ready, might, ever = np.zeros(outlets), np.zeros(outlets), np.zeros(outlets, bool)
    reviewed = np.zeros(outlets, bool)
    monday = design.experiment.start.weekday()
    for day in design.measured:
        stage = stage_on(design.roster.stages[scenario], day)
        weekday = (monday + day) % 7
        ready += ready_minutes(stage, weekday)
        ever |= stage.present
        if stage.possible is not None:
            reviewed |= stage.possible
            might += ready_minutes(replace(stage, present=stage.possible), weekday)
    ready[reviewed] = (might * days_there / max(len(design.measured), 1))[reviewed]
    return ready, ever | (reviewed & (days_there > 0))


def ready_minutes(stage: Stage, weekday: int) -> NDArray[np.float64]:
    """
    Count the minutes that servers stand ready on one weekday.

    Parameters
    ----------
    stage : Stage
        The facts.
    weekday : int
        Monday 0.

    Returns
    -------
    ndarray of float64, shape (F,)
        Minutes open times servers; the part after midnight counts for the day that opened.
    """
    hours = stage.facilities.hours[:, weekday].astype(np.float64)
    length = np.maximum(hours[..., 1] - hours[..., 0], 0.0).sum(axis=1)
    return np.where(stage.present, length * stage.facilities.servers, 0.0)


def last_formats(design: Design) -> dict[str, NDArray[np.int16]]:
    """
    Tell what the outlets of each scenario are in the end.

    Parameters
    ----------
    design : Design
        For the stages.

    Returns
    -------
    dict of str to ndarray of int16, shape (F,)
        Scenario to the format of each row of the roster on the last day.
    """
    stages = zip(design.names, design.roster.stages, strict=True)
    return {name: of[-1].facilities.format for name, of in stages}


def map_facilities(design: Design) -> pd.DataFrame:
    """
    Make ``map/facilities.csv``.

    Parameters
    ----------
    design : Design
        For the roster.

    Returns
    -------
    DataFrame
        Columns facility, name, format, x_m, y_m, lon, lat.
    """
    import pandas as pd

    roster, streets = design.roster.facilities, design.experiment.world.streets
    columns: dict[str, Any] = {"facility": roster.facility, "name": roster.name}
    columns["format"] = np.array(roster.formats.ids, dtype=object)[roster.format]
    columns |= {name: getattr(streets, name)[roster.node_row] for name in ("x_m", "y_m", "lon", "lat")}
    return pd.DataFrame(columns)


def balance_of(
    design: Design, units: Sequence[Tables], counted: pd.DataFrame, facilities: pd.DataFrame
) -> pd.DataFrame:
    """
    Make ``balance.csv`` of the first scenario.

    Parameters
    ----------
    design : Design
        For the world.
    units : sequence of tables
        Finished units, the first with walking bins.
    counted : DataFrame
        Sums by scenario and roster row.
    facilities : DataFrame
        As `facility_table` makes it.

    Returns
    -------
    DataFrame
        See `measures.balance.balance_sheet`.
    """
    name = design.names[0]
    services = mean_over(units, "services", ("scenario", "service"))
    services = services[services["scenario"] == name].assign(service=lambda t: np.array(SERVICES)[t["service"]])
    walks = units[0]["walks"]
    mine = counted[counted["scenario"] == name].sort_values("facility")
    ready, _ = server_minutes(design, 0, mine["days"].to_numpy())
    roster: Facilities = design.roster.facilities
    own = facilities[facilities["scenario"] == name]
    busy = mine["busy_min"].to_numpy()
    return balance_sheet(
        services=services, facilities=own, walks=walks[walks["scenario"] == name], roster=roster, ready_min=ready,
        busy_min=busy, days=len(design.measured), residents=len(design.experiment.world.population),
        currency=design.experiment.world.currency,
    )  # fmt: skip
