"""Old town: a synthetic Chinese circle at the national anchors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.format_counts import outlet_counts
from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.errors import WorldError
from circlesim.world.facilities import Facilities, PaymentMode
from circlesim.world.outlets import outlets
from circlesim.world.street_plan import StreetPlan, street_plan, with_leaves
from circlesim.world.streets import Streets
from circlesim.world.synthetic_population import synthesise_population
from circlesim.world.world import World

OLD_TOWN_SEED = 20230711
"""Root seed of the shipped town: the date of the three-year plan, 11 July 2023."""
SMALLEST_TOWN = 300
RESIDENTS = 20_700
"""Mean residents of a circle (Ministry of Commerce, People's Daily 2026-01-20)."""

# Words of the keys of this module.
_BUILDING, _TALL, _CENTRE, _INSIDE, _PLACE, _QUALITY, _PRICE, _CASH, _CARD, _STEP, _CHAIN = range(80, 91)


def old_town(
    residents: int = RESIDENTS,
    *,
    seed: int = OLD_TOWN_SEED,
    parameters: Parameters | None = None,
    resident_prefix: str = "",
    trait_seed: int | None = None,
    formats: Formats = CATALOGUE,
) -> World:
    """
    Make a synthetic circle: 20,700 residents, 240 outlets and 20,000 people a square kilometre.

    Parameters
    ----------
    residents : int, default: RESIDENTS
        Number of residents; area and outlets scale with it, the density stays.
    seed : int, default: OLD_TOWN_SEED
        Root seed of streets, people and outlets.
    parameters : Parameters, optional
        The shipped ones by default.
    resident_prefix : str, default: ""
        Put before the ids of the residents, where the town is to stand in a city.
    trait_seed : int, optional
        Root seed of the residents' traits; `seed` where left out.
    formats : Formats, default: CATALOGUE
        What its outlets are like; of further formats it has none.

    Returns
    -------
    World
        The town, in yuan.

    Raises
    ------
    WorldError
        If fewer than `SMALLEST_TOWN` residents are asked for.
    """
    if residents < SMALLEST_TOWN:
        raise WorldError(f"old_town needs at least {SMALLEST_TOWN} residents, found {residents}")
    parameters = parameters or default_parameters()
    side_m = 1000.0 * np.sqrt(residents / parameters.number("density"))
    plan = street_plan(side_m, parameters, seed)
    streets, home_rows, weights = _homes(plan, residents, parameters, seed)
    population = synthesise_population(
        streets, home_rows, weights, residents, parameters, seed, stop_rows=plan.crossing_rows,
        prefix=resident_prefix, trait_seed=trait_seed,
    )  # fmt: skip
    per_resident = parameters.number("circle_outlets") / parameters.number("circle_population")
    return World(
        name="old_town",
        streets=streets,
        population=population,
        population_seed=seed if trait_seed is None else trait_seed,
        facilities=_facilities(plan, residents, round(residents * per_resident), parameters, seed, formats),
        title={"en": "Old town, a synthetic circle at national anchors", "zh": "老城:按全国均值合成的便民生活圈"},
        sources=(
            "residents and outlets a circle: Ministry of Commerce, People's Daily 2026-01-20 (8,132 circles)",
            "ages, sexes and households: population census 2020, family households",
            "formats: catalogue table of format counts (27-circle means scaled, grade D)",
            "streets, buildings and places of outlets: synthetic",
        ),
    )


def _homes(
    plan: StreetPlan, residents: int, parameters: Parameters, seed: int
) -> tuple[Streets, NDArray[np.int32], NDArray[np.float64]]:
    """Buildings beside the lanes, some of them tall."""
    count = max(2, round(residents / parameters.number("persons_per_building")))
    luck = draws.uniforms(seed, draws.SYNTHESIS, _BUILDING, plan.lane_rows.astype(np.uint64))
    lanes = plan.lane_rows[np.argsort(luck, kind="stable")]
    at = np.resize(lanes, count)
    streets = with_leaves(plan.streets, at, parameters.number("access_leg_m"), seed)
    rows = np.arange(len(plan.streets), len(streets), dtype=np.int32)
    tall = draws.uniforms(seed, draws.SYNTHESIS, _TALL, np.arange(count, dtype=np.uint64))
    is_tall = tall < parameters.number("tall_building_share")
    return streets, rows, np.where(is_tall, parameters.number("tall_building_weight"), 1.0)


def _facilities(
    plan: StreetPlan, residents: int, total: int, parameters: Parameters, seed: int, known: Formats
) -> Facilities:
    formats: list[str] = []
    ids: list[str] = []
    rows: list[NDArray[np.int32]] = []
    centre = _centre_weights(plan, parameters, seed)
    for format_id, count in outlet_counts(residents, total).items():
        formats += [format_id] * count
        ids += [f"{format_id}-{rank:03d}" for rank in range(1, count + 1)]
        rows.append(_places(format_id, count, plan, centre, parameters, seed))
    return _varied(outlets(ids, formats, np.concatenate(rows), known=known), parameters, seed)


def _centre_weights(plan: StreetPlan, parameters: Parameters, seed: int) -> NDArray[np.float64]:
    """Pull of each node on a through street: a few unequal centres over an even background."""
    x, y = plan.streets.x_m, plan.streets.y_m
    area_km2 = (x.max() - x.min()) * (y.max() - y.min()) / 1e6
    count = min(len(plan.crossing_rows), max(1, round(parameters.number("centres_per_km2") * area_km2)))
    luck = draws.uniforms(seed, draws.SYNTHESIS, _CENTRE, plan.crossing_rows.astype(np.uint64))
    centres = plan.crossing_rows[np.argsort(luck, kind="stable")[:count]]
    pull = np.zeros(len(plan.through_rows))
    for rank, row in enumerate(centres):
        metres = np.hypot(x[plan.through_rows] - x[row], y[plan.through_rows] - y[row])
        pull += np.exp(-metres / parameters.number("centre_reach_m")) / (1.0 + rank % 4)
    share = parameters.number("outlet_cluster_share")
    mixed: NDArray[np.float64] = share * pull / pull.sum() + (1.0 - share) / len(pull)
    return mixed


def _places(
    format_id: str,
    count: int,
    plan: StreetPlan,
    centre: NDArray[np.float64],
    parameters: Parameters,
    seed: int,
) -> NDArray[np.int32]:
    """Nodes for the outlets of one format: spread along the streets, denser at the centres."""
    number = np.arange(count, dtype=np.uint64)
    word = FORMAT_INDEX[format_id]
    at = (np.arange(count) + draws.uniforms(seed, draws.SYNTHESIS, _PLACE, word, number)) / count
    street = plan.through_rows[np.searchsorted(np.cumsum(centre) / centre.sum(), at, side="right")]
    if not len(plan.lane_rows):
        return street
    lane = plan.lane_rows[(at * len(plan.lane_rows)).astype(np.int64)]
    inside = draws.uniforms(seed, draws.SYNTHESIS, _INSIDE, word, number)
    return np.where(inside < parameters.number("main_street_share"), street, lane).astype(np.int32)


def _varied(facilities: Facilities, parameters: Parameters, seed: int) -> Facilities:
    """Let outlets of one format differ: quality, price, cash, cards, steps and chains."""
    from scipy.special import ndtri

    def luck(word: int) -> NDArray[np.float64]:
        return draws.uniforms(seed, draws.SYNTHESIS, word, facilities.id64)

    def claim(column: NDArray[np.uint8], name: str, word: int) -> NDArray[np.uint8]:
        return (column & (luck(word) < parameters.number(name))).astype(np.uint8)

    staffed = facilities.payment_mode == PaymentMode.STAFFED_ACCEPT
    sells = np.array([row.takes_money for row in facilities.formats])[facilities.format]
    refuses = _spread(staffed & sells, parameters.number("cash_refusal_outlets"), seed)
    step_free = facilities.step_free | (luck(_STEP) < parameters.number("step_free_outlets"))
    chain = facilities.chain | (luck(_CHAIN) < parameters.number("chain_outlets"))
    spread = parameters.number("outlet_quality_sd")
    price_cv = parameters.number("outlet_price_cv")
    return replace(
        facilities,
        quality=np.clip(facilities.quality + spread * ndtri(luck(_QUALITY)), 0.05, 0.98),
        price_level=facilities.price_level * np.exp(price_cv * ndtri(luck(_PRICE))),
        payment_mode=np.where(refuses, PaymentMode.STAFFED_REFUSE, facilities.payment_mode).astype(np.uint8),
        takes_card=claim(facilities.takes_card, "card_outlets", _CARD),
        step_free=step_free.astype(np.uint8),
        chain=chain.astype(np.uint8),
    )


def _spread(candidate: NDArray[np.bool_], share: float, seed: int) -> NDArray[np.bool_]:
    """Pick a share of the outlets at even steps through the formats, so that no one format gets them all."""
    rows = np.flatnonzero(candidate)
    count = round(share * len(rows))
    first = draws.uniforms(seed, draws.SYNTHESIS, _CASH, 0)
    picked = np.zeros(len(candidate), dtype=bool)
    picked[rows[((np.arange(count) + first) * len(rows) / max(count, 1)).astype(np.int64)]] = True
    return picked
