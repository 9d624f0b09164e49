"""Plans of a small town: within the budget, the same every time, told on luck that had no part in the choice."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import circlesim as cs
from circlesim.errors import ConfigError
from circlesim.planning.brief import Brief
from circlesim.planning.chance import random_plans
from circlesim.planning.demand import demand_of
from circlesim.planning.plan import FRESH, planning_base
from circlesim.planning.planned import PLAN, TABLES, Planned
from circlesim.planning.project import ALL, PUBLIC, cost_of, outlet_project
from circlesim.planning.proposing import MOVES, day_capacity, lacking_formats, other_places, site_format
from circlesim.planning.trials import Trials, as_plan

sys.path.insert(0, str(Path(__file__).parents[1] / "experiments"))
from small_runs import START, as_is, small, town

BUDGET = 160_000.0
MEASURE = "welfare_min"


def experiment(**changes: object) -> cs.Experiment:
    return small(as_is(), **changes)


@cache
def planned() -> Planned:
    return cs.plan(experiment(), BUDGET, gain=MEASURE, services=3, sites=2)


def test_a_plan_costs_no_more_than_its_budget_and_says_so_in_every_table() -> None:
    found = planned()
    assert 0 < found.cost_yuan <= BUDGET
    assert found.curve["cumulative_cost_yuan"].iloc[-1] == found.cost_yuan
    assert (found.alternatives["cost_yuan"] <= BUDGET).all()
    in_plan = found.project_list.dropna(subset="step").sort_values("step")
    assert in_plan["project"].tolist() == [each.name for each in found.projects]
    assert in_plan["cost_yuan"].sum() == pytest.approx(found.cost_yuan)


def test_the_same_question_has_the_same_plan() -> None:
    again = cs.plan(experiment(workers=1), BUDGET, gain=MEASURE, services=3, sites=2)
    assert again.projects == planned().projects
    for name in ("demand", "project_list", "sites", "curve", "alternatives"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(planned(), name))


def test_steps_add_up_to_the_whole() -> None:
    curve = planned().curve
    assert curve["marginal_gain"].cumsum().to_numpy() == pytest.approx(curve["cumulative_gain"].to_numpy())
    per = 10_000 * curve["marginal_gain"] / curve["cost_yuan"]
    assert curve["marginal_per_10000_yuan"].to_numpy() == pytest.approx(per.to_numpy())


def test_a_plan_is_told_on_other_luck_than_it_was_chosen_on() -> None:
    found = planned()
    assert found.check.seed == experiment().seed + FRESH
    (alone,) = (row for row in found.project_list.to_dict("records") if row["step"] == 1)
    assert alone["gain"] != found.curve["cumulative_gain"].iloc[0]


def test_the_curve_is_what_an_experiment_of_the_plan_finds() -> None:
    found = planned()
    plain = small(as_is(), as_is().with_policies("all", *(each.policy for each in found.projects)),
                  seed=found.check.seed, measures=(MEASURE,), by=())  # fmt: skip
    (row,) = plain.run().compare(MEASURE).to_dict("records")
    assert found.curve["cumulative_gain"].iloc[-1] == pytest.approx(row["difference"], rel=1e-12)


def test_projects_are_ranked_by_gain_for_the_money() -> None:
    table = planned().project_list
    assert table["rank"].tolist() == list(range(1, len(table) + 1))
    assert table["gain_per_10000_yuan"].is_monotonic_decreasing
    assert (table["cost_grade"] == "D").all()


def test_the_chosen_plan_beats_its_alternatives_on_the_luck_of_the_search() -> None:
    found = planned()
    base = planning_base(experiment(), found.brief)
    trials = Trials(base, MEASURE)
    best = trials.of([as_plan(found.projects)])[0].gain.mean()
    starts = found.projects[0].policy.starts
    pairs = [[name.split(" at ") for name in text.split("; ")] for text in found.alternatives["projects"]]
    others = [as_plan([outlet_project(town(), name, int(node), 12.0, PUBLIC, starts) for name, node in each])
              for each in pairs]  # fmt: skip
    assert others
    assert all(trial.gain.mean() <= best for trial in trials.of(others))


def test_near_best_is_what_luck_does_not_tell_from_the_plan() -> None:
    table = planned().alternatives
    assert ((table["behind_low"] <= 0) == (table["near_best"] == 1)).all()
    behind = planned().curve["cumulative_gain"].iloc[-1] - table["gain"]
    assert table["behind_plan"].to_numpy() == pytest.approx(behind.to_numpy())
    assert behind.abs().max() > 0


def test_what_a_plan_takes_from_others_is_what_those_lose() -> None:
    found = planned()
    outlets = found.outcomes.facilities().pivot_table(index="facility", columns="scenario", values="revenue")
    change = (outlets[PLAN] - outlets["as is"]).dropna()
    lost = -change[change < 0].sum() / found.check.days
    assert found.curve["lost_yuan_per_day"].iloc[-1] == pytest.approx(lost)
    assert lost > 0
    assert set(found.displacement["part"]) == {"both", "new"}


def test_policies_of_the_experiment_that_state_a_cost_are_projects_too() -> None:
    free = cs.KeepCash()
    paid = cs.AddFacilities(format="pharmacy", count=2, siting="largest_gap", capital_yuan=20_000.0,
                            running_yuan_per_month=100.0, shared_cost=0.5)  # fmt: skip
    asked = small(as_is(), as_is().with_policies("both", free, paid))
    found = cs.plan(asked, 40_000, gain=MEASURE, formats=["elder_meal_point"], sites=1)
    (row,) = found.project_list[found.project_list["cost_from"] == "experiment file"].to_dict("records")
    assert row["cost_yuan"] == 10_000 + 12 * 100
    assert row["cost_grade"] == ""
    assert row["visits_per_day"] > 0


def test_proposed_outlets_open_when_the_policies_of_the_experiment_do() -> None:
    late = cs.ExtendHours(close="23:00", formats=("gym",), starts=START.replace(day=6))
    asked = small(as_is(), as_is().with_policies("late", late))
    found = cs.plan(asked, 40_000, gain=MEASURE, formats=["elder_meal_point"], sites=1)
    assert {each.policy.starts for each in found.proposed} == {START.replace(day=6)}
    assert found.check.measure_from == START.replace(day=6)


def test_a_budget_bears_the_months_of_what_sells_nothing_or_of_all() -> None:
    library, shop = (outlet_project(town(), name, 1, 12.0, PUBLIC) for name in ("library", "pharmacy"))
    assert library.policy.running_yuan_per_month > 0 == library.operator_yuan_per_month
    assert shop.policy.running_yuan_per_month == 0 < shop.operator_yuan_per_month
    whole = outlet_project(town(), "pharmacy", 1, 12.0, ALL)
    assert whole.cost_yuan == pytest.approx(shop.cost_yuan + 12 * shop.operator_yuan_per_month)
    assert whole.operator_yuan_per_month == 0


def test_costs_are_in_the_currency_of_the_world() -> None:
    euro = replace(town(), currency="euro")
    ratio = (
        outlet_project(euro, "library", 1, 12.0).cost_yuan / outlet_project(town(), "library", 1, 12.0).cost_yuan
    )
    assert ratio == pytest.approx(0.23)


def test_formats_proposed_serve_what_is_lacking_and_named_sites_are_kept_to() -> None:
    demand = demand_of(planning_base(experiment(), Brief(BUDGET)))
    services = list(demand.services("add_facilities"))[:3]
    from circlesim.catalog.formats import format_row

    for name in lacking_formats(demand, Brief(BUDGET, services=3)):
        assert set(format_row(name).services) & set(services)
    nodes = town().streets.node[:4].tolist()
    for objective in ("p_median", "covering", "capacitated"):
        found = site_format(town(), demand, "elder_meal_point", Brief(BUDGET, nodes=nodes, objective=objective))
        assert [len(each.nodes) for each in found] == [1, 2, 3]
        assert all(set(each.nodes) <= set(nodes) for each in found)
        row = found[1].row()
        assert row["value"] >= row["greedy_value"] - 1e-6 >= row["random_value"] - 2e-6


def test_an_outlet_is_tried_where_the_others_of_its_format_leave_most_to_gain() -> None:
    found, base = planned(), planning_base(experiment(), planned().brief)
    demand = demand_of(base)
    outlet = found.projects[0]
    others = other_places(base.world, demand, found.brief, found.projects, outlet)
    assert len(others) == MOVES
    assert {each.cost_yuan for each in others} == {outlet.cost_yuan}
    assert {each.format for each in others} == {outlet.format}
    assert not set(others) & set(found.projects)
    (best,) = site_format(base.world, demand, outlet.format, replace(found.brief, sites=1))
    alone = other_places(base.world, demand, found.brief, (outlet,), outlet)
    assert {best.nodes[0]} <= {*outlet.policy.sites, *(n for each in alone[:1] for n in each.policy.sites)}
    stated = replace(outlet, cost_from="experiment file")
    assert other_places(base.world, demand, found.brief, (stated,), stated) == []


def test_a_day_of_a_format_serves_what_its_counters_can() -> None:
    # Open from 07:00 to 23:00.
    from circlesim.catalog.formats import format_row

    row = format_row("convenience_store")
    assert day_capacity(row) == pytest.approx(row.servers * 16 * 60 / row.service_min)


def test_random_plans_spend_what_the_plan_may_spend() -> None:
    found = planned()
    plans = random_plans(found, 12)
    least = min(each.cost_yuan for each in found.proposed)
    assert all(cost_of(plan) <= BUDGET for plan in plans)
    assert all(len(set(plan)) == len(plan) for plan in plans)
    kinds = {each.format for each in found.proposed}
    for plan in plans:
        assert {each.format for each in plan} <= kinds
        assert cost_of(plan) + least > BUDGET
    assert len(set(plans)) > 6
    assert random_plans(found, 3) == plans[:3]


def test_a_plan_folder_holds_every_table(tmp_path: Path) -> None:
    planned().write(tmp_path / "plan")
    assert sorted(path.name for path in (tmp_path / "plan").iterdir()) == sorted(f"{name}.csv" for name in TABLES)
    curve = pd.read_csv(tmp_path / "plan" / "plan.csv")
    assert curve["cumulative_gain"].to_numpy() == pytest.approx(planned().curve["cumulative_gain"].to_numpy())


def test_nothing_that_helps_is_an_empty_plan_and_no_error() -> None:
    # Later hours of a gym bring no library nearer, and the meal point costs more than ten yuan.
    useless = cs.ExtendHours(close="23:30", formats=("gym",), capital_yuan=5.0)
    asked = small(as_is(), as_is().with_policies("late", useless))
    none_open = cs.plan(asked, 10.0, gain="coverage:library:10", formats=["elder_meal_point"], sites=1)
    assert none_open.projects == ()
    assert none_open.curve.empty
    assert none_open.cost_yuan == 0
    assert none_open.displacement.empty


def test_every_fault_of_a_request_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as told:
        cs.plan(experiment(), -1, gain="walk_min", formats=["pharmacie"], solver="exakt", sites=0)
    assert {fault.where for fault in told.value.faults} == {"budget_yuan", "gain", "formats", "solver", "sites"}
    with pytest.raises(ConfigError) as told:
        cs.plan(experiment(replications=1), 1.0, nodes=[-7])
    assert {fault.where for fault in told.value.faults} == {"nodes", "replications"}
    with pytest.raises(ConfigError, match="at least"):
        cs.plan(experiment(), 1.0)


def test_an_experiment_with_assumption_draws_gives_the_plan_a_range() -> None:
    found = cs.plan(experiment(assumptions=2), 40_000, gain=MEASURE, formats=["elder_meal_point"], sites=1)
    last = found.curve.iloc[-1]
    assert np.isfinite([last["assumption_low"], last["assumption_high"], last["sign_share"]]).all()
    assert last["assumption_low"] <= last["assumption_high"]
