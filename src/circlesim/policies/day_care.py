"""AddPlaces: standing places in day care."""

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
class AddPlaces(Policy):
    """
    Outlets of some formats have standing places in day care, at least so many each.

    It shows where the mechanism `places` is on. An outlet that has fewer gets staff for those that are missing, so
    that care by the hour stays as it was; one that has as many already stays as it is.

    Parameters
    ----------
    places : int
        Standing places of one outlet, 1 to 10,000.
    formats : tuple of str, default: ("childcare_point",)
        Formats concerned; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "add_places"
    clause: ClassVar[str] = "F29"
    changes: ClassVar[tuple[str, ...]] = ("places", "servers")
    needs: ClassVar[str] = "places"

    places: int = field(metadata=rule(within(1, 10_000)))
    formats: tuple[str, ...] = field(default=("childcare_point",), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        outlets = world.facilities
        missing = np.maximum(np.int32(self.places) - outlets.places, 0)
        more = np.where(of_formats(world, self.formats), missing, 0).astype(np.int32)
        grown = replace(outlets, places=outlets.places + more, servers=outlets.servers + more)
        return replace(world, facilities=grown)
