from dataclasses import replace

import numpy as np
import pytest
from readings_by_hand import people, reading

from circlesim.measures import measure_named
from circlesim.measures.coverage import open_at
from circlesim.measures.grouping import grouping_by
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.measures.public_cost import Cost, public_cost
from circlesim.measures.welfare import minute_value


def test_coverage_counts_people_at_their_own_speed():
    quick, slow = people([30], [8], speed=80.0), people([80], [8], speed=40.0)
    ten = measure_named("coverage:breakfast_shop:10")
    assert [ten.overall(reading(each)) for each in (quick, slow)] == [1.0, 0.0]


def test_an_outlet_that_stays_shut_covers_nobody():
    town = reading(people([30], [0]))
    shut = replace(town.facilities, hours=np.full((1, 7, 3, 2), -1, np.int16))
    assert measure_named("coverage:breakfast_shop:10").overall(replace(town, facilities=shut)) == 0.0


def test_an_outlet_of_another_format_covers_nobody():
    assert measure_named("coverage:library:10").overall(reading(people([30], [0]))) == 0.0


def test_an_absent_outlet_covers_nobody():
    gone = reading(people([30], [0]), present=np.array([False]))
    assert measure_named("coverage:breakfast_shop:10").overall(gone) == 0.0


def test_coverage_at_an_hour_looks_at_the_clock():
    town = reading(people([30], [0]))
    assert measure_named("coverage:breakfast_shop:10:7").overall(town) == 1.0
    assert measure_named("coverage:breakfast_shop:10:3").overall(town) == 0.0


def test_doors_open_past_midnight_are_open_early_the_next_day():
    hours = np.full((1, 7, 3, 2), -1, np.int16)
    hours[0, 0, 0] = (1200, 1560)
    assert open_at(hours, 1, 1).all()
    assert not open_at(hours, 0, 1).any()


def test_jobs_are_counted_at_outlets_that_exist():
    town = reading(people([30], [0]))
    gone = replace(town, present=np.array([False]))
    assert measure_named("jobs").overall(town) == town.facilities.staff[0]
    assert measure_named("jobs").overall(gone) == 0.0
    assert measure_named("jobs").value(town, grouping_by(town.population, "age60")) is None


def test_profit_is_margin_on_revenue_less_rent():
    town = reading(people([30], [0]), facility=np.array([[10.0, 100_000.0, 0.0, 0.0]]))
    outlet = town.facilities
    wanted = (outlet.margin[0] * 1000.0 - 2 * outlet.rent_yuan_month[0] / DAYS_A_MONTH) / 2
    assert measure_named("facility_profit").overall(town) == pytest.approx(wanted)


def test_an_outlet_that_closed_half_way_keeps_what_it_earned_and_pays_half_the_rent():
    facility = np.array([[10.0, 100_000.0, 0.0, 0.0]])
    town = reading(people([30], [0]), facility=facility, present=np.array([False]), there=np.array([1]))
    outlet = town.facilities
    wanted = outlet.margin[0] * 1000.0 - outlet.rent_yuan_month[0] / DAYS_A_MONTH
    assert measure_named("facility_profit").overall(town) == pytest.approx(wanted)


def test_a_scenario_without_policies_costs_nothing():
    assert public_cost([]) == 0.0


def test_a_policy_without_a_cost_leaves_the_cost_unsaid():
    assert np.isnan(public_cost([Cost(1000.0, None, 28), Cost(None, None, 28)]))


def test_running_cost_counts_days_in_force():
    assert public_cost([Cost(500.0, 3000.0, 14), Cost(200.0, None, 0)]) == pytest.approx(
        500 + 3000 * 14 / DAYS_A_MONTH
    )


def test_a_minute_is_worth_what_the_price_term_says():
    worth = minute_value(np.array([3.0, 1.0, 9.0]), np.array([10.0, 50.0, 5.0]), np.array([1.0, 2.0, 0.0]), 0.15)
    assert worth == pytest.approx((3 * 0.15 * 10 + 0.15 * 25) / 4)


def test_welfare_in_money_is_minutes_at_their_worth():
    town = reading(people([30], [0]), minute_value=0.5)
    town.resident[0, town.sums.index("utility_min")] = 8.0
    assert measure_named("welfare_money").overall(town) == pytest.approx(
        0.5 * measure_named("welfare_min").overall(town)
    )
