"""Verb ``run``: an experiment file in, a run folder, a table and a report out."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from circlesim.cli.claims import print_expectations
from circlesim.cli.effects import print_effects, print_warning
from circlesim.cli.failure import FAILED
from circlesim.cli.outlook import prepare_folder, print_forecast, print_status
from circlesim.cli.progress import progress
from circlesim.cli.screen import say
from circlesim.errors import ConfigError, Fault, Faults

if TYPE_CHECKING:
    from circlesim.config.experiment import ExperimentFile
    from circlesim.experiments.experiment import Experiment
    from circlesim.experiments.outcomes import Outcomes

Language = Literal["en", "zh"]

MARKS = ("manifest.json", "run.json")
"""Files by which a run folder is known."""


def run(
    file: Annotated[Path, typer.Argument(help="Experiment file (TOML).", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="Run folder; outputs/<experiment> where missing.", show_default=False)
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Threads; all cores where missing.", show_default=False)
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="KEY=VALUE", help="Change one setting, e.g. days=7; may be repeated."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of table and report.")] = "en",
    keep_ledger: Annotated[bool, typer.Option("--keep-ledger", help="Keep one row per need (large).")] = False,
    status: Annotated[
        bool, typer.Option("--status", help="Say how far the run has come; run and write nothing.")
    ] = False,
    forecast: Annotated[
        bool, typer.Option("--forecast", help="Say what the run will take, from a pilot; write nothing.")
    ] = False,
    pilot: Annotated[int, typer.Option(min=0, help="Replications of the pilot of --forecast.")] = 4,
    prepare: Annotated[
        bool, typer.Option("--prepare", help="Make the run folder ready for `circlesim work`; run no unit.")
    ] = False,
) -> None:
    """Run an experiment, or go on with one that was stopped."""
    from circlesim.config.reading import read_experiment

    asked = read_experiment(file, settings or ())
    folder = out or Path("outputs") / asked.name
    _only_one({"--status": status, "--forecast": forecast, "--prepare": prepare})
    if status:
        print_status(folder)
        return
    if forecast:
        print_forecast(asked, pilot, workers)
        return
    check_folder(folder)
    parts = ["circlesim", "run", str(file), "--out", str(folder), *chain("--set", settings or ())]
    if prepare:
        prepare_folder(asked, folder, workers, shlex.join(parts))
        return
    outcomes = _outcomes(asked, folder, workers, shlex.join(parts), keep_ledger=keep_ledger)
    _tell(outcomes, folder, lang)


def _only_one(asked: Mapping[str, bool]) -> None:
    """Refuse options that ask for different things."""
    named = [option for option, wanted in asked.items() if wanted]
    if len(named) > 1:
        fault = Fault(what="these ask for different things", where=" ".join(named), expected="one of them")
        raise ConfigError("nothing was run", [fault])


def chain(option: str, values: Iterable[str]) -> list[str]:
    """
    Repeat an option before each of its values.

    Parameters
    ----------
    option : str
        Such as ``--set``.
    values : iterable of str
        Its values.

    Returns
    -------
    list of str
        Arguments.
    """
    return [word for value in values for word in (option, value)]


def check_folder(folder: Path, marks: Sequence[str] = MARKS) -> None:
    """
    Refuse to write among files that no run has written.

    Parameters
    ----------
    folder : Path
        Folder asked for.
    marks : sequence of str, default: MARKS
        Files by which a folder that may be written again is known.

    Raises
    ------
    ConfigError
        If it is a file, or holds anything but a run.
    """
    faults = Faults("the folder cannot be written", ConfigError)
    found = str(folder)
    if folder.exists() and not folder.is_dir():
        faults.add("this is a file", "--out", found=found, expected="a folder, or a name that is free")
    elif folder.is_dir() and any(folder.iterdir()) and not any((folder / mark).is_file() for mark in marks):
        expected = "a free name, an empty folder, or the folder of the same run to resume"
        faults.add("the folder holds files of something else", "--out", found=found, expected=expected)
    elif folder.is_symlink() and not folder.exists():
        faults.add("this link leads nowhere", "--out", found=found, expected="a folder, or a name that is free")
    else:
        above = next(each for each in (folder, *folder.absolute().parents) if each.exists())
        if not above.is_dir():
            faults.add("there is a file where a folder is needed", "--out", found=str(above), expected="a folder")
        elif not os.access(above, os.W_OK | os.X_OK):
            faults.add(
                "this folder may not be written", "--out", found=str(above), expected="one you may write in"
            )
    faults.raise_if_any()


def _outcomes(
    asked: ExperimentFile, folder: Path, workers: int | None, command: str, *, keep_ledger: bool
) -> Outcomes:
    try:
        with progress() as report:
            report(0, 0, "building the world" + first_compile())
            experiment = asked.experiment()
            outcomes = experiment.run(
                folder, workers, keep_ledger, report, resolved=asked.toml(folder), command=command
            )
            assess(asked, experiment, outcomes, folder)
            return outcomes
    except KeyboardInterrupt:
        kept = f"; finished parts are kept in {folder}" if folder.is_dir() else ""
        say(f"stopped{kept}. The same command again goes on from there.", error=True)
        raise typer.Exit(FAILED) from None


def assess(asked: ExperimentFile, experiment: Experiment, outcomes: Outcomes, folder: Path) -> None:
    """
    Write the scorecards of a run, where its file names a standard.

    Parameters
    ----------
    asked : ExperimentFile
        For the standard.
    experiment : Experiment
        What was run.
    outcomes : Outcomes
        What it found.
    folder : Path
        Run folder; scorecards of an earlier run in it are taken away where no standard is named.
    """
    from circlesim.assessment.assess import TABLES, assess_run
    from circlesim.catalog.standards import read_standard

    for name in TABLES:
        (folder / f"{name}.csv").unlink(missing_ok=True)
    if asked.table.standard is not None:
        standard = read_standard(asked.table.standard, asked.path.parent, asked.formats)
        assess_run(outcomes, experiment, standard).write(folder)


def first_compile() -> str:
    """
    Say that the kernels are about to be compiled, where they are not in the cache.

    Returns
    -------
    str
        Words to append; empty where they have been compiled before.
    """
    from platformdirs import user_cache_path

    from circlesim.compiled import source_digest

    kernels = user_cache_path("circlesim") / f"kernels-{source_digest()}"
    warm = any(kernels.rglob("*.nbc"))
    return "" if warm else "; then the rules are compiled, once for this version on this machine"


def _tell(outcomes: Outcomes, folder: Path, lang: Language) -> None:
    from circlesim.experiments.crate import write_crate
    from circlesim.reporting.report import write_report
    from circlesim.reporting.vocabulary import Vocabulary

    vocabulary = Vocabulary.of_run(lang, outcomes.manifest)
    print_warning(outcomes.manifest, lang)
    print_effects(outcomes.compare(), vocabulary)
    if "expectations" in outcomes.tables:
        print_expectations(outcomes.tables["expectations"], vocabulary)
    for note in idle_notes(outcomes.manifest):
        say(note)
    advice = range_advice(outcomes.manifest, lang)
    if advice:
        say()
        say(advice)
    say()
    say(str(write_report(folder, lang)))
    write_crate(folder)


def idle_notes(manifest: Mapping[str, Any]) -> list[str]:
    """
    Name the policies that could not act, so that their zeros are not read as findings.

    Parameters
    ----------
    manifest : mapping
        Manifest of the run.

    Returns
    -------
    list of str
        One sentence each.
    """
    from circlesim.experiments.touched import idle_note, unseen_note

    notes = []
    for scenario, policies in manifest.get("policies", {}).items():
        for policy in policies:
            if policy.get("outlets_touched") == 0:
                notes.append(idle_note(scenario, policy["policy"]))
            elif policy.get("without_mechanism"):
                notes.append(unseen_note(scenario, policy["policy"], policy["without_mechanism"]))
    return notes


def range_advice(manifest: Mapping[str, Any], lang: Language) -> str:
    """
    Say which command gives the range over assumptions, and how long it takes.

    Parameters
    ----------
    manifest : mapping
        Manifest of the run.
    lang : {"en", "zh"}
        Language.

    Returns
    -------
    str
        A few lines; empty where the run drew assumptions itself.
    """
    from circlesim.reporting.words import Words

    forecast = manifest.get("range_over_assumptions") or {}
    if not forecast.get("command"):
        return ""
    words, minutes = Words(lang), max(1, round(float(forecast.get("minutes") or 0)))
    pace = words("sure.minute") if minutes == 1 else words("sure.minutes", minutes=minutes)
    return "\n".join([words("sure.command"), f"  {forecast['command']}", pace])
