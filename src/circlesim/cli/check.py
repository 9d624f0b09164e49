"""Verb ``check``: is this world, or this experiment, fit to be run, and is the town in balance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from circlesim.cli.alignment import print_alignment
from circlesim.cli.balance import print_balance
from circlesim.cli.claims import print_laws
from circlesim.cli.failure import FAILED
from circlesim.cli.findings import print_broken, print_findings, print_page
from circlesim.cli.screen import say, tabulate
from circlesim.cli.standard import print_world_card
from circlesim.errors import ConfigError, Fault, Faults, WorldError

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.config.experiment import ExperimentFile
    from circlesim.experiments.design import Design
    from circlesim.world.folder import FolderReport
    from circlesim.world.world import World


def check(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WORLD|FILE", help="Demo world, world folder or experiment file.", show_default=False
        ),
    ],
    residents: Annotated[
        int | None, typer.Option(min=100, help="Scale a demo world to this many.", show_default=False)
    ] = None,
    balance: Annotated[
        bool, typer.Option(help="Run a week under no policy and set it beside published figures.")
    ] = True,
    alignment: Annotated[
        bool,
        typer.Option(
            "--alignment",
            help="Of an experiment: run a replication and see that whom no policy can touch has the same ledger.",
        ),
    ] = False,
    standard: Annotated[
        str | None,
        typer.Option(
            help="Of a world: print its scorecard under this standard, a name or a path.", show_default=False
        ),
    ] = None,
    laws: Annotated[
        bool,
        typer.Option("--laws", help="Of an experiment: run it without feedback and see that its laws hold."),
    ] = False,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one setting of an experiment; may be repeated."),
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option(
            "--page",
            "--out",
            metavar="FILE.html",
            help="Of a world: write the check as a page too.",
            show_default=False,
        ),
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the findings and the page.")] = "en",
) -> None:
    """Say whether a world or an experiment can be run."""
    from circlesim.catalog.standards import standard_faults
    from circlesim.config.place import open_world, place_formats, world_faults
    from circlesim.config.reading import read_experiment
    from circlesim.config.tables import WorldTable
    from circlesim.world.demo import is_path

    if is_path(what) and not Path(what).is_dir():
        if page is not None:
            raise ConfigError("nothing is checked", [Fault(
                what="this is asked of a world", where="--page", found=what,
                expected="a demo world or a world folder; a run writes report.html",
            )])  # fmt: skip
        if standard is not None:
            raise ConfigError("nothing is checked", [Fault(
                what="this is asked of a world", where="--standard", found=what,
                expected='a world; an experiment file names its own: standard = "demo-grades"',
            )])  # fmt: skip
        asked = read_experiment(Path(what), settings or ())
        _tell_experiment(asked)
        if alignment:
            _tell_alignment(asked)
        if laws:
            _tell_laws(asked)
        return
    choice = WorldTable(name=what, residents=residents)
    faults = Faults(f"{what}: there is nothing to check", WorldError)
    faults.extend(world_faults(choice, Path()))
    for option, given in (("--alignment", alignment), ("--laws", laws), ("--set", bool(settings))):
        if given:
            faults.add("this is asked of an experiment", option, found=what, expected="an experiment file")
    if standard is not None:
        formats, _ = place_formats(choice, Path(), None)
        faults.extend(standard_faults(standard, Path(), formats))
    faults.raise_if_any()
    try:
        world = open_world(choice, Path())
    except WorldError as error:
        print_broken(what, error, page, lang)
        raise
    if standard is not None:
        print_world_card(world, standard)
        return
    _tell_world(world)
    report = _tell_assumed(what)
    found = print_findings(what, world, report, lang)
    sheet = _tell_balance(world) if balance else None
    if page is not None:
        print_page(page, world, found, lang, sheet)


def _tell_experiment(asked: ExperimentFile) -> None:
    from circlesim.experiments.design import compile_design
    from circlesim.experiments.touched import idle_policies

    table = asked.table
    design = compile_design(asked.experiment())
    say(f"{asked.path}: nothing is wrong with this experiment.")
    for planned, resolved in zip(design.experiment.scenarios, design.policies, strict=True):
        for note in idle_policies(planned, resolved, design.experiment.mechanisms):
            say(note)
    if table.question:
        say(table.question)
    say()
    rows = []
    for name, scenario in table.scenarios.items():
        policies = [each if isinstance(each, str) else next(iter(each)) for each in scenario.policies]
        base = scenario.baseline or table.baseline
        rows.append([name, "" if base in (name, None) else base, ", ".join(policies) or "none"])
    tabulate(["scenario", "compared with", "policies"], rows)
    _tell_shards(design)
    runs = f"{table.replications} replications of {table.days} days from {table.start}"
    say()
    say(f"{runs}, measured from {table.measure_from}; {table.assumptions} assumption draws")


def _tell_shards(design: Design) -> None:
    """Say which circles of a city are run apart, and which share an outlet."""
    from dataclasses import replace

    from circlesim.experiments.shards import shared_circles

    standing = replace(design.experiment.world, facilities=design.roster.facilities)
    groups = shared_circles(standing, design.walks, design.roster)
    if sum(map(len, groups)) == 1:
        return
    say()
    say(f"{sum(map(len, groups))} circles, run in {len(groups)} shards")
    for group in groups:
        if len(group) > 1:
            say(f"circles {', '.join(map(str, group))} share outlets or households and are run together")


def _tell_alignment(asked: ExperimentFile) -> None:
    from circlesim.cli.progress import progress
    from circlesim.experiments.alignment import check_alignment

    with progress() as report:
        found = check_alignment(asked.experiment(), progress=report)
    if not print_alignment(found):
        raise typer.Exit(FAILED)


def _tell_laws(asked: ExperimentFile) -> None:
    from circlesim.cli.progress import progress
    from circlesim.experiments.laws import check_laws

    with progress() as report:
        found = check_laws(asked.experiment(), progress=report)
    if not print_laws(found):
        raise typer.Exit(FAILED)


def _tell_world(world: World) -> None:
    kind = "synthetic: no real place" if world.synthetic else "observed streets and outlets"
    say(f"{world.title.get('en') or world.name} ({kind})")
    nodes, streets = len(world.streets), len(world.streets.length_m)
    people, outlets = len(world.population), len(world.facilities)
    say(f"{people:,} residents, {outlets:,} outlets, {nodes:,} nodes, {streets:,} streets; in {world.currency}")
    say()
    tabulate(["format", "outlets", "residents per outlet"], _format_rows(world), right=(1, 2))
    say()
    tabulate(["residents", "number", "share"], _resident_rows(world), right=(1, 2))
    _tell_gates(world)
    for source in world.sources:
        say(f"source: {source}")
    for licence in world.licences:
        say(f"licence: {licence}")


def _tell_gates(world: World) -> None:
    """Say whom locked gates cut off, which the tables do not show."""
    from circlesim.world.checks import behind_gates

    residents = behind_gates(world.streets, world.population.home_row)
    outlets = behind_gates(world.streets, world.facilities.node_row)
    if residents or outlets:
        say()
        say(f"{residents:,} residents and {outlets:,} outlets stand where locked gates let nobody in or out")


def _format_rows(world: World) -> Iterator[list[str]]:
    import numpy as np

    counts = np.bincount(world.facilities.format, minlength=len(world.formats))
    for position in np.argsort(-counts, kind="stable"):
        if counts[position]:
            each = len(world.population) / counts[position]
            yield [world.formats.ids[position], f"{counts[position]:,}", f"{each:,.0f}"]


def _resident_rows(world: World) -> Iterator[list[str]]:
    """Residents by group; cells of under ten are not shown where residents were observed and not drawn."""
    import numpy as np

    from circlesim.world.groups import group_labels, group_rows
    from circlesim.world.small_cells import SMALLEST_CELL, shown_counts

    for dimension in ("age60", "mobility", "schedule", "means"):
        labels = group_labels(world.population, dimension)
        counts = np.bincount(group_rows(world.population, dimension), minlength=len(labels)).tolist()
        shown = counts if world.population_seed is not None else shown_counts(counts)
        for label, count in zip(labels, shown, strict=True):
            if count is None:
                yield [f"{dimension}: {label}", "not shown", f"a cell under {SMALLEST_CELL}, or beside one"]
            else:
                share = 100 * count / max(1, len(world.population))
                yield [f"{dimension}: {label}", f"{count:,}", f"{share:.1f} %"]


def _tell_assumed(what: str) -> FolderReport | None:
    from circlesim.world.demo import DEMO_WORLDS, demo_report
    from circlesim.world.folder import open_folder

    say()
    if what in ("old_town", "city"):
        _tell_counts()
        return None
    report = demo_report(what) if what in DEMO_WORLDS else open_folder(what)
    for line in report.lines() if report else ():
        say(line)
    return report


def _tell_counts() -> None:
    from circlesim.catalog.format_counts import format_counts

    rows = [[row.format, row.basis, row.definition, row.grade, row.source] for row in format_counts()]
    tabulate(
        ["format", "count is", "definition", "grade", "source"],
        rows,
        title="How the number of outlets was set",
    )


def _tell_balance(world: World) -> pd.DataFrame:
    from circlesim.cli.progress import progress
    from circlesim.experiments.experiment import Experiment
    from circlesim.experiments.scenario import Scenario

    with progress() as report:
        asked = Experiment((Scenario("as is", world, days=DAYS),), replications=REPLICATIONS, warmup_days=DAYS)
        sheet = asked.run(progress=report).balance()
    say()
    say("A week under no policy:")
    print_balance(sheet)
    return sheet


DAYS, REPLICATIONS = 7, 2
"""Enough for means per outlet-day; the balance sheet prints no differences."""
