"""SVG: a figure as live text inside a page, readable by a screen reader and free of network references."""

from __future__ import annotations

import io
import re
import warnings
from html import escape
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.figure import Figure

_SETTINGS: dict[Any, Any] = {"svg.fonttype": "none", "svg.hashsalt": "circlesim"}
_PREAMBLE = re.compile(r"^.*?(?=<svg)", re.DOTALL)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.DOTALL)
_NAMESPACE = re.compile(r'\s+xmlns(:\w+)?="[^"]*"')
_FONT = re.compile(r"font-family:[^;\"]*;?\s*")
_LEVEL = re.compile(r'\s*transform="rotate\(-?0 [^"]*\)"')
_SIZE = re.compile(r'<svg width="([\d.]+)pt" height="([\d.]+)pt"')
_ID = re.compile(r'\s+id="([^"]+)"')


def figure_svg(figure: Figure, key: str, title: str, description: str) -> Markup:
    """
    Write a figure as inline SVG.

    Text stays text in the font of the page, so that Chinese needs no bundled font and can be searched and copied.

    Parameters
    ----------
    figure : Figure
        The drawing.
    key : str
        Id of the figure, unique in the page.
    title, description : str
        What a screen reader says.

    Returns
    -------
    Markup
        One ``svg`` element.
    """
    text = _drawn(figure)
    text = _METADATA.sub("", _PREAMBLE.sub("", text))
    text = _NAMESPACE.sub("", text).replace("xlink:href", "href")
    text = _LEVEL.sub("", _FONT.sub("", text))
    text = _own_ids(re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL), key)
    text = re.sub(r"\s*\n\s*", " ", text)
    head = f'<svg class="figure" role="img" aria-labelledby="{key}-title {key}-desc"'
    text = _SIZE.sub(lambda size: f'{head} data-width="{size[1]}"', text, count=1)
    words = f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(description)}</desc>'
    return Markup(re.sub(r"(<svg[^>]*>)", lambda start: start[1] + words, text, count=1))


def _drawn(figure: Figure) -> str:
    """Draw to text; fonts only lack glyphs for measuring, the reader's own font draws them."""
    target = io.StringIO()
    with matplotlib.rc_context(_SETTINGS), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure.savefig(target, format="svg", metadata={"Date": None}, transparent=True)
    return target.getvalue()


def _own_ids(text: str, key: str) -> str:
    """Drop ids nobody refers to and make the others unique in the page."""
    used = set(re.findall(r'(?:href="#|url\(#)([^")]+)', text))
    text = _ID.sub(lambda found: f' id="{key}-{found[1]}"' if found[1] in used else "", text)
    text = re.sub(r'href="#', f'href="#{key}-', text)
    return text.replace("url(#", f"url(#{key}-")
