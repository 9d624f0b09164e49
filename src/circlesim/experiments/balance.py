"""Balance: the balance sheet of a world without policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.experiments.asked import Progress
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import Scenario
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

DAYS = 14
"""Days of the balance sheet: two whole weeks, after one of warm-up."""


def baseline_balance(
    world: World,
    parameters: Parameters | None = None,
    constants: Constants | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """
    Run a world as it is and set the result beside published bands.

    Parameters
    ----------
    world : World
        The world.
    parameters : Parameters, optional
        Numbers of the law; the shipped ones where missing.
    constants : Constants, optional
        Solved on this world; found or solved where missing.
    progress : callable, optional
        See `experiments.asked.Progress`.

    Returns
    -------
    DataFrame
        See `measures.balance.balance_sheet`.
    """
    as_is = Scenario("as is", world, days=DAYS)
    asked = Experiment([as_is], replications=1, parameters=parameters or default_parameters(), constants=constants)
    return asked.run(workers=1, progress=progress).balance()
