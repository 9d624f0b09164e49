"""Columns: the world as the kernels read it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.choosing import attractiveness
from circlesim.behaviour.coefficients import Coefficients
from circlesim.catalog.constants import age_group
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.compiled import compiled
from circlesim.engine.helping import helped
from circlesim.engine.stage import Stage
from circlesim.engine.ways import class_of
from circlesim.world.facilities import Facilities, PaymentMode
from circlesim.world.population import Means, Mobility
from circlesim.world.world import World

MOBILE = int(Means.MOBILE)

INTERVALS = 4
"""Opening intervals of a day in the kernel: three of the day, and what spills over from yesterday."""

_DAY = 1440


RESIDENT = np.dtype(
    [("id64", "u8"), ("x_m", "f8"), ("y_m", "f8"), ("speed", "f8"), ("tolerance", "f8"), ("b_walk", "f8"),
     ("origin", "i4"), ("block", "i4"), ("stop", "i4"), ("circle", "i4"), ("age", "i2"),
     ("age_group", "i1"), ("schedule", "u1"), ("means", "u1"), ("digital", "u1"),
     ("needs_step_free", "u1"), ("homebound", "u1"), ("helped", "u1")], align=True,
)  # fmt: skip
"""One resident as the kernels read it: what a choice needs lies in one cache line."""

OUTLET = np.dtype(
    [("id64", "u8"), ("x_m", "f8"), ("y_m", "f8"), ("service_min", "f8"), ("price_level", "f8"), ("quality", "f8"),
     ("variety", "f8"), ("radius", "f8"), ("delivery_min", "f8"), ("margin", "f8"),
     ("supply_share", "f8"), ("reserve_days", "f8"), ("neighbours", "f8"), ("fee", "i8"),
     ("smallest", "i8"), ("aid_fen", "i8"), ("origin", "i4"), ("servers", "i4"), ("queue_limit", "i4"),
     ("home_visits", "i4"), ("seats", "i4"), ("places", "i4"), ("circle", "i4"),
     ("aid_from_age", "i2"), ("accepts", "u1"), ("convert", "u1"), ("self_service", "u1"), ("unattended", "u1"),
     ("step_free", "u1"), ("on_map", "u1"), ("present", "u1")], align=True,
)  # fmt: skip
"""One facility of one stage as the kernels read it."""

_AS_THEY_STAND = (
    "id64", "service_min", "price_level", "quality", "variety", "delivery_min", "servers", "queue_limit",
    "step_free", "on_map", "margin", "aid_fen", "aid_from_age", "home_visits", "self_service",
    "seats", "places", "supply_share", "reserve_days", "circle",
)  # fmt: skip


class ResidentColumns(NamedTuple):
    """
    Residents as the kernels read them.

    Parameters
    ----------
    record : ndarray of RESIDENT, shape (R,)
        What a choice needs.
    budget : ndarray of int64, shape (R,)
        Purse refill a week.
    rate : ndarray of float32, shape (R, K)
        Probability of a need of each kind on a weekday.
    """

    record: NDArray[np.void]
    budget: NDArray[np.int64]
    rate: NDArray[np.float32]

    @property
    def id64(self) -> NDArray[np.uint64]:
        """Hashes of the resident ids, shape (R,)."""
        return np.ascontiguousarray(self.record["id64"])

    @property
    def b_walk(self) -> NDArray[np.float64]:
        """Disutility a minute of walk, shape (R,)."""
        return np.ascontiguousarray(self.record["b_walk"])


class OutletColumns(NamedTuple):
    """
    Facilities of one stage as the kernels read them.

    Parameters
    ----------
    record : ndarray of OUTLET, shape (F,)
        What a choice needs.
    hours : ndarray of float64, shape (7, F, INTERVALS, 2)
        See `kernel_hours`.
    attraction, most_attraction : ndarray of float64, shape (S, F)
        Attractiveness of each facility for each service, and the most of it public aid can lend.
    deliver_ptr, deliver : ndarray of int32
        Delivering facilities of service s: ``deliver[deliver_ptr[s]:deliver_ptr[s + 1]]``.
    all_open_until : ndarray of int16, shape (7, S, 1440)
        See `all_open_until`.
    """

    record: NDArray[np.void]
    hours: NDArray[np.float64]
    attraction: NDArray[np.float64]
    most_attraction: NDArray[np.float64]
    deliver_ptr: NDArray[np.int32]
    deliver: NDArray[np.int32]
    all_open_until: NDArray[np.int16]


class ReachColumns(NamedTuple):
    """
    Walking metres from every origin to every outlet of a service; see `engine.ways.Ways`.

    Parameters
    ----------
    ptr, facility, metres : ndarray
        One block of origins for each class of walkers, or one for all.
    trip_m : ndarray of float64, shape (R,)
        Metres from home to stop.
    """

    ptr: NDArray[np.int64]
    facility: NDArray[np.int32]
    metres: NDArray[np.float32]
    trip_m: NDArray[np.float64]


def resident_columns(
    world: World, origin_rows: NDArray[np.int32], blocks: int, parameters: Parameters, assisted: bool = False
) -> ResidentColumns:
    """
    Lay the population out for the kernels.

    Parameters
    ----------
    world : World
        The baseline.
    origin_rows : ndarray of int32, shape (O,)
        Node rows of the origins of the reach table, rising.
    blocks : int
        Blocks of the reach table: one for each class of walkers, or 1.
    parameters : Parameters
        For `b_walk` by age.
    assisted : bool, default: False
        Whether members of a household order for each other.

    Returns
    -------
    ResidentColumns
        One row a resident, in the population's order.
    """
    people, streets = world.population, world.streets
    record = np.zeros(len(people), RESIDENT)
    record["id64"] = people.id64
    record["x_m"], record["y_m"] = streets.x_m[people.home_row], streets.y_m[people.home_row]
    record["speed"], record["tolerance"] = people.speed_m_per_min, people.tolerance_min
    record["b_walk"] = parameters.by_age("b_walk", people.age)
    record["block"] = class_of(people.mobility) * len(origin_rows) if blocks > 1 else 0
    record["origin"] = np.searchsorted(origin_rows, people.home_row) + record["block"]
    record["stop"] = _stops(people.stop_row, origin_rows) + np.where(people.stop_row >= 0, record["block"], 0)
    record["age"], record["circle"] = people.age, people.circle
    record["age_group"], record["schedule"] = age_group(people.age), people.schedule
    record["means"], record["digital"] = people.means_carried, people.digital
    record["needs_step_free"] = people.mobility == Mobility.AID
    record["homebound"] = people.mobility == Mobility.HOMEBOUND
    if assisted:
        record["helped"] = helped(people, parameters.number("assisted_share"))
    return ResidentColumns(record, people.budget_fen, np.ascontiguousarray(people.need_rate))


def _stops(stop_row: NDArray[np.int32], origin_rows: NDArray[np.int32]) -> NDArray[np.int64]:
    """Positions of the stops among the origins; -1 where there is none, or trips do not count."""
    at = np.minimum(np.searchsorted(origin_rows, stop_row), len(origin_rows) - 1)
    return np.where((stop_row >= 0) & (origin_rows[at] == stop_row), at, -1)


@compiled(inline=True, borrow=True)
def lacks_digital(person: Any) -> Any:
    """Tell whether a resident cannot use what only a phone opens."""
    return person.digital == 0 or person.means & MOBILE == 0


@compiled(inline=True, borrow=True)
def cannot_order(person: Any) -> Any:
    """Tell whether a resident can neither order alone nor have it done at home."""
    return lacks_digital(person) and person.helped == 0


@compiled(inline=True, borrow=True)
def wants_visits(person: Any) -> Any:
    """Tell whether staff come to a resident: to who stays at home, or walks with an aid."""
    return person.homebound == 1 or person.needs_step_free == 1


def accepted_means(facilities: Facilities) -> NDArray[np.uint8]:
    """
    Means of payment each facility takes.

    Parameters
    ----------
    facilities : Facilities
        The outlets.

    Returns
    -------
    ndarray of uint8, shape (F,)
        `Means` bits: mobile everywhere; cash where staff accept it or it can be converted; cards where staff take
        them.
    """
    mode = facilities.payment_mode
    staffed = (mode == PaymentMode.STAFFED_ACCEPT) | (mode == PaymentMode.STAFFED_REFUSE)
    takes_cash = (mode == PaymentMode.STAFFED_ACCEPT) | (mode == PaymentMode.UNATTENDED_CONVERT)
    cash = np.where(takes_cash, Means.CASH, 0)
    card = np.where(staffed & (facilities.takes_card == 1), Means.CARD, 0)
    return (Means.MOBILE | cash | card).astype(np.uint8)


def kernel_hours(hours: NDArray[np.int16], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    Turn weekly hours into what the kernel tests an arrival against.

    Parameters
    ----------
    hours : ndarray of int16, shape (F, 7, 3, 2)
        As in `Facilities`.
    present : ndarray of bool, shape (F,)
        Which facilities exist.

    Returns
    -------
    ndarray of float64, shape (7, F, INTERVALS, 2)
        Intervals [open, close) in minutes of the day, among them what spills over from yesterday; an interval
        that goes on at midnight keeps its close above 1440. -1 for none, after all that are.
    """
    out = np.full((len(hours), 7, INTERVALS, 2), -1.0)
    out[:, :, :3] = hours
    latest = hours[..., 1].max(axis=2)
    spill = np.roll(latest, 1, axis=1) - 1440
    out[:, :, 3, 0] = np.where(spill > 0, 0, -1)
    out[:, :, 3, 1] = np.where(spill > 0, spill, -1)
    opens_at_midnight = ((hours[..., 0] == 0) & (hours[..., 1] > 0)).any(axis=2)
    until = np.where(hours[..., 0] == 0, hours[..., 1], -1).max(axis=2)
    goes_on = np.roll(opens_at_midnight, -1, axis=1)
    for j in range(3):
        joined = goes_on & (hours[:, :, j, 1] >= 1440)
        later = np.maximum(out[:, :, j, 1], 1440 + np.roll(until, -1, axis=1))
        out[:, :, j, 1] = np.where(joined, later, out[:, :, j, 1])
    out[~present] = -1.0
    order = np.argsort(out[..., 1] < 0, axis=2, kind="stable")
    out = np.take_along_axis(out, order[..., None], axis=2)
    return np.ascontiguousarray(out.swapaxes(0, 1))


