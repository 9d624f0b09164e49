"""The application: verbs and their help."""

from __future__ import annotations

from typing import Annotated

import typer

from circlesim.cli.check import check
from circlesim.cli.compare import compare
from circlesim.cli.export import export
from circlesim.cli.plan import plan
from circlesim.cli.report import report
from circlesim.cli.run import run
from circlesim.cli.screen import say
from circlesim.cli.show import show
from circlesim.cli.work import work

app = typer.Typer(
    name="circlesim",
    help="Change a neighbourhood and see, with honest uncertainty, who gains and why needs stay unmet.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


def _version(wanted: bool) -> None:
    if wanted:
        from circlesim import __version__

        say(f"circlesim {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """Take options that belong to no verb."""


for verb in (run, work, compare, report, plan, check, show, export):
    app.command()(verb)
