"""Anchoring: constants of the alternatives, and thresholds of the survey, solved on the baseline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.behaviour.coefficients import FORGO_FLOOR
from circlesim.catalog.anchors import OUTCOMES, anchor_shares, survey_distribution
from circlesim.catalog.constants import AGE_GROUPS, UNAVAILABLE, Constants, age_group
from circlesim.catalog.parameters import Parameters
from circlesim.catalog.services import SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.simulation import Simulation
from circlesim.engine.survey import latent, reporting_noise
from circlesim.engine.ways import ways
from circlesim.experiments.design import reach_cap
from circlesim.experiments.digest import digest_arrays, digest_text, world_digest
from circlesim.experiments.roster import compile_roster
from circlesim.experiments.scenario import START
from circlesim.ledger import COUNTED, Page
from circlesim.measures.reading import adults, bearers
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 0.01
"""Largest gap between a simulated and an anchored share, for cells with needs enough to tell (see `Solution`)."""

SEED = 0x616E63686F7273
"""Root of the luck the constants are solved under ("anchors"): apart from the dates and small numbers people
choose as seeds, so that no experiment is run on the days its constants were fitted to."""

_MOST_STEPS = 40
_PATIENCE = 3
_GAIN = 0.8
_WARM_DAYS, _MEASURED_DAYS = 7, 14
_QUICK_WARM_DAYS, _QUICK_MEASURED_DAYS = 3, 7
_LAST_DAY = 28
_DAMPING = 0.8
_LONGEST_STEP = 2.0
_FARTHEST = 8.0
_PRIOR_NEEDS = 10.0
_FEWEST_NEEDS = 200
_FLOOR = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """
    Solved constants, and how well they meet the anchors.

    Parameters
    ----------
    constants : Constants
        The numbers.
    needs : ndarray of float64, shape (A, S)
        Needs simulated.
    target, found : ndarray of float64, shape (A, S, 5)
        Anchored and simulated shares, in the order of `OUTCOMES`; nan where there are no needs.
    steps : int
        Times the days were simulated.
    """

    constants: Constants
    needs: NDArray[np.float64]
    target: NDArray[np.float64]
    found: NDArray[np.float64]
    steps: int

    @property
    def gap(self) -> NDArray[np.float64]:
        """Largest gap of each cell, shape (A, S); nan where there is nothing to compare."""
        gap: NDArray[np.float64] = np.abs(self.found - self.target).max(axis=2)
        return gap

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Tell which cells have 200 needs or more: a share of fewer has a standard error above 3 points."""
        return (self.needs >= _FEWEST_NEEDS) & np.isfinite(self.gap)

    @property
    def met(self) -> bool:
        """Whether every judged cell is within `TOLERANCE`."""
        return bool((self.gap[self.judged] <= TOLERANCE).all())

    @property
    def mean_gap(self) -> float:
        """Mean gap over all shares, weighted by needs."""
        weights = np.where(np.isfinite(self.gap), self.needs, 0.0)
        gaps = np.abs(np.nan_to_num(self.found - self.target)).mean(axis=2)
        return float((weights * gaps).sum() / max(weights.sum(), 1.0))

    def residuals(self) -> pd.DataFrame:
        """
        List the gaps.

        Returns
        -------
        DataFrame
            Columns ages, service, alternative, needs, target, found, gap, judged.
        """
        import pandas as pd

        rows = [
            {"ages": f"{low}-{high}" if high < 200 else f"{low}+", "service": SERVICES[s],
             "alternative": OUTCOMES[k], "needs": self.needs[a, s], "target": self.target[a, s, k],
             "found": self.found[a, s, k], "gap": self.found[a, s, k] - self.target[a, s, k],
             "judged": bool(self.judged[a, s])}
            for a, (low, high) in enumerate(AGE_GROUPS) for s in range(len(SERVICES))
            for k in range(len(OUTCOMES)) if np.isfinite(self.gap[a, s])
        ]  # fmt: skip
        return pd.DataFrame(rows)


COLUMNS: tuple[str, ...] = ("assumption", "steps", "met", "mean_gap")
"""Columns of ``anchoring.csv``."""


def anchoring_table(assumption: int, solution: Solution) -> pd.DataFrame:
    """
    Say how well the constants of one assumption draw meet the anchors.

    Parameters
    ----------
    assumption : int
        Number of the draw.
    solution : Solution
        Its constants.

    Returns
    -------
    DataFrame
        One row, `COLUMNS`.
    """
    import pandas as pd

    row = (assumption, solution.steps, solution.met, solution.mean_gap)
    return pd.DataFrame([dict(zip(COLUMNS, row, strict=True))])


