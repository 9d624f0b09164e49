"""Policies on payment: keeping cash, and the drift away from it that keeping is compared with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import POLICY, hash_id, uniforms
from circlesim.policies.policy import Policy
from circlesim.policies.rules import at_least, known_formats, one_of, rule, share
from circlesim.policies.selection import of_formats
from circlesim.world.facilities import PaymentMode
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCash(Policy):
    """
    Every staffed outlet takes cash.

    Staffed means a payment mode with a person at the till; online-only outlets stay as they are, and unattended
    ones unless they are to convert.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    unattended : {"leave", "convert"}, default: "leave"
        Whether outlets without staff offer to convert cash free of charge, as the rule in force since 2026-02-01
        asks of them (PBoC, NDRC and NFRA, 27 November 2025); it takes `convert_min`.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "keep_cash"
    clause: ClassVar[str] = "F25"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode",)

    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))
    unattended: str = field(default="leave", metadata=rule(one_of(("leave", "convert"), "way")))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        rows = of_formats(world, self.formats)
        world = _with_mode(world, rows, PaymentMode.STAFFED_REFUSE, PaymentMode.STAFFED_ACCEPT)
        if self.unattended == "leave":
            return world
        return _with_mode(world, rows, PaymentMode.UNATTENDED, PaymentMode.UNATTENDED_CONVERT)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseCash(Policy):
    """
    A share of the staffed outlets that take money stops taking cash.

    Each outlet has one keyed draw of its own (seed and facility id) and refuses where it lies below `share`: who
    refuses at 10 % also refuses at 30 %, and the outlets are the same in every replication and wherever the
    policy is stacked. The share is expected, not exact, and counts outlets that refuse already as if drawn anew.

    Parameters
    ----------
    share : float
        Share of staffed outlets, in 0..1.
    seed : int, default: 0
        Which outlets.
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "refuse_cash"
    clause: ClassVar[str] = "F25"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode",)

    share: float = field(metadata=rule(share))
    seed: int = field(default=0, metadata=rule(at_least(0)))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        luck = uniforms(self.seed, POLICY, hash_id(self.name), world.facilities.id64)
        takes_money = np.array([row.takes_money for row in world.formats])[world.facilities.format]
        rows = of_formats(world, self.formats) & takes_money & (luck < self.share)
        return _with_mode(world, rows, PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_REFUSE)


def _with_mode(world: World, rows: NDArray[np.bool_], old: PaymentMode, new: PaymentMode) -> World:
    """Turn one payment mode into another in some rows."""
    mode = world.facilities.payment_mode
    changed = np.where(rows & (mode == old), np.uint8(new), mode).astype(np.uint8)
    return replace(world, facilities=replace(world.facilities, payment_mode=changed))
