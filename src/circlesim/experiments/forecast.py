"""Forecast: what a run will take, from a pilot that is thrown away."""

from __future__ import annotations

import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from circlesim.experiments.asked import Asked, Progress
from circlesim.experiments.assumptions import DRAW_REPLICATIONS
from circlesim.experiments.bench import Bench
from circlesim.experiments.constants import constants_for
from circlesim.experiments.manifest import SOLVING_DAYS
from circlesim.experiments.precision import Precision
from circlesim.experiments.unit import run_unit, unit_name

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from circlesim.experiments.unit_file import Tables

_MOST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """
    Replications that one difference asks for.

    Parameters
    ----------
    scenario, measure : str
        The difference, of all residents, from the baseline of the scenario.
    sd : float
        Standard deviation of the paired differences of the pilot.
    half_width : float
        Half-width of the simultaneous interval that the pilot would have; nan with one replication.
    wanted : float
        Half-width asked for; nan where none is.
    needed : int or None
        Replications at which a single t interval of that spread is as narrow as wanted; None where none is wanted.
    """

    scenario: str
    measure: str
    sd: float
    half_width: float
    wanted: float
    needed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """
    What a run will take.

    Parameters
    ----------
    scenarios, replications, draws, units : int
        What is to be run; under a stopping rule the replications forecast from the pilot.
    pilot : int
        Replications run for the forecast; nothing of them is kept.
    workers : int
        Units at the same time.
    unit_seconds : float
        Seconds a unit took in the pilot, the first left out where there are more; nan without a pilot.
    minutes : float
        Of the whole run, with every worker busy; nan without a pilot.
    megabytes : float
        On the disk; nan without a pilot.
    needs : tuple of Need
        One a scenario with a baseline and measure whose difference varies; empty with fewer than two replications.
    """

    scenarios: int
    replications: int
    draws: int
    units: int
    pilot: int
    workers: int
    unit_seconds: float
    minutes: float
    megabytes: float
    needs: tuple[Need, ...]


def forecast(asked: Asked, pilot: int, workers: int, progress: Progress | None = None) -> Forecast:
    """
    Forecast a run.

    Parameters
    ----------
    asked : Asked
        The experiment.
    pilot : int
        Replications to run for it; 0 for none, which tells the units alone.
    workers : int
        Units at the same time.
    progress : callable, optional
        See `Progress`.

    Returns
    -------
    Forecast
        Nothing is written but a file in the system's temporary folder, which is removed.
    """
    rule = asked.replications
    least = rule.min if isinstance(rule, Precision) else rule
    if pilot == 0:
        return _counted(asked, least, 0, workers, float("nan"), float("nan"), ())
    bench = _bench(asked, progress)
    units, seconds = _piloted(bench, min(pilot, least), progress)
    needs = _needs(bench, units)
    count = _replications(rule, needs)
    size = _stored_mb(bench, units[-1])
    return _counted(asked, count, len(units), workers, seconds, size, needs)


def _bench(asked: Asked, progress: Progress | None) -> Bench:
    def tell(text: str) -> None:
        if progress is not None:
            progress(0, 0, text)

    constants = asked.constants or constants_for(
        asked.world, asked.parameters, mechanisms=asked.mechanisms, progress=tell
    )
    return Bench(asked, constants)


def _piloted(bench: Bench, pilot: int, progress: Progress | None) -> tuple[list[Tables], float]:
    """Tables of the pilot, and seconds a unit."""
    units, seconds = [], []
    for replication in range(pilot):
        if progress is not None:
            progress(replication, pilot, "running the pilot")
        began = time.perf_counter()
        units.append(run_unit(bench.design, bench.default, replication))
        seconds.append(time.perf_counter() - began)
    # The first unit may have the rules compiled, and makes the map of footfall.
    return list(units), float(np.mean(seconds[1:] or seconds))