def solved_stamp(world: World, parameters: Parameters, mechanisms: Mechanisms | None = None) -> str:
    """
    Name what constants were solved for.

    Parameters
    ----------
    world : World
        The baseline.
    parameters : Parameters
        The numbers of the law.
    mechanisms : Mechanisms, optional
        Switches of the law, where they are not the default.

    Returns
    -------
    str
        World name, digests of world, parameters and anchors, and other switches than the default.
    """
    anchors = digest_text(digest_arrays((np.nan_to_num(anchor_shares(), nan=-1.0), survey_distribution())))
    switched = "" if mechanisms in (None, Mechanisms()) else f" {mechanisms}"
    return f"{world.name} world={world_digest(world)} parameters={parameters.digest} anchors={anchors}{switched}"


def first_constants(target: NDArray[np.float64]) -> Constants:
    """
    Start a solution: alternatives without an anchored share do not exist, the others start at their log odds.

    Parameters
    ----------
    target : ndarray of float64, shape (A, S, 5)
        Anchored shares.

    Returns
    -------
    Constants
        With thresholds of no meaning yet.
    """
    share = np.nan_to_num(target, nan=0.0)
    odds = np.log(np.maximum(share[..., 1:], _FLOOR) / np.maximum(share[..., :1], _FLOOR))
    alternative = np.where(share[..., 1:] > 0, odds, UNAVAILABLE)
    # Where nobody has needs nothing is solved; forgoing keeps the table whole.
    alternative[..., -1] = np.where(share.sum(axis=2) == 0, 0.0, alternative[..., -1])
    return Constants(alternative=alternative, thresholds=np.array([-1.0, 0.0, 1.0]))


def solve_constants(
    world: World,
    parameters: Parameters,
    *,
    start: Constants | None = None,
    mechanisms: Mechanisms | None = None,
    quick: bool = False,
    progress: Callable[[str], None] | None = None,
) -> Solution:
    """
    Solve the constants of a baseline.

    Each step simulates the same days under the same luck and moves every constant by the damped logarithm of
    target over simulated share, relative to the share inside (Berry, Levinsohn & Pakes 1995, doi
    10.2307/2171802). Cells with few needs move less: ten needs at the target are added to what was simulated.

    Parameters
    ----------
    world : World
        The baseline, without policies.
    parameters : Parameters
        Numbers of the law.
    start : Constants, optional
        Where to start from.
    mechanisms : Mechanisms, optional
        Switches of the law.
    quick : bool, default: False
        Fewer days and steps, for assumption draws that start near the solution.
    progress : callable, optional
        Told each step in words.

    Returns
    -------
    Solution
        Constants and residuals.
    """
    target = anchor_shares()
    baseline = _Baseline(world, parameters, mechanisms, quick)
    constants = _started(target, start)
    best: Solution | None = None
    for step in range(1, _MOST_STEPS + 1):
        counts = baseline.counts(constants)
        solution = _solution(constants, counts, target, step)
        if progress is not None:
            progress(f"anchors: step {step}, mean gap {100 * solution.mean_gap:.2f} points")
        if best is None or _misfit(solution) < _GAIN * _misfit(best):
            best = solution
        if solution.met or step - best.steps >= _PATIENCE:
            break
        constants = replace(constants, alternative=_moved(constants.alternative, counts, target))
    assert best is not None, "at least one step is taken"
    thresholds = baseline.thresholds(best.constants)
    stamp = solved_stamp(world, parameters, mechanisms)
    return replace(best, constants=replace(best.constants, thresholds=thresholds, solved_on=stamp))


def _misfit(solution: Solution) -> float:
    """What the best step is chosen by: judged gaps beyond the tolerance first, then the mean gap."""
    beyond = np.maximum(solution.gap[solution.judged] - TOLERANCE, 0.0).sum()
    return float(beyond) + solution.mean_gap


def _started(target: NDArray[np.float64], start: Constants | None) -> Constants:
    """First constants, or those to start from where they exist in both."""
    first = first_constants(target)
    if start is None:
        return first
    both = (first.alternative > UNAVAILABLE / 2) & (start.alternative > UNAVAILABLE / 2)
    return replace(first, alternative=np.where(both, start.alternative, first.alternative))


def _solution(
    constants: Constants, counts: NDArray[np.float64], target: NDArray[np.float64], steps: int
) -> Solution:
    """Shares of what was simulated."""
    needs = counts.sum(axis=2)
    with np.errstate(invalid="ignore"):
        found = counts / needs[..., None]
    return Solution(constants=constants, needs=needs, target=target, found=found, steps=steps)


def _moved(
    alternative: NDArray[np.float64], counts: NDArray[np.float64], target: NDArray[np.float64]
) -> NDArray[np.float64]:
    """One damped step."""
    wanted = np.nan_to_num(target, nan=0.0)
    found = counts + _PRIOR_NEEDS * wanted
    found /= np.maximum(found.sum(axis=2, keepdims=True), _FLOOR)
    gap = np.log(np.maximum(wanted, _FLOOR) / np.maximum(found, _FLOOR))
    # Where nothing is ever met inside, the commonest ending stands in as the alternative the others move against.
    commonest = np.take_along_axis(gap, counts.argmax(axis=2)[..., None], axis=2)
    against = np.where(counts[..., :1] > 0, gap[..., :1], commonest)
    step = np.clip(_DAMPING * (gap[..., 1:] - against), -_LONGEST_STEP, _LONGEST_STEP)
    exists = (alternative > UNAVAILABLE / 2) & (wanted.sum(axis=2) > 0)[..., None]
    return np.where(exists, _bounded(alternative + step, exists), alternative)


