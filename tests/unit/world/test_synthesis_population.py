import numpy as np
import pytest

from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import age_interval, default_parameters, parse_group
from circlesim.errors import WorldError
from circlesim.world.population import Means, Mobility, Schedule
from circlesim.world.synthesis import old_town, synthesise_population, with_traits_redrawn

KIND = {kind: column for column, kind in enumerate(KINDS)}


@pytest.fixture(scope="module")
def town():
    return old_town()


@pytest.fixture(scope="module")
def people(town):
    return town.population


def share(people, low, high, claim):
    return claim[(people.age >= low) & (people.age <= high)].mean()


def test_ages_and_sexes_meet_the_census_to_the_nearest_whole_person(people):
    for row in default_parameters().rows:
        if row.name == "age_share":
            group = parse_group(row.group)
            low, high = age_interval(group["age"])
            sex = people.sex == (group["sex"] == "male")
            count = ((people.age >= low) & (people.age <= high) & sex).sum()
            assert abs(count - row.value * len(people)) < 1.01, row.group


def test_nobody_is_older_than_the_last_year_of_the_open_band(people):
    assert people.age.min() == 0
    assert 85 < people.age.max() <= 94


def test_households_meet_the_census_margins(people):
    sizes = np.bincount(people.household)
    assert sizes.min() == 1
    assert sizes.mean() == pytest.approx(2.62, abs=0.01)
    assert (sizes == 1).mean() == pytest.approx(0.2539, abs=0.001)


def test_every_household_has_an_adult_and_one_home(people):
    adult = np.bincount(people.household, weights=people.age >= 18)
    assert (adult >= 1).all()
    first = np.unique(people.household, return_index=True)[1]
    assert np.array_equal(people.home_row, people.home_row[first][people.household])


def test_couples_are_of_about_one_age(people):
    sizes = np.bincount(people.household)
    pair = np.flatnonzero(sizes == 2)
    first = np.searchsorted(people.household, pair)
    gap = np.abs(people.age[first].astype(int) - people.age[first + 1])
    both_adult = people.age[first + 1] >= 20
    assert np.median(gap[both_adult]) < 10


def test_children_live_with_people_of_an_age_to_be_their_parents(people):
    head = people.age[np.unique(people.household, return_index=True)[1]][people.household]
    child = people.age < 12
    assert np.median(head[child].astype(int) - people.age[child]) == pytest.approx(30, abs=8)


def test_limitations_meet_their_rates_by_age(people):
    limited = people.mobility != Mobility.INDEPENDENT
    for low, high, rate in ((60, 69, 0.108), (70, 79, 0.212), (80, 200, 0.470)):
        assert share(people, low, high, limited) == pytest.approx(rate, abs=0.003)
    assert not limited[people.age < 18].any()


def test_only_the_homebound_walk_nowhere(people):
    assert np.array_equal(people.tolerance_min == 0, people.mobility == Mobility.HOMEBOUND)
    assert (people.speed_m_per_min > 15).all()


def test_means_carried_are_owned(people):
    assert np.array_equal(people.means_carried & people.means_owned, people.means_carried)


def test_nobody_old_enough_to_shop_goes_out_with_nothing(people):
    assert (people.means_carried[people.age >= 12] > 0).all()
    assert (people.means_carried[people.age < 12] == 0).all()


def test_phone_payment_falls_and_cash_in_the_pocket_rises_with_age(people):
    mobile = (people.means_carried & Means.MOBILE) > 0
    cash = (people.means_carried & Means.CASH) > 0
    bands = ((18, 34), (35, 49), (50, 59), (60, 69), (70, 200))
    by_phone = [share(people, low, high, mobile) for low, high in bands]
    by_cash = [share(people, low, high, cash) for low, high in bands]
    assert by_phone == sorted(by_phone, reverse=True)
    assert by_cash == sorted(by_cash)
    assert by_phone[-1] == pytest.approx(default_parameters().number("phone_pay", age="70+"), abs=0.002)


def test_cash_is_in_the_pocket_of_those_who_cannot_pay_by_phone(people):
    for low, high in ((35, 49), (60, 69), (70, 79)):
        band = (people.age >= low) & (people.age <= high)
        mobile = (people.means_owned & Means.MOBILE)[band] > 0
        used_cash = (people.means_owned & Means.CASH)[band] > 0
        assert used_cash[~mobile].mean() > used_cash[mobile].mean() + 0.03
    assert share(people, 35, 49, (people.means_owned & Means.CASH) > 0) == pytest.approx(0.70, abs=0.06)


def test_who_orders_online_unaided_pays_by_phone(people):
    assert (people.means_carried[people.digital == 1] & Means.MOBILE).all()
    assert share(people, 60, 200, people.digital == 1) == pytest.approx(0.27, abs=0.02)


def test_one_disadvantage_ties_the_traits(people):
    old = (people.age >= 70) & (people.age < 80)
    limited = (people.mobility != Mobility.INDEPENDENT)[old]
    mobile = ((people.means_carried & Means.MOBILE) > 0)[old]
    poor = (people.income_band == 0)[old]
    assert mobile[limited].mean() < mobile[~limited].mean() - 0.05
    assert poor[limited].mean() > poor[~limited].mean() + 0.05


