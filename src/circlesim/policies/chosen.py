"""ChosenOutlets: outlets that stand, named or counted off in a stated order."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import POLICY, hash_id, uniforms
from circlesim.errors import Fault, Faults, PolicyError, did_you_mean
from circlesim.policies.policy import Policy
from circlesim.policies.rules import at_least, known_formats, one_of, rule
from circlesim.policies.selection import of_formats
from circlesim.world.facilities import Facilities
from circlesim.world.world import World

ORDERS: tuple[str, ...] = ("smallest", "lowest_quality", "dearest", "random")
"""Whom it concerns first: by floor area, by service quality, by price level, or by a keyed draw; then by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenOutlets(Policy):
    """
    Change outlets that stand, named by id or counted off among those of some formats.

    Who is chosen is fixed on the day the policy starts, as sites of new outlets are.

    Parameters
    ----------
    facilities : tuple of str, default: ()
        Ids of the outlets.
    formats : tuple of str, default: ()
        Formats the outlets are counted off among, where no ids are given.
    count : int, optional
        How many of these formats; all where missing.
    order : {"smallest", "lowest_quality", "dearest", "random"}, default: "smallest"
        Who comes first.
    seed : int, default: 0
        For ``order="random"``; the same outlets in every replication.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = ""

    facilities: tuple[str, ...] = ()
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))
    count: int | None = field(default=None, metadata=rule(at_least(1)))
    order: str = field(default="smallest", metadata=rule(one_of(ORDERS, "order")))
    seed: int = field(default=0, metadata=rule(at_least(0)))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if not self.facilities and not self.formats:
            yield Fault(what="no outlet is named", where="facilities", found="[]",
                        expected="ids in facilities, or formats, and a count of them")  # fmt: skip
        if self.facilities and not self.resolved_from and (self.formats or self.count is not None):
            yield Fault(what="outlets are named, yet counted off too", where="facilities",
                        found=f"{len(self.facilities)} ids", expected="ids, or formats and a count")  # fmt: skip

    def resolve(self, world: World) -> Self:
        """
        Fix who is chosen.

        Parameters
        ----------
        world : World
            The world on the day the policy starts.

        Returns
        -------
        ChosenOutlets
            With `facilities`.

        Raises
        ------
        PolicyError
            If a named outlet does not stand in the world, or fewer stand than are counted.
        """
        if not self.facilities:
            ids = tuple(str(each) for each in world.facilities.facility[self._rows(world)])
            return replace(self, facilities=ids, resolved_from=self.content_digest) if ids else self
        known = world.facilities.facility.tolist()
        faults = Faults(f"{self.name} does not fit world '{world.name}'", PolicyError)
        for place, each in enumerate(self.facilities):
            if each not in known:
                faults.add("no such outlet", f"{self.name}.facilities.{place}", found=repr(each),
                           expected="an id of the world's facilities.csv",
                           hint=did_you_mean(each, known))  # fmt: skip
        faults.raise_if_any()
        return self

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        if self.facilities:
            rows = np.flatnonzero(np.isin(world.facilities.facility, self.facilities))
        else:
            rows = self._rows(world)
        mask = np.zeros(len(world.facilities), dtype=bool)
        mask[rows] = True
        facts: dict[str, Any] = self.facts(world, mask)
        return replace(world, facilities=replace(world.facilities, **facts))

    def _rows(self, world: World) -> NDArray[np.int64]:
        """Rows counted off: those that are so already come first, so that applying twice is applying once."""
        outlets = world.facilities
        done = self.done(world)
        may = done | (of_formats(world, self.formats) & np.isnat(outlets.closed))
        rows = np.flatnonzero(may)
        count = len(rows) if self.count is None else self.count
        if count > len(rows):
            fault = Fault(what="more outlets than stand", where=f"{self.name}.count", found=str(self.count),
                          expected=f"at most {len(rows)}")  # fmt: skip
            raise PolicyError(f"{self.name} does not fit world '{world.name}'", [fault])
        ranked = np.lexsort((outlets.facility[rows], self._rank(outlets)[rows], ~done[rows]))
        chosen: NDArray[np.int64] = rows[ranked[:count]].astype(np.int64)
        return chosen

    def _rank(self, outlets: Facilities) -> NDArray[np.float64]:
        """Figure by which outlets are put in order, lowest first."""
        match self.order:
            case "smallest":
                return outlets.area_m2
            case "lowest_quality":
                return outlets.quality
            case "dearest":
                return -outlets.price_level
        return np.asarray(uniforms(self.seed, POLICY, hash_id(self.name), outlets.id64))

    @abstractmethod
    def done(self, world: World) -> NDArray[np.bool_]:
        """
        Mark the outlets that are already as this policy makes them.

        Parameters
        ----------
        world : World
            The world.

        Returns
        -------
        ndarray of bool, shape (F,)
            They count among those counted off: a policy stacked twice is one policy.
        """

    @abstractmethod
    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """
        Give the columns as they are under the policy.

        Parameters
        ----------
        world : World
            Left untouched.
        rows : ndarray of bool, shape (F,)
            Outlets concerned.

        Returns
        -------
        dict of str to ndarray
            Column of `Facilities` to values, shape (F,).
        """
