"""Verb ``report``: one self-contained page from a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from circlesim.cli.compare import check_run
from circlesim.cli.screen import say


def report(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language of the report.")] = "en",
    annual: Annotated[
        bool, typer.Option("--annual", help="Write the plan's annual return instead: annual.csv and annual.xlsx.")
    ] = False,
    scenario: Annotated[
        str | None, typer.Option(help="Scenario of the annual return; the last where missing.", show_default=False)
    ] = None,
) -> None:
    """Write the report of a run; it opens with no network."""
    from circlesim.reporting.annual import write_annual
    from circlesim.reporting.report import write_report

    check_run(folder)
    if annual:
        for path in write_annual(folder, scenario):
            say(str(path))
        return
    say(str(write_report(folder, lang=lang)))
