"""World page: a check of a world as one self-contained page, in English or Chinese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from circlesim.building.broken import Remains
from circlesim.building.note import Kind, Note
from circlesim.building.remark import Inspection
from circlesim.errors import Fault
from circlesim.reporting.html import render_world
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.reporting.world_picture import remains_picture, world_picture
from circlesim.reporting.world_tables import balance_chapters, formats_chapter, residents_chapter
from circlesim.reporting.world_words import example_words, remark_sentence
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

KINDS: tuple[Kind, ...] = ("broken", "assumed", "there")
"""Order of the page: what must be mended first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """
    One finding on the page.

    Parameters
    ----------
    sentence, examples, fix, fix_label : str
        Words, the first few it is about, the lines that mend it, and what to do with them.
    """

    sentence: str
    examples: str = ""
    fix: str = ""
    fix_label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """
    Findings of one kind.

    Parameters
    ----------
    key, title, intro : str
        Kind, heading, and what it means.
    items : tuple of Item
        The findings.
    """

    key: str
    title: str
    intro: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldPage:
    """
    A check as a page.

    Parameters
    ----------
    lang, title, kind : str
        Language tag, name of the world, and whether it is a real place.
    synthetic : bool
        Whether it is none.
    facts : tuple of str
        Counts under the title.
    verdict : str
        Whether the world can be run, in a sentence.
    alarm : bool
        Whether the verdict warns.
    parts : tuple of Part
        Findings by kind.
    picture : Markup or None
        The map.
    chapters : tuple of Chapter
        Tables.
    sources : tuple of str
        Sources and licences.
    """

    lang: str
    title: str
    kind: str
    synthetic: bool
    facts: tuple[str, ...]
    verdict: str
    alarm: bool
    parts: tuple[Part, ...]
    picture: Markup | None
    chapters: tuple[Chapter, ...]
    sources: tuple[str, ...]


def write_world_page(
    path: Path, world: World, inspection: Inspection, lang: str = "en", balance: pd.DataFrame | None = None
) -> Path:
    """
    Write the check of a world as one HTML file that opens without a network.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    world : World
        The world.
    inspection : Inspection
        What the check found.
    lang : {"en", "zh"}, default: "en"
        Language.
    balance : DataFrame, optional
        The balance sheet of a week without policies.

    Returns
    -------
    Path
        The file.
    """
    vocabulary = Vocabulary.of_world(lang, world.formats)
    words = vocabulary.words
    broken = len(inspection.of("broken"))
    page = WorldPage(
        lang=words("html_lang"), title=world.title.get(lang) or world.title.get("en") or world.name,
        kind=words("synthetic") if world.synthetic else words("real"), synthetic=world.synthetic,
        facts=(
            words("residents_outlets", residents=number(len(world.population)),
                  outlets=number(len(world.facilities))),
            words("world.nodes", nodes=number(len(world.streets)), streets=number(len(world.streets.length_m))),
        ),
        verdict=words("world.usable_but", broken=broken) if broken else words("world.usable"), alarm=bool(broken),
        parts=_parts(inspection, vocabulary), picture=world_picture(world, inspection.marks, vocabulary),
        chapters=(formats_chapter(world, vocabulary), residents_chapter(world, vocabulary),
                  *balance_chapters(balance, vocabulary)),
        sources=(*world.sources, *world.licences),
    )  # fmt: skip
    return render_world(page, lang, path)


def write_faults_page(path: Path, name: str, faults: Sequence[Fault], remains: Remains, lang: str = "en") -> Path:
    """
    Write why a world folder cannot be used, with the lines that mend it.

    Parameters
    ----------
    path : Path
        The file; it appears whole or not at all.
    name : str
        The folder.
    faults : sequence of Fault
        Every fault of every file.
    remains : Remains
        What of the folder can be read.
    lang : {"en", "zh"}, default: "en"
        Language.

    Returns
    -------
    Path
        The file.
    """
    vocabulary = Vocabulary.of(lang)
    words = vocabulary.words
    rows = tuple((each.where, each.what, each.found, each.expected, each.hint) for each in faults)
    table = Table(words("world.faults"), heads(vocabulary, "where", "what", "found", "expected", "hint"), rows, 5)
    chapter = Chapter(key="faults", title=words("world.faults"), paragraphs=(words("world.faults.intro"),),
                      tables=(table,))  # fmt: skip
    page = WorldPage(
        lang=words("html_lang"), title=name, kind="", synthetic=False, facts=(),
        verdict=words("world.unusable", faults=len(faults)), alarm=True,
        parts=_parts(remains.inspection, vocabulary), picture=remains_picture(remains, vocabulary),
        chapters=(chapter,), sources=(),
    )  # fmt: skip
    return render_world(page, lang, path)


def _parts(inspection: Inspection, vocabulary: Vocabulary) -> tuple[Part, ...]:
    words = vocabulary.words
    parts = []
    for kind in KINDS:
        items = (*_items(inspection, kind, vocabulary), *_noted(inspection.notes, kind, vocabulary))
        if items:
            parts.append(Part(key=kind, title=words(f"world.{kind}.title"), intro=words(f"world.{kind}.intro"),
                              items=items))  # fmt: skip
    return tuple(parts)


def _items(inspection: Inspection, kind: Kind, vocabulary: Vocabulary) -> Iterator[Item]:
    label = vocabulary.words("world.fix")
    for each in inspection.of(kind):
        yield Item(sentence=remark_sentence(each, vocabulary), examples=example_words(each, vocabulary),
                   fix=each.fix, fix_label=label)  # fmt: skip


def _noted(notes: Iterable[Note], kind: Kind, vocabulary: Vocabulary) -> Iterator[Item]:
    """Notes of the build, in the words of the build."""
    for note in notes:
        if note.kind == kind:
            count = f" ({number(note.count)})" if note.count else ""
            where = f"{note.where}: " if note.where else ""
            yield Item(sentence=f"{where}{note.what}{count}", examples=vocabulary.words.join(list(note.examples)),
                       fix=note.fix, fix_label=vocabulary.words("world.fix"))  # fmt: skip
