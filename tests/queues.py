"""Counters of known theory for tests: Poisson arrivals, exponential service, open round the clock."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import stats

from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.simulation import Simulation
from towns import Columns, Town, constants, line, outlets, plain_parameters, residents

TRADES = ("parcel", "pharmacy", "groceries", "repair", "laundry", "hair")
"""One counter a service, so that counters share no customer."""

PEOPLE, RATE = 100_000, 0.02
ARRIVALS_PER_MIN = PEOPLE * RATE / 1440.0
"""Each of many residents has a need with small probability, at a uniform minute: near Poisson."""


@dataclass(frozen=True)
class Counter:
    """A counter by its servers, its load a server, how many may wait (-1: any number), and people about."""

    servers: int
    load: float
    limit: int = -1
    people: int = PEOPLE

    @property
    def offered(self) -> float:
        return self.load * self.servers

    @property
    def service_min(self) -> float:
        return self.offered / (self.people * RATE / 1440.0)


def town_of(*counters: Counter, **parameters: float) -> Town:
    """
    One outlet a counter, at everybody's door.

    Nobody has anywhere else to go: forgoing stands at its floor, far below an excellent outlet, so that
    everybody comes and whoever is turned away goes without.
    """
    names = TRADES[: len(counters)]
    return Town(
        streets=line(2, 50.0),
        population=residents(counters[0].people, {(name, 0): RATE for name in names}),
        facilities=outlets(
            len(counters), np.array([1 << SERVICE_INDEX[name] for name in names], np.uint32),
            servers=[c.servers for c in counters], service_min=[c.service_min for c in counters],
            queue_limit=[c.limit for c in counters], quality=1.0,
        ),
        parameters=plain_parameters(b_quality=15.0, **parameters),
        constants=constants(),
            mechanisms=Mechanisms(capacity=True, memory=False, budget=False, clock=False),
    )  # fmt: skip


def days_of(simulation: Simulation, days: int, settle: int = 3) -> Iterator[Columns]:
    """The pages after the first few days, one by one; views of a buffer that the next day overwrites."""
    for day in range(settle + days):
        page = simulation.run_day(day)
        if day >= settle:
            yield page.columns()


def erlang_b(servers: int, offered: float) -> float:
    """Share turned away by a counter at which nobody may wait."""
    blocked = 1.0
    for c in range(1, servers + 1):
        blocked = offered * blocked / (c + offered * blocked)
    return blocked


def erlang_c(servers: int, offered: float) -> float:
    """Share of customers who wait at all."""
    blocked = erlang_b(servers, offered)
    return blocked / (1.0 - offered / servers * (1.0 - blocked))


def mean_wait(servers: int, offered: float) -> float:
    """Mean wait of M/M/c in service times."""
    return erlang_c(servers, offered) / (servers - offered)


def birth_death(arrival: list[float], death: list[float]) -> np.ndarray:
    """Stationary shares of a chain with these rates up from and down to each state but the last."""
    weight = np.cumprod(np.concatenate([[1.0], np.array(arrival) / np.array(death)]))
    return weight / weight.sum()


@dataclass(frozen=True)
class Queue:
    """Who was served at one outlet: arrival and start on one clock, people seen ahead; in order of arrival."""

    arrive: np.ndarray
    start: np.ndarray
    ahead: np.ndarray

    def area_by_people_seen(self) -> float:
        """
        Person-minutes of waiting.

        From each arrival to the next the queue is as long as that arrival saw it, itself if it waits, less those
        who began meanwhile: an account that no wait enters.
        """
        begins, area = np.sort(self.start), 0.0
        until = np.append(self.arrive[1:], np.inf)
        low, high = np.searchsorted(begins, self.arrive, "right"), np.searchsorted(begins, until, "left")
        length = self.ahead + (self.start > self.arrive)
        for i, clock in enumerate(self.arrive):
            steps = np.append(begins[low[i] : high[i]], until[i] if np.isfinite(until[i]) else [])
            area += float(((length[i] - np.arange(len(steps))) * np.diff(steps, prepend=clock)).sum())
        return area


def queues_of(columns: Columns, ids: np.ndarray) -> dict[int, Queue]:
    """The queue of each outlet over all days on one clock; at equal minutes by resident id, then need."""
    served = np.flatnonzero(columns["facility"] >= 0)
    rows = {name: column[served] for name, column in columns.items()}
    arrive, start = (rows[name] + 1440.0 * rows["day"] for name in ("arrive_min", "start_min"))
    order = np.lexsort((rows["ordinal"], rows["service"], ids[rows["resident"]], arrive, rows["facility"]))
    place = rows["facility"][order]
    parts = np.split(order, np.flatnonzero(np.diff(place)) + 1)
    return {
        int(rows["facility"][part[0]]): Queue(arrive[part], start[part], rows["ahead"][part]) for part in parts
    }


@dataclass
class Batches:
    """Sums and counts a day, read as means of batches: long enough to be near independent."""

    total: list[float]
    count: list[int]
    batches: int = 50

    @property
    def mean(self) -> float:
        return sum(self.total) / sum(self.count)

    @property
    def standard_error(self) -> float:
        total = [part.sum() for part in np.array_split(self.total, self.batches)]
        count = [part.sum() for part in np.array_split(self.count, self.batches)]
        deviations = np.array(total) - self.mean * np.array(count)
        return math.sqrt((deviations**2).sum() * self.batches / (self.batches - 1)) / sum(self.count)

    @property
    def bound(self) -> float:
        """Half-width at 99.9 % (Student, one fewer degrees of freedom than batches)."""
        return float(stats.t.ppf(0.9995, self.batches - 1)) * self.standard_error


def daily(values: list[tuple[float, int]]) -> Batches:
    total, count = zip(*values, strict=True)
    return Batches(list(total), list(count))
