"""Equivalence: whether an effect is large enough to matter, too small to matter, or not known well enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from circlesim.experiments.paired import differences

if TYPE_CHECKING:
    import pandas as pd

MATTERS, TOO_SMALL, NOT_KNOWN = "matters", "too small to matter", "not known well enough"
VERDICTS: tuple[str, ...] = (MATTERS, TOO_SMALL, NOT_KNOWN)

COLUMNS: tuple[str, ...] = (
    "measure", "scenario", "baseline", "difference", "smallest", "low_90", "high_90", "p_equivalence", "verdict",
    "replications",
)  # fmt: skip


def equivalence_table(
    frame: pd.DataFrame, measure: str, baselines: Mapping[str, str], smallest: float, alpha: float = 0.05
) -> pd.DataFrame:
    """
    Set effects beside the smallest effect of interest: two one-sided paired t tests (Schuirmann 1987).

    Parameters
    ----------
    frame : DataFrame
        Outcomes.
    measure : str
        What is compared; of all residents.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with.
    smallest : float
        Smallest difference of interest, above 0, in the unit of the measure.
    alpha : float, default: 0.05
        Of each one-sided test, so the interval that goes with it is one of 90 %.

    Returns
    -------
    DataFrame
        `COLUMNS`: *too small to matter* where the interval lies within ± `smallest`, *matters* where it lies
        beyond, else *not known well enough*. Each row is judged by itself.
    """
    import pandas as pd

    found = differences(frame, measure, baselines)
    rows = [_row(found[name].to_numpy(dtype=float), smallest, alpha) for name in found]
    named = [{"measure": measure, "scenario": name, "baseline": baselines[str(name)], **row}
             for name, row in zip(found, rows, strict=True)]  # fmt: skip
    return pd.DataFrame(named, columns=list(COLUMNS))


def _row(
    difference: np.ndarray[tuple[int], np.dtype[np.float64]], smallest: float, alpha: float
) -> dict[str, object]:
    from scipy import stats

    n, mean = len(difference), float(difference.mean())
    if n < 2:
        error, p = float("nan"), float("nan")
    else:
        error = float(difference.std(ddof=1) / np.sqrt(n))
        sure = 0.0 if abs(mean) < smallest else 1.0
        p = float(stats.t.sf((smallest - abs(mean)) / error, n - 1)) if error > 0 else sure
    half = float(stats.t.ppf(1 - alpha, max(n - 1, 1))) * error
    low, high = mean - half, mean + half
    verdict = TOO_SMALL if -smallest < low and high < smallest else NOT_KNOWN
    if low > smallest or high < -smallest:
        verdict = MATTERS
    return {"difference": mean, "smallest": smallest, "low_90": low, "high_90": high, "p_equivalence": p,
            "verdict": verdict, "replications": n}  # fmt: skip
