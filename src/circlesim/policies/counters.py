"""StaffCounters and SelfCheckout: who serves at the counter, a person or a machine."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np

from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, rule
from circlesim.policies.selection import of_formats
from circlesim.world.facilities import PaymentMode
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCounters(Policy):
    """
    Somebody stands at the counter of every outlet where machines alone serve, and takes cash.

    Outlets that are only ordered from stay as they are, and so do counters with staff.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats concerned; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "staff_counters"
    clause: ClassVar[str] = "F26"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode", "staffed")

    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        outlets = world.facilities
        machines = np.isin(outlets.payment_mode, (PaymentMode.UNATTENDED, PaymentMode.UNATTENDED_CONVERT))
        rows = of_formats(world, self.formats) & machines
        mode = np.where(rows, np.uint8(PaymentMode.STAFFED_ACCEPT), outlets.payment_mode).astype(np.uint8)
        return replace(
            world,
            facilities=replace(outlets, payment_mode=mode, staffed=np.where(rows, np.uint8(1), outlets.staffed)),
        )


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckout(Policy):
    """
    Machines stand beside the staff of some formats, and whoever can use one takes the shorter line.

    It works where the mechanism `self_service` is on.

    Parameters
    ----------
    formats : tuple of str, default: ("supermarket", "convenience_store")
        Formats concerned; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "self_checkout"
    clause: ClassVar[str] = "F38"
    changes: ClassVar[tuple[str, ...]] = ("self_service",)
    needs: ClassVar[str] = "self_service"

    formats: tuple[str, ...] = field(default=("supermarket", "convenience_store"), metadata=rule(known_formats))

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        machines = np.where(of_formats(world, self.formats), np.uint8(1), world.facilities.self_service)
        return replace(world, facilities=replace(world.facilities, self_service=machines))
