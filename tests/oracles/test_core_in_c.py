"""The core of a day written a third time, in C: the yardstick of the benchmarks, held to the same ledger."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from circlesim.engine.mechanisms import Mechanisms
from towns import random_town

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
TOWNS, DAYS = 120, range(2, 8)


@pytest.fixture(scope="module")
def yardstick(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    if shutil.which("cc") is None:
        pytest.skip("no C compiler")
    sys.path.insert(0, str(BENCHMARKS))
    import c_core

    return c_core, c_core.compiled_core(tmp_path_factory.mktemp("core"))


def a_town_without_orders(seed: int) -> Any:
    on = [bool(seed >> bit & 1) for bit in range(4)]
    switches = Mechanisms(capacity=on[0], memory=on[1], budget=on[2], clock=on[3])
    town = random_town(seed, people=80, places=14, mechanisms=switches)
    plain = np.zeros(len(town.facilities), np.uint8)
    return town.but(facilities=replace(town.facilities, delivery=plain, walk_in=plain + 1))


def both_run(c_core: Any, kernels: Any, hand: Any) -> dict[str, int]:
    """Days on both sides; stops at the first difference. Counts of what was met on the way."""
    met = {"second tries": 0, "refusals": 0, "barriers": 0}
    for day in DAYS:
        needs = c_core.dawn(kernels.simulation, [hand], day)
        page = kernels.core(day, needs)
        hand.core(day, needs)
        c_core.assert_same_day(kernels, page, hand)
        columns = page.columns()
        met["second tries"] += int((columns["tries"] > 1).sum())
        met["refusals"] += int(columns["refusals"].sum())
        met["barriers"] += int((columns["barriers"] > 0).sum())
    return met


def test_kernels_and_the_core_in_c_write_the_same_ledger(yardstick: tuple[Any, Any]) -> None:
    # All mechanisms on and off; ties, night shops, walking aids, empty purses, refusals and second tries.
    c_core, core = yardstick
    met: Counter[str] = Counter()
    for seed in range(TOWNS):
        simulation = a_town_without_orders(seed).simulation()
        met.update(both_run(c_core, c_core.Kernels(simulation), c_core.Hand(core, simulation)))
    assert min(met.values()) > 500


def test_another_law_is_noticed(yardstick: tuple[Any, Any]) -> None:
    # The comparison can fail: C with a wait that hurts a little more.
    c_core, core = yardstick
    noticed = 0
    for seed in range(10, 20):
        simulation = a_town_without_orders(seed).simulation()
        kernels, hand = c_core.Kernels(simulation), c_core.Hand(core, simulation)
        hand.arrays["law"]["b_wait"] *= 1.001
        try:
            both_run(c_core, kernels, hand)
        except AssertionError as error:
            noticed += "differ in" in str(error)
    assert noticed > 0
