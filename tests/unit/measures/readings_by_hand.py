"""Readings written by hand: small sums whose measures can be told without a computer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from circlesim.catalog.formats import FORMATS
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICES
from circlesim.measures.reading import Reading, bearers, count_answers
from circlesim.world.outlets import outlets
from circlesim.world.population import Population
from circlesim.world.streets import Streets

SUMS = (
    "needs", "inside", "delivered", "home", "outside", "declined", "unmet", "pushed_out", "walk_min", "wait_min",
    "served", "attempts", "refusals", "spend_fen", "spend_outside_fen", "fee_fen", "utility_min", "aid_fen",
    "days_open",
)  # fmt: skip


def street(metres: float = 100.0, nodes: int = 11) -> Streets:
    """One straight street with a node every so many metres."""
    row = np.arange(nodes, dtype=np.int32)
    at = metres * row.astype(float)
    return Streets(
        node=row.astype(np.int64), x_m=at, y_m=np.zeros(nodes), lon=np.zeros(nodes), lat=np.zeros(nodes),
        from_row=row[:-1], to_row=row[1:], length_m=np.full(nodes - 1, metres),
    )  # fmt: skip


def people(ages: list[int], homes: list[int], speed: float = 80.0) -> Population:
    """Residents who can have every need, at homes along the street."""
    count = len(ages)
    ids = np.array([f"r{i}" for i in range(count)])
    whole: dict[str, Any] = {
        "sex": np.uint8, "mobility": np.uint8, "schedule": np.uint8, "income_band": np.uint8,
        "digital": np.uint8,
        "chronic": np.uint8, "household": np.int32, "circle": np.int32, "budget_fen": np.int64,
    }  # fmt: skip
    return Population(
        resident=ids, id64=np.arange(1, count + 1, dtype=np.uint64), age=np.array(ages, np.int16),
        home_row=np.array(homes, np.int32), speed_m_per_min=np.full(count, speed),
        tolerance_min=np.full(count, 15.0), means_owned=np.full(count, 7, np.uint8),
        means_carried=np.full(count, 7, np.uint8), need_rate=np.full((count, len(KINDS)), 0.1, np.float32),
        stop_row=np.full(count, -1, np.int32),
        **{name: np.zeros(count, kind) for name, kind in whole.items()},
    )  # fmt: skip


def reading(population: Population, **changes: Any) -> Reading:
    """A reading without any sums, one breakfast shop at the near end of the street."""
    shop = outlets(["shop"], ["breakfast_shop"], np.array([0], np.int32))
    count, many = len(population), len(SUMS)
    by_resident, by_service = count_answers(
        np.full((count, len(SERVICES)), 3, np.int8), population, bearers(population) > 0
    )
    plain = Reading(
        population=population, streets=street(), facilities=shop, present=np.array([True]), currency="yuan",
        days=2, weekday=0, sums=SUMS, resident=np.zeros((count, many)), service=np.zeros((len(SERVICES), many)),
        format=np.zeros((len(FORMATS), many)), facility=np.zeros((1, 4)), bearers=bearers(population),
        answers=by_resident, answers_by_service=by_service,
    )  # fmt: skip
    return replace(plain, **changes)


def sums(rows: list[dict[str, float]], length: int | None = None) -> np.ndarray[Any, Any]:
    """A table of sums from what is not zero."""
    table = np.zeros((length or len(rows), len(SUMS)))
    for i, row in enumerate(rows):
        for name, value in row.items():
            table[i, SUMS.index(name)] = value
    return table
