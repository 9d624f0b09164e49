"""The run folder as a report reads it: tables by name, groups under 30 left out."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from circlesim.errors import Faults, RunError
from circlesim.measures.grouping import NEED_DIMENSIONS, SMALLEST_GROUP

TEXT_COLUMNS = frozenset({
    "scenario", "baseline", "measure", "by", "group", "unit", "service", "barrier", "from_fate", "from_format",
    "to_fate", "to_format", "facility", "name", "format", "class", "source", "quantity", "item", "kind",
    "evidence_grade", "grade", "bin", "built_to", "within", "says", "says_zh", "higher", "lower", "verdict",
    "effect", "over", "finding", "standing", "beside", "uncosted", "standard", "status", "level", "result",
    "reason", "word", "figure", "open_on", "policy", "gate", "alias",
})  # fmt: skip

NEEDED = ("manifest.json", "comparison.csv")


@dataclass(frozen=True)
class Pair:
    """
    A scenario and the baseline it is compared with.

    Parameters
    ----------
    scenario, baseline : str
        Names.
    """

    scenario: str
    baseline: str


def read_table(path: Path) -> pd.DataFrame:
    """
    Read one CSV of a run folder; names are never taken for missing values.

    Parameters
    ----------
    path : Path
        File; need not exist.

    Returns
    -------
    DataFrame
        Text columns as text, other columns as numbers where all filled cells are numbers; empty where there is
        no file.
    """
    if not path.exists():
        return pd.DataFrame()
    table = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for column in table.columns:
        if column not in TEXT_COLUMNS:
            table[column] = _numbers_where_possible(table[column])
    return table


def _numbers_where_possible(column: pd.Series[str]) -> pd.Series[Any]:
    numbers = pd.to_numeric(column, errors="coerce")
    return column if bool((numbers.isna() & ~column.str.lower().isin(["", "nan"])).any()) else numbers


@dataclass(frozen=True)
class RunFolder:
    """
    What one run left behind.

    Parameters
    ----------
    path : Path
        The folder.
    """

    path: Path

    def __post_init__(self) -> None:
        faults = Faults(f"no report can be written from {self.path}", RunError)
        for name in NEEDED:
            if not (self.path / name).is_file():
                faults.add(
                    "the file is missing", str(self.path / name),
                    expected="a run folder written by `circlesim run FILE --out DIR`",
                )  # fmt: skip
        faults.raise_if_any()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Contents of ``manifest.json``."""
        manifest: dict[str, Any] = json.loads((self.path / "manifest.json").read_text("utf-8"))
        return manifest

    @cached_property
    def settings(self) -> dict[str, Any]:
        """Contents of ``experiment.toml``; empty where there is none."""
        path = self.path / "experiment.toml"
        return tomllib.loads(path.read_text("utf-8")) if path.exists() else {}

    def table(self, name: str) -> pd.DataFrame:
        """
        Read a table and leave out groups that are too small to be shown.

        Parameters
        ----------
        name : str
            Path inside the folder, such as ``"unmet.csv"``.

        Returns
        -------
        DataFrame
            Empty where the run wrote no such file.
        """
        table = read_table(self.path / name)
        if {"by", "group"} <= set(table.columns) and self.small_groups:
            keys = pd.Series(list(zip(table["by"], table["group"], strict=True)), index=table.index)
            table = table[~keys.isin(self.small_groups)]
        if name == "cells.csv" and "residents" in table:
            table = table[table["residents"] >= SMALLEST_GROUP]
        return table.reset_index(drop=True)

    @cached_property
    def small_groups(self) -> set[tuple[str, str]]:
        """Groups under 30, should a file hold any: (by, group)."""
        table = read_table(self.path / "comparison.csv")
        small = table[~table["by"].isin(["", *NEED_DIMENSIONS]) & (table["n"] < SMALLEST_GROUP)]
        return set(zip(small["by"], small["group"], strict=True))

    @cached_property
    def comparison(self) -> pd.DataFrame:
        """The paired differences."""
        return self.table("comparison.csv")

    @cached_property
    def pairs(self) -> list[Pair]:
        """Scenarios with their baselines, in the order of the experiment."""
        seen = self.comparison[["scenario", "baseline"]].drop_duplicates()
        return [Pair(*names) for names in seen.itertuples(index=False, name=None)]

    @cached_property
    def scenarios(self) -> list[str]:
        """All scenarios, in the order of the experiment."""
        names: dict[str, None] = dict.fromkeys(self.manifest.get("scenarios", ()))
        for pair in self.pairs:
            names.setdefault(pair.baseline)
            names.setdefault(pair.scenario)
        return list(names)

    @property
    def draws(self) -> int:
        """Number of draws over assumptions; 0 where luck alone was varied."""
        return int(self.manifest.get("assumptions", 0))

    def __iter__(self) -> Iterator[Pair]:
        return iter(self.pairs)
