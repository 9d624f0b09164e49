"""AddFacilities: new outlets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, final

import numpy as np

from circlesim.draws import hash_ids
from circlesim.errors import Fault, Faults, PolicyError
from circlesim.policies.policy import Policy
from circlesim.policies.rules import above_zero, at_least, known_formats, one_of, opening_hours, rule, share
from circlesim.policies.siting import (
    RowArray,
    apart_rows,
    beside_rows,
    candidate_rows,
    circles_of,
    greedy_coverage,
    largest_gap,
    random_sites,
)
from circlesim.world.facilities import COLUMNS, OPEN_ENDED, Facilities, concatenate_facilities
from circlesim.world.facility_table import money_scale
from circlesim.world.hours import parse_hours
from circlesim.world.world import World

SITINGS: tuple[str, ...] = ("largest_gap", "greedy_coverage", "random", "given")

_CHOSEN = ("quality", "price_level", "servers")


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AddFacilities(Policy):
    """
    Open new outlets of one format.

    Facts not given here are those of the format in the world. Ids are ``add-FORMAT-DIGEST-RANK``, the digest
    being that of the policy without dates and costs: the same policy brings the same outlets, whenever it starts
    and whatever it is stacked with.

    Parameters
    ----------
    format : str
        Format of the new outlets; see ``circlesim show formats``.
    count : int
        How many.
    siting : {"largest_gap", "greedy_coverage", "random", "given"}, default: "largest_gap"
        How sites are found among the nodes where a resident lives or a facility stands; see
        `circlesim.policies.siting`. ``given`` takes `sites`, which may be any nodes.
    sites : tuple of int, default: ()
        Node ids, one an outlet, for ``siting="given"``; a node may stand twice.
    seed : int, default: 0
        For ``siting="random"``; the same sites in every replication.
    within_min : float, optional
        For ``siting="greedy_coverage"``: minutes of walk; the walking band of the format where missing.
    beside : tuple of str, default: ()
        Formats whose outlets the new ones stand beside; anywhere where empty.
    buffer_m : float, optional
        Metres in a straight line that sites keep from every home, for vendors who must not disturb.
    quality, price_level : float, optional
        Service quality in 0..1, and price over the reference price.
    hours : str, optional
        Opening hours in OSM syntax, such as ``"Mo-Sa 06:00-10:00"``.
    servers : int, optional
        People, seats, places or beds that serve at once.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`; the cost is that of all outlets together.
    """

    name: ClassVar[str] = "add_facilities"
    clause: ClassVar[str] = "F02"
    changes: ClassVar[tuple[str, ...]] = ("rows",)

    format: str = field(metadata=rule(known_formats))
    count: int = field(metadata=rule(at_least(1)))
    siting: str = field(default="largest_gap", metadata=rule(one_of(SITINGS, "siting")))
    sites: tuple[int, ...] = ()
    seed: int = field(default=0, metadata=rule(at_least(0)))
    within_min: float | None = field(default=None, metadata=rule(above_zero))
    beside: tuple[str, ...] = field(default=(), metadata=rule(known_formats))
    buffer_m: float | None = field(default=None, metadata=rule(above_zero))
    quality: float | None = field(default=None, metadata=rule(share))
    price_level: float | None = field(default=None, metadata=rule(above_zero))
    hours: str | None = field(default=None, metadata=rule(opening_hours))
    servers: int | None = field(default=None, metadata=rule(at_least(1)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if self.siting == "given" and len(self.sites) != self.count:
            yield Fault(what="not one site for each outlet", where="sites", found=f"{len(self.sites)} sites",
                        expected=f"{self.count} node ids")  # fmt: skip
        if self.siting in SITINGS and self.siting != "given" and self.sites:
            yield Fault(what="sites are given, yet the policy looks for its own", where="siting",
                        found=repr(self.siting), expected="siting = 'given'")  # fmt: skip
        if self.siting != "greedy_coverage" and not self.resolved_from and self.within_min is not None:
            yield Fault(what="has no effect with this siting", where="within_min", found=str(self.within_min),
                        expected="siting = 'greedy_coverage'")  # fmt: skip

        if self.siting in ("largest_gap", "given") and not self.resolved_from:
            for name in ("beside", "buffer_m"):
                if getattr(self, name):
                    yield Fault(what="has no effect with this siting", where=name, found=str(getattr(self, name)),
                                expected="siting = 'greedy_coverage' or 'random'")  # fmt: skip
        if self.beside and self.buffer_m:
            yield Fault(what="sites stand beside outlets, or apart from homes", where="buffer_m",
                        found=str(self.buffer_m), expected="one of the two")  # fmt: skip

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the new outlets, in the order of their sites."""
        return tuple(f"add-{self.format}-{self.content_digest[:10]}-{rank}" for rank in range(1, self.count + 1))

    def resolve(self, world: World) -> Self:
        """
        Find the sites, once.

        Parameters
        ----------
        world : World
            The world on the day the outlets open. Where they stand already, their sites are kept.

        Returns
        -------
        AddFacilities
            With ``siting="given"`` and the same ids.

        Raises
        ------
        PolicyError
            If there are fewer candidate nodes than outlets, or a given node does not exist.
        """
        if self.siting == "given":
            self._given_rows(world)
            return self
        sites = tuple(int(node) for node in world.streets.node[self._site_rows(world)])
        return replace(self, siting="given", sites=sites, resolved_from=self.content_digest)

    def apply(self, world: World) -> World:
        """See `Policy.apply`; outlets that stand already are not added again."""
        new = ~np.isin(np.array(self.ids), world.facilities.facility)
        if not new.any():
            return world
        rows = self._given_rows(world) if self.siting == "given" else self._site_rows(world)
        outlets = self._outlets(world, rows).take(new)
        return replace(world, facilities=concatenate_facilities(world.facilities, outlets))

    def _site_rows(self, world: World) -> RowArray:
        """Node rows by the policy's own rule."""
        standing = dict(zip(world.facilities.facility.tolist(), world.facilities.node_row.tolist(), strict=True))
        if all(each in standing for each in self.ids):
            return np.array([standing[each] for each in self.ids], dtype=np.int64)
        places = self._places(world)
        if self.count > len(places):
            fault = Fault(what="more outlets than places to put them", where=f"{self.name}.count",
                          found=str(self.count), expected=f"at most {len(places)}")  # fmt: skip
            raise PolicyError(f"{self.name} does not fit world '{world.name}'", [fault])
        if self.siting == "random":
            return random_sites(world, self.format, self.count, self.seed, places)
        if self.siting == "greedy_coverage":
            within_min = self.within_min or world.formats.row(self.format).band_min
            return greedy_coverage(world, self.format, self.count, within_min, places)
        return largest_gap(world, self.format, self.count, (), places)

    def _places(self, world: World) -> RowArray:
        """Node rows where a new outlet may stand."""
        if self.beside:
            return beside_rows(world, self.beside)
        return candidate_rows(world) if self.buffer_m is None else apart_rows(world, self.buffer_m)

    def _given_rows(self, world: World) -> RowArray:
        """Node rows of the sites named."""
        row_of = {int(node): row for row, node in enumerate(world.streets.node)}
        faults = Faults(f"{self.name} does not fit world '{world.name}'", PolicyError)
        for place, node in enumerate(self.sites):
            if node not in row_of:
                faults.add("no such node", f"{self.name}.sites.{place}", found=node,
                           expected="a node id of the world's nodes.csv")  # fmt: skip
        faults.raise_if_any()
        return np.array([row_of[node] for node in self.sites], dtype=np.int64)

    def _outlets(self, world: World, rows: RowArray) -> Facilities:
        """Build the rows of the new outlets."""
        facts: dict[str, Any] = dict(world.formats.facts(self.format))
        facts |= {name: getattr(self, name) for name in _CHOSEN if getattr(self, name) is not None}
        scale = money_scale(world.currency) or 1.0
        facts |= {name: round(facts[name] * scale) for name in ("delivery_fee_fen", "delivery_basket_fen")}
        facts["rent_yuan_month"] *= scale
        facts |= {"hours": parse_hours(self.hours or facts["hours"]), "name": "",
                  "opened": OPEN_ENDED, "closed": OPEN_ENDED}  # fmt: skip
        facts |= {"facility": np.array(self.ids), "id64": hash_ids(self.ids), "node_row": rows,
                  "circle": circles_of(world, rows)}  # fmt: skip
        columns = {}
        for name in COLUMNS:
            old = getattr(world.facilities, name)
            whole = np.broadcast_to(np.asarray(facts[name]), (self.count, *old.shape[1:]))
            columns[name] = whole.astype(whole.dtype if old.dtype.kind == "U" else old.dtype)
        return Facilities(**columns, formats=world.formats)
