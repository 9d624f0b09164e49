"""InstantRetail and HoldEvent: orders brought to the door, and days of lower prices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, flagged, lowered, usual
from circlesim.policies.rules import rule, within
from circlesim.world.world import World

_MINOR = 100


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class InstantRetail(OutletLever):
    """
    Outlets take orders and bring them to the door, within a straight-line radius.

    An outlet that delivers already is taken to these terms. Defaults are what formats that deliver do in the
    catalogue: within 3 to 5 km, mostly in 30 to 60 minutes (CCFA instant retail report 2022); fee and smallest
    basket from memory (grade D).

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    radius_m : float, default: 3000.0
        Straight-line radius, 1 to 100,000 m.
    minutes : float, default: 32.0
        Minutes from start of picking to the door, 1 to 1,440.
    fee_yuan : float, default: 4.0
        Fee of a delivery, in the world's currency; 0 to 10,000.
    basket_yuan : float, default: 20.0
        Smallest basket delivered, in the world's currency; 0 to 100,000.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "instant_retail"
    clause: ClassVar[str] = "F31"
    changes: ClassVar[tuple[str, ...]] = (
        "delivery", "delivery_radius_m", "delivery_min", "delivery_fee_fen", "delivery_basket_fen",
    )  # fmt: skip

    radius_m: float = field(default=3000.0, metadata=rule(within(1, 100_000)))
    minutes: float = field(default=32.0, metadata=rule(within(1, 1440)))
    fee_yuan: float = field(default=4.0, metadata=rule(within(0, 10_000)))
    basket_yuan: float = field(default=20.0, metadata=rule(within(0, 100_000)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        terms = {"delivery_radius_m": self.radius_m, "delivery_min": self.minutes,
                 "delivery_fee_fen": round(self.fee_yuan * _MINOR),
                 "delivery_basket_fen": round(self.basket_yuan * _MINOR)}  # fmt: skip
        outlets = world.facilities
        columns: dict[str, NDArray[Any]] = {"delivery": flagged(outlets.delivery, rows)}
        for column, value in terms.items():
            old = getattr(outlets, column)
            columns[column] = np.where(rows, value, old).astype(old.dtype)
        return columns


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
