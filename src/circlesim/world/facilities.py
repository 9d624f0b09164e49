"""Facilities: one row an outlet, one column a fact a policy may change."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import WorldError


class PaymentMode(IntEnum):
    """Who takes the money and whether cash is taken."""

    STAFFED_ACCEPT = 0
    STAFFED_REFUSE = 1
    UNATTENDED = 2
    ONLINE_ONLY = 3
    UNATTENDED_CONVERT = 4


NO_LIMIT = -1
OPEN_ENDED = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facilities:
    """
    The outlets of a world, as columns.

    Parameters
    ----------
    facility : ndarray of str, shape (F,)
        Stable ids as text; never reused.
    id64 : ndarray of uint64, shape (F,)
        Hash of the id; what order and draws use.
    name : ndarray of str, shape (F,)
        Name on the shop sign, or an empty string.
    node_row : ndarray of int32, shape (F,)
        Node row in the world's streets.
    format : ndarray of int16, shape (F,)
        Number of the format in `formats` (what it is).
    services : ndarray of uint32, shape (F,)
        Bit s set where service number s is offered (what residents need).
    hours : ndarray of int16, shape (F, 7, 3, 2)
        Up to three opening intervals a weekday (Monday first) as minutes [open, close); -1 for none.
        A close may pass 1440; the part after midnight counts for the next day.
    servers : ndarray of int32, shape (F,)
        People, seats, places or beds that serve at once; at least 1.
    service_min : ndarray of float64, shape (F,)
        Mean minutes a server needs for one customer.
    queue_limit : ndarray of int32, shape (F,)
        Most people who may wait; 0 is a loss system, -1 no limit.
    price_level : ndarray of float64, shape (F,)
        Price over the reference price of the same basket.
    quality : ndarray of float64, shape (F,)
        Service quality in 0..1.
    variety : ndarray of float64, shape (F,)
        Assortment relative to a plain outlet; at least 1.
    payment_mode : ndarray of uint8, shape (F,)
        `PaymentMode`.
    takes_card : ndarray of uint8, shape (F,)
        1 where bank cards are taken.
    staffed, self_service, step_free, on_map, chain : ndarray of uint8, shape (F,)
        Claims: 1 true, 0 false.
    delivery : ndarray of uint8, shape (F,)
        1 where it delivers.
    walk_in : ndarray of uint8, shape (F,)
        1 where a resident may walk in; 0 for a delivery-only hub.
    delivery_radius_m, delivery_min : ndarray of float64, shape (F,)
        Straight-line radius, and minutes from start of picking to the door.
    delivery_fee_fen, delivery_basket_fen : ndarray of int64, shape (F,)
        Fee, and smallest basket delivered.
    aid_fen : ndarray of int64, shape (F,)
        Most that public aid pays of one purchase; 0 for none.
    aid_from_age : ndarray of int16, shape (F,)
        Age from which it is paid.
    seats : ndarray of int32, shape (F,)
        Seats at table; 0 where nobody sits down, or where tables are the servers.
    places : ndarray of int32, shape (F,)
        Standing places in day care, out of `servers`.
    supply_share : ndarray of float64, shape (F,)
        Share of its usual goods that reaches the outlet; 1 in usual times.
    reserve_days : ndarray of float64, shape (F,)
        Days of usual demand it keeps in reserve.
    home_visits : ndarray of int32, shape (F,)
        Home visits a day.
    rent_yuan_month, support_yuan_month : ndarray of float64, shape (F,)
        Rent and public support of the operator, a month, in the world's currency.
    local_share : ndarray of float64, shape (F,)
        Share of posts kept for residents of the circle.
    reserved_posts : ndarray of int32, shape (F,)
        Posts kept for people who are hard to employ.
    staff, margin, area_m2, visitors_per_day : ndarray of float64, shape (F,)
        Facts of the operator: jobs, gross margin in 0..1, floor area, customers from elsewhere.
    opened, closed : ndarray of datetime64[D], shape (F,)
        First day open and first day closed; NaT for always and never.
    circle : ndarray of int32, shape (F,)
        Circle number.
    formats : Formats, default: CATALOGUE
        The words in which the column `format` counts: one for the table, and the same for all tables of a world.
    """

    facility: NDArray[np.str_]
    id64: NDArray[np.uint64]
    name: NDArray[np.str_]
    node_row: NDArray[np.int32]
    format: NDArray[np.int16]
    services: NDArray[np.uint32]
    hours: NDArray[np.int16]
    servers: NDArray[np.int32]
    service_min: NDArray[np.float64]
    queue_limit: NDArray[np.int32]
    price_level: NDArray[np.float64]
    quality: NDArray[np.float64]
    variety: NDArray[np.float64]
    payment_mode: NDArray[np.uint8]
    takes_card: NDArray[np.uint8]
    staffed: NDArray[np.uint8]
    self_service: NDArray[np.uint8]
    step_free: NDArray[np.uint8]
    on_map: NDArray[np.uint8]
    chain: NDArray[np.uint8]
    delivery: NDArray[np.uint8]
    walk_in: NDArray[np.uint8]
    delivery_radius_m: NDArray[np.float64]
    delivery_min: NDArray[np.float64]
    delivery_fee_fen: NDArray[np.int64]
    delivery_basket_fen: NDArray[np.int64]
    aid_fen: NDArray[np.int64]
    aid_from_age: NDArray[np.int16]
    seats: NDArray[np.int32]
    places: NDArray[np.int32]
    supply_share: NDArray[np.float64]
    reserve_days: NDArray[np.float64]
    home_visits: NDArray[np.int32]
    rent_yuan_month: NDArray[np.float64]
    support_yuan_month: NDArray[np.float64]
    local_share: NDArray[np.float64]
    reserved_posts: NDArray[np.int32]
    staff: NDArray[np.float64]
    margin: NDArray[np.float64]
    area_m2: NDArray[np.float64]
    visitors_per_day: NDArray[np.float64]
    opened: NDArray[np.datetime64]
    closed: NDArray[np.datetime64]
    circle: NDArray[np.int32]
    formats: Formats = CATALOGUE

    def __len__(self) -> int:
        return len(self.facility)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> Facilities:
        """
        Return some of the outlets, in the order asked for.

        Parameters
        ----------
        rows : ndarray of int or bool
            Row numbers, or a mask of shape (F,).

        Returns
        -------
        Facilities
            The outlets named, every column cut alike.
        """
        return Facilities(**{name: getattr(self, name)[rows] for name in COLUMNS}, formats=self.formats)


COLUMNS: tuple[str, ...] = tuple(each.name for each in fields(Facilities) if each.name != "formats")
"""Names of the columns, each with one row an outlet."""


def concatenate_facilities(first: Facilities, second: Facilities) -> Facilities:
    """
    Put the outlets of one table below those of another; text columns widen to the longer text.

    Parameters
    ----------
    first, second : Facilities
        Tables on the same streets, with ids that do not meet.

    Returns
    -------
    Facilities
        All outlets, the first table's rows first.

    Raises
    ------
    WorldError
        If an id, or the hash of an id, stands in both, or the two do not know the same formats.
    """
    if first.formats != second.formats:
        raise WorldError("facilities cannot be put together: their formats are not the same")
    both = np.intersect1d(first.id64, second.id64)
    if len(both):
        names = ", ".join(second.facility[np.isin(second.id64, both)][:5])
        raise WorldError(f"facilities cannot be put together: ids (or their hashes) stand in both: {names}")
    columns = {name: np.concatenate([getattr(first, name), getattr(second, name)]) for name in COLUMNS}
    return Facilities(**columns, formats=first.formats)
