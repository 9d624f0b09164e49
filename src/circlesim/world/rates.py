"""Rates: how often residents need each service."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import Parameters
from circlesim.world.population import Mobility, Population, Schedule

AGE_BANDS = np.array([12, 18, 35, 50, 60, 70, 80])
"""First ages of the bands within which chronic illness moves needs from some to others."""

_CHRONIC_SERVICES = ("pharmacy", "nursing")
_CANTEEN = 60
_CANTEEN_BANDS = np.array([60, 70, 80])
_CANTEEN_FROM = 60
_LEVELS = ("none", "occasional", "often")


def need_rates(
    ids: NDArray[np.uint64],
    age: NDArray[np.int16],
    mobility: NDArray[np.uint8],
    schedule: NDArray[np.uint8],
    parameters: Parameters,
    seed: int,
) -> NDArray[np.float32]:
    """
    Compute the probability of a need of each kind on a weekday.

    The age row of ``need_rate`` times the ``need_factor`` rows of the resident's mobility and schedule. Meals
    for elders come from a level of canteen need that each person of 60 or more holds.

    Parameters
    ----------
    ids : ndarray of uint64, shape (R,)
        Hashed ids.
    age : ndarray of int16, shape (R,)
        Years.
    mobility, schedule : ndarray of uint8, shape (R,)
        `Mobility` and `Schedule`.
    parameters : Parameters
        Rates and factors.
    seed : int
        Root seed.

    Returns
    -------
    ndarray of float32, shape (R, K)
        In 0..1; columns are `catalog.needs.KINDS`.
    """
    rates = np.zeros((len(age), len(KINDS)))
    canteen = _canteen_meals_per_day(ids, age, parameters, seed)
    meal_share = _meal_share(parameters)
    for kind, (service, ordinal) in enumerate(KINDS):
        if service == "elder_meal":
            rates[:, kind] = canteen * meal_share[ordinal]
        else:
            rates[:, kind] = parameters.by_age("need_rate", age, service=service, ordinal=ordinal)
            rates[:, kind] *= _factor(service, ordinal, mobility, schedule, parameters)
    return np.clip(rates, 0.0, 1.0).astype(np.float32)


def _factor(
    service: str,
    ordinal: int,
    mobility: NDArray[np.uint8],
    schedule: NDArray[np.uint8],
    parameters: Parameters,
) -> NDArray[np.float64]:
    """Product of the factors that hold for the service, and for the ordinal where one is named."""
    factor = np.ones(len(mobility))
    for key, kinds, column in (("mobility", Mobility, mobility), ("schedule", Schedule, schedule)):
        for rest in ({"service": service}, {"service": service, "ordinal": str(ordinal)}):
            for name, value in parameters.by("need_factor", key, **rest).items():
                factor[column == kinds[name.upper()]] *= value
    return factor


def _canteen_meals_per_day(
    ids: NDArray[np.uint64], age: NDArray[np.int16], parameters: Parameters, seed: int
) -> NDArray[np.float64]:
    """Meals a day wanted from a canteen; 0 below 60."""
    luck = draws.uniforms(seed, draws.SYNTHESIS, _CANTEEN, ids)
    band = np.searchsorted(_CANTEEN_BANDS, age, side="right")
    order = np.lexsort((luck, band))
    size = np.bincount(band, minlength=len(_CANTEEN_BANDS) + 1)
    rank = np.empty(len(ids))
    rank[order] = (np.arange(len(ids)) - (np.cumsum(size) - size)[band[order]] + 0.5) / size[band[order]]
    shares = np.array([parameters.number("canteen_need", level=level) for level in _LEVELS])
    level = np.searchsorted(np.cumsum(shares / shares.sum())[:-1], rank, side="right")
    meals = parameters.by("canteen_meals_per_week", "level")
    per_day = np.array([0.0, meals["occasional"], meals["often"]]) / 7.0
    return np.where(age >= _CANTEEN_FROM, per_day[level], 0.0)


def _meal_share(parameters: Parameters) -> NDArray[np.float64]:
    """Split of canteen meals over breakfast, lunch and dinner."""
    wanted = parameters.by("canteen_meal_share", "ordinal")
    share = np.array([wanted[str(ordinal)] for ordinal in range(3)])
    normalised: NDArray[np.float64] = share / share.sum()
    return normalised


def chronic_rates(population: Population, parameters: Parameters) -> NDArray[np.float32]:
    """
    Let the chronically ill need some services more often, and others of their age less often.

    Parameters
    ----------
    population : Population
        The residents.
    parameters : Parameters
        Rows ``chronic_rate_ratio``.

    Returns
    -------
    ndarray of float32, shape (R, K)
        In 0..1; within each circle and the ages `AGE_BANDS` begins, the rates of a kind add up to what they did,
        but for those that would pass one.
    """
    rates = population.need_rate.astype(np.float64)
    band = np.searchsorted(AGE_BANDS, population.age, side="right")
    # Within each circle of a city, so that what one circle is like moves nobody's needs in another.
    band = np.unique(population.circle, return_inverse=True)[1] * (len(AGE_BANDS) + 1) + band
    for kind, (service, _) in enumerate(KINDS):
        if service not in _CHRONIC_SERVICES:
            continue
        ratio = parameters.number("chronic_rate_ratio", service=service)
        before, weighed = rates[:, kind], rates[:, kind] * np.where(population.chronic == 1, ratio, 1.0)
        total, more = (np.bincount(band, weights=column) for column in (before, weighed))
        rates[:, kind] = weighed * np.divide(total, more, out=np.ones(len(total)), where=more > 0)[band]
    return np.minimum(rates, 1.0).astype(np.float32)
