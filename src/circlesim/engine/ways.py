"""Ways: metres on foot for each class of walkers, under each state of the gates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.walking import level_metres
from circlesim.catalog.parameters import Parameters
from circlesim.compiled import compiled
from circlesim.engine.mechanisms import Mechanisms
from circlesim.world.facilities import Facilities
from circlesim.world.population import Mobility, Population
from circlesim.world.reach import ServiceReach, service_reach, walk_metres
from circlesim.world.stops import FARTHEST_M
from circlesim.world.streets import Streets
from circlesim.world.world import World

CLASSES: tuple[str, ...] = ("independent", "slow", "aid")
"""Classes of walkers who go by ways of their own."""
UNREACHED = -1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """
    Ways on foot under one state of the gates.

    Parameters
    ----------
    reach : ServiceReach
        Metres to the outlets of each service: one block of rows for each class, or one for all.
    trip_m : ndarray of float64, shape (R,)
        Metres from each home to the stop its resident passes daily; `UNREACHED` for none.
    """

    reach: ServiceReach
    trip_m: NDArray[np.float64]


def class_of(mobility: NDArray[np.uint8]) -> NDArray[np.int64]:
    """
    Class of walkers of each resident.

    Parameters
    ----------
    mobility : ndarray of uint8, shape (R,)
        `Mobility`.

    Returns
    -------
    ndarray of int64, shape (R,)
        Position in `CLASSES`; who stays at home is met by staff who walk freely.
    """
    return np.where(mobility == Mobility.HOMEBOUND, 0, mobility).astype(np.int64)


def streets_of(streets: Streets, walker: str, parameters: Parameters) -> Streets:
    """
    Lay streets out as one class of walkers meets them.

    Parameters
    ----------
    streets : Streets
        The network.
    walker : str
        One of `CLASSES`.
    parameters : Parameters
        Rows ``impedance_slope``, ``impedance_steps`` and ``impedance_kerb_m``.

    Returns
    -------
    Streets
        Lengths in level metres; steps that the class cannot pass are locked.
    """
    weigh = [parameters.number(f"impedance_{name}", mobility=walker) for name in ("slope", "steps", "kerb_m")]
    length = np.empty(len(streets.length_m))
    _fill_length(streets.length_m, streets.slope, streets.steps, streets.kerbs, np.array(weigh), length)
    stopped = (streets.steps == 1) & (weigh[1] == 0.0)
    return replace(streets, length_m=length, locked=streets.locked | stopped.astype(np.uint8))


@compiled(borrow=True)
def _fill_length(
    length_m: NDArray[np.float64], slope: NDArray[np.float64], steps: NDArray[np.uint8], kerbs: NDArray[np.uint8],
    weigh: NDArray[np.float64], out: NDArray[np.float64],
) -> None:  # fmt: skip
    """Fill the level metres of every edge."""
    for e in range(out.size):
        out[e] = level_metres(
            length_m[e], slope[e], float(steps[e]), float(kerbs[e]), weigh[0], weigh[1], weigh[2]
        )


def origins_of(world: World, nodes: NDArray[np.integer], mechanisms: Mechanisms) -> NDArray[np.int32]:
    """
    List the nodes from which walks begin: homes, outlets, where a next-best walk starts, and stops passed daily.

    Parameters
    ----------
    world : World
        For the homes.
    nodes : ndarray of int, shape (F,)
        Nodes of the outlets.
    mechanisms : Mechanisms
        Whether trips made anyway count.

    Returns
    -------
    ndarray of int32, shape (O,)
        Rising.
    """
    people = world.population
    stops = people.stop_row[people.stop_row >= 0] if mechanisms.trips else people.stop_row[:0]
    return np.unique(np.concatenate([people.home_row, nodes, stops])).astype(np.int32)


def ways(
    world: World, facilities: Facilities, cap_m: float, parameters: Parameters, mechanisms: Mechanisms
) -> Ways:
    """
    Measure all ways on foot.

    Parameters
    ----------
    world : World
        Streets, with gates as they stand, and homes.
    facilities : Facilities
        The roster.
    cap_m : float
        Longest walk of anybody, in level metres.
    parameters : Parameters
        What slopes, steps and kerbs cost.
    mechanisms : Mechanisms
        Whether they count, and whether trips made anyway do.

    Returns
    -------
    Ways
        One block of rows where everybody walks alike.
    """
    people = world.population
    origins = origins_of(world, facilities.node_row, mechanisms)
    alike = not (mechanisms.impedance and _hindered(world.streets))
    walked = [world.streets] if alike else [streets_of(world.streets, each, parameters) for each in CLASSES]
    blocks = [service_reach(streets, origins, facilities, cap_m) for streets in walked]
    trip_m = np.full(len(people), UNREACHED)
    if mechanisms.trips:
        group = np.zeros(len(people), np.int64) if alike else class_of(people.mobility)
        for number, streets in enumerate(walked):
            rows = np.flatnonzero((group == number) & (people.stop_row >= 0))
            trip_m[rows] = _trips(streets, people, rows)
    return Ways(reach=_joined(blocks), trip_m=trip_m)


def _hindered(streets: Streets) -> bool:
    """Tell whether anything on the streets tells walkers apart."""
    return bool(streets.slope.any() or streets.steps.any() or streets.kerbs.any())


def _trips(streets: Streets, people: Population, rows: NDArray[np.intp]) -> NDArray[np.float64]:
    """Metres between home and stop of some residents; `UNREACHED` beyond what anybody walks to a stop."""
    stops, at = np.unique(people.stop_row[rows], return_inverse=True)
    near, metres = walk_metres(streets, stops, FARTHEST_M), np.full(len(rows), UNREACHED)
    for i, (stop, home) in enumerate(zip(at.tolist(), people.home_row[rows].tolist(), strict=True)):
        low, high = near.ptr[stop], near.ptr[stop + 1]
        place = low + int(np.searchsorted(near.node[low:high], home))
        if place < high and near.node[place] == home:
            metres[i] = near.metres[place]
    return metres


def _joined(blocks: Sequence[ServiceReach]) -> ServiceReach:
    """Rows of one class below those of the other."""
    if len(blocks) == 1:
        return blocks[0]
    starts = np.cumsum([0, *(len(block.facility) for block in blocks)])
    ptr = [block.ptr[:-1] + start for block, start in zip(blocks, starts, strict=False)]
    return replace(
        blocks[0],
        ptr=np.concatenate([*ptr, starts[-1:]]).astype(np.int64),
        facility=np.concatenate([block.facility for block in blocks]),
        metres=np.concatenate([block.metres for block in blocks]),
    )
