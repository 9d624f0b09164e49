"""Sheet: working memory of a day, and the ledger rows as the kernel writes them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.coefficients import MOST_TRIES
from circlesim.catalog.needs import KIND_ORDINAL, KINDS, LONGEST_WAIT
from circlesim.compiled import compiled
from circlesim.engine.needs import SERVICE

ORDINAL = np.array(KIND_ORDINAL * (LONGEST_WAIT + 1), dtype=np.int64)
_COUNT = len(KINDS)
NOBODY = -1


class Scratch(NamedTuple):
    """
    What the kernel notes about each need while the day runs; shapes (L,) unless said.

    Parameters
    ----------
    target, channel : ndarray
        Alternative a resident is heading for.
    event_min : ndarray of float64
        Minute at which the resident or the order arrives there.
    utility, ranked, home_walk, wait : ndarray of float64
        Utility in the ranking, the walk it counts, the walk between there and home, wait expected.
    walked : ndarray of float64
        Minutes walked so far.
    asked, not_before : ndarray of float64
        Minute at which the need was chosen for, and the earliest departure.
    place : ndarray of int32
        Facility at whose counter the owner stands, or `NOBODY` at home.
    way_home : ndarray of float64
        Minutes home from there.
    base : ndarray of int32
        Counter or stop from which the ranking was made on an outing, or `NOBODY` at home.
    base_home : ndarray of float64
        Minutes home from that counter.
    trip : ndarray of float64
        Minutes from home to the stop where the need is met on the way there, else -1.
    line : ndarray of int32
        Line joined at the counter; see `engine.line`.
    stood : ndarray of float64
        Minutes stood in lines that were left unserved.
    in_hand : ndarray of uint8
        1 while a guest who eats there is served and not yet seated.
    tried : ndarray of int32, shape (L, MOST_TRIES)
        Outlets tried.
    after : ndarray of int32
        Next need in the same time bucket.
    bucket : ndarray of int32, shape (power of two,)
        First need of each time bucket, or -1.
    """

    target: NDArray[np.int32]
    channel: NDArray[np.uint8]
    event_min: NDArray[np.float64]
    utility: NDArray[np.float64]
    ranked: NDArray[np.float64]
    home_walk: NDArray[np.float64]
    wait: NDArray[np.float64]
    walked: NDArray[np.float64]
    asked: NDArray[np.float64]
    not_before: NDArray[np.float64]
    place: NDArray[np.int32]
    way_home: NDArray[np.float64]
    base: NDArray[np.int32]
    base_home: NDArray[np.float64]
    trip: NDArray[np.float64]
    line: NDArray[np.int32]
    stood: NDArray[np.float64]
    in_hand: NDArray[np.uint8]
    tried: NDArray[np.int32]
    after: NDArray[np.int32]
    bucket: NDArray[np.int32]


def empty_scratch(room: int) -> Scratch:
    """
    Make room for the needs of a day.

    Parameters
    ----------
    room : int
        Most needs of a day.

    Returns
    -------
    Scratch
        Zeroed.
    """
    return Scratch(
        np.zeros(room, np.int32), np.zeros(room, np.uint8), np.zeros(room), np.zeros(room), np.zeros(room),
        np.zeros(room), np.zeros(room), np.zeros(room), np.zeros(room), np.zeros(room),
        np.zeros(room, np.int32), np.zeros(room), np.zeros(room, np.int32), np.zeros(room), np.zeros(room),
        np.zeros(room, np.int32), np.zeros(room), np.zeros(room, np.uint8),
        np.zeros((room, MOST_TRIES), np.int32), np.zeros(room, np.int32),
        np.zeros(1 << max(6, (room - 1).bit_length()), np.int32),
    )  # fmt: skip


class Sheet(NamedTuple):
    """The columns of a `ledger.Page`, as the kernel writes them."""

    resident: Any
    service: Any
    ordinal: Any
    days_open: Any
    need_min: Any
    basket_fen: Any
    first_choice: Any
    first_barrier: Any
    barriers: Any
    met_if_lifted: Any
    inside_feasible: Any
    tries: Any
    refusals: Any
    fate: Any
    channel: Any
    facility: Any
    walk_min: Any
    arrive_min: Any
    start_min: Any
    wait_min: Any
    ahead: Any
    utility: Any
    price_fen: Any
    fee_fen: Any
    voucher_fen: Any


@compiled(inline=True, borrow=True)
def open_row(sheet: Any, i: Any, r: Any, k: Any, minute: Any, basket: Any) -> None:
    """Begin the ledger row of a need."""
    sheet.resident[i], sheet.service[i], sheet.ordinal[i] = r, SERVICE[k], ORDINAL[k]
    sheet.days_open[i] = k // _COUNT
    sheet.need_min[i], sheet.basket_fen[i] = minute, basket
    sheet.first_choice[i], sheet.first_barrier[i], sheet.barriers[i] = 0, 0, 0
    sheet.met_if_lifted[i], sheet.inside_feasible[i], sheet.tries[i], sheet.refusals[i] = 0, 1, 0, 0
    sheet.fate[i], sheet.channel[i], sheet.facility[i], sheet.walk_min[i] = 0, 0, NOBODY, 0.0
    sheet.arrive_min[i], sheet.start_min[i], sheet.wait_min[i] = np.nan, np.nan, np.nan
    sheet.ahead[i], sheet.utility[i] = 0, 0.0
    sheet.price_fen[i], sheet.fee_fen[i], sheet.voucher_fen[i] = 0, 0, 0
