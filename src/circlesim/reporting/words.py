"""Words: every sentence of a report, in English and Chinese, from one table."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from circlesim.errors import ConfigError, did_you_mean

Language = Literal["en", "zh"]

LANGUAGES: tuple[Language, ...] = ("en", "zh")
"""Languages of a report."""


@cache
def words_table() -> dict[str, dict[str, str]]:
    """
    Read the table of words that ships with the package.

    Returns
    -------
    dict of str to dict of str to str
        Key, then language, then words.
    """
    text = files("circlesim.reporting").joinpath("data", "words.toml").read_text("utf-8")
    return tomllib.loads(text)


def as_language(lang: str) -> Language:
    """
    Check that a report can be written in a language.

    Parameters
    ----------
    lang : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    {"en", "zh"}
        The same.

    Raises
    ------
    ConfigError
        If the language is not one of them.
    """
    for language in LANGUAGES:
        if lang == language:
            return language
    hint = did_you_mean(lang, LANGUAGES)
    raise ConfigError(f"no report can be written in '{lang}'; expected en or zh. {hint}".strip())


@dataclass(frozen=True, slots=True)
class Words:
    """
    The words of one language.

    Parameters
    ----------
    lang : {"en", "zh"}
        The language.
    """

    lang: Language

    def __call__(self, key: str, **values: object) -> str:
        """
        Look up words and fill in their blanks.

        Parameters
        ----------
        key : str
            Key of the table.
        **values : object
            What stands in the blanks; inserted as it is, never interpreted.

        Returns
        -------
        str
            Plain text.
        """
        text = words_table()[key][self.lang]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """
        Tell whether the table has a key.

        Parameters
        ----------
        key : str
            Key of the table.

        Returns
        -------
        bool
            True where it does.
        """
        return key in words_table()

    def join(self, parts: list[str], mark: str = "list") -> str:
        """
        Join parts with the mark of the language.

        Parameters
        ----------
        parts : list of str
            Words to be joined.
        mark : {"list", "and", "clause", "sentence"}, default: "list"
            Comma, the word *and*, semicolon, or the gap between sentences.

        Returns
        -------
        str
            One text.
        """
        marks = {"list": (", ", "、"), "and": (" and ", "和"), "clause": ("; ", "；"), "sentence": (" ", "")}
        english, chinese = marks[mark]
        return (english if self.lang == "en" else chinese).join(parts)

    def quote(self, name: str) -> str:
        """
        Put a name into the quotation marks of the language.

        Parameters
        ----------
        name : str
            Name given by a user.

        Returns
        -------
        str
            The quoted name.
        """
        return f"‘{name}’" if self.lang == "en" else f"“{name}”"
