"""Views: facilities as Mesa agents that hold no data of their own."""

from __future__ import annotations

from typing import Protocol, cast

import mesa

from circlesim.engine.stage import Stage
from circlesim.engine.tally import FACILITY_SUMS, Sums

_VISITS, _REVENUE = FACILITY_SUMS.index("visits"), FACILITY_SUMS.index("revenue_fen")


class ColumnModel(Protocol):
    """What a view reads of its model."""

    @property
    def stage(self) -> Stage:
        """The facts in force."""

    @property
    def sums(self) -> Sums:
        """The sums of the newest day."""


class FacilityView(mesa.Agent):  # type: ignore[misc]
    """
    A facility of a columnar model: a row number and the questions one may ask of it.

    Parameters
    ----------
    model : CircleModel
        The model; it keeps the columns.
    row : int
        Row in the roster.
    """

    def __init__(self, model: mesa.Model, row: int) -> None:
        super().__init__(model)
        self.row = row

    @property
    def _columns(self) -> ColumnModel:
        return cast("ColumnModel", self.model)

    @property
    def facility(self) -> str:
        """Id."""
        return str(self._columns.stage.facilities.facility[self.row])

    @property
    def name(self) -> str:
        """Name on the shop sign, or an empty string."""
        return str(self._columns.stage.facilities.name[self.row])

    @property
    def format(self) -> str:
        """What it is: id of one of the world's formats."""
        outlets = self._columns.stage.facilities
        return outlets.formats.ids[int(outlets.format[self.row])]

    @property
    def present(self) -> bool:
        """Whether it exists on this day."""
        return bool(self._columns.stage.present[self.row])

    @property
    def visits_today(self) -> int:
        """Number of needs served on the newest day, in person or by delivery."""
        return int(self._columns.sums.facility[self.row, _VISITS])

    @property
    def revenue_today_fen(self) -> int:
        """Money taken on the newest day, delivery fees included, in minor units."""
        return int(self._columns.sums.facility[self.row, _REVENUE])