def all_open_until(hours: NDArray[np.float64], stage: Stage) -> NDArray[np.int16]:
    """
    Tell until when no outlet of a service is closed, which spares looking up the hours of each.

    Parameters
    ----------
    hours : ndarray of float64, shape (7, F, INTERVALS, 2)
        See `kernel_hours`.
    stage : Stage
        For the services of the outlets, and which of them exist.

    Returns
    -------
    ndarray of int16, shape (7, S, 1440)
        By weekday, service and minute of the day: from this minute to the one returned every outlet that exists is
        open; the minute itself where one is closed.
    """
    rows = np.flatnonzero(stage.present)
    table = np.empty((7, len(SERVICES), _DAY), np.int16)
    shut = np.empty((len(SERVICES), _DAY + 1), np.int32)
    _fill_all_open(table, shut, hours, rows, stage.facilities.services.astype(np.int64))
    return table


@compiled(borrow=True)
def _fill_all_open(table: Any, shut: Any, hours: Any, rows: Any, services: Any) -> None:
    """Count, minute by minute, the outlets open; where all are, look ahead to the first minute that is not so."""
    for day in range(table.shape[0]):
        shut[:] = 0
        for f in rows:
            for s in range(table.shape[1]):
                if (services[f] >> s) & 1 == 0:
                    continue
                _count_shut(shut[s], hours[day, f])
        for s in range(table.shape[1]):
            for minute in range(1, _DAY):
                shut[s, minute] += shut[s, minute - 1]
            until = _DAY
            for minute in range(_DAY - 1, -1, -1):
                if shut[s, minute] != 0:
                    until = minute
                table[day, s, minute] = until


