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
        Leading columns of words; those that follow are set as numbers.
    words_after : int, default: 0
        Last columns, of words again.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words_columns: int = 1
    words_after: int = 0

    def numeric(self, column: int) -> bool:
        """
        Tell whether a column holds numbers.

        Parameters
        ----------
        column : int
            From 0.

        Returns
        -------
        bool
            False for leading and last columns of words.
        """
        return self.words_columns <= column < len(self.head) - self.words_after


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
