"""What must hold in any run, on the real engine."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_runs import as_is, cashless, counters, small

from circlesim.experiments.comparison import COLUMNS
from circlesim.experiments.switching import spending_parts
from circlesim.measures.grouping import SMALLEST_GROUP


@pytest.fixture(scope="module")
def outcomes():
    return small().run(workers=2)


def test_no_policy_leaves_every_difference_at_exactly_zero():
    table = small(as_is(), as_is().with_policies("the same")).run(workers=1).compare()
    assert len(table)
    assert (table["difference"] == 0.0).all()
    assert (table["ci_low"] == 0.0).all()
    assert (table["p_value"] == 1.0).all()


def test_a_policy_changes_something(outcomes):
    assert (outcomes.compare("spend")["difference"] != 0).all()


def test_the_spending_change_is_the_sum_of_its_parts(outcomes):
    frame, days = outcomes.frame(), outcomes.manifest["days_measured"]
    spend = frame[(frame["measure"] == "spend") & (frame["by"] == "")].groupby("scenario")["value"].mean()
    table = outcomes.switching()
    whole = table[table["by"] == ""]
    for name, parts in spending_parts(whole).groupby("scenario"):
        change = (parts["new"] + parts["recaptured"] + parts["shifted"] - parts["lost"]).sum()
        measured = (spend[name] - spend["as is"]) * days * outcomes.manifest["world"]["residents"]
        assert change == pytest.approx(measured, abs=1e-6)


def test_groups_of_a_dimension_switch_what_everybody_switches(outcomes):
    table = outcomes.switching()
    keys = ["scenario", "service", "from_fate", "to_fate"]
    whole = table[table["by"] == ""].groupby(keys)["needs"].sum()
    parts = table[table["by"] == "age60"].groupby(keys)["needs"].sum()
    assert_frame_equal(whole.to_frame(), parts.to_frame())


def test_switching_holds_every_need_once(outcomes):
    table, hourly = outcomes.switching(), outcomes.hourly()
    switched = table[table["by"] == ""].groupby("scenario")["needs"].sum()
    arisen = hourly.groupby("scenario")["needs"].sum()
    for name in switched.index:
        assert switched[name] == pytest.approx(arisen[name])


def test_results_do_not_depend_on_workers(outcomes):
    alone = small().run(workers=1)
    assert_frame_equal(outcomes.frame(), alone.frame())
    for name, table in outcomes.tables.items():
        assert_frame_equal(table, alone.tables[name])


def test_another_scenario_beside_it_changes_nothing():
    pair = small(as_is(), counters()).run(workers=1).frame()
    more = small(as_is(), cashless(), counters()).run(workers=1).frame()
    # Page sums run from the latest start, which the third scenario moves: compare what is read at the end.
    for name in ("as is", "counters"):
        mine, theirs = (
            each[(each["scenario"] == name) & (each["measure"] == "satisfaction_index")] for each in (pair, more)
        )
        assert mine["value"].tolist() == theirs["value"].tolist()


def test_scenarios_are_alike_until_a_policy_starts():
    late = small(as_is(), cashless(), measure_from=None)
    assert late.first_measured_day == 2
    before = small(as_is(), cashless(), measure_from=as_is().start).run(workers=1)
    assert (before.compare("spend")["difference"] != 0).all()


def test_no_file_shows_a_group_under_thirty(outcomes):
    frame = outcomes.frame()
    assert (frame.loc[frame["by"] != "", "n"] >= SMALLEST_GROUP).all()
    shown = set(frame.loc[frame["by"] == "mobility", "group"])
    assert "aid" not in shown
    left_out = {row["by"]: row["groups"] for row in outcomes.manifest["suppressed_groups"]}
    assert left_out["mobility"] + len(shown) == 4
    assert (outcomes.cells()["residents"] >= SMALLEST_GROUP).all()


def test_the_comparison_has_the_columns_of_the_contract(outcomes):
    assert tuple(outcomes.compare().columns) == COLUMNS


def test_python_may_group_by_what_was_not_declared(outcomes):
    assert set(outcomes.compare("satisfaction_top2", by="sex")["group"]) == {"female", "male"}


def test_a_scenario_is_compared_with_the_one_it_was_made_from():
    chain = cashless().with_policies("and counters", counters().policies[0])
    table = small(as_is(), cashless(), chain).run(workers=1).compare("spend")
    assert dict(zip(table["scenario"], table["baseline"], strict=True)) == {
        "cashless": "as is",
        "and counters": "cashless",
    }


def test_unmet_shares_of_a_service_sum_to_one(outcomes):
    table = outcomes.unmet()
    sums = table.groupby(["scenario", "service", "by", "group"])[["unmet", "share"]].sum()
    assert np.allclose(sums.loc[sums["unmet"] > 0, "share"], 1.0)


def test_somebody_walks_the_streets(outcomes):
    assert outcomes.tables["map/edges"]["footfall"].max() > 0


def test_visits_of_outlets_are_the_needs_they_served(outcomes):
    table, hourly = outcomes.facilities(), outcomes.hourly()
    assert np.allclose(
        table.groupby("scenario")["visits"].sum().to_numpy(), hourly.groupby("scenario")["visits"].sum().to_numpy()
    )
    assert table["utilisation"].dropna().between(0, 1.5).all()


def test_the_manifest_says_how_to_get_the_range_over_assumptions(outcomes):
    hint = outcomes.manifest["range_over_assumptions"]
    assert hint["assumptions"] == 50
    assert "assumptions=50" in hint["command"]
    assert hint["minutes"] >= 0


def test_draws_give_a_range_and_a_share_of_the_same_sign():
    table = small(as_is(), counters(), assumptions=3, replications=2).run(workers=2).compare("met_inside_share")
    assert table["assumption_low"].notna().all()
    assert (table["assumption_low"] <= table["assumption_high"]).all()
    assert table["sign_share"].between(0, 1).all()


def test_the_tall_table_is_tall(outcomes):
    frame = outcomes.frame()
    assert isinstance(frame, pd.DataFrame)
    key = ["scenario", "assumption", "replication", "measure", "by", "group"]
    assert not frame.duplicated(key).any()
