"""HomeVisits: staff who come to those who cannot come to them."""

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
class HomeVisits(Policy):
    """
    Outlets of some formats visit residents who stay at home or walk with an aid.

    It works where the mechanism `home_visits` is on. Outlets that visit more often already stay as they are.

    Parameters
    ----------
    per_day : int
        Visits of one outlet a day.
    formats : tuple of str, default: ("nursing_station", "elder_care_station")
        Formats that visit; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "home_visits"
    clause: ClassVar[str] = "F23"
    changes: ClassVar[tuple[str, ...]] = ("home_visits",)
    needs: ClassVar[str] = "home_visits"

    per_day: int = field(metadata=rule(within(1, 100_000)))
    formats: tuple[str, ...] = field(
        default=("nursing_station", "elder_care_station"), metadata=rule(known_formats)
    )

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.home_visits
        visits = np.where(of_formats(world, self.formats), np.maximum(old, np.int32(self.per_day)), old)
        return replace(world, facilities=replace(world.facilities, home_visits=visits.astype(np.int32)))
