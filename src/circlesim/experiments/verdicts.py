"""Verdicts: claims set beside what a run found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.claims import Claim, Side
from circlesim.experiments.comparison import LEVEL, RANGE
from circlesim.experiments.maxt import same_in_every_pair

if TYPE_CHECKING:
    import pandas as pd

SHOWN, REFUTED, OPEN, NO_FIGURE = "shown", "refuted", "open", "no figure"
HOLDS, BROKEN = "holds", "broken"

COLUMNS: tuple[str, ...] = (
    "says", "says_zh", "source", "measure", "unit", "higher", "lower", "difference", "ci_low", "ci_high",
    "replications", "assumption_low", "assumption_high", "sign_share", "verdict",
)  # fmt: skip

_SLACK = 1e-9
"""Rounding of sums, relative to the numbers compared: what two orders of addition may differ by."""


def verdicts(frame: pd.DataFrame, expectations: Sequence[Claim]) -> pd.DataFrame:
    """
    Set expectations beside the outcomes of a run.

    Parameters
    ----------
    frame : DataFrame
        Outcomes: scenario, assumption, replication, measure, unit, by, group, value.
    expectations : sequence of Claim
        In order.

    Returns
    -------
    DataFrame
        `COLUMNS`. *Shown* where the whole 95 % interval of higher minus lower over replications lies above zero,
        *refuted* where it lies below, *open* between; *no figure* where a side has none, such as a group under 30.
        The range over assumptions is told beside and decides nothing.
    """
    import pandas as pd

    return pd.DataFrame([_row(frame, claim) for claim in expectations], columns=list(COLUMNS))


def kept(frame: pd.DataFrame, laws: Sequence[Claim]) -> pd.DataFrame:
    """
    Set laws beside the outcomes of a run without feedback.

    Parameters
    ----------
    frame : DataFrame
        Outcomes.
    laws : sequence of Claim
        In order.

    Returns
    -------
    DataFrame
        `COLUMNS`; *holds* where the higher side is not below the lower in any replication, else *broken*.
    """
    import pandas as pd

    rows = []
    for law in laws:
        row = _row(frame, law)
        if row["verdict"] != NO_FIGURE:
            pairs, scale = _pairs(frame[frame["assumption"] == 0], law)
            row["verdict"] = HOLDS if bool((pairs >= -_SLACK * scale).all()) else BROKEN
        rows.append(row)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(frame: pd.DataFrame, claim: Claim) -> dict[str, Any]:
    """One claim with its figures."""
    chosen = frame[frame["measure"] == claim.measure]
    row: dict[str, Any] = dict.fromkeys(COLUMNS, np.nan)
    row |= {name: getattr(claim, name) for name in ("says", "says_zh", "source", "measure")}
    row |= {name: str(getattr(claim, name) or "") for name in ("higher", "lower")}
    row |= {"unit": str(chosen["unit"].iloc[0]) if len(chosen) else "", "replications": 0, "verdict": NO_FIGURE}
    pairs, scale = _pairs(chosen[chosen["assumption"] == 0], claim)
    if len(pairs):
        row |= interval(np.asarray(pairs, dtype=np.float64), scale)
        drawn = _pairs(chosen[chosen["assumption"] > 0], claim)[0].groupby(level="assumption").mean()
        row |= over_draws(drawn.to_numpy(float), row["difference"])
    return row


def _pairs(frame: pd.DataFrame, claim: Claim) -> tuple[pd.Series[float], float]:
    """Higher minus lower by stroke of luck, where both sides have a figure; and how large the figures are."""
    import pandas as pd

    chosen = frame[frame["measure"] == claim.measure]
    sides = [(sign, side) for sign, side in ((1, claim.higher), (-1, claim.lower)) if side is not None]
    parts = [part for sign, side in sides for part in _signed(chosen, side, sign)]
    table = pd.concat(parts, axis=1).dropna()
    return table.sum(axis=1), float(table.abs().to_numpy().max(initial=0.0))


def _signed(frame: pd.DataFrame, side: Side, sign: int) -> list[pd.Series[float]]:
    """Values of a side by stroke of luck, the scenario it is counted from with the other sign."""
    cells = frame[(frame["by"] == side.by) & (frame["group"] == side.group)]
    names = [(sign, side.scenario), *([(-sign, side.over)] if side.over else [])]
    return [
        each * cells[cells["scenario"] == name].set_index(["assumption", "replication"])["value"]
        for each, name in names
    ]


def interval(pairs: NDArray[np.float64], scale: float) -> dict[str, Any]:
    """
    Take the mean of differences with its paired t interval.

    Parameters
    ----------
    pairs : ndarray of float64, shape (n,)
        One difference a stroke of luck.
    scale : float
        Size of the figures the differences are of: what their rounding is measured by.

    Returns
    -------
    dict of str to object
        Cells difference, ci_low, ci_high, replications, and a verdict of *above zero*.
    """
    from scipy import stats

    n, mean = len(pairs), float(pairs.mean())
    half = np.nan
    if n > 1:
        same = bool(same_in_every_pair(pairs[:, None], scale or 1.0)[0])
        half = 0.0 if same else float(stats.t.ppf(0.5 + LEVEL / 2, n - 1) * pairs.std(ddof=1) / np.sqrt(n))
    low, high = mean - half, mean + half
    verdict = SHOWN if low > _SLACK * scale else REFUTED if high < -_SLACK * scale else OPEN
    return {"difference": mean, "ci_low": low, "ci_high": high, "replications": n, "verdict": verdict}


def over_draws(means: NDArray[np.floating], centre: float) -> dict[str, Any]:
    """
    Tell the range of a figure over assumption draws.

    Parameters
    ----------
    means : ndarray of float64, shape (d,)
        One figure a draw.
    centre : float
        The figure under the default assumptions.

    Returns
    -------
    dict of str to float
        Cells assumption_low, assumption_high and sign_share: of draws with the sign of `centre`; empty without.
    """
    if not len(means):
        return {}
    low, high = np.quantile(means, RANGE)
    same = float((np.sign(means) == np.sign(centre)).mean())
    return {"assumption_low": float(low), "assumption_high": float(high), "sign_share": same}
