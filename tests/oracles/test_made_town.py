"""The town benchmarks are run on is one the engine runs, with every column facilities have."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from circlesim.abm.objects import ObjectSimulation
from circlesim.engine.simulation import Simulation
from made_town import made_town
from towns import Ledger, copy_page, differing


@pytest.mark.parametrize("seed", [1, 2])
def test_both_sides_of_the_benchmark_do_the_same_work(seed: int) -> None:
    prepared, stages = made_town(150, 40, side=6, seed=seed)
    columns, objects = Simulation(prepared, stages, seed, 0), ObjectSimulation(prepared, stages, seed)
    for day in range(2):
        one, other = (Ledger(copy_page(side.run_day(day))) for side in (columns, objects))
        assert len(one) > 100
        assert differing(one, other) == {}
