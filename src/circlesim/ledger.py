"""The ledger: a row for each need and day on which it could be open, with its fate and what stood in the way."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Fate(IntEnum):
    """How a need ended, or that it is put off to another day, or was settled on an earlier one."""

    INSIDE = 0
    DELIVERED = 1
    HOME = 2
    OUTSIDE = 3
    DECLINED = 4
    UNMET = 5
    PUT_OFF = 6
    SETTLED = 7


COUNTED = int(Fate.UNMET)
"""Last fate that ends a need; what is put off ends on a later day, and what is settled ended on an earlier one."""


class Barrier(IntFlag):
    """
    What stops an alternative inside the circle.

    The order is the documented precedence of ``first_barrier``: the obstacle nearest to being served first.
    A failure met at the counter comes before one foreseen at home.
    """

    NONE = 0
    FULL = 1
    PAYMENT_REFUSED = 2
    UNAFFORDABLE = 4
    DIGITAL_ONLY = 8
    CLOSED = 16
    NOT_STEP_FREE = 32
    NO_HOME_CAPACITY = 64
    UNAWARE = 128
    UNREACHABLE = 256


BARRIERS: tuple[Barrier, ...] = tuple(Barrier)
"""Single barriers in order of precedence."""


class Channel(IntEnum):
    """How a facility served a need."""

    NONE = 0
    WALK_IN = 1
    DELIVERY = 2
    HOME_VISIT = 3


@dataclass(slots=True)
class Page:
    """
    One day of the ledger: a reusable buffer of columns, one row per need, in the order needs arise.

    Rows are sorted by (resident row, need kind), the same in every scenario, so row i of two scenarios is the
    same need. Only the first `rows` entries hold a day.

    Parameters
    ----------
    day : int
        Days since `start`; negative in the warm-up.
    rows : int
        Number of needs of the day.
    resident : ndarray of int32, shape (L,)
        Resident row.
    service, ordinal : ndarray of uint8, shape (L,)
        Service number and ordinal of the need that day.
    days_open : ndarray of uint8, shape (L,)
        Days since it arose; above 0 where it could wait. Just one row of a need has a fate up to `COUNTED`.
    need_min : ndarray of float64, shape (L,)
        Minute of the day at which the need arises.
    basket_fen : ndarray of int64, shape (L,)
        Price of the basket at price level one, in minor units.
    first_choice : ndarray of int32, shape (L,)
        Facility row ranked first, or -1 home, -2 outside, -3 forgo.
    first_barrier, barriers, met_if_lifted : ndarray of uint16, shape (L,)
        Bits of `Barrier`; zero for needs met inside.
    inside_feasible : ndarray of uint8, shape (L,)
        1 where an inside or delivered alternative was feasible.
    tries, refusals : ndarray of uint8, shape (L,)
        Counters reached, and refusals met there.
    fate, channel : ndarray of uint8, shape (L,)
        `Fate` and `Channel`.
    facility : ndarray of int32, shape (L,)
        Facility row that served, else -1.
    walk_min : ndarray of float64, shape (L,)
        Minutes walked on the way out, over all tries.
    arrive_min, start_min, wait_min : ndarray of float64, shape (L,)
        Arrival at the counter that served, start of service, minutes waited, those for a seat or a delivery
        included; nan where none served.
    ahead : ndarray of int32, shape (L,)
        People waiting ahead on arrival.
    utility : ndarray of float64, shape (L,)
        Utility obtained: that of the alternative taken, with its luck, with the wait met in place of the wait
        expected, less the cost of failed tries.
    price_fen, fee_fen, voucher_fen : ndarray of int64, shape (L,)
        Paid for the basket, for delivery, and by vouchers.
    """

    day: int
    rows: int
    resident: NDArray[np.int32]
    service: NDArray[np.uint8]
    ordinal: NDArray[np.uint8]
    days_open: NDArray[np.uint8]
    need_min: NDArray[np.float64]
    basket_fen: NDArray[np.int64]
    first_choice: NDArray[np.int32]
    first_barrier: NDArray[np.uint16]
    barriers: NDArray[np.uint16]
    met_if_lifted: NDArray[np.uint16]
    inside_feasible: NDArray[np.uint8]
    tries: NDArray[np.uint8]
    refusals: NDArray[np.uint8]
    fate: NDArray[np.uint8]
    channel: NDArray[np.uint8]
    facility: NDArray[np.int32]
    walk_min: NDArray[np.float64]
    arrive_min: NDArray[np.float64]
    start_min: NDArray[np.float64]
    wait_min: NDArray[np.float64]
    ahead: NDArray[np.int32]
    utility: NDArray[np.float64]
    price_fen: NDArray[np.int64]
    fee_fen: NDArray[np.int64]
    voucher_fen: NDArray[np.int64]

    def columns(self) -> dict[str, NDArray[Any]]:
        """
        Return the filled part of every column.

        Returns
        -------
        dict of str to ndarray, shape (rows,)
            Views, not copies.
        """
        names = (f.name for f in fields(self) if f.name not in ("day", "rows"))
        return {name: getattr(self, name)[: self.rows] for name in names}


PAGE_TYPES: dict[str, Any] = {
    "resident": np.int32, "service": np.uint8, "ordinal": np.uint8, "days_open": np.uint8, "need_min": np.float64,
    "basket_fen": np.int64, "first_choice": np.int32, "first_barrier": np.uint16, "barriers": np.uint16,
    "met_if_lifted": np.uint16, "inside_feasible": np.uint8, "tries": np.uint8, "refusals": np.uint8,
    "fate": np.uint8, "channel": np.uint8, "facility": np.int32, "walk_min": np.float64,
    "arrive_min": np.float64, "start_min": np.float64, "wait_min": np.float64, "ahead": np.int32,
    "utility": np.float64, "price_fen": np.int64, "fee_fen": np.int64, "voucher_fen": np.int64,
}  # fmt: skip


def empty_page(capacity: int) -> Page:
    """
    Make a page with room for a number of needs.

    Parameters
    ----------
    capacity : int
        Largest number of needs of one day.

    Returns
    -------
    Page
        Zeroed columns, no rows.
    """
    return Page(0, 0, **{name: np.zeros(capacity, dtype) for name, dtype in PAGE_TYPES.items()})
