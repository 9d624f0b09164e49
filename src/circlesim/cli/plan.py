"""Verb ``plan``: an experiment file and a budget in, a project list and a plan out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from circlesim.cli.failure import FAILED
from circlesim.cli.progress import progress
from circlesim.cli.run import check_folder, first_compile
from circlesim.cli.screen import say

MARKS = ("plan.toml",)
"""File by which a plan folder is known."""


def plan(
    file: Annotated[Path, typer.Argument(help="Experiment file (TOML).", show_default=False)],
    budget: Annotated[
        float,
        typer.Option("--budget", metavar="YUAN", help="What the plan may cost, in the world's currency.",
                     show_default=False),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Plan folder; outputs/<experiment>-plan where missing.", show_default=False)
    ] = None,
    months: Annotated[float, typer.Option(help="Months of running that the budget bears.")] = 12.0,
    gain: Annotated[str, typer.Option(help="Measure that projects are ranked by.")] = "satisfaction_index",
    formats: Annotated[
        list[str] | None,
        typer.Option("--format", help="Format to propose; may be repeated.", show_default=False),
    ] = None,
    nodes: Annotated[
        list[int] | None, typer.Option("--node", help="Candidate site; may be repeated.", show_default=False)
    ] = None,
    services: Annotated[int, typer.Option(help="Most lacking services that get formats proposed.")] = 6,
    sites: Annotated[int, typer.Option(help="Outlets of one format that are sited together.")] = 3,
    objective: Annotated[
        Literal["p_median", "covering", "capacitated"], typer.Option(help="What sites are chosen by.")
    ] = "p_median",
    solver: Annotated[Literal["exact", "greedy", "random"], typer.Option(help="How they are chosen.")] = "exact",
    pays: Annotated[
        Literal["public", "all"],
        typer.Option(help="Whose months the budget bears: of outlets that sell nothing, or of all."),
    ] = "public",
    split: Annotated[
        Literal["together", "equal", "population"],
        typer.Option(help="How circles share the budget: where it gains most, equally, or by residents."),
    ] = "together",
    floor: Annotated[
        float, typer.Option(metavar="YUAN", help="Set aside for each circle; with --split together.")
    ] = 0.0,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one setting, e.g. days=7; may be repeated."),
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language.")] = "en",
) -> None:  # fmt: skip
    """Find what is lacking, and what to begin with for a sum of money."""
    from circlesim.cli.plan_text import print_plan
    from circlesim.config.planned import plan_toml
    from circlesim.config.reading import read_experiment
    from circlesim.experiments.store import write_text
    from circlesim.planning.brief import Brief
    from circlesim.planning.plan import plan_for

    asked = read_experiment(file, settings or ())
    brief = Brief(budget, months=months, gain=gain, formats=formats or (), nodes=nodes or (), services=services,
                  sites=sites, objective=objective, solver=solver, pays=pays, split=split, floor_yuan=floor,
                  known=asked.formats)  # fmt: skip
    folder = out or Path("outputs") / f"{asked.name}-plan"
    check_folder(folder, MARKS)
    try:
        with progress() as report:
            report(0, 0, "building the world" + first_compile())
            planned = plan_for(asked.experiment(), brief, report)
    except KeyboardInterrupt:
        say("stopped; nothing was written.", error=True)
        raise typer.Exit(FAILED) from None
    planned.write(folder)
    write_text(folder / "plan.toml", plan_toml(asked, planned, folder))
    print_plan(planned, folder, lang)
