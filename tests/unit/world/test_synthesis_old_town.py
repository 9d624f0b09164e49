from dataclasses import fields

import numpy as np
import pytest

from circlesim.catalog.formats import FORMATS, format_row
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICES
from circlesim.errors import WorldError
from circlesim.world.facilities import PaymentMode
from circlesim.world.reach import components, walk_metres
from circlesim.world.synthesis import old_town


@pytest.fixture(scope="module")
def town():
    return old_town()


def columns_equal(one, two):
    return all(
        np.array_equal(getattr(one, column.name), getattr(two, column.name))
        if getattr(one, column.name).dtype.kind != "M"
        else (np.isnat(getattr(one, column.name)) == np.isnat(getattr(two, column.name))).all()
        for column in fields(one)
        if column.name != "formats"
    )


def test_the_old_town_stands_at_the_national_anchors(town):
    assert len(town.population) == 20_700
    assert len(town.facilities) == 240
    assert town.synthetic
    assert town.currency == "yuan"
    assert town.sources


def test_the_town_holds_about_20_000_people_a_square_kilometre(town):
    x, y = town.streets.x_m, town.streets.y_m
    area_km2 = (x.max() - x.min()) * (y.max() - y.min()) / 1e6
    assert len(town.population) / area_km2 == pytest.approx(20_000, rel=0.08)


@pytest.mark.parametrize("residents", [300, 1_000, 5_000, 20_700])
def test_every_home_and_outlet_can_be_walked_to(residents):
    town = old_town(residents)
    assert len(np.unique(components(town.streets))) == 1
    assert town.streets.length_m.min() > 0
    for rows in (town.population.home_row, town.facilities.node_row):
        assert rows.min() >= 0
        assert rows.max() < len(town.streets)


def test_even_an_estate_with_hardly_a_gate_is_no_island():
    parameters = default_parameters().with_values({"gate_side_share": 0.0, "lane_kept_share": 0.0})
    town = old_town(5_000, parameters=parameters)
    assert len(np.unique(components(town.streets))) == 1


def test_streets_make_people_walk_round_estates(town):
    reach = walk_metres(town.streets, np.unique(town.population.home_row)[:40], 2_000.0)
    source = np.repeat(np.unique(town.population.home_row)[:40], np.diff(reach.ptr))
    x, y = town.streets.x_m, town.streets.y_m
    straight = np.hypot(x[source] - x[reach.node], y[source] - y[reach.node])
    far = straight > 300
    assert 1.2 < (reach.metres[far] / straight[far]).mean() < 1.8


def test_every_service_has_an_outlet(town):
    offered = np.bitwise_or.reduce(town.facilities.services)
    assert offered == (1 << len(SERVICES)) - 1


def test_outlets_carry_the_ids_of_their_formats(town):
    assert len(set(town.facilities.facility)) == len(set(town.facilities.id64)) == 240
    for name, number in zip(town.facilities.facility, town.facilities.format, strict=True):
        assert str(name).rsplit("-", 1)[0] == FORMATS[number]


def test_outlets_of_one_format_are_spread_and_not_heaped(town):
    at = town.facilities.node_row[town.facilities.format == FORMATS.index("wet_market")]
    assert len(set(at)) == len(at)


def test_outlets_differ_but_stay_within_sense(town):
    outlets = town.facilities
    assert outlets.quality.std() > 0.05
    assert ((outlets.quality > 0) & (outlets.quality < 1)).all()
    assert (outlets.price_level > 0).all()
    assert (outlets.variety >= 1).all()


def test_one_outlet_in_twenty_with_a_till_refuses_cash(town):
    sells = np.array([format_row(FORMATS[number]).takes_money for number in town.facilities.format])
    staffed = np.isin(town.facilities.payment_mode, (PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_REFUSE))
    refuses = town.facilities.payment_mode == PaymentMode.STAFFED_REFUSE
    assert refuses.sum() == round(0.05 * (staffed & sells).sum())
    assert not refuses[~sells].any()


def test_the_same_seed_builds_the_same_town_twice(town):
    again = old_town()
    assert columns_equal(again.streets, town.streets)
    assert columns_equal(again.population, town.population)
    assert columns_equal(again.facilities, town.facilities)


def test_another_seed_builds_another_town_of_the_same_outlets(town):
    other = old_town(seed=1)
    assert np.array_equal(other.facilities.facility, town.facilities.facility)
    assert not np.array_equal(other.facilities.node_row, town.facilities.node_row)
    assert not np.array_equal(other.streets.x_m, town.streets.x_m)


@pytest.mark.parametrize("residents", [300, 2_000, 60_000])
def test_a_town_of_another_size_keeps_its_outlets_per_resident(residents):
    town = old_town(residents)
    assert len(town.population) == residents
    assert len(town.facilities) == max(3, round(residents * 240 / 20_700))


def test_a_hamlet_is_refused_with_the_smallest_size():
    with pytest.raises(WorldError, match="300"):
        old_town(299)
