"""Comparison: paired differences with two ranges, over luck and over assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.maxt import paired_t, same_in_every_pair

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "measure", "by", "group", "baseline", "scenario", "baseline_value", "value", "difference",
    "relative_difference", "unit", "n", "ci_low", "ci_high", "p_value", "p_adjusted", "replications",
    "variance_reduction", "assumption_low", "assumption_high", "sign_share", "evidence_grade",
)  # fmt: skip

LEVEL = 0.95
RANGE = (0.05, 0.95)
"""Ends of the range over assumption draws."""

_KEY = ["measure", "by", "group"]


def compare(
    frame: pd.DataFrame, baselines: Mapping[str, str], grades: Mapping[str, str], by: Sequence[str] = ("",)
) -> pd.DataFrame:
    """
    Compare each scenario with its baseline, pair by pair.

    Intervals of all residents hold at once over scenarios and measures (max-t); those of groups are single
    t intervals and have no adjusted p-value.

    Parameters
    ----------
    frame : DataFrame
        Outcomes: scenario, assumption, replication, measure, unit, by, group, days, n, value.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with; baselines themselves are left out.
    grades : mapping of str to str
        Measure to evidence grade.
    by : sequence of str, default: ("",)
        Dimensions to compare by; ``""`` for all residents.

    Returns
    -------
    DataFrame
        `COLUMNS`; measures in the order of the outcomes, scenario by scenario.
    """
    import pandas as pd

    chosen = frame[frame["by"].isin(list(by))]
    wide = _wide(chosen[chosen["assumption"] == 0], ["replication"])
    drawn = _wide(chosen[chosen["assumption"] > 0], ["assumption", "replication"])
    parts = [_one_pair(wide, drawn, name, base) for name, base in baselines.items() if name != base]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame({column: [] for column in COLUMNS})
    table = pd.concat(parts, ignore_index=True)
    table = _simultaneous(table)
    facts = chosen.drop_duplicates([*_KEY, "scenario"]).set_index([*_KEY, "scenario"])[["unit", "n"]]
    table = table.join(facts, on=[*_KEY, "scenario"])
    table["evidence_grade"] = [grades.get(name, "") for name in table["measure"]]
    return _ordered(table, chosen, baselines, by)


def _wide(frame: pd.DataFrame, luck: list[str]) -> pd.DataFrame:
    """One row a figure and scenario, one column a stroke of luck."""
    return frame.set_index([*_KEY, "scenario", *luck])["value"].unstack(luck).sort_index()


def _one_pair(wide: pd.DataFrame, drawn: pd.DataFrame, name: str, base: str) -> pd.DataFrame:
    """Differences of one scenario from its baseline, one row a figure."""
    import pandas as pd

    treated, control = _both(wide, name, base)
    table = pd.DataFrame(_paired(treated.to_numpy(), control.to_numpy()), index=treated.index)
    table = table.join(_over_draws(drawn, name, base, table["difference"]))
    for column in ("assumption_low", "assumption_high", "sign_share"):
        if column not in table:
            table[column] = np.nan
    return table.reset_index().assign(scenario=name, baseline=base)


def _both(wide: pd.DataFrame, name: str, base: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows of two scenarios, aligned."""
    treated = wide[wide.index.get_level_values("scenario") == name].droplevel("scenario")
    control = wide[wide.index.get_level_values("scenario") == base].droplevel("scenario")
    common = treated.index.intersection(control.index, sort=False)
    return treated.loc[common], control.loc[common]


