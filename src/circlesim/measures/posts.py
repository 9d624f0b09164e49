"""Posts: how many people opening hours and visits keep at work, and for whom posts are kept."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import PAGE_SUMS, WORLD_ALONE, Measure, Values
from circlesim.measures.operators import by_outlet
from circlesim.measures.reading import FACILITY_SUMS, Reading
from circlesim.world.facilities import Facilities, PaymentMode

FloatArray = NDArray[np.float64]

MIN_PER_HOUR = 60.0
DAYS_PER_WEEK = 7.0

_UNATTENDED = (PaymentMode.UNATTENDED, PaymentMode.UNATTENDED_CONVERT)


def posts_needed(
    open_hours: FloatArray,
    least_staff: FloatArray,
    visits: FloatArray,
    attended_min: FloatArray,
    full_time_hours: float,
    serving_share: float,
) -> FloatArray:
    """
    Full-time posts that opening hours and visits ask for.

    Parameters
    ----------
    open_hours : ndarray of float64, shape (F,)
        Hours a week the doors are open.
    least_staff : ndarray of float64, shape (F,)
        People who must be there while they are.
    visits : ndarray of float64, shape (F,)
        Visits a week.
    attended_min : ndarray of float64, shape (F,)
        Minutes of somebody's work in a visit.
    full_time_hours : float
        Hours a week of one post.
    serving_share : float
        Share of paid time spent with customers.

    Returns
    -------
    ndarray of float64, shape (F,)
        ``max(open_hours * least_staff, visits * attended_min / 60 / serving_share) / full_time_hours``.

    Notes
    -----
    The larger of two needs, since who keeps the doors open serves as well. The equation is an accounting
    identity with three assumed numbers (grades C and D); nobody is hired or dismissed by it.
    """
    doors = open_hours * least_staff
    counters = visits * attended_min / MIN_PER_HOUR / serving_share
    return np.maximum(doors, counters) / full_time_hours


def weekly_hours(hours: NDArray[np.int16]) -> FloatArray:
    """
    Hours a week that outlets are open.

    Parameters
    ----------
    hours : ndarray of int16, shape (F, 7, 3, 2)
        As in `Facilities`.

    Returns
    -------
    ndarray of float64, shape (F,)
        The part after midnight included.
    """
    length = np.maximum(hours[..., 1].astype(np.float64) - hours[..., 0], 0.0)
    return np.asarray(length.sum(axis=(1, 2)) / MIN_PER_HOUR)


def least_staff(outlets: Facilities, people: float) -> FloatArray:
    """
    People who must be there while the doors are open.

    Parameters
    ----------
    outlets : Facilities
        The outlets.
    people : float
        At an outlet that has them.

    Returns
    -------
    ndarray of float64, shape (F,)
        None where nobody attends; a part of them where the outlet has less than one post altogether.
    """
    attended = ~np.isin(outlets.payment_mode, _UNATTENDED)
    return np.where(attended, people * np.minimum(outlets.staff, 1.0), 0.0)


def attended_min(outlets: Facilities) -> FloatArray:
    """
    Minutes of somebody's work in a visit.

    Parameters
    ----------
    outlets : Facilities
        The outlets.

    Returns
    -------
    ndarray of float64, shape (F,)
        Minutes of service; less where one person looks after several places at once, as tables and lockers have
        more servers than staff.
    """
    return outlets.service_min * np.minimum(1.0, outlets.staff / np.maximum(outlets.servers, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsNeeded(Measure):
    """Posts that hours and visits of residents ask for, at the outlets present on the last day."""

    kind: str = PAGE_SUMS

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        outlets, number = reading.facilities, reading.parameters.number
        there = reading.there if reading.there is not None else reading.present * reading.days
        counted = reading.facility[:, FACILITY_SUMS.index("visits")]
        posts = posts_needed(
            weekly_hours(outlets.hours), least_staff(outlets, number("least_staff")),
            DAYS_PER_WEEK * counted / np.maximum(there, 1), attended_min(outlets),
            number("full_time_hours"), number("serving_share"),
        )  # fmt: skip
        return by_outlet(grouping, reading, np.where(reading.present, posts, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsLocal(Measure):
    """Posts kept for residents of the circle; their wages are not fed back into what residents spend."""

    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        outlets = reading.facilities
        return by_outlet(grouping, reading, np.where(reading.present, outlets.staff * outlets.local_share, 0.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobsReserved(Measure):
    """Posts reserved for people who are hard to employ; never more than an outlet has."""

    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        outlets = reading.facilities
        kept = np.minimum(outlets.reserved_posts, outlets.staff)
        return by_outlet(grouping, reading, np.where(reading.present, kept, 0.0))
