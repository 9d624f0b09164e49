"""Assumptions: a Latin hypercube of quantiles over everything that is assumed and not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import Parameters
from circlesim.draws import ASSUMPTION, hash_id, uniforms
from circlesim.world.population import Population
from circlesim.world.world import World

DRAW_REPLICATIONS = 4
"""Replications under each draw, the same luck in all draws: the range is over assumptions, and with differences
paired by person luck is a small part of it."""

_ROOT = 20_230_711
"""Root of the hypercube, whatever the seed of the experiment: another seed meets the same assumptions."""


def quantiles(names: Sequence[str], draws: int) -> list[dict[str, float]]:
    """
    Draw a Latin hypercube.

    Each name's column is a permutation of the strata, keyed by the name, with a keyed place within each stratum:
    one more name leaves the columns of the others as they were.

    Parameters
    ----------
    names : sequence of str
        Parameters that are assumed.
    draws : int
        Number of draws.

    Returns
    -------
    list of dict of str to float
        Quantile of each name, draw by draw; exactly one draw in each of the `draws` strata.
    """
    index = np.arange(draws, dtype=np.uint64)
    columns: dict[str, NDArray[np.float64]] = {}
    for name in names:
        key = hash_id(name)
        stratum = np.argsort(uniforms(_ROOT, ASSUMPTION, key, draws, 0, index), kind="stable")
        columns[name] = (stratum + uniforms(_ROOT, ASSUMPTION, key, draws, 1, index)) / draws
    return [{name: float(columns[name][draw]) for name in names} for draw in range(draws)]


def draw_parameters(parameters: Parameters, draws: int) -> list[Parameters]:
    """
    Draw parameters over their assumed ranges.

    Parameters
    ----------
    parameters : Parameters
        The defaults.
    draws : int
        Number of draws.

    Returns
    -------
    list of Parameters
        One a draw; one quantile a name moves all its groups.
    """
    return [parameters.drawn(quantile) for quantile in quantiles(parameters.assumed(), draws)]


def world_under(world: World, default: Parameters, drawn: Parameters) -> World:
    """
    Carry drawn parameters into the residents of a world, with the luck they were made with.

    Residents that were synthesised under the default parameters are given new traits; observed residents keep
    theirs, and only their need rates move, by the ratio of the drawn rate to the default.

    Parameters
    ----------
    world : World
        The world of the experiment.
    default, drawn : Parameters
        The two tables.

    Returns
    -------
    World
        Same streets, outlets, homes and ids.
    """
    people = _redrawn(world, drawn) if is_synthesised(world, default) else _rates_moved(world, default, drawn)
    return replace(world, population=people)


def is_synthesised(world: World, parameters: Parameters) -> bool:
    """
    Tell whether the residents are what these parameters and the world's seed imply.

    Parameters
    ----------
    world : World
        The world.
    parameters : Parameters
        The numbers it may have been built from.

    Returns
    -------
    bool
        False for observed residents, and for those built from other numbers.
    """
    if world.population_seed is None:
        return False
    again = _redrawn(world, parameters)
    columns = (column.name for column in fields(Population))
    return all(np.array_equal(getattr(again, name), getattr(world.population, name)) for name in columns)


def _redrawn(world: World, parameters: Parameters) -> Population:
    """The same people with the traits these parameters imply."""
    from circlesim.world.facility_table import money_scale
    from circlesim.world.synthesis import with_traits_redrawn

    seed = world.population_seed or 0
    return with_traits_redrawn(
        world.population, parameters, seed, money_per_yuan=money_scale(world.currency) or 1.0
    )


def _rates_moved(world: World, default: Parameters, drawn: Parameters) -> Population:
    """Residents as they are, with need rates in proportion."""
    people = world.population
    rate = people.need_rate.astype(np.float64)
    for k, (service, ordinal) in enumerate(KINDS):
        group = {"service": service, "ordinal": ordinal}
        before, after = (each.by_age("need_rate", people.age, **group) for each in (default, drawn))
        rate[:, k] *= np.divide(after, before, out=np.ones(len(people)), where=before > 0)
    return replace(people, need_rate=np.minimum(rate, 1.0).astype(np.float32))


LAW: tuple[str, ...] = (
    "b_walk", "b_quality", "b_variety", "b_wait", "b_shift", "b_price", "tau", "taste_sd", "b_queue",
    "queue_unnoticed", "wait_memory", "lost_sale_if_refused", "basket_yuan", "basket_cv", "price_outside",
    "purse_cap_weeks", "shift_max_min", "profile_weight", "weekend_factor", "free_window", "w_perf", "w_disc",
    "w_equity", "perf_constant", "perf_quality", "perf_walk", "perf_wait", "perf_memory", "expectation_rate",
    "survey_noise_sd", "b_habit", "habit_rate", "aware_street", "aware_scale_m", "aware_map", "aware_talk",
    "aware_established_days", "renege_per_min", "speed_surface", "surface_share", "outing_gap_min", "convert_min",
    "visit_wait_min", "stock_memory", "wage_yuan_month", "other_cost_share", "normal_profit_share",
    "profit_shock_share", "reserve_months", "reserve_most_months", "let_delay_months", "let_per_month",
    "impedance_slope", "impedance_steps", "impedance_kerb_m", "trip_gap_min", "assisted_share", "season_factor",
    "chronic_rate_ratio", "eat_in_share", "seat_min", "seat_wait_max_min", "reserve_refill", "place_share",
    "defer_days",
)  # fmt: skip
"""Parameters the law looks up while it runs; a draw moves them by itself."""

MEASURED: tuple[str, ...] = ("full_time_hours", "least_staff", "serving_share", "nuisance_m")
"""Parameters that measures look up; a draw moves the measure and nobody's choice."""

TRAITS: tuple[str, ...] = (
    "walk_speed_mean", "walk_speed_sd", "walk_speed_female_offset", "speed_mobility", "mobility_share",
    "tolerance_min", "tolerance_cv", "phone_pay", "cash_owned", "cash_carried", "card_owned", "card_carried",
    "order_unaided", "disadvantage_correlation", "schedule_share", "income_share", "weekly_budget_yuan",
    "minor_budget_share", "need_rate", "need_factor", "canteen_need", "canteen_meal_share",
    "canteen_meals_per_week", "chronic_share",
)  # fmt: skip
"""Parameters behind the traits of synthesised residents."""


def fixed_with_the_world(world: World, parameters: Parameters) -> tuple[str, ...]:
    """
    List assumed parameters that draws leave without effect, because the world was built from them before.

    Parameters
    ----------
    world : World
        The world.
    parameters : Parameters
        The table.

    Returns
    -------
    tuple of str
        For the manifest, so that a reader knows what the range leaves out: streets, homes, outlets, and the
        traits of observed residents.
    """
    moving = {*LAW, *MEASURED, *(TRAITS if is_synthesised(world, parameters) else ("need_rate",))}
    return tuple(name for name in parameters.assumed() if name not in moving)
