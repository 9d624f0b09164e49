"""Verb ``show``: what can be named in an experiment file, and what a file comes down to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import date
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_origin

import typer

from circlesim.cli.screen import say, tabulate
from circlesim.cli.standard import show_standards
from circlesim.cli.trace import tell_day
from circlesim.errors import ConfigError, Fault, Faults, did_you_mean

if TYPE_CHECKING:
    from circlesim.catalog.format_set import Formats
    from circlesim.policies.policy import Policy

WRITTEN_BY_RUNS = "resolved_from"
"""Field of a policy that nobody types."""


def show(
    what: Annotated[
        str,
        typer.Argument(
            help="parameters, formats, services, measures, clauses, policies, groups, schema, "
            "standards, standard NAME, "
            "an experiment file (its settings with defaults filled in), "
            "or a run folder with --resident and --day.",
            show_default=False,
        ),
    ],
    item: Annotated[
        str | None, typer.Argument(help="Only this one, e.g. a parameter.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change one setting of the file.")
    ] = None,
    resident: Annotated[
        str | None, typer.Option(help="With a run folder: whose day to tell.", show_default=False)
    ] = None,
    day: Annotated[int | None, typer.Option(help="Which day, from 0.", show_default=False)] = None,
    scenario: Annotated[
        str | None, typer.Option(help="In which scenario; the first where missing.", show_default=False)
    ] = None,
    replication: Annotated[int, typer.Option(min=0, help="Under which luck.")] = 0,
    everything: Annotated[bool, typer.Option("--all", help="Every alternative, not the best few.")] = False,
    world: Annotated[
        str | None,
        typer.Option(help="Of formats and services: as this world has them.", show_default=False),
    ] = None,
) -> None:
    """Show what can be named in a file, its settings, or one resident's day in a run."""
    from circlesim.world.demo import is_path

    if resident is not None or day is not None:
        tell_day(Path(what), resident, day, scenario, replication, everything=everything)
        return
    if is_path(what):
        show_file(Path(what), settings or [])
        return
    known = (*OF_WORLDS, *PAGES)
    if what not in known:
        raise ConfigError(
            "nothing to show",
            [
                Fault(
                    what="no such page",
                    where="show",
                    found=f"'{what}'",
                    expected="one of " + ", ".join(known) + ", or an experiment file (a path contains / or .)",
                    hint=did_you_mean(what, known),
                )
            ],
        )
    if what in OF_WORLDS:
        OF_WORLDS[what](item, _formats_of(world))
        return
    if world is not None:
        raise ConfigError("nothing to show", [Fault(
            what="this is the same in every world", where="--world", found=what, expected=" or ".join(OF_WORLDS),
        )])  # fmt: skip
    PAGES[what](item)


def _formats_of(world: str | None) -> Formats:
    """Formats of a demo world, a world folder, or the world and the file of an experiment."""
    from circlesim.catalog.format_set import CATALOGUE
    from circlesim.config.place import place_formats, world_faults
    from circlesim.config.reading import read_experiment
    from circlesim.world.demo import is_path

    if world is None:
        return CATALOGUE
    if is_path(world) and Path(world).is_file():
        return read_experiment(Path(world)).formats
    faults = Faults("nothing to show", ConfigError)
    faults.extend(world_faults(world, Path(), "--world"))
    formats, wrong = place_formats(world, Path(), None)
    faults.extend(wrong)
    faults.raise_if_any()
    return formats


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

    table = default_parameters().rows
    rows = [
        [row.name, row.group, f"{row.value:g}", _span(row.low, row.high), row.unit, row.grade] for row in table
    ]
    kept = _keep(rows, item, "parameter")
    tabulate(["name", "group", "value", "range", "unit", "grade"], kept, right=(2,))
    if item is None:
        say("\nSources: circlesim show parameters NAME")
        return
    for source in dict.fromkeys(row.source for row in table if row.name == item):
        say(f"\nsource: {source}")


def _span(low: float, high: float) -> str:
    return f"{low:g}..{high:g}" if high > low else "fixed"


def _formats(item: str | None, formats: Formats) -> None:
    rows = [
        [row.format, row.zh, row.en, row.format_class, ", ".join(row.services), row.hours, row.grade]
        for row in formats
    ]
    tabulate(["format", "中文", "English", "class", "services", "hours", "grade"], _keep(rows, item, "format"))
    if item is not None:
        say(f"\nsource: {formats.row(item).source}")


