"""Worth: what one more satisfied adult costs, which option is best at which price of it, and what doubt costs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from circlesim.experiments.economy import EFFECTS, OUTLAYS
from circlesim.experiments.switching import PARTS, spending_parts
from circlesim.measures.cost_effectiveness import (
    ON_FRONTIER,
    Estimate,
    best_shares,
    frontier,
    mean_interval,
    net_benefit,
    perfect_information,
    ratio_of_means,
)

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]

COST_COLUMNS: tuple[str, ...] = (
    "effect", "baseline", "scenario", "replications", "cost", "cost_low", "cost_high", *OUTLAYS, "gain",
    "gain_low", "gain_high", "finding", "cost_per_gain", "ratio_low", "ratio_high", "standing", "beside",
    "step_cost_per_gain", "step_low", "step_high", "draws", "gain_assumption_low", "gain_assumption_high",
    "gain_share_of_draws", *(f"spend_{part}" for part in PARTS),
)  # fmt: skip
"""Columns of ``cost_effectiveness.csv``."""

CURVE_COLUMNS: tuple[str, ...] = (
    "effect", "over", "baseline", "willingness", "scenario", "net_benefit", "low", "high", "best_share",
    "best_on_average", "perfect_information", "draws",
)  # fmt: skip
"""Columns of ``acceptability.csv``."""

MORE_FOR_MORE, LESS_FOR_LESS = "costs more, does more", "costs less, does less"
SAVES, WASTES = "costs no more, does more", "costs no less, does less"
UNTOLD, NO_COST, TOO_FEW = "effect not told from none", "no cost given", "too few replications"
FINDINGS: tuple[str, ...] = (MORE_FOR_MORE, LESS_FOR_LESS, SAVES, WASTES, UNTOLD, NO_COST, TOO_FEW)
"""What cost and effect come to together; a ratio stands with the first two only."""

WILLINGNESS: dict[str, tuple[float, ...]] = {
    "satisfied_adults": (0, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000),
    "welfare_hours": (0, 1, 3, 10, 30, 100, 300, 1000, 3000),
}
"""Prices of one unit of the effect at which ``acceptability.csv`` looks: a grid and no valuation (grade D)."""

LUCK, ASSUMPTIONS = "luck", "assumptions"
RANGE = (0.05, 0.95)
"""Ends of the range over assumption draws."""

_KEY = ["assumption", "replication"]


class Options(NamedTuple):
    """
    A baseline and what is compared with it, in the same strokes of luck.

    Parameters
    ----------
    baseline : str
        The first option.
    names : tuple of str
        All options with a cost.
    cost, effect : ndarray of float64, shape (n, m)
        By draw and option.
    """

    baseline: str
    names: tuple[str, ...]
    cost: FloatArray
    effect: FloatArray


def with_capital_spread(economy: pd.DataFrame, days: int, capital_months: float | None) -> pd.DataFrame:
    """
    Let the days of a run bear no more than their part of the capital.

    Parameters
    ----------
    economy : DataFrame
        Contents of ``economy.csv``.
    days : int
        Days of the scenarios.
    capital_months : float or None
        Months that what is bought will last; None where the days bear all of it.

    Returns
    -------
    DataFrame
        The same with less capital; spread evenly, without interest.
    """
    from circlesim.measures.operators import DAYS_A_MONTH

    if capital_months is None:
        return economy
    part = min(1.0, days / DAYS_A_MONTH / capital_months)
    return economy.assign(capital=part * economy["capital"])


def cost_table(
    economy: pd.DataFrame, switching: pd.DataFrame, baselines: Mapping[str, str],
    effects: Sequence[str] = EFFECTS,
) -> pd.DataFrame:  # fmt: skip
    """
    Make ``cost_effectiveness.csv``.

    Parameters
    ----------
    economy : DataFrame
        Contents of ``economy.csv``.
    switching : DataFrame
        Contents of ``switching.csv``.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with.
    effects : sequence of str, default: EFFECTS
        What is counted as gained.

    Returns
    -------
    DataFrame
        `COST_COLUMNS`: one row an effect and scenario with a baseline.
    """
    import pandas as pd

    wide = _wide(economy)
    spending = _spending(switching)
    rows = []
    for effect in effects:
        for baseline in dict.fromkeys(baselines.values()):
            others = [name for name, base in baselines.items() if base == baseline != name]
            found = [_pair(wide, effect, name, baseline) | spending.get(name, {}) for name in others]
            _place(found, wide, effect, baseline)
            rows += found
    table = pd.DataFrame(rows, columns=list(COST_COLUMNS))
    order = {name: place for place, name in enumerate(baselines)}
    table = table.assign(_at=table["scenario"].map(order), _of=table["effect"].map(list(effects).index))
    return table.sort_values(["_of", "_at"])[list(COST_COLUMNS)].reset_index(drop=True)


def _wide(economy: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Rows of each scenario by assumption and replication, with the whole cost."""
    table = economy.assign(cost=economy[list(OUTLAYS)].sum(axis=1))
    table["uncosted"] = table["uncosted"].fillna("")
    return {str(name): rows.set_index(_KEY).sort_index() for name, rows in table.groupby("scenario", sort=False)}


