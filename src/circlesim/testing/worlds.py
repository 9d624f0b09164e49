"""Worlds: tiny neighbourhoods for tests, the same whenever they are built from the same numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np

from circlesim.catalog.formats import facility_defaults
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.draws import SYNTHESIS, hash_id, hash_ids, uniforms
from circlesim.world.facilities import COLUMNS, OPEN_ENDED, Facilities, PaymentMode
from circlesim.world.hours import parse_hours
from circlesim.world.population import Means, Mobility, Population, Schedule
from circlesim.world.streets import Streets
from circlesim.world.world import World

_LON_M, _LAT_M = 85_394.0, 111_035.0  # metres a degree at 40 degrees north, WGS-84

Facts = Mapping[str, Any]
Table = TypeVar("Table", Facilities, Population, Streets)

TINY_FORMATS: tuple[str, ...] = (
    "breakfast_shop", "convenience_store", "community_canteen", "restaurant", "pharmacy", "parcel_locker",
    "library", "instant_retail_hub", "elder_care_station",
)  # fmt: skip
"""Formats met in tiny worlds: staffed and unattended, walk-in and delivering, basic and quality."""

TINY_HOURS: tuple[str, ...] = (
    "24/7", "Mo-Su 06:00-10:00", "Mo-Su 07:00-19:00", "Mo-Fr 09:00-12:00,14:00-17:00", "Sa,Su 10:00-24:00",
    "Mo-Su 18:00-02:00", "Mo 08:00-09:00", "Mo-Su 06:30-08:30,10:45-13:00,16:30-18:30",
)  # fmt: skip
"""Opening hours met in tiny worlds: breaks, days off, past midnight."""

OUTLET_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "format": TINY_FORMATS,
    "hours": TINY_HOURS,
    "servers": (1, 1, 2, 5),
    "service_min": (0.5, 2.0, 15.0),
    "queue_limit": (-1, -1, 0, 1, 4),
    "price_level": (0.8, 1.0, 1.0, 1.25),
    "quality": (0.5, 0.7, 0.7),
    "payment_mode": tuple(PaymentMode),
    "takes_card": (0, 1),
    "step_free": (0, 1),
}
"""Facts of an outlet from which tiny worlds choose; values stand twice so that ties are common."""

_CARDS = (Means.CASH, Means.CASH, Means.MOBILE, Means.CASH | Means.MOBILE, Means.CASH | Means.CARD, Means(7))
_RESIDENT_CHOICES: Mapping[str, tuple[Any, ...]] = {
    "age": (3, 9, 16, 25, 25, 44, 62, 70, 83),
    "sex": (0, 1),
    "mobility": (*([Mobility.INDEPENDENT] * 5), Mobility.SLOW, Mobility.SLOW, Mobility.AID, Mobility.HOMEBOUND),
    "speed_m_per_min": (75.0, 75.0, 60.0, 50.0, 40.0),
    "tolerance_min": (5.0, 10.0, 15.0, 15.0),
    "digital": (0, 1, 1),
    "means_owned": _CARDS,
    "schedule": tuple(Schedule),
    "income_band": (0, 1, 2),
    "budget_fen": (2_000, 50_000, 200_000),
}
_POPULATION_TYPES: dict[str, Any] = {
    "age": np.int16, "sex": np.uint8, "household": np.int32, "home_row": np.int32, "mobility": np.uint8,
    "speed_m_per_min": np.float64, "tolerance_min": np.float64, "digital": np.uint8, "means_owned": np.uint8,
    "means_carried": np.uint8, "schedule": np.uint8, "income_band": np.uint8, "budget_fen": np.int64,
    "circle": np.int32, "chronic": np.uint8, "stop_row": np.int32,
}  # fmt: skip
_FACILITY_TYPES: dict[str, Any] = {
    "node_row": np.int32, "format": np.int16, "services": np.uint32, "hours": np.int16, "servers": np.int32,
    "queue_limit": np.int32, "home_visits": np.int32, "seats": np.int32, "places": np.int32,
    "reserved_posts": np.int32,
    "delivery_fee_fen": np.int64, "delivery_basket_fen": np.int64, "aid_fen": np.int64, "aid_from_age": np.int16,
    "circle": np.int32, "opened": "datetime64[D]", "closed": "datetime64[D]", "id64": np.uint64,
    **dict.fromkeys(("payment_mode", "takes_card", "staffed", "self_service", "step_free", "on_map", "chain",
                     "delivery", "walk_in"), np.uint8),
}  # fmt: skip


def lattice(rows: int, columns: int, block_m: float = 100.0) -> Streets:
    """
    Lay streets out as a grid.

    Parameters
    ----------
    rows, columns : int
        Nodes down and across.
    block_m : float, default: 100.0
        Length of every block; whole metres make equal walks common.

    Returns
    -------
    Streets
        Node ids are 100, 101, … row by row.
    """
    y, x = (axis.ravel() for axis in np.mgrid[0:rows, 0:columns])
    row = np.arange(rows * columns).reshape(rows, columns)
    start = np.concatenate([row[:, :-1].ravel(), row[:-1, :].ravel()])
    end = np.concatenate([row[:, 1:].ravel(), row[1:, :].ravel()])
    return Streets(
        node=100 + np.arange(rows * columns, dtype=np.int64),
        x_m=x * block_m, y_m=y * block_m,
        lon=116.0 + x * block_m / _LON_M, lat=40.0 + y * block_m / _LAT_M,
        from_row=start.astype(np.int32), to_row=end.astype(np.int32),
        length_m=np.full(len(start), float(block_m)),
    )  # fmt: skip


def tiny_world(
    seed: int = 0,
    residents: int | Sequence[Facts] = 20,
    facilities: int | Sequence[Facts] = 6,
    *,
    streets: Streets | None = None,
    name: str = "tiny",
) -> World:
    """
    Build a tiny neighbourhood.

    Whatever is not stated is chosen by keyed draws from a few values, so that equal places, prices, speeds and
    hours are common; ids are ``r0…`` and ``f0…``.

    Parameters
    ----------
    seed : int, default: 0
        What the unstated facts depend on, together with the position of the row.
    residents : int or sequence of mapping, default: 20
        How many; or for each what is to hold, by column of `Population`. ``need_rate`` may also be a mapping of
        service to rate, all others being 0; ``means_owned`` alone is carried, ``means_carried`` alone is owned.
    facilities : int or sequence of mapping, default: 6
        How many; or for each what is to hold, by column of `Facilities`. ``format`` and ``hours`` are text,
        ``services`` may be a tuple of ids; other columns are those of the format.
    streets : Streets, optional
        The network; a 4 by 4 lattice of 100 m blocks where missing.
    name : str, default: "tiny"
        Name of the world.

    Returns
    -------
    World
        Synthetic, priced in yuan.
    """
    streets = lattice(4, 4) if streets is None else streets
    people = [{}] * residents if isinstance(residents, int) else list(residents)
    outlets = [{}] * facilities if isinstance(facilities, int) else list(facilities)
    return World(
        name=name, streets=streets,
        population=_population(seed, people, len(streets)),
        facilities=_facilities(seed, outlets, len(streets)),
        title={"en": name, "zh": name},
    )  # fmt: skip


def _choice(seed: int, trait: str, row: int, options: Sequence[Any]) -> Any:
    luck = float(uniforms(seed, SYNTHESIS, hash_id(trait), row))
    return options[int(luck * len(options))]


def _population(seed: int, people: Sequence[Facts], nodes: int) -> Population:
    rows = [_resident(seed, i, facts, nodes) for i, facts in enumerate(people)]
    ids = np.array([row["resident"] for row in rows], dtype=np.str_)
    rates = np.array([row["need_rate"] for row in rows], dtype=np.float32).reshape(len(rows), len(KINDS))
    columns = {name: np.array([row[name] for row in rows], dtype) for name, dtype in _POPULATION_TYPES.items()}
    return Population(resident=ids, id64=hash_ids(ids), need_rate=rates, **columns)


def _resident(seed: int, i: int, facts: Facts, nodes: int) -> dict[str, Any]:
    """One resident: what is stated, then what the draws say."""
    row = {trait: _choice(seed, trait, i, options) for trait, options in _RESIDENT_CHOICES.items()}
    row |= {"resident": f"r{i}", "household": i // 2, "circle": 0}
    row["home_row"] = _choice(seed, "home", i, range(nodes))
    row["chronic"] = _choice(seed, "chronic", i, (0, 1))
    row["stop_row"] = _choice(seed, "stop", i, (-1, *range(nodes)))
    row["need_rate"] = [_choice(seed, f"need {k}", i, (0.0, 0.0, 0.3, 1.0)) for k in range(len(KINDS))]
    row |= facts
    if isinstance(row["need_rate"], Mapping):
        row["need_rate"] = [row["need_rate"].get(service, 0.0) for service, _ in KINDS]
    if "means_carried" in facts and "means_owned" not in facts:
        row["means_owned"] = row["means_carried"]
    row.setdefault("means_carried", row["means_owned"])
    if row["mobility"] == Mobility.HOMEBOUND and "tolerance_min" not in facts:
        row["tolerance_min"] = 0.0
    return row


def _facilities(seed: int, outlets: Sequence[Facts], nodes: int) -> Facilities:
    rows = [_outlet(seed, i, facts, nodes) for i, facts in enumerate(outlets)]
    ids = [row["facility"] for row in rows]
    columns: dict[str, Any] = {"id64": hash_ids(ids)}
    for name in COLUMNS:
        if name in ("facility", "name"):
            columns[name] = np.array([row[name] for row in rows], dtype=np.str_)
        elif name != "id64":
            columns[name] = np.array([row[name] for row in rows], _FACILITY_TYPES.get(name, np.float64))
    columns["hours"] = columns["hours"].reshape(len(rows), 7, 3, 2)
    return Facilities(**columns)


def _outlet(seed: int, i: int, facts: Facts, nodes: int) -> dict[str, Any]:
    """One outlet: what is stated, then what the draws say, then what its format says."""
    drawn = {fact: _choice(seed, fact, i, options) for fact, options in OUTLET_CHOICES.items()}
    format_id = facts.get("format", drawn["format"])
    row: dict[str, Any] = dict(facility_defaults(format_id))
    row |= {"facility": f"f{i}", "name": "", "circle": 0, "opened": OPEN_ENDED, "closed": OPEN_ENDED}
    row["node_row"] = _choice(seed, "node", i, range(nodes))
    row |= {fact: value for fact, value in (drawn | dict(facts)).items() if fact != "format"}
    row["staffed"] = facts.get("staffed", int(row["payment_mode"] <= PaymentMode.STAFFED_REFUSE))
    if isinstance(row["hours"], str):
        row["hours"] = parse_hours(row["hours"])
    if isinstance(row["services"], tuple):
        row["services"] = sum(1 << SERVICE_INDEX[service] for service in row["services"])
    return row


def without_facilities(world: World) -> World:
    """
    Return a world in which no outlet stands.

    Parameters
    ----------
    world : World
        Any.

    Returns
    -------
    World
        The same streets and residents.
    """
    return replace(world, facilities=world.facilities.take(np.zeros(0, dtype=np.int64)))


def reordered(
    world: World,
    *,
    residents: Sequence[int] | None = None,
    facilities: Sequence[int] | None = None,
    nodes: Sequence[int] | None = None,
) -> World:
    """
    Write the rows of a world down in another order; it stays the same neighbourhood.

    Parameters
    ----------
    world : World
        Any.
    residents, facilities, nodes : sequence of int, optional
        Old row of each new row; as it was where missing.

    Returns
    -------
    World
        Rows that point to nodes point to the same places.
    """
    population, outlets, streets = world.population, world.facilities, world.streets
    if nodes is not None:
        order = np.asarray(nodes, dtype=np.int64)
        new_row = np.empty(len(order), dtype=np.int32)
        new_row[order] = np.arange(len(order), dtype=np.int32)
        streets = replace(
            streets,
            **{each: getattr(streets, each)[order] for each in ("node", "x_m", "y_m", "lon", "lat")},
            from_row=new_row[streets.from_row],
            to_row=new_row[streets.to_row],
        )
        stop_row = np.where(population.stop_row >= 0, new_row[population.stop_row], -1).astype(np.int32)
        population = replace(population, home_row=new_row[population.home_row], stop_row=stop_row)
        outlets = replace(outlets, node_row=new_row[outlets.node_row])
    return replace(
        world, streets=streets, population=_taken(population, residents), facilities=_taken(outlets, facilities)
    )


def _taken(table: Table, order: Sequence[int] | None) -> Table:
    if order is None:
        return table
    rows = np.asarray(order, dtype=np.int64)
    if isinstance(table, Facilities):
        return table.take(rows)
    return type(table)(**{each.name: getattr(table, each.name)[rows] for each in fields(table)})
