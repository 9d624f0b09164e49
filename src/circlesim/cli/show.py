"""Verb ``show``: what can be named in an experiment file, and what a file comes down to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated

import typer

from circlesim.cli.screen import say, tabulate
from circlesim.errors import ConfigError, Fault, did_you_mean


def show(
    what: Annotated[
        str,
        typer.Argument(
            help="parameters, formats, services, measures, clauses, policies, groups, schema, "
            "or an experiment file (its settings with defaults filled in).",
            show_default=False,
        ),
    ],
    item: Annotated[
        str | None, typer.Argument(help="Only this one, e.g. a parameter.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one setting of the file.")
    ] = None,
) -> None:
    """Show the catalogue, the schema of an experiment file, or the settings of one."""
    from circlesim.world.demo import is_path

    if is_path(what):
        show_file(Path(what), settings or [])
        return
    if what not in PAGES:
        raise ConfigError(
            "nothing to show",
            [
                Fault(
                    what="no such page",
                    where="show",
                    found=f"'{what}'",
                    expected="one of " + ", ".join(PAGES) + ", or an experiment file (a path contains / or .)",
                    hint=did_you_mean(what, PAGES),
                )
            ],
        )
    PAGES[what](item)


def show_file(path: Path, settings: list[str]) -> None:
    """
    Print the settings of an experiment file, and where each value comes from.

    Parameters
    ----------
    path : Path
        Experiment file.
    settings : list of str
        Settings of the command line.
    """
    from circlesim.config.reading import read_experiment

    asked = read_experiment(path, settings)
    say(asked.toml(path.parent))
    for origin in dict.fromkeys(asked.origins.values()):
        keys = [key for key, value in asked.origins.items() if value == origin]
        say(f"# {origin}: " + ", ".join(keys))


def _keep(rows: list[list[str]], item: str | None, noun: str) -> list[list[str]]:
    """Rows whose first cell is the item asked for; all where none is."""
    if item is None:
        return rows
    kept = [row for row in rows if row[0] == item]
    if not kept:
        names = [row[0] for row in rows]
        raise ConfigError(
            "nothing to show",
            [Fault(what=f"no such {noun}", where="show", found=f"'{item}'", hint=did_you_mean(item, names))],
        )
    return kept


def _parameters(item: str | None) -> None:
    from circlesim.catalog.parameters import default_parameters

    rows = [
        [
            row.name,
            row.group,
            f"{row.value:g}",
            f"{row.low:g}..{row.high:g}" if row.high > row.low else "fixed",
            row.unit,
            row.grade,
            row.source,
        ]
        for row in default_parameters().rows
    ]
    headings = ["name", "group", "value", "range", "unit", "grade", "source"]
    if item is None:
        tabulate(headings[:-1], [row[:-1] for row in rows], right=(2,))
        say("\nSources: circlesim show parameters NAME")
        return
    tabulate(headings, _keep(rows, item, "parameter"), right=(2,))


def _formats(item: str | None) -> None:
    from circlesim.catalog.formats import FORMATS, format_row

    rows = [
        [row.format, row.zh, row.en, row.format_class, ", ".join(row.services), row.hours, row.grade]
        for row in map(format_row, FORMATS)
    ]
    tabulate(["format", "中文", "English", "class", "services", "hours", "grade"], _keep(rows, item, "format"))


def _services(item: str | None) -> None:
    from circlesim.catalog.formats import FORMATS, format_row
    from circlesim.catalog.labels import label
    from circlesim.catalog.services import SERVICES

    offered = {service: [name for name in FORMATS if service in format_row(name).services] for service in SERVICES}
    rows = [[name, label(name, "zh"), label(name, "en"), ", ".join(offered[name])] for name in SERVICES]
    tabulate(["service", "中文", "English", "offered by"], _keep(rows, item, "service"))


def _measures(item: str | None) -> None:
    from circlesim.measures.catalogue import measure_table

    headings = ["name", "unit", "direction", "population", "numerator", "denominator"]
    rows = [[row[key] for key in headings] for row in measure_table()]
    tabulate(headings, _keep(rows, item, "measure"))


def _clauses(item: str | None) -> None:
    from circlesim.catalog.clauses import CLAUSES

    rows = [[str(getattr(clause, each.name)) for each in fields(clause)] for clause in CLAUSES]
    tabulate([each.name for each in fields(CLAUSES[0])], _keep(rows, item, "clause"))


def _policies(item: str | None) -> None:
    from circlesim.policies import POLICIES
    from circlesim.policies.policy import field_table

    rows = []
    for name, policy in POLICIES.items():
        hints, _ = field_table(policy)
        defaults = {each.name: each.default for each in fields(policy)}
        for key, hint in hints.items():
            if key == "resolved_from":
                continue
            kind = getattr(hint, "__name__", str(hint)) if isinstance(hint, type) else str(hint)
            kind = kind.replace("datetime.", "").replace("typing.", "")
            shown = (
                "required" if defaults[key] is MISSING else "" if defaults[key] is None else repr(defaults[key])
            )
            rows.append([name, policy.clause, key, kind, shown])
    tabulate(["policy", "clause", "key", "kind", "default"], _keep(rows, item, "policy"))


def _groups(item: str | None) -> None:
    from circlesim.measures.grouping import NEED_DIMENSIONS
    from circlesim.world.groups import GROUP_LABELS

    rows = [[name, ", ".join(labels) or "(as the world has them)"] for name, labels in GROUP_LABELS.items()]
    rows += [[name, f"(of per-need measures; see: circlesim show {name}s)"] for name in NEED_DIMENSIONS]
    tabulate(["dimension", "groups"], _keep(rows, item, "dimension"))


def _schema(_: str | None) -> None:
    from circlesim.config.schema_json import experiment_schema

    say(json.dumps(experiment_schema(), indent=2, ensure_ascii=False))


PAGES: dict[str, Callable[[str | None], None]] = {
    "parameters": _parameters,
    "formats": _formats,
    "services": _services,
    "measures": _measures,
    "clauses": _clauses,
    "policies": _policies,
    "groups": _groups,
    "schema": _schema,
}
