"""Expecting: the performance each resident expects before the first day."""

from __future__ import annotations

from bisect import bisect_left

from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.choosing import delivers_to, may_enter
from circlesim.abm.errand import Errand
from circlesim.abm.rules import outlet_utility, performance, walk_min
from circlesim.abm.timing import departure
from circlesim.abm.town import ObjectTown
from circlesim.catalog.needs import KIND_SERVICE
from circlesim.catalog.services import SERVICES
from circlesim.engine.calendar import STEP_MIN

WEEK = 7


def alike_days(town: ObjectTown) -> list[int]:
    """
    Find, for each weekday, the first one with the same hours everywhere and the same kind of week.

    Parameters
    ----------
    town : ObjectTown
        The baseline.

    Returns
    -------
    list of int
        A weekday for each weekday, Monday 0; what holds on the one holds on the other.
    """
    hours = [(day >= 5, [outlet.facts.hours[day] for outlet in town.facilities]) for day in range(WEEK)]
    return [hours.index(today) for today in hours]


def expected_performance(town: ObjectTown, resident: ResidentAgent, week: list[int]) -> list[float]:
    """
    Performance of the best feasible alternative without a wait, as a mean over the seven days of the week.

    Parameters
    ----------
    town : ObjectTown
        The baseline.
    resident : ResidentAgent
        Who expects.

    Returns
    -------
    list of float
        By service: that of the outlet of highest systematic utility at the median minute of the need, else of
        the best order, else 0; a day on which none is feasible counts as 0.
    """
    expected = []
    for service in range(len(SERVICES)):
        kind = KIND_SERVICE.index(service)
        total = 0.0
        for weekday in range(7):
            town.weekday, town.weekend = weekday, int(weekday >= 5)
            cumulative = town.law.cumulative[kind][resident.schedule][town.weekend]
            minute = float(STEP_MIN * bisect_left(cumulative, 0.5))
            asked = Errand(number=0, resident=resident, kind=kind, need_min=minute, basket_fen=1, asked_min=minute)
            found = _of_walk_in(town, asked)
            total += _of_orders(town, asked) if found is None else found
        expected.append(total / 7)
    return expected


def _of_walk_in(town: ObjectTown, asked: Errand) -> float | None:
    """Performance at the best outlet one can walk to and pay at, or None."""
    resident, service, number = asked.resident, asked.service, town.law.number
    best, found = float("-inf"), None
    for facility, metres in town.within(resident.origin, service):
        walk = walk_min(metres, resident.speed)
        if not resident.can_walk(walk):
            break
        usable = may_enter(resident, facility) and resident.means & facility.facts.accepts
        if not facility.offers(service) or not usable:
            continue
        leave = departure(town, asked, facility, walk, asked.asked_min, 0.0)
        if leave is None:
            continue
        value = outlet_utility(
            facility.facts.attraction[service], resident.b_walk, walk, number["b_wait"], 0.0, number["b_shift"],
            abs(leave - asked.asked_min),
        )  # fmt: skip
        if value > best:
            best, found = value, _performance(town, facility, walk, 0.0)
    return found


def _of_orders(town: ObjectTown, asked: Errand) -> float:
    """Performance of the best order within its radius, or 0."""
    if not town.may_deliver(asked.resident, asked.service) or asked.resident.cannot_order:
        return 0.0
    near = (facility for facility in town.deliverers[asked.service] if delivers_to(asked, facility))
    return max((_performance(town, facility, 0.0, facility.facts.delivery_min) for facility in near), default=0.0)


def _performance(town: ObjectTown, facility: FacilityAgent, walk: float, wait: float) -> float:
    """Performance after a walk and a wait."""
    number = town.law.number
    found: float = performance(
        number["perf_constant"], number["perf_quality"], facility.facts.quality, number["perf_walk"], walk,
        number["perf_wait"], wait,
    )  # fmt: skip
    return found
