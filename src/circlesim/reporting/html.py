"""HTML: a page rendered through the templates of the package; every name a user chose is escaped."""

from __future__ import annotations

import os
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from circlesim.reporting.page import Page
from circlesim.reporting.vocabulary import Vocabulary

if TYPE_CHECKING:
    from circlesim.reporting.world_page import WorldPage

_LINK = re.compile(r"https?://[^\s<>\"')，。；、）]+[^\s<>\"').,;，。；、）]")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("circlesim.reporting"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["linked"] = linked
    return environment


def linked(text: str) -> Markup:
    """
    Make addresses in a text into links; nothing is fetched unless the reader follows one.

    Parameters
    ----------
    text : str
        Plain text.

    Returns
    -------
    Markup
        Escaped text with links.
    """
    parts, last = [], 0
    for found in _LINK.finditer(text):
        parts += [escape(text[last : found.start()]), Markup('<a href="{0}">{0}</a>').format(found[0])]
        last = found.end()
    return Markup("").join([*parts, escape(text[last:])])


def render(page: Page, lang: str) -> str:
    """
    Render a page.

    Parameters
    ----------
    page : Page
        What it says.
    lang : {"en", "zh"}
        Language of the fixed words.

    Returns
    -------
    str
        A whole HTML document without references to other files.
    """
    return _environment().get_template("report.html").render(page=page, words=Vocabulary.of(lang).words)


def render_world(page: WorldPage, lang: str, path: Path) -> Path:
    """
    Render the check of a world and write it.

    Parameters
    ----------
    page : WorldPage
        What it says.
    lang : {"en", "zh"}
        Language of the fixed words.
    path : Path
        The file; it appears whole or not at all.

    Returns
    -------
    Path
        The file.
    """
    text = _environment().get_template("world.html").render(page=page, words=Vocabulary.of(lang).words)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    draft.write_text(text, "utf-8")
    draft.replace(path)
    return path
