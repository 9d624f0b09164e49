"""Solvers: sites by chance, one after the other, and exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import SITING, hash_id, uniforms
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.planning.instance import CAPACITATED, COVERING, P_MEDIAN, Instance

RowArray = NDArray[np.int64]

RANDOM, GREEDY, EXACT = "random", "greedy", "exact"
SOLVERS: tuple[str, ...] = (RANDOM, GREEDY, EXACT)


def value_of(instance: Instance, sites: RowArray) -> float:
    """
    Say what a choice of sites is worth on the instance's own objective.

    Parameters
    ----------
    instance : Instance
        The question.
    sites : ndarray of int64, shape (p,)
        Columns of the candidates chosen.

    Returns
    -------
    float
        Weighted minutes saved, or weight covered, or weight served; 0 for no site.
    """
    chosen = np.asarray(sites, dtype=np.int64)
    if not len(chosen):
        return 0.0
    if instance.objective == P_MEDIAN:
        return float(instance.saved[:, chosen].max(axis=1).sum())
    if instance.objective == COVERING:
        return float(instance.weight[instance.covers[:, chosen].any(axis=1)].sum())
    return _served(instance, chosen)


def _served(instance: Instance, chosen: RowArray) -> float:
    """Most weight that the chosen sites can serve: a transport problem, demand being divisible."""
    from scipy.optimize import linprog

    place, site = np.nonzero(instance.covers[:, chosen])
    if not len(place):
        return 0.0
    rules, limits = _transport(place, site, instance.weight, instance.room[chosen])
    found = linprog(-np.ones(len(place)), A_ub=rules, b_ub=limits, bounds=(0, None), method="highs")
    assert found.fun is not None, "serving nobody is allowed"
    return float(-found.fun)


def _transport(place: RowArray, site: RowArray, weight: Any, room: Any) -> tuple[Any, Any]:
    """Rules of a transport problem: no place sends more than it has, no site serves more than it can."""
    from scipy.sparse import coo_array, vstack

    one, at = np.ones(len(place)), np.arange(len(place))
    sent: Any = coo_array((one, (place, at)), shape=(len(weight), len(place)))
    served: Any = coo_array((one, (site, at)), shape=(len(room), len(place)))
    return vstack([sent, served]).tocsr(), np.concatenate([weight, room])


def choose_sites(instance: Instance, count: int, solver: str = EXACT, seed: int = 0) -> RowArray:
    """
    Choose sites.

    Parameters
    ----------
    instance : Instance
        The question.
    count : int
        How many, at most the candidates.
    solver : {"random", "greedy", "exact"}, default: "exact"
        ``random`` draws by its own seed; ``greedy`` takes the best next site, one after the other, and reaches at
        least 1 - 1/e of the best (Nemhauser, Wolsey & Fisher 1978, doi 10.1007/BF01588971); ``exact`` solves the
        mixed integer programme with `scipy.optimize.milp`.
    seed : int, default: 0
        For ``random``.

    Returns
    -------
    ndarray of int64, shape (count,)
        Columns of the candidates; rising for ``exact``, in the order chosen otherwise.

    Raises
    ------
    ConfigError
        If there is no such solver, or there are fewer candidates than sites.
    """
    faults = Faults("sites cannot be chosen", ConfigError)
    candidates = instance.walk_min.shape[1]
    if solver not in SOLVERS:
        faults.add("no such solver", "solver", found=solver, expected=", ".join(SOLVERS),
                   hint=did_you_mean(solver, SOLVERS))  # fmt: skip
    if not 0 <= count <= candidates:
        faults.add("not a number of sites", "count", found=count, expected=f"0 to {candidates}")
    faults.raise_if_any()
    if solver == RANDOM:
        luck = uniforms(seed, SITING, hash_id("planning"), np.arange(candidates, dtype=np.uint64))
        return np.argsort(luck, kind="stable")[:count].astype(np.int64)
    return _greedy(instance, count) if solver == GREEDY else _exact(instance, count)


def _greedy(instance: Instance, count: int) -> RowArray:
    """Take the site that adds most, the first of equals; what a site adds never grows, so old gains are bounds."""
    alone = [value_of(instance, np.array([site])) for site in range(instance.walk_min.shape[1])]
    bound, chosen, now = np.array(alone), list[int](), 0.0
    for _ in range(count):
        fresh = np.zeros(len(bound), dtype=bool)
        while not fresh[best := int(np.argmax(bound))]:
            bound[best] = value_of(instance, np.array([*chosen, best])) - now
            fresh[best] = True
        chosen.append(best)
        now += max(float(bound[best]), 0.0)
        bound[best] = -np.inf
    return np.array(chosen, dtype=np.int64)


def _exact(instance: Instance, count: int) -> RowArray:
    """Open sites ``y`` and serve pairs ``x``: the most value with `count` sites."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    sites = instance.walk_min.shape[1]
    worth, rules, limits, whole = _programme(instance)
    pairs = len(worth)
    cost = np.concatenate([-worth, np.zeros(sites)])
    opened = np.concatenate([np.zeros(pairs), np.ones(sites)])[None, :]
    found = milp(
        cost,
        constraints=[LinearConstraint(rules, ub=limits), LinearConstraint(opened, count, count)],
        integrality=np.concatenate([np.zeros(pairs), np.ones(sites)]),
        bounds=Bounds(0.0, np.concatenate([whole, np.ones(sites)])),
        options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    assert found.x is not None, "opening any `count` sites and serving nobody is allowed"
    return np.flatnonzero(found.x[pairs:] > 0.5).astype(np.int64)


def _programme(instance: Instance) -> tuple[Any, Any, Any, Any]:
    """Worth of each pair served, rules over pairs then sites with their limits, and most of each pair."""
    from scipy.sparse import coo_array, vstack

    places, sites = instance.walk_min.shape
    if instance.objective == COVERING:
        # One variable a place: covered where any site that covers it is open.
        where = coo_array(np.hstack([np.eye(places), -instance.covers.astype(float)]))
        return instance.weight, where.tocsr(), np.zeros(places), np.ones(places)
    allowed = instance.saved > 0 if instance.objective == P_MEDIAN else instance.covers
    place, site = np.nonzero(allowed)
    at, one = np.arange(len(place)), np.ones(len(place))
    shape = (len(place), len(place) + sites)
    if instance.objective == P_MEDIAN:
        worth, most = instance.saved[place, site], np.ones(len(place))
    else:
        worth, most = np.ones(len(place)), np.minimum(instance.weight[place], instance.room[site])
    ends = np.concatenate([at, at]), np.concatenate([at, len(place) + site])
    open_first = coo_array((np.concatenate([one, -most]), ends), shape=shape)
    whole = np.ones(places) if instance.objective == P_MEDIAN else instance.weight
    sent = coo_array((one, (place, at)), shape=(places, shape[1]))
    rules: list[Any] = [open_first, sent]
    limits = [np.zeros(len(place)), whole]
    if instance.objective == CAPACITATED:
        rows = np.concatenate([site, np.arange(sites)]), np.concatenate([at, len(place) + np.arange(sites)])
        rules.append(coo_array((np.concatenate([one, -instance.room]), rows), shape=(sites, shape[1])))
        limits.append(np.zeros(sites))
    return worth, vstack(rules).tocsr(), np.concatenate(limits), most
