"""What existing outlets lose, new ones take, and closed ones leave behind."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from small_runs import as_is, counters, small

from circlesim.engine.operators import Month
from circlesim.experiments.displacement import COLUMNS, displacement_table
from circlesim.experiments.operators import format_rows, format_table, operator_rows


def outlets(rows):
    """Contents of a small `facilities.csv`."""
    names = ["scenario", "facility", "format", "present", "visits", "revenue"]
    return pd.DataFrame(rows, columns=names).assign(name="", utilisation=0.1, wait_min=0.0)


BY_HAND = outlets([
    ("then", "a", "gym", 1, 10.0, 100.0), ("then", "b", "gym", 1, 6.0, 60.0), ("then", "c", "cafe", 1, 4.0, 40.0),
    ("then", "e", "cafe", 0, 1.0, 5.0),
    ("now", "a", "gym", 1, 7.0, 80.0), ("now", "b", "gym", 0, 2.0, 20.0), ("now", "d", "gym", 1, 8.0, 70.0),
    ("now", "c", "cafe", 1, 4.0, 44.0), ("now", "e", "cafe", 0, 1.0, 5.0),
])  # fmt: skip


def test_outlets_that_stay_come_and_go_are_told_apart():
    table = displacement_table(BY_HAND, {"then": "then", "now": "then"})
    assert tuple(table.columns) == COLUMNS
    assert set(table["scenario"]) == {"now"}
    found = {
        (row.format, row.part): (row.outlets, row.visits_change, row.revenue_change) for row in table.itertuples()
    }
    assert found == {
        ("gym", "both"): (1, -3.0, -20.0), ("gym", "new"): (1, 8.0, 70.0), ("gym", "closed"): (1, -4.0, -40.0),
        ("cafe", "both"): (1, 0.0, 4.0), ("cafe", "closed"): (1, 0.0, 0.0),
    }  # fmt: skip


def test_a_run_without_another_scenario_displaces_nobody():
    table = displacement_table(BY_HAND, {"then": "then"})
    assert tuple(table.columns) == COLUMNS
    assert not len(table)


def test_the_parts_add_up_to_the_change_of_all_outlets():
    outcomes = small(as_is(), counters()).run()
    table, whole = outcomes.tables["displacement"], outcomes.facilities()
    sums = whole.groupby("scenario")[["visits", "revenue"]].sum()
    change = sums.loc["counters"] - sums.loc["as is"]
    for name in ("visits", "revenue"):
        assert table[f"{name}_change"].sum() == pytest.approx(change[name], abs=1e-6)
        assert table[f"{name}_before"].sum() == pytest.approx(sums.loc["as is", name], rel=1e-12)
        assert table[f"{name}_after"].sum() == pytest.approx(sums.loc["counters", name], rel=1e-12)
    new = table[table["part"] == "new"]
    assert new["format"].tolist() == ["breakfast_shop"]
    assert new["outlets"].tolist() == [2]
    assert (new["visits_before"] == 0).all()
    assert (new["visits_change"] > 0).all()


def month(number, **changes):
    """Books of three outlets, two of one format; all trade where nothing else is said."""
    no, yes, nothing = np.zeros(3, bool), np.ones(3, bool), np.zeros(3, np.int64)
    plain = Month(date(2024, number, 28), yes, nothing + 500, nothing + 100, nothing, no, no, no, nothing)
    return plain._replace(**changes)


def test_the_books_by_format_add_up_to_those_of_all_outlets():
    only = np.array([True, False, False])
    told = (
        month(1, gave_up=only, support=np.array([300, 0, 100])),
        month(2, traded=~only, vacant=only, began=only, turnover=np.array([0, 700, 800])),
    )
    formats = np.array([3, 3, 5], np.int16)
    table = format_table(format_rows("x", told, [formats] * len(told)), [f"format {i}" for i in range(9)])
    assert table["format"].tolist() == ["format 3", "format 5"] * 2
    assert table["trading"].tolist() == [2.0, 1.0, 1.0, 1.0]
    assert table["vacant"].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert table["exits"].tolist() == [1.0, 0.0, 0.0, 0.0]
    assert table["entries"].tolist() == [0.0, 0.0, 1.0, 0.0]
    assert table["support"].tolist() == [3.0, 1.0, 0.0, 0.0]
    outlets_books = operator_rows("x", told)
    assert table["turnover"].sum() == outlets_books["turnover"].sum() / 100.0 == 30.0
