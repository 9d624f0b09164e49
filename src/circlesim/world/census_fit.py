"""Census fit: each margin as the census has it, as the town has it, and the difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from circlesim.schema import CENSUS
from circlesim.world.margins import OF_HOUSEHOLDS, Margin, Margins

if TYPE_CHECKING:
    import pandas as pd

    from circlesim.world.kin import Town

NEAR = 0.005
"""Share of a count by which the town may differ from the census, or one person or household."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitRow:
    """
    One count.

    Parameters
    ----------
    margin, category : str
        What is counted.
    unit : str
        ``people`` or ``households``.
    census : float
        The count of the census page.
    target : float
        The same, scaled to the residents of the town.
    got : int
        What the town has.
    """

    margin: str
    category: str
    unit: str
    census: float
    target: float
    got: int

    @property
    def difference(self) -> float:
        """What the town has more than it should."""
        return self.got - self.target


@dataclass(frozen=True, slots=True, kw_only=True)
class CensusFit:
    """
    How a town meets a census page.

    Parameters
    ----------
    rows : tuple of FitRow
        One a category.
    people : float
        Residents the census counts.
    residents : int
        Residents of the town.
    notes : tuple of str
        What was done to the figures before; see `Margins`.
    """

    rows: tuple[FitRow, ...]
    people: float
    residents: int
    notes: tuple[str, ...] = ()

    def missed(self) -> list[FitRow]:
        """
        Find the counts that the town does not meet.

        Returns
        -------
        list of FitRow
            Those off by more than `NEAR` and by more than one.
        """
        return [row for row in self.rows if abs(row.difference) > max(1.0, NEAR * row.target) + 1e-9]

    def table(self) -> pd.DataFrame:
        """
        Return the fit as a table.

        Returns
        -------
        pandas.DataFrame
            One row a category: ``margin, category, unit, census, target, got, difference``.
        """
        import pandas as pd

        names = ("margin", "category", "unit", "census", "target", "got", "difference")
        return pd.DataFrame([[getattr(row, name) for name in names] for row in self.rows], columns=list(names))

    def lines(self) -> list[str]:
        """
        Say in sentences how well the margins are met.

        Returns
        -------
        list of str
            One sentence a margin.
        """
        lines = [f"{CENSUS.file}: {note}" for note in self.notes]
        if round(self.people) != self.residents:
            lines.append(
                f"{CENSUS.file}: {self.people:,.0f} people scaled to {self.residents:,} residents, "
                f"every count times {self.residents / self.people:.4g}"
            )
        for name in dict.fromkeys(row.margin for row in self.rows):
            lines.append(self._line([row for row in self.rows if row.margin == name]))
        return lines

    def _line(self, rows: list[FitRow]) -> str:
        worst = max(rows, key=lambda row: abs(row.difference))
        total = sum(row.target for row in rows)
        categories = f"{len(rows)} categories" if len(rows) != 1 else "1 category"
        return (
            f"{CENSUS.file}: {worst.margin}: {total:,.1f} {worst.unit} in {categories}; farthest off "
            f"{worst.category}: target {worst.target:,.1f}, got {worst.got:,}, difference {worst.difference:+.1f}"
        )


def census_fit(margins: Margins, town: Town, residents: int) -> CensusFit:
    """
    Set a town beside its census page.

    Parameters
    ----------
    margins : Margins
        The page.
    town : Town
        People and households by cell.
    residents : int
        Residents of the town.

    Returns
    -------
    CensusFit
        One row a category.
    """
    scale = residents / margins.people
    rows = [row for margin in margins.margins for row in _rows(margin, _got(margin, town, residents), scale)]
    return CensusFit(rows=tuple(rows), people=margins.people, residents=residents, notes=margins.notes)


def _rows(margin: Margin, got: list[int], scale: float) -> list[FitRow]:
    unit = "households" if margin.name in OF_HOUSEHOLDS else "people"
    counts = margin.counts.tolist()
    return [
        FitRow(margin=margin.name, category=category, unit=unit, census=count, target=count * scale, got=found)
        for category, count, found in zip(margin.categories, counts, got, strict=True)
    ]


def _got(margin: Margin, town: Town, residents: int) -> list[int]:
    """Count the town by the categories of a margin."""
    if margin.name == "living":
        alone = int(town.alone.sum())
        return [alone, residents - alone]
    block = next((block for block in town.cells.blocks if block.name == margin.name), None)
    if block is None:
        return shared_out(margin, int(town.households.sum()))
    counted = np.r_[town.people, town.households, town.alone][: len(block.member)]
    return [round(n) for n in block.got(counted.astype(float)).tolist()]


def shared_out(margin: Margin, households: int) -> list[int]:
    """
    Share the households of a town out over a margin that does not depend on who lives together.

    Parameters
    ----------
    margin : Margin
        Tenure, lift or car.
    households : int
        Family households of the town.

    Returns
    -------
    list of int
        Households by category, by largest remainder.
    """
    from circlesim.catalog.format_counts import largest_remainder

    return [int(n) for n in largest_remainder(margin.counts, households)]
