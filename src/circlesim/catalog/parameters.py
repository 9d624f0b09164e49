"""Parameters: one number a row, each with unit, range, source and confidence grade."""

from __future__ import annotations

import csv
import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import ConfigError, Faults, did_you_mean

COLUMNS = ("name", "group", "unit", "value", "low", "high", "prior", "source", "grade")
GRADES = ("A", "B", "C", "D")
PRIORS = ("uniform", "loguniform", "fixed")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRow:
    """
    One number of the model.

    Parameters
    ----------
    name : str
        Name of the parameter.
    group : str
        Whom it holds for: ``""`` for all, else ``key=value`` pairs joined by ``;``. The key ``age`` takes an
        interval in whole years, both ends included (``age=18-34``, ``age=70+``).
    unit : str
        Unit of the value.
    value, low, high : float
        Default, and the range an assumption draw may take.
    prior : {"uniform", "loguniform", "fixed"}
        How the range is drawn; ``fixed`` rows are never drawn.
    source : str
        Where the number comes from.
    grade : {"A", "B", "C", "D"}
        Confidence: A official or peer-reviewed, B derived or secondary, C small or old, D assumption.
    """

    name: str
    group: str
    unit: str
    value: float
    low: float
    high: float
    prior: str
    source: str
    grade: str

    @property
    def key(self) -> tuple[str, frozenset[tuple[str, str]]]:
        """Name and group, whatever the order in which the group was written."""
        return self.name, frozenset(parse_group(self.group).items())

    def at(self, quantile: float) -> float:
        """
        Return the value at a quantile of the row's range.

        Parameters
        ----------
        quantile : float
            In 0..1.

        Returns
        -------
        float
            Uniform on [low, high], or log-uniform for rates and ratios.
        """
        if self.prior == "loguniform":
            return math.exp(math.log(self.low) + quantile * (math.log(self.high) - math.log(self.low)))
        return self.low + quantile * (self.high - self.low)


def parse_group(group: str) -> dict[str, str]:
    """
    Split a group such as ``"age=60+;service=meal"``.

    Parameters
    ----------
    group : str
        The text of the column.

    Returns
    -------
    dict of str to str
        Keys and values; empty for ``""``.
    """
    return dict(part.split("=", 1) for part in group.split(";") if part)


def age_interval(text: str) -> tuple[int, int]:
    """
    Read an interval of whole years.

    Parameters
    ----------
    text : str
        ``"18-34"`` or ``"70+"``.

    Returns
    -------
    tuple of int
        First and last year, both included.
    """
    if text.endswith("+"):
        return int(text[:-1]), 200
    low, _, high = text.partition("-")
    return int(low), int(high or low)


