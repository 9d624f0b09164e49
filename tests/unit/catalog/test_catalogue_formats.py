import numpy as np
import pytest

from circlesim.catalog.format_counts import (
    ALWAYS_PRESENT,
    format_count_table,
    format_counts,
    largest_remainder,
    outlet_counts,
)
from circlesim.catalog.formats import FORMAT_INDEX, FORMATS, PAYMENT_MODES, facility_defaults, format_row
from circlesim.catalog.services import SERVICES
from circlesim.errors import ConfigError
from circlesim.world.facilities import PaymentMode
from circlesim.world.hours import format_hours, parse_hours


def test_the_catalogue_holds_the_formats_of_the_plans_glossary():
    for name in ("convenience_store", "breakfast_shop", "community_canteen", "elder_care_station",
                 "instant_retail_hub", "library", "gym", "repair_workshop", "wet_market", "car_wash"):  # fmt: skip
        assert FORMATS[FORMAT_INDEX[name]] == name
    assert len(FORMATS) == len(set(FORMATS)) == 52


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_named_sourced_and_whole(name):
    row = format_row(name)
    assert row.zh
    assert row.en
    assert row.source
    assert row.grade in "ABCD"
    assert row.format_class in ("basic", "quality")
    assert row.band_min in (10, 15)
    assert row.servers >= 1
    assert row.service_min > 0
    assert 0 <= row.quality <= 1
    assert row.variety >= 1
    assert row.price_level > 0
    assert row.payment_mode in PAYMENT_MODES
    assert row.walk_in or row.delivery
    assert set(row.services) <= set(SERVICES)
    assert not row.delivery or (row.delivery_radius_m > 0 and row.delivery_min > 0)


@pytest.mark.parametrize("name", FORMATS)
def test_hours_of_every_format_survive_being_read_and_written(name):
    hours = parse_hours(str(facility_defaults(name)["hours"]))
    assert (hours >= 0).any()
    assert np.array_equal(parse_hours(format_hours(hours)), hours)


def test_names_of_payment_modes_stand_in_the_order_of_the_world():
    assert tuple(mode.name.lower() for mode in PaymentMode) == PAYMENT_MODES


def test_delivery_only_stores_take_orders_online_and_let_nobody_in():
    for name in ("front_warehouse", "instant_retail_hub"):
        row = format_row(name)
        assert row.payment_mode == "online_only"
        assert not row.walk_in


def test_a_convenience_store_carries_the_services_the_plan_names():
    assert set(format_row("convenience_store").services) >= {"breakfast", "parcel", "bill_payment", "print"}


def test_free_venues_have_no_till_to_refuse_cash_at():
    assert not format_row("library").takes_money
    assert format_row("breakfast_shop").takes_money


def test_a_misspelt_format_is_met_with_a_suggestion():
    with pytest.raises(ConfigError, match="did you mean 'breakfast_shop'"):
        format_row("brekfast_shop")


def test_every_service_can_be_had_from_some_format_of_a_circle():
    offered = {service for line in format_counts() for service in format_row(line.format).services}
    assert offered == set(SERVICES)


def test_the_split_of_other_outlets_sums_to_what_was_published():
    lines = [line for line in format_counts() if "other" in line.definition]
    assert sum(line.per_circle_27 for line in lines) == pytest.approx(18.0)


def test_a_circle_has_240_outlets_of_which_39_sell_breakfast_only():
    counts = outlet_counts(20_700, 240)
    assert sum(counts.values()) == 240
    assert counts["breakfast_shop"] == 39
    assert counts["convenience_store"] == 23
    assert counts["community_canteen"] == 1
    assert counts["elder_care_station"] + counts["elder_day_care"] == 5


@pytest.mark.parametrize("residents", [300, 1_000, 3_000, 20_700, 70_000, 200_000])
def test_a_town_of_any_size_has_breakfast_groceries_and_a_store(residents):
    total = round(residents * 240 / 20_700)
    counts = outlet_counts(residents, total)
    assert all(counts.get(name, 0) >= 1 for name in ALWAYS_PRESENT)
    assert sum(counts.values()) == max(total, len(ALWAYS_PRESENT))
    assert min(counts.values()) >= 1


def test_the_stated_table_tells_definition_source_and_grade_of_every_count():
    table = format_count_table()
    assert sum(int(line["outlets"]) for line in table) == 240
    assert all(line["definition"] and line["source"] and line["grade"] in "ABCD" for line in table)


def test_sharing_out_by_largest_remainder_loses_nothing():
    assert largest_remainder(np.array([1.0, 1.0, 1.0]), 100).tolist() == [34, 33, 33]
    assert largest_remainder(np.array([0.2, 0.0, 0.8]), 7).tolist() == [1, 0, 6]
