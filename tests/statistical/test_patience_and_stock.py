"""Queues in which people lose patience, and breakfast that sells out, against their exact theory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Fate
from queues import PEOPLE, RATE, Counter, days_of, town_of

DAYS = 60
LAMBDA = PEOPLE * RATE / 1440.0


def erlang_a(servers: int, offered: float, theta: float) -> float:
    """Share who leave an M/M/c+M queue unserved; `offered` erlangs, patience hazard `theta` a service time."""
    weights, weight = [1.0], 1.0
    for n in range(1, 2000):
        weight *= offered / (n if n <= servers else servers + (n - servers) * theta)
        weights.append(weight)
    total = math.fsum(weights)
    waiting = math.fsum((n - servers) * w for n, w in enumerate(weights) if n > servers) / total
    return theta * waiting / offered


@pytest.mark.parametrize(("servers", "offered", "theta", "lost"), [(1, 1.0, 0.5, 0.313035), (10, 10.0, 1.0, None)])
def test_the_oracle_of_lost_patience_gives_the_published_numbers(
    servers: int, offered: float, theta: float, lost: float | None
) -> None:
    if lost is not None:
        assert erlang_a(servers, offered, theta) == pytest.approx(lost, abs=1e-6)
    assert erlang_a(servers, offered, theta) < erlang_a(servers, offered, 2.0 * theta)


@pytest.mark.slow
@pytest.mark.parametrize(("servers", "load", "theta"), [(1, 1.0, 0.5), (10, 1.0, 0.5), (2, 1.25, 2.0)])
def test_who_loses_patience_leaves_as_often_as_erlang_a_says(servers: int, load: float, theta: float) -> None:
    counter = Counter(servers, load)
    town = town_of(counter, renege_per_min=theta / counter.service_min)
    town = town.but(mechanisms=replace(town.mechanisms, reneging=True))
    came = lost = 0
    by_day = []
    for page in days_of(town.simulation(), DAYS):
        gone = int((page["fate"] == Fate.UNMET).sum())
        came, lost = came + len(page["fate"]), lost + gone
        by_day.append(gone / len(page["fate"]))
    expected = erlang_a(servers, counter.offered, theta)
    error = np.std(by_day, ddof=1) / math.sqrt(len(by_day))
    assert came > 100_000
    # Batches are days, which hold thousands of customers each; 3.29 standard errors are 99.9 %.
    assert abs(lost / came - expected) < 3.29 * error
    assert error < 0.02 * expected


@pytest.mark.slow
@pytest.mark.parametrize("margin", [0.3, 0.55, 0.8])
def test_breakfast_sells_out_as_often_as_the_newsvendor_accepts(margin: float) -> None:
    town = breakfast_town(margin)
    simulation = town.simulation()
    short = []
    for day in range(400):
        simulation.run_day(day)
        if day >= 40:
            demand = simulation.state
            short.append(bool(demand.left[0] < 1.0))
    share = float(np.mean(short))
    # Stock is whole portions and demand is learnt with a short memory, which spreads the portions made as well:
    # the variance of what is made, memory / (2 - memory) of that of demand, adds to the variance of demand.
    memory = 0.02
    made = math.sqrt(1.0 + memory / (2.0 - memory))
    z = -math.sqrt(2.0) * float(_inverse_erfc(2.0 * margin))
    expected = 1.0 - 0.5 * math.erfc(-z / made / math.sqrt(2.0))
    assert abs(share - expected) < 3.29 * math.sqrt(expected * (1.0 - expected) / len(short)) + 0.02


def _inverse_erfc(x: float) -> float:
    from scipy.special import erfcinv

    return float(erfcinv(x))


def breakfast_town(margin: float):  # type: ignore[no-untyped-def]
    """Ten thousand neighbours, each of whom wants breakfast one day in fifty, and one shop that makes it."""
    from towns import Town, constants, line, outlets, plain_parameters, residents

    return Town(
        streets=line(2, 50.0),
        population=residents(10_000, {("breakfast", 0): RATE}),
        facilities=outlets(1, "breakfast", quality=1.0, margin=margin, servers=400, service_min=0.01),
        parameters=plain_parameters(b_quality=15.0, stock_memory=0.02),
        constants=constants(),
        mechanisms=Mechanisms(memory=False, budget=False, clock=False, stock=True),
    )
