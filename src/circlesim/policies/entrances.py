"""MakeStepFree and PutOnMap: outlets that can be entered, and found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.policies.lever import OutletLever, drawn, flagged
from circlesim.policies.rules import at_least, rule, share
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class MakeStepFree(OutletLever):
    """
    Outlets get an entrance without a step, so that who walks with an aid can come in.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
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
        return {"step_free": flagged(world.facilities.step_free, rows)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class PutOnMap(OutletLever):
    """
    A share of outlets is put on the neighbourhood's map; none is ever taken off.

    It shows where the mechanism `awareness` is on, among residents who read maps on a phone. Each outlet has one
    keyed draw of its own (seed and id): who is listed at 10 % is also listed at 30 %.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    share : float, default: 1.0
        Share that is listed, in 0..1; expected, not exact, and outlets listed already count as drawn anew.
    seed : int, default: 0
        Which outlets.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "put_on_map"
    clause: ClassVar[str] = "F41"
    changes: ClassVar[tuple[str, ...]] = ("on_map",)
    needs: ClassVar[str] = "awareness"

    share: float = field(default=1.0, metadata=rule(share))
    seed: int = field(default=0, metadata=rule(at_least(0)))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        listed = rows & drawn(self, self.seed, self.share, world.facilities)
        return {"on_map": flagged(world.facilities.on_map, listed)}
