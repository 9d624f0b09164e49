"""StaffCounters and SelfCheckout: who serves at the counter, a person or a machine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.policies.lever import OutletLever, raised
from circlesim.policies.rules import known_formats, rule
from circlesim.world.facilities import PaymentMode
from circlesim.world.world import World


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCounters(OutletLever):
    """
    Somebody stands at the counter of every outlet where machines alone serve, and takes cash.

    Outlets that are only ordered from stay as they are, and so do counters with staff.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats concerned; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "staff_counters"
    clause: ClassVar[str] = "F26"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode", "staffed")

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        mode = world.facilities.payment_mode
        machines = rows & np.isin(mode, (PaymentMode.UNATTENDED, PaymentMode.UNATTENDED_CONVERT))
        return {"payment_mode": np.where(machines, np.uint8(PaymentMode.STAFFED_ACCEPT), mode).astype(np.uint8),
                "staffed": raised(world.facilities.staffed, 1, machines)}  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckout(OutletLever):
    """
    Machines stand beside the staff of some formats, and whoever can use one takes the shorter line.

    It works where the mechanism `self_service` is on.

    Parameters
    ----------
    formats : tuple of str, default: ("supermarket", "convenience_store")
        Formats concerned; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "self_checkout"
    clause: ClassVar[str] = "F38"
    changes: ClassVar[tuple[str, ...]] = ("self_service",)
    needs: ClassVar[str] = "self_service"

    formats: tuple[str, ...] = field(default=("supermarket", "convenience_store"), metadata=rule(known_formats))

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        return {"self_service": raised(world.facilities.self_service, 1, rows)}
