"""Cells: satisfaction on a grid of homes, where enough people live to show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

CELL_M = 100.0
"""Side of a cell; a cell of the 100 m grids of population statistics."""

COLUMNS: tuple[str, ...] = ("x_m", "y_m", "residents", "scenario", "satisfaction")


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

    home, asked = world.population.home_row, answers.sum(axis=1) > 0
    x, y = world.streets.x_m[home[asked]], world.streets.y_m[home[asked]]
    key = np.column_stack([np.floor(x / CELL_M), np.floor(y / CELL_M)])
    cell, row = np.unique(key, axis=0, return_inverse=True)
    score = answers[asked] @ np.array([0.0, 100 / 3, 200 / 3, 100.0]) / answers[asked].sum(axis=1)
    people = np.bincount(row.ravel(), minlength=len(cell))
    mean = np.bincount(row.ravel(), weights=score, minlength=len(cell)) / np.maximum(people, 1)
    centre = (cell + 0.5) * CELL_M
    table = pd.DataFrame({
        "x_m": centre[:, 0], "y_m": centre[:, 1], "residents": people, "scenario": scenario, "satisfaction": mean,
    })  # fmt: skip
    return table[people >= SMALLEST_GROUP].reset_index(drop=True)
