"""Assumptions: a Latin hypercube of quantiles over everything that is assumed and not known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import Parameters
from circlesim.draws import ASSUMPTION, hash_id, uniforms
from circlesim.world.world import World

DRAW_REPLICATIONS = 4
"""Replications under each draw, the same luck in all: the range is over assumptions, and luck is a small part of it
(50 draws of 4 replications suffice for a 5-95 % range; research on the model, finding 6)."""

_ROOT = 20_230_711
"""Root of the hypercube; of no other draw, so that another seed of the experiment meets the same assumptions."""


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
    Move the traits of residents with the parameters they were built from.

    A world comes with its residents; need rates, walking speeds, tolerances and budgets are scaled by the ratio
    of the drawn parameter to the default. Traits that are yes or no (means of payment, digital ability, mobility
    class) and the households stay those of the world: see `fixed_with_the_world`.

    Parameters
    ----------
    world : World
        Built under the default parameters.
    default, drawn : Parameters
        The two tables.

    Returns
    -------
    World
        Same streets, outlets, homes and ids.
    """
    people = world.population
    ages = people.age
    rate = people.need_rate.astype(np.float64)
    for k, (service, ordinal) in enumerate(KINDS):
        rate[:, k] *= _by_age(default, drawn, "need_rate", ages, service=service, ordinal=ordinal)
    speed = people.speed_m_per_min * _by_age(default, drawn, "walk_speed_mean", ages)
    tolerance = people.tolerance_min * _by_age(default, drawn, "tolerance_min", ages)
    budget = people.budget_fen * _by_income(default, drawn, people.income_band)
    moved = replace(
        people,
        need_rate=np.minimum(rate, 1.0).astype(np.float32),
        speed_m_per_min=speed,
        tolerance_min=tolerance,
        budget_fen=np.floor(budget + 0.5).astype(np.int64),
    )
    return replace(world, population=moved)


def _by_age(
    default: Parameters, drawn: Parameters, name: str, ages: NDArray[np.integer], **group: object
) -> NDArray[np.float64]:
    """Ratio of a parameter by age; 1 where the default is 0."""
    before, after = default.by_age(name, ages, **group), drawn.by_age(name, ages, **group)
    return np.divide(after, before, out=np.ones(len(ages)), where=before > 0)


def _by_income(default: Parameters, drawn: Parameters, band: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Ratio of the weekly budget, by income band."""
    from circlesim.world.population import INCOME_BANDS

    before = default.by("weekly_budget_yuan", "income")
    after = drawn.by("weekly_budget_yuan", "income")
    ratio = [after[name] / before[name] if before.get(name) else 1.0 for name in INCOME_BANDS]
    return np.array(ratio)[band]


MOVED_WITH_THE_WORLD: tuple[str, ...] = ("need_rate", "walk_speed_mean", "tolerance_min", "weekly_budget_yuan")
"""Parameters of building a world that `world_under` carries over to its residents."""

LAW: tuple[str, ...] = (
    "b_walk", "b_quality", "b_variety", "b_wait", "b_shift", "b_price", "tau", "taste_sd", "b_queue",
    "queue_unnoticed", "wait_memory", "lost_sale_if_refused", "basket_yuan", "basket_cv", "price_outside",
    "purse_cap_weeks", "shift_max_min", "profile_weight", "weekend_factor", "free_window", "w_perf", "w_disc",
    "w_equity", "perf_constant", "perf_quality", "perf_walk", "perf_wait", "perf_memory", "expectation_rate",
    "survey_noise_sd",
)  # fmt: skip
"""Parameters the law looks up while it runs; a draw moves them by itself."""


def fixed_with_the_world(parameters: Parameters) -> tuple[str, ...]:
    """
    List assumed parameters that draws leave without effect, because the world was built from them before.

    Parameters
    ----------
    parameters : Parameters
        The table.

    Returns
    -------
    tuple of str
        For the manifest, so that a reader knows what the range leaves out.
    """
    moving = {*LAW, *MOVED_WITH_THE_WORLD}
    return tuple(name for name in parameters.assumed() if name not in moving)
