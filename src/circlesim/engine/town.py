"""Town: one scenario on one day, as the kernels read it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from circlesim.behaviour.coefficients import Coefficients
from circlesim.engine.calendar import Calendar
from circlesim.engine.columns import OutletColumns, ReachColumns, ResidentColumns
from circlesim.engine.mechanisms import Mechanisms


class Switches(NamedTuple):
    """Mechanisms as numbers the kernels test; see `engine.mechanisms.Mechanisms`."""

    capacity: int
    memory: int
    budget: int
    clock: int
    habit: int
    awareness: int
    reneging: int
    outings: int
    self_service: int
    home_visits: int
    visitors: int
    stock: int
    trips: int
    seats: int
    emergency: int
    places: int
    deferral: int


class Town(NamedTuple):
    """
    Everything a choice may read besides the state.

    Parameters
    ----------
    people : ndarray of columns.RESIDENT, shape (R,)
        Residents.
    outlets : ndarray of columns.OUTLET, shape (F,)
        Facilities.
    outlet_id64 : ndarray of uint64, shape (F,)
        Their ids once more, side by side.
    hours, attraction, most_attraction, deliver_ptr, deliver, all_open_until : ndarray
        See `columns.OutletColumns`.
    ptr, facility, metres, trip_m : ndarray
        See `columns.ReachColumns`.
    law, service, constants : ndarray
        See `behaviour.coefficients.Coefficients`; `law` is its record of numbers.
    window : ndarray of float64, shape (T, 2, WINDOWS, 2)
        Free windows.
    dearest : float
        Highest price level of any outlet; who can pay it can pay everywhere.
    switches : Switches
        What is switched on.
    """

    people: Any
    outlets: Any
    outlet_id64: Any
    hours: Any
    attraction: Any
    most_attraction: Any
    deliver_ptr: Any
    deliver: Any
    all_open_until: Any
    ptr: Any
    facility: Any
    metres: Any
    trip_m: Any
    law: Any
    service: Any
    constants: Any
    window: Any
    dearest: Any
    switches: Any


class Need(NamedTuple):
    """
    One need, as a choice sees it.

    Parameters
    ----------
    row : int
        Row of the need in the day's `Needs` and ledger page.
    resident, kind, service : int
        Who needs what.
    minute : float
        When; later than it arose where its owner was kept waiting.
    basket : int
        Price at level one, in minor units.
    weekday, weekend : int
        Monday 0, and 1 on Saturday and Sunday.
    base : int
        Facility at whose counter the outing stands when the need is chosen for, `AT_STOP`, or `AT_HOME`.
    base_home : float
        Minutes home from there.
    trip : float
        Minutes from home to the stop where the need is met on the way there, else -1.
    early : float
        Minutes by which the need is met before it arises, being on the way.
    """

    row: Any
    resident: Any
    kind: Any
    service: Any
    minute: Any
    basket: Any
    weekday: Any
    weekend: Any
    base: Any
    base_home: Any
    trip: Any
    early: Any


def join_town(
    people: ResidentColumns,
    outlets: OutletColumns,
    reach: ReachColumns,
    law: Coefficients,
    calendar: Calendar,
    mechanisms: Mechanisms,
) -> Town:
    """
    Join all that a choice may read.

    Parameters
    ----------
    people, outlets, reach : ResidentColumns, OutletColumns, ReachColumns
        The world.
    law : Coefficients
        The numbers of the law.
    calendar : Calendar
        For the free windows.
    mechanisms : Mechanisms
        What is switched on.

    Returns
    -------
    Town
        References, not copies.
    """
    switches = Switches(*(int(getattr(mechanisms, name)) for name in Switches._fields))
    return Town(
        people.record, outlets.record, np.ascontiguousarray(outlets.record["id64"]), outlets.hours,
        outlets.attraction, outlets.most_attraction, outlets.deliver_ptr, outlets.deliver, outlets.all_open_until,
        reach.ptr, reach.facility, reach.metres, reach.trip_m, law.number, law.service, law.constants,
        calendar.window, float(outlets.record["price_level"].max(initial=0.0)), switches,
    )  # fmt: skip
