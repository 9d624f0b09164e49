"""Tables: the twin of every figure, written out for reading."""

from __future__ import annotations

from dataclasses import dataclass

from circlesim.reporting.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Table:
    """
    A table of text.

    Parameters
    ----------
    caption : str
        What it shows.
    head : tuple of str
        Names of the columns.
    rows : tuple of tuple of str
        Cells, written out.
    words_columns : int, default: 1
        Leading columns of words; the others are set as numbers.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words_columns: int = 1


def heads(vocabulary: Vocabulary, *keys: str) -> tuple[str, ...]:
    """
    Name the columns of a table.

    Parameters
    ----------
    vocabulary : Vocabulary
        The language.
    *keys : str
        Keys of the words table without ``col.``.

    Returns
    -------
    tuple of str
        The names.
    """
    return tuple(vocabulary.words(f"col.{key}") for key in keys)
