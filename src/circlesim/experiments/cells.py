"""Cells: satisfaction and access on a grid of homes, where enough people live to show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.measures.nearest import nearest_walk_min
from circlesim.measures.reading import Reading
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

CELL_M = 100.0
"""Side of a cell; a cell of the 100 m grids of population statistics."""

COLUMNS: tuple[str, ...] = ("x_m", "y_m", "residents", "scenario", "satisfaction")

ACCESS_COLUMNS: tuple[str, ...] = ("services_15min", "groceries_min")
"""Added by `with_access`."""

BAND_MIN = 15.0
"""Minutes of the circle."""


def cell_table(world: World, answers: NDArray[np.float64], scenario: str) -> pd.DataFrame:
    """
    Average the survey over the homes of each cell.

    Parameters
    ----------
    world : World
        For homes.
    answers : ndarray of float64, shape (R, 4)
        Services answered on with each level, by resident; zero for those not asked.
    scenario : str
        Name for the table.

    Returns
    -------
    DataFrame
        `COLUMNS`: centre of the cell, adults asked there, and their satisfaction index (0-100); cells with fewer
        than 30 of them are left out.
    """
    import pandas as pd

    asked = answers.sum(axis=1) > 0
    cell, row = np.unique(_key(world)[asked], axis=0, return_inverse=True)
    score = answers[asked] @ np.array([0.0, 100 / 3, 200 / 3, 100.0]) / answers[asked].sum(axis=1)
    people = np.bincount(row.ravel(), minlength=len(cell))
    mean = np.bincount(row.ravel(), weights=score, minlength=len(cell)) / np.maximum(people, 1)
    centre = (cell + 0.5) * CELL_M
    table = pd.DataFrame({
        "x_m": centre[:, 0], "y_m": centre[:, 1], "residents": people, "scenario": scenario, "satisfaction": mean,
    })  # fmt: skip
    return table[people >= SMALLEST_GROUP].reset_index(drop=True)


def _key(world: World) -> NDArray[np.float64]:
    """Column and row of the cell of each resident."""
    home = world.population.home_row
    return np.floor(np.column_stack([world.streets.x_m[home], world.streets.y_m[home]]) / CELL_M)


def access_table(world: World, reading: Reading, scenario: str) -> pd.DataFrame:
    """
    Average the walks to outlets over the residents of each cell.

    Parameters
    ----------
    world : World
        For homes.
    reading : Reading
        For the outlets there on the last day.
    scenario : str
        Name for the table.

    Returns
    -------
    DataFrame
        Columns `x_m`, `y_m`, `scenario` and `ACCESS_COLUMNS`: services that a walk-in outlet within 15 minutes at
        own speed offers, and minutes to the nearest groceries (over those who have them within 60); cells with
        fewer than 30 residents are left out.
    """
    import pandas as pd

    cell, row, count = np.unique(_key(world), axis=0, return_inverse=True, return_counts=True)
    walks = {name: _walk_min(reading, name, LONGEST_MIN if name == "groceries" else BAND_MIN) for name in SERVICES}
    within = np.sum([walk <= BAND_MIN for walk in walks.values()], axis=0)
    near = walks["groceries"] <= LONGEST_MIN
    shoppers = np.bincount(row.ravel(), weights=near, minlength=len(cell))
    minutes = np.bincount(row.ravel(), weights=np.where(near, walks["groceries"], 0.0), minlength=len(cell))
    centre = (cell + 0.5) * CELL_M
    table = pd.DataFrame({
        "x_m": centre[:, 0], "y_m": centre[:, 1], "scenario": scenario,
        "services_15min": np.bincount(row.ravel(), weights=within, minlength=len(cell)) / count,
        "groceries_min": np.where(shoppers >= SMALLEST_GROUP, minutes / np.maximum(shoppers, 1), np.nan),
    })  # fmt: skip
    return table[count >= SMALLEST_GROUP].reset_index(drop=True)


LONGEST_MIN = 60.0
"""Walks to groceries longer than this are not looked for."""


def _walk_min(reading: Reading, service: str, longest_min: float) -> NDArray[np.float64]:
    """Walk of each resident to the nearest walk-in outlet that offers a service."""
    outlets = reading.facilities
    offers = (outlets.services >> np.uint32(SERVICE_INDEX[service])) & np.uint32(1) == 1
    return nearest_walk_min(reading, reading.present & offers & (outlets.walk_in == 1), longest_min)


def with_access(cells: pd.DataFrame, access: pd.DataFrame) -> pd.DataFrame:
    """
    Put access beside satisfaction.

    Parameters
    ----------
    cells : DataFrame
        `COLUMNS`.
    access : DataFrame
        What `access_table` made, scenario by scenario.

    Returns
    -------
    DataFrame
        `COLUMNS` and `ACCESS_COLUMNS`, the rows of `cells`.
    """
    return cells.merge(access, on=["scenario", "x_m", "y_m"], how="left", validate="one_to_one")
