"""Queues of the engine against theory: M/M/c, Erlang B, finite waiting rooms, balking, Little's law."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.ledger import Barrier, Fate
from queues import (
    ARRIVALS_PER_MIN,
    TRADES,
    Batches,
    Counter,
    birth_death,
    daily,
    days_of,
    erlang_b,
    erlang_c,
    mean_wait,
    queues_of,
    town_of,
)
from towns import copy_page

WAITING = (Counter(1, 0.8), Counter(2, 0.8), Counter(4, 0.8))
SERVICES = [SERVICE_INDEX[name] for name in TRADES]


Waits = dict[str, list[Batches]]


def waits(counters: tuple[Counter, ...], days: int, **parameters: float) -> Waits:
    """By counter: wait in service times, people seen ahead, share who wait at all."""
    seen: dict[str, list[list[tuple[float, int]]]] = {
        name: [[] for _ in counters] for name in ("wait", "ahead", "waited")
    }
    for page in days_of(town_of(*counters, **parameters).simulation(), days):
        for f, counter in enumerate(counters):
            served = page["facility"] == f
            n, wait = int(served.sum()), page["wait_min"][served]
            seen["wait"][f].append((float(wait.sum()) / counter.service_min, n))
            seen["ahead"][f].append((float(page["ahead"][served].sum()), n))
            seen["waited"][f].append((float((wait > 0).sum()), n))
    return {name: [daily(values) for values in rows] for name, rows in seen.items()}


@pytest.fixture(scope="module")
def a_million() -> Waits:
    """A million customers in all, at one, two and four servers under load 0.8."""
    seen = waits(WAITING, 180)
    assert sum(sum(batches.count) for batches in seen["wait"]) >= 1_000_000
    return seen


def turned_away(counters: tuple[Counter, ...], days: int, **parameters: float) -> list[Batches]:
    """Share of customers who found no room or walked on."""
    lost: list[list[tuple[float, int]]] = [[] for _ in counters]
    for page in days_of(town_of(*counters, **parameters).simulation(), days):
        for f, values in enumerate(lost):
            came = page["service"] == SERVICES[f]
            unserved = came & (page["fate"] == Fate.UNMET)
            assert (page["first_barrier"][unserved] == Barrier.FULL).all()
            assert (page["tries"][came] == 1).all()
            values.append((float(unserved.sum()), int(came.sum())))
    return [daily(values) for values in lost]


def test_the_formulas_give_the_published_figures() -> None:
    assert [erlang_b(c, a) for a, c in ((2, 3), (8, 10), (10, 10), (50, 60))] == pytest.approx(
        [0.210526, 0.121661, 0.214582, 0.021668], abs=5e-7
    )
    loads = ((2, 3), (0.8, 1), (1.6, 2), (3.2, 4), (8, 10), (18, 20))
    assert [erlang_c(c, a) for a, c in loads] == pytest.approx(
        [0.444444, 0.8, 0.711111, 0.596432, 0.409180, 0.550769], abs=5e-7
    )
    queue = [mean_wait(c, a) * a for a, c in loads]
    assert queue == pytest.approx([0.888889, 3.2, 2.844444, 2.385730, 1.636721, 4.956921], abs=5e-7)


def test_arrivals_at_a_counter_are_near_poisson() -> None:
    # Gaps exponential (Kolmogorov-Smirnov), counts by quarter of an hour as dispersed as a Poisson count.
    minutes: list[np.ndarray] = []
    for number, page in enumerate(days_of(town_of(Counter(1, 0.5)).simulation(), 40)):
        minutes.append(page["arrive_min"][page["fate"] == Fate.INSIDE] + 1440.0 * number)
    arrivals = np.sort(np.concatenate(minutes))
    gaps = np.diff(arrivals) * ARRIVALS_PER_MIN
    statistic = np.abs(np.sort(1 - np.exp(-gaps)) - (np.arange(len(gaps)) + 0.5) / len(gaps)).max()
    assert statistic * math.sqrt(len(gaps)) < 1.95
    counts = np.bincount((arrivals // 15).astype(int), minlength=40 * 96)
    assert counts.var() / counts.mean() == pytest.approx(1.0, abs=3.29 * math.sqrt(2 / len(counts)))


def test_waits_are_those_of_theory_for_one_two_and_four_servers(a_million: Waits) -> None:
    # Within bounds from batch means at 99.9 %.
    for counter, mean in zip(WAITING, a_million["wait"], strict=True):
        exact = mean_wait(counter.servers, counter.offered)
        assert mean.bound < 0.12 * exact
        assert mean.mean == pytest.approx(exact, abs=mean.bound)


def test_people_seen_ahead_obey_littles_law(a_million: Waits) -> None:
    # Arrivals see averages over time, so people ahead = arrival rate x wait; two witnesses of the ledger.
    for counter, queue, wait in zip(WAITING, a_million["ahead"], a_million["wait"], strict=True):
        exact = mean_wait(counter.servers, counter.offered) * counter.offered
        assert queue.mean == pytest.approx(exact, abs=queue.bound)
        assert queue.mean == pytest.approx(counter.offered * wait.mean, rel=0.03)


def test_pooling_counters_cuts_waits_to_the_published_figures(a_million: Waits) -> None:
    # Under load 0.8 the mean wait is 4.0 service times at one server, 1.78 at two, 0.746 at four.
    for published, wait in zip((4.0, 1.7778, 0.7455), a_million["wait"], strict=True):
        assert wait.mean == pytest.approx(published, abs=wait.bound)
    one, two, four = a_million["wait"]
    assert one.mean - one.bound > two.mean + two.bound > two.mean - two.bound > four.mean + four.bound


def test_counters_of_many_servers_meet_the_published_shares_and_queues() -> None:
    # Erlang C: who waits at all, and how many stand in the queue, at offered loads 2, 8 and 18.
    counters = (Counter(3, 2 / 3), Counter(10, 0.8), Counter(20, 0.9))
    seen = waits(counters, 150)
    for published, share in zip((0.444444, 0.409180, 0.550769), seen["waited"], strict=True):
        assert share.mean == pytest.approx(published, abs=share.bound)
    for counter, published, wait in zip(counters, (0.888889, 1.636721, 4.956921), seen["wait"], strict=True):
        assert wait.mean * counter.offered == pytest.approx(published, abs=wait.bound * counter.offered)


def test_the_share_who_wait_is_erlang_c(a_million: Waits) -> None:
    for counter, share in zip(WAITING, a_million["waited"], strict=True):
        assert share.mean == pytest.approx(erlang_c(counter.servers, counter.offered), abs=share.bound)


def test_littles_law_holds_on_the_clock() -> None:
    # Person-minutes by the people each arrival saw, against the waits, against theory, over a hundred days.
    counter, days = Counter(2, 0.85), 100
    simulation = town_of(counter).simulation()
    pages = [copy_page(simulation.run_day(day)) for day in range(days)]
    columns = {name: np.concatenate([page[name] for page in pages]) for name in pages[0]}
    queue = queues_of(columns, simulation.prepared.world.population.id64)[0]
    area = queue.area_by_people_seen()
    assert area == pytest.approx((queue.start - queue.arrive).sum(), rel=1e-9)
    assert area / (days * 1440.0) == pytest.approx(mean_wait(2, counter.offered) * counter.offered, rel=0.1)


def test_a_counter_without_waiting_room_turns_away_erlangs_share() -> None:
    counters = (
        Counter(1, 0.8, 0),
        Counter(3, 2 / 3, 0),
        Counter(10, 0.8, 0),
        Counter(10, 1.0, 0),
        Counter(60, 5 / 6, 0),
    )
    for counter, lost in zip(counters, turned_away(counters, 120), strict=True):
        assert lost.mean == pytest.approx(erlang_b(counter.servers, counter.offered), abs=lost.bound)


def test_a_small_waiting_room_turns_away_the_share_of_theory() -> None:
    # One in service and four waiting; published shares blocked at loads 0.8, 1 and 1.25.
    counters = tuple(Counter(1, load, 4) for load in (0.8, 1.0, 1.25))
    for exact, lost in zip((0.088819, 0.166667, 0.271056), turned_away(counters, 120), strict=True):
        assert lost.mean == pytest.approx(exact, abs=lost.bound)


def test_people_balk_at_the_length_of_the_queue_as_the_hazard_says() -> None:
    # Balking makes arrivals depend on the queue: a birth and death chain with a closed form.
    hazard, unnoticed, counter, room = 0.02, 3.0, Counter(2, 0.95), 200
    ahead = np.maximum(0, np.arange(room) - counter.servers)
    balk = 1 - np.exp(-hazard * np.maximum(0.0, ahead - unnoticed) ** 2)
    up = list(counter.offered * (1 - balk))
    down = [float(min(n + 1, counter.servers)) for n in range(room)]
    exact = float((birth_death(up, down)[:room] * balk).sum())
    lost = turned_away((counter,), 150, b_queue=hazard, queue_unnoticed=unnoticed)[0]
    assert lost.mean == pytest.approx(exact, abs=lost.bound)
    assert exact > 0.02


def test_theory_for_one_server_does_not_fit_two() -> None:
    # The oracle can fail.
    wait = waits((Counter(2, 0.8),), 60)["wait"][0]
    assert abs(wait.mean - mean_wait(1, 0.8)) > 5 * wait.bound


def test_a_queue_survives_midnight() -> None:
    # Two hundred customers a day: emptied each midnight, a counter at load 0.9 would hardly fill up.
    counter = Counter(1, 0.9, people=10_000)
    wait = waits((counter,), 3_000)["wait"][0]
    assert wait.bound < 0.15 * mean_wait(1, 0.9)
    assert wait.mean == pytest.approx(mean_wait(1, 0.9), abs=wait.bound)


@pytest.mark.slow
def test_ten_million_customers_wait_as_long_as_theory_says(
    record_property: Callable[[str, object], None],
) -> None:
    # At least 10^7 customers at each of the three counters; mean wait within 2 %.
    for counter, mean in zip(WAITING, waits(WAITING, 5_010)["wait"], strict=True):
        exact = mean_wait(counter.servers, counter.offered)
        figure = (
            f"c={counter.servers} n={sum(mean.count)} wait={mean.mean:.5f} exact={exact:.5f} "
            f"standard error={mean.standard_error:.5f} (service times)"
        )
        record_property(f"queue_c{counter.servers}", figure)
        print(figure)  # noqa: T201  (kept in the output of the long suite)
        assert sum(mean.count) >= 10_000_000
        assert mean.mean == pytest.approx(exact, rel=0.02)
        assert mean.mean == pytest.approx(exact, abs=mean.bound)


@pytest.mark.slow
@pytest.mark.parametrize(("seats", "load"), [(1, 0.7), (4, 0.8), (10, 0.9)])
def test_tables_fill_as_a_queue_of_as_many_servers_does(seats: int, load: float) -> None:
    # Food is handed out in no time and nobody minds standing with it: seats are an M/M/c of their own (Erlang
    # 1917).
    town, meal_min = (
        town_of(Counter(50, 0.0), eat_in_share=1.0, seat_wait_max_min=1e9),
        load * seats / ARRIVALS_PER_MIN,
    )
    rows = [row for row in town.parameters.rows if row.name != "seat_min"]
    meal = next(row for row in town.parameters.rows if row.name == "seat_min")
    meal = replace(meal, group="service=parcel", value=meal_min, low=meal_min, high=meal_min)
    town = town.but(
        parameters=Parameters((*rows, meal)),
        facilities=replace(town.facilities, seats=np.full(1, seats, np.int32)),
        mechanisms=replace(town.mechanisms, seats=True),
    )
    pages = days_of(town.simulation(), 600)
    found = daily([(float(page["wait_min"].sum()) / meal_min, len(page["wait_min"])) for page in pages])
    expected = mean_wait(seats, load * seats)
    assert sum(found.count) > 1_100_000
    assert abs(found.mean - expected) < found.bound
    assert found.bound < 0.1 * expected
