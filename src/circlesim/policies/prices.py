"""Policies on prices: public aid for meals of older residents, and prices that may not rise above a mark."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, rule, within
from circlesim.policies.selection import of_formats
from circlesim.world.world import World

_MINOR = 100


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MealAid(Policy):
    """
    The public purse pays part of each purchase of older residents at some outlets.

    An outlet pays one aid: this one takes the place of any it paid before. Who buys pays at least one hundredth
    of the major unit. The aid is money of somebody else: it lowers what the resident pays and not what the outlet
    takes, and the measure `aid` adds it up. `public_cost` counts it as it is paid; `running_yuan_per_month` is
    what the policy costs besides.

    Parameters
    ----------
    amount : float
        Most that is paid of one purchase, in the world's currency; 0.01 to 10,000.
    from_age : int, default: 60
        Age from which it is paid.
    formats : tuple of str, default: ("community_canteen",)
        Formats where it is paid; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "meal_aid"
    clause: ClassVar[str] = "F22"
    changes: ClassVar[tuple[str, ...]] = ("aid_fen", "aid_from_age")

    amount: float = field(metadata=rule(within(0.01, 10_000)))
    from_age: int = field(default=60, metadata=rule(within(0, 120)))
    formats: tuple[str, ...] = field(default=("community_canteen",), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        rows, outlets = of_formats(world, self.formats), world.facilities
        aid = np.where(rows, np.int64(round(self.amount * _MINOR)), outlets.aid_fen)
        ages = np.where(rows, np.int16(self.from_age), outlets.aid_from_age)
        return replace(world, facilities=replace(outlets, aid_fen=aid, aid_from_age=ages.astype(np.int16)))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CapPrices(Policy):
    """
    Prices of some outlets may not lie above a mark.

    Outlets that are dearer come down to the mark, all others stay as they are. What it costs the operator is
    theirs to bear; with months on, some may give up.

    Parameters
    ----------
    level : float
        Highest price over the reference price of the same basket; 0.01 to 100.
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "cap_prices"
    clause: ClassVar[str] = "F18"
    changes: ClassVar[tuple[str, ...]] = ("price_level",)

    level: float = field(metadata=rule(within(0.01, 100)))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.price_level
        capped = np.where(of_formats(world, self.formats), np.minimum(old, self.level), old)
        return replace(world, facilities=replace(world.facilities, price_level=capped))
