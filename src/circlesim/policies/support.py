"""SupportOutlets: public money that helps operators through their months."""

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
class SupportOutlets(Policy):
    """
    Operators of some formats get public money every month.

    It shows where the mechanism `months` is on: nobody gives up who would have with as much less in the reserve.
    Outlets that get more already keep what they have. What is paid out is counted in `public_cost` as it is paid;
    `running_yuan_per_month` is what the policy costs besides, such as its administration.

    Parameters
    ----------
    per_month : float
        Support of one outlet a month, in the world's currency.
    formats : tuple of str, default: ()
        Formats that are supported; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "support_outlets"
    clause: ClassVar[str] = "F56"
    changes: ClassVar[tuple[str, ...]] = ("support_yuan_month",)
    needs: ClassVar[str] = "months"

    per_month: float = field(metadata=rule(within(0.01, 1e9)))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.support_yuan_month
        paid = np.where(of_formats(world, self.formats), np.maximum(old, self.per_month), old)
        return replace(world, facilities=replace(world.facilities, support_yuan_month=paid))
