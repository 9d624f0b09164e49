"""UpgradeOutlets, JoinChains and MakeStepFree: outlets that stand become better, or open to all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Fault
from circlesim.policies.lever import OutletLever, drawn, raised
from circlesim.policies.rules import at_least, known_formats, rule, share, within
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradeOutlets(OutletLever):
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
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
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

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        return {"quality": raised(outlets.quality, self.quality, rows),
                "variety": raised(outlets.variety, self.variety, rows)}  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class JoinChains(OutletLever):
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
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
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

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        joins = rows & drawn(outlets, self.name, self.seed, self.share)
        return {"chain": raised(outlets.chain, 1, joins), "quality": raised(outlets.quality, self.quality, joins)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStepFree(OutletLever):
    """
    Outlets of some formats are entered without a step.

    It lets in who walks with an aid; whoever walks otherwise is not concerned.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats concerned; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "make_step_free"
    clause: ClassVar[str] = "F19"
    changes: ClassVar[tuple[str, ...]] = ("step_free",)

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        return {"step_free": raised(world.facilities.step_free, 1, rows)}
