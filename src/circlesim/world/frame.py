"""Frame: the way from degrees to a world's own metres, learned from its nodes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim.world.streets import Streets

EARTH_M = 6_371_008.8
"""Mean radius of the Earth in metres (IUGG)."""
_CURVED_FROM = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """
    A local map projection fitted to nodes that carry both degrees and metres.

    No projection library is needed: over a neighbourhood any projected frame is, to centimetres, a quadratic
    in plain east and north metres.

    Parameters
    ----------
    lon, lat : float
        Middle of the nodes in degrees.
    size_m : float
        Half the extent, to keep the fit well scaled.
    weights : ndarray of float64, shape (6, 2)
        What is added to east and north metres.
    misfit_m : float
        Largest distance between a node's own position and the fitted one.
    worst_row : int
        Row of the node that is farthest off.
    scale : tuple of float
        Smallest and largest stretch of a metre; 1 in a frame that fits the place.
    """

    lon: float
    lat: float
    size_m: float
    weights: NDArray[np.float64]
    misfit_m: float
    worst_row: int
    scale: tuple[float, float]

    def metres(
        self, lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Turn degrees into the world's metres.

        Parameters
        ----------
        lon, lat : ndarray of float64, shape (n,)
            Degrees, WGS-84.

        Returns
        -------
        tuple of ndarray of float64, shape (n,)
            ``x_m`` and ``y_m``.
        """
        plane = _plane(lon, lat, self.lon, self.lat)
        position = plane + _terms(plane / self.size_m) @ self.weights
        return position[:, 0], position[:, 1]

    def degrees(
        self, x_m: NDArray[np.float64], y_m: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """
        Turn the world's metres into degrees; the inverse of `metres`.

        Parameters
        ----------
        x_m, y_m : ndarray of float64, shape (n,)
            Metres in the world's frame.

        Returns
        -------
        tuple of ndarray of float64, shape (n,)
            Longitude and latitude, WGS-84.
        """
        wanted = np.column_stack([x_m, y_m])
        linear = np.eye(2) + self.weights[1:3] / self.size_m
        plane = np.linalg.solve(linear.T, (wanted - self.weights[0]).T).T
        for _ in range(5):  # the curved part is tiny: each round gains several digits
            off = wanted - plane - _terms(plane / self.size_m) @ self.weights
            plane = plane + np.linalg.solve(linear.T, off.T).T
        lat = self.lat + np.degrees(plane[:, 1] / EARTH_M)
        return self.lon + np.degrees(plane[:, 0] / EARTH_M / np.cos(np.radians(self.lat))), lat


def _plane(lon: NDArray[np.float64], lat: NDArray[np.float64], lon0: float, lat0: float) -> NDArray[np.float64]:
    """East and north metres about a point, on a sphere."""
    east = EARTH_M * np.radians(lon - lon0) * np.cos(np.radians(lat0))
    return np.column_stack([east, EARTH_M * np.radians(lat - lat0)])


def _terms(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    e, n = plane[:, 0], plane[:, 1]
    return np.column_stack([np.ones(len(e)), e, n, e * e, e * n, n * n])


def fit_frame(streets: Streets) -> Frame:
    """
    Fit the frame of a network.

    Parameters
    ----------
    streets : Streets
        A network of at least one node.

    Returns
    -------
    Frame
        The fit, with its misfit: large where metres and degrees tell of different places.
    """
    lon, lat = float(np.mean(streets.lon)), float(np.mean(streets.lat))
    plane = _plane(streets.lon, streets.lat, lon, lat)
    size = max(1.0, float(np.abs(plane).max()))
    terms = _terms(plane / size)
    if len(plane) < _CURVED_FROM:
        terms[:, 3:] = 0.0
    # What differs from plain metres is fitted, least first: directions no node speaks of stay plain.
    own = np.column_stack([streets.x_m, streets.y_m])
    weights = np.asarray(np.linalg.lstsq(terms, own - plane, rcond=1e-9)[0], dtype=np.float64)
    misfit = np.hypot(*(plane + terms @ weights - own).T)
    stretch = np.linalg.svd(np.eye(2) + weights[1:3] / size, compute_uv=False)
    return Frame(
        lon=lon,
        lat=lat,
        size_m=size,
        weights=weights,
        misfit_m=float(misfit.max()),
        worst_row=int(misfit.argmax()),
        scale=(float(stretch.min()), float(stretch.max())),
    )
