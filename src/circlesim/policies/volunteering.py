"""VolunteerVisits: retired residents who visit others at home."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.policies.lever import OutletLever, usual
from circlesim.policies.rules import known_formats, rule, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerVisits(OutletLever):
    """
    Retired volunteers visit residents at home, on top of the visits the catalogue gives the format, unpaid.

    It works where the mechanism `home_visits` is on. An outlet that visits more often already stays as it is. No
    posts and no wages follow.

    Parameters
    ----------
    formats : tuple of str, default: ("elder_care_station",)
        Formats volunteers start from; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    hours_per_day : float
        Hours that volunteers of one outlet give a day, 0.5 to 10,000.
    visit_min : float, default: 60.0
        Minutes a visit takes, ways included, 5 to 480; assumption (grade D).
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "volunteer_visits"
    clause: ClassVar[str] = "F46"
    changes: ClassVar[tuple[str, ...]] = ("home_visits",)
    needs: ClassVar[str] = "home_visits"

    formats: tuple[str, ...] = field(default=("elder_care_station",), metadata=rule(known_formats))
    hours_per_day: float = field(metadata=rule(within(0.5, 10_000)))
    visit_min: float = field(default=60.0, metadata=rule(within(5, 480)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        visits = usual(outlets, "home_visits") + self.hours_per_day * 60.0 // self.visit_min
        old = outlets.home_visits
        return {"home_visits": np.where(rows, np.maximum(old, visits), old).astype(np.int32)}
