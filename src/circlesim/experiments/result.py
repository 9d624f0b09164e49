"""Result: what the days of one scenario came to in one replication, over all of the world."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.operators import Month
from circlesim.engine.survey import latent
from circlesim.engine.tally import Sums
from circlesim.experiments.shards import Shard
from circlesim.experiments.trajectory import Branch

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    One scenario at its end.

    Parameters
    ----------
    sums : Sums
        Of the days measured.
    latent : ndarray of float64, shape (R, S)
        Latent satisfaction on the last day.
    present : ndarray of bool, shape (F,)
        Outlets that exist and trade on the last day.
    months : tuple of Month
        Books; empty where months are off.
    """

    sums: Sums
    latent: FloatArray
    present: NDArray[np.bool_]
    months: tuple[Month, ...]


def result_of(shard: Shard, branch: Branch, before: Result | None, residents: int, facilities: int) -> Result:
    """
    Add a shard at its end to what the shards before it came to.

    Parameters
    ----------
    shard : Shard
        A part of the world.
    branch : Branch
        The scenario in it, with sums in rows of the shard.
    before : Result or None
        The parts so far; changed.
    residents, facilities : int
        Rows of the world and of the roster.

    Returns
    -------
    Result
        In rows of the world and of the roster.
    """
    simulation = branch.simulation
    felt = latent(simulation.state, shard.prepared.law)
    if shard.whole:
        return Result(sums=branch.sums, latent=felt, present=simulation.present, months=simulation.months)
    if before is None:
        before = _nothing(branch, felt.shape[1], residents, facilities)
    before.latent[shard.residents], before.present[shard.facilities] = felt, simulation.present
    for name, rows in _ROWS.items():
        whole, part = getattr(before.sums, name), getattr(branch.sums, name)
        whole[getattr(shard, rows) if rows else slice(None)] += part
    for month, part_of in zip(before.months, simulation.months, strict=True):
        for name in Month._fields[1:]:
            getattr(month, name)[shard.facilities] = getattr(part_of, name)
    return before


_ROWS = {
    "resident": "residents", "facility": "facilities", "service": "", "format": "", "barrier": "",
    "needs_by_group": "", "hourly": "",
}  # fmt: skip
"""Sums, and the rows of a shard that they are kept by; what has none is added up."""


def _nothing(branch: Branch, services: int, residents: int, facilities: int) -> Result:
    """Zeroes for all of the world, after the pattern of one of its parts."""
    many = {"residents": residents, "facilities": facilities}

    def zeroes(name: str, rows: str) -> FloatArray:
        shape = getattr(branch.sums, name).shape
        return np.zeros((many[rows], *shape[1:]) if rows else shape)

    sums: dict[str, Any] = {name: zeroes(name, rows) for name, rows in _ROWS.items()}

    return Result(
        sums=replace(branch.sums, **sums),
        latent=np.zeros((residents, services)), present=np.zeros(facilities, bool),
        months=tuple(_no_books(month, facilities) for month in branch.simulation.months),
    )  # fmt: skip


def _no_books(month: Month, facilities: int) -> Month:
    columns: dict[str, Any] = {
        name: np.zeros(facilities, getattr(month, name).dtype) for name in Month._fields[1:]
    }
    return month._replace(**columns)
