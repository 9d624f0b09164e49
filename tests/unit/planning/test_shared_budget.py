"""A budget that circles share: what is set aside for one is not spent in another; each circle has its plan."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import circlesim as cs
from circlesim.errors import ConfigError
from circlesim.planning.brief import Brief
from circlesim.planning.chance import random_plans
from circlesim.planning.plan import planning_base
from circlesim.planning.planned import Planned
from circlesim.planning.project import CATALOGUE, Project, cost_of
from circlesim.planning.purse import EQUAL, POPULATION, SPLITS, TOGETHER, Purse, purse_of
from circlesim.planning.search import fill
from circlesim.planning.trials import Trials, as_plan
from circlesim.policies import AddFacilities, KeepCash

CIRCLES = (1, 2, 3)
NODES = {number * 100 + place: number for number in CIRCLES for place in range(4)}


def at(node: int, cost: float, number: int = 0) -> Project:
    policy = AddFacilities(format="pharmacy", siting="given", sites=(node,), count=1)
    return Project(name=f"{number}: {node}", policy=policy, cost_yuan=cost, cost_from=CATALOGUE)


def spent_in(plan: list[Project] | tuple[Project, ...], purse: Purse, circle: int) -> float:
    return cost_of([each for each in plan if purse.circle(each) == circle])


projects = st.lists(st.tuples(st.sampled_from(sorted(NODES)), st.integers(1, 60)), min_size=1, max_size=12).map(
    lambda rows: [at(node, float(cost), number) for number, (node, cost) in enumerate(rows)]
)
parts = st.tuples(*[st.integers(0, 30)] * 3).map(lambda each: dict(zip(CIRCLES, map(float, each), strict=True)))


@given(projects, parts, st.integers(0, 40))
def test_what_is_set_aside_for_a_circle_is_left_for_it(
    order: list[Project], reserved: dict[int, float], free: int
) -> None:
    purse = Purse(total=sum(reserved.values()) + free, reserved=reserved, circle_of=NODES)
    plan = fill(order, purse)
    assert cost_of(plan) <= purse.total
    for circle in CIRCLES:
        others = cost_of(plan) - spent_in(plan, purse, circle)
        assert others <= purse.total - reserved[circle]


@given(projects, parts)
def test_where_nothing_is_free_each_circle_fills_its_own_part(
    order: list[Project], reserved: dict[int, float]
) -> None:
    purse = Purse(total=sum(reserved.values()), reserved=reserved, circle_of=NODES)
    plan = fill(order, purse)
    for circle in CIRCLES:
        own = [each for each in order if purse.circle(each) == circle]
        alone = fill(own, Purse(total=reserved[circle]))
        assert [each for each in plan if each in own] == list(alone)


def test_what_belongs_to_no_circle_is_paid_out_of_what_is_free() -> None:
    purse = Purse(total=100.0, reserved={1: 40.0, 2: 40.0}, circle_of=NODES)
    everywhere = Project(name="cash", policy=KeepCash(), cost_yuan=20.0, cost_from=CATALOGUE)
    dearer = Project(name="cash", policy=KeepCash(), cost_yuan=20.01, cost_from=CATALOGUE)
    assert purse.circle(everywhere) is None
    assert purse.allows(everywhere, ())
    assert not purse.allows(dearer, ())
    assert purse.allows(at(100, 40.0), (everywhere, at(200, 40.0)))


def test_a_project_belongs_to_the_circle_its_policy_names() -> None:
    purse = Purse(total=1.0, reserved={1: 1.0}, circle_of=NODES)
    named = Project(name="cash", policy=KeepCash(circles=(2,)), cost_yuan=1.0, cost_from=CATALOGUE)
    both = Project(name="cash", policy=KeepCash(circles=(1, 2)), cost_yuan=1.0, cost_from=CATALOGUE)
    assert purse.circle(named) == 2
    assert purse.circle(both) is None


@cache
def city() -> cs.World:
    return cs.demo_world("city", circles=("old_estate", "county_town", "new_estate"), residents=900)


def test_parts_are_equal_or_follow_the_residents() -> None:
    world = city()
    numbers, residents = np.unique(world.population.circle, return_counts=True)
    assert len(numbers) == 3
    equal, people = purse_of(world, 300_000, EQUAL), purse_of(world, 300_000, POPULATION)
    assert set(equal.reserved.values()) == {100_000.0}
    assert [people.reserved[each] for each in numbers.tolist()] == pytest.approx(
        (300_000 * residents / len(world.population)).tolist()
    )
    assert purse_of(world, 300_000, TOGETHER).reserved == {}
    assert set(purse_of(world, 300_000, TOGETHER, 50_000).reserved.values()) == {50_000.0}


def test_a_home_is_in_the_circle_of_those_who_live_there() -> None:
    world = city()
    purse = purse_of(world, 1.0, EQUAL)
    homes = world.streets.node[world.population.home_row]
    assert [purse.circle_of[node] for node in homes.tolist()] == world.population.circle.tolist()


def test_every_circle_has_projects_of_its_own() -> None:
    sites = planned(TOGETHER).sites
    assert sorted(set(sites["circle"])) == ["1", "2", "3"]
    where = purse_of(city(), 1.0).circle_of
    assert all(str(where[int(row["nodes"])]) == row["circle"] for row in sites.to_dict("records"))


def test_one_circle_shares_with_nobody() -> None:
    world = cs.demo_world("old_town", residents=300)
    for split in SPLITS:
        assert purse_of(world, 1000.0, split) == Purse(total=1000.0)


def test_floors_above_the_budget_are_a_fault_that_says_what_there_is() -> None:
    with pytest.raises(ConfigError, match="at most 100000 each"):
        purse_of(city(), 300_000, TOGETHER, 100_001)


def test_a_floor_beside_a_split_is_a_fault() -> None:
    with pytest.raises(ConfigError, match="has no effect with this split"):
        Brief(300_000, split=EQUAL, floor_yuan=1000.0)


@cache
def planned(split: str, budget_yuan: float = 240_000.0, floor_yuan: float = 0.0) -> Planned:
    asked = cs.Experiment([cs.Scenario("as is", city(), days=3)], replications=2, seed=3, warmup_days=1)
    return cs.plan(asked, budget_yuan, gain="met_inside_share", formats=("snack_shop",), sites=1, split=split,
                   floor_yuan=floor_yuan)  # fmt: skip


@pytest.mark.parametrize("split", [TOGETHER, EQUAL])
def test_the_circles_of_a_plan_add_up_to_it(split: str) -> None:
    found = planned(split)
    table = found.circles
    rows, whole = table[table["circle"] != ""], table[table["circle"] == ""].iloc[0]
    assert rows["circle"].tolist() == ["1", "2", "3"]
    assert whole["cost_yuan"] == pytest.approx(found.cost_yuan)
    assert rows["cost_yuan"].sum() == pytest.approx(found.cost_yuan)
    assert rows["residents"].sum() == whole["residents"] == 900
    assert whole["gain"] == pytest.approx(found.curve["cumulative_gain"].iloc[-1])
    assert sorted(";".join(rows["projects"]).replace("; ", ";").strip(";").split(";")) == sorted(
        each for each in whole["projects"].split("; ")
    )


def test_in_equal_parts_no_circle_spends_more_than_its_own() -> None:
    rows = planned(EQUAL).circles.iloc[:-1]
    assert (rows["cost_yuan"] <= 80_000.0).all()
    assert (rows["cost_yuan"] > 0).sum() > 1


def test_a_circle_that_is_a_city_of_its_own_gains_where_it_is_built_for() -> None:
    """Circles of the demo city lie out of reach of each other: what is built in one moves nobody of another."""
    rows = planned(TOGETHER, 40_000.0).circles.iloc[:-1]
    built = rows["cost_yuan"] > 0
    assert built.sum() == 1  # the money of one shop
    assert (rows[~built]["gain"] == 0).all()
    assert (rows[built]["gain"] > 0).all()


def test_what_is_set_aside_is_not_spent_elsewhere_by_a_whole_plan() -> None:
    """Money for two shops buys one where 20,000 wait in each circle: a second would take what is not its own."""
    shops = [len(planned(TOGETHER, 80_000.0, floor).projects) for floor in (0.0, 20_000.0)]
    assert shops == [2, 1]


@pytest.mark.parametrize("split", SPLITS)
def test_chance_shares_the_money_as_the_plan_does(split: str) -> None:
    found = planned(TOGETHER)
    purse = purse_of(city(), 240_000.0, split)
    drawn = random_plans(replace(found, brief=replace(found.brief, split=split)), 6)
    assert all(drawn)
    for plan in drawn:
        for number, part in purse.reserved.items():
            assert spent_in(plan, purse, number) <= part
        assert not any(purse.allows(each, plan) for each in found.proposed if each not in plan)


def test_what_the_parts_allow_the_whole_allows() -> None:
    """The undivided budget could pay the plan in equal parts; on the luck of the search that gains no more."""
    together, parts = planned(TOGETHER), planned(EQUAL)
    assert parts.cost_yuan <= together.brief.budget_yuan
    trials = Trials(planning_base(together.check, together.brief), "met_inside_share")
    whole, divided = (trials.of([as_plan(each.projects)])[0].gain.mean() for each in (together, parts))
    assert divided <= whole