def _costed(wide: Mapping[str, pd.DataFrame], name: str, baseline: str) -> bool:
    """Whether every policy that scenario and baseline do not share states a cost."""
    one, other = (Counter(str(wide[each]["uncosted"].iloc[0]).split()) for each in (name, baseline))
    return one == other


def _differences(wide: Mapping[str, pd.DataFrame], name: str, baseline: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Paired differences under the default parameters, and by assumption draw."""
    columns = ["cost", *OUTLAYS, *EFFECTS]
    apart = (wide[name][columns] - wide[baseline][columns]).dropna()
    drawn = apart.index.get_level_values("assumption") > 0
    return apart[~drawn], apart[drawn].groupby(level="assumption").mean()


def _pair(wide: Mapping[str, pd.DataFrame], effect: str, name: str, baseline: str) -> dict[str, Any]:
    """One scenario beside its baseline."""
    pairs, draws = _differences(wide, name, baseline)
    costed = _costed(wide, name, baseline)
    cost, gain = mean_interval(pairs["cost"].to_numpy()), mean_interval(pairs[effect].to_numpy())
    finding = _finding(cost, gain, len(pairs)) if costed else NO_COST
    row: dict[str, Any] = {"effect": effect, "baseline": baseline, "scenario": name, "replications": len(pairs)}
    row |= _spelt("gain", "gain", gain) | {"finding": finding, "draws": len(draws)}
    if costed:
        row |= _spelt("cost", "cost", cost) | {each: float(pairs[each].mean()) for each in OUTLAYS}
    if finding in (MORE_FOR_MORE, LESS_FOR_LESS):
        row |= _spelt("cost_per_gain", "ratio", ratio_of_means(pairs["cost"].to_numpy(), pairs[effect].to_numpy()))
    if len(draws):
        low, high = draws[effect].quantile(list(RANGE))
        row |= {"gain_assumption_low": low, "gain_assumption_high": high,
                "gain_share_of_draws": float((draws[effect] > 0).mean())}  # fmt: skip
    return row


def _spelt(value: str, ends: str, estimate: Estimate) -> dict[str, float]:
    """An estimate under the names of its columns."""
    return {value: estimate.value, f"{ends}_low": estimate.low, f"{ends}_high": estimate.high}


def _finding(cost: Estimate, gain: Estimate, pairs: int) -> str:
    """What cost and effect come to together."""
    if pairs < 2:
        return TOO_FEW
    if gain.low <= 0 <= gain.high:
        return UNTOLD
    if gain.value > 0:
        return MORE_FOR_MORE if cost.value > 0 else SAVES
    return LESS_FOR_LESS if cost.value < 0 else WASTES


def _place(rows: list[dict[str, Any]], wide: Mapping[str, pd.DataFrame], effect: str, baseline: str) -> None:
    """Say of each option with a cost where it stands, and what the step to it costs along the frontier."""
    costed = [row for row in rows if "cost" in row]
    means = [(0.0, 0.0), *((row["cost"], row["gain"]) for row in costed)]
    standings = frontier(*zip(*means, strict=True))
    names = [baseline, *(row["scenario"] for row in costed)]
    along = sorted((i for i in range(len(means)) if standings[i] == ON_FRONTIER), key=lambda i: means[i])
    before = dict(zip(along[1:], along, strict=False))
    for i, row in enumerate(costed, start=1):
        row["standing"] = standings[i]
        if i in before:
            row["beside"] = names[before[i]]
            pairs, _ = _differences(wide, names[i], names[before[i]])
            step = ratio_of_means(pairs["cost"].to_numpy(), pairs[effect].to_numpy())
            row |= _spelt("step_cost_per_gain", "step", step)


def _spending(switching: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Parts of the change of spending inside the circle, by scenario, over the days measured."""
    whole = switching[switching["by"].fillna("") == ""]
    if not len(whole):
        return {}
    parts = spending_parts(whole).groupby("scenario")[list(PARTS)].sum()
    return {
        str(name): {f"spend_{part}": float(value) for part, value in row.items()}
        for name, row in parts.to_dict("index").items()
    }  # fmt: skip


def acceptability_table(
    economy: pd.DataFrame, baselines: Mapping[str, str], willingness: Mapping[str, Sequence[float]] = WILLINGNESS
) -> pd.DataFrame:
    """
    Make ``acceptability.csv``.

    Parameters
    ----------
    economy : DataFrame
        Contents of ``economy.csv``.
    baselines : mapping of str to str
        Scenario to the scenario it is compared with.
    willingness : mapping of str to sequence of float, default: WILLINGNESS
        Prices of one unit, by effect.

    Returns
    -------
    DataFrame
        `CURVE_COLUMNS`: net benefit beside the baseline with its interval over luck, or its range over
        assumptions; the share of strokes of luck, or of draws, in which an option is the best; and what knowing
        the luck, or the true assumptions, would be worth. Options without a cost are left out.
    """
    import pandas as pd

    wide = _wide(economy)
    rows: list[dict[str, Any]] = []
    for effect, prices in willingness.items():
        for options, over in _all_options(wide, effect, baselines):
            for price in prices:
                rows += _points(options, over, float(price), effect)
    return pd.DataFrame(rows, columns=list(CURVE_COLUMNS))


def _all_options(
    wide: Mapping[str, pd.DataFrame], effect: str, baselines: Mapping[str, str]
) -> Iterator[tuple[Options, str]]:
    """Sets of options that share a baseline, over luck and over assumptions."""
    for baseline in dict.fromkeys(baselines.values()):
        others = [name for name, base in baselines.items() if base == baseline != name]
        names = [name for name in others if _costed(wide, name, baseline)]
        if not names:
            continue
        apart = [_differences(wide, name, baseline) for name in names]
        for k, over in enumerate((LUCK, ASSUMPTIONS)):
            draws = len(apart[0][k])
            if draws > 1:
                columns = [[pair[k][column].to_numpy() for pair in apart] for column in ("cost", effect)]
                cost, gain = (np.column_stack([np.zeros(draws), *each]) for each in columns)
                yield Options(baseline, (baseline, *names), cost, gain), over


def _points(options: Options, over: str, price: float, effect: str) -> Iterator[dict[str, Any]]:
    """One price: every option."""
    benefits = net_benefit(options.cost, options.effect, price)
    shares, knowing = best_shares(benefits), perfect_information(benefits)
    means = benefits.mean(axis=0)
    for m, name in enumerate(options.names):
        if over == LUCK:
            _, low, high = mean_interval(benefits[:, m])
        else:
            low, high = np.quantile(benefits[:, m], RANGE)
        yield {
            "effect": effect, "over": over, "baseline": options.baseline, "willingness": price, "scenario": name,
            "net_benefit": float(means[m]), "low": float(low), "high": float(high), "best_share": float(shares[m]),
            "best_on_average": int(means[m] == means.max()), "perfect_information": knowing,
            "draws": len(benefits),
        }  # fmt: skip
