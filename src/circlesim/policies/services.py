"""AttachServices, InstantRetail, PutOnMap and RaiseCapacity: what outlets that stand do besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, drawn, raised
from circlesim.policies.rules import at_least, known_formats, one_of, rule, share, within
from circlesim.world.facility_table import money_scale
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachServices(OutletLever):
    """
    Outlets of some formats carry further services, at the same counter and in the same line.

    Parameters
    ----------
    services : tuple of str
        Services they carry besides; see ``circlesim show services``.
    formats : tuple of str, default: ("convenience_store",)
        Formats concerned; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "attach_services"
    clause: ClassVar[str] = "F15"
    changes: ClassVar[tuple[str, ...]] = ("services",)

    services: tuple[str, ...] = field(metadata=rule(one_of(SERVICES, "service")))
    formats: tuple[str, ...] = field(default=("convenience_store",), metadata=rule(known_formats))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if not self.services:
            yield Fault(what="no service is named", where="services", expected='such as ["bill_payment", "print"]')

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        old = world.facilities.services
        more = np.uint32(sum(1 << SERVICE_INDEX[name] for name in self.services))
        return {"services": np.where(rows, old | more, old).astype(np.uint32)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class InstantRetail(OutletLever):
    """
    Outlets of some formats deliver: ordered on a platform or at the shop, brought within the hour.

    Who delivers already keeps what is better of the two: the wider radius, the shorter time, the lower fee and
    the smaller basket.

    Parameters
    ----------
    formats : tuple of str, default: ("convenience_store", "fresh_food_shop", "pharmacy")
        Formats that deliver; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    radius_m : float, default: 3000.0
        Straight-line radius; 3 to 5 km (CCFA Instant Retail Report 2022).
    minutes : float, default: 40.0
        From order to door; mostly 30 to 60 (same report).
    fee_yuan : float, default: 4.0
        Fee of an order; 3 to 6 from memory, grade D.
    basket_yuan : float, default: 20.0
        Smallest basket; 15 to 20 from memory, grade D.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "instant_retail"
    clause: ClassVar[str] = "F31"
    changes: ClassVar[tuple[str, ...]] = (
        "delivery", "delivery_radius_m", "delivery_min", "delivery_fee_fen", "delivery_basket_fen",
    )  # fmt: skip

    formats: tuple[str, ...] = field(
        default=("convenience_store", "fresh_food_shop", "pharmacy"), metadata=rule(known_formats)
    )
    radius_m: float = field(default=3000.0, metadata=rule(within(1.0, 50_000.0)))
    minutes: float = field(default=40.0, metadata=rule(within(1.0, 1440.0)))
    fee_yuan: float = field(default=4.0, metadata=rule(within(0.0, 10_000.0)))
    basket_yuan: float = field(default=20.0, metadata=rule(within(0.0, 10_000.0)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        fen = 100 * (money_scale(world.currency) or 1.0)
        had = outlets.delivery == 1
        terms = (
            ("delivery_radius_m", self.radius_m, np.maximum), ("delivery_min", self.minutes, np.minimum),
            ("delivery_fee_fen", round(self.fee_yuan * fen), np.minimum),
            ("delivery_basket_fen", round(self.basket_yuan * fen), np.minimum),
        )  # fmt: skip
        columns = {"delivery": raised(outlets.delivery, 1, rows)}
        for name, value, better in terms:
            old = getattr(outlets, name)
            new = np.where(had, better(old, value), value)
            columns[name] = np.where(rows, new, old).astype(old.dtype)
        return columns


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PutOnMap(OutletLever):
    """
    A share of the outlets of some formats stands on the neighbourhood's map.

    It works where the mechanism `awareness` is on. Each outlet has one keyed draw of its own: who is listed at
    30 % also is at 60 %. Who is on the map already stays there.

    Parameters
    ----------
    share : float, default: 1.0
        Share of the outlets, in 0..1.
    formats : tuple of str, default: ()
        Formats listed; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    seed : int, default: 0
        Which outlets.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "put_on_map"
    clause: ClassVar[str] = "F41"
    changes: ClassVar[tuple[str, ...]] = ("on_map",)
    needs: ClassVar[str] = "awareness"

    share: float = field(default=1.0, metadata=rule(share))
    seed: int = field(default=0, metadata=rule(at_least(0)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        return {"on_map": raised(outlets.on_map, 1, rows & drawn(outlets, self.name, self.seed, self.share))}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RaiseCapacity(OutletLever):
    """
    Outlets of some formats serve at least so many at once: beds, counters, tables, desks.

    With the care formats it is an institution that opens itself to the community.

    Parameters
    ----------
    servers : int
        People served at once, 1 to 10,000.
    formats : tuple of str, default: ("elder_care_station", "elder_day_care")
        Formats concerned; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "raise_capacity"
    clause: ClassVar[str] = "F20"
    changes: ClassVar[tuple[str, ...]] = ("servers",)

    servers: int = field(metadata=rule(within(1, 10_000)))
    formats: tuple[str, ...] = field(
        default=("elder_care_station", "elder_day_care"), metadata=rule(known_formats)
    )

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        return {"servers": raised(world.facilities.servers, self.servers, rows)}
