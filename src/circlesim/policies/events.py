"""HoldEvent: days of lower prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, lowered, usual
from circlesim.policies.rules import rule, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEvent(OutletLever):
    """
    Prices are lower for some days: a neighbours' festival, a food week, group buying.

    No outlet asks more than the catalogue's price level of its format less the discount; who is cheaper already
    stays so. Prices alone draw: the law knows no liking for a festival.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    discount : float
        Discount on the catalogue's price level, 0.01 to 0.95.
    starts, ends : date
        First and last day; both are needed.
    capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "hold_event"
    clause: ClassVar[str] = "F34"
    changes: ClassVar[tuple[str, ...]] = ("price_level",)

    discount: float = field(metadata=rule(within(0.01, 0.95)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        for where in ("starts", "ends"):
            if getattr(self, where) is None:
                yield Fault(what="an event has a first and a last day", where=where,
                            expected=f"{where} = 2024-03-11, or another day")  # fmt: skip

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        mark = (1.0 - self.discount) * usual(outlets, "price_level")
        return {"price_level": lowered(outlets.price_level, mark, rows)}
