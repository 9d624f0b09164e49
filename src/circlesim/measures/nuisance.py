"""Nuisance: who lives next to an outlet that is noisy at night."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import WORLD_ALONE, Measure, Values, ratio
from circlesim.measures.reading import Reading

NIGHT_ENDS, NIGHT_BEGINS = 360, 1320
"""06:00 and 22:00, minutes after midnight: the night of China's law on noise pollution (2022), article 88."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NuisanceShare(Measure):
    """Share of residents with an outlet of a noisy format that is open at night within a straight line of home."""

    kind: str = WORLD_ALONE

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by in ("service", "format"):
            return None
        near = self.disturbed(reading).astype(np.float64)
        count = grouping.count()
        return Values(value=ratio(grouping.add(near), count.astype(np.float64)), n=count)

    def disturbed(self, reading: Reading) -> NDArray[np.bool_]:
        """
        Tell who lives that near.

        Parameters
        ----------
        reading : Reading
            For homes and outlets; the distances are the parameter `nuisance_m` by format.

        Returns
        -------
        ndarray of bool, shape (R,)
            True for who does; an outlet stands, and is heard, at its node.
        """
        from scipy.spatial import cKDTree

        streets, outlets = reading.streets, reading.facilities
        place = np.column_stack([streets.x_m, streets.y_m])
        loud = reading.present & open_at_night(outlets.hours)
        homes, home_of = np.unique(reading.population.home_row, return_inverse=True)
        near = np.zeros(len(homes), bool)
        for name, metres in reading.parameters.by("nuisance_m", "format").items():
            rows = np.flatnonzero(loud & (outlets.format == outlets.formats.number(name)))
            if len(rows) and len(homes):
                away, _ = cKDTree(place[outlets.node_row[rows]]).query(place[homes])
                near |= away <= metres
        return np.asarray(near[home_of])


def open_at_night(hours: NDArray[np.int16]) -> NDArray[np.bool_]:
    """
    Tell which outlets are open between 22:00 and 06:00 on some day of the week.

    Parameters
    ----------
    hours : ndarray of int16, shape (F, 7, 3, 2)
        As in `Facilities`; closing may lie past midnight.

    Returns
    -------
    ndarray of bool, shape (F,)
        True where open for a minute or more of the night.
    """
    opens, closes = hours[..., 0], hours[..., 1]
    at_night = (closes > opens) & ((opens < NIGHT_ENDS) | (closes > NIGHT_BEGINS))
    return np.asarray(at_night.any(axis=(1, 2)))
