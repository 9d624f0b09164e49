"""A world folder reads, writes and reads again to the same world."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from circlesim.catalog.formats import facility_defaults
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import default_parameters
from circlesim.draws import hash_id
from circlesim.errors import WorldError
from circlesim.world.demo import demo_world
from circlesim.world.facilities import COLUMNS, PaymentMode
from circlesim.world.facility_table import changeable_fields
from circlesim.world.folder import open_folder, read_world, write_world
from circlesim.world.hours import parse_hours
from circlesim.world.population import Means
from circlesim.world.resident_table import resident_columns
from circlesim.world.world import World


def assert_same_world(one: World, other: World) -> None:
    assert one.formats == other.formats
    for name in ("streets", "population", "facilities"):
        for column in (each for each in fields(getattr(one, name)) if each.name != "formats"):
            a, b = (getattr(getattr(world, name), column.name) for world in (one, other))
            assert a.dtype == b.dtype or a.dtype.kind == "U", (name, column.name)
            np.testing.assert_array_equal(a, b, err_msg=f"{name}.{column.name}")
    for name in ("name", "crs", "currency", "synthetic", "title", "sources", "licences"):
        assert getattr(one, name) == getattr(other, name)


def test_a_folder_reads_as_it_was_written_by_hand(good_folder: Path) -> None:
    world = read_world(good_folder)
    assert world.title["zh"] == "街角"
    assert len(world.streets) == 7
    assert world.facilities.name.tolist() == ["Corner shop", "食堂", "Hub"]
    assert world.facilities.id64[0] == hash_id("shop")
    assert (world.facilities.hours[0] == parse_hours("24/7")).all()
    assert world.streets.node[world.facilities.node_row].tolist() == [2, 3, 5]
    assert world.population.budget_fen.tolist() == [56050, 21000, 2000]
    assert world.population.means_owned.tolist() == [Means.CASH | Means.MOBILE, Means.CASH | Means.CARD, 0]
    assert len(set(world.population.household.tolist())) == 3
    assert world.population_seed is None  # observed people are never drawn again


def test_what_the_file_leaves_open_is_answered_by_the_format(good_folder: Path) -> None:
    facilities = read_world(good_folder).facilities
    default = facility_defaults("instant_retail_hub")
    assert facilities.price_level[2] == default["price_level"]
    assert (facilities.hours[2] == parse_hours(str(default["hours"]))).all()
    assert facilities.payment_mode.tolist() == [
        PaymentMode.STAFFED_ACCEPT,
        facility_defaults("community_canteen")["payment_mode"],
        PaymentMode.ONLINE_ONLY,
    ]
    assert facilities.services[0] == facility_defaults("convenience_store")["services"]
    assert facilities.delivery_fee_fen[2] == default["delivery_fee_fen"]


def test_need_rates_the_file_leaves_open_are_those_of_the_catalogue_at_that_age(good_folder: Path) -> None:
    population = read_world(good_folder).population
    for kind, (service, ordinal) in enumerate(KINDS):
        rate = default_parameters().by_age("need_rate", population.age, service=service, ordinal=ordinal)
        np.testing.assert_allclose(population.need_rate[:, kind], rate, rtol=1e-6)


def test_the_report_counts_every_default_taken(good_folder: Path) -> None:
    report = open_folder(good_folder)
    filled = report.filled["facilities.csv"]
    assert filled["hours"] == 1
    assert filled["price_level"] == 1
    assert filled["payment_mode"] == 1
    assert filled["servers"] == 3
    assert "name" not in filled
    text = "\n".join(report.lines())
    assert (
        "facilities.csv: hours, price_level, payment_mode taken from the catalogue row of its format in 1 of 3"
        in text
    )
    assert "residents.csv: need_breakfast_0, need_groceries_0" in text


def test_amounts_of_a_format_are_turned_into_the_worlds_currency(good_folder: Path) -> None:
    toml = good_folder / "world.toml"
    toml.write_text('currency = "euro"\n' + toml.read_text())
    rate = default_parameters().number("money_per_yuan", currency="euro")
    fee = facility_defaults("instant_retail_hub")["delivery_fee_fen"]
    assert read_world(good_folder).facilities.delivery_fee_fen[2] == round(float(fee) * rate)


def test_a_world_written_and_read_again_is_the_same_world(good_folder: Path, tmp_path: Path) -> None:
    world = read_world(good_folder)
    odd = replace(
        world,
        population=replace(world.population, speed_m_per_min=np.array([80.1, 1 / 3, 55.5])),
        facilities=replace(
            world.facilities,
            opened=np.array(["2024-03-04", "NaT", "NaT"], dtype="datetime64[D]"),
            name=np.array(['a "quoted", name', "", "new\nline"]),
        ),
        title={"en": 'say "yes"\\', "zh": "街角"},
    )
    write_world(odd, tmp_path / "out")
    again = read_world(tmp_path / "out")
    assert_same_world(odd, again)
    assert not open_folder(tmp_path / "out").filled


def test_writing_replaces_a_world_folder_and_nothing_else(good_folder: Path, tmp_path: Path) -> None:
    world = read_world(good_folder)
    write_world(replace(world, name="renamed"), good_folder)
    assert read_world(good_folder).name == "renamed"
    other = tmp_path / "papers"
    other.mkdir()
    (other / "thesis.txt").write_text("years of work")
    with pytest.raises(WorldError, match="no world folder"):
        write_world(world, other)
    assert (other / "thesis.txt").read_text() == "years of work"


def test_a_write_that_fails_leaves_the_old_folder_whole(
    good_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = read_world(good_folder)

    def full_disk(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("circlesim.world.folder.write_residents", full_disk)
    with pytest.raises(OSError, match="no space"):
        write_world(replace(world, name="half"), good_folder)
    assert read_world(good_folder).name == "corner"
    assert [path.name for path in good_folder.parent.iterdir()] == ["corner"]


def test_an_outlet_given_by_degrees_joins_the_nearest_street(good_folder: Path) -> None:
    table = good_folder / "facilities.csv"
    # 50 m along the street from 1 to 2, and 20 m beside it.
    lon, lat = 116.3 + 0.001174 / 2, 40.0 - 0.000899 / 5
    table.write_text(f"facility,lon,lat,format\nkiosk,{lon},{lat},convenience_store\n")
    report = open_folder(good_folder)
    assert report.snapped is not None
    assert report.snapped.snapped == 1
    assert report.snapped.leg_m["max"] == pytest.approx(20, abs=0.1)
    streets, row = report.world.streets, report.world.facilities.node_row[0]
    assert (streets.x_m[row], streets.y_m[row]) == pytest.approx((50, -20), abs=0.1)


def test_a_byte_order_mark_of_a_spreadsheet_is_no_fault(good_folder: Path) -> None:
    for name in ("facilities.csv", "world.toml"):
        file = good_folder / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert len(read_world(good_folder).facilities) == 3


def test_a_policy_may_change_facts_of_outlets_and_never_who_they_are() -> None:
    assert changeable_fields() <= set(COLUMNS)
    assert {"hours", "payment_mode", "rent_yuan_month", "node_row"} <= changeable_fields()
    assert not changeable_fields() & {"facility", "id64", "circle"}
    assert not any(column.policy_may_change for column in resident_columns().columns)


def test_homes_are_peopled_to_the_number_asked_for(good_folder: Path) -> None:
    (good_folder / "residents.csv").unlink()
    (good_folder / "homes.csv").write_text("home,node,weight\na,1,1\nb,3,3\n")
    with (good_folder / "world.toml").open("a") as handle:
        handle.write("\n[population]\nresidents = 400\nseed = 3\n")
    report = open_folder(good_folder)
    assert report.synthesised == len(report.world.population) == 400
    assert report.world.population_seed == 3
    at = report.world.streets.node[report.world.population.home_row]
    assert set(at.tolist()) == {1, 3}
    assert 2 < (at == 3).sum() / (at == 1).sum() < 4.5
    assert len(open_folder(good_folder, residents=50).world.population) == 50


def test_a_listed_population_cannot_be_scaled(good_folder: Path) -> None:
    with pytest.raises(WorldError, match="number of residents cannot be changed"):
        open_folder(good_folder, residents=5)


@pytest.mark.parametrize("name", ["old_town", "helsinki"])
def test_a_demo_world_survives_being_written_and_read(name: str, tmp_path: Path) -> None:
    world = demo_world(name, residents=500)
    write_world(world, tmp_path / name)
    assert_same_world(world, read_world(tmp_path / name))
