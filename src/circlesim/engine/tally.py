"""Tally: one compiled pass adds a ledger page to the sums that measures are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.compiled import compiled
from circlesim.ledger import BARRIERS, COUNTED, Fate, Page

FloatArray = NDArray[np.float64]

SUMS: tuple[str, ...] = (
    "needs", "inside", "delivered", "home", "outside", "declined", "unmet", "pushed_out", "walk_min", "wait_min",
    "served", "attempts", "refusals", "spend_fen", "spend_outside_fen", "fee_fen", "utility_min", "aid_fen",
    "days_open",
)  # fmt: skip
"""Closed list of sums; measures name those they need."""

FACILITY_SUMS: tuple[str, ...] = ("visits", "revenue_fen", "wait_min", "busy_min")
BARRIER_SUMS: tuple[str, ...] = ("unmet", "pushed_out", "not_inside", "met_if_lifted")
HOUR_SUMS: tuple[str, ...] = ("needs", "visits", "unmet")
HOURS = 24

_OUTSIDE, _UNMET = int(Fate.OUTSIDE), int(Fate.UNMET)
_DELIVERED = int(Fate.DELIVERED)


@dataclass(slots=True)
class Sums:
    """
    Additive sums over ledger pages; those of workers merge by plain addition.

    Parameters
    ----------
    resident : ndarray of float64, shape (R, Q)
        `SUMS` by resident.
    service : ndarray of float64, shape (S, Q)
        `SUMS` by service.
    format : ndarray of float64, shape (NF, Q)
        `SUMS` of served rows by the format that served.
    facility : ndarray of float64, shape (F, 4)
        `FACILITY_SUMS`.
    barrier : ndarray of float64, shape (G, S, B, 4)
        `BARRIER_SUMS` by group (0 is all residents), service and barrier; the first three by first barrier.
    needs_by_group : ndarray of float64, shape (G, S)
        Needs.
    hourly : ndarray of float64, shape (24, 3)
        `HOUR_SUMS`.
    days : int
        Pages added.
    """

    resident: FloatArray
    service: FloatArray
    format: FloatArray
    facility: FloatArray
    barrier: FloatArray
    needs_by_group: FloatArray
    hourly: FloatArray
    days: int = 0


def empty_sums(residents: int, formats: int, facilities: int, groups: int) -> Sums:
    """
    Start sums at zero.

    Parameters
    ----------
    residents, formats, facilities, groups : int
        Sizes; groups count the group of all residents.

    Returns
    -------
    Sums
        Zeroes.
    """
    services, count = len(SERVICES), len(SUMS)
    return Sums(
        resident=np.zeros((residents, count)),
        service=np.zeros((services, count)),
        format=np.zeros((formats, count)),
        facility=np.zeros((facilities, len(FACILITY_SUMS))),
        barrier=np.zeros((groups, services, len(BARRIERS), len(BARRIER_SUMS))),
        needs_by_group=np.zeros((groups, services)),
        hourly=np.zeros((HOURS, len(HOUR_SUMS))),
    )


def tally(
    page: Page,
    sums: Sums,
    groups: NDArray[np.int16],
    formats: NDArray[np.int16],
    service_min: FloatArray,
    b_walk: FloatArray,
) -> None:
    """
    Add one page to the sums.

    Parameters
    ----------
    page : Page
        A day of the ledger.
    sums : Sums
        Changed in place.
    groups : ndarray of int16, shape (D, R)
        Group of each resident in each declared dimension, as a row of `sums.barrier`; row 0 of the sums, all
        residents, is filled without being declared.
    formats : ndarray of int16, shape (F,)
        Format of each facility.
    service_min : ndarray of float64, shape (F,)
        Mean service time of each facility, for the minutes its servers are busy.
    b_walk : ndarray of float64, shape (R,)
        Disutility a minute, which turns utility into minutes.
    """
    _tally(
        page.rows, page.resident, page.service, page.days_open, page.need_min, page.fate, page.first_barrier,
        page.met_if_lifted, page.facility, page.tries, page.refusals, page.walk_min, page.wait_min,
        page.arrive_min, page.utility,
        page.price_fen, page.fee_fen, page.voucher_fen, groups, formats, service_min, b_walk, sums.resident,
        sums.service, sums.format, sums.facility, sums.barrier, sums.needs_by_group, sums.hourly,
        np.zeros(len(SUMS)),
    )  # fmt: skip
    sums.days += 1


@compiled(borrow=True)
def _hour(minute: Any) -> Any:
    """Hour of the day, minutes past midnight in the last."""
    return min(23, max(0, int(minute / 60.0)))


@compiled(borrow=True)
def _barrier_of(bits: Any) -> Any:
    """Position of the lowest bit; bits is not zero."""
    position = 0
    while bits & 1 == 0:
        bits >>= 1
        position += 1
    return position


@compiled(borrow=True)
def _tally(
    rows: Any, resident: Any, service: Any, days_open: Any, need_min: Any, fate: Any, first_barrier: Any,
    met_if_lifted: Any,
    facility: Any, tries: Any, refusals: Any, walk_min: Any, wait_min: Any, arrive_min: Any, utility: Any,
    price: Any, fee: Any, voucher: Any, groups: Any, formats: Any, service_min: Any, b_walk: Any,
    by_resident: Any, by_service: Any, by_format: Any, by_facility: Any, barrier: Any, needs_by_group: Any,
    hourly: Any, line: Any,
) -> None:  # fmt: skip
    """Add the rows one by one."""
    for i in range(rows):
        r, s, f, how = resident[i], service[i], facility[i], fate[i]
        if how > COUNTED:
            # A need counts on the day it ends; counters reached and minutes walked before count as well.
            for q, count in ((11, float(tries[i])), (12, float(refusals[i])), (16, -float(walk_min[i]))):
                by_resident[r, q] += count
                by_service[s, q] += count
            continue
        line[:] = 0.0
        line[0] = 1.0
        line[1 + int(how)] = 1.0
        first = int(first_barrier[i])
        pushed = first != 0 and (how == 2 or how == _OUTSIDE)
        line[7] = 1.0 if pushed else 0.0
        line[11], line[12] = tries[i], refusals[i]
        line[16], line[18] = utility[i] / b_walk[r], float(days_open[i])
        if how <= _DELIVERED:
            line[8], line[9], line[10] = walk_min[i], wait_min[i], 1.0
            line[13] = float(price[i] + fee[i] - voucher[i])
            line[15] = float(fee[i])
            line[17] = float(voucher[i])
        elif how == _OUTSIDE:
            line[14] = float(price[i])
        for q in range(line.size):
            by_resident[r, q] += line[q]
            by_service[s, q] += line[q]
        hourly[_hour(need_min[i]), 0] += 1.0
        if how <= _DELIVERED:
            for q in range(line.size):
                by_format[formats[f], q] += line[q]
            by_facility[f, 0] += 1.0
            by_facility[f, 1] += float(price[i] + fee[i])
            by_facility[f, 2] += wait_min[i]
            by_facility[f, 3] += service_min[f]
            hourly[_hour(arrive_min[i]), 1] += 1.0
        elif how == _UNMET:
            hourly[_hour(need_min[i]), 2] += 1.0
        for d in range(-1, groups.shape[0]):
            g = 0 if d < 0 else groups[d, r]
            needs_by_group[g, s] += 1.0
            if how <= _DELIVERED:
                continue
            if first != 0:
                b = _barrier_of(first)
                if how == _UNMET:
                    barrier[g, s, b, 0] += 1.0
                elif pushed:
                    barrier[g, s, b, 1] += 1.0
                barrier[g, s, b, 2] += 1.0
            lift = int(met_if_lifted[i])
            b = 0
            while lift != 0:
                if lift & 1 == 1:
                    barrier[g, s, b, 3] += 1.0
                lift >>= 1
                b += 1
