"""Verb ``compare``: the effects of a finished run as a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from circlesim.cli.effects import print_effects, print_warning
from circlesim.cli.judged import print_told, skew_notes, unfinished_notes
from circlesim.cli.screen import say
from circlesim.errors import ConfigError, Fault, Faults, did_you_mean

if TYPE_CHECKING:
    from circlesim.experiments.outcomes import Outcomes


def compare(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="Run folder.", show_default=False)],
    measure: Annotated[
        list[str] | None, typer.Option(help="Only this measure; may be repeated.", show_default=False)
    ] = None,
    by: Annotated[str | None, typer.Option(help="Subgroups of this dimension.", show_default=False)] = None,
    adjust: Annotated[
        Literal["max_t", "holm"], typer.Option(help="Adjustment of p-values for their number.")
    ] = "max_t",
    interval: Annotated[Literal["t", "bootstrap_t"], typer.Option(help="What intervals are made of.")] = "t",
    explain: Annotated[
        str | None, typer.Option(metavar="MEASURE", help="Say what its figures are.", show_default=False)
    ] = None,
    best: Annotated[
        str | None, typer.Option(metavar="MEASURE", help="Say which scenarios are not beaten.", show_default=False)
    ] = None,
    smallest: Annotated[
        list[str] | None,
        typer.Option(metavar="MEASURE=EFFECT", help="Say which effects are too small to matter; may be repeated."),
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option(help="Language.")] = "en",
) -> None:
    """Print the effects of a run, also by subgroup; of an unfinished one, what is there."""
    from circlesim.reporting.vocabulary import Vocabulary

    outcomes = open_run(folder, unfinished=True)
    for note in unfinished_notes(outcomes, folder):
        say(note)
    if explain is not None or best is not None or smallest:
        print_told(outcomes, explain, best, smallest or ())
        return
    table = outcomes.compare(by=by, adjust=adjust, interval=interval)
    faults = Faults(f"{folder}: this comparison was not computed", ConfigError)
    known = list(dict.fromkeys(table["measure"]))
    for name in measure or ():
        if name not in known:
            faults.add(
                "not among the measures of this run",
                "--measure",
                found=f"'{name}'",
                expected="one of " + ", ".join(known),
                hint=did_you_mean(name, known),
            )
    faults.raise_if_any()
    vocabulary = Vocabulary.of_run(lang, outcomes.manifest)
    print_warning(outcomes.manifest, lang)
    print_effects(table[table["measure"].isin(measure)] if measure else table, vocabulary)
    for note in skew_notes(outcomes, table["measure"]):
        say(note)


def open_run(folder: Path, *, unfinished: bool = False) -> Outcomes:
    """
    Read a run folder.

    Parameters
    ----------
    folder : Path
        What a run wrote.
    unfinished : bool, default: False
        Take one that is not finished too, with what is there.

    Returns
    -------
    Outcomes
        Its outcomes.

    Raises
    ------
    ConfigError
        If it is none.
    """
    if unfinished and (folder / "plan.json").is_file() and not (folder / "manifest.json").is_file():
        from circlesim.experiments.status import unfinished_outcomes

        return unfinished_outcomes(folder)
    check_run(folder)
    from circlesim.experiments.outcomes import read_outcomes

    return read_outcomes(folder)


def check_run(folder: Path) -> None:
    """
    Refuse a folder that is no run.

    Parameters
    ----------
    folder : Path
        Folder named on the command line.

    Raises
    ------
    ConfigError
        If there is no such folder, or no run in it.
    """
    if (folder / "manifest.json").is_file():
        try:
            json.loads((folder / "manifest.json").read_text("utf-8"))["baselines"]
        except (ValueError, KeyError, TypeError):
            fault = Fault(what="the file is damaged", where=str(folder / "manifest.json"),
                          hint="the same `circlesim run` command writes it again")  # fmt: skip
            raise ConfigError("no run can be read", [fault]) from None
        return
    what = (
        "there is no such folder"
        if not folder.exists()
        else "this is a file"
        if folder.is_file()
        else "the run in this folder is not finished"
        if (folder / "run.json").is_file()
        else "no run in this folder"
    )
    near = (
        did_you_mean(folder.name, sorted(each.name for each in folder.parent.iterdir()))
        if folder.parent.is_dir() and not folder.exists()
        else "the same `circlesim run` command goes on from there"
        if (folder / "run.json").is_file()
        else ""
    )
    raise ConfigError(
        "no run can be read",
        [Fault(what=what, where=str(folder), expected="a folder that `circlesim run` has written", hint=near)],
    )
