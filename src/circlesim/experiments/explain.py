"""Explain: what a number of a run is: formula, unit, whom it describes, its sums, and how it is judged."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.measures import measure_named

if TYPE_CHECKING:
    from circlesim.experiments.outcomes import Outcomes


HOW = (
    "scenario minus baseline in the same replication, that is under the same luck; the mean over replications,"
    " with a t interval widened so that the intervals of all scenarios and measures hold at once (max-t)"
)


def explained(outcomes: Outcomes, measure: str) -> list[tuple[str, str]]:
    """
    Say what the figures of one measure are in a run.

    Parameters
    ----------
    outcomes : Outcomes
        The run.
    measure : str
        One of its measures.

    Returns
    -------
    list of (str, str)
        A word and what there is to say about it.

    Raises
    ------
    ConfigError
        If the run has no such measure.
    """
    table = outcomes.compare(measure)  # refuses what the run does not have
    rows = outcomes.outcomes[(outcomes.outcomes["measure"] == measure) & (outcomes.outcomes["by"] == "")]
    told = measure_named(measure)
    lines = [
        ("measure", measure),
        ("formula", f"{told.numerator} / {told.denominator}" if told.denominator else told.numerator),
        ("unit", str(rows["unit"].iloc[0])),
        ("better", told.direction),
        ("population", f"{told.population}; {int(rows['n'].iloc[0])} of them in the first scenario"),
        ("made of", _made_of(told.kind, told.needs)),
        ("days", _days(outcomes.manifest, int(rows["days"].iloc[0]))),
        ("definition", told.reference),
        ("evidence", f"grade {outcomes.grades.get(measure, '-')}"),
    ]
    return [*lines, *_compared(outcomes, measure, table.to_dict("records"))]


def _made_of(kind: str, needs: tuple[str, ...]) -> str:
    return f"{kind}: {', '.join(needs)}" if needs else kind


def _days(manifest: Any, days: int) -> str:
    since = manifest.get("measure_from")
    return f"{days} measured, from {since}" if since else f"{days} measured"


def _compared(outcomes: Outcomes, measure: str, rows: list[Any]) -> Iterator[tuple[str, str]]:
    """How the differences are made, and what each rests on."""
    from circlesim.experiments.paired import MOST_SKEW, differences, skewness

    yield "difference", HOW
    found = differences(outcomes.outcomes, measure, outcomes.baselines)
    skew = dict(zip(found, skewness(found.to_numpy()), strict=True))
    for row in rows:
        name = row["scenario"]
        lean = f"; skewed ({skew[name]:.1f}), see bootstrap_t" if abs(skew[name]) > MOST_SKEW else ""
        gain = row["variance_reduction"]
        saved = f", {gain:.1f} times less variance than with luck of their own" if np.isfinite(gain) else ""
        yield (f"{name}", f"{row['value']:.6g} - {row['baseline_value']:.6g} = {row['difference']:.6g} "
               f"over {row['replications']} pairs{saved}{lean}")  # fmt: skip
