"""Costs of formats: what an outlet takes to set up and to keep, from what the catalogue knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.format_counts import outlet_counts
from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.catalog.formats import FormatRow, format_row
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.table import read_table

GRADE = "D"
"""Of every cost that no row of a format states: one mean spread by floor area; rents, staff, wages assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatCost:
    """
    What one outlet of a format costs.

    Parameters
    ----------
    format : str
        Format id.
    capital_yuan : float
        To set it up.
    fixed_yuan_per_month : float
        Rent, wages and what comes with them; whoever runs it pays it, from sales where it sells.
    sells : bool
        Whether it takes money, so that an operator can be expected to bear the months.
    source : str
        Where the figures come from.
    grade : {"A", "B", "C", "D"}
        Confidence.
    """

    format: str
    capital_yuan: float
    fixed_yuan_per_month: float
    sells: bool
    source: str
    grade: str


def format_cost(format_id: str, formats: Formats = CATALOGUE) -> FormatCost:
    """
    Estimate the cost of one outlet.

    Parameters
    ----------
    format_id : str
        Format id.
    formats : Formats, default: CATALOGUE
        Those of the world.

    Returns
    -------
    FormatCost
        In yuan.

    Raises
    ------
    ConfigError
        If there is no such format.

    Notes
    -----
    Capital is the published mean investment per outlet times the floor area of the format over the mean floor area
    of the outlets of a circle (`outlet_counts`), so that those of a whole circle cost the published mean; where
    the row of a format states its capital, that stands, with the source and grade of the row. The
    month is ``(rent + staff * wage) * (1 + other costs)``, as where operators are simulated.
    """
    return _cost(formats.row(format_id))


@cache
def _cost(row: FormatRow) -> FormatCost:
    numbers, mean = default_parameters(), mean_cost()
    wages = row.staff * numbers.number("wage_yuan_month")
    month = (row.rent_yuan_month + wages) * (1.0 + numbers.number("other_cost_share"))
    if row.capital_yuan is not None:
        capital, grade = row.capital_yuan, row.grade
        source = f"{row.source}. Month: rent and staff of the same row"
    else:
        capital, grade = round(float(mean["value"]) * row.area_m2 / mean_area_m2(), -2), GRADE
        source = (
            f"{mean['source']}; by floor area (assumption). "
            f"Month: rent, staff and area of the catalogue ({row.grade})"
        )
    return FormatCost(
        format=row.format, capital_yuan=capital, fixed_yuan_per_month=round(month, -1), sells=row.takes_money,
        source=source, grade=grade,
    )  # fmt: skip


def mean_cost() -> dict[str, str]:
    """
    Return the published mean investment.

    Returns
    -------
    dict of str to str
        Its row of ``costs.csv``: value in yuan an outlet, source and grade.
    """
    (mean,) = (each for each in read_table("costs.csv") if each["item"] == "investment_per_outlet")
    return mean


@cache
def mean_area_m2() -> float:
    """
    Average the floor area of the outlets of a circle.

    Returns
    -------
    float
        Square metres, weighted by the stated number of outlets of each format.
    """
    circle = default_parameters()
    residents, outlets = (int(circle.number(f"circle_{each}")) for each in ("population", "outlets"))
    counts = outlet_counts(residents, outlets)
    return sum(n * format_row(name).area_m2 for name, n in counts.items()) / sum(counts.values())
