"""Walks: how long people walk to the outlets that serve them, in the bins of published surveys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from circlesim.catalog.services import SERVICES
from circlesim.ledger import Channel, Page

if TYPE_CHECKING:
    import pandas as pd

BINS: tuple[str, ...] = ("1-5", "6-10", "11-15", "16+")
"""Minutes one way, rounded up, as the Beijing community survey asks them."""

_EDGES = np.array([5.0, 10.0, 15.0])


class WalkingBins:
    """Counts visits on foot by service and minutes walked."""

    def __init__(self) -> None:
        self.count = np.zeros((len(SERVICES), len(BINS)))

    def add(self, page: Page) -> None:
        """
        Count one day.

        Parameters
        ----------
        page : Page
            A day of the ledger.
        """
        columns = page.columns()
        walked = columns["channel"] == Channel.WALK_IN
        bins = np.searchsorted(_EDGES, columns["walk_min"][walked], side="left")
        np.add.at(self.count, (columns["service"][walked], bins), 1.0)

    def table(self, scenario: str) -> pd.DataFrame:
        """
        List the counts.

        Parameters
        ----------
        scenario : str
            Name for the first column.

        Returns
        -------
        DataFrame
            Columns scenario, service, bin, visits.
        """
        import pandas as pd

        service, which = np.indices(self.count.shape).reshape(2, -1)
        return pd.DataFrame({
            "scenario": scenario, "service": np.array(SERVICES, dtype=object)[service],
            "bin": np.array(BINS, dtype=object)[which], "visits": self.count.ravel(),
        })  # fmt: skip
