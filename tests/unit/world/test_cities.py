"""Cities: many circles in one world, each of its kind, and no two in reach of each other."""

from __future__ import annotations

import numpy as np
import pytest

from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.presets import presets
from circlesim.catalog.table import read_table
from circlesim.errors import WorldError
from circlesim.world.city import CIRCLES, city
from circlesim.world.old_town import old_town
from circlesim.world.reach import components
from circlesim.world.world import World


@pytest.fixture(scope="module")
def world() -> World:
    return city(residents=4_000)


def test_a_city_has_as_many_circles_as_kinds_were_named(world: World) -> None:
    assert np.unique(world.population.circle).tolist() == [1, 2, 3, 4]
    assert np.bincount(world.population.circle)[1:].tolist() == [1_000] * 4
    assert set(world.facilities.circle.tolist()) <= {1, 2, 3, 4}


def test_no_two_residents_outlets_or_households_share_an_id(world: World) -> None:
    people = world.population
    assert len(np.unique(people.id64)) == len(people)
    assert len(np.unique(world.facilities.id64)) == len(world.facilities)
    circles_of_a_household = {(int(h), int(c)) for h, c in zip(people.household, people.circle, strict=True)}
    assert len(circles_of_a_household) == len(np.unique(people.household))


def test_streets_of_two_circles_do_not_meet(world: World) -> None:
    part = components(world.streets)
    homes = {
        (int(part[row]), int(c)) for row, c in zip(world.population.home_row, world.population.circle, strict=True)
    }
    assert len({p for p, _ in homes}) == 4
    assert len(homes) == 4


def test_circles_of_one_kind_are_towns_of_their_own() -> None:
    twins = city(["mixed", "mixed"], 2_000)
    first, second = (twins.population.take(twins.population.circle == c) for c in (1, 2))
    assert first.age.tolist() != second.age.tolist()
    assert first.mobility.tolist() != second.mobility.tolist()


def test_a_county_town_spreads_wider_and_a_new_estate_has_fewer_outlets(world: World) -> None:
    def area(c: int) -> float:
        row = np.unique(world.population.home_row[world.population.circle == c])
        return float(np.ptp(world.streets.x_m[row]) * np.ptp(world.streets.y_m[row]))

    assert area(4) > area(1)
    count = np.bincount(world.facilities.circle, minlength=5)
    assert count[2] < count[1]


def test_every_value_of_a_kind_lies_in_the_range_of_its_parameter_and_names_its_source() -> None:
    rows = {row.name: row for row in default_parameters().rows if not row.group}
    for line in read_table("presets.csv"):
        row, value = rows[line["parameter"]], float(line["value"])
        assert row.low <= value <= row.high, line
        assert line["unit"] == row.unit
        assert line["source"]
        assert line["grade"] in "ABCD"
    assert set(presets()) == set(CIRCLES)


def test_an_old_estate_is_the_old_town_of_its_size_but_for_names() -> None:
    town, circle = old_town(1_000), city(["old_estate"], 1_000)
    assert circle.streets.length_m.tolist() == town.streets.length_m.tolist()
    assert circle.facilities.format.tolist() == town.facilities.format.tolist()
    assert circle.population.age.tolist() == town.population.age.tolist()


def test_everything_wrong_with_a_city_is_said_at_once() -> None:
    with pytest.raises(WorldError) as caught:
        city(["old_estat", "mixed"], 300, gap_m=-1.0)
    text = str(caught.value)
    for words in ("circles[0]", "did you mean 'old_estate'", "300 or more for each circle", "gap_m"):
        assert words in text
