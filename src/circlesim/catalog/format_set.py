"""Formats of a world: those of the catalogue, and further ones from files of a user."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, field
from typing import Final

from circlesim.catalog.formats import FORMATS, FormatRow, format_row, outlet_facts
from circlesim.errors import ConfigError, did_you_mean

_DIGITS = 20


@dataclass(frozen=True, slots=True)
class Formats:
    """
    The formats an outlet may have; the words in which the column `Facilities.format` counts.

    Those of the catalogue come first and keep their numbers, so that a world with further formats numbers the
    others as any world does.

    Parameters
    ----------
    rows : tuple of FormatRow
        In the order of their numbers; ids differ.
    """

    rows: tuple[FormatRow, ...]
    _number: dict[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_number", {row.format: number for number, row in enumerate(self.rows)})

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[FormatRow]:
        return iter(self.rows)

    def __contains__(self, format_id: object) -> bool:
        return format_id in self._number

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids by number."""
        return tuple(self._number)

    @property
    def own(self) -> tuple[FormatRow, ...]:
        """Rows that are not those of the catalogue: further formats, and the catalogue's own said anew."""
        return tuple(row for number, row in enumerate(self.rows) if row not in CATALOGUE.rows[number : number + 1])

    @property
    def digest(self) -> str:
        """Digest of `own`, hexadecimal; empty for the formats of the catalogue."""
        text = "\x1f".join(repr(astuple(row)) for row in self.own)
        return hashlib.sha256(text.encode()).hexdigest()[:_DIGITS] if text else ""

    def number(self, format_id: str) -> int:
        """
        Find the number of a format.

        Parameters
        ----------
        format_id : str
            Id, such as ``"breakfast_shop"``.

        Returns
        -------
        int
            What stands in `Facilities.format`.

        Raises
        ------
        ConfigError
            If there is no such format.
        """
        if format_id not in self._number:
            hint = did_you_mean(format_id, self._number)
            where = "in the catalogue" if not self.own else "in this world"
            raise ConfigError(f"no format '{format_id}' {where}; {hint}".removesuffix("; "))
        return self._number[format_id]

    def numbers(self, format_ids: Iterable[str]) -> list[int]:
        """
        Find the numbers of some formats.

        Parameters
        ----------
        format_ids : iterable of str
            Ids.

        Returns
        -------
        list of int
            In the order asked for.
        """
        return [self.number(each) for each in format_ids]

    def row(self, format_id: str) -> FormatRow:
        """
        Return the row of one format.

        Parameters
        ----------
        format_id : str
            Id.

        Returns
        -------
        FormatRow
            Its names and defaults.
        """
        return self.rows[self.number(format_id)]

    def facts(self, format_id: str) -> dict[str, int | float | str]:
        """
        Return the facts an outlet of a format has when nothing else is said.

        Parameters
        ----------
        format_id : str
            Id.

        Returns
        -------
        dict of str to int, float or str
            See `catalog.formats.outlet_facts`.
        """
        return outlet_facts(self.row(format_id), self.number(format_id))

    def names(self, lang: str) -> dict[str, str]:
        """
        Name the formats in a language.

        Parameters
        ----------
        lang : {"en", "zh"}
            Language.

        Returns
        -------
        dict of str to str
            Id to name.
        """
        return {row.format: row.zh if lang == "zh" else row.en for row in self.rows}

    def with_rows(self, rows: Iterable[FormatRow]) -> Formats:
        """
        Add formats behind these; a row of a known id takes the place of that format.

        Parameters
        ----------
        rows : iterable of FormatRow
            Further formats.

        Returns
        -------
        Formats
            Every format these have keeps its number.
        """
        table = {row.format: row for row in self.rows}
        return Formats((*(table | {row.format: row for row in rows}).values(),))


CATALOGUE: Final = Formats(tuple(format_row(name) for name in FORMATS))
"""The formats that ship with the package; those of every world that is given no others."""
