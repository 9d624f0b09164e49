"""Quantities: how levels, changes and ranges are written, by their unit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum

from circlesim.reporting.words import Words

MINUS = "\N{MINUS SIGN}"


class UnitKind(Enum):
    """Kinds of units: factor to the printed number, decimals of a level, decimals of a change."""

    SHARE = (100.0, 1, 1)
    POINTS = (1.0, 1, 1)
    MINUTES = (1.0, 1, 2)
    COUNT = (1.0, 0, 1)
    UNIT_INDEX = (1.0, 3, 4)
    MONEY = (1.0, 2, 2)

    @property
    def factor(self) -> float:
        """What a value is multiplied by before it is printed."""
        return self.value[0]

    @property
    def level_decimals(self) -> int:
        """Decimals of a level."""
        return self.value[1]

    @property
    def change_decimals(self) -> int:
        """Decimals of a change."""
        return self.value[2]


KINDS: dict[str, UnitKind] = {
    "share": UnitKind.SHARE,
    "fraction": UnitKind.SHARE,
    "1": UnitKind.SHARE,
    "points": UnitKind.POINTS,
    "index": UnitKind.POINTS,
    "0-100": UnitKind.POINTS,
    "min": UnitKind.MINUTES,
    "minutes": UnitKind.MINUTES,
    "0-1": UnitKind.UNIT_INDEX,
    "jobs": UnitKind.COUNT,
    "outlets": UnitKind.COUNT,
    "count": UnitKind.COUNT,
    "": UnitKind.COUNT,
}


def unit_kind(unit: str) -> UnitKind:
    """
    Classify a unit; what is not known as anything else is money in a currency named by the data.

    Parameters
    ----------
    unit : str
        Unit of a measure, such as ``"share"`` or ``"yuan/resident-day"``.

    Returns
    -------
    UnitKind
        How to print it.
    """
    head = unit.replace(" per ", "/").split("/")[0].strip().lower()
    return KINDS.get(head, UnitKind.MONEY)


def number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """
    Write a number with a true minus sign and thousands marks.

    Parameters
    ----------
    value : float
        The number.
    decimals : int, default: 0
        Digits after the point.
    signed : bool, default: False
        Whether a gain is written with a plus sign; what rounds to zero has no sign.

    Returns
    -------
    str
        The number, or an en dash where there is none.
    """
    if not math.isfinite(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}"
    zero = not any(digit in "123456789" for digit in text)
    sign = "" if zero else MINUS if value < 0 else "+" if signed else ""
    return sign + text


@dataclass(frozen=True, slots=True)
class Quantity:
    """
    A way of writing numbers of one unit in one language.

    Parameters
    ----------
    unit : str
        Unit of the data.
    words : Words
        The language.
    """

    unit: str
    words: Words

    @property
    def kind(self) -> UnitKind:
        """Kind of the unit."""
        return unit_kind(self.unit)

    @property
    def level_unit(self) -> str:
        """Unit of a level, in words."""
        return "%" if self.kind is UnitKind.SHARE else self._unit_words()

    @property
    def change_unit(self) -> str:
        """Unit of a change, in words."""
        return self.words("unit.percentage_points") if self.kind is UnitKind.SHARE else self._unit_words()

    def _unit_words(self) -> str:
        parts = [part.strip() for part in self.unit.replace(" per ", "/").split("/")]
        named = [self.words(f"unit.{part}") if self.words.has(f"unit.{part}") else part for part in parts]
        return self.words("unit.per", unit=named[0], base=named[1]) if len(named) > 1 else named[0]

    def with_unit(self, text: str, unit: str) -> str:
        """
        Put a unit after a number as the language does.

        Parameters
        ----------
        text : str
            The number.
        unit : str
            The unit in words.

        Returns
        -------
        str
            Both.
        """
        if not unit or text == "–":
            return text
        gap = "" if self.words.lang == "zh" or unit == "%" else "\N{NO-BREAK SPACE}"
        return f"{text}{gap}{unit}"

    def bare_level(self, value: float) -> str:
        """
        Write a level without its unit.

        Parameters
        ----------
        value : float
            In the unit of the data.

        Returns
        -------
        str
            The number.
        """
        return number(value * self.kind.factor, self.kind.level_decimals)

    def short_level(self, value: float) -> str:
        """
        Write a level with no more than a percent sign.

        Parameters
        ----------
        value : float
            In the unit of the data.

        Returns
        -------
        str
            The number; the unit must stand nearby.
        """
        text = self.bare_level(value)
        return f"{text}%" if self.kind is UnitKind.SHARE and text != "–" else text

    def level(self, value: float) -> str:
        """
        Write a level with its unit.

        Parameters
        ----------
        value : float
            In the unit of the data.

        Returns
        -------
        str
            Number and unit.
        """
        return self.with_unit(self.bare_level(value), self.level_unit)

    def bare_change(self, value: float, *, signed: bool = True) -> str:
        """
        Write a change without its unit.

        Parameters
        ----------
        value : float
            In the unit of the data.
        signed : bool, default: True
            Whether a gain carries a plus sign.

        Returns
        -------
        str
            The number.
        """
        return number(value * self.kind.factor, self.kind.change_decimals, signed=signed)

    def change(self, value: float, *, signed: bool = True) -> str:
        """
        Write a change with its unit.

        Parameters
        ----------
        value : float
            In the unit of the data.
        signed : bool, default: True
            Whether a gain carries a plus sign.

        Returns
        -------
        str
            Number and unit.
        """
        return self.with_unit(self.bare_change(value, signed=signed), self.change_unit)

    def span(self, low: float, high: float) -> str:
        """
        Write a range of changes.

        Parameters
        ----------
        low, high : float
            Ends, in the unit of the data.

        Returns
        -------
        str
            The range with its unit, or an en dash where there is none.
        """
        return self.with_unit(self.bare_span(low, high), self.change_unit)

    def bare_span(self, low: float, high: float) -> str:
        """
        Write a range of changes without its unit.

        Parameters
        ----------
        low, high : float
            Ends, in the unit of the data.

        Returns
        -------
        str
            The range, or an en dash where there is none.
        """
        if not (math.isfinite(low) and math.isfinite(high)):
            return "–"
        return self.words("range", low=self.bare_change(low), high=self.bare_change(high))

    def rounds_to_nothing(self, value: float) -> bool:
        """
        Tell whether a change would be printed as zero.

        Parameters
        ----------
        value : float
            In the unit of the data.

        Returns
        -------
        bool
            True where all its printed digits are zero.
        """
        return not any(digit in "123456789" for digit in self.bare_change(value))
