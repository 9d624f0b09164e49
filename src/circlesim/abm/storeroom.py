"""Storeroom: daily goods while supply is short, and the reserves kept against it, as one plain object."""

from __future__ import annotations

import math

from circlesim.abm.rules import on_shelf, reserve_left, smoothed

UNKNOWN, NEW = -1.0, -2.0


class Storeroom:
    """
    Baskets of goods at one outlet.

    Parameters
    ----------
    standing : bool
        Whether the outlet stood before the first day.

    Attributes
    ----------
    left, asked : float
        Baskets left today, infinite while supply is usual; and those asked for today.
    usual, reserve : float
        Baskets asked for on a usual day, smoothed; `UNKNOWN` before the first, and `NEW` where the outlet came
        later, with empty shelves. And those kept in reserve.
    """

    def __init__(self, *, standing: bool) -> None:
        self.left, self.asked, self.reserve = math.inf, 0.0, 0.0
        self.usual = UNKNOWN if standing else NEW

    def open(self, supply_share: float) -> None:
        """
        Put out the baskets of the day.

        Parameters
        ----------
        supply_share : float
            Share of usual goods that arrives.
        """
        short = supply_share < 1.0 and self.usual != UNKNOWN
        self.left = on_shelf(max(self.usual, 0.0), supply_share, self.reserve) if short else math.inf

    def runs_out(self) -> bool:
        """
        Ask for a basket.

        Returns
        -------
        bool
            True where none is left.
        """
        self.asked += 1.0
        return self.left < 1.0

    def close(self, is_open: bool, supply_share: float, reserve_days: float, memory: float, refill: float) -> None:
        """
        Close the day: learn what is usual and fill the reserve up, or draw on it.

        Parameters
        ----------
        is_open : bool
            Whether it was a day of opening.
        supply_share : float
            Share of usual goods that arrived.
        reserve_days : float
            Days of usual demand for which there is room.
        memory : float
            Share of the newest day in what is usual.
        refill : float
            Days of usual demand by which a reserve grows a day.
        """
        asked, self.asked = self.asked, 0.0
        # A new shop that nobody knows yet does not know what is usual.
        if not is_open or (self.usual == NEW and asked == 0.0):
            return
        if self.usual < 0.0:
            self.usual, self.reserve = asked, reserve_days * asked if self.usual == UNKNOWN else 0.0
        elif supply_share < 1.0:
            handed_out = on_shelf(self.usual, supply_share, self.reserve) - self.left
            # Baskets are whole, and what is left of one is there tomorrow.
            most = max(1.0, reserve_days * self.usual)
            self.reserve = reserve_left(self.reserve, self.usual * supply_share, handed_out, most)
        else:
            self.usual = smoothed(self.usual, asked, memory)
            self.reserve = reserve_left(self.reserve, refill * self.usual, 0.0, reserve_days * self.usual)
