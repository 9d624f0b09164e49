"""Trace: one resident's day as it happened, every alternative with the terms of its utility."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import mesa
import numpy as np

from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.choosing import elsewhere, going_without, orders, walk_in
from circlesim.abm.day import run_day
from circlesim.abm.diagnosing import barriers_of_orders, barriers_of_visits, barriers_on_foot
from circlesim.abm.errand import DELIVERY, FORGO, HOME, HOME_VISIT, NONE, OUTSIDE, WALK_IN, Alternative, Errand
from circlesim.abm.fares import aid_for, fare, order_price
from circlesim.abm.liking import lasting_taste
from circlesim.abm.luck import KeyedLuck
from circlesim.abm.objects import written
from circlesim.abm.stop import Stop
from circlesim.abm.takeover import take_over
from circlesim.abm.town import ObjectTown
from circlesim.abm.visiting import visits
from circlesim.engine.choice import AT_HOME, AT_STOP
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage, stage_on
from circlesim.errors import RunError
from circlesim.ledger import PAGE_TYPES, Page

TERMS: tuple[str, ...] = (
    "constant", "quality", "variety", "price", "walk", "wait", "moved", "habit", "taste", "luck",
)  # fmt: skip
"""Parts of a utility, which add up to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """
    One alternative of a choice.

    Parameters
    ----------
    target : int
        Row of the facility, or -1 home, -2 outside, -3 going without.
    channel : int
        `ledger.Channel`.
    terms : dict of str to float
        `TERMS` that are not zero by nature; empty where the alternative could not be had.
    utility : float
        Their sum, nan where it could not be had.
    leave_min, walk_min, wait_min : float
        Departure or order, minutes on foot from where the resident stood, and wait expected; nan as above.
    price_fen : int
        Price with its fee.
    barriers : int
        Bits of `ledger.Barrier`; 0 where it could be had.
    tried : bool
        Whether this outlet has turned the resident away for this need.
    """

    target: int
    channel: int
    terms: dict[str, float]
    utility: float
    leave_min: float = math.nan
    walk_min: float = math.nan
    wait_min: float = math.nan
    price_fen: int = 0
    barriers: int = 0
    tried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """
    One choice: at home, or at a counter that turned the resident away.

    Parameters
    ----------
    minute : float
        For which was chosen.
    standing_at : int
        Facility row, -1 at home, or -2 at the stop passed daily.
    chosen : int
        Position in `options`.
    options : tuple of Option
        Those that could be had, best first, then those that could not.
    """

    minute: float
    standing_at: int
    chosen: int
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """
    One arrival at a counter.

    Parameters
    ----------
    minute : float
        When.
    facility : int
        Facility row.
    ahead : int
        People waiting.
    barrier : int
        What stopped the resident; 0 for nothing.
    """

    minute: float
    facility: int
    ahead: int
    barrier: int


@dataclass(slots=True, kw_only=True)
class NeedStory:
    """
    What became of one need.

    Parameters
    ----------
    errand : Errand
        The need with its row of the ledger.
    steps : list of Choice or Arrival
        In the order they happened.
    before, after : tuple of float
        Performance held and expectation of the service before the choice and after the judgement.
    """

    errand: Errand
    steps: list[Choice | Arrival] = field(default_factory=list)
    before: tuple[float, float] = (math.nan, math.nan)
    after: tuple[float, float] = (math.nan, math.nan)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """
    One resident's day.

    Parameters
    ----------
    resident : ResidentAgent
        At the end of the day.
    purse_fen : int
        Money at hand in the morning, the week's money included.
    town : ObjectTown
        For names and prices.
    day : int
        Days since `start`.
    needs : list of NeedStory
        In the order of the first choice.
    """

    resident: ResidentAgent
    purse_fen: int
    town: ObjectTown
    day: int
    needs: list[NeedStory]


