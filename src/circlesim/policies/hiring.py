"""LocalHire and CaringPosts: for whom outlets keep their posts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, rule, share, within
from circlesim.policies.selection import of_formats
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class LocalHire(Policy):
    """
    Outlets of some formats keep a share of their posts for residents of the circle.

    Outlets that keep more already stay as they are. It is counted by `jobs_local` and moves nothing else: wages of
    residents who are hired are not fed back into what they spend or when they are free.

    Parameters
    ----------
    share : float
        Share of posts, 0 to 1.
    formats : tuple of str, default: ()
        Formats that hire; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "local_hire"
    clause: ClassVar[str] = "F42"
    changes: ClassVar[tuple[str, ...]] = ("local_share",)

    share: float = field(metadata=rule(share))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        old = world.facilities.local_share
        kept = np.where(of_formats(world, self.formats), np.maximum(old, self.share), old)
        return replace(world, facilities=replace(world.facilities, local_share=kept))


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CaringPosts(Policy):
    """
    Outlets of some formats reserve posts for people with disabilities and others who are hard to employ.

    An outlet reserves no more whole posts than it has; one that reserves more already stays as it is. It is
    counted by `jobs_reserved` and moves nothing else: wages of those hired are not fed back into what they spend.

    Parameters
    ----------
    per_outlet : int
        Posts of one outlet.
    formats : tuple of str, default: ()
        Formats that reserve posts; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "caring_posts"
    clause: ClassVar[str] = "F45"
    changes: ClassVar[tuple[str, ...]] = ("reserved_posts",)

    per_outlet: int = field(metadata=rule(within(1, 10_000)))
    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        outlets = world.facilities
        most = np.minimum(np.floor(outlets.staff), self.per_outlet)
        kept = np.where(of_formats(world, self.formats), np.maximum(outlets.reserved_posts, most),
                        outlets.reserved_posts)  # fmt: skip
        return replace(world, facilities=replace(outlets, reserved_posts=kept.astype(np.int32)))
