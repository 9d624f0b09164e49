"""Readings: made-up sums of a few days, for checking measures without running a town."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.services import SERVICES
from circlesim.draws import SYNTHESIS, hash_id, uniforms
from circlesim.engine.tally import SUMS
from circlesim.measures.reading import FACILITY_SUMS, Reading, bearers, count_answers
from circlesim.world.world import World


def tiny_reading(world: World, seed: int = 0, days: int = 7) -> Reading:
    """
    Make up the sums of some days; they obey no law but their shapes and signs.

    Parameters
    ----------
    world : World
        Residents, streets and outlets; all outlets are present.
    seed : int, default: 0
        What the figures depend on.
    days : int, default: 7
        Days added up; with 0 all sums are 0.

    Returns
    -------
    Reading
        What a `Measure` may look at.
    """
    rows = len(world.population)
    levels = (4 * _luck(seed, "levels", rows, len(SERVICES))).astype(np.int8)
    asked_about = bearers(world.population)
    answers, answers_by_service = count_answers(levels, world.population, asked_about > 0)

    def sums(table: str, count: int, columns: tuple[str, ...]) -> NDArray[np.float64]:
        return np.floor(10.0 * days * _luck(seed, table, count, len(columns)))

    return Reading(
        population=world.population,
        streets=world.streets,
        facilities=world.facilities,
        present=np.ones(len(world.facilities), dtype=bool),
        currency=world.currency,
        days=days,
        weekday=6,
        sums=SUMS,
        resident=sums("resident", rows, SUMS),
        service=sums("service", len(SERVICES), SUMS),
        format=sums("format", len(world.formats), SUMS),
        facility=sums("facility", len(world.facilities), FACILITY_SUMS),
        answers=answers,
        answers_by_service=answers_by_service,
        bearers=asked_about,
        minute_value=0.5,
    )


def _luck(seed: int, table: str, rows: int, columns: int) -> NDArray[np.float64]:
    row, column = np.arange(rows, dtype=np.uint64), np.arange(columns, dtype=np.uint64)
    return uniforms(seed, SYNTHESIS, hash_id(table), row[:, None], column[None, :])
