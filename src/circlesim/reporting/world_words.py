"""World words: the findings of a check as sentences, for the page and for the terminal."""

from __future__ import annotations

from circlesim.building.remark import Remark
from circlesim.catalog.format_counts import CIRCLE_OUTLETS, CIRCLE_RESIDENTS
from circlesim.reporting.quantities import number
from circlesim.reporting.sentences import percent
from circlesim.reporting.vocabulary import Vocabulary
from circlesim.world.supply import LEAST_CHANCE, LEAST_SHARE

SHARES = ("share", "basic")
"""Blanks that are shares; other numbers are written as they are."""


def remark_sentence(remark: Remark, vocabulary: Vocabulary) -> str:
    """
    Put a finding of a check into words.

    Parameters
    ----------
    remark : Remark
        The finding.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One or two sentences.
    """
    blanks = {"count": number(remark.count), **{name: _blank(name, each) for name, each in remark.blanks.items()}}
    if remark.key.startswith(("supply", "under_mapped")):
        blanks |= rule_words(vocabulary)
    key = f"world.{remark.key}"
    return vocabulary.words(key, **blanks)


def rule_words(vocabulary: Vocabulary) -> dict[str, str]:
    """
    Say by which rule, and from which source, a map is taken to miss outlets.

    Parameters
    ----------
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    dict of str to str
        Blanks ``rule`` and ``source``.
    """
    words = vocabulary.words
    rule = words(
        "world.rule", half=percent(LEAST_SHARE), chance=percent(LEAST_CHANCE), outlets=number(CIRCLE_OUTLETS),
        residents=number(CIRCLE_RESIDENTS),
    )  # fmt: skip
    return {"rule": rule, "source": words("world.source")}


def _blank(name: str, value: object) -> str:
    if name in SHARES and isinstance(value, float):
        return percent(value)
    if isinstance(value, int | float):
        return number(float(value), 1 if name == "km" else 0)
    return str(value)


def example_words(remark: Remark, vocabulary: Vocabulary) -> str:
    """
    List the examples of a finding; formats by their names.

    Parameters
    ----------
    remark : Remark
        The finding.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    str
        One text; empty where there are none.
    """
    named = [_named(each, vocabulary) for each in remark.examples]
    return vocabulary.words.join(named)


def _named(example: str, vocabulary: Vocabulary) -> str:
    """An example whose first word is a format says the format's name."""
    head, colon, rest = example.partition(":")
    return vocabulary.format(head) + colon + rest if vocabulary.knows_format(head) else example