@dataclass(frozen=True)
class Parameters:
    """
    All numbers the model rests on; fitted once on the baseline and held fixed across scenarios.

    Parameters
    ----------
    rows : tuple of ParameterRow
        The table.
    """

    rows: tuple[ParameterRow, ...]
    _index: dict[tuple[str, frozenset[tuple[str, str]]], ParameterRow] = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_index", {row.key: row for row in self.rows})

    @property
    def names(self) -> tuple[str, ...]:
        """Names in the order of the table, each once."""
        return tuple(dict.fromkeys(row.name for row in self.rows))

    def number(self, name: str, **group: object) -> float:
        """
        Look one number up.

        Parameters
        ----------
        name : str
            Name of the parameter.
        **group : object
            Exact group, such as ``service="meal"``; none for a number that holds for all.

        Returns
        -------
        float
            The value.

        Raises
        ------
        ConfigError
            If there is no such row.
        """
        key = name, frozenset((k, str(v)) for k, v in group.items())
        if key in self._index:
            return self._index[key].value
        raise ConfigError(f"no parameter '{name}' for {group or 'all'}; {did_you_mean(name, self.names)}")

    def by(self, name: str, key: str, **group: object) -> dict[str, float]:
        """
        Look up the numbers of one name by one group key.

        Parameters
        ----------
        name : str
            Name of the parameter.
        key : str
            Group key to list, such as ``"service"``.
        **group : object
            The rest of the group, exact.

        Returns
        -------
        dict of str to float
            Value of the key to value of the parameter, in table order.
        """
        rest = {(k, str(v)) for k, v in group.items()}
        found = {}
        for row in self.rows:
            if row.name == name:
                pairs = parse_group(row.group)
                if key in pairs and {(k, v) for k, v in pairs.items() if k != key} == rest:
                    found[pairs[key]] = row.value
        return found

    def by_age(self, name: str, ages: NDArray[np.integer], **group: object) -> NDArray[np.float64]:
        """
        Look up one number a person, from rows that name their own age intervals.

        Parameters
        ----------
        name : str
            Name of the parameter.
        ages : ndarray of int, shape (R,)
            Years.
        **group : object
            The rest of the group, exact.

        Returns
        -------
        ndarray of float64, shape (R,)
            Value per person; 0 at ages no row covers.
        """
        values = np.zeros(len(ages))
        for interval, value in self.by(name, "age", **group).items():
            low, high = age_interval(interval)
            values[(ages >= low) & (ages <= high)] = value
        return values

    def with_values(self, changes: Mapping[str, float]) -> Parameters:
        """
        Return a copy with some values changed.

        Parameters
        ----------
        changes : mapping of str to float
            ``"b_walk"`` changes every row of that name; ``"b_walk[age=60+]"`` one row.

        Returns
        -------
        changed : Parameters
            The new table.

        Raises
        ------
        ConfigError
            Listing every unknown name or group.
        """
        faults = Faults("parameters cannot be changed", ConfigError)
        rows = list(self.rows)
        for text, value in changes.items():
            name, _, group = text.partition("[")
            wanted = frozenset(parse_group(group.rstrip("]")).items())
            hits = [i for i, row in enumerate(rows)
                    if row.name == name and (not group or row.key[1] == wanted)]  # fmt: skip
            if not hits:
                faults.add("unknown parameter", f"parameters.{text}", found=name,
                           hint=did_you_mean(name, self.names) or "see: circlesim show parameters")  # fmt: skip
            elif not math.isfinite(float(value)):
                faults.add("not a finite number", f"parameters.{text}", found=value)
            for i in hits:
                rows[i] = replace(rows[i], value=float(value))
        faults.raise_if_any()
        return Parameters(tuple(rows))

    def drawn(self, quantiles: Mapping[str, float], grades: str = "CD") -> Parameters:
        """
        Return a copy in which what is assumed of named parameters stands at a quantile of its range.

        Parameters
        ----------
        quantiles : mapping of str to float
            One quantile a name, the same for all its groups; rows with prior ``fixed`` keep their value.
        grades : str, default: "CD"
            Grades that count as assumption; rows of a better grade keep their value.

        Returns
        -------
        changed : Parameters
            The new table.
        """
        rows = tuple(
            replace(row, value=row.at(quantiles[row.name]))
            if row.name in quantiles and row.prior != "fixed" and row.grade in grades else row
            for row in self.rows
        )  # fmt: skip
        return Parameters(rows)

    def assumed(self, grades: str = "CD") -> tuple[str, ...]:
        """
        List the names an assumption draw varies.

        Parameters
        ----------
        grades : str, default: "CD"
            Grades that count as assumption.

        Returns
        -------
        tuple of str
            Names with at least one row of such a grade and a range.
        """
        hit = [row.name for row in self.rows
               if row.grade in grades and row.prior != "fixed" and row.high > row.low]  # fmt: skip
        return tuple(dict.fromkeys(hit))

    @property
    def digest(self) -> str:
        """Digest of names, groups and values; what a run and solved constants are stamped with."""
        text = "\n".join(f"{row.name}|{row.group}|{row.value!r}" for row in self.rows)
        return hashlib.sha256(text.encode()).hexdigest()[:20]


def read_parameters(path: Path) -> Parameters:
    """
    Read a parameter file.

    Parameters
    ----------
    path : Path
        CSV with the columns `COLUMNS`.

    Returns
    -------
    table : Parameters
        The table.

    Raises
    ------
    ConfigError
        Listing every faulty row.
    """
    faults = Faults(f"{path}: not a usable parameter file", ConfigError)
    rows: list[ParameterRow] = []
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(line for line in handle if not line.startswith("#"))
        if tuple(reader.fieldnames or ()) != COLUMNS:
            faults.add(
                "wrong columns", str(path), found=",".join(reader.fieldnames or ()), expected=",".join(COLUMNS)
            )
            faults.raise_if_any()
        for number, record in enumerate(reader, start=2):
            where = f"{path.name} row {number} ({record['name']})"
            try:
                row = ParameterRow(**{**record, **{c: float(record[c]) for c in ("value", "low", "high")}})  # type: ignore[arg-type]
            except (TypeError, ValueError) as error:
                faults.add("a number cannot be read", where, found=error)
                continue
            _check_row(row, where, faults)
            rows.append(row)
    for (name, group), times in Counter(row.key for row in rows).items():
        if times > 1:
            faults.add("the same name and group twice", f"{path.name} {name}[{dict(group)}]")
    faults.raise_if_any()
    return Parameters(tuple(rows))


def _check_row(row: ParameterRow, where: str, faults: Faults) -> None:
    if not row.low <= row.value <= row.high:
        faults.add("value outside its own range", where, found=row.value, expected=f"{row.low}..{row.high}")
    if row.grade not in GRADES:
        faults.add("unknown grade", where, found=row.grade, expected=", ".join(GRADES))
    if row.prior not in PRIORS:
        faults.add("unknown prior", where, found=row.prior, expected=", ".join(PRIORS))
    if row.prior == "loguniform" and row.low <= 0:
        faults.add("a log-uniform range must be above zero", where, found=row.low)
    if not row.source:
        faults.add("no source", where)


@cache
def default_parameters() -> Parameters:
    """
    Return the shipped parameters.

    Returns
    -------
    table : Parameters
        `catalog/data/parameters.csv`.
    """
    return read_parameters(Path(str(files("circlesim.catalog") / "data" / "parameters.csv")))
