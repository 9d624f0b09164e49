"""CloseFacilities and ConvertOutlets: premises that fall vacant, and premises put to another use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.chosen import ChosenOutlets
from circlesim.policies.rules import known_formats, rule
from circlesim.policies.selection import of_formats
from circlesim.world.facility_table import money_scale
from circlesim.world.hours import parse_hours
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFacilities(ChosenOutlets):
    """
    Outlets close on a day: for good, or until the policy `ends`, as for repairs.

    Named by id, or counted off among formats: from that day on at least `count` of them are closed, the first in
    the stated order; an outlet with an earlier closing date of its own keeps it. Without `starts` they are closed
    from the first day. The premises stay empty: open others there with ``add_facilities`` and
    ``siting = "given"``, or use ``convert_outlets``. No public saving is reckoned; support that is paid to an
    outlet ends with it.

    Parameters
    ----------
    facilities : tuple of str, default: ()
        Ids of the outlets.
    formats : tuple of str, default: ()
        Formats they are counted off among, where no ids are given.
    count : int, optional
        How many are closed at least; all of the formats where missing.
    order : {"smallest", "lowest_quality", "dearest", "random"}, default: "smallest"
        Who closes first: least floor area, lowest service quality, highest price level, or by a draw; then by id.
    seed : int, default: 0
        For ``order = "random"``; the same outlets in every replication.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "close_facilities"
    clause: ClassVar[str] = "F50"
    changes: ClassVar[tuple[str, ...]] = ("closed",)

    @property
    def _mark(self) -> np.datetime64:
        """First day closed."""
        return np.datetime64(self.begins or date.min, "D")

    def done(self, world: World) -> NDArray[np.bool_]:
        """See `ChosenOutlets.done`."""
        shut: NDArray[np.bool_] = of_formats(world, self.formats) & (world.facilities.closed == self._mark)
        return shut

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `ChosenOutlets.facts`."""
        old = world.facilities.closed
        earlier = ~np.isnat(old) & (old < self._mark)
        return {"closed": np.where(rows & ~earlier, self._mark, old).astype(old.dtype)}


_OF_FORMAT = (
    "format", "services", "servers", "service_min", "queue_limit", "price_level", "quality", "variety",
    "payment_mode", "takes_card", "staffed", "self_service", "chain", "walk_in", "delivery", "delivery_radius_m",
    "delivery_min", "delivery_fee_fen", "delivery_basket_fen", "seats", "places", "home_visits", "staff", "margin",
)  # fmt: skip
"""What an outlet takes over from its new format as it stands there."""
_IN_CURRENCY = ("delivery_fee_fen", "delivery_basket_fen")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ConvertOutlets(ChosenOutlets):
    """
    Premises are put to another use: idle kiosks become service points, a mall a community centre.

    The outlet keeps its id, place, name and circle, its floor area and rent; a door without a step stays so. All
    else is that of the new format in the world: what it offers, hours, counters, prices, quality, payment,
    delivery and staff. Named by id, or counted off among formats: at least `count` outlets of the new format stand
    from then on, those there already included. Residents know the outlet as before, and their wait there is
    remembered; where months are on, its operator goes on with the same books.

    Parameters
    ----------
    to_format : str
        What they become; see ``circlesim show formats``.
    facilities : tuple of str, default: ()
        Ids of the outlets.
    formats : tuple of str, default: ()
        Formats they are counted off among, where no ids are given.
    count : int, optional
        Outlets of the new format there are to be at least; all of the formats are converted where missing.
    order : {"smallest", "lowest_quality", "dearest", "random"}, default: "smallest"
        Who is converted first: least floor area, lowest service quality, highest price level, or by a draw; then
        by id.
    seed : int, default: 0
        For ``order = "random"``; the same outlets in every replication.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`; the capital is that of all conversions together.
    """

    name: ClassVar[str] = "convert_outlets"
    clause: ClassVar[str] = "F53"
    changes: ClassVar[tuple[str, ...]] = (*_OF_FORMAT, "hours", "step_free")

    to_format: str = field(metadata=rule(known_formats))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        # A class with slots has no cell for the short form of super().
        yield from ChosenOutlets.cross_faults(self)
        if self.to_format in self.formats:
            yield Fault(what="the new format is the old one", where="to_format", found=repr(self.to_format),
                        expected="a format not named in formats")  # fmt: skip

    def done(self, world: World) -> NDArray[np.bool_]:
        """See `ChosenOutlets.done`."""
        outlets = world.facilities
        there: NDArray[np.bool_] = (outlets.format == outlets.formats.number(self.to_format)) & np.isnat(
            outlets.closed
        )
        return there

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `ChosenOutlets.facts`; outlets of the new format stay as they are."""
        outlets, usual = world.facilities, dict(world.formats.facts(self.to_format))
        scale = money_scale(world.currency) or 1.0
        usual |= {name: round(float(usual[name]) * scale) for name in _IN_CURRENCY}
        rows = rows & (outlets.format != usual["format"])
        changed = {
            name: np.where(rows, usual[name], old).astype(old.dtype)
            for name in _OF_FORMAT
            for old in (getattr(outlets, name),)
        }
        hours = outlets.hours.copy()
        hours[rows] = parse_hours(str(usual["hours"]))
        step_free = np.where(rows, np.maximum(outlets.step_free, usual["step_free"]), outlets.step_free)
        return {**changed, "hours": hours, "step_free": step_free.astype(outlets.step_free.dtype)}
