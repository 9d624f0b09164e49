"""Need tables: barriers, fates, switches and hours written out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from circlesim.reporting.charts.barriers import PER
from circlesim.reporting.charts.palette import FATES
from circlesim.reporting.market_sentences import day_decimals
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.run_folder import Pair
from circlesim.reporting.sentences import percent
from circlesim.reporting.tables import Table, heads
from circlesim.reporting.vocabulary import Vocabulary


def barrier_table(
    panels: Sequence[tuple[Pair, pd.DataFrame]], caption: str, unit: str, vocabulary: Vocabulary
) -> Table:
    """
    Write out needs by barrier, before and after.

    Parameters
    ----------
    panels : sequence of (Pair, DataFrame)
        As `barriers.barrier_change` makes them.
    caption : str
        What is counted.
    unit : str
        Unit in words.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a scenario and barrier.
    """
    rows = [
        (
            pair.scenario, pair.baseline, vocabulary.barrier(row["barrier"]), number(PER * row["before"], 2),
            number(PER * row["after"], 2), number(PER * (row["after"] - row["before"]), 2, signed=True),
        )
        for pair, table in panels for row in records(table)
    ]  # fmt: skip
    head = heads(vocabulary, "scenario", "baseline", "barrier", "before", "after", "change")
    return Table(f"{caption} · {unit}", head, tuple(rows), 3)


def fates_table(fates: pd.DataFrame, vocabulary: Vocabulary) -> Table:
    """
    Write out how needs ended.

    Parameters
    ----------
    fates : DataFrame
        Columns `service`, `scenario`, and a share for each fate.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a bar of the figure.
    """
    rows = tuple(
        (str(row["service"]), str(row["scenario"]), *(percent(float(row.get(fate, 0.0)), 2) for fate in FATES))
        for row in records(fates)
    )
    head = (*heads(vocabulary, "service", "scenario"), *(vocabulary.fate(fate) for fate in FATES))
    return Table(vocabulary.words("fates"), head, rows, 2)


def switching_table(panels: Sequence[tuple[Pair, pd.DataFrame]], currency: str, vocabulary: Vocabulary) -> Table:
    """
    Write out the parts of the change in spending.

    Parameters
    ----------
    panels : sequence of (Pair, DataFrame)
        As `switching.spending_parts` makes them, per day.
    currency : str
        Unit of money.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row a scenario and part.
    """
    words = vocabulary.words
    rows = []
    for pair, parts in panels:
        decimals = day_decimals(parts["spend_change"])
        for row in records(parts):
            spend = number(row["spend_change"], decimals, signed=True)
            rows.append(
                (pair.scenario, pair.baseline, words(f"switch.{row['part']}"), number(row["needs"], 1), spend)
            )
    unit = vocabulary.quantity(currency).level_unit
    head = (
        *heads(vocabulary, "scenario", "baseline", "part", "needs_day"), words("col.money_day", currency=unit),
    )  # fmt: skip
    return Table(words("switching"), head, tuple(rows), 3)


def hours_table(hourly: pd.DataFrame, scenarios: Sequence[str], vocabulary: Vocabulary) -> Table:
    """
    Write out needs and visits by hour.

    Parameters
    ----------
    hourly : DataFrame
        Columns `scenario`, `hour`, `needs`, `visits`, per day.
    scenarios : sequence of str
        In order; the first is the baseline drawn.
    vocabulary : Vocabulary
        The language.

    Returns
    -------
    Table
        One row an hour.
    """
    words = vocabulary.words
    visits = hourly.pivot_table(index="hour", columns="scenario", values="visits", aggfunc="sum")
    needs = hourly[hourly["scenario"] == scenarios[0]].set_index("hour")["needs"].reindex(visits.index)
    columns = [needs.to_numpy(float), *(visits[name].to_numpy(float) for name in scenarios)]
    rows = tuple(
        (f"{int(hour)}:00", *(number(column[place], 1) for column in columns))
        for place, hour in enumerate(visits.index.to_numpy(int))
    )
    head = (words("col.hour"), words("col.needs"), *(words("col.visits_of", scenario=name) for name in scenarios))
    return Table(words("hours"), head, rows)
