"""Weather: what lies on the street each day, and how fast residents walk on it."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.walking import speed_on
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.surfaces import SEASONS, SURFACES, season_of
from circlesim.draws import WEATHER, uniforms
from circlesim.engine.columns import ResidentColumns
from circlesim.errors import ConfigError, Fault

DRY = SURFACES.index("dry")
_OLDEST = 130


class Weather(NamedTuple):
    """
    Weather as the engines read it.

    Parameters
    ----------
    factor : ndarray of float64, shape (4, 131)
        Walking speed over that on a dry street, by surface and years of age.
    cumulative : ndarray of float64, shape (4, 4)
        Probability, by season, that the surface of a day is this one of `SURFACES` or one before it.
    """

    factor: NDArray[np.float64]
    cumulative: NDArray[np.float64]

    def drawn(self, day: date, seed: int, replication: int, number: int) -> int:
        """
        Draw the surface of a day; the same in every scenario.

        Parameters
        ----------
        day : date
            For the season.
        seed, replication, number : int
            Root seed, number of the replication, and days since `start`.

        Returns
        -------
        int
            Row of `SURFACES`.
        """
        u = float(uniforms(seed, WEATHER, replication, number & 0xFFFFFFFFFFFFFFFF))
        shares = self.cumulative[SEASONS.index(season_of(day))]
        return min(int(np.searchsorted(shares, u, side="right")), len(SURFACES) - 1)

    def speeds(self, dry: NDArray[np.float64], ages: NDArray[np.integer], surface: int) -> NDArray[np.float64]:
        """
        Speed of each resident on a surface.

        Parameters
        ----------
        dry : ndarray of float64, shape (R,)
            Metres a minute on a dry street.
        ages : ndarray of int, shape (R,)
            Years.
        surface : int
            Row of `SURFACES`.

        Returns
        -------
        ndarray of float64, shape (R,)
            Metres a minute.
        """
        factors = self.factor[surface, np.minimum(ages, _OLDEST)]
        # The rule as it was written takes whole columns too, and multiplies alike.
        return np.asarray(speed_on.py_func(dry, factors), dtype=np.float64)  # type: ignore[attr-defined]

    def people(self, dry: ResidentColumns, ages: NDArray[np.integer], surface: int) -> ResidentColumns:
        """
        Lay residents out as they walk on a surface.

        Parameters
        ----------
        dry : ResidentColumns
            On a dry street.
        ages : ndarray of int, shape (R,)
            Years.
        surface : int
            Row of `SURFACES`.

        Returns
        -------
        ResidentColumns
            The same but for their speed; the very same on a dry street.
        """
        if surface == DRY:
            return dry
        record = dry.record.copy()
        record["speed"] = self.speeds(record["speed"], ages, surface)
        return dry._replace(record=record)


def weather(parameters: Parameters) -> Weather:
    """
    Read weather from parameters.

    Parameters
    ----------
    parameters : Parameters
        Rows ``speed_surface`` and ``surface_share``.

    Returns
    -------
    Weather
        Shares of a season that do not add up to one leave the rest to dry streets.

    Raises
    ------
    ConfigError
        If a surface stops anybody, or lets anybody walk faster than a dry street.
    """
    ages = np.arange(_OLDEST + 1)
    factor = np.array([parameters.by_age("speed_surface", ages, surface=surface) for surface in SURFACES])
    if (factor <= 0.0).any() or (factor > 1.0).any() or (factor[DRY] != 1.0).any():
        fault = Fault(
            what="out of range",
            where="parameters.speed_surface",
            found=f"{factor.min()} to {factor.max()}",
            expected="above 0 and at most 1, and 1 on dry streets, for every age",
        )
        raise ConfigError("parameters cannot be used", [fault])
    cumulative = np.ones((len(SEASONS), len(SURFACES)))
    for row, season in enumerate(SEASONS):
        shares = parameters.by("surface_share", "surface", season=season)
        wet = np.array([shares.get(surface, 0.0) for surface in SURFACES[1:]])
        wet /= max(wet.sum(), 1.0)
        cumulative[row] = np.cumsum([1.0 - wet.sum(), *wet])
    return Weather(factor, cumulative)
