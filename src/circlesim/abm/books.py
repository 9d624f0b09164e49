"""Books: what an operator knows of the business, one plain object per outlet."""

from __future__ import annotations


class Books:
    """
    What an operator knows of the business.

    Attributes
    ----------
    turnover_fen, reserve_fen : int
        What residents paid since the books were opened, and what is in reserve.
    days : int
        Days in the books: those on which somebody operated the outlet.
    support_fen : float
        Public support since the books were opened.
    unseen_fen : int
        What a month on the baseline leaves unexplained.
    trading : bool
        Whether anybody operates the premises.
    vacant_months, generation : int
        Whole months without, and operators after the first.
    """

    def __init__(self) -> None:
        self.turnover_fen, self.reserve_fen, self.unseen_fen = 0, 0, 0
        self.days, self.support_fen = 0, 0.0
        self.trading, self.vacant_months, self.generation = True, 0, 0

    def empty(self) -> None:
        """Open empty books."""
        self.turnover_fen, self.days, self.support_fen = 0, 0, 0.0
