"""Larder: breakfast made in the morning, sold until it is gone, as one plain object."""

from __future__ import annotations

import math

from circlesim.abm.rules import portions, smoothed


class Larder:
    """
    Portions of perishable food at one outlet.

    Attributes
    ----------
    left, asked : float
        Portions left today, and asked for today; infinite before anything is known of demand.
    demand, spread : float
        Mean and variance of portions asked for a day, smoothed; -1 before the first day.
    """

    def __init__(self) -> None:
        self.left, self.asked, self.demand, self.spread = math.inf, 0.0, -1.0, 0.0

    def cook(self, margin: float) -> None:
        """
        Make the portions of the day.

        Parameters
        ----------
        margin : float
            Gross margin.
        """
        self.left = math.inf
        if self.demand >= 0.0:
            self.left = portions(self.demand, self.spread, min(max(margin, 0.01), 0.99))

    def sells_out(self) -> bool:
        """
        Ask for a portion.

        Returns
        -------
        bool
            True where none is left.
        """
        self.asked += 1.0
        return self.left < 1.0

    def learn(self, is_open: bool, memory: float) -> None:
        """
        Learn what was asked for, by those turned away too.

        Parameters
        ----------
        is_open : bool
            Whether it was a day of opening.
        memory : float
            Share of the newest day.
        """
        asked, self.asked = self.asked, 0.0
        if not is_open:
            return
        if self.demand < 0.0:
            self.demand = self.spread = asked
            return
        gap = asked - self.demand
        self.demand = smoothed(self.demand, asked, memory)
        self.spread = smoothed(self.spread, gap * gap, memory)
