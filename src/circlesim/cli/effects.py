"""Effects: paired differences as a table for the screen."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from circlesim.cli.screen import say, tabulate

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.reporting.quantities import Quantity
    from circlesim.reporting.vocabulary import Vocabulary


def print_warning(manifest: Mapping[str, Any], lang: str = "en") -> None:
    """
    Warn, before any effect, that the map of the place misses outlets; else print nothing.

    Parameters
    ----------
    manifest : mapping
        Manifest of the run.
    lang : {"en", "zh"}, default: "en"
        Language.
    """
    from circlesim.reporting.run_facts import supply_fact
    from circlesim.reporting.sentences import percent
    from circlesim.reporting.vocabulary import Vocabulary

    supply = supply_fact(manifest)
    if supply is not None:
        words = Vocabulary.of(lang).words
        say()
        say(words("supply.terminal", share=percent(supply.share), basic=percent(supply.basic_share)))


def print_effects(comparison: pd.DataFrame, lang: str | Vocabulary = "en") -> None:
    """
    Print one table for each scenario and the baseline it is compared with.

    Parameters
    ----------
    comparison : DataFrame
        Columns of ``comparison.csv``.
    lang : {"en", "zh"} or Vocabulary, default: "en"
        Language.
    """
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of(lang)
    words = vocabulary.words
    grouped = bool((comparison["by"] != "").any())
    drawn = bool(comparison["assumption_low"].notna().any())
    text = ["col.measure", *(["col.group"] if grouped else []), "col.unit"]
    over = ["col.assumptions", "col.same"] if drawn else []
    numbers = ["col.before", "col.change", *over, "col.luck"]
    headings = [words(key) + SPANS.get(key, "") for key in (*text, *numbers)]
    right = range(len(text), len(headings))
    for (scenario, baseline), part in comparison.groupby(["scenario", "baseline"], sort=False):
        title = words("versus", scenario=words.quote(str(scenario)), baseline=words.quote(str(baseline)))
        say()
        rows = _rows(part, vocabulary, grouped=grouped, drawn=drawn)
        tabulate(headings, rows, title=title, right=right, whole=right)


SPANS = {"col.luck": " 95%", "col.assumptions": " 5–95%"}
"""What the ends of a range are."""


def _rows(part: pd.DataFrame, vocabulary: Vocabulary, *, grouped: bool, drawn: bool) -> Iterator[list[str]]:
    last = ""
    for row in part.to_dict("records"):
        quantity = vocabulary.quantity(str(row["unit"]))
        name = vocabulary.measure(str(row["measure"]))
        cells = [name if name != last else ""]
        cells += [vocabulary.group(str(row["by"]), str(row["group"]))] if grouped else []
        cells += [quantity.change_unit if name != last else ""]
        last = name
        cells += [_level(quantity, row["baseline_value"]), quantity.bare_change(row["difference"])]
        cells += [_span(row, "assumption", quantity), _share(row["sign_share"])] if drawn else []
        cells += [_span(row, "ci", quantity)]
        yield cells


def _level(quantity: Quantity, value: float) -> str:
    """Write a level; a share keeps its % as its change is in percentage points."""
    return quantity.level(value) if quantity.level_unit == "%" else quantity.bare_level(value)


def _span(row: Mapping[Hashable, Any], kind: str, quantity: Quantity) -> str:
    low, high = row[f"{kind}_low"], row[f"{kind}_high"]
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return str(quantity.words("range", low=quantity.bare_change(low), high=quantity.bare_change(high)))


def _share(value: float) -> str:
    return f"{100 * value:.0f}%" if math.isfinite(value) else "–"
