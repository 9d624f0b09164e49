"""UpgradeOutlets, JoinChains and MakeStepFree: outlets that stand become better, or open to all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from circlesim.draws import POLICY, hash_id, uniforms
from circlesim.errors import Fault
from circlesim.policies.policy import Policy
from circlesim.policies.rules import at_least, known_formats, rule, share, within
from circlesim.policies.selection import of_formats
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOutlets(Policy):
    """
    Outlets of some formats are brought up to a standard of service and assortment.

    Who is above the standard already stays there, so no outlet gets worse. What an upgrade costs, and whether
    prices follow, is not sourced: state `capital_yuan`, and stack `cap_prices` where prices are agreed.

    Parameters
    ----------
    quality : float, optional
        Service quality every outlet has at least, in 0..1.
    variety : float, optional
        Assortment relative to a plain outlet that every outlet has at least, 1 to 10.
    formats : tuple of str, default: ("wet_market",)
        Formats concerned, the market of the plan where not said; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "upgrade_outlets"
    clause: ClassVar[str] = "F17"
    changes: ClassVar[tuple[str, ...]] = ("quality", "variety")

    quality: float | None = field(default=None, metadata=rule(share))
    variety: float | None = field(default=None, metadata=rule(within(1.0, 10.0)))
    formats: tuple[str, ...] = field(default=("wet_market",), metadata=rule(known_formats))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if self.quality is None and self.variety is None:
            yield Fault(what="nothing is upgraded", where="quality", expected="quality, variety or both")

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        rows, outlets = of_formats(world, self.formats), world.facilities
        better = np.where(rows, np.maximum(outlets.quality, self.quality or 0.0), outlets.quality)
        wider = np.where(rows, np.maximum(outlets.variety, self.variety or 0.0), outlets.variety)
        return replace(world, facilities=replace(outlets, quality=better, variety=wider))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinChains(Policy):
    """
    A share of the outlets of some formats joins a chain, which holds them to its standard.

    Each outlet has one keyed draw of its own (seed and id): who joins at 10 % also joins at 30 %. Who belongs to a
    chain already stays in it and is held to the standard too if drawn.

    Parameters
    ----------
    share : float
        Share of the outlets, in 0..1.
    quality : float, default: 0.7
        Service quality the chain asks for at least; an assumption (grade D), near that of chain convenience
        stores in the catalogue of formats.
    formats : tuple of str, default: ("convenience_store", "supermarket")
        Formats concerned, those the plan names; all where empty.
    seed : int, default: 0
        Which outlets.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "join_chains"
    clause: ClassVar[str] = "F13"
    changes: ClassVar[tuple[str, ...]] = ("chain", "quality")

    quality: float = field(default=0.7, metadata=rule(share))
    share: float = field(metadata=rule(share))
    formats: tuple[str, ...] = field(default=("convenience_store", "supermarket"), metadata=rule(known_formats))
    seed: int = field(default=0, metadata=rule(at_least(0)))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        outlets = world.facilities
        luck = uniforms(self.seed, POLICY, hash_id(self.name), outlets.id64)
        rows = of_formats(world, self.formats) & (luck < self.share)
        chain = np.where(rows, np.uint8(1), outlets.chain)
        quality = np.where(rows, np.maximum(outlets.quality, self.quality), outlets.quality)
        return replace(world, facilities=replace(outlets, chain=chain, quality=quality))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStepFree(Policy):
    """
    Outlets of some formats are entered without a step.

    It lets in who walks with an aid; whoever walks otherwise is not concerned.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats concerned; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "make_step_free"
    clause: ClassVar[str] = "F19"
    changes: ClassVar[tuple[str, ...]] = ("step_free",)

    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        flat = np.where(of_formats(world, self.formats), np.uint8(1), world.facilities.step_free)
        return replace(world, facilities=replace(world.facilities, step_free=flat))
