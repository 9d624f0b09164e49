"""Labels: the words for ids, in Chinese and English."""

from __future__ import annotations

from functools import cache
from typing import Final

from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.table import read_table
from circlesim.errors import ConfigError, did_you_mean

LANGUAGES: Final = ("en", "zh")
"""Languages a label can be had in."""


@cache
def _labels() -> dict[tuple[str, str], tuple[str, str]]:
    """Words by kind and id: English, Chinese."""
    table = {("format", name): (format_row(name).en, format_row(name).zh) for name in FORMATS}
    for record in read_table("labels.csv"):
        table[record["kind"], record["id"]] = record["en"], record["zh"]
    return table


@cache
def _by_id() -> dict[str, tuple[str, str]]:
    """Words by id alone; the first kind wins, formats before services."""
    words: dict[str, tuple[str, str]] = {}
    for (_, identifier), pair in _labels().items():
        words.setdefault(identifier, pair)
    return words


def kinds() -> tuple[str, ...]:
    """
    List the kinds of ids that have labels.

    Returns
    -------
    tuple of str
        Such as ``"format"`` and ``"service"``, in table order.
    """
    return tuple(dict.fromkeys(kind for kind, _ in _labels()))


def label(identifier: str, lang: str = "en", *, kind: str = "") -> str:
    """
    Name an id in a language.

    Parameters
    ----------
    identifier : str
        Id of a service, format, fate, barrier, group, measure, policy and so on; case does not matter.
    lang : {"en", "zh"}, default: "en"
        Language.
    kind : str, default: ""
        Which kind of id, where one id stands for two things (``pharmacy`` the service, ``pharmacy`` the shop).
        Without it a format comes before a service.

    Returns
    -------
    str
        The label; the id itself where the catalogue has none.

    Raises
    ------
    ConfigError
        If the language or the kind is unknown.
    """
    if lang not in LANGUAGES:
        raise ConfigError(f"no labels in '{lang}'; expected one of: {', '.join(LANGUAGES)}")
    if kind and kind not in kinds():
        raise ConfigError(f"no labels of kind '{kind}'; {did_you_mean(kind, kinds())}")
    for name in (identifier, identifier.lower()):
        pair = _labels().get((kind, name)) if kind else _by_id().get(name)
        if pair is not None:
            return pair[LANGUAGES.index(lang)]
    return identifier
