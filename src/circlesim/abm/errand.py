"""Errand: one need of one resident, from the minute it arises to its row in the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import nan
from typing import NamedTuple

from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.line import Line
from circlesim.abm.stop import Stop
from circlesim.catalog.needs import KIND_ORDINAL, KIND_SERVICE, KINDS
from circlesim.ledger import Channel, Fate

OUT, BACK = 1, 2
"""Daily ways on which a need may be met."""

HOME, OUTSIDE, FORGO = -1, -2, -3
"""Alternatives that are no facility, as `first_choice` writes them."""

NONE, WALK_IN, DELIVERY, HOME_VISIT = (int(channel) for channel in Channel)


class Alternative(NamedTuple):
    """
    One way to meet a need.

    Parameters
    ----------
    target : int
        Row of the facility, or `HOME`, `OUTSIDE`, `FORGO`.
    facility : FacilityAgent or None
        The facility.
    channel : int
        `WALK_IN`, `DELIVERY`, `HOME_VISIT` or `NONE`.
    utility : float
        With its luck.
    leave_min : float
        Minute of departure, or of the order.
    walk_min : float
        Minutes of the way there from where the resident stands.
    counted_min : float
        Minutes of it that the trip made anyway does not take.
    ranked_min : float
        Minutes the ranking counts: from home, or what the stop adds to an outing.
    home_walk_min : float
        Minutes between there and home.
    wait_min : float
        Wait expected.
    moved_min : float
        Minutes by which the errand is moved.
    """

    target: int
    facility: FacilityAgent | None
    channel: int
    utility: float
    leave_min: float
    walk_min: float = 0.0
    counted_min: float = 0.0
    ranked_min: float = 0.0
    home_walk_min: float = 0.0
    wait_min: float = 0.0
    moved_min: float = 0.0

    def beats(self, other: Alternative) -> bool:
        """
        Tell whether this one is chosen over another.

        Parameters
        ----------
        other : Alternative
            Looked at before.

        Returns
        -------
        bool
            True where utility is higher; of two outlets that tie, the smaller id.
        """
        if self.utility != other.utility:
            return self.utility > other.utility
        if self.facility is None or other.facility is None or self.channel != other.channel:
            return False
        return self.facility.id64 < other.facility.id64


UNDECIDED = Alternative(FORGO, None, NONE, 0.0, 0.0)
"""Before the first choice."""


@dataclass(slots=True, kw_only=True)
class Errand:
    """
    A need on its way, with what the ledger will say of it.

    Parameters
    ----------
    number : int
        Row in the ledger.
    resident : ResidentAgent
        Whose need it is.
    kind : int
        Row k of `catalog.needs.KINDS`, or k + w * K for a need that arose w days ago.
    need_min : float
        Minute at which it arises.
    basket_fen : int
        Price at level one.

    Attributes
    ----------
    asked_min, not_before_min : float
        Minute for which was chosen, and the earliest departure.
    choice : Alternative
        Where the resident is heading.
    arrival_min : float
        When he gets there.
    standing_at : FacilityAgent, Stop or None
        Last counter reached, or the stop; None at home.
    way_home_min : float
        Minutes home from there.
    base : FacilityAgent, Stop or None
        Counter or stop from which was chosen on an outing; None at home.
    base_home_min : float
        Minutes home from there.
    trip : int
        `OUT` or `BACK` where it falls on the daily way to work or school, or back; else 0.
    trip_min : float or None
        Minutes from home to the stop where the errand is run on the way there.
    line : Line or None
        Line joined at the counter.
    then : Errand or None
        Next errand of the same resident.
    joins : bool
        Whether it is met on the way out with the errand before it.
    tried : set of (int, bool)
        Rows of facilities that turned the resident away, and whether by refusing a home visit.
    stood_min : float
        Minutes stood in lines that were left unserved.
    in_hand : bool
        Whether a guest who eats there is served and not yet seated.
    nest_luck : dict of int to float
        Luck shared by the outlets, and by the orders, of this need.
    """

    number: int
    resident: ResidentAgent
    kind: int
    need_min: float
    basket_fen: int
    asked_min: float = 0.0
    not_before_min: float = 0.0
    choice: Alternative = UNDECIDED
    arrival_min: float = 0.0
    standing_at: FacilityAgent | Stop | None = None
    way_home_min: float = 0.0
    base: FacilityAgent | Stop | None = None
    base_home_min: float = 0.0
    trip: int = 0
    trip_min: float | None = None
    line: Line | None = None
    then: Errand | None = None
    joins: bool = False
    tried: set[tuple[int, bool]] = field(default_factory=set)
    stood_min: float = 0.0
    in_hand: bool = False
    nest_luck: dict[int, float] = field(default_factory=dict)
    first_choice: int = 0
    first_barrier: int = 0
    barriers: int = 0
    met_if_lifted: int = 0
    inside_feasible: int = 1
    tries: int = 0
    refusals: int = 0
    fate: int = int(Fate.UNMET)
    channel: int = NONE
    facility: int = -1
    walk_min: float = 0.0
    arrive_min: float = nan
    start_min: float = nan
    wait_min: float = nan
    ahead: int = 0
    utility: float = 0.0
    price_fen: int = 0
    fee_fen: int = 0
    voucher_fen: int = 0

    @property
    def service(self) -> int:
        """Service number."""
        return KIND_SERVICE[self.kind % len(KINDS)]

    @property
    def ordinal(self) -> int:
        """Ordinal of the need that day."""
        return KIND_ORDINAL[self.kind % len(KINDS)]

    @property
    def days_open(self) -> int:
        """Days since it arose."""
        return self.kind // len(KINDS)

    @property
    def at_home_from_min(self) -> float:
        """Minute from which its owner can leave home, or order: when it is asked, or on coming from the stop."""
        return self.asked_min + self.base_home_min if isinstance(self.base, Stop) else self.asked_min

    @property
    def is_settled(self) -> bool:
        """Whether it arose on an earlier day and is open no more."""
        return self.days_open > 0 and self.kind not in self.resident.pending

    def settle(self) -> None:
        """Close the row of a need that ended on an earlier day."""
        self.fate, self.first_choice = int(Fate.SETTLED), FORGO

    def go_home(self) -> None:
        """Go home from the stop: what follows starts from there."""
        self.asked_min = self.at_home_from_min
        self.base = self.standing_at = None
        self.base_home_min = self.way_home_min = 0.0

    def head_for(self, choice: Alternative) -> None:
        """
        Set out.

        Parameters
        ----------
        choice : Alternative
            Where to.
        """
        self.choice = choice
        self.arrival_min = choice.leave_min + choice.walk_min
        self.walk_min += choice.counted_min

    def __lt__(self, other: Errand) -> bool:
        """Order arrivals: by minute, then resident id, then need; never by row or turn."""
        mine = self.arrival_min, self.resident.id64, self.number
        return mine < (other.arrival_min, other.resident.id64, other.number)