def _services(item: str | None, formats: Formats) -> None:
    from circlesim.catalog.labels import label
    from circlesim.catalog.services import SERVICES

    offered = {service: [row.format for row in formats if service in row.services] for service in SERVICES}
    rows = []
    for name in SERVICES:
        words = (label(name, lang, kind="service") for lang in ("zh", "en"))
        rows.append([name, *words, ", ".join(offered[name])])
    tabulate(["service", "中文", "English", "offered by"], _keep(rows, item, "service"))


def _measures(item: str | None) -> None:
    from circlesim.measures.catalogue import measure_table

    table = {row["name"]: row for row in measure_table()}
    rows = [[row[key] for key in ("name", "unit", "direction", "population")] for row in table.values()]
    tabulate(["name", "unit", "direction", "population"], _keep(rows, item, "measure"))
    if item is None:
        say("\nDefinitions: circlesim show measures NAME")
        return
    for key in ("numerator", "denominator", "kind", "reference"):
        say(f"{key}: {table[item][key]}")


def _clauses(item: str | None) -> None:
    from circlesim.catalog.clauses import CLAUSES, clause

    rows = [[each.clause, each.tier, each.kind, ", ".join(each.answer), each.en] for each in CLAUSES]
    kept = _keep(rows, item, "clause")
    if item is None:
        tabulate(["clause", "tier", "kind", "answer", "measure of the plan"], kept)
        say("\nIn Chinese, with its test and what it leaves out: circlesim show clauses F16")
        return
    one = clause(item)
    for name in ("clause", "section", "zh", "en", "tier", "groups", "kind"):
        say(f"{name}: {getattr(one, name)}")
    say(f"answer: {', '.join(one.answer) or 'none'}")
    say(f"test: {one.test or 'none: nothing is modelled'}")
    if one.note:
        say(f"note: {one.note}")


def _policies(item: str | None) -> None:
    from circlesim.config.stacking import known_policies
    from circlesim.policies.policy import field_table

    rows = []
    for name, policy in known_policies().items():
        hints, _ = field_table(policy)
        defaults = {each.name: each.default for each in fields(policy)}
        for key, hint in hints.items():
            if key != WRITTEN_BY_RUNS:
                rows.append([name, policy.clause, key, kind_words(hint), _default_words(defaults[key])])
    tabulate(["policy", "clause", "key", "kind", "default"], _keep(rows, item, "policy"))
    say(
        "\nWhat each key means: circlesim show policies NAME" if item is None else _meaning(known_policies()[item])
    )


def _meaning(policy: type[Policy]) -> str:
    """What a policy does and what its keys mean, in the words of its own documentation."""
    return "\n" + cleandoc(policy.__doc__ or policy.name).replace("``", "'").replace("`", "'")


def _default_words(default: object) -> str:
    if default is MISSING:
        return "required"
    return "" if default in (None, ()) else str(default)


def kind_words(hint: Any) -> str:
    """
    Say what kind of value a field of a policy holds.

    Parameters
    ----------
    hint : type
        Declared type.

    Returns
    -------
    str
        Words a person who writes TOML knows.
    """
    words = {int: "whole number", float: "number", str: "text", bool: "true or false", date: "date"}
    if hint in words:
        return words[hint]
    inner = [each for each in get_args(hint) if each not in (type(None), Ellipsis)]
    if get_origin(hint) is tuple:
        return f"list of {kind_words(inner[0])}s"
    if get_origin(hint) is Literal:
        return " | ".join(map(str, inner))
    return " or ".join(map(kind_words, inner)) or str(hint)


def _groups(item: str | None) -> None:
    from circlesim.measures.grouping import NEED_DIMENSIONS
    from circlesim.world.groups import GROUP_LABELS

    rows = [[name, ", ".join(labels) or "(as the world has them)"] for name, labels in GROUP_LABELS.items()]
    rows += [[name, f"(of per-need measures; see: circlesim show {name}s)"] for name in NEED_DIMENSIONS]
    tabulate(["dimension", "groups"], _keep(rows, item, "dimension"))


def _schema(_: str | None) -> None:
    from circlesim.config.schema_json import experiment_schema

    say(json.dumps(experiment_schema(), indent=2, ensure_ascii=False))


OF_WORLDS: dict[str, Callable[[str | None, Formats], None]] = {"formats": _formats, "services": _services}
"""Pages a world may add to."""

PAGES: dict[str, Callable[[str | None], None]] = {
    "parameters": _parameters,
    "measures": _measures,
    "clauses": _clauses,
    "policies": _policies,
    "groups": _groups,
    "schema": _schema,
    "standards": show_standards,
    "standard": show_standards,
}
