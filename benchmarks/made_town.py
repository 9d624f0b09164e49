"""A town made for timing: a grid of streets, five services, as many residents and outlets as asked for."""

from __future__ import annotations

from datetime import date

import numpy as np

from circlesim import draws
from circlesim.catalog.constants import AGE_GROUPS, UNAVAILABLE, Constants
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.stage import Stage
from circlesim.engine.ways import ways
from circlesim.world.facilities import OPEN_ENDED, Facilities
from circlesim.world.population import Means, Population
from circlesim.world.streets import Streets
from circlesim.world.world import World

START = date(2024, 3, 4)
ACTIVE = (("breakfast", 0), ("groceries", 0), ("meal", 0), ("parcel", 0), ("pharmacy", 0))
STEP_M = 60.0
CAP_M = 1350.0


def streets(side: int) -> Streets:
    """A square grid of streets, a corner every 60 metres."""
    nodes = np.arange(side * side).reshape(side, side)
    low = np.concatenate([nodes[:, :-1].ravel(), nodes[:-1].ravel()]).astype(np.int32)
    high = np.concatenate([nodes[:, 1:].ravel(), nodes[1:].ravel()]).astype(np.int32)
    x, y = (nodes.ravel() % side) * STEP_M, (nodes.ravel() // side) * STEP_M
    return Streets(node=nodes.ravel(), x_m=x, y_m=y, lon=x * 1e-5, lat=y * 1e-5, from_row=low, to_row=high,
                   length_m=np.full(len(low), STEP_M))  # fmt: skip


def population(count: int, nodes: int, needs: float, rng: np.random.Generator) -> Population:
    """Adults of all ages at random corners; the oldest carry cash alone."""
    ids = np.array([f"r{i:07d}" for i in range(count)])
    rate = np.zeros((count, len(KINDS)), np.float32)
    rate[:, [KINDS.index(kind) for kind in ACTIVE]] = needs / len(ACTIVE)
    age = rng.integers(18, 90, count)
    both = Means.MOBILE | Means.CASH
    carried = np.select([age < 50, age < 75], [Means.MOBILE, both], Means.CASH).astype(np.uint8)
    return Population(
        resident=ids, id64=draws.hash_ids(ids), age=age.astype(np.int16),
        sex=rng.integers(0, 2, count).astype(np.uint8), household=np.arange(count, dtype=np.int32) // 2,
        home_row=np.sort(rng.integers(0, nodes, count)).astype(np.int32), mobility=np.zeros(count, np.uint8),
        speed_m_per_min=rng.uniform(50.0, 90.0, count), tolerance_min=np.full(count, 15.0),
        digital=(age < 65).astype(np.uint8), means_owned=np.full(count, 7, np.uint8), means_carried=carried,
        schedule=np.where(age < 60, 0, 2).astype(np.uint8), income_band=np.ones(count, np.uint8),
        budget_fen=np.full(count, 60_000, np.int64), need_rate=rate, circle=np.zeros(count, np.int32),
        chronic=np.zeros(count, np.uint8), stop_row=np.full(count, -1, np.int32),
    )  # fmt: skip


def facilities(count: int, nodes: int, service_min: float, rng: np.random.Generator) -> Facilities:
    """Outlets of one service each at random corners, two servers each; one in seven refuses cash."""
    ids = np.array([f"f{i:05d}" for i in range(count)])
    hours = np.full((count, 7, 3, 2), -1, np.int16)
    hours[:, :, 0] = 360, 1260
    services = [1 << SERVICE_INDEX[ACTIVE[i % len(ACTIVE)][0]] for i in range(count)]
    one, no, number = np.ones(count), np.zeros(count, np.uint8), np.zeros(count)
    return Facilities(
        facility=ids, id64=draws.hash_ids(ids), name=ids, node_row=rng.integers(0, nodes, count).astype(np.int32),
        format=np.zeros(count, np.int16), services=np.array(services, np.uint32), hours=hours,
        servers=np.full(count, 2, np.int32), service_min=one * service_min,
        queue_limit=np.full(count, -1, np.int32), price_level=rng.uniform(0.9, 1.1, count),
        quality=rng.uniform(0.0, 1.0, count), variety=one,
        payment_mode=(np.arange(count) % 7 == 0).astype(np.uint8), takes_card=no, staffed=no + 1, self_service=no,
        step_free=no + 1, on_map=no + 1, chain=no, delivery=no, walk_in=no + 1, delivery_radius_m=number,
        delivery_min=number, delivery_fee_fen=number.astype(np.int64), delivery_basket_fen=number.astype(np.int64),
        aid_fen=number.astype(np.int64), aid_from_age=number.astype(np.int16), home_visits=number.astype(np.int32),
        seats=number.astype(np.int32), places=number.astype(np.int32), supply_share=one, reserve_days=number,
        local_share=number, reserved_posts=number.astype(np.int32),
        rent_yuan_month=number, support_yuan_month=number, staff=one, margin=number, area_m2=number,
        visitors_per_day=number, opened=np.full(count, OPEN_ENDED), closed=np.full(count, OPEN_ENDED),
        circle=np.zeros(count, np.int32),
    )  # fmt: skip


def flat_constants() -> Constants:
    """Forgoing and going outside at 0, home at 2 for breakfast, no delivery: half of all needs go to outlets."""
    alternative = np.full((len(AGE_GROUPS), len(SERVICES), 4), UNAVAILABLE)
    alternative[:, :, 2:] = 0.0
    alternative[:, 0, 1] = 2.0
    return Constants(alternative=alternative, thresholds=np.array([0.2, 0.4, 0.6]))


def made_town(
    residents: int, outlets: int, *, side: int = 20, needs: float = 2.4, service_min: float = 1.5, seed: int = 1
) -> tuple[Prepared, tuple[Stage, ...]]:
    """Build a town and prepare it for running."""
    rng = np.random.default_rng(seed)
    grid = streets(side)
    people = population(residents, side * side, needs, rng)
    shops = facilities(outlets, side * side, service_min, rng)
    world = World(name="made for timing", streets=grid, population=people, facilities=shops)
    walks = ways(world, shops, CAP_M, default_parameters(), Mechanisms())
    stage = Stage(first_day=-1, facilities=shops, present=np.ones(outlets, bool))
    return prepare(world, walks, default_parameters(), flat_constants(), START), (stage,)


def alternatives_per_need(prepared: Prepared) -> float:
    """Mean number of outlets of a wanted service within a resident's own tolerance."""
    people, reach = prepared.people.record, prepared.reach[0]
    total, sample = 0, range(0, len(people), max(1, len(people) // 500))
    for r in sample:
        for service, _ in ACTIVE:
            row = int(people["origin"][r]) * len(SERVICES) + SERVICE_INDEX[service]
            metres = reach.metres[reach.ptr[row] : reach.ptr[row + 1]]
            total += int((metres / people["speed"][r] <= people["tolerance"][r]).sum())
    return total / len(sample) / len(ACTIVE)