def _paired(treated: NDArray[np.float64], control: NDArray[np.float64]) -> dict[str, Any]:
    """Paired t by row; `pairs` keeps the differences for the simultaneous intervals."""
    from scipy import stats

    difference = treated - control
    finite = np.isfinite(difference)
    n = finite.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean, base, value = (_mean(x, finite) for x in (difference, control, treated))
        sd = _sd(difference, finite)
        whole = np.where(finite, difference, mean[:, None]).T
        scale = np.maximum(np.abs(np.nan_to_num(base)), np.abs(np.nan_to_num(value)))
        constant = same_in_every_pair(np.nan_to_num(whole), scale) if whole.size else np.zeros(len(n), bool)
        sd = np.where(constant & (n > 1), 0.0, sd)
        half = stats.t.ppf(0.5 + LEVEL / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n)
        p = 2 * stats.t.sf(np.abs(mean) / (sd / np.sqrt(n)), np.maximum(n - 1, 1))
        reduction = (_sd(treated, finite) ** 2 + _sd(control, finite) ** 2) / sd**2
        relative = mean / base
    return {
        "baseline_value": base, "value": value, "difference": mean, "relative_difference": relative,
        "ci_low": mean - half, "ci_high": mean + half,
        "p_value": np.where((sd == 0) & (n > 1), np.where(mean == 0, 1.0, 0.0), p),
        "p_adjusted": np.nan, "replications": n, "variance_reduction": reduction,
        "pairs": list(np.where(finite, difference, np.nan)), "scale": scale,
    }  # fmt: skip


def _mean(values: NDArray[np.float64], finite: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Mean of the finite entries of each row; exact where they are all the same."""
    first = np.where(finite, values, -np.inf).max(axis=1, initial=-np.inf)
    first = np.where(np.isfinite(first), first, np.nan)
    mean: NDArray[np.float64] = first + np.where(finite, values - first[:, None], 0.0).sum(axis=1) / finite.sum(
        axis=1
    )
    return mean


def _sd(values: NDArray[np.float64], finite: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Standard deviation of the finite entries of each row; nan with fewer than two."""
    n = finite.sum(axis=1)
    centred = np.where(finite, values - _mean(values, finite)[:, None], 0.0)
    sd: NDArray[np.float64] = np.sqrt((centred**2).sum(axis=1) / np.where(n > 1, n - 1, np.nan))
    return sd


def _over_draws(drawn: pd.DataFrame, name: str, base: str, difference: pd.Series[float]) -> pd.DataFrame:
    """Range and agreement in sign over assumption draws; empty where none were made."""
    import pandas as pd

    if not len(drawn):
        return pd.DataFrame(index=difference.index)
    treated, control = _both(drawn, name, base)
    by_draw = (treated - control).T.groupby(level="assumption").mean().T
    ends = by_draw.quantile(list(RANGE), axis=1).T
    signs = difference.reindex(by_draw.index).map(np.sign)
    agree = by_draw.map(np.sign).eq(signs, axis=0) & by_draw.notna()
    return pd.DataFrame({
        "assumption_low": ends[RANGE[0]], "assumption_high": ends[RANGE[1]],
        "sign_share": agree.sum(axis=1) / by_draw.notna().sum(axis=1).where(lambda n: n > 0),
    })  # fmt: skip


def _simultaneous(table: pd.DataFrame) -> pd.DataFrame:
    """Widen the intervals of all residents so that they hold at once over scenarios and measures."""
    pairs = np.array(table["pairs"].tolist())
    family = np.flatnonzero((table["by"] == "").to_numpy() & np.isfinite(pairs).all(axis=1))
    table = table.drop(columns=["pairs"])
    if len(family) and pairs.shape[1] > 1:
        judged = paired_t(pairs[family].T, table["scale"].to_numpy()[family], LEVEL)
        mean = table["difference"].to_numpy()[family]
        rows = table.index[family]
        table.loc[rows, "ci_low"] = mean - judged.half_width
        table.loc[rows, "ci_high"] = mean + judged.half_width
        table.loc[rows, "p_adjusted"] = np.maximum(judged.p_adjusted, table.loc[rows, "p_value"].to_numpy())
    return table


def _ordered(
    table: pd.DataFrame, frame: pd.DataFrame, baselines: Mapping[str, str], by: Sequence[str]
) -> pd.DataFrame:
    """Sort by scenario, dimension, measure and group, in the order of the experiment; contract columns only."""
    order = {column: {v: i for i, v in enumerate(dict.fromkeys(frame[column]))} for column in _KEY}
    order["by"] = {v: i for i, v in enumerate(by)}
    order["scenario"] = {v: i for i, v in enumerate(baselines)}
    keys = ["scenario", "by", "measure", "group"]
    rank = table[keys].apply(lambda column: column.map(order[str(column.name)]))
    ordered: pd.DataFrame = table.loc[rank.sort_values(keys, kind="stable").index, list(COLUMNS)]
    return ordered.reset_index(drop=True)
