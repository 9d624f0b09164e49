"""Precision: replicate until the differences that matter are known well enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from circlesim.errors import ConfigError, Faults

if TYPE_CHECKING:
    import pandas as pd

FLOOR = 20
"""First look; stopping earlier breaks the coverage of the interval (Chow & Robbins 1965; own trials)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """
    A stopping rule on half-widths, never on significance.

    Parameters
    ----------
    min, batch, max : int, default: 20, 10, 200
        First look, replications added at a time, and where to stop anyway.
    half_width : mapping of str to float
        Measure to the half-width wanted of every difference of all residents.
    """

    min: int = FLOOR
    batch: int = 10
    max: int = 200
    half_width: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        faults = Faults("replications cannot be planned", ConfigError)
        for name in ("min", "batch"):
            if getattr(self, name) < 1:
                faults.add("must be 1 or more", f"replications.{name}", found=getattr(self, name))
        if self.max < self.min:
            faults.add("below the first look", "replications.max", found=self.max, expected=f"{self.min} or more")
        for measure, width in self.half_width.items():
            if not width > 0:
                faults.add("a half-width is above zero", f"replications.half_width.{measure}", found=width)
        faults.raise_if_any()

    def next_count(self, done: int, comparison: pd.DataFrame) -> int:
        """
        Say how many replications there should be.

        Parameters
        ----------
        done : int
            Replications so far.
        comparison : DataFrame
            Paired differences after them.

        Returns
        -------
        int
            `done` where the rule is met or the end reached, else more.
        """
        if done < self.min:
            return self.min
        return done if self._met(comparison) else min(done + self.batch, self.max)

    def _met(self, comparison: pd.DataFrame) -> bool:
        """Whether every half-width wanted has been reached."""
        rows = comparison[comparison["by"] == ""]
        wanted = rows["measure"].map(dict(self.half_width)).to_numpy(dtype=float)
        half = (rows["ci_high"] - rows["ci_low"]).to_numpy(dtype=float) / 2
        return bool(np.all(half[np.isfinite(wanted)] <= wanted[np.isfinite(wanted)]))
