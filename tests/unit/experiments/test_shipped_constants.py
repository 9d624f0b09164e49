from __future__ import annotations

import numpy as np
import pytest

from circlesim.catalog.constants import UNAVAILABLE, read_constants
from circlesim.catalog.parameters import default_parameters
from circlesim.experiments.anchoring import solve_constants, solved_stamp
from circlesim.experiments.constants import shipped_constants
from circlesim.world.demo import demo_world


@pytest.fixture(scope="module")
def shipped():
    paths = {path.stem.removeprefix("constants_"): path for path in shipped_constants()}
    return read_constants(paths["old_town"])


def test_the_town_ships_with_constants_solved_for_it(shipped):
    """After a change of world, parameters or anchors: scripts/solve_constants.py."""
    assert shipped.solved_on == solved_stamp(demo_world("old_town"), default_parameters())


@pytest.mark.slow
def test_solving_again_finds_the_shipped_constants(shipped):
    again = solve_constants(demo_world("old_town"), default_parameters())
    assert again.mean_gap < 0.001
    judged = again.judged
    assert (again.gap[judged] <= 0.01).mean() > 0.95
    # A share of the fewest needs judged is one need in 200: its constant is known to about half a point in ten.
    exists = (shipped.alternative > UNAVAILABLE / 2) & judged[..., None]
    assert np.abs(again.constants.alternative - shipped.alternative)[exists].max() < 0.5
    assert np.allclose(again.constants.thresholds, shipped.thresholds, atol=0.01)
