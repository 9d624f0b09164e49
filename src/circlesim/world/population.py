"""Population: one row a resident, one column a trait."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag

import numpy as np
from numpy.typing import NDArray


class Mobility(IntEnum):
    """How a resident gets about."""

    INDEPENDENT = 0
    SLOW = 1
    AID = 2
    HOMEBOUND = 3


class Schedule(IntEnum):
    """Type of week: sets free windows."""

    WORKER = 0
    STUDENT = 1
    RETIRED = 2
    CARER = 3
    REMOTE = 4


class Means(IntFlag):
    """Means of payment, as bits; a resident carries a set, a facility accepts a set."""

    CASH = 1
    CARD = 2
    MOBILE = 4


INCOME_BANDS: tuple[str, ...] = ("low", "middle", "high")


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """
    The residents of a world, as columns.

    Parameters
    ----------
    resident : ndarray of str, shape (R,)
        Stable ids as text.
    id64 : ndarray of uint64, shape (R,)
        Hash of the id; what order and draws use.
    age : ndarray of int16, shape (R,)
        Years.
    sex : ndarray of uint8, shape (R,)
        0 female, 1 male.
    household : ndarray of int32, shape (R,)
        Household number.
    home_row : ndarray of int32, shape (R,)
        Node row of the home in the world's streets.
    mobility : ndarray of uint8, shape (R,)
        `Mobility`.
    speed_m_per_min : ndarray of float64, shape (R,)
        Walking speed on a dry, level street.
    tolerance_min : ndarray of float64, shape (R,)
        Longest walk one way; 0 for the homebound.
    digital : ndarray of uint8, shape (R,)
        1 where the resident orders and pays online unaided.
    means_owned, means_carried : ndarray of uint8, shape (R,)
        `Means` bits; carried is a subset of owned.
    schedule : ndarray of uint8, shape (R,)
        `Schedule`.
    income_band : ndarray of uint8, shape (R,)
        Position in `INCOME_BANDS`.
    budget_fen : ndarray of int64, shape (R,)
        Purse refill a week, in minor units of the world's currency.
    need_rate : ndarray of float32, shape (R, K)
        Probability of a need of each kind on a weekday; kinds are rows of `catalog.needs.KINDS`.
    circle : ndarray of int32, shape (R,)
        Circle number.
    chronic : ndarray of uint8, shape (R,)
        1 where a chronic illness is known.
    stop_row : ndarray of int32, shape (R,)
        Node row of the stop, school or gate passed on the way to work or school and back; -1 for none.
    """

    resident: NDArray[np.str_]
    id64: NDArray[np.uint64]
    age: NDArray[np.int16]
    sex: NDArray[np.uint8]
    household: NDArray[np.int32]
    home_row: NDArray[np.int32]
    mobility: NDArray[np.uint8]
    speed_m_per_min: NDArray[np.float64]
    tolerance_min: NDArray[np.float64]
    digital: NDArray[np.uint8]
    means_owned: NDArray[np.uint8]
    means_carried: NDArray[np.uint8]
    schedule: NDArray[np.uint8]
    income_band: NDArray[np.uint8]
    budget_fen: NDArray[np.int64]
    need_rate: NDArray[np.float32]
    circle: NDArray[np.int32]
    chronic: NDArray[np.uint8]
    stop_row: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.resident)

    def take(self, rows: NDArray[np.integer] | NDArray[np.bool_]) -> Population:
        """
        Return some of the residents, in the order asked for.

        Parameters
        ----------
        rows : ndarray of int or bool
            Row numbers, or a mask of shape (R,).

        Returns
        -------
        Population
            The residents named, every column cut alike.
        """
        return Population(**{column.name: getattr(self, column.name)[rows] for column in fields(self)})