def test_with_the_correlation_at_zero_the_tie_is_gone_and_the_shares_stay(people):
    loose = with_traits_redrawn(
        people, default_parameters().with_values({"disadvantage_correlation": 0.0}), seed=20230711
    )
    old = (people.age >= 70) & (people.age < 80)
    limited = (loose.mobility != Mobility.INDEPENDENT)[old]
    mobile = ((loose.means_carried & Means.MOBILE) > 0)[old]
    assert abs(np.corrcoef(limited, mobile)[0, 1]) < 0.06
    assert limited.mean() == pytest.approx((people.mobility != Mobility.INDEPENDENT)[old].mean(), abs=0.001)
    assert mobile.mean() == pytest.approx(((people.means_carried & Means.MOBILE) > 0)[old].mean(), abs=0.001)


def test_the_same_parameters_and_seed_give_the_same_traits_again(town, people):
    again = with_traits_redrawn(people, default_parameters(), seed=town.population_seed)
    for name in ("mobility", "means_carried", "need_rate", "speed_m_per_min", "tolerance_min", "budget_fen"):
        assert np.array_equal(getattr(again, name), getattr(people, name)), name


def test_changed_parameters_move_traits_with_the_same_luck(town, people):
    more = default_parameters().with_values({"cash_carried": 0.85, "tolerance_min": 20.0})
    moved = with_traits_redrawn(people, more, seed=town.population_seed)
    had = (people.means_carried & Means.CASH) > 0
    young = (people.age >= 18) & (people.age < 60)
    assert ((moved.means_carried & Means.CASH) > 0)[had & young].all()
    assert (moved.tolerance_min >= people.tolerance_min).all()
    assert np.array_equal(moved.age, people.age)


def test_needs_are_probabilities_and_add_up_to_about_two_a_day(people):
    assert np.isfinite(people.need_rate).all()
    assert people.need_rate.min() >= 0
    assert people.need_rate.max() <= 1
    assert 2.0 <= people.need_rate.sum() / len(people) <= 2.6
    assert (people.need_rate[people.age < 12] == 0).all()


def test_every_kind_of_need_is_felt_by_somebody(people):
    assert (people.need_rate.max(axis=0) > 0).all()


def test_needs_of_old_age_and_of_parents_stay_where_they_belong(people):
    care, meals = people.need_rate[:, KIND["elder_care", 0]], people.need_rate[:, KIND["elder_meal", 1]]
    assert (people.age[care > 0] >= 60).all()
    assert (people.mobility[care > 0] != Mobility.INDEPENDENT).all()
    assert share(people, 60, 200, meals > 0) == pytest.approx(0.551, abs=0.002)
    parents = people.age[people.need_rate[:, KIND["childcare", 0]] > 0]
    assert (parents.min(), parents.max()) == (25, 44)


def test_elders_who_want_a_canteen_want_lunch_most(people):
    breakfast, lunch, dinner = (people.need_rate[:, KIND["elder_meal", meal]].sum() for meal in range(3))
    assert lunch > breakfast > dinner


def test_workers_eat_lunch_at_work_on_a_working_day(people):
    lunch = people.need_rate[:, KIND["meal", 0]]
    adult = (people.age >= 23) & (people.age < 60)
    worker = people.schedule == Schedule.WORKER
    assert lunch[adult & worker].mean() < 0.2 * lunch[adult & ~worker].mean()


def test_homes_are_filled_in_proportion_to_their_room(town):
    homes = np.array([0, 1, 2])
    people = synthesise_population(town.streets, homes, np.array([1.0, 2.0, 5.0]), 2_620, default_parameters(), 1)
    households = np.bincount(people.home_row[np.unique(people.household, return_index=True)[1]], minlength=3)
    assert households.tolist() == [125, 250, 625]


def test_budgets_follow_the_currency(town):
    homes, room, law = np.array([0]), np.array([1.0]), default_parameters()
    yuan = synthesise_population(town.streets, homes, room, 100, law, 1).budget_fen
    euro = synthesise_population(town.streets, homes, room, 100, law, 1, money_per_yuan=0.25).budget_fen
    assert np.array_equal(euro, np.floor(yuan * 0.25 + 0.5))


def test_impossible_homes_are_all_listed_at_once(town):
    with pytest.raises(WorldError) as caught:
        synthesise_population(town.streets, np.array([-1, 2]), np.array([1.0]), 0, default_parameters(), 1)
    assert len(caught.value.faults) == 3


def test_another_seed_gives_other_people_of_the_same_ages(town, people):
    homes = np.unique(people.home_row)
    other = synthesise_population(town.streets, homes, np.ones(len(homes)), len(people), default_parameters(), 99)
    assert np.array_equal(np.bincount(other.age), np.bincount(people.age))
    assert not np.array_equal(other.tolerance_min, people.tolerance_min)
