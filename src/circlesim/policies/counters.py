"""StaffCounters and SelfCheckout: a person at the counter, or a machine beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.policies.lever import OutletLever, flagged
from circlesim.policies.rules import rule, within
from circlesim.world.facilities import PaymentMode
from circlesim.world.world import World

_UNATTENDED = (PaymentMode.UNATTENDED, PaymentMode.UNATTENDED_CONVERT)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCounters(OutletLever):
    """
    Outlets have a person at the counter who takes the money, unattended ones included.

    Residents without a phone can use what they could not. Outlets that only take orders online stay as they are.
    Opening hours and posts are not changed: state shorter hours or wages with the policy, where they follow.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    cash : bool, default: True
        Whether the counter takes cash; where not, staffed counters stay as they are and new ones refuse it, unless
        the machine in their place converted it.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "staff_counters"
    clause: ClassVar[str] = "F26"
    changes: ClassVar[tuple[str, ...]] = ("payment_mode", "staffed")

    cash: bool = True

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        mode = world.facilities.payment_mode
        counter = rows & (mode != PaymentMode.ONLINE_ONLY)
        accepts = counter & (self.cash | (mode == PaymentMode.UNATTENDED_CONVERT))
        refuses = counter & ~accepts & (mode == PaymentMode.UNATTENDED)
        new = np.where(accepts, PaymentMode.STAFFED_ACCEPT, np.where(refuses, PaymentMode.STAFFED_REFUSE, mode))
        return {"payment_mode": new.astype(np.uint8), "staffed": flagged(world.facilities.staffed, counter)}


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheckout(OutletLever):
    """
    Machines stand beside the staff, or in their place.

    It shows where the mechanism `self_service` is on: who has a phone and can use it takes the shorter line. The
    law knows one service time of an outlet, at the counter as at the machine; how much shorter it becomes is for
    whoever asks to say (grade D). Outlets that have machines keep their service time.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    service_factor : float, default: 1.0
        What machines do to the mean minutes of a customer, 0.1 to 10.
    keep_staff : bool, default: True
        Whether the staffed counter stays; where not, outlets with a till become unattended.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "self_checkout"
    clause: ClassVar[str] = "F38"
    changes: ClassVar[tuple[str, ...]] = ("self_service", "service_min", "staffed", "payment_mode")
    needs: ClassVar[str] = "self_service"

    service_factor: float = field(default=1.0, metadata=rule(within(0.1, 10)))
    keep_staff: bool = True

    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """See `OutletLever.facts`."""
        outlets = world.facilities
        counter = rows & (outlets.payment_mode != PaymentMode.ONLINE_ONLY)
        new = counter & (outlets.self_service == 0)
        gone = counter & ~np.isin(outlets.payment_mode, _UNATTENDED) & (not self.keep_staff)
        mode = np.where(gone, PaymentMode.UNATTENDED, outlets.payment_mode).astype(np.uint8)
        return {"self_service": flagged(outlets.self_service, counter),
                "service_min": outlets.service_min * np.where(new, self.service_factor, 1.0),
                "staffed": np.where(gone, np.uint8(0), outlets.staffed).astype(np.uint8),
                "payment_mode": mode}  # fmt: skip
