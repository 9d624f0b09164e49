"""FillGaps: outlets where residents were seen to lack them, review by review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import ClassVar, Self, final

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_costs import format_cost
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.errors import Fault, Faults, PolicyError
from circlesim.policies.facilities import AddFacilities
from circlesim.policies.reviewing import ReviewingPolicy
from circlesim.policies.rules import above_zero, at_least, known_formats, rule
from circlesim.policies.siting import spread
from circlesim.world.facilities import Facilities
from circlesim.world.facility_table import money_scale
from circlesim.world.population import Mobility
from circlesim.world.reach import walk_metres
from circlesim.world.world import World

RowArray = NDArray[np.int64]


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class FillGaps(ReviewingPolicy):
    """
    Watch who lacks what, and open outlets there every quarter (rolling gap filling).

    A gap is a candidate place and a format: the needs a day, for services of the format, that residents within
    the walk had unmet or pushed out of the circle because nothing was near enough, open or free. At each review
    the gap with most needs per yuan of capital is filled first, its needs count as met, and so on while the budget
    of the review lasts. What is observed is the past as it happened: no review knows what an outlet will bring.

    Parameters
    ----------
    formats : tuple of str
        Formats it may open; see ``circlesim show formats``.
    budget_yuan : float
        Public capital of each review, in the world's currency; what is left over lapses.
    places : int, default: 24
        Candidate places, spread over the homes, where `sites` names none.
    sites : tuple of int, default: ()
        Node ids of the candidate places, such as vacant premises or idle kiosks.
    within_min : float, optional
        Walk within which needs count for a place, in minutes at everyone's own speed; the band of the format where
        missing.
    least_per_day : float, default: 1.0
        Needs a day below which a gap is left alone.
    every_days, starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `ReviewingPolicy`. Outlets cost what the catalogue says of their format (`format_cost`); months are
        borne for those that sell nothing.
    """

    name: ClassVar[str] = "fill_gaps"
    clause: ClassVar[str] = "F40"
    changes: ClassVar[tuple[str, ...]] = ("rows",)
    watches: ClassVar[tuple[str, ...]] = ("unreachable", "closed", "full")

    formats: tuple[str, ...] = field(metadata=rule(known_formats))
    budget_yuan: float = field(metadata=rule(above_zero))
    places: int = field(default=24, metadata=rule(at_least(1)))
    sites: tuple[int, ...] = ()
    within_min: float | None = field(default=None, metadata=rule(above_zero))
    least_per_day: float = field(default=1.0, metadata=rule(at_least(0)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if not self.formats:
            yield Fault(what="nothing to open", where="formats", found="[]", expected="at least one format")

    def resolve(self, world: World) -> Self:
        """
        Fix the candidate places.

        Parameters
        ----------
        world : World
            The world on the day the policy starts.

        Returns
        -------
        FillGaps
            With `sites`.

        Raises
        ------
        PolicyError
            If a place is no node of the world.
        """
        if self.sites:
            self._rows(world)
            return self
        nodes = tuple(int(node) for node in world.streets.node[spread(world, self.places)])
        return replace(self, sites=nodes, resolved_from=self.content_digest)

    def _rows(self, world: World) -> RowArray:
        """Node rows of the candidate places."""
        row_of = {int(node): row for row, node in enumerate(world.streets.node)}
        faults = Faults(f"{self.name} does not fit world '{world.name}'", PolicyError)
        for place, node in enumerate(self.sites):
            if node not in row_of:
                faults.add("no such node", f"{self.name}.sites.{place}", found=node,
                           expected="a node id of the world's nodes.csv")  # fmt: skip
        faults.raise_if_any()
        return np.array([row_of[node] for node in self.sites], dtype=np.int64)

    def _outlet(self, format_id: str, node: int) -> AddFacilities:
        return AddFacilities(format=format_id, count=1, siting="given", sites=(node,))

    @property
    def serves(self) -> tuple[str, ...]:
        """See `ReviewingPolicy.serves`."""
        return tuple(dict.fromkeys(service for name in self.formats for service in format_row(name).services))

    def possible(self, world: World) -> World:
        """See `ReviewingPolicy.possible`."""
        every = (self._outlet(name, node) for name in self.formats for node in self.sites)
        return reduce(lambda town, outlet: outlet.apply(town), every, world)

    def apply(self, world: World) -> World:
        """See `Policy.apply`; a world that nobody looked at stays as it is."""
        if world.observed is None or not self.sites:
            return world
        return reduce(lambda town, outlet: outlet.apply(town), self._chosen(world), world)

    def cost_of(self, outlets: Facilities, currency: str) -> tuple[float, float]:
        """See `ReviewingPolicy.cost_of`."""
        scale, capital, month = money_scale(currency) or 1.0, 0.0, 0.0
        for row in outlets.format.tolist():
            cost = format_cost(FORMATS[row])
            capital += cost.capital_yuan * scale * (1.0 - self.shared_cost)
            month += 0.0 if cost.sells else cost.fixed_yuan_per_month * scale
        return capital, month

    def _chosen(self, world: World) -> Iterator[AddFacilities]:
        """The outlets of a review: most needs per yuan first, while the money lasts."""
        assert world.observed is not None
        lacking = world.observed.lacking / max(world.observed.days, 1)
        gaps, left = self._gaps(world), self.budget_yuan
        while gaps:
            best = max(gaps, key=lambda gap: gap.needs(lacking) / gap.capital)
            gaps.remove(best)
            needs = best.needs(lacking)
            if needs <= 0 or needs < self.least_per_day or best.capital > left:
                continue
            left -= best.capital
            lacking[np.ix_(best.near, best.services)] = 0.0
            yield best.outlet

    def _gaps(self, world: World) -> list[_Gap]:
        """Places and formats that stood empty when the world was observed."""
        assert world.observed is not None
        scale = (money_scale(world.currency) or 1.0) * (1.0 - self.shared_cost)
        standing, gaps = set(world.observed.standing.tolist()), []
        for name in self.formats:
            capital = max(format_cost(name).capital_yuan * scale, 1e-9)
            services = np.array([SERVICE_INDEX[each] for each in format_row(name).services], dtype=np.int64)
            for node, near in zip(self.sites, self._near(world, name), strict=True):
                outlet = self._outlet(name, node)
                if outlet.ids[0] not in standing:
                    gaps.append(_Gap(outlet=outlet, capital=capital, services=services, near=near))
        return gaps

    def _near(self, world: World, format_id: str) -> Iterator[RowArray]:
        """Residents within the walk of each candidate place."""
        people, minutes = world.population, self.within_min or format_row(format_id).band_min
        walks = people.mobility != Mobility.HOMEBOUND
        cap_m = minutes * float(people.speed_m_per_min[walks].max(initial=0.0))
        reach = walk_metres(world.streets, self._rows(world), cap_m)
        for place in range(len(self.sites)):
            metres = np.full(len(world.streets), np.inf)
            of = slice(int(reach.ptr[place]), int(reach.ptr[place + 1]))
            metres[reach.node[of]] = reach.metres[of]
            yield np.flatnonzero(walks & (metres[people.home_row] <= minutes * people.speed_m_per_min))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Gap:
    """A place and a format, with the residents who would walk there."""

    outlet: AddFacilities
    capital: float
    services: NDArray[np.int64]
    near: RowArray

    def needs(self, lacking: NDArray[np.float64]) -> float:
        """Needs a day that the outlet is near to."""
        return float(lacking[np.ix_(self.near, self.services)].sum())
