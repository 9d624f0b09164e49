"""
Write `paper/elasticities.csv`: by how many per cent each measure moves where a parameter moves by one per cent.

Each free parameter is moved up and down from its default, all its groups by the same factor, and the baseline is
run again with the same luck and the same solved constants. ``--missing`` runs only the parameters without rows,
``--only NAME`` only those named; without either, all are run, in about four minutes on two cores.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import ParameterRow, Parameters, default_parameters
from circlesim.experiments.assumptions import LAW, TRAITS, world_under
from circlesim.experiments.constants import constants_for
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import Scenario
from circlesim.measures.catalogue import DEFAULT_MEASURES
from circlesim.world.synthesis import old_town
from circlesim.world.world import World

OUT = Path(__file__).parents[1] / "paper" / "elasticities.csv"
RESIDENTS, DAYS, WARMUP_DAYS, REPLICATIONS, SEED, WORKERS = 4_000, 14, 7, 8, 20230711, 2
STEP = 0.10
"""Relative step each way; less where the range of a group ends before."""

COLUMNS = ("name", "measure", "elasticity", "standard_error", "step_down", "step_up", "value")
PROVENANCE = (
    f"Baseline of old_town at {RESIDENTS:,} residents, {DAYS} days after {WARMUP_DAYS} of warm-up, "
    f"{REPLICATIONS} replications, seed {SEED}, constants held, "
    f"steps of at most {STEP:.0%} within the range of every group"
)

Values = dict[str, np.ndarray[Any, np.dtype[np.float64]]]
"""Measure to one value a replication."""


def is_free(row: ParameterRow) -> bool:
    """
    Tell whether a number has a range.

    Parameters
    ----------
    row : ParameterRow
        The number.

    Returns
    -------
    bool
        False for what is fixed.
    """
    return row.prior != "fixed" and row.high > row.low


def free_names(parameters: Parameters) -> list[str]:
    """
    List the parameters of people that have a range.

    Parameters
    ----------
    parameters : Parameters
        The table.

    Returns
    -------
    list of str
        Names the law or the traits of residents read; those that only build the town are left out.
    """
    of_people = {*LAW, *TRAITS}
    return list(dict.fromkeys(row.name for row in parameters.rows if is_free(row) and row.name in of_people))


def steps(parameters: Parameters, name: str) -> tuple[float, float]:
    """
    Find the widest common steps down and up.

    Parameters
    ----------
    parameters : Parameters
        The table.
    name : str
        A free parameter.

    Returns
    -------
    tuple of float
        Relative steps, at most `STEP`, that keep every group within its range.
    """
    down, up = STEP, STEP
    for row in parameters.rows:
        if row.name == name and is_free(row) and row.value:
            to_low, to_high = (row.low - row.value) / row.value, (row.high - row.value) / row.value
            down, up = min(down, -min(to_low, to_high)), min(up, max(to_low, to_high))
    return down, up


def moved(parameters: Parameters, name: str, factor: float) -> Parameters:
    """
    Multiply the free numbers of one name.

    Parameters
    ----------
    parameters : Parameters
        The table.
    name : str
        The parameter.
    factor : float
        Common factor.

    Returns
    -------
    changed : Parameters
        Fixed groups keep their value.
    """
    changes = {
        f"{row.name}[{row.group}]" if row.group else row.name: row.value * factor
        for row in parameters.rows
        if row.name == name and is_free(row)
    }
    return parameters.with_values(changes)


def measured(world: World, parameters: Parameters, constants: Constants) -> Values:
    """
    Run the baseline.

    Parameters
    ----------
    world : World
        Under these parameters.
    parameters : Parameters
        Numbers of the law.
    constants : Constants
        Held.

    Returns
    -------
    dict of str to ndarray
        Measure to one value a replication.
    """
    asked = Experiment(
        (Scenario("as is", world, days=DAYS),), replications=REPLICATIONS, seed=SEED, warmup_days=WARMUP_DAYS,
        parameters=parameters, constants=constants, measures=DEFAULT_MEASURES, workers=WORKERS,
    )  # fmt: skip
    table = asked.run().frame()
    table = table[table["by"].fillna("") == ""].sort_values("replication")
    return {name: table.loc[table["measure"] == name, "value"].to_numpy(np.float64) for name in DEFAULT_MEASURES}


def elasticities(names: Iterable[str]) -> Iterator[list[object]]:
    """
    Compute the elasticity of every measure to some parameters.

    Parameters
    ----------
    names : iterable of str
        Free parameters.

    Yields
    ------
    list
        One row of `COLUMNS` a parameter and measure.
    """
    parameters = default_parameters()
    town = old_town(RESIDENTS)
    constants = constants_for(town, parameters)
    base = measured(town, parameters, constants)
    for name in names:
        down, up = steps(parameters, name)
        low, high = (
            measured(world_under(town, parameters, table), table, constants)
            for table in (moved(parameters, name, 1.0 - down), moved(parameters, name, 1.0 + up))
        )
        print(name, flush=True)
        for measure, values in base.items():
            each = (high[measure] - low[measure]) / (values.mean() * (up + down))
            error = each.std(ddof=1) / np.sqrt(len(each))
            yield [name, measure, f"{each.mean():.5f}", f"{error:.5f}", f"{down:.4f}", f"{up:.4f}",
                   f"{values.mean():.6g}"]  # fmt: skip


def read_rows(path: Path) -> list[dict[str, str]]:
    """
    Read what has been computed before.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of dict of str to str
        None where there is no file.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(line for line in handle if not line.startswith("#")))


def write_rows(path: Path, rows: Sequence[dict[str, str]]) -> None:
    """
    Write all rows with what they were computed from.

    Parameters
    ----------
    path : Path
        The file.
    rows : sequence of dict of str to str
        By column.
    """
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        handle.write(f"# {PROVENANCE}\n")
        writer = csv.DictWriter(handle, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main() -> int:
    """Compute and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missing", action="store_true", help="only parameters without rows")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="only this one; may be repeated"
    )
    asked = parser.parse_args()
    free = free_names(default_parameters())
    kept = [row for row in read_rows(OUT) if row["name"] in free] if asked.missing or asked.only else []
    known = {row["name"] for row in kept}
    wanted = [name for name in free if name in asked.only or (asked.missing and name not in known)]
    wanted = wanted if asked.missing or asked.only else free
    made = [dict(zip(COLUMNS, map(str, row), strict=True)) for row in elasticities(wanted)]
    rows = [row for row in kept if row["name"] not in wanted] + made
    write_rows(OUT, sorted(rows, key=lambda row: free.index(row["name"])))
    return 0


if __name__ == "__main__":
    sys.exit(main())