def trace_day(
    prepared: Prepared, baseline: tuple[Stage, ...], stages: tuple[Stage, ...], *, seed: int, replication: int,
    warmup_days: int, resident: int, day: int, last: bool = False,
) -> Trace:  # fmt: skip
    """
    Run up to a day in columns, then that day with one object per resident, and watch one of them.

    Parameters
    ----------
    prepared : Prepared
        What all scenarios share.
    baseline, stages : tuple of Stage
        The facts of the warm-up, and of the scenario.
    seed, replication : int
        Name of the luck.
    warmup_days : int
        Days before the first.
    resident : int
        Row of the resident.
    day : int
        Days since `start`, from 0.
    last : bool, default: False
        Whether it is the last day of the run, on which nothing is put off.

    Returns
    -------
    Trace
        The day as it happened.

    Raises
    ------
    RunError
        If the two engines write different rows for the resident.
    """
    warm = Simulation(prepared, baseline, seed, replication)
    for before in range(-warmup_days, 0):
        warm.run_day(before)
    columns = warm.fork(stages)
    for before in range(day):
        columns.run_day(before)
    yesterday = stage_on(stages, day - 1) if day > 0 else stage_on(baseline, -1)
    town = ObjectTown(prepared, yesterday, KeyedLuck(seed, replication), mesa.Model(rng=seed))
    take_over(town, columns.state)
    watch = Watch(town, town.residents[resident])
    town.witness = watch
    town.begin(day, stage_on(stages, day))
    page = written(run_day(town, last=last), day)
    _compare(page, columns.run_day(day, last=last), resident)
    return Trace(
        resident=watch.resident, purse_fen=watch.purse_fen, town=town, day=day, needs=watch.finished(),
    )  # fmt: skip


class Watch:
    """
    Notes what one resident chooses and meets.

    Parameters
    ----------
    town : ObjectTown
        The town.
    resident : ResidentAgent
        Who is watched.
    """

    def __init__(self, town: ObjectTown, resident: ResidentAgent) -> None:
        self.town, self.resident = town, resident
        self.purse_fen = resident.purse_fen
        self._stories: dict[int, NeedStory] = {}

    def saw_choice(self, errand: Errand, choice: Alternative) -> None:
        """See `town.Witness`."""
        if errand.resident is not self.resident:
            return
        if not self._stories:
            self.purse_fen = self.resident.purse_fen
        if errand.number not in self._stories:
            self._stories[errand.number] = NeedStory(errand=errand, before=self._held(errand))
        place = _place(errand.standing_at)
        options = tuple(_options(self.town, errand))
        chosen = next(i for i, o in enumerate(options) if (o.target, o.channel) == (choice.target, choice.channel))
        minute = errand.asked_min if errand.tries == 0 else errand.arrival_min
        self._stories[errand.number].steps.append(
            Choice(minute=minute, standing_at=place, chosen=chosen, options=options)
        )

    def saw_counter(self, errand: Errand, facility: FacilityAgent, barrier: int, ahead: int) -> None:
        """See `town.Witness`."""
        if errand.resident is self.resident:
            step = Arrival(minute=errand.arrival_min, facility=facility.row, ahead=ahead, barrier=barrier)
            self._stories[errand.number].steps.append(step)

    def finished(self) -> list[NeedStory]:
        """
        Close the stories at the end of the day.

        Returns
        -------
        list of NeedStory
            In the order of the first choice.
        """
        stories = list(self._stories.values())
        for i, story in enumerate(stories):
            same = (later for later in stories[i + 1 :] if later.errand.service == story.errand.service)
            following = next(same, None)
            story.after = self._held(story.errand) if following is None else following.before
        return stories

    def _held(self, errand: Errand) -> tuple[float, float]:
        return self.resident.performance[errand.service], self.resident.expectation[errand.service]


