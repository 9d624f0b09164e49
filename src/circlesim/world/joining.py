"""Joining: several towns side by side as one world with many circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import hash_ids
from circlesim.errors import WorldError
from circlesim.world.facilities import concatenate_facilities
from circlesim.world.population import Population
from circlesim.world.street_plan import METRES_PER_DEGREE
from circlesim.world.streets import EDGE_COLUMNS, Streets
from circlesim.world.world import World


def join_worlds(worlds: Sequence[World], shifts_m: Sequence[tuple[float, float]], name: str) -> World:
    """
    Lay towns side by side; their streets do not meet.

    Parameters
    ----------
    worlds : sequence of World
        Towns of one currency; the k-th becomes circle k + 1.
    shifts_m : sequence of tuple of float
        By how much each is moved east and north.
    name : str
        Name of the new world.

    Returns
    -------
    World
        Ids are those of the towns, which must not meet; titles, sources and seed those of the first.

    Raises
    ------
    WorldError
        If two towns share an id or differ in currency.
    """
    if len({world.currency for world in worlds}) > 1:
        raise WorldError("towns of one city share a currency")
    starts = np.cumsum([0, *(len(world.streets) for world in worlds)]).tolist()
    people = [
        _moved(world.population, start, k + 1)
        for k, (world, start) in enumerate(zip(worlds, starts, strict=False))
    ]
    shops = [
        replace(world.facilities, node_row=world.facilities.node_row + np.int32(start),
                circle=np.full(len(world.facilities), k + 1, np.int32))
        for k, (world, start) in enumerate(zip(worlds, starts, strict=False))
    ]  # fmt: skip
    population = _under_each_other(people)
    facilities = shops[0]
    for more in shops[1:]:
        facilities = concatenate_facilities(facilities, more)
    for ids in (population.id64, facilities.id64):
        if len(np.unique(ids)) != len(ids):
            raise WorldError("two towns of a city share an id")
    streets = _side_by_side([world.streets for world in worlds], shifts_m)
    return replace(worlds[0], name=name, streets=streets, population=population, facilities=facilities)


def with_prefix(world: World, prefix: str) -> World:
    """
    Put a prefix before every id and gate of a town, so that it can stand beside others.

    Parameters
    ----------
    world : World
        The town.
    prefix : str
        Such as ``"c2-"``.

    Returns
    -------
    World
        Its outlets and gates named anew; residents keep their ids, since their traits are drawn by them.
    """
    ids = np.char.add(prefix, world.facilities.facility)
    gate = world.streets.gate
    return replace(
        world, facilities=replace(world.facilities, facility=ids, id64=hash_ids(ids.tolist())),
        streets=replace(world.streets, gate=np.where(gate == "", "", np.char.add(prefix, gate))),
    )  # fmt: skip


def _moved(people: Population, start: int, circle: int) -> Population:
    """Residents on streets that begin at a row; households are numbered apart later."""
    stop = np.where(people.stop_row >= 0, people.stop_row + start, people.stop_row).astype(np.int32)
    return replace(
        people, home_row=people.home_row + np.int32(start), stop_row=stop,
        circle=np.full(len(people), circle, np.int32),
    )  # fmt: skip


def _under_each_other(people: Sequence[Population]) -> Population:
    columns = {
        each.name: np.concatenate([getattr(one, each.name) for one in people]) for each in fields(Population)
    }
    first = np.cumsum([0, *(int(one.household.max(initial=-1)) + 1 for one in people)])
    columns["household"] = np.concatenate(
        [one.household + np.int32(start) for one, start in zip(people, first, strict=False)]
    )
    return Population(**columns)


def _side_by_side(streets: Sequence[Streets], shifts_m: Sequence[tuple[float, float]]) -> Streets:
    starts = np.cumsum([0, *(len(one) for one in streets)])

    def ends(name: str) -> NDArray[np.int32]:
        parts = [getattr(one, name) + np.int32(start) for one, start in zip(streets, starts, strict=False)]
        return np.concatenate(parts)

    x, y = (
        np.concatenate([getattr(one, axis) + shift[i] for one, shift in zip(streets, shifts_m, strict=True)])
        for i, axis in enumerate(("x_m", "y_m"))
    )
    met = {name: np.concatenate([getattr(one, name) for one in streets]) for name in EDGE_COLUMNS}
    return Streets(
        node=np.arange(1, len(x) + 1, dtype=np.int64), x_m=x, y_m=y, lon=x / METRES_PER_DEGREE,
        lat=y / METRES_PER_DEGREE, from_row=ends("from_row"), to_row=ends("to_row"),
        length_m=np.concatenate([one.length_m for one in streets]), **met,
    )  # fmt: skip
