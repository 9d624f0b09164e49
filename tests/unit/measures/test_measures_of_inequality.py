"""Gini, concentration and group gaps: closed forms, laws, then readings by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from readings_by_hand import people, reading, sums

from circlesim.errors import ConfigError
from circlesim.experiments.evidence import evidence_grade
from circlesim.measures import MEASURES, measure_named
from circlesim.measures.access import LONGEST_MIN
from circlesim.measures.catalogue import PATTERNS
from circlesim.measures.group_gap import describes_residents
from circlesim.measures.grouping import grouping_by
from circlesim.measures.inequality import concentration, fractional_rank, gini
from circlesim.measures.measure import DIRECTIONS, KINDS
from circlesim.world.outlets import outlets
from circlesim.world.population import Mobility

amounts = st.lists(st.floats(0.0, 1e6), min_size=2, max_size=40).map(np.array)


def mean_difference(values):
    """The definition by enumeration: half the mean absolute difference of all pairs, over the mean."""
    apart = np.abs(values[:, None] - values[None, :]).mean()
    return apart / (2 * values.mean())


def test_where_all_have_the_same_nothing_is_unequal():
    for n in (1, 2, 7):
        assert gini(np.full(n, 3.7)) == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("n", [1, 2, 4, 50])
def test_where_one_has_everything_the_index_is_all_but_one_share(n):
    values = np.zeros(n)
    values[n // 2] = 12.0
    assert gini(values) == pytest.approx((n - 1) / n, abs=1e-14)


def test_the_numbers_one_to_n_have_a_known_index():
    for n in (2, 9, 30):
        assert gini(np.arange(1.0, n + 1)) == pytest.approx((n - 1) / (3 * n))


def test_nobody_has_no_index_and_nothing_is_spread_equally():
    assert np.isnan(gini(np.array([])))
    assert gini(np.zeros(4)) == 0.0


@given(amounts.filter(lambda v: v.sum() > 1e-6))
def test_the_index_is_the_mean_difference_of_all_pairs(values):
    assert gini(values) == pytest.approx(mean_difference(values), abs=1e-9)


@given(amounts, st.floats(1e-6, 1e6))
def test_the_unit_does_not_matter(values, factor):
    assert gini(values * factor) == pytest.approx(gini(values), abs=1e-9)


@given(amounts, st.data())
def test_handing_a_part_to_who_has_less_lowers_the_index(values, data):
    poor, rich = int(values.argmin()), int(values.argmax())
    part = data.draw(st.floats(0.01, 0.5)) * (values[rich] - values[poor])
    moved = values.copy()
    moved[poor] += part
    moved[rich] -= part
    assert gini(moved) <= gini(values) + 1e-9
    if part > 1e-3 * values.sum():
        assert gini(moved) < gini(values)


@given(amounts, st.permutations(range(5)))
def test_the_order_of_residents_does_not_matter(values, order):
    shuffled = np.roll(values, order[0])[::-1]
    assert gini(shuffled) == pytest.approx(gini(values), abs=1e-12)


@given(amounts)
def test_ranked_by_itself_concentration_is_the_gini_index_and_reversed_its_negative(values):
    assert concentration(values, values) == gini(values)
    assert concentration(values, -values) == pytest.approx(-gini(values), abs=1e-9)


def test_two_bands_concentrate_by_their_shares():
    """n people in equal halves, the upper holding the share s of all: 2 * (s * 3/4 + (1 - s) / 4) - 1."""
    values, band = np.array([1.0, 1.0, 4.0, 2.0]), np.array([0.0, 0.0, 1.0, 1.0])
    assert concentration(values, band) == pytest.approx(2 * (0.75 * 0.75 + 0.25 * 0.25) - 1)
    assert concentration(values, np.zeros(4)) == 0.0


def test_equals_share_the_mean_of_their_ranks():
    assert fractional_rank(np.array([5.0, 1.0, 5.0, 9.0])).tolist() == [0.5, 0.125, 0.5, 0.875]
    assert fractional_rank(np.arange(7.0)).mean() == pytest.approx(0.5)


# --------------------------------------------------------------------------------------------- readings


def test_walks_to_the_nearest_shop_are_measured_at_own_speed():
    """Homes 0, 400 and 800 m away at 80 m a minute: 0, 5 and 10 minutes."""
    town = reading(people([20, 40, 80], [0, 4, 8]))
    assert measure_named("access_gini:format:breakfast_shop").overall(town) == pytest.approx(
        mean_difference(np.array([0.0, 5.0, 10.0]))
    )
    assert measure_named("access_gini:service:breakfast").overall(town) == pytest.approx(
        mean_difference(np.array([0.0, 5.0, 10.0]))
    )
    by_age = measure_named("access_concentration:age:format:breakfast_shop").overall(town)
    assert by_age == pytest.approx(mean_difference(np.array([0.0, 5.0, 10.0])))


def test_the_nearest_of_several_outlets_counts():
    shops = outlets(["a", "b"], ["breakfast_shop"] * 2, np.array([0, 8], np.int32))
    town = reading(people([20, 40, 80], [0, 4, 8]), facilities=shops, present=np.array([True, True]))
    wanted = mean_difference(np.array([0.0, 5.0, 0.0]))
    assert measure_named("access_gini:format:breakfast_shop").overall(town) == pytest.approx(wanted)
    alone = replace(town, present=np.array([True, False]))
    assert measure_named("access_gini:format:breakfast_shop").overall(alone) < wanted


def test_where_nothing_is_open_all_walk_the_longest_walk_and_nobody_is_worse_off():
    town = reading(people([20, 40, 80], [0, 4, 8]))
    shut = replace(town, facilities=replace(town.facilities, hours=np.full((1, 7, 3, 2), -1, np.int16)))
    measure = measure_named("access_gini:format:breakfast_shop")
    assert measure.spread(shut)[0].tolist() == [LONGEST_MIN] * 3
    assert measure.overall(shut) == pytest.approx(0.0, abs=1e-15)


def test_a_walk_of_hours_counts_as_the_longest():
    far = reading(people([20, 40], [0, 10], speed=5.0))
    assert measure_named("access_gini:format:breakfast_shop").spread(far)[0].tolist() == [0.0, LONGEST_MIN]


def test_the_index_of_a_group_is_about_the_group_alone():
    town = reading(people([20, 40, 80, 81], [0, 4, 8, 8]))
    values = measure_named("access_gini:format:breakfast_shop").value(town, grouping_by(town.population, "age60"))
    assert values.value.tolist() == pytest.approx([0.5, 0.0])
    assert values.n.tolist() == [2, 2]


def test_needs_met_inside_are_compared_among_those_who_have_needs():
    table = sums([{"inside": 2, "needs": 4}, {"inside": 1, "needs": 1}, {}])
    poor_rich = replace(people([20, 40, 80], [0, 0, 0]), income_band=np.array([2, 0, 0], np.uint8))
    town = reading(poor_rich, resident=table)
    assert measure_named("met_inside_gini").overall(town) == pytest.approx(mean_difference(np.array([0.5, 1.0])))
    by_income = measure_named("met_inside_concentration:income")
    assert by_income.overall(town) == pytest.approx(-mean_difference(np.array([0.5, 1.0])))
    assert by_income.value(town, grouping_by(town.population, "age60")).n.tolist() == [2, 0]
    assert by_income.value(town, grouping_by(town.population, "service")) is None


def gap_town():
    """35 elders and 40 others; every elder has one need unmet of two, of the others every second has."""
    ages = [70] * 35 + [30] * 40
    rows = [{"needs": 2, "unmet": 1}] * 35 + [{"needs": 2, "unmet": i % 2} for i in range(40)]
    return reading(people(ages, [0] * 75), resident=sums(rows))


def test_a_group_gap_is_one_group_less_the_other():
    town = gap_town()
    assert measure_named("group_gap:age60:unmet_share").overall(town) == pytest.approx(0.5 - 0.25)
    assert measure_named("group_gap:age60:coverage:breakfast_shop:10").overall(town) == 0.0
    bands = replace(town.population, income_band=np.array([0] * 35 + [2] * 40, np.uint8))
    assert measure_named("group_gap:income:unmet_share").overall(replace(town, population=bands)) == 0.25
    legs = np.array([Mobility.SLOW] * 35 + [Mobility.INDEPENDENT] * 40, np.uint8)
    slow = replace(town, population=replace(town.population, mobility=legs))
    assert measure_named("group_gap:slow:unmet_share").overall(slow) == 0.25


def test_a_gap_to_fewer_than_thirty_residents_is_not_shown():
    town = gap_town()
    few = replace(town.population, age=np.array([70] * 29 + [30] * 46, np.int16))
    assert np.isnan(measure_named("group_gap:age60:unmet_share").overall(replace(town, population=few)))


def test_a_gap_stands_for_all_residents_and_is_not_cut_further():
    town = gap_town()
    gap = measure_named("group_gap:age60:unmet_share")
    assert gap.value(town, grouping_by(town.population, "sex")) is None
    assert gap.value(town, grouping_by(town.population, "")).n.tolist() == [75]


def test_a_gap_is_refused_exactly_where_residents_have_no_such_figure():
    town = gap_town()
    for measure in MEASURES:
        value = measure.value(town, grouping_by(town.population, "age60"))
        assert describes_residents(measure) == (value is not None), measure.name
        if value is None:
            with pytest.raises(ConfigError, match="groups of residents"):
                measure_named(f"group_gap:age60:{measure.name}")


@pytest.mark.parametrize(
    "name",
    ["access_gini", "access_gini:format", "access_gini:shop:gym", "access_gini:format:gim",
     "access_gini:service:gym", "access_concentration:format:gym", "access_concentration:wealth:format:gym",
     "met_inside_gini:age", "met_inside_concentration", "met_inside_concentration:sex", "group_gap:age60",
     "group_gap:age61:unmet_share", "group_gap:age60:unmet_shares", "group_gap:age60:group_gap:slow:unmet_share",
     "group_gap"],
)  # fmt: skip
def test_a_name_that_cannot_be_read_is_refused_with_what_would_be_right(name):
    with pytest.raises(ConfigError) as told:
        measure_named(name)
    assert told.value.faults[0].expected or told.value.faults[0].hint


@pytest.mark.parametrize("name", PATTERNS.values())
def test_a_measure_made_by_name_says_what_it_is(name):
    measure = measure_named(name)
    assert measure.name == name
    assert measure.kind in KINDS
    assert measure.direction in DIRECTIONS
    assert measure.numerator
    assert measure.denominator
    assert measure.reference


def test_who_is_poor_rests_on_more_than_walking_speeds():
    from circlesim.catalog.parameters import default_parameters

    parameters = default_parameters()
    real = type("World", (), {"synthetic": False})()
    coverage, ranked = (
        evidence_grade(measure_named(name), real, parameters)
        for name in ("coverage:gym:10", "access_concentration:income:format:gym")
    )
    assert ranked >= coverage
    assert ranked == max(row.grade for row in parameters.rows)