def _options(town: ObjectTown, errand: Errand) -> list[Option]:
    """List all alternatives of an errand: those that could be had, best first, then the others by outlet."""
    had = [_option(town, errand, alternative) for alternative in _feasible(town, errand)]
    had.sort(key=lambda option: -option.utility)
    listed = {(option.target, option.channel) for option in had}
    hindered = [(WALK_IN, *found) for found in barriers_on_foot(town, errand)]
    hindered += [(DELIVERY, *found) for found in barriers_of_orders(town, errand)]
    hindered += [(HOME_VISIT, *found) for found in barriers_of_visits(town, errand)]
    others = [
        Option(target=facility.row, channel=channel, terms={}, utility=math.nan, barriers=bits,
               price_fen=_price(errand, facility, channel),
               tried=(facility.row, channel == HOME_VISIT) in errand.tried)
        for channel, facility, bits, _ in hindered if (facility.row, channel) not in listed
    ]  # fmt: skip
    return had + others


def _feasible(town: ObjectTown, errand: Errand) -> list[Alternative]:
    undone = Alternative(FORGO, None, NONE, going_without(town, errand), errand.asked_min)
    inside = (
        (*walk_in(town, errand), *orders(town, errand), *visits(town, errand)) if _may_try(town, errand) else ()
    )
    return [undone, *elsewhere(town, errand), *inside]


def _may_try(town: ObjectTown, errand: Errand) -> bool:
    return errand.tries < int(town.law.number["tries_max"])


def _option(town: ObjectTown, errand: Errand, found: Alternative) -> Option:
    """Take the utility of an alternative apart."""
    terms = _terms(town, errand, found)
    terms["luck"] = found.utility - math.fsum(terms.values())
    price = _price(errand, found.facility, found.channel) if found.facility is not None else 0
    return Option(target=found.target, channel=found.channel, terms=terms, utility=found.utility,
                  leave_min=found.leave_min, walk_min=found.walk_min, wait_min=found.wait_min,
                  price_fen=price)  # fmt: skip


def _terms(town: ObjectTown, errand: Errand, found: Alternative) -> dict[str, float]:
    """All terms of a utility but its luck."""
    constant = town.law.constant[errand.resident.age_group][errand.service]
    if found.facility is None:
        return {"constant": constant[{HOME: 1, OUTSIDE: 2, FORGO: 3}[found.target]]}
    number, service, facts = town.law.number, town.law.service[errand.service], found.facility.facts
    ordered = found.channel == DELIVERY
    ratio = order_price(errand, found.facility) / errand.basket_fen if ordered else facts.price_level
    if not ordered and aid_for(errand.resident, found.facility, facts.aid_fen):
        ratio = fare(errand, found.facility) / errand.basket_fen
    asked_for = number["visit_wait_min"] if found.channel == HOME_VISIT else 0.0
    terms = {
        "quality": number["b_quality"] * facts.quality,
        "variety": number["b_variety"] * math.log(facts.variety),
        "price": -service["b_price"] * math.log(ratio),
        "walk": -errand.resident.b_walk * found.ranked_min,
        "wait": -number["b_wait"] * found.wait_min,
        "moved": -number["b_shift"] * (found.moved_min + asked_for),
        "taste": lasting_taste(town, errand, found.facility),
    }
    if town.mechanisms.habit:
        terms["habit"] = town.habit_of(errand.resident, errand.service, found.facility)
    if ordered:
        terms["constant"] = constant[0]
    return terms


def _place(standing_at: FacilityAgent | Stop | None) -> int:
    """Row of the outlet at whose counter somebody stands, or `AT_HOME` or `AT_STOP`."""
    if isinstance(standing_at, Stop):
        return AT_STOP
    return AT_HOME if standing_at is None else standing_at.row


def _price(errand: Errand, facility: FacilityAgent, channel: int) -> int:
    return order_price(errand, facility) if channel == DELIVERY else fare(errand, facility)


def _compare(objects: Page, columns: Page, resident: int) -> None:
    """Hold the rows of both engines against each other."""
    mine, other = objects.columns(), columns.columns()
    rows, rows_other = mine["resident"] == resident, other["resident"] == resident
    same = rows.sum() == rows_other.sum() and all(
        np.array_equal(mine[name][rows], other[name][rows_other], equal_nan=PAGE_TYPES[name] is np.float64)
        for name in PAGE_TYPES
    )
    if not same:
        raise RunError("the two engines tell different days of this resident: the trace cannot be trusted")
