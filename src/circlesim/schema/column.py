"""Column and Table: one declaration gives the default, the check, the reader and the reference page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["text", "id", "int", "number", "flag", "choice", "set", "hours", "date"]


class _Needed:
    """Mark of a column without a default."""

    def __repr__(self) -> str:
        return "NEEDED"


NEEDED = _Needed()
"""Default of a column that must be there and filled in every row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    One column of a table.

    Parameters
    ----------
    name : str
        Header in the file.
    kind : {"text", "id", "int", "number", "flag", "choice", "set", "hours", "date"}
        How a cell is read: ``id`` is a text that must differ in every row, ``flag`` is 1 or 0, ``choice``
        one of `choices`, ``set`` several of them joined by ``+``, ``hours`` OSM opening hours, ``date``
        YYYY-MM-DD.
    sentence : str
        What the column says.
    unit : str, default: ""
        Unit of a number.
    low, high : float, optional
        Smallest and largest number allowed, both included.
    above : float, optional
        The number must be larger than this.
    default : object, default: NEEDED
        Value of an empty cell or a missing column. ``None`` means that the reader fills it from a source,
        named in `filled_from`.
    filled_from : str, default: ""
        Where a missing value comes from.
    choices : tuple of str, default: ()
        Words allowed.
    policy_may_change : bool, default: False
        True for facts a policy may set; never for what people are or want.
    """

    name: str
    kind: Kind
    sentence: str
    unit: str = ""
    low: float | None = None
    high: float | None = None
    above: float | None = None
    default: object = NEEDED
    filled_from: str = ""
    choices: tuple[str, ...] = ()
    policy_may_change: bool = False

    @property
    def needed(self) -> bool:
        """True where a missing cell is a fault."""
        return self.default is NEEDED

    @property
    def expected(self) -> str:
        """What a cell should hold, in words."""
        words = {
            "text": "text",
            "id": "a text that stands in one row only",
            "int": "a whole number",
            "number": "a number",
            "flag": "1 or 0",
            "choice": "one of " + ", ".join(self.choices),
            "set": "words joined by + out of " + ", ".join(self.choices),
            "hours": "opening hours",
            "date": "a date as YYYY-MM-DD",
        }[self.kind]
        return words + self._range() + (f" ({self.unit})" if self.unit else "")

    def _range(self) -> str:
        if self.above is not None:
            return f" above {self.above:g}" + (f" and up to {self.high:g}" if self.high is not None else "")
        if self.low is not None and self.high is not None:
            return f" from {self.low:g} to {self.high:g}"
        if self.low is not None:
            return f" of at least {self.low:g}"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """
    One file of the world folder.

    Parameters
    ----------
    file : str
        File name.
    sentence : str
        What a row is.
    columns : tuple of Column
        Its columns, in the order written.
    """

    file: str
    sentence: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """
        Look a column up.

        Parameters
        ----------
        name : str
            Header.

        Returns
        -------
        Column
            Its declaration.
        """
        return next(column for column in self.columns if column.name == name)

    def with_choices(self, **choices: tuple[str, ...]) -> Table:
        """
        Fill in words that are data of a higher floor.

        Parameters
        ----------
        **choices : tuple of str
            Words allowed, by column.

        Returns
        -------
        Table
            The table with these choices.
        """
        columns = (replace(c, choices=choices.get(c.name, c.choices)) for c in self.columns)
        return replace(self, columns=tuple(columns))

    def with_columns(self, *columns: Column) -> Table:
        """
        Add columns at the end.

        Parameters
        ----------
        *columns : Column
            Columns whose number is data of a higher floor.

        Returns
        -------
        Table
            The longer table.
        """
        return replace(self, columns=(*self.columns, *columns))
