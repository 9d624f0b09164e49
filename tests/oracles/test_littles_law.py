"""
Little's law at every queue of real days, rebuilt from the ledger by a clock that knows no engine.

The engine keeps two accounts of a queue: when each customer's service began, and how many people each arrival saw
ahead. The area under the second, minute by minute, must be the sum of the waits of the first.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import circlesim as cs
from circlesim.catalog.constants import read_constants
from circlesim.catalog.parameters import default_parameters
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.constants import shipped_constants
from circlesim.ledger import Channel
from queues import Queue, queues_of
from towns import Ledger, Town

DAYS = range(3)


@pytest.fixture(scope="module")
def crowded() -> Ledger:
    """Three days of a small old town under the whole law, each outlet two and a half times as slow as usual."""
    world = cs.demo_world("old_town", residents=3_000)
    constants = next(read_constants(path) for path in shipped_constants() if "old_town" in path.name)
    slow = replace(world.facilities, service_min=2.5 * world.facilities.service_min)
    return Town(
        streets=world.streets, population=world.population, facilities=slow, parameters=default_parameters(),
        constants=constants, mechanisms=Mechanisms(),
    ).run(DAYS)  # fmt: skip


@pytest.fixture(scope="module")
def queues(crowded: Ledger) -> dict[int, Queue]:
    return queues_of(crowded.columns, crowded.town.prepared.world.population.id64)


def test_people_waiting_by_the_clock_are_the_sum_of_the_waits_at_every_outlet(queues: dict[int, Queue]) -> None:
    waited = 0
    for queue in queues.values():
        assert queue.area_by_people_seen() == pytest.approx((queue.start - queue.arrive).sum(), rel=1e-9, abs=1e-6)
        waited += int((queue.start > queue.arrive).sum())
    long = sum((queue.ahead > 2).any() for queue in queues.values())
    assert waited > 1_000
    assert long > 10


def test_the_waits_the_ledger_states_are_those_of_the_clock(crowded: Ledger, queues: dict[int, Queue]) -> None:
    # What an order takes on its way is stated as waiting too; it is not time in the queue.
    on_the_way = crowded.town.prepared.world.facilities.delivery_min[crowded["facility"]]
    stated = crowded["wait_min"] - np.where(crowded["channel"] == Channel.DELIVERY, on_the_way, 0.0)
    for f, queue in queues.items():
        mine = crowded["facility"] == f
        assert stated[mine].sum() == pytest.approx(queue.area_by_people_seen(), rel=1e-9, abs=1e-6)


def test_the_neighbourhood_remembers_the_waits_of_the_clock(crowded: Ledger) -> None:
    # After one day from an empty memory: remembered wait by hour times customers, over the share of a new day.
    town = crowded.town.prepared
    first = crowded.where((crowded["day"] == 0) & (crowded["facility"] >= 0))
    simulation = type(crowded.town)(town, crowded.town.stages, 7, 0)
    simulation.run_day(0)
    hour = np.minimum(first["arrive_min"] // 60, 23).astype(int)
    came = np.zeros((len(town.world.facilities), 24))
    np.add.at(came, (first["facility"], hour), 1.0)
    remembered = (came * simulation.state.wait_public).sum(axis=1) / town.law.value("wait_memory")
    for f, queue in queues_of(first.columns, town.world.population.id64).items():
        assert remembered[f] == pytest.approx(queue.area_by_people_seen(), rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("column", ["ahead", "start", "arrive"])
def test_one_customer_miscounted_breaks_it(queues: dict[int, Queue], column: str) -> None:
    # The law can fail: one more person seen, or one minute more, in the middle of the longest queue.
    queue = max(queues.values(), key=lambda one: float((one.start - one.arrive).sum()))
    at = int(np.argmax(queue.ahead))
    wrong = replace(queue, **{column: getattr(queue, column) + (np.arange(len(queue.ahead)) == at)})
    assert wrong.area_by_people_seen() != pytest.approx((queue.start - queue.arrive).sum(), rel=1e-6)
