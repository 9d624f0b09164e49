"""Survey: what adults would answer, on four levels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.behaviour.coefficients import Coefficients
from circlesim.behaviour.judging import satisfaction
from circlesim.compiled import compiled
from circlesim.draws import chain, normal, unit
from circlesim.engine.state import State

FloatArray = NDArray[np.float64]


def latent(state: State, law: Coefficients) -> FloatArray:
    """
    Latent satisfaction of every resident with every service.

    Parameters
    ----------
    state : State
        As it stands at the end of a day.
    law : Coefficients
        For the weights.

    Returns
    -------
    ndarray of float64, shape (R, S)
        Without reporting noise.
    """
    out = np.empty_like(state.performance)
    w_perf, w_disc, w_equity = (law.value(name) for name in ("w_perf", "w_disc", "w_equity"))
    _fill_latent(state.performance, state.expectation, state.equity, w_perf, w_disc, w_equity, out)
    return out


@compiled(borrow=True)
def _fill_latent(perf: Any, expect: Any, equity: Any, w_perf: Any, w_disc: Any, w_equity: Any, out: Any) -> None:
    """Fill the (R, S) table."""
    for r in range(out.shape[0]):
        for s in range(out.shape[1]):
            out[r, s] = satisfaction(w_perf, w_disc, w_equity, perf[r, s], expect[r, s], equity[r, s])


def reporting_noise(id64: NDArray[np.uint64], services: int, seed: int, sd: float) -> FloatArray:
    """
    Lasting noise with which each resident reports on each service.

    Parameters
    ----------
    id64 : ndarray of uint64, shape (R,)
        Resident ids.
    services : int
        Number of services.
    seed : int
        Root seed; the same noise in every replication and scenario.
    sd : float
        Standard deviation on the latent scale.

    Returns
    -------
    ndarray of float64, shape (R, S)
        Normal noise.
    """
    keys = np.array([draws.event_key(seed, 0, draws.SURVEY, 0, s, 0) for s in range(services)], dtype=np.uint64)
    out = np.empty((len(id64), services))
    _fill_noise(id64, keys, sd, out)
    return out


@compiled(borrow=True)
def _fill_noise(id64: Any, keys: Any, sd: Any, out: Any) -> None:
    """Fill the (R, S) table."""
    for r in range(out.shape[0]):
        for s in range(out.shape[1]):
            out[r, s] = sd * normal(unit(chain(keys[s], id64[r])))


def levels(reported: FloatArray, thresholds: FloatArray) -> NDArray[np.int8]:
    """
    Answers on four levels.

    Parameters
    ----------
    reported : ndarray of float64
        Latent satisfaction plus reporting noise.
    thresholds : ndarray of float64, shape (3,)
        Rising cut points.

    Returns
    -------
    ndarray of int8
        0 lowest to 3 highest.
    """
    return np.searchsorted(thresholds, reported, side="right").astype(np.int8)
