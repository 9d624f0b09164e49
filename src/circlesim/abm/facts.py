"""Facts: what holds of an outlet on a day, and what a policy may change of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from circlesim.abm.law import Interval


@dataclass(slots=True)
class OutletFacts:
    """
    What holds of a facility on a day; a policy may change all of it.

    Parameters
    ----------
    present : bool
        Whether it exists.
    services : int
        Bit s set where it offers service s.
    walk_in, delivers : bool
        Whether one may walk in, and whether it delivers.
    hours : list
        ``hours[weekday]``: opening intervals.
    servers : int
        People who serve at once.
    service_min : float
        Mean minutes of one service.
    queue_limit : int
        Most people who may wait; -1 for no limit.
    price_level, quality, variety : float
        See `world.facilities.Facilities`.
    accepts : int
        `Means` bits it takes.
    unattended, convert, self_service, step_free, on_map : bool
        Claims.
    radius_m, delivery_min : float
        Delivery.
    fee_fen, smallest_fen : int
        Delivery fee and smallest basket delivered.
    aid_fen, aid_from_age : int
        Most that public aid pays of a purchase, and the age from which it does.
    seats, places : int
        Seats at table, and standing places in day care.
    supply_share, reserve_days : float
        Share of usual goods that arrives, and days of usual demand kept in reserve.
    home_visits : int
        Home visits a day.
    margin : float
        Gross margin.
    circle : int
        Circle number.
    attraction : list of float
        Attractiveness for each service.
    """

    present: bool
    services: int
    walk_in: bool
    delivers: bool
    hours: list[list[Interval]]
    servers: int
    service_min: float
    queue_limit: int
    price_level: float
    quality: float
    variety: float
    accepts: int
    unattended: bool
    convert: bool
    self_service: bool
    step_free: bool
    on_map: bool
    radius_m: float
    delivery_min: float
    fee_fen: int
    smallest_fen: int
    aid_fen: int
    aid_from_age: int
    seats: int
    places: int
    supply_share: float
    reserve_days: float
    home_visits: int
    margin: float
    circle: int
    attraction: list[float] = field(default_factory=list)
