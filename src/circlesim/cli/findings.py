"""Findings: what a check of a world found, on the screen and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from circlesim.cli.screen import say

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.building.remark import Inspection
    from circlesim.errors import WorldError
    from circlesim.world.folder import FolderReport
    from circlesim.world.world import World


def print_findings(what: str, world: World, report: FolderReport | None, lang: str = "en") -> Inspection:
    """
    Look a world over and print what was found, with the lines that mend it.

    Parameters
    ----------
    what : str
        Demo name or path.
    world : World
        The world.
    report : FolderReport or None
        How its folder was read; None for a demo world that is generated.
    lang : {"en", "zh"}, default: "en"
        Language.

    Returns
    -------
    Inspection
        What was found.
    """
    from circlesim.building.inspection import inspect_world
    from circlesim.world.demo import demo_folder, is_path

    folder = None if report is None else Path(what) if is_path(what) else demo_folder(what)
    found = inspect_world(world, report, folder)
    _print(found, lang)
    return found


def _print(found: Inspection, lang: str, *, error: bool = False) -> None:
    from circlesim.reporting.vocabulary import Vocabulary
    from circlesim.reporting.world_words import example_words, remark_sentence

    vocabulary = Vocabulary.of(lang)
    words = vocabulary.words
    for kind in ("broken", "assumed", "there"):
        remarks = [each for each in found.of(kind) if each.key != "filled"]  # those stand above, column by column
        notes = [each for each in found.notes if each.kind == kind]
        if not remarks and not notes:
            continue
        say(error=error)
        say(words(f"world.{kind}.title"), error=error)
        for each in remarks:
            say(f"- {remark_sentence(each, vocabulary)}", error=error)
            if each.examples:
                say(f"  {example_words(each, vocabulary)}", error=error)
            if each.fix and kind == "broken":
                say(f"  {words('world.fix.terminal')}", error=error)
                for line in each.fix.splitlines():
                    say(f"    {line}", error=error)
        for note in notes:
            count = f" ({note.count:,})" if note.count else ""
            say(f"- {note.what}{count}", error=error)


def print_page(page: Path, world: World, found: Inspection, lang: str, sheet: pd.DataFrame | None) -> None:
    """
    Write the page of a check and say where it is.

    Parameters
    ----------
    page : Path
        The file.
    world : World
        The world.
    found : Inspection
        What was found.
    lang : {"en", "zh"}
        Language.
    sheet : DataFrame or None
        The balance sheet.
    """
    from circlesim.reporting.world_page import write_world_page

    say()
    say(str(write_world_page(page, world, found, lang, sheet)))


def print_broken(what: str, error: WorldError, page: Path | None, lang: str) -> None:
    """
    Say what can be mended in a folder that does not open; its faults are printed by whoever catches the error.

    Parameters
    ----------
    what : str
        The folder.
    error : WorldError
        Its faults.
    page : Path or None
        Page to be written.
    lang : {"en", "zh"}
        Language.
    """
    from circlesim.building.broken import inspect_broken

    folder = Path(what)
    if not folder.is_dir():
        return
    remains = inspect_broken(folder)
    _print(remains.inspection, lang, error=True)
    if page is not None:
        from circlesim.reporting.world_page import write_faults_page

        say(error=True)
        say(str(write_faults_page(page, folder.name, error.faults, remains, lang)), error=True)
    if remains.inspection.remarks:
        say(error=True)
