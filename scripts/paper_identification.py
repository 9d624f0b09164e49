"""Identification: beside each parameter the survey moment that would fix it, and what moves where it moves."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from circlesim.catalog.parameters import ParameterRow, default_parameters
from circlesim.catalog.table import read_table
from circlesim.experiments.assumptions import LAW, TRAITS
from circlesim.measures.catalogue import DEFAULT_MEASURES
from elasticities import OUT, free_names
from paper_tables import grades, read_csv, swept
from write_reference import grid

FIXED = "fixed and swept"
"""Moment of a parameter that no survey question identifies."""

FIXED_OUTRIGHT = "fixed"
"""Moment of a parameter that has neither a question nor a range."""

_SMALLEST = 0.0005
_CERTAIN = 2.0
"""Standard errors from zero at which an elasticity is printed as a number."""


def identification_rows() -> dict[str, dict[str, str]]:
    """
    Read which moment identifies which parameter.

    Returns
    -------
    dict of str to dict of str to str
        Name to its row of ``identification.csv``.
    """
    return {row["name"]: row for row in read_table("identification.csv")}


def identification_table() -> str:
    """
    Set parameters beside the moments that identify them.

    Returns
    -------
    str
        One table for each of: the law, traits of residents, the town.
    """
    names = default_parameters().names
    law = {*LAW, *(name for name in names if name not in (*TRAITS, *_town(names)))}
    parts = []
    for title, some in (
        ("### Numbers of the law", [n for n in names if n in law]),
        ("### Traits and needs of residents", [n for n in names if n in TRAITS]),
        ("### Facts of the synthetic town and units", [n for n in names if n in _town(names)]),
    ):
        parts += [title, grid(["parameter", "grade", "range", "moment", "instrument", "note"], map(_row, some))]
    return "\n\n".join(parts)


def _town(names: tuple[str, ...]) -> set[str]:
    """Parameters that streets, homes, outlets and households are built from, before the law sets in."""
    known = identification_rows()
    return {name for name in names if known.get(name, {}).get("part") == "town"}


def _row(name: str) -> list[str]:
    rows, said = _of(name), identification_rows().get(name, {})
    words = [said.get(key, "") for key in ("moment", "instrument", "note")]
    return [f"`{name}`", grades(rows), swept(rows), *words]


def _of(name: str) -> list[ParameterRow]:
    return [row for row in default_parameters().rows if row.name == name]


def counts() -> str:
    """
    Count parameters by how they are identified.

    Returns
    -------
    str
        A sentence.
    """
    names, said = default_parameters().names, identification_rows()
    kinds = Counter(_kind(said.get(name, {}).get("moment", FIXED)) for name in names)
    return (
        f"Of {len(names)} names, {kinds['a moment']} have a moment that would identify them, "
        f"{kinds[FIXED]} are *{FIXED}*, and {kinds[FIXED_OUTRIGHT]} are fixed outright. "
        f"{len(free_names(default_parameters()))} names of people have a range and an elasticity below."
    )


def _kind(moment: str) -> str:
    return moment if moment in (FIXED, FIXED_OUTRIGHT) else "a moment"


def provenance() -> str:
    """
    Say how the elasticities were computed.

    Returns
    -------
    str
        The first line of ``elasticities.csv``.
    """
    with OUT.open(encoding="utf-8") as handle:
        return handle.readline().removeprefix("#").strip() + "."


def base_values() -> str:
    """
    List the values the elasticities refer to.

    Returns
    -------
    str
        A table: measure and its mean under the default parameters.
    """
    values = {row["measure"]: row["value"] for row in read_csv(OUT)}
    return grid(["measure", "baseline value"], [[f"`{name}`", values[name]] for name in _measures(OUT)])


def elasticity_table() -> str:
    """
    Set parameters beside the elasticities of the measures.

    Returns
    -------
    str
        One line a free parameter; a dot where it cannot be told from zero, ≈0 where it can but
        rounds to it, 0 where nothing moved at all.
    """
    rows = read_csv(OUT)
    cells = {(row["name"], row["measure"]): _figure(row) for row in rows}
    measures = _measures(OUT)
    names = free_names(default_parameters())
    lines = [[f"`{name}`", *(cells.get((name, m), "not run") for m in measures)] for name in names]
    return grid(["parameter", *(f"`{m}`" for m in measures)], lines)


def strongest(measure: str, many: int = 5) -> str:
    """
    Name the parameters to which a measure is most elastic.

    Parameters
    ----------
    measure : str
        The measure.
    many : int, default: 5
        How many.

    Returns
    -------
    str
        Names with elasticity and standard error.
    """
    rows = [row for row in read_csv(OUT) if row["measure"] == measure]
    rows = sorted(rows, key=lambda row: -abs(float(row["elasticity"])))[:many]
    return ", ".join(
        f"`{r['name']}` {float(r['elasticity']):+.2f} (±{float(r['standard_error']):.2f})" for r in rows
    )


def strongest_table() -> str:
    """
    Name the strongest parameters of every measure.

    Returns
    -------
    str
        A table.
    """
    return grid(
        ["measure", "most elastic to (elasticity ± standard error)"],
        [[f"`{m}`", strongest(m)] for m in _measures(OUT)],
    )


def _measures(path: Path) -> list[str]:
    """Measures reported where an experiment names none, as far as they have been run."""
    run = {row["measure"] for row in read_csv(path)}
    return [name for name in DEFAULT_MEASURES if name in run]


def _figure(row: dict[str, str]) -> str:
    value, error = float(row["elasticity"]), float(row["standard_error"])
    if value == 0.0 and error == 0.0:
        return "0"
    if abs(value) <= _CERTAIN * error:
        return "·"
    return f"{value:+.3f}" if abs(value) >= _SMALLEST else "≈0"
