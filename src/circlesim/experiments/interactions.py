"""Interactions: what policies do together that their parts do not do alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.factorial import Factorial, joined
from circlesim.experiments.verdicts import interval, over_draws

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "measure", "by", "group", "unit", "kind", "effect", "alias", "difference", "ci_low", "ci_high", "replications",
    "assumption_low", "assumption_high", "sign_share",
)  # fmt: skip
"""Columns of ``interactions.csv``."""

MAIN, INTERACTION, PACKAGE = "main", "interaction", "package less its parts"

Weights = dict[str, float]
"""Scenario to its weight in an effect."""


def effects_of(factorial: Factorial, baseline: str) -> list[tuple[str, str, str, Weights]]:
    """
    Write every effect of a design as a weighted sum over scenarios.

    Parameters
    ----------
    factorial : Factorial
        The design.
    baseline : str
        Scenario without any factor.

    Returns
    -------
    list of tuple
        Kind, effect, alias and weights. A *main* effect is the change that a factor brings in the mean over the
        others; an *interaction* of two is half the change that one brings to the effect of the other, in the mean
        over the rest, and so on (Yates' scale). A *package less its parts* is what a combination changes, less the
        sum of what each of its factors changes alone.
    """
    subsets, found = factorial.subsets, []
    for effect in factorial.effects:
        weights: Weights = {}
        for subset in subsets:
            sign = (-1) ** sum(name not in subset for name in effect)
            weights[joined(subset) or baseline] = 2.0 * sign / len(subsets)
        kind = MAIN if len(effect) == 1 else INTERACTION
        found.append((kind, joined(effect), joined(factorial.alias(effect)), weights))
    for subset in subsets:
        if len(subset) > 1:
            parts: Weights = {joined(subset): 1.0, baseline: len(subset) - 1.0}
            found.append((PACKAGE, joined(subset), "", parts | dict.fromkeys(subset, -1.0)))
    return found


def interaction_table(frame: pd.DataFrame, factorial: Factorial, baselines: Mapping[str, str]) -> pd.DataFrame:
    """
    Measure every effect of a factorial design.

    Parameters
    ----------
    frame : DataFrame
        Outcomes: scenario, assumption, replication, measure, unit, by, group, value.
    factorial : Factorial
        The design.
    baselines : mapping of str to str
        Scenario to its baseline.

    Returns
    -------
    DataFrame
        `COLUMNS`: the weighted sum of each stroke of luck, its mean with a 95 % t interval over replications, and
        its range over assumption draws.
    """
    import pandas as pd

    effects = effects_of(factorial, baselines[factorial.of[0]])
    rows = []
    for (measure, by, group), cells in frame.groupby(["measure", "by", "group"], sort=False):
        wide = cells.set_index(["scenario", "assumption", "replication"])["value"].unstack("scenario")
        for kind, effect, alias, weights in effects:
            if set(weights) <= set(wide.columns):
                head = {"measure": measure, "by": by, "group": group, "unit": cells["unit"].iloc[0]}
                figures = _figures(wide[list(weights)], np.array(list(weights.values())))
                rows.append(head | {"kind": kind, "effect": effect, "alias": alias} | figures)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _figures(wide: pd.DataFrame, weights: NDArray[np.float64]) -> dict[str, Any]:
    """Mean and interval over luck, range over draws."""
    row: dict[str, Any] = dict.fromkeys(COLUMNS[7:], np.nan)
    whole = wide.dropna()
    pairs = (whole * weights).sum(axis=1)
    luck = pairs[pairs.index.get_level_values("assumption") == 0].to_numpy(float)
    if not len(luck):
        return row | {"replications": 0}
    row |= interval(luck, float(whole.abs().to_numpy().max(initial=0.0)))
    row.pop("verdict")
    drawn = pairs[pairs.index.get_level_values("assumption") > 0]
    return row | over_draws(drawn.groupby(level="assumption").mean().to_numpy(float), row["difference"])
