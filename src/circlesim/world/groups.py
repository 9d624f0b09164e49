"""Groups: how residents are split when results are told apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import ConfigError, did_you_mean
from circlesim.world.population import INCOME_BANDS, Means, Mobility, Population, Schedule

AGE_BANDS: tuple[str, ...] = (
    "0-11", "12-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+",
)  # fmt: skip
_AGE_STARTS = np.array([int(band.split("-")[0].rstrip("+")) for band in AGE_BANDS])

GROUP_LABELS: dict[str, tuple[str, ...]] = {
    "age_band": AGE_BANDS,
    "age60": ("under 60", "60+"),
    "sex": ("female", "male"),
    "mobility": tuple(level.name.lower() for level in Mobility),
    "income_band": INCOME_BANDS,
    "means": ("none", "no_mobile", "mobile_no_cash", "mobile_and_cash"),
    "schedule": tuple(kind.name.lower() for kind in Schedule),
}
"""Labels of each dimension by position; ``means`` are those carried. Circles are listed by `group_labels`."""

DIMENSIONS: tuple[str, ...] = (*GROUP_LABELS, "circle")
"""Every dimension of residents that ``by`` may name."""


def group_rows(population: Population, dimension: str) -> NDArray[np.int16]:
    """
    Tell which group of a dimension each resident is in.

    Parameters
    ----------
    population : Population
        The residents.
    dimension : str
        One of `DIMENSIONS`.

    Returns
    -------
    ndarray of int16, shape (R,)
        Position in ``group_labels(population, dimension)``.

    Raises
    ------
    ConfigError
        If there is no such dimension.
    """
    _check(dimension)
    return _ROWS[dimension](population).astype(np.int16)


def group_labels(population: Population, dimension: str) -> tuple[str, ...]:
    """
    List the groups of a dimension.

    Parameters
    ----------
    population : Population
        The residents; only circles depend on them.
    dimension : str
        One of `DIMENSIONS`.

    Returns
    -------
    tuple of str
        Labels by position; groups without residents are listed too, save circles.

    Raises
    ------
    ConfigError
        If there is no such dimension.
    """
    _check(dimension)
    if dimension == "circle":
        return tuple(str(number) for number in np.unique(population.circle))
    return GROUP_LABELS[dimension]


def _check(dimension: str) -> None:
    if dimension not in DIMENSIONS:
        raise ConfigError(
            f"residents are not grouped by '{dimension}'; {did_you_mean(dimension, DIMENSIONS)} "
            f"expected one of: {', '.join(DIMENSIONS)}"
        )


def _age_band(population: Population) -> NDArray[np.integer]:
    return np.searchsorted(_AGE_STARTS, population.age, side="right") - 1


def _means(population: Population) -> NDArray[np.integer]:
    mobile = (population.means_carried & Means.MOBILE) > 0
    cash = (population.means_carried & Means.CASH) > 0
    return np.where(mobile, np.where(cash, 3, 2), np.where(population.means_carried > 0, 1, 0))


def _circle(population: Population) -> NDArray[np.integer]:
    return np.searchsorted(np.unique(population.circle), population.circle)


_ROWS: dict[str, Callable[[Population], NDArray[np.integer]]] = {
    "age_band": _age_band,
    "age60": lambda population: (population.age >= 60).astype(np.int16),
    "sex": lambda population: population.sex,
    "mobility": lambda population: population.mobility,
    "income_band": lambda population: population.income_band,
    "means": _means,
    "schedule": lambda population: population.schedule,
    "circle": _circle,
}
