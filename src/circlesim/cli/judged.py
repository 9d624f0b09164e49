"""Judged: what a comparison rests on, who is not beaten, and which effects are too small to matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.cli.screen import say, tabulate
from circlesim.errors import ConfigError, Fault

if TYPE_CHECKING:
    from circlesim.experiments.outcomes import Outcomes

MOST_NAMED = 3
"""Skewed differences named on the screen."""


def unfinished_notes(outcomes: Outcomes, folder: Path) -> Iterator[str]:
    """
    Say that a run is not finished, and what its figures rest on.

    Parameters
    ----------
    outcomes : Outcomes
        What is there.
    folder : Path
        Run folder.

    Yields
    ------
    str
        Lines; none for a finished run.

    Raises
    ------
    ConfigError
        If there is nothing to compare yet.
    """
    units = outcomes.manifest.get("units", {})
    if units.get("done") == units.get("planned"):
        return
    frame = outcomes.outcomes
    if not len(frame):
        fault = Fault(what="no unit of this run is finished yet", where=str(folder),
                      hint="the same `circlesim run` command goes on from there")  # fmt: skip
        raise ConfigError("there is nothing to compare", [fault])
    pairs = frame.loc[frame["assumption"] == 0, "replication"].nunique()
    draws = frame.loc[frame["assumption"] > 0, "assumption"].nunique()
    yield f"This run is unfinished: {units.get('done')} of {units.get('planned')} units are there."
    yield (
        f"The figures rest on {pairs} replications"
        + (f" and {draws} draws of assumptions" if draws else "")
        + (", and will move." if pairs > 1 else "; intervals need two.")
    )


def skew_notes(outcomes: Outcomes, measures: Iterable[str]) -> list[str]:
    """
    Warn of differences whose t intervals are not to be leant on.

    Parameters
    ----------
    outcomes : Outcomes
        The run.
    measures : iterable of str
        Those that are shown.

    Returns
    -------
    list of str
        One line, or none.
    """
    table = outcomes.skewed()
    table = table[table["measure"].isin(set(measures))]
    if not len(table):
        return []
    named = [f"{measure}, '{scenario}' ({skew:.1f})" for measure, scenario, skew in
             zip(table["measure"], table["scenario"], table["skewness"], strict=True)]  # fmt: skip
    rest = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    return [
        f"Skewed over {table['pairs'].iloc[0]} pairs, so that a t interval holds less often than it says: "
        f"{'; '.join(named[:MOST_NAMED])}{rest}. See --interval bootstrap_t."
    ]


def print_told(outcomes: Outcomes, explain: str | None, best: str | None, smallest: Sequence[str]) -> None:
    """
    Print what was asked about single measures.

    Parameters
    ----------
    outcomes : Outcomes
        The run.
    explain : str or None
        Measure to explain.
    best : str or None
        Measure in which scenarios are set beside each other.
    smallest : sequence of str
        Measures with their smallest effect of interest, such as ``"spend=0.1"``.
    """
    if explain is not None:
        from circlesim.experiments.explain import explained

        lines = explained(outcomes, explain)
        width = max(len(word) for word, _ in lines)
        for word, told in lines:
            say(f"{word.ljust(width)}  {told}")
    if best is not None:
        _print_best(outcomes, best)
    for entry in smallest:
        _print_equivalence(outcomes, *_measure_and_effect(entry))


def _print_best(outcomes: Outcomes, measure: str) -> None:
    table = outcomes.not_beaten(measure)
    rows = [
        [str(row.scenario), f"{row.value:.6g}", f"{row.behind_best:.3g}",
         f"{row.behind_low:.3g} to {row.behind_high:.3g}", "yes" if row.not_beaten else str(row.beaten_by),
         f"{100 * float(str(row.probability_best)):.0f}%"]
        for row in table.itertuples()
    ]  # fmt: skip
    headings = ["scenario", measure, "behind the best", "95%", "not beaten, or by", "best"]
    tabulate(headings, rows, right=(1, 2, 3, 5))


def _print_equivalence(outcomes: Outcomes, measure: str, effect: float) -> None:
    table = outcomes.equivalence(measure, effect)
    rows = [
        [str(row.scenario), f"{row.difference:.3g}", f"{row.low_90:.3g} to {row.high_90:.3g}", f"{effect:g}",
         str(row.verdict)]
        for row in table.itertuples()
    ]  # fmt: skip
    tabulate(["scenario", measure, "90%", "smallest of interest", "effect"], rows, right=(1, 2, 3))


def _measure_and_effect(entry: str) -> tuple[str, float]:
    measure, _, text = entry.rpartition("=")
    try:
        return measure.strip(), float(text)
    except ValueError:
        fault = Fault(
            what="not a measure and a number", where="--smallest", found=entry, expected="such as spend=0.1"
        )
        raise ConfigError("equivalence cannot be told", [fault]) from None
