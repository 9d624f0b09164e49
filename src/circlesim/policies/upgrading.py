"""UpgradeOutlets, JoinChains and DigitaliseOutlets: outlets that become better at what they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, drawn, lowered, raised, usual
from circlesim.policies.rules import at_least, rule, share, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOutlets(OutletLever):
    """
    Outlets are brought up to a standard: better goods and service, a wider assortment, other prices.

    It never lowers quality or variety. Prices move towards `price_factor` times the catalogue's price level of
    the format: a factor above 1 raises those that are cheaper, one of 1 or below lowers those that are dearer.
    No source gives the effect of an upgrade: how far it goes is for whoever asks to say (grade D).

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    quality_to : float, optional
        Least service quality, in 0..1; untouched where missing.
    variety_to : float, optional
        Least assortment over that of a plain outlet, 1 to 1,000; untouched where missing.
    price_factor : float, optional
        Price over that of the format in the catalogue, 0.01 to 10; untouched where missing.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "upgrade_outlets"
    clause: ClassVar[str] = "F17"
    changes: ClassVar[tuple[str, ...]] = ("quality", "variety", "price_level")

    quality_to: float | None = field(default=None, metadata=rule(share))
    variety_to: float | None = field(default=None, metadata=rule(within(1, 1_000)))
    price_factor: float | None = field(default=None, metadata=rule(within(0.01, 10)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if self.quality_to is None and self.variety_to is None and self.price_factor is None:
            yield Fault(what="nothing is upgraded", where="quality_to", expected="quality_to = 0.85")

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        return {"quality": raised(outlets.quality, self.quality_to, rows),
                "variety": raised(outlets.variety, self.variety_to, rows),
                "price_level": self._prices(world, rows)}  # fmt: skip

    def _prices(self, world: World, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
        old = world.facilities.price_level
        if self.price_factor is None:
            return old
        mark = self.price_factor * usual(world.facilities, "price_level")
        moved = np.maximum(old, mark) if self.price_factor > 1.0 else np.minimum(old, mark)
        return np.where(rows, moved, old)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinChains(OutletLever):
    """
    A share of the outlets that belong to no chain joins one.

    Each outlet has one keyed draw of its own (seed and id): who joins at 10 % also joins at 30 %. Outlets of a
    chain stay as they are. What joining brings is for whoever asks to say (grade D).

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    quality_to : float, optional
        Least service quality of those that join, in 0..1; as it was where missing.
    share : float
        Share that joins, in 0..1; expected, not exact.
    seed : int, default: 0
        Which outlets.
    price_factor : float, default: 1.0
        What joining does to the price, 0.1 to 10.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "join_chains"
    clause: ClassVar[str] = "F13"
    changes: ClassVar[tuple[str, ...]] = ("chain", "quality", "price_level")

    quality_to: float | None = field(default=None, metadata=rule(share))
    share: float = field(metadata=rule(share))
    seed: int = field(default=0, metadata=rule(at_least(0)))
    price_factor: float = field(default=1.0, metadata=rule(within(0.1, 10)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        joins = rows & drawn(self, self.seed, self.share, outlets) & (outlets.chain == 0)
        return {"chain": np.where(joins, np.uint8(1), outlets.chain).astype(np.uint8),
                "quality": raised(outlets.quality, self.quality_to, joins),
                "price_level": outlets.price_level * np.where(joins, self.price_factor, 1.0)}  # fmt: skip


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