def _needs(bench: Bench, units: Sequence[Tables]) -> tuple[Need, ...]:
    from circlesim.experiments.gathering import compared

    if len(units) < 2:
        return ()
    rule = bench.asked.replications
    widths = dict(rule.half_width) if isinstance(rule, Precision) else {}
    table = compared(bench.design, units)
    return tuple(
        need for row in table.to_dict("records")
        if (need := _need(row["scenario"], row["measure"], _sd(units, bench, row), row, widths)).sd > 0
    )  # fmt: skip


def _sd(units: Sequence[Tables], bench: Bench, row: Mapping[Hashable, Any]) -> float:
    """Spread of the paired differences of one row of the comparison."""
    values = [_value(unit["outcomes"], row["measure"], row["scenario"]) for unit in units]
    before = [_value(unit["outcomes"], row["measure"], row["baseline"]) for unit in units]
    return float(np.std(np.array(values) - np.array(before), ddof=1))


def _value(frame: pd.DataFrame, measure: object, scenario: object) -> float:
    rows = frame[(frame["by"] == "") & (frame["measure"] == measure) & (frame["scenario"] == scenario)]
    return float(rows["value"].iloc[0])


def _need(
    scenario: object, measure: object, sd: float, row: Mapping[Hashable, Any], widths: Mapping[str, float]
) -> Need:
    wanted = widths.get(str(measure), float("nan"))
    return Need(
        scenario=str(scenario), measure=str(measure), sd=sd, wanted=wanted,
        half_width=(float(row["ci_high"]) - float(row["ci_low"])) / 2,
        needed=replications_for(sd, wanted) if np.isfinite(wanted) and np.isfinite(sd) else None,
    )  # fmt: skip


def replications_for(sd: float, half_width: float, level: float = 0.95) -> int:
    """
    Count the pairs after which a t interval is as narrow as wanted.

    Parameters
    ----------
    sd : float
        Standard deviation of the differences.
    half_width : float
        Half-width wanted, above 0.
    level : float, default: 0.95
        Of the interval.

    Returns
    -------
    int
        The smallest n of 2 or more with t(n - 1) · sd / √n ≤ half_width, or a million.
    """
    from scipy import stats

    low, high = 2, _MOST
    while low < high:
        n = (low + high) // 2
        if stats.t.ppf(0.5 + level / 2, n - 1) * sd <= half_width * np.sqrt(n):
            high = n
        else:
            low = n + 1
    return low


def _replications(rule: int | Precision, needs: Sequence[Need]) -> int:
    """Replications the rule will come to: the first look at or after what the widest difference needs."""
    if not isinstance(rule, Precision):
        return rule
    most = max((need.needed for need in needs if need.needed is not None), default=rule.min)
    looks = range(rule.min, rule.max + rule.batch, rule.batch)
    return min(next((look for look in looks if look >= most), rule.max), rule.max)


def _stored_mb(bench: Bench, tables: Tables) -> float:
    """What one unit takes on the disk, in megabytes."""
    from pathlib import Path

    from circlesim.experiments.unit_file import write_unit

    with TemporaryDirectory() as folder:
        path: Path = Path(folder) / f"{unit_name(0, 0)}.zip"
        write_unit(path, tables, {})
        return path.stat().st_size / 1e6


def _counted(
    asked: Asked, replications: int, pilot: int, workers: int, seconds: float, megabytes: float,
    needs: tuple[Need, ...],
) -> Forecast:  # fmt: skip
    under = asked.assumptions * min(DRAW_REPLICATIONS, replications)
    units = replications + under
    # Solving the constants of a draw again simulates as many baseline days as some units do.
    solving = asked.assumptions * SOLVING_DAYS / max((asked.days + asked.warmup_days) * len(asked.scenarios), 1)
    return Forecast(
        scenarios=len(asked.scenarios), replications=replications, draws=asked.assumptions, units=units,
        pilot=pilot, workers=workers, unit_seconds=seconds, needs=needs,
        minutes=(units + solving) * seconds / workers / 60, megabytes=units * megabytes,
    )  # fmt: skip