def _bounded(alternative: NDArray[np.float64], exists: NDArray[np.bool_]) -> NDArray[np.float64]:
    """
    Keep constants within reach of an outlet's utility; home, outside and forgo move together.

    Where the anchored share inside cannot be reached (no outlet near enough), the constants of a cell would fall
    for ever; their differences still carry what is known of the alternatives among themselves.
    """
    elsewhere = np.where(exists, alternative, -np.inf)[..., 1:].max(axis=2, keepdims=True)
    shift = np.where(np.isfinite(elsewhere), np.clip(elsewhere, -_FARTHEST, _FARTHEST) - elsewhere, 0.0)
    bounded = alternative.copy()
    bounded[..., 0] = np.clip(alternative[..., 0], -_FARTHEST, _FARTHEST)
    bounded[..., 1:] += shift
    return np.maximum(bounded, FORGO_FLOOR)


class _Baseline:
    """The baseline of a world, run again and again under the same luck."""

    def __init__(self, world: World, parameters: Parameters, mechanisms: Mechanisms | None, quick: bool) -> None:
        self.world, self.quick = world, quick
        self.age_group = age_group(world.population.age)
        self.stages = compile_roster(world.facilities, [], START, _LAST_DAY, _WARM_DAYS).baseline
        walks = ways(world, world.facilities, reach_cap(world), parameters, mechanisms or Mechanisms())
        self._prepare = partial(prepare, world, walks, parameters, start=START, mechanisms=mechanisms)
        self.prepared: Prepared = self._prepare(constants=first_constants(anchor_shares()))
        self.warm, self.days = (_QUICK_WARM_DAYS, _QUICK_MEASURED_DAYS) if quick else (_WARM_DAYS, _MEASURED_DAYS)

    def counts(self, constants: Constants) -> NDArray[np.float64]:
        """Needs by age group, service and `OUTCOMES`."""
        simulation = self._simulation(constants)
        counts = np.zeros((len(AGE_GROUPS), len(SERVICES), len(OUTCOMES)))
        for day in range(-self.warm, self.days):
            page = simulation.run_day(day, simulation.needs(day))
            if day >= 0:
                counts += _endings(page, self.age_group)
        return counts

    def thresholds(self, constants: Constants) -> NDArray[np.float64]:
        """Cut points at which the baseline's last day meets the survey."""
        simulation = self._simulation(constants)
        for day in range(-_WARM_DAYS, self.days if self.quick else _LAST_DAY):
            simulation.run_day(day, simulation.needs(day))
        people, law = self.world.population, self.prepared.law
        noise = reporting_noise(people.id64, len(SERVICES), SEED, law.value("survey_noise_sd"))
        reported = latent(simulation.state, law) + noise
        pooled = reported[adults(people)][:, bearers(people) > 0]
        return survey_thresholds(pooled)

    def _simulation(self, constants: Constants) -> Simulation:
        return Simulation(self._prepare(constants=constants), self.stages, SEED, 0)


def _endings(page: Page, ages: NDArray[np.int8]) -> NDArray[np.float64]:
    """Count one page by age group, service and `OUTCOMES`."""
    columns = page.columns()
    columns = {name: column[columns["fate"] <= COUNTED] for name, column in columns.items()}
    fate = np.minimum(columns["fate"], len(OUTCOMES) - 1).astype(np.int64)
    key = (ages[columns["resident"]].astype(np.int64) * len(SERVICES) + columns["service"]) * len(OUTCOMES) + fate
    shape = (len(AGE_GROUPS), len(SERVICES), len(OUTCOMES))
    return np.bincount(key, minlength=int(np.prod(shape))).astype(np.float64).reshape(shape)


def survey_thresholds(pooled: NDArray[np.float64], survey: str = "jinan_vulnerable") -> NDArray[np.float64]:
    """
    Cut pooled answers so that their levels meet a published distribution.

    Parameters
    ----------
    pooled : ndarray of float64, shape (n, s)
        Reported satisfaction of adults with services; every service has as many answers, so all weigh the same.
    survey : str, default: "jinan_vulnerable"
        Name of the distribution in the catalogue.

    Returns
    -------
    ndarray of float64, shape (3,)
        Rising cut points.
    """
    if pooled.size == 0:
        return np.array([-1.0, 0.0, 1.0])
    cumulative = np.cumsum(survey_distribution(survey))[:-1]
    thresholds: NDArray[np.float64] = np.quantile(pooled, np.clip(cumulative, 0.0, 1.0))
    return thresholds
