"""Costs of formats: what an outlet takes to set up and to keep, from what the catalogue knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.format_counts import outlet_counts
from circlesim.catalog.formats import format_row
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.table import read_table

GRADE = "D"
"""Of every cost by format: one mean spread by floor area, and rents, staff and wages that are assumptions."""


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


@cache
def format_cost(format_id: str) -> FormatCost:
    """
    Estimate the cost of one outlet.

    Parameters
    ----------
    format_id : str
        Format id.

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
    of the outlets of a circle (`outlet_counts`), so that those of a whole circle cost the published mean. The
    month is ``(rent + staff * wage) * (1 + other costs)``, as where operators are simulated.
    """
    row, numbers = format_row(format_id), default_parameters()
    mean = mean_cost()
    wages = row.staff * numbers.number("wage_yuan_month")
    month = (row.rent_yuan_month + wages) * (1.0 + numbers.number("other_cost_share"))
    capital = float(mean["value"]) * row.area_m2 / mean_area_m2()
    source = (
        f"{mean['source']}; by floor area (assumption). Month: rent, staff and area of the catalogue ({row.grade})"
    )
    return FormatCost(
        format=format_id, capital_yuan=round(capital, -2), fixed_yuan_per_month=round(month, -1),
        sells=row.takes_money, source=source, grade=GRADE,
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
