"""DigitaliseOutlets: stock, orders and supply run by software."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, lowered, raised
from circlesim.policies.rules import rule, share, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class DigitaliseOutlets(OutletLever):
    """
    Stock, orders and supply of outlets are run by software.

    A larger margin shows in operators' books (mechanism `months`) and in how much breakfast is made (`stock`),
    more in reserve under `emergency`, quicker orders wherever an outlet delivers. It never makes an outlet worse.
    No source gives the size of these effects: they are for whoever asks to say (grade D).

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    margin_to : float, optional
        Least gross margin over turnover, in 0..1; untouched where missing.
    supply_share_to : float, optional
        Least share of its usual goods that reaches it, in 0..1: fewer gaps on the shelf; untouched where missing.
    reserve_days_to : float, optional
        Least usual demand it keeps in reserve, 0.1 to 365 days; untouched where missing.
    delivery_min_to : float, optional
        Most minutes from an order to the door, 1 to 1,440, where it delivers; untouched where missing.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "digitalise_outlets"
    clause: ClassVar[str] = "F36"
    changes: ClassVar[tuple[str, ...]] = ("margin", "supply_share", "reserve_days", "delivery_min")

    margin_to: float | None = field(default=None, metadata=rule(share))
    supply_share_to: float | None = field(default=None, metadata=rule(share))
    reserve_days_to: float | None = field(default=None, metadata=rule(within(0.1, 365)))
    delivery_min_to: float | None = field(default=None, metadata=rule(within(1, 1440)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        given = (self.margin_to, self.supply_share_to, self.reserve_days_to, self.delivery_min_to)
        if all(each is None for each in given):
            yield Fault(what="nothing is digitalised", where="margin_to", expected="delivery_min_to = 25")

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        return {"margin": raised(outlets.margin, self.margin_to, rows),
                "supply_share": raised(outlets.supply_share, self.supply_share_to, rows),
                "reserve_days": raised(outlets.reserve_days, self.reserve_days_to, rows),
                "delivery_min": lowered(outlets.delivery_min, self.delivery_min_to,
                                        rows & (outlets.delivery == 1))}  # fmt: skip
