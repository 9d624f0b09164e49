"""Supply a head by two-step floating catchments, against the hospital example of PySAL's package `access`."""

from __future__ import annotations

import numpy as np
import pytest

from circlesim.measures.catchment import two_step_floating_catchment
from circlesim.world.reach import walk_metres
from circlesim.world.streets import Streets

PEOPLE, DOCTORS = np.array([100.0, 50.0, 10.0]), np.array([15.0, 20.0, 100.0])
CUT_OFF = 61.0
PUBLISHED = {
    "gridlock": (0.331444, 0.579828, 7.286418),
    "inbound lane": (0.435340, 0.683724, 5.727977),
    "outbound lane": (0.331072, 0.577858, 7.299992),
    "both lanes": (0.442568, 0.666758, 5.740525),
}
"""Two suburbs and a city, each with people and doctors; weight one over minutes, up to 61."""

COST = {
    "gridlock": [[1, 80, 40], [80, 1, 40], [40, 40, 1]],
    "inbound lane": [[1, 80, 20], [80, 1, 20], [40, 40, 1]],
    "outbound lane": [[1, 80, 40], [80, 1, 40], [20, 20, 1]],
    "both lanes": [[1, 40, 20], [40, 1, 20], [20, 20, 1]],
}
"""Minutes from the homes of each place (rows) to the doctors of each (columns)."""


@pytest.mark.parametrize("name", list(COST))
def test_catchments_meet_the_hospital_example(name: str) -> None:
    minutes = np.array(COST[name], dtype=np.float64).T
    within = minutes < CUT_OFF
    ptr = np.concatenate([[0], np.cumsum(within.sum(axis=1))])
    place = np.nonzero(within)[1].astype(np.int32)
    found = two_step_floating_catchment(PEOPLE, DOCTORS, ptr, place, 1.0 / minutes[within])
    assert found == pytest.approx(PUBLISHED[name], abs=5e-7)
    assert (PEOPLE * found).sum() == pytest.approx(DOCTORS.sum())


def streets(name: str) -> Streets:
    """A street from the homes (nodes 0 to 2) to the doctors (3 to 5) of each pair, as long as the minutes."""
    low, high = np.repeat(np.arange(3), 3).astype(np.int32), np.tile(np.arange(3, 6), 3).astype(np.int32)
    zero = np.zeros(6)
    return Streets(
        node=np.arange(6), x_m=zero, y_m=zero, lon=zero, lat=zero, from_row=low, to_row=high,
        length_m=np.array(COST[name], dtype=np.float64).ravel(),
    )  # fmt: skip


@pytest.mark.parametrize("name", ["gridlock", "both lanes"])
def test_catchments_over_walked_streets_meet_the_hospital_example(name: str) -> None:
    # Streets are walked both ways, so the two cases that are the same both ways can be laid out as streets.
    reach = walk_metres(streets(name), np.arange(3, 6), CUT_OFF - 1e-9)
    homes = reach.node < 3
    ptr = np.concatenate([[0], np.cumsum(homes)])[reach.ptr]
    found = two_step_floating_catchment(PEOPLE, DOCTORS, ptr, reach.node[homes], 1.0 / reach.metres[homes])
    assert found == pytest.approx(PUBLISHED[name], abs=5e-7)


def test_supply_that_nobody_reaches_is_shared_by_nobody() -> None:
    ptr, place, weight = np.array([0, 2, 2]), np.array([0, 1], np.int32), np.ones(2)
    found = two_step_floating_catchment(np.array([3.0, 1.0, 5.0]), np.array([8.0, 50.0]), ptr, place, weight)
    assert found.tolist() == [2.0, 2.0, 0.0]
    # Demand of nobody takes nothing, and divides nothing by zero.
    nobody = two_step_floating_catchment(np.zeros(3), np.array([8.0, 50.0]), ptr, place, weight)
    assert nobody.tolist() == [0.0, 0.0, 0.0]
