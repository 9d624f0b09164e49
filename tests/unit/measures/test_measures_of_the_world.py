from dataclasses import replace

import numpy as np
import pytest
from readings_by_hand import people, reading

from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.measures import measure_named
from circlesim.measures.coverage import open_at
from circlesim.measures.grouping import grouping_by
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.measures.posts import attended_min, least_staff, posts_needed
from circlesim.measures.public_cost import Cost, public_cost, stated_cost
from circlesim.measures.welfare import minute_value
from circlesim.world.outlets import outlets


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


def test_a_policy_that_hands_out_money_needs_no_cost_besides():
    handing_out = Cost(None, None, 28, pays=True)
    assert public_cost([handing_out, Cost(1000.0, None, 28)]) == 1000.0
    town = reading(people([30], [0]), public_cost=1000.0, paid=84.0)
    assert measure_named("public_cost").overall(town) == 1084.0


def test_what_policies_state_is_added_up_in_parts():
    costs = [Cost(500.0, 3000.0, 14), Cost(None, None, 28), Cost(200.0, 100.0, 0)]
    assert stated_cost(costs) == pytest.approx((500.0, 3000 * 14 / DAYS_A_MONTH))


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


def test_posts_keep_the_doors_open_or_serve_the_visits_whichever_are_more():
    # 44 hours at the door with one person, or 880 visits of 3 minutes at half the time with customers: 88 hours.
    doors = posts_needed(np.array([44.0]), np.array([1.0]), np.array([10.0]), np.array([3.0]), 44.0, 0.5)
    counters = posts_needed(np.array([44.0]), np.array([1.0]), np.array([880.0]), np.array([3.0]), 44.0, 0.5)
    assert (doors[0], counters[0]) == (1.0, 2.0)


def test_longer_hours_and_more_visits_ask_for_more_posts():
    town = reading(people([30], [0]))
    needed = measure_named("jobs_needed")
    idle = needed.overall(town)
    assert idle == pytest.approx(7 * 3.5 / 44)
    longer = replace(town.facilities, hours=town.facilities.hours.copy())
    longer.hours[:, :, 0, 1] += 60
    assert needed.overall(replace(town, facilities=longer)) == pytest.approx(7 * 4.5 / 44)
    busy = np.zeros((1, 4))
    busy[0, 0] = 800.0
    # 400 visits a day of one minute each, at half the time of a post.
    assert needed.overall(replace(town, facility=busy)) == pytest.approx(7 * 400 / 60 / 0.5 / 44)
    gone = replace(town, facility=busy, present=np.array([False]), there=np.array([2]))
    assert needed.overall(gone) == 0.0


def test_nobody_keeps_the_doors_of_a_machine_and_one_person_looks_after_many_tables():
    shops = outlets(["box", "tables"], ["parcel_locker", "restaurant"], np.array([0, 0], np.int32))
    assert least_staff(shops, 1.0).tolist() == [0.0, 1.0]
    assert attended_min(shops) == pytest.approx([0.075, 25 * 6 / 24])


def test_an_outlet_that_has_given_up_trades_no_more():
    town = reading(people([30], [0]))
    assert measure_named("outlets_trading").overall(town) == town.present.sum() > 0
    assert measure_named("outlets_trading").overall(replace(town, present=np.zeros(1, bool))) == 0.0


def test_posts_for_residents_and_reserved_posts_are_parts_of_the_posts():
    town = reading(people([30], [0]))
    shop = replace(town.facilities, local_share=np.array([0.25]), reserved_posts=np.array([9], np.int32))
    kept = replace(town, facilities=shop)
    assert measure_named("jobs_local").overall(town) == measure_named("jobs_reserved").overall(town) == 0.0
    assert measure_named("jobs_local").overall(kept) == 0.25 * shop.staff[0]
    assert measure_named("jobs_reserved").overall(kept) == shop.staff[0]
    assert measure_named("jobs").overall(kept) == measure_named("jobs").overall(town)


def noisy(opens: int, closes: int, home: int) -> float:
    """Share disturbed by the one breakfast shop, whose noise is heard for 120 m; nodes are 100 m apart."""
    town = reading(people([30], [home]))
    hours = np.full((1, 7, 3, 2), -1, np.int16)
    hours[0, 4, 0] = (opens, closes)
    heard = town.parameters.with_values({"nuisance_m[format=breakfast_shop]": 120.0})
    return measure_named("nuisance_share").overall(
        replace(town, facilities=replace(town.facilities, hours=hours), parameters=heard)
    )


def test_night_noise_reaches_homes_in_a_straight_line():
    assert [noisy(300, 540, home) for home in (0, 1, 2)] == [1.0, 1.0, 0.0]


@pytest.mark.parametrize(
    ("opens", "closes", "share"),
    [(360, 1320, 0.0), (359, 600, 1.0), (600, 1321, 1.0), (1380, 1500, 1.0), (1320, 1560, 1.0), (0, 1440, 1.0)],
)
def test_the_night_is_from_ten_to_six(opens, closes, share):
    assert noisy(opens, closes, 1) == share


def test_quiet_formats_and_absent_outlets_disturb_nobody():
    town = reading(people([30], [0]))
    always = np.zeros((1, 7, 3, 2), np.int16)
    always[..., 0, 1] = 1440
    loud = replace(town, facilities=replace(town.facilities, hours=always))
    quiet = replace(
        loud, facilities=replace(loud.facilities, format=np.array([FORMAT_INDEX["library"]], np.int16))
    )
    gone = replace(loud, present=np.array([False]))
    assert [measure_named("nuisance_share").overall(each) for each in (loud, quiet, gone)] == [1.0, 0.0, 0.0]
