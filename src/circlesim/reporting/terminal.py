"""Terminal: the effect table as the command line prints it."""

from __future__ import annotations

import pandas as pd
from rich import box
from rich.table import Table
from rich.text import Text

from circlesim.reporting.findings import Tone, findings
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import verdict_words
from circlesim.reporting.vocabulary import Vocabulary

STYLES = {Tone.BETTER: "green", Tone.WORSE: "red", Tone.NEUTRAL: ""}


def effect_table(comparison: pd.DataFrame, lang: str | Vocabulary = "en") -> Table:
    """
    Set out the effects on all residents for a terminal.

    Parameters
    ----------
    comparison : DataFrame
        Rows of ``comparison.csv``.
    lang : {"en", "zh"} or Vocabulary, default: "en"
        Language.

    Returns
    -------
    rich.table.Table
        Scenario by scenario; the range over assumptions stands where it was computed, else the interval over luck
        under that name. Names of users are never taken for markup.
    """
    vocabulary = Vocabulary.of(lang)
    words = vocabulary.words
    rows = comparison[comparison["by"].fillna("") == ""].assign(by="", group="")
    ranged = bool(rows["assumption_low"].notna().any())
    table = Table(box=box.SIMPLE_HEAD, caption=words("terminal.ranged" if ranged else "terminal.luck"))
    for key, justify in (("scenario", "left"), ("measure", "left"), ("before", "right"), ("after", "right")):
        table.add_column(words(f"col.{key}"), justify=justify)  # type: ignore[arg-type]
    table.add_column(words("col.change"), justify="right")
    table.add_column(words("col.assumptions" if ranged else "col.luck"), justify="right")
    table.add_column(words("col.verdict"))
    for names in rows[["scenario", "baseline"]].drop_duplicates().itertuples(index=False, name=None):
        _add_scenario(table, rows, Pair(*names), vocabulary)
    return table


def _add_scenario(table: Table, rows: pd.DataFrame, pair: Pair, vocabulary: Vocabulary) -> None:
    versus = vocabulary.words("versus.short", scenario=pair.scenario, baseline=pair.baseline)
    found = findings(rows, pair, vocabulary.quantity)
    for position, each in enumerate(found):
        quantity = vocabulary.quantity(each.unit)
        table.add_row(
            Text(versus if position == 0 else ""),
            Text(vocabulary.measure(each.measure)),
            quantity.short_level(each.before),
            quantity.short_level(each.after),
            quantity.change(each.change),
            quantity.bare_span(*(each.assumptions or each.luck)),
            Text(verdict_words(each, vocabulary), style=STYLES[each.tone]),
            end_section=position == len(found) - 1,
        )
