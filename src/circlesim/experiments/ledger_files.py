"""Ledger files: pages kept on request, one Parquet file a scenario and replication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from circlesim.catalog.services import SERVICES
from circlesim.experiments.design import Design
from circlesim.experiments.store import flush
from circlesim.experiments.unit_file import making_path
from circlesim.ledger import Channel, Fate, Page

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "day", "resident", "service", "ordinal", "days_open", "need_min", "first_choice", "first_barrier", "barriers",
    "tries", "refusals", "fate", "facility", "channel", "walk_min", "arrive_min", "start_min", "wait_min", "ahead",
    "utility", "price_fen", "fee_fen", "voucher_fen",
)  # fmt: skip


class LedgerFiles:
    """
    Collects the pages of one unit.

    Parameters
    ----------
    design : Design
        For names.
    folder : Path
        Where the files go.
    unit : str
        Name of the unit.
    """

    def __init__(self, design: Design, folder: Path, unit: str) -> None:
        self.design, self.folder, self.unit = design, folder, unit
        self._days: dict[int, list[pd.DataFrame]] = {j: [] for j in range(len(design.names))}

    def keep(self, scenario: int, page: Page) -> None:
        """
        Take a copy of a page.

        Parameters
        ----------
        scenario : int
            Position of the scenario.
        page : Page
            A day.
        """
        self._days[scenario].append(page_table(self.design, page))

    def write(self) -> None:
        """Write one file a scenario, each whole or not at all."""
        import pandas as pd

        self.folder.mkdir(parents=True, exist_ok=True)
        for j, days in self._days.items():
            path = self.folder / f"{j:02d}-{self.unit}.parquet"
            making = making_path(path)
            pd.concat(days, ignore_index=True).assign(scenario=self.design.names[j]).to_parquet(
                making, index=False
            )
            flush(making)
            making.replace(path)


def page_table(design: Design, page: Page) -> pd.DataFrame:
    """
    Write a page out in words.

    Parameters
    ----------
    design : Design
        For ids.
    page : Page
        A day.

    Returns
    -------
    DataFrame
        `COLUMNS`; ids as text, fates and channels in lower case, barriers as bits of `ledger.Barrier`.
    """
    import pandas as pd

    columns = dict(page.columns())
    residents, facilities = design.experiment.world.population.resident, design.roster.facilities.facility
    table = pd.DataFrame({name: columns[name] for name in COLUMNS if name in columns})
    table["day"] = page.day
    table["resident"] = residents[columns["resident"]]
    table["service"] = np.array(SERVICES, dtype=object)[columns["service"]]
    table["fate"] = np.array([fate.name.lower() for fate in Fate], dtype=object)[columns["fate"]]
    table["channel"] = np.array([each.name.lower() for each in Channel], dtype=object)[columns["channel"]]
    # The last entries stand for forgo (-3), outside (-2) and home (-1).
    known = np.array([*facilities.tolist(), "(forgo)", "(outside)", "(home)"], dtype=object)
    table["first_choice"] = known[columns["first_choice"]]
    table["facility"] = np.where(columns["facility"] >= 0, known[columns["facility"]], "")
    return table[list(COLUMNS)]
