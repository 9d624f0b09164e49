import numpy as np
import pandas as pd
import pytest
from readings_by_hand import people, reading

from circlesim.measures.balance import COLUMNS, FATES, balance_sheet


@pytest.fixture
def sheet():
    """Two days of one breakfast shop that serves 300 of 400 needs."""
    outlet = reading(people([30], [0])).facilities
    fates = dict.fromkeys(FATES, 0.0) | {"inside": 300.0, "home": 100.0}
    services = pd.DataFrame(
        [{"service": "breakfast", "needs": 400.0, "served": 300.0, "spend_fen": 240_000.0, **fates}]
    )
    facilities = pd.DataFrame(
        [{"facility": "shop", "format": "breakfast_shop", "visits": 300.0, "revenue": 2400.0}]
    )
    walks = pd.DataFrame({"service": "breakfast", "bin": ["1-5", "6-10"], "visits": [225.0, 75.0]})
    return balance_sheet(
        services=services, facilities=facilities, walks=walks, roster=outlet, ready_min=np.array([800.0]),
        busy_min=np.array([200.0]), days=2, residents=86, currency="yuan",
    )  # fmt: skip


def figure(sheet, quantity, **where):
    rows = sheet[sheet["quantity"] == quantity]
    for column in ("service", "format", "bin"):
        rows = rows[rows[column] == where.get(column, "")]
    assert len(rows) == 1
    return rows.iloc[0]


def test_the_sheet_has_the_columns_of_the_contract(sheet):
    assert tuple(sheet.columns) == COLUMNS


@pytest.mark.parametrize(
    ("quantity", "where", "value"),
    [
        ("needs_per_day", {"service": "breakfast"}, 200.0),
        ("needs_per_resident_week", {"service": "breakfast"}, 7 * 200 / 86),
        ("home_share", {"service": "breakfast"}, 0.25),
        ("load", {"service": "breakfast"}, 0.25),
        ("visits_per_outlet_day", {"service": "breakfast"}, 150.0),
        ("turnover_per_outlet_day", {"service": "breakfast"}, 1200.0),
        ("visits_per_outlet_day", {"format": "breakfast_shop"}, 150.0),
        ("walking_time", {"service": "breakfast", "bin": "6-10"}, 0.25),
        ("walking_time", {"bin": "1-5"}, 0.75),
        ("residents_per_outlet", {}, 86.0),
        ("spend_per_resident_day", {}, 1200 / 86),
    ],
)
def test_a_figure_is_what_was_counted(sheet, quantity, where, value):
    assert figure(sheet, quantity, **where)["value"] == pytest.approx(value)


def test_a_figure_with_a_published_band_stands_beside_it(sheet):
    row = figure(sheet, "visits_per_outlet_day", format="breakfast_shop")
    assert row["low"] <= row["value"] <= row["high"]
    assert row["within"] == "yes"
    assert row["source"]
    assert row["grade"] in "ABCD"
    assert figure(sheet, "outlets")["within"] == "no"


def test_bands_in_another_currency_are_not_held_against_it():
    assert "yuan" not in _bands_of("euro")


def _bands_of(currency):
    outlet = reading(people([30], [0])).facilities
    empty = pd.DataFrame({name: [] for name in ("service", "needs", "served", "spend_fen", *FATES)})
    facilities = pd.DataFrame([{"facility": "shop", "format": "breakfast_shop", "visits": 1.0, "revenue": 2400.0}])
    walks = pd.DataFrame({"service": [], "bin": [], "visits": []})
    sheet = balance_sheet(
        services=empty, facilities=facilities, walks=walks, roster=outlet, ready_min=np.array([1.0]),
        busy_min=np.array([1.0]), days=1, residents=86, currency=currency,
    )  # fmt: skip
    return set(sheet[sheet["within"] != ""]["unit"].str.split("/").str[0])
