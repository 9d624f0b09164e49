"""Access by cell: services and groceries within a walk, against a search of its own."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.experiments.cells import CELL_M, COLUMNS, access_table, with_access
from circlesim.measures.reading import Reading
from circlesim.world.demo import demo_world
from circlesim.world.reach import to_networkx
from circlesim.world.world import World


@pytest.fixture(scope="module")
def town() -> World:
    """A town drawn out, so that some walks take more than a quarter of an hour and some less."""
    small = demo_world("old_town", 700)
    return replace(small, streets=replace(small.streets, length_m=small.streets.length_m * 5))


def reading(world: World, present: np.ndarray) -> Reading:
    seen = SimpleNamespace(
        population=world.population, streets=world.streets, facilities=world.facilities, present=present
    )
    return cast(Reading, seen)


def naive(world: World, present: np.ndarray) -> dict[tuple[float, float], list[dict[str, float]]]:
    """Every resident alone: minutes to the nearest outlet of each service by networkx."""
    graph, people, outlets = to_networkx(world.streets), world.population, world.facilities
    by_cell: dict[tuple[float, float], list[dict[str, float]]] = {}
    metres: dict[int, dict[Any, float]] = {}
    for home, speed in zip(people.home_row.tolist(), people.speed_m_per_min.tolist(), strict=True):
        if home not in metres:
            start = int(world.streets.node[home])
            metres[home] = nx.single_source_dijkstra_path_length(graph, start, weight="length_m")
        minutes = {}
        for service, index in SERVICE_INDEX.items():
            rows = [row for row in range(len(outlets)) if present[row] and outlets.walk_in[row]
                    and int(outlets.services[row]) >> index & 1]  # fmt: skip
            away = [metres[home].get(int(world.streets.node[outlets.node_row[row]]), np.inf) for row in rows]
            minutes[service] = min(away, default=np.inf) / speed
        x, y = world.streets.x_m[home], world.streets.y_m[home]
        by_cell.setdefault(((x // CELL_M + 0.5) * CELL_M, (y // CELL_M + 0.5) * CELL_M), []).append(minutes)
    return by_cell


@pytest.mark.parametrize("closed", [(), (0, 1, 2, 5)])
def test_services_within_fifteen_minutes_are_those_a_search_from_every_home_finds(
    town: World, closed: tuple[int, ...]
) -> None:
    present = np.ones(len(town.facilities), bool)
    present[list(closed)] = False
    table = access_table(town, reading(town, present), "as is")
    wanted = {place: rows for place, rows in naive(town, present).items() if len(rows) >= 30}
    assert len(table) == len(wanted) > 1
    for row in table.itertuples():
        rows = wanted[row.x_m, row.y_m]
        assert 0 < row.services_15min < len(SERVICES)
        assert row.services_15min == pytest.approx(np.mean([sum(r[s] <= 15 for s in SERVICES) for r in rows]))
        near = [each["groceries"] for each in rows if each["groceries"] <= 60]
        assert (
            row.groceries_min == pytest.approx(np.mean(near)) if len(near) >= 30 else np.isnan(row.groceries_min)
        )


def test_access_stands_beside_satisfaction_and_adds_no_cell() -> None:
    cells = pd.DataFrame([(50.0, 50.0, 31, "a", 70.0), (50.0, 50.0, 31, "b", 71.0)], columns=COLUMNS)
    access = pd.DataFrame({"x_m": [50.0, 150.0], "y_m": 50.0, "scenario": "b", "services_15min": [3.0, 4.0],
                           "groceries_min": 2.0})  # fmt: skip
    both = with_access(cells, access)
    assert len(both) == 2
    assert both["services_15min"].tolist()[1] == 3.0
    assert np.isnan(both["services_15min"][0])
