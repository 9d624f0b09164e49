"""Queues in which people lose patience, and breakfast that sells out, against their exact theory."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from circlesim.engine.mechanisms import Mechanisms
from circlesim.ledger import Fate
from queues import RATE, Counter, days_of, town_of
from towns import Town, constants, line, outlets, plain_parameters, residents

DAYS = 60
CUSTOMERS, MEMORY, SETTLED = 10_000, 0.05, 100


def erlang_a(servers: int, offered: float, theta: float) -> float:
    """Share who leave an M/M/c+M queue unserved; `offered` erlangs, patience hazard `theta` a service time."""
    weights, weight = [1.0], 1.0
    for n in range(1, 2000):
        weight *= offered / (n if n <= servers else servers + (n - servers) * theta)
        weights.append(weight)
    total = math.fsum(weights)
    waiting = math.fsum((n - servers) * w for n, w in enumerate(weights) if n > servers) / total
    return theta * waiting / offered


@pytest.mark.parametrize(("servers", "offered", "lost"), [(1, 1.0, 0.313035), (10, 10.0, 0.103913)])
def test_the_oracle_of_lost_patience_gives_the_published_numbers(
    servers: int, offered: float, lost: float
) -> None:
    assert erlang_a(servers, offered, 0.5) == pytest.approx(lost, abs=1e-6)


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
    simulation = breakfast_town(margin).simulation()
    chance, short = [], []
    for day in range(4_100):
        page = simulation.run_day(day).columns()
        if day >= SETTLED:
            served = int((page["fate"] == Fate.INSIDE).sum())
            # What was made is what is left and what was handed out; who asks is binomial, named by no engine.
            made = simulation.state.left[0] + served
            chance.append(float(stats.binom.sf(made - 1.0, CUSTOMERS, RATE)))
            short.append(bool(simulation.state.left[0] < 1.0))
    odds = np.array(chance)
    # Given what was made, each day sells out with a known chance: 99.9 % bounds with no allowance.
    assert abs(np.sum(short) - odds.sum()) < 3.29 * math.sqrt(float((odds * (1.0 - odds)).sum()))
    # And what is made accepts to sell out with a chance of one less the margin: the error of the learnt mean
    # spreads demand about it just as it spreads the gaps from which the variance is learnt. Forty batches of a
    # hundred days, five times as long as memory.
    batches = odds.reshape(40, -1).mean(axis=1)
    bound = stats.t.ppf(0.9995, len(batches) - 1) * batches.std(ddof=1) / math.sqrt(len(batches))
    assert abs(batches.mean() - (1.0 - margin)) < bound, (batches.mean(), bound)
    assert bound < 0.03


def breakfast_town(margin: float) -> Town:
    """Ten thousand neighbours, each of whom wants breakfast one day in fifty, and one shop that makes it."""
    return Town(
        streets=line(2, 50.0),
        population=residents(CUSTOMERS, {("breakfast", 0): RATE}),
        facilities=outlets(1, "breakfast", quality=1.0, margin=margin, servers=400, service_min=0.01),
        parameters=plain_parameters(b_quality=15.0, stock_memory=MEMORY),
        constants=constants(),
        mechanisms=Mechanisms(memory=False, budget=False, clock=False, stock=True),
    )
