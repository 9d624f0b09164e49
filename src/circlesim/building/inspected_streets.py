"""Inspected streets: parts that do not hang together, gates, and places nobody reaches."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from circlesim.building.remark import SHOWN, Mark, Remark, toml_text
from circlesim.measures.grouping import SMALLEST_GROUP
from circlesim.world.checks import behind_gates
from circlesim.world.reach import components, nearest_metres
from circlesim.world.world import World

BAND_MIN = 15.0
"""Minutes of the circle: what is farther counts as out of reach."""


def street_remarks(world: World) -> Iterator[Remark]:
    """
    Look at the streets of a world, and at who stands on them.

    Parameters
    ----------
    world : World
        The world.

    Yields
    ------
    Remark
        What there is to say.
    """
    yield from _parts(world)
    yield from _gates(world)
    yield from _reach(world)


def _parts(world: World) -> Iterator[Remark]:
    streets = world.streets
    label = components(streets.with_open_gates())
    outside = label > 0
    blanks: dict[str, object] = {
        "share": float(outside.mean()),
        "nodes": int(outside.sum()),
        "metres": float(streets.length_m[outside[streets.from_row]].sum()),
        "km": float(streets.length_m.sum()) / 1000,
    }
    parts = int(label.max(initial=0))
    yield Remark(kind="there", key="one_part" if not parts else "parts", count=parts + 1, blanks=blanks)


def _gates(world: World) -> Iterator[Remark]:
    streets = world.streets
    residents = behind_gates(streets, world.population.home_row)
    outlets = behind_gates(streets, world.facilities.node_row)
    names = sorted(set(streets.gate[streets.locked == 1].tolist()))
    if not names:
        return
    if not residents and not outlets:
        yield Remark(kind="there", key="gates", count=len(names), examples=tuple(names[:SHOWN]))
        return
    fix = "\n".join(f"[[open_gate]]\ngate = {toml_text(name)}" for name in names[:2])
    yield Remark(
        kind="broken",
        key="cut_off",
        count=residents + outlets,
        fix=fix,
        examples=tuple(names[:SHOWN]),
        blanks={"residents": residents, "outlets": outlets},
    )


def out_of_reach(world: World) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """
    Find homes without an outlet, and outlets without a home, within the circle's minutes.

    Parameters
    ----------
    world : World
        The world.

    Returns
    -------
    tuple of ndarray of bool
        By resident, at his or her own speed to a walk-in outlet of a basic format; and by walk-in outlet, at the
        speed of the fastest.
    """
    people, outlets = world.population, world.facilities
    basic = np.array([row.format_class == "basic" for row in world.formats])[outlets.format]
    cap_m = BAND_MIN * float(people.speed_m_per_min.max(initial=0.0))
    useful = np.unique(outlets.node_row[basic & (outlets.walk_in == 1)])
    metres = nearest_metres(world.streets, useful, cap_m)[people.home_row]
    lonely = nearest_metres(world.streets, np.unique(people.home_row), cap_m)[outlets.node_row]
    walks = people.tolerance_min > 0
    return walks & (metres > BAND_MIN * people.speed_m_per_min), (outlets.walk_in == 1) & ~np.isfinite(lonely)


def _reach(world: World) -> Iterator[Remark]:
    far, lonely = out_of_reach(world)
    if far.any():
        yield Remark(
            kind="there",
            key="far_homes",
            count=int(far.sum()),
            blanks={"share": float(far.mean()), "minutes": BAND_MIN},
        )
    if lonely.any():
        ids = tuple(world.facilities.facility[lonely][:SHOWN].tolist())
        yield Remark(
            kind="there", key="lonely", count=int(lonely.sum()), examples=ids, blanks={"minutes": BAND_MIN}
        )


def reach_marks(world: World) -> Iterator[Mark]:
    """
    Place outlets nobody walks to and homes with nothing near.

    Parameters
    ----------
    world : World
        The world.

    Yields
    ------
    Mark
        Homes are marked where 30 residents or more share one, others are left out.
    """
    far, lonely = out_of_reach(world)
    x_m, y_m = world.streets.x_m, world.streets.y_m
    for row in np.flatnonzero(lonely).tolist():
        node = world.facilities.node_row[row]
        yield Mark(
            key="lonely", x_m=float(x_m[node]), y_m=float(y_m[node]), label=str(world.facilities.facility[row])
        )
    nodes, count = np.unique(world.population.home_row[far], return_counts=True)
    for node in nodes[count >= SMALLEST_GROUP].tolist():
        yield Mark(key="far_homes", x_m=float(x_m[node]), y_m=float(y_m[node]), label="")
