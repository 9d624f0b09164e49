"""Sampling: whom a survey of satisfaction asks, and who of them answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circlesim import draws
from circlesim.catalog.parameters import Parameters
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.measures.reading import adults
from circlesim.world.groups import group_rows
from circlesim.world.population import Population

SIMPLE, BY_AGE = "none", "age_band"
STRATA: tuple[str, ...] = (SIMPLE, BY_AGE)
UNWEIGHTED, POST_STRATIFIED = "none", "post_stratified"
WEIGHTS: tuple[str, ...] = (UNWEIGHTED, POST_STRATIFIED)

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyDesign:
    """
    How satisfaction is asked for: a sample of adults, some of whom answer.

    Response rates by age are the parameter `survey_response`.

    Parameters
    ----------
    sample : int
        Adults asked; everybody where there are fewer.
    strata : {"none", "age_band"}, default: "none"
        One sample of all adults, or one of each age band in proportion to its size.
    weights : {"none", "post_stratified"}, default: "none"
        Plain means of who answers, or answers weighted so that age band and sex stand as in the population.
    response_tilt : float, default: 0.0
        Logits of answering between an adult who would give the lowest answer everywhere and one who would give
        the highest. Grade D: an assumption, because no source relates response to satisfaction. No weighting by
        age and sex removes what it does.

    Raises
    ------
    ConfigError
        Listing everything that cannot be.
    """

    sample: int
    strata: str = SIMPLE
    weights: str = UNWEIGHTED
    response_tilt: float = 0.0

    def __post_init__(self) -> None:
        faults = Faults("this survey cannot be taken", ConfigError)
        if not isinstance(self.sample, int) or isinstance(self.sample, bool) or self.sample < 2:
            faults.add("a sample is a whole number of people", "survey.sample", found=self.sample,
                       expected="2 or more")  # fmt: skip
        for name, known in (("strata", STRATA), ("weights", WEIGHTS)):
            value = getattr(self, name)
            if value not in known:
                faults.add(f"unknown {name}", f"survey.{name}", found=value, expected=" or ".join(known),
                           hint=did_you_mean(str(value), known))  # fmt: skip
        tilt = self.response_tilt
        if isinstance(tilt, bool) or not isinstance(tilt, int | float) or not np.isfinite(tilt):
            faults.add("not a finite number", "survey.response_tilt", found=tilt)
        faults.raise_if_any()


def asked_of(design: SurveyDesign, population: Population, seed: int, replication: int) -> Rows:
    """
    Choose whom the survey asks; the same adults in every scenario of a replication.

    Each stratum's adults with the least keyed draws are asked, so every set of one size is as likely as any other.

    Parameters
    ----------
    design : SurveyDesign
        Sample size and strata.
    population : Population
        The residents.
    seed, replication : int
        What names the draws.

    Returns
    -------
    ndarray of int64, shape (n,)
        Rows of the population, rising.
    """
    frame = np.flatnonzero(adults(population))
    ids = population.id64[frame]
    order = np.lexsort((ids, draws.uniforms(seed, draws.SAMPLE, replication, ids)))
    stratum = stratum_of(design, population)[frame][order]
    quota = shares_of(min(design.sample, len(frame)), np.bincount(stratum))
    chosen = [frame[order[stratum == h][:n]] for h, n in enumerate(quota)]
    return np.sort(np.concatenate([*chosen, np.zeros(0, np.int64)]))


def stratum_of(design: SurveyDesign, population: Population) -> Rows:
    """
    Tell the stratum of every resident.

    Parameters
    ----------
    design : SurveyDesign
        Which strata there are.
    population : Population
        The residents.

    Returns
    -------
    ndarray of int64, shape (R,)
        Position of the age band; 0 for everybody where there are no strata.
    """
    if design.strata == SIMPLE:
        return np.zeros(len(population), np.int64)
    return group_rows(population, BY_AGE).astype(np.int64)


def shares_of(total: int, sizes: Rows) -> Rows:
    """
    Share places out in proportion, by largest remainders.

    Parameters
    ----------
    total : int
        Places; at most the sum of the sizes.
    sizes : ndarray of int64, shape (H,)
        Size of each stratum.

    Returns
    -------
    ndarray of int64, shape (H,)
        Places of each stratum.
    """
    exact = total * sizes / max(int(sizes.sum()), 1)
    places = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - places), kind="stable")[: total - int(places.sum())]
    places[rest] += 1
    return places


def answering(
    design: SurveyDesign,
    population: Population,
    asked: Rows,
    parameters: Parameters,
    score: NDArray[np.float64],
    seed: int,
    replication: int,
) -> Rows:
    """
    Tell who of those asked answers.

    Parameters
    ----------
    design : SurveyDesign
        For the tilt.
    population : Population
        The residents.
    asked : ndarray of int64, shape (n,)
        Rows asked.
    parameters : Parameters
        For `survey_response`.
    score : ndarray of float64, shape (R,)
        Mean answer of each adult, 0 the lowest everywhere and 1 the highest.
    seed, replication : int
        What names the draws.

    Returns
    -------
    ndarray of int64, shape (m,)
        Rows that answer.

    Notes
    -----
    With response rate ``r`` of the age, tilt ``g`` and score ``s``, the odds of answering are
    ``r / (1 - r) * exp(g * (s - mean of s))``. The mean is that of all adults of the scenario: a tilt changes who
    answers and hardly how many. The draws are the same in every scenario; without a tilt so are the people.
    """
    rate = parameters.by_age("survey_response", population.age[asked])
    tilt = np.exp(design.response_tilt * (score[asked] - score[adults(population)].mean()))
    chance = rate * tilt / (1.0 - rate + rate * tilt)
    luck = draws.uniforms(seed, draws.RESPONSE, replication, population.id64[asked])
    return np.asarray(asked[luck < chance])
