"""Agents: one plain object per resident and per facility."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque

import mesa

from circlesim import draws
from circlesim.abm.books import Books
from circlesim.abm.facts import OutletFacts
from circlesim.abm.larder import Larder
from circlesim.abm.law import Law
from circlesim.abm.line import DAY_MIN, Line
from circlesim.abm.luck import Luck
from circlesim.abm.rules import (
    basket_fen,
    basket_share,
    errand_cost,
    learned,
    neglected,
    practised,
    remembered_wait,
    within_reach,
)
from circlesim.abm.stop import Stop
from circlesim.abm.storeroom import Storeroom
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.services import HOUSEHOLD_SERVICES, SERVICES
from circlesim.engine.calendar import STEP_MIN
from circlesim.engine.places import CHILD, FREED
from circlesim.engine.state import HOURS
from circlesim.world.population import Means, Schedule

MOBILE = int(Means.MOBILE)
SHARED = [SERVICES[service] in HOUSEHOLD_SERVICES for service in KIND_SERVICE]
"""Whether a household has needs of a kind together."""


def hour_of(minute: float) -> int:
    """
    Hour of the day of a minute.

    Parameters
    ----------
    minute : float
        Minutes since midnight.

    Returns
    -------
    int
        0 to 23; a minute past the next midnight counts as the last hour.
    """
    return min(HOURS - 1, max(0, int(minute / 60.0)))


class FacilityAgent(mesa.Agent):  # type: ignore[misc]
    """
    An outlet with its counter and its queue.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    row : int
        Row in the roster.
    facility : str
        Id.
    id64 : int
        Hash of the id.
    x_m, y_m : float
        Where it stands.
    origin : int
        Where walks from its counter begin in the table of metres.
    facts : OutletFacts
        What holds of it today.
    """

    def __init__(
        self, model: mesa.Model, *, row: int, facility: str, id64: int, x_m: float, y_m: float, origin: int,
        facts: OutletFacts,
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.row, self.facility, self.id64 = row, facility, id64
        self.x_m, self.y_m, self.origin = x_m, y_m, origin
        self.facts = facts
        self.counter, self.machine = Line(facts.servers), Line(1)
        self.visitors: deque[tuple[float, float]] = deque()
        self.larder, self.storeroom, self.booked = Larder(), Storeroom(standing=facts.present), 0
        self.seat_free_at = [0.0] * facts.seats
        self.books, self.premises64 = Books(), id64
        self.wait_public = [0.0] * HOURS
        self.wait_sum, self.wait_count = [0.0] * HOURS, [0] * HOURS
        self.days_there = 0.0
        self.told = 0.0
        self.visits_today = 0
        self.revenue_today_fen = 0

    def adopt(self, facts: OutletFacts) -> bool:
        """
        Take over the facts of another stage.

        Parameters
        ----------
        facts : OutletFacts
            What holds from now on.

        Returns
        -------
        bool
            True where it now takes a means of payment it did not take before.
        """
        wider = bool(facts.accepts & ~self.facts.accepts)
        self.facts = facts
        self.counter.staff(facts.servers)
        self.seat_free_at += [0.0] * (facts.seats - len(self.seat_free_at))
        return wider

    @property
    def is_there(self) -> bool:
        """Whether it exists and somebody operates it."""
        return self.facts.present and self.books.trading

    def begin_anew(self) -> None:
        """Open in other hands: with an id of their own, and no line, no past and no name yet."""
        self.books.trading, self.books.vacant_months = True, 0
        self.books.generation += 1
        self.id64 = int(draws.chain(self.premises64, self.books.generation))
        self.counter, self.machine = Line(self.facts.servers), Line(1)
        self.larder, self.storeroom = Larder(), Storeroom(standing=False)
        self.seat_free_at = [0.0] * len(self.seat_free_at)
        self.wait_public = [0.0] * HOURS
        self.days_there = self.told = 0.0

    def offers(self, service: int) -> bool:
        """
        Tell whether one may walk in for a service.

        Parameters
        ----------
        service : int
            Service number.

        Returns
        -------
        bool
            False where it does not exist, delivers only, or offers something else.
        """
        facts = self.facts
        return self.is_there and facts.walk_in and bool(facts.services >> service & 1)

    def is_open(self, weekday: int, minute: float) -> bool:
        """
        Tell whether it is open.

        Parameters
        ----------
        weekday : int
            Monday 0.
        minute : float
            Minute of the day; may lie past midnight.

        Returns
        -------
        bool
            True from opening until just before closing.
        """
        return any(opens <= minute < closes for opens, closes in self.facts.hours[weekday])

    def line_for(self, resident: ResidentAgent, minute: float, machines: bool) -> Line:
        """
        Find the line somebody joins: that of the machine where it is shorter and they can use one.

        Parameters
        ----------
        resident : ResidentAgent
            Who.
        minute : float
            Arrival.
        machines : bool
            Whether machines are in use at all.

        Returns
        -------
        Line
            Of the counter or of the machine.
        """
        if not machines or not self.facts.self_service or resident.lacks_digital:
            return self.counter
        lengths = [line.ahead(minute) + line.is_busy(minute) for line in (self.counter, self.machine)]
        return self.machine if lengths[1] < lengths[0] else self.counter

    def admit(self, until: float, noted: bool) -> None:
        """
        Let customers from elsewhere come.

        Parameters
        ----------
        until : float
            Minute up to which they have come.
        noted : bool
            Whether their waits are remembered.
        """
        while self.visitors and self.visitors[0][0] <= until:
            minute, length_min = self.visitors.popleft()
            if self.counter.is_full(minute, self.facts.queue_limit):
                continue
            start = self.counter.join(minute, length_min)
            if noted:
                self.note_wait(minute, start - minute)

    @property
    def seat_free_from(self) -> float:
        """Minute at which the first seat is free."""
        return min(self.seat_free_at[: self.facts.seats])

    def sit_down(self, leaves: float) -> None:
        """
        Let somebody take the seat that is free first.

        Parameters
        ----------
        leaves : float
            Minute of leaving it.
        """
        self.seat_free_at[self.seat_free_at.index(self.seat_free_from, 0, self.facts.seats)] = leaves

    def note_wait(self, minute: float, wait_min: float) -> None:
        """
        Remember how long somebody waited.

        Parameters
        ----------
        minute : float
            Arrival.
        wait_min : float
            Minutes until service started.
        """
        self.wait_sum[hour_of(minute)] += wait_min
        self.wait_count[hour_of(minute)] += 1

    def close_day(self, weight: float) -> None:
        """
        Carry clocks past midnight and publish the waits of the day.

        Parameters
        ----------
        weight : float
            Share of the newest day in the wait people expect.
        """
        self.seat_free_at = [max(free - DAY_MIN, -DAY_MIN) for free in self.seat_free_at]
        self.counter.pass_midnight()
        self.machine.pass_midnight()
        for hour, count in enumerate(self.wait_count):
            if count:
                met = self.wait_sum[hour] / count
                self.wait_public[hour] = remembered_wait(self.wait_public[hour], met, weight)
        self.wait_sum, self.wait_count = [0.0] * HOURS, [0] * HOURS


class ResidentAgent(mesa.Agent):  # type: ignore[misc]
    """
    A resident: traits that stay, and what the days leave behind.

    Parameters
    ----------
    model : mesa.Model
        The model it lives in.
    row : int
        Row in the population.
    resident : str
        Id.
    id64 : int
        Hash of the id.
    x_m, y_m : float
        Home.
    origin : int
        Where walks from home begin in the table of metres.
    block : int
        How far below the first rows of the table those of this class of walkers begin.
    stop : Stop or None
        What is passed daily on the way to work or school and back.
    age, age_group, schedule : int
        Years, position in `AGE_GROUPS`, and `Schedule`.
    speed, tolerance, b_walk : float
        Metres a minute on a dry street, longest walk in minutes, disutility a minute.
    means : int
        `Means` carried.
    digital, needs_step_free, homebound : bool
        Claims.
    budget_fen : int
        Purse refill a week.
    circle : int
        Circle number.
    rates : list of (int, float)
        Need kinds and their probability on a weekday, where above zero.
    """

    def __init__(
        self, model: mesa.Model, *, row: int, resident: str, id64: int, x_m: float, y_m: float, origin: int,
        block: int, stop: Stop | None, age: int, age_group: int, schedule: int, speed: float, tolerance: float,
        b_walk: float, means: int,
        digital: bool, needs_step_free: bool, homebound: bool, budget_fen: int, circle: int,
        rates: list[tuple[int, float]],
    ) -> None:  # fmt: skip
        super().__init__(model)
        self.row, self.resident, self.id64 = row, resident, id64
        self.x_m, self.y_m, self.origin = x_m, y_m, origin
        self.block, self.stop = block, stop
        self.age, self.age_group, self.schedule = age, age_group, schedule
        self.speed, self.tolerance, self.b_walk = speed, tolerance, b_walk
        self.dry_speed = speed
        self.means, self.digital = means, digital
        self.needs_step_free, self.homebound = needs_step_free, homebound
        self.budget_fen, self.circle, self.rates = budget_fen, circle, dict(rates)
        self.family: list[ResidentAgent] = []
        self.is_helped = False
        self.held: dict[int, FacilityAgent] = {}
        self.waited: dict[int, int] = {}
        self.pending: set[int] = set()
        self.listed: dict[int, FacilityAgent] = {}
        self.promised: dict[int, FacilityAgent] = {}
        self.purse_fen = budget_fen
        self.refused_by: set[int] = set()
        self.performance: list[float] = []
        self.expectation: list[float] = []
        self.equity: list[float] = []
        self.usual: dict[int, int] = {}
        self.strength: dict[int, float] = {}

    @property
    def lacks_digital(self) -> bool:
        """Whether what only a phone opens is closed to this resident."""
        return not self.digital or not self.means & MOBILE

    @property
    def week(self) -> int:
        """Row of the free windows: that of the schedule, or of carers whose child is in day care."""
        return FREED if self.schedule == Schedule.CARER and CHILD in self.held else self.schedule

    @property
    def cannot_order(self) -> bool:
        """Whether this resident can neither order alone nor have it done at home."""
        return self.lacks_digital and not self.is_helped

    @property
    def wants_visits(self) -> bool:
        """Whether staff come to this resident: to who stays at home, or walks with an aid."""
        return self.homebound or self.needs_step_free

    def can_walk(self, minutes: float) -> bool:
        """
        Tell whether a walk is within reach.

        Parameters
        ----------
        minutes : float
            One way.

        Returns
        -------
        bool
            Never True of the homebound.
        """
        return not self.homebound and bool(within_reach(minutes, self.tolerance))

    def expect(self, performance: list[float]) -> None:
        """
        Start with expectations that are just met.

        Parameters
        ----------
        performance : list of float
            Expected of each service.
        """
        self.performance, self.expectation = list(performance), list(performance)
        self.equity = [1.0] * len(performance)

    def refill_purse(self, cap_weeks: float) -> None:
        """
        Add the week's money; what is left is carried over, up to a cap.

        Parameters
        ----------
        cap_weeks : float
            Most weeks of money in the purse.
        """
        self.purse_fen = min(self.purse_fen + self.budget_fen, int(self.budget_fen * cap_weeks))

    def needs_today(self, law: Law, luck: Luck, weekend: int, season: list[float]) -> list[tuple[int, float, int]]:
        """
        Let the needs of the day arise.

        Parameters
        ----------
        law : Law
            The numbers.
        luck : Luck
            The day's luck.
        weekend : int
            1 on Saturday and Sunday.
        season : list of float
            Multipliers of the season by kind.

        Returns
        -------
        list of (int, float, int)
            Kind, minute and basket (fen) of each need, by kind.
        """
        needs = []
        for kind, own_rate in self.rates.items():
            shared = len(self.family) > 1 and SHARED[kind]
            weekday_rate = sum(member.rates.get(kind, 0.0) for member in self.family) if shared else own_rate
            rate = weekday_rate * law.weekend_factor[kind] if weekend else weekday_rate
            rate *= season[kind]
            bearer = min(member.id64 for member in self.family) if shared else self.id64
            if luck.draw(draws.NEED, kind, bearer) >= rate:
                continue
            if shared and self.who_goes(kind, luck) is not self:
                continue
            minute = self.minute_of(law, luck, kind, weekend)
            numbers = law.service[KIND_SERVICE[kind]]
            spread = draws.normal(luck.draw(draws.BASKET, kind, self.id64))
            mean = (basket_share(rate) if shared else 1.0) * numbers["basket_yuan"]
            needs.append((kind, minute, basket_fen(mean, numbers["basket_cv"], spread)))
        return needs

    def minute_of(self, law: Law, luck: Luck, kind: int, weekend: int) -> float:
        """
        Draw the minute at which a need comes up.

        Parameters
        ----------
        law : Law
            The numbers.
        luck : Luck
            The day's luck.
        kind : int
            Its kind; see `errand.Errand`.
        weekend : int
            1 on Saturday and Sunday.

        Returns
        -------
        float
            Minute of the day.
        """
        cumulative = law.cumulative[kind % len(KIND_SERVICE)][self.schedule][weekend]
        return _quantile(cumulative, luck.draw(draws.MINUTE, kind, self.id64))

    def wait_another_day(self) -> None:
        """Let what was put off be a day older."""
        self.pending = {kind + len(KIND_SERVICE) for kind in self.pending}

    def who_goes(self, kind: int, luck: Luck) -> ResidentAgent:
        """
        Find the member of the household to whom an errand costs least.

        Parameters
        ----------
        kind : int
            Kind of need.
        luck : Luck
            The day's luck.

        Returns
        -------
        ResidentAgent
            Among those who can leave home, if anybody with the need can.
        """
        wanting = [member for member in self.family if member.rates.get(kind, 0.0) > 0.0]
        able = [member for member in wanting if not member.homebound] or wanting

        def cost(member: ResidentAgent) -> tuple[float, int]:
            luck_of = draws.exponential(luck.draw(draws.ERRAND, kind, member.id64))
            return errand_cost(luck_of, member.rates[kind]), member.id64

        return min(able, key=cost)

    def practise(self, law: Law, service: int, facility: int) -> None:
        """
        Grow used to an outlet, or less to the one visited before.

        Parameters
        ----------
        law : Law
            The numbers.
        service : int
            Service number.
        facility : int
            Row of the outlet visited.
        """
        rate, strength = law.number["habit_rate"], self.strength.get(service, 0.0)
        if self.usual.get(service) == facility:
            self.strength[service] = practised(strength, rate)
            return
        left = neglected(strength, rate)
        if left < rate:
            self.usual[service], left = facility, rate
        self.strength[service] = left

    def forget(self, facility: int) -> None:
        """
        Forget all about an outlet.

        Parameters
        ----------
        facility : int
            Its row.
        """
        self.refused_by.discard(facility)
        for service in [service for service, row in self.usual.items() if row == facility]:
            del self.usual[service], self.strength[service]

    def judge(self, law: Law, service: int, observed: float) -> None:
        """
        Learn from an attempt.

        Parameters
        ----------
        law : Law
            The numbers.
        service : int
            Service number.
        observed : float
            Performance met; 0 where the attempt failed.
        """
        held, expected = self.performance[service], self.expectation[service]
        self.performance[service] = learned(held, observed, law.number["perf_memory"])
        self.expectation[service] = learned(expected, observed, law.number["expectation_rate"])


def _quantile(cumulative: list[float], u: float) -> float:
    """Minute at which a cumulative distribution over steps of the day reaches u."""
    low = min(bisect_right(cumulative, u), len(cumulative) - 1) - 1
    return STEP_MIN * (low + (u - cumulative[low]) / (cumulative[low + 1] - cumulative[low]))