@compiled(borrow=True)
def _count_shut(change: Any, hours: Any) -> None:
    """Add one outlet to the changes, by minute, of the number of outlets shut; intervals rise and may overlap."""
    change[0] += 1
    change[_DAY] -= 1
    until = 0
    for _ in range(hours.shape[0]):
        # The next interval by opening minute, past what is counted already.
        opens, closes = _DAY, _DAY
        for j in range(hours.shape[0]):
            if int(hours[j, 1]) > until and int(hours[j, 0]) < opens:
                opens, closes = int(hours[j, 0]), int(hours[j, 1])
        opens, closes = max(opens, until), min(closes, _DAY)
        if opens >= closes:
            return
        change[opens] -= 1
        change[closes] += 1
        until = closes


def outlet_columns(world: World, stage: Stage, origin_rows: NDArray[np.int32], law: Coefficients) -> OutletColumns:
    """
    Lay the facilities of one stage out for the kernels.

    Parameters
    ----------
    world : World
        For the streets.
    stage : Stage
        The facts.
    origin_rows : ndarray of int32, shape (O,)
        Node rows of the origins of the reach table, rising.
    law : Coefficients
        For the attractiveness of each outlet.

    Returns
    -------
    OutletColumns
        One row a facility of the roster.
    """
    outlets, streets = stage.facilities, world.streets
    record = np.zeros(len(outlets), OUTLET)
    for name in _AS_THEY_STAND:
        record[name] = getattr(outlets, name)
    record["x_m"], record["y_m"] = streets.x_m[outlets.node_row], streets.y_m[outlets.node_row]
    record["radius"], record["smallest"] = outlets.delivery_radius_m, outlets.delivery_basket_fen
    record["fee"] = outlets.delivery_fee_fen
    record["origin"] = np.searchsorted(origin_rows, outlets.node_row)
    record["accepts"] = accepted_means(outlets)
    record["convert"] = outlets.payment_mode == PaymentMode.UNATTENDED_CONVERT
    record["unattended"] = outlets.payment_mode == PaymentMode.UNATTENDED
    record["present"], record["neighbours"] = stage.present, neighbours(world.population.circle, outlets.circle)
    deliver_ptr, deliver = _deliverers(outlets, stage.present)
    hours = kernel_hours(outlets.hours, stage.present)
    open_until = all_open_until(hours, stage)
    attraction = _attraction(outlets, law)
    aided = outlets.aid_fen > 0
    most = np.where(aided, np.inf, attraction) if aided.any() else attraction
    return OutletColumns(record, hours, attraction, most, deliver_ptr, deliver, open_until)


