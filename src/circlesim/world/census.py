"""Census: the file ``census.csv`` of a world folder, and what its tables owe each other."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from circlesim.errors import Faults
from circlesim.schema import CENSUS, Cells, Table
from circlesim.schema.check import SHOWN
from circlesim.world.census_county import margins_of_county
from circlesim.world.margins import (
    ELDER_FROM,
    EXAMPLES,
    MARGINS,
    OF_HOUSEHOLDS,
    OF_PEOPLE,
    OPEN,
    Margin,
    Margins,
    Span,
    holes,
    margins_of,
    parse_span,
)

__all__ = ["ROUNDING", "census_columns", "census_margins", "check_margins", "margins_of_county"]

ROUNDING = 0.0025
"""Share of a count that printed tables may differ by, rounded as they are; or one person or household."""


def census_columns() -> Table:
    """
    Declare ``census.csv`` with the margins that are read.

    Returns
    -------
    Table
        The schema's table with the margins as choices.
    """
    return CENSUS.with_choices(margin=MARGINS)


def census_margins(cells: Mapping[str, Cells], faults: Faults) -> Margins | None:
    """
    Put the rows of ``census.csv`` together and see that they do not contradict each other.

    Parameters
    ----------
    cells : mapping of str to Cells
        The table as read.
    faults : Faults
        Receives everything that is wrong.

    Returns
    -------
    Margins or None
        None where something is wrong.
    """
    before = len(list(faults))
    rows: list[tuple[str, Span, float]] = []
    first: dict[tuple[str, Span], int] = {}
    whole = cells["margin"].given & cells["category"].given & cells["count"].given
    for row in np.flatnonzero(whole).tolist():
        margin, text = str(cells["margin"].values[row]), str(cells["category"].values[row])
        span = parse_span(margin, text)
        where = f"{CENSUS.file} row {row + 2}, column category"
        if span is None:
            faults.add("not a category of this margin", where, found=text, expected=EXAMPLES[margin])
        elif first.setdefault((margin, span), row) != row:
            faults.add(f"the same category as in row {first[margin, span] + 2}", where, found=f"{margin} {text}")
        else:
            rows.append((margin, span, float(cells["count"].values[row])))
    margins = margins_of(rows)
    if len(list(faults)) == before and whole.all():
        check_margins(margins, faults)
    return margins if len(list(faults)) == before and whole.all() else None


def check_margins(margins: Margins, faults: Faults) -> None:
    """
    Note what the tables of a census page owe each other.

    Parameters
    ----------
    margins : Margins
        The tables.
    faults : Faults
        Receives one fault for each contradiction that can be named without solving for households.
    """
    before = len(list(faults))
    if not margins.get("sex_age") and not margins.get("age"):
        faults.add("no ages", CENSUS.file, expected="a margin sex_age, or age")
    if margins.get("elders") and margins.get("elders60"):
        faults.add("elders counted twice", CENSUS.file, found="elders and elders60", expected="one of them")
    for margin in margins.margins:
        for hole in holes(margin)[:SHOWN]:
            faults.add("categories that leave a gap or overlap", _where(margin), found=hole)
        if not margin.total > 0:
            faults.add("nobody counted", _where(margin), found="0", expected="counts above 0")
    if len(list(faults)) > before:
        return
    _check_totals(margins, OF_PEOPLE, "people", faults)
    _check_totals(margins, OF_HOUSEHOLDS, "households", faults)
    _check_rooms(margins, faults)
    _check_elders(margins, faults)


def _where(margin: Margin) -> str:
    return f"{CENSUS.file}, margin {margin.name}"


def _check_totals(margins: Margins, names: tuple[str, ...], what: str, faults: Faults) -> None:
    """Tables of one population must add up to the same number, but for rounding."""
    own = [margin for margin in margins.margins if margin.name in names]
    for margin in own[1:]:
        rounding = max(len(margin.counts) + len(own[0].counts), ROUNDING * own[0].total)
        if abs(margin.total - own[0].total) > rounding:
            faults.add(
                f"adds up to another number of {what} than {own[0].name}",
                _where(margin),
                found=f"{margin.total:,.0f}",
                expected=f"{own[0].total:,.0f}",
                hint="is a category missing, or is one of them a sample? Then multiply it up and say so",
            )


def in_families(margins: Margins) -> float:
    """
    Count the residents who live in family households.

    Parameters
    ----------
    margins : Margins
        The tables.

    Returns
    -------
    float
        All residents where the page does not tell them apart.
    """
    living = margins.get("living")
    if not living:
        return margins.people
    return float(living.counts[living.spans.index(Span(word="family"))]) * margins.people / living.total


def _check_rooms(margins: Margins, faults: Faults) -> None:
    """Households of the sizes counted must hold the people counted."""
    sizes = margins.get("household_size")
    if not sizes:
        return
    people, closed = in_families(margins), sizes.spans[-1].high != OPEN
    low = float(sum(span.low * n for span, n in zip(sizes.spans, sizes.counts, strict=True)))
    high = float(sum(min(span.high, LARGEST) * n for span, n in zip(sizes.spans, sizes.counts, strict=True)))
    rounding = max(len(sizes.counts), ROUNDING * people)
    if low - rounding <= people <= high + rounding:
        return
    faults.add(
        "households of these sizes cannot hold the people",
        _where(sizes),
        found=f"room for {low:,.0f}" + ("" if closed else " or more") + f", {people:,.0f} people",
        expected=f"from {low:,.0f} to {high:,.0f} people in households",
        hint="" if margins.get("living") else "are some in dormitories and homes? Then add the margin living",
    )


LARGEST = 16
"""Most members of a household of the open size."""


def _check_elders(margins: Margins, faults: Faults) -> None:
    """No more elders may live in households than there are people of that age."""
    elders = margins.get("elders") or margins.get("elders60")
    if not elders:
        return
    at_home = float(sum(span.low * n for span, n in zip(elders.spans, elders.counts, strict=True)))
    ages = margins.get("sex_age") or margins.get("age")
    assert ages is not None  # checked before
    first = ELDER_FROM[elders.name]
    people = float(sum(n for span, n in zip(ages.spans, ages.counts, strict=True) if span.high >= first))
    if at_home > people + max(len(elders.counts), ROUNDING * people):
        faults.add(
            f"more elders in households than people aged {first} and over",
            _where(elders),
            found=f"{at_home:,.0f} or more",
            expected=f"at most {people:,.0f}, as margin {ages.name} counts",
        )
