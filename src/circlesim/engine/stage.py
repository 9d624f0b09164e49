"""Stage: the facts that hold from one day on."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.world.facilities import Facilities


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """
    The facilities of one scenario from one day on.

    Parameters
    ----------
    first_day : int
        First day on which these facts hold; day 0 is `start`, the warm-up has negative days.
    facilities : Facilities
        The whole roster: every facility that ever exists in the experiment, in the same order everywhere.
    present : ndarray of bool, shape (F,)
        Which of them exist in this stage.
    surface : str or None, default: None
        What lies on the street, one of `catalog.surfaces.SURFACES`; what the weather brings where None.
    gates : int, default: 0
        State of the ways, a row of `Prepared.gates` and `Prepared.reach`: which gates are locked, what outlets
        offer, and which may be walked into; 0 is that of the baseline.
    possible : ndarray of bool, shape (F,), or None, default: None
        Outlets that do not stand and that a review may open; None where there is no review.
    """

    first_day: int
    facilities: Facilities
    present: NDArray[np.bool_]
    surface: str | None = None
    gates: int = 0
    possible: NDArray[np.bool_] | None = None

    @property
    def may_stand(self) -> NDArray[np.bool_]:
        """Outlets that exist, or that a review may open."""
        return self.present if self.possible is None else self.present | self.possible


def stage_on(stages: tuple[Stage, ...], day: int) -> Stage:
    """
    Find the stage that holds on a day.

    Parameters
    ----------
    stages : tuple of Stage
        By rising `first_day`.
    day : int
        Days since `start`.

    Returns
    -------
    Stage
        The last one that has begun; the first one before any has.
    """
    begun = [stage for stage in stages if stage.first_day <= day]
    return begun[-1] if begun else stages[0]


def opened_from(stages: tuple[Stage, ...], day: int, outlets: NDArray[np.bool_]) -> tuple[Stage, ...]:
    """
    Open outlets from one day on, for as long as the facts allow them.

    Parameters
    ----------
    stages : tuple of Stage
        By rising `first_day`.
    day : int
        First day on which they stand.
    outlets : ndarray of bool, shape (F,)
        Outlets to open.

    Returns
    -------
    tuple of Stage
        The days before are the same objects.
    """
    before = tuple(stage for stage in stages if stage.first_day < day)
    after = tuple(stage for stage in stages if stage.first_day > day)
    now = replace(stage_on(stages, day), first_day=day)
    return (*before, *(_opened(stage, outlets) for stage in (now, *after)))


def _opened(stage: Stage, outlets: NDArray[np.bool_]) -> Stage:
    """A stage with those of some outlets open that may be."""
    if stage.possible is None:
        return stage
    now = outlets & stage.possible
    return replace(stage, present=stage.present | now, possible=stage.possible & ~now)