def neighbours(homes: NDArray[np.int32], outlets: NDArray[np.int32]) -> NDArray[np.float64]:
    """
    Count those among whom word of an outlet goes round: the residents of its circle.

    Parameters
    ----------
    homes : ndarray of int32, shape (R,)
        Circle of each resident.
    outlets : ndarray of int32, shape (F,)
        Circle of each outlet.

    Returns
    -------
    ndarray of float64, shape (F,)
        At least 1.
    """
    circles, count = np.unique(homes, return_counts=True)
    if not len(circles):
        return np.ones(len(outlets))
    at = np.minimum(np.searchsorted(circles, outlets), len(circles) - 1)
    return np.where(circles[at] == outlets, count[at], 1).astype(np.float64)


def _attraction(outlets: Facilities, law: Coefficients) -> NDArray[np.float64]:
    table = np.empty((len(SERVICES), len(outlets)))
    _fill_attraction(table, law.number, law.service, outlets.quality, outlets.variety, outlets.price_level)
    return table


@compiled(borrow=True)
def _fill_attraction(table: Any, law: Any, service: Any, quality: Any, variety: Any, price_level: Any) -> None:
    """Fill the (S, F) table of attractiveness."""
    for s in range(table.shape[0]):
        for f in range(table.shape[1]):
            table[s, f] = attractiveness(
                law[0].b_quality, quality[f], law[0].b_variety, variety[f], service[s].b_price, price_level[f]
            )


def _deliverers(outlets: Facilities, present: NDArray[np.bool_]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    rows = [
        np.flatnonzero(present & (outlets.delivery == 1) & ((outlets.services >> s) & 1 == 1))
        for s in range(len(SERVICES))
    ]
    rows = [r[np.argsort(outlets.id64[r])] for r in rows]  # equal utilities are decided by id, never by row
    ptr = np.concatenate([[0], np.cumsum([len(r) for r in rows])])
    return ptr.astype(np.int32), np.concatenate(rows).astype(np.int32)
