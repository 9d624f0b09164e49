"""Effects: paired differences as a table for the screen."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.reporting.vocabulary import Vocabulary


def print_effects(comparison: pd.DataFrame, lang: str = "en") -> None:
    """
    Print one table for each scenario and the baseline it is compared with.

    Parameters
    ----------
    comparison : DataFrame
        Columns of ``comparison.csv``.
    lang : {"en", "zh"}, default: "en"
        Language.
    """
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(lang)
    words = vocabulary.words
    grouped = bool((comparison["by"] != "").any())
    drawn = bool(comparison["assumption_low"].notna().any())
    headings = [
        words("col.measure"),
        *([words("col.group")] if grouped else []),
        words("col.before"),
        words("col.change"),
        f"{words('col.luck')} (95 %)",
    ]
    headings += [f"{words('col.assumptions')} (5–95 %)", words("col.same")] if drawn else []
    for (scenario, baseline), part in comparison.groupby(["scenario", "baseline"], sort=False):
        title = words("versus", scenario=words.quote(str(scenario)), baseline=words.quote(str(baseline)))
        first = 2 if grouped else 1
        say()
        tabulate(
            headings,
            _rows(part, vocabulary, grouped=grouped, drawn=drawn),
            title=title,
            right=range(first, len(headings)),
        )


def _rows(part: pd.DataFrame, vocabulary: Vocabulary, *, grouped: bool, drawn: bool) -> Iterator[list[str]]:
    last = ""
    for row in part.to_dict("records"):
        quantity = vocabulary.quantity(str(row["unit"]))
        name = vocabulary.measure(str(row["measure"]))
        cells = [name if name != last else ""]
        last = name
        cells += [vocabulary.group(str(row["by"]), str(row["group"]))] if grouped else []
        cells += [quantity.level(row["baseline_value"]), quantity.change(row["difference"])]
        cells += [_span(row, "ci", vocabulary)]
        if drawn:
            same = row["sign_share"]
            cells += [
                _span(row, "assumption", vocabulary),
                "–" if math.isnan(same) else f"{100 * same:.0f} %",
            ]
        yield cells


def _span(row: dict[Any, Any], kind: str, vocabulary: Vocabulary) -> str:
    low, high = row[f"{kind}_low"], row[f"{kind}_high"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    quantity = vocabulary.quantity(str(row["unit"]))
    return str(vocabulary.words("range", low=quantity.bare_change(low), high=quantity.bare_change(high)))
