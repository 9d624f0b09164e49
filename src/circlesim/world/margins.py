"""Margins: what a census page counts, in one order whatever the order of its rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OPEN = 999
"""Upper end of a category such as ``85+``."""

OF_PEOPLE = ("sex_age", "age", "sex", "living")
"""Margins that count residents."""
OF_HOUSEHOLDS = ("household_size", "generations", "elders", "elders60", "tenure", "lift", "car")
"""Margins that count family households."""
MARGINS = (*OF_PEOPLE, *OF_HOUSEHOLDS)
ELDER_FROM = {"elders": 65, "elders60": 60}
"""From which age a member counts, by margin of elders."""

_WORDS = {"sex": ("f", "m"), "living": ("family", "collective"), "lift": ("yes", "no"), "car": ("yes", "no")}
_FIRST = {"household_size": 1, "generations": 1, "elders": 0, "elders60": 0, "sex_age": 0, "age": 0}
"""Where categories that are numbers begin."""
_NUMBER = re.compile(r"(\d{1,3})(?:(\+)|-(\d{1,3}))?")
EXAMPLES = {
    "sex_age": "f:60-64 (f or m, first and last age), or f:85+",
    "age": "60-64 (first and last age), or 85+",
    "sex": "f or m",
    "living": "family or collective",
    "household_size": "a number of members from 1, or the last as 6+",
    "generations": "1, 2, 3, or the last as 4+",
    "elders": "a number of members aged 65 and over from 0, or the last as 3+",
    "elders60": "a number of members aged 60 and over from 0, or the last as 3+",
    "tenure": "a word such as owned or rented",
    "lift": "yes or no",
    "car": "yes or no",
}


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """
    What a category stands for.

    Parameters
    ----------
    word : str, default: ""
        Sex, or the category itself where it is no number.
    low, high : int, default: 0
        First and last number of it; `OPEN` for no last.
    """

    word: str = ""
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Margin:
    """
    One table of a census page.

    Parameters
    ----------
    name : str
        One of `MARGINS`.
    spans : tuple of Span
        Its categories, ascending.
    counts : ndarray of float64, shape (n,)
        People or households in each.
    """

    name: str
    spans: tuple[Span, ...]
    counts: NDArray[np.float64]

    @property
    def total(self) -> float:
        """People or households counted."""
        return float(self.counts.sum())

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories, as one writes them."""
        return tuple(span_text(self.name, span) for span in self.spans)


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """
    A census page.

    Parameters
    ----------
    margins : tuple of Margin
        Its tables, in the order of `MARGINS`.
    notes : tuple of str, default: ()
        What was done to the figures on the way here, to be printed with them.
    """

    margins: tuple[Margin, ...]
    notes: tuple[str, ...] = ()

    def get(self, name: str) -> Margin | None:
        """
        Look a table up.

        Parameters
        ----------
        name : str
            One of `MARGINS`.

        Returns
        -------
        Margin or None
            None where the page does not have it.
        """
        return next((margin for margin in self.margins if margin.name == name), None)

    @property
    def people(self) -> float:
        """Residents counted, in the first table of residents."""
        return next((m.total for m in self.margins if m.name in OF_PEOPLE), 0.0)

    @property
    def elder_from(self) -> int:
        """From which age a member of a household counts as an elder."""
        return next((ELDER_FROM[m.name] for m in self.margins if m.name in ELDER_FROM), ELDER_FROM["elders"])


def margins_of(rows: Sequence[tuple[str, Span, float]], notes: tuple[str, ...] = ()) -> Margins:
    """
    Put counts together into tables.

    Parameters
    ----------
    rows : sequence of (str, Span, float)
        Margin, category and count, in any order.
    notes : tuple of str, default: ()
        See `Margins`.

    Returns
    -------
    Margins
        The tables in their own order.
    """
    tables = []
    for name in MARGINS:
        own = sorted((span, count) for margin, span, count in rows if margin == name)
        if own:
            counts = np.array([count for _, count in own], dtype=np.float64)
            tables.append(Margin(name=name, spans=tuple(span for span, _ in own), counts=counts))
    return Margins(margins=tuple(tables), notes=notes)


def parse_span(margin: str, text: str) -> Span | None:
    """
    Read a category.

    Parameters
    ----------
    margin : str
        One of `MARGINS`.
    text : str
        The category as written; see `EXAMPLES`.

    Returns
    -------
    Span or None
        None where it cannot be read.
    """
    text = text.strip().lower()
    if margin == "tenure":
        return Span(word=text) if text else None
    if margin in _WORDS:
        return Span(word=text) if text in _WORDS[margin] else None
    sex, mark, numbers = text.rpartition(":")
    if (margin == "sex_age") != bool(mark) or (mark and sex not in _WORDS["sex"]):
        return None
    found = _NUMBER.fullmatch(numbers)
    if not found:
        return None
    low = int(found[1])
    high = OPEN if found[2] else int(found[3]) if found[3] else low
    return Span(word=sex, low=low, high=high) if high >= low else None


def span_text(margin: str, span: Span) -> str:
    """
    Write a category.

    Parameters
    ----------
    margin : str
        One of `MARGINS`.
    span : Span
        The category.

    Returns
    -------
    str
        What `parse_span` reads back.
    """
    if margin not in _FIRST:
        return span.word
    numbers = f"{span.low}" if span.low == span.high else f"{span.low}-{span.high}"
    numbers = f"{span.low}+" if span.high == OPEN else numbers
    return f"{span.word}:{numbers}" if span.word else numbers


def holes(margin: Margin) -> list[str]:
    """
    Say where the categories of a table overlap or leave something out.

    Parameters
    ----------
    margin : Margin
        A table.

    Returns
    -------
    list of str
        One phrase a fault, such as ``"f:10-14 follows f:0-4"``.
    """
    if margin.name in _WORDS:
        missing = [word for word in _WORDS[margin.name] if Span(word=word) not in margin.spans]
        return [f"no category {word}" for word in missing]
    if margin.name not in _FIRST:
        return []
    faults = []
    for word in _WORDS["sex"] if margin.name == "sex_age" else ("",):
        own = [span for span in margin.spans if span.word == word]
        faults += _holes(margin.name, own) if own else [f"no category of {word}"]
    return faults


def _holes(name: str, spans: Sequence[Span]) -> list[str]:
    texts = [span_text(name, span) for span in spans]
    faults = [] if spans[0].low == _FIRST[name] else [f"begins at {texts[0]}, not at {_FIRST[name]}"]
    for i in range(1, len(spans)):
        if spans[i].low != spans[i - 1].high + 1:
            faults.append(f"{texts[i]} follows {texts[i - 1]}")
    if name in ("sex_age", "age") and spans[-1].high != OPEN:
        faults.append(f"ends at {texts[-1]}, without an open end such as {spans[-1].high + 1}+")
    return faults
