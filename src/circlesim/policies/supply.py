"""SupplyShock and ReserveStock: goods that do not arrive, and what is kept against it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, rule, within
from circlesim.policies.selection import of_formats
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyShock(Policy):
    """
    Only part of the usual goods reaches some outlets, from `starts` to `ends`.

    It shows where the mechanism `emergency` is on, for groceries, daily goods and medicine. What is usual is what
    was asked for on the days before, so a shock begins after some days of the run, or after its warm-up. Outlets
    that get less already keep to that.

    Parameters
    ----------
    share : float
        Share of usual goods that still arrives, 0 to 1.
    formats : tuple of str, default: ()
        Formats that are hit; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "supply_shock"
    clause: ClassVar[str] = "F54"
    changes: ClassVar[tuple[str, ...]] = ("supply_share",)
    needs: ClassVar[str] = "emergency"

    share: float = field(metadata=rule(within(0.0, 1.0)))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.supply_share
        arrives = np.where(of_formats(world, self.formats), np.minimum(old, self.share), old)
        return replace(world, facilities=replace(world.facilities, supply_share=arrives))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveStock(Policy):
    """
    Outlets of some formats keep goods in reserve against days of short supply.

    It shows where the mechanism `emergency` is on. Who keeps more already goes on doing so; a reserve that starts
    during a run is built up over days (parameter `reserve_refill`).

    Parameters
    ----------
    days : float
        Days of usual demand, 0.1 to 365.
    formats : tuple of str, default: ("supermarket", "wet_market", "convenience_store")
        Formats that keep it, those the plan names; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "reserve_stock"
    clause: ClassVar[str] = "F54"
    changes: ClassVar[tuple[str, ...]] = ("reserve_days",)
    needs: ClassVar[str] = "emergency"

    days: float = field(metadata=rule(within(0.1, 365.0)))
    formats: tuple[str, ...] = field(
        default=("supermarket", "wet_market", "convenience_store"), metadata=rule(known_formats)
    )

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.reserve_days
        kept = np.where(of_formats(world, self.formats), np.maximum(old, self.days), old)
        return replace(world, facilities=replace(world.facilities, reserve_days=kept))
