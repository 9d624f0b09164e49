from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from circlesim.experiments.footfall import Visits, edge_table
from circlesim.ledger import Channel, empty_page
from circlesim.world.world import World
from towns import line, outlets, residents


@pytest.fixture
def street():
    """Forty residents at the near end, five in the middle, one outlet at the far end of three streets."""
    people = residents(45, {("breakfast", 0): 0.5}, home_row=np.array([0] * 40 + [2] * 5))
    return World(
        name="street", streets=line(4, 100.0), population=people, facilities=outlets(1, "breakfast", node_row=3)
    )


def walked(world, *who):
    visits, page = Visits(world), empty_page(len(who))
    page.rows = len(who)
    page.resident[:] = who
    page.channel[:] = Channel.WALK_IN
    visits.add(page)
    return visits


def test_visits_pass_every_street_on_the_way(street):
    table = edge_table(street, street.streets, walked(street, 0, 1, 41), days=1)
    assert table["footfall"].tolist() == [2.0, 2.0, 3.0]


def test_a_street_used_by_few_homes_is_not_shown(street):
    table = edge_table(street, street.streets, walked(street, 41, 42), days=1)
    assert table["footfall"].tolist()[:2] == [0.0, 0.0]
    assert np.isnan(table["footfall"].iloc[2])


def test_passages_are_a_day(street):
    assert edge_table(street, street.streets, walked(street, 0, 1), days=4)["footfall"].tolist() == [0.5, 0.5, 0.5]


def test_an_order_walks_nowhere(street):
    visits, page = Visits(street), empty_page(1)
    page.rows = 1
    page.channel[:] = Channel.DELIVERY
    visits.add(page)
    assert edge_table(street, street.streets, visits, days=1)["footfall"].tolist() == [0.0, 0.0, 0.0]


def test_nobody_passes_a_locked_gate_beside_an_open_street(street):
    plain = street.streets
    # A second street from the first node to the second, shorter, behind a locked gate.
    ends = {"from_row": np.append(plain.from_row, 0), "to_row": np.append(plain.to_row, 1)}
    twice = replace(
        plain, **ends, length_m=np.append(plain.length_m, 50.0), gate=np.array(["", "", "", "back"]),
        locked=np.array([0, 0, 0, 1], np.uint8), slope=np.zeros(4), steps=np.zeros(4, np.uint8),
        kerbs=np.zeros(4, np.uint8),
    )  # fmt: skip
    visits = walked(street, 0, 1)
    assert edge_table(street, twice, visits, days=1)["footfall"].tolist() == [2.0, 2.0, 2.0, 0.0]
    opened = edge_table(street, twice.with_open_gates(), visits, days=1)["footfall"].tolist()
    assert opened == [0.0, 2.0, 2.0, 2.0]
