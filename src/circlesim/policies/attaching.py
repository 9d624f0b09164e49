"""AttachServices: counters for further services within outlets that stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, final

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.formats import FORMAT_INDEX, format_row
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.draws import hash_ids
from circlesim.errors import Fault
from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, one_of, rule
from circlesim.policies.selection import of_formats
from circlesim.world.facilities import Facilities, concatenate_facilities
from circlesim.world.world import World

_KIND = "service_kiosk"
_NOTHING = (
    "rent_yuan_month", "support_yuan_month", "staff", "area_m2", "visitors_per_day", "local_share",
    "reserved_posts", "seats", "places", "home_visits", "delivery", "delivery_radius_m", "delivery_min",
    "delivery_fee_fen", "delivery_basket_fen", "aid_fen", "aid_from_age", "self_service",
)  # fmt: skip


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class AttachServices(Policy):
    """
    Outlets of some formats carry further services, at a counter of its own within the shop.

    The counter is a new row: a service kiosk (便民服务点) at the host's door, with its hours, quality, prices and
    payment, one server at the kiosk's pace, no rent and no further staff. It has the services its host does not
    offer already, and a line of its own. Delivery-only outlets and counters of another such policy carry none.

    Parameters
    ----------
    services : tuple of str
        Services carried; see ``circlesim show services``.
    formats : tuple of str, default: ("convenience_store",)
        Formats that carry them, that of the plan; all where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = "attach_services"
    clause: ClassVar[str] = "F15"
    changes: ClassVar[tuple[str, ...]] = ("rows",)

    services: tuple[str, ...] = field(metadata=rule(one_of(SERVICES, "service")))
    formats: tuple[str, ...] = field(default=("convenience_store",), metadata=rule(known_formats))

    def cross_faults(self) -> Iterator[Fault]:
        """See `Policy.cross_faults`."""
        if not self.services:
            yield Fault(what="no service", where="services", expected='services = ["bill_payment", "print"]')

    def apply(self, world: World) -> World:
        """See `Policy.apply`; counters that stand already are not added again."""
        outlets = world.facilities
        missing = self._mask() & ~outlets.services
        is_counter = np.strings.startswith(outlets.facility, "attach-")
        hosts = of_formats(world, self.formats) & (outlets.walk_in == 1) & (missing != 0) & ~is_counter
        names = [self._id(each) for each in outlets.facility]
        hosts &= ~np.isin(names, outlets.facility)
        if not hosts.any():
            return world
        counters = self._counters(outlets.take(hosts), np.array(names)[hosts], missing[hosts])
        return replace(world, facilities=concatenate_facilities(outlets, counters))

    def _id(self, host: str) -> str:
        return f"attach-{self.content_digest[:10]}-{host}"

    def _mask(self) -> np.uint32:
        return np.uint32(sum(1 << SERVICE_INDEX[each] for each in self.services))

    def _counters(self, hosts: Facilities, names: NDArray[np.str_], services: NDArray[np.uint32]) -> Facilities:
        """The hosts' rows, as far as a counter within is like its host."""
        kiosk = format_row(_KIND)
        facts = {name: np.zeros_like(getattr(hosts, name)) for name in _NOTHING}
        facts |= {"servers": np.ones_like(hosts.servers), "queue_limit": np.full_like(hosts.queue_limit, -1)}
        for each in ("service_min", "margin"):
            facts[each] = np.full(len(hosts), float(getattr(kiosk, each)))
        return replace(
            hosts, facility=names, id64=hash_ids(names), services=services, variety=np.ones(len(hosts)),
            format=np.full(len(hosts), FORMAT_INDEX[_KIND], np.int16), **facts,
        )  # fmt: skip
