"""OpenGates and CloseGates: which gates across streets let people through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, final

import numpy as np

from circlesim.errors import Faults, PolicyError, did_you_mean
from circlesim.policies.policy import Policy
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class OpenGates(Policy):
    """
    Locked gates are opened, day and night.

    Parameters
    ----------
    gates : tuple of str, default: ()
        Names in the column `gate` of ``edges.csv``; all gates where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "open_gates"
    clause: ClassVar[str] = "F10"
    changes: ClassVar[tuple[str, ...]] = ("streets.locked",)

    gates: tuple[str, ...] = ()

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        return _with_gates(world, self.name, self.gates, locked=0)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class CloseGates(Policy):
    """
    Gates are locked, day and night; who lives behind them walks around, or is cut off.

    Parameters
    ----------
    gates : tuple of str, default: ()
        Names in the column `gate` of ``edges.csv``; all gates where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "close_gates"
    clause: ClassVar[str] = "F10"
    changes: ClassVar[tuple[str, ...]] = ("streets.locked",)

    gates: tuple[str, ...] = ()

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        return _with_gates(world, self.name, self.gates, locked=1)


def _with_gates(world: World, policy: str, gates: tuple[str, ...], *, locked: int) -> World:
    """The world with some gates in one state; a gate it does not have is a fault."""
    streets = world.streets
    known = sorted(set(streets.gate.tolist()) - {""})
    faults = Faults(f"{policy} does not fit world '{world.name}'", PolicyError)
    for place, gate in enumerate(gates):
        if gate not in known:
            faults.add("no such gate", f"{policy}.gates.{place}", found=repr(gate),
                       expected="a gate of the world's edges.csv" if known else "a world with gates",
                       hint=did_you_mean(gate, known))  # fmt: skip
    faults.raise_if_any()
    concerned = np.isin(streets.gate, gates or known) & (streets.gate != "")
    now = np.where(concerned, np.uint8(locked), streets.locked).astype(np.uint8)
    if np.array_equal(now, streets.locked):
        return world
    return replace(world, streets=replace(streets, locked=now))
