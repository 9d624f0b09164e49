"""ShareCapacity and VolunteerVisits: institutions and volunteers who serve the community."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, raised, usual
from circlesim.policies.rules import known_formats, rule, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class ShareCapacity(OutletLever):
    """
    Institutions open what they have to the community: beds and seats, day care, staff who visit homes.

    Each number is the least of one outlet; who has more keeps it. Day-care places that are missing come with
    places to serve them, so that care by the hour stays as it was; they show under the mechanism `places`, visits
    under `home_visits`.

    Parameters
    ----------
    formats : tuple of str, default: ("elder_care_station", "elder_day_care", "nursing_station")
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    servers : int, optional
        People, seats, places or beds that serve at once, 1 to 100,000; untouched where missing.
    places : int, optional
        Standing places in day care, 1 to 10,000; untouched where missing.
    home_visits : int, optional
        Home visits a day, 1 to 100,000; untouched where missing.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "share_capacity"
    clause: ClassVar[str] = "F20"
    changes: ClassVar[tuple[str, ...]] = ("servers", "places", "home_visits")

    formats: tuple[str, ...] = field(
        default=("elder_care_station", "elder_day_care", "nursing_station"), metadata=rule(known_formats)
    )
    servers: int | None = field(default=None, metadata=rule(within(1, 100_000)))
    places: int | None = field(default=None, metadata=rule(within(1, 10_000)))
    home_visits: int | None = field(default=None, metadata=rule(within(1, 100_000)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if self.servers is None and self.places is None and self.home_visits is None:
            yield Fault(what="nothing is shared", where="servers", expected="servers = 12")

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        places = raised(outlets.places, self.places, rows)
        # Standing places are part of the servers: what serves by the hour is the rest.
        hourly = outlets.servers - outlets.places
        least = None if self.servers is None else np.maximum(hourly, self.servers - places)
        more = hourly if least is None else np.where(rows, least, hourly)
        return {"servers": (more + places).astype(np.int32), "places": places,
                "home_visits": raised(outlets.home_visits, self.home_visits, rows)}  # fmt: skip


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
