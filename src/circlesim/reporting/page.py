"""Page: what a report is made of, before it becomes HTML."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from circlesim.reporting.findings import Tone, Verdict
from circlesim.reporting.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """
    A figure with its twin.

    Parameters
    ----------
    key : str
        Id, unique in the page.
    title : str
        What it shows; may be empty where the chapter says so.
    svg : Markup
        The drawing.
    twin : Table
        The same as a table.
    """

    key: str
    title: str
    svg: Markup
    twin: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """
    A chapter.

    Parameters
    ----------
    key : str
        Anchor.
    title : str
        Heading.
    paragraphs : tuple of str
        What the reader should know.
    pictures : tuple of Picture
        Figures with their twins.
    tables : tuple of Table
        Tables that stand open.
    folded : tuple of Table
        Tables that open on demand.
    """

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """
    One effect on the first page.

    Parameters
    ----------
    measure : str
        Name of the measure.
    sentence : str
        What it does.
    verdict : Verdict
        For the mark beside it.
    tone : Tone
        For its colour.
    """

    measure: str
    sentence: str
    verdict: Verdict
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """
    One comparison on the first page.

    Parameters
    ----------
    title : str
        Scenario and baseline.
    effects : tuple of Effect
        On all residents.
    notes : tuple of (str, str)
        Who gains, who loses, which outlets lose, money, cost: label and sentence.
    withheld : str, default: ""
        Why no effect is named.
    """

    title: str
    effects: tuple[Effect, ...]
    notes: tuple[tuple[str, str], ...]
    withheld: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """
    A report.

    Parameters
    ----------
    lang : str
        Language tag.
    title : str
        The question.
    world : str
        Name of the world.
    banner : str
        Title of the world, printed prominently.
    synthetic : bool
        Whether the world is no real place.
    facts : tuple of str
        One line each under the title.
    cards : tuple of Card
        Comparisons in words.
    caveats : tuple of (str, str)
        Heading and text: how sure, held still, anchored, no verdict.
    command : str
        Command that computes the range over assumptions; empty where it is there.
    command_note : str
        How long that takes.
    chapters : tuple of Chapter
        The rest.
    licences : tuple of str
        Notices at the foot.
    warning : tuple of (str, str) or None
        Heading and text above the answer; None where there is nothing to warn of.
    """

    lang: str
    title: str
    world: str
    banner: str
    synthetic: bool
    facts: tuple[str, ...]
    cards: tuple[Card, ...]
    caveats: tuple[tuple[str, str], ...]
    command: str = ""
    command_note: str = ""
    chapters: tuple[Chapter, ...] = ()
    licences: tuple[str, ...] = field(default_factory=tuple)
    warning: tuple[str, str] | None = None
