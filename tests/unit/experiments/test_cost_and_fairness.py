"""What a run says of cost, effect, winners and losers: identities with its measures, then tables by hand."""

from dataclasses import replace
from datetime import date
from functools import cache
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from small_runs import DAYS, RESIDENTS, START, as_is, cashless, small, town

from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import ConfigError
from circlesim.experiments.economy import COLUMNS, OUTLAYS, PAID_UNIT, paid_on
from circlesim.experiments.outcomes import read_outcomes
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.winners import BYTES_A_RESIDENT, change_table
from circlesim.experiments.worth import (
    COST_COLUMNS,
    CURVE_COLUMNS,
    LESS_FOR_LESS,
    MORE_FOR_MORE,
    NO_COST,
    SAVES,
    TOO_FEW,
    UNTOLD,
    WASTES,
    acceptability_table,
    cost_table,
)
from circlesim.ledger import Fate
from circlesim.measures.cost_effectiveness import DOMINATED, EXTENDEDLY, ON_FRONTIER
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.policies import AddFacilities, MealAid, SupportOutlets

CANTEENS = ("community_canteen", "restaurant")
AID = MealAid(amount=3.0, formats=CANTEENS)
COUNTERS = AddFacilities(
    format="breakfast_shop", count=2, siting="largest_gap", capital_yuan=20_000, running_yuan_per_month=3000
)


@cache
def run():
    """Four scenarios, three replications, measured from the first day."""
    scenarios = (
        as_is(),
        as_is().with_policies("counters", COUNTERS),
        as_is().with_policies("aid", AID),
        cashless(),
    )
    measures = ("satisfaction_top2", "satisfaction_index", "welfare_min", "aid", "public_cost")
    return small(*scenarios, measures=measures, measure_from=START).run()


def of_outcomes(outcomes, measure):
    rows = outcomes.frame()
    rows = rows[(rows["measure"] == measure) & (rows["by"] == "")]
    return rows.set_index(["scenario", "replication"])["value"]


def like(values):
    """Nearly these numbers, row by row."""
    return pytest.approx(values.to_numpy())


def economy_of(outcomes):
    return outcomes.tables["economy"].set_index(["scenario", "replication"])


# -------------------------------------------------------------------------------------------- identities


def test_what_is_gained_is_the_measures_over_all_residents():
    economy, adults = economy_of(run()), int((town().population.age >= 18).sum())
    assert tuple(run().tables["economy"].columns) == COLUMNS
    index = economy.index
    satisfied = of_outcomes(run(), "satisfaction_top2") * adults
    assert economy["satisfied_adults"].to_numpy() == like(satisfied.reindex(index))
    hours = of_outcomes(run(), "welfare_min") * RESIDENTS * DAYS / 60
    assert economy["welfare_hours"].to_numpy() == like(hours.reindex(index))


def test_aid_is_a_cost_as_it_is_paid():
    economy = economy_of(run())
    paid = of_outcomes(run(), "aid") * RESIDENTS * DAYS
    assert economy["aid"].to_numpy() == like(paid.reindex(economy.index))
    assert (economy.loc["aid", "aid"] > 0).all()
    assert (economy.loc["counters", "aid"] == 0).all()


def test_public_cost_is_the_sum_of_its_parts_where_every_policy_has_one():
    economy, cost = economy_of(run()), of_outcomes(run(), "public_cost")
    for name in ("as is", "counters", "aid"):
        assert cost.loc[name].to_numpy() == like(economy.loc[name, list(OUTLAYS)].sum(axis=1))
    assert cost.loc["cashless"].isna().all()
    assert economy.loc["counters", "capital"].tolist() == [20_000.0] * 3
    assert economy.loc["counters", "running"].iloc[0] == pytest.approx(3000 * DAYS / DAYS_A_MONTH)
    assert run().grades["public_cost"] == "D"
    assert small(as_is(), cashless(), measures=("public_cost",), replications=1).run().grades == {
        "public_cost": "given"
    }


def test_aid_paid_before_measuring_begins_is_paid_all_the_same():
    late = small(as_is(), as_is().with_policies("aid", AID), measures=("aid",), measure_from=date(2024, 3, 8),
                 replications=3).run()  # fmt: skip
    assert economy_of(late).loc["aid", "aid"].tolist() == economy_of(run()).loc["aid", "aid"].tolist()
    assert (
        economy_of(late).loc["aid", "welfare_hours"].sum() != economy_of(run()).loc["aid", "welfare_hours"].sum()
    )


def test_support_is_a_cost_as_operators_get_it():
    """One whole month: what the books of operators call support, to half a hundredth an outlet."""
    scenario = Scenario("as is", town(), days=31, start=date(2024, 3, 1))
    support = scenario.with_policies("support", SupportOutlets(per_month=900.0, formats=("breakfast_shop",)))
    found = small(
        scenario,
        support,
        measures=("public_cost",),
        replications=1,
        warmup_days=7,
        mechanisms=Mechanisms(months=True),
    ).run()
    books = found.tables["operators_by_format"].groupby("scenario")["support"].sum()
    paid = economy_of(found)["support"].droplevel("replication")
    outlets = len(town().facilities)
    assert paid["support"] > 0
    assert paid["support"] == pytest.approx(books["support"], abs=0.005 * outlets)
    assert paid["as is"] == 0


def test_support_costs_its_months_where_no_operator_is_simulated():
    support = as_is().with_policies("support", SupportOutlets(per_month=900.0, formats=("breakfast_shop",)))
    found = small(as_is(), support, measures=("public_cost",), replications=1).run()
    shops = AddFacilities(format="breakfast_shop", count=1, siting="largest_gap").apply(town()).facilities
    many = int((town().facilities.format == shops.format[-1]).sum())
    assert economy_of(found).loc["support", "support"].iloc[0] == pytest.approx(many * 900 * DAYS / DAYS_A_MONTH)


def test_who_has_given_up_gets_no_support_and_who_got_nothing_no_aid():
    """Three outlets at 300, 600 and 900 a month, the last vacant; of three needs the last was met elsewhere."""
    outlets = SimpleNamespace(support_yuan_month=np.array([300.0, 600.0, 900.0]))
    page = SimpleNamespace(rows=3, fate=np.array([Fate.INSIDE, Fate.DELIVERED, Fate.HOME, Fate.INSIDE], np.int8),
                           voucher_fen=np.array([250, 50, 7, 99], np.int64))  # fmt: skip
    trading = SimpleNamespace(present=np.array([True, True, False]))
    paid = paid_on(page, trading, SimpleNamespace(facilities=outlets))
    assert (paid * PAID_UNIT).tolist() == pytest.approx([3.0, 900 / DAYS_A_MONTH])


def test_mean_changes_of_residents_are_the_differences_of_the_measures():
    table = run().winners_and_losers().drop_duplicates(["scenario", "measure", "by", "group"])
    for by in ("", "age60"):
        compared = run().compare(by=by).set_index(["scenario", "measure", "group"])["difference"]
        rows = table[table["by"] == by].set_index(["scenario", "measure", "group"])["mean_change"]
        assert len(rows) == (3 * 2 if by == "" else 3 * 2 * 2)
        # Changes are kept in single precision.
        assert rows.to_numpy() == pytest.approx(compared.reindex(rows.index).to_numpy(), abs=1e-5)


def test_shares_of_winners_add_up_and_fall_with_the_threshold():
    table = run().winners_and_losers()
    sums = table[["gain_share", "stay_share", "lose_share"]].sum(axis=1)
    assert sums.to_numpy() == pytest.approx(1.0)
    for _, rows in table.groupby(["scenario", "measure", "by", "group"]):
        assert rows["threshold"].is_monotonic_increasing
        assert rows["stay_share"].is_monotonic_increasing
    assert (table["n"] >= 30).all()
    assert table["sure_gain_share"].isna().all()
    losers = table[(table["scenario"] == "cashless") & (table["group"] == "60+") & (table["threshold"] == 0.1)]
    assert losers["lose_share"].iloc[0] > losers["gain_share"].iloc[0]


def test_a_scenario_that_changes_nothing_leaves_everybody_where_they_are():
    same = as_is().with_policies("same")
    found = small(as_is(), same, replications=2).run().winners_and_losers()
    assert set(found["stay_share"]) == {1.0}
    assert set(found["mean_change"]) == {0.0}


def test_a_resident_costs_eight_bytes_a_comparison_whatever_the_days():
    from circlesim.experiments.draw import make_draw
    from circlesim.experiments.unit import run_unit

    asked = small(as_is(), cashless())
    for days in (3, DAYS):
        scenarios = tuple(
            Scenario(each.name, town(), days=days, policies=each.policies) for each in asked.scenarios
        )
        design, draw = prepared(replace(asked, scenarios=scenarios), make_draw)
        kept = run_unit(design, draw, 0)["changes"]
        assert kept.shape == (RESIDENTS, 2)
        assert kept.memory_usage(index=False).sum() == BYTES_A_RESIDENT * RESIDENTS == 8 * RESIDENTS


def prepared(asked, make_draw):
    from circlesim.experiments.design import compile_design

    design = compile_design(asked)
    return design, make_draw(design, 0, asked.world, asked.parameters, asked.constants)


def test_a_run_of_one_scenario_compares_nobody():
    found = small(as_is(), replications=1).run()
    assert not len(found.tables.get("winners", ()))
    assert not len(found.cost_effectiveness())
    assert not len(found.acceptability())
    assert change_table([], []).shape == (0, 0)


def test_a_run_folder_gives_the_same_tables(tmp_path):
    run().write(tmp_path)
    back = read_outcomes(tmp_path)
    for effect in ("satisfied_adults", "welfare_hours"):
        pd.testing.assert_frame_equal(back.cost_effectiveness(effect), run().cost_effectiveness(effect))
        pd.testing.assert_frame_equal(back.acceptability(effect), run().acceptability(effect))
    assert len(back.winners_and_losers()) == len(run().winners_and_losers())
    written = pd.read_csv(tmp_path / "cost_effectiveness.csv")
    assert tuple(written.columns) == COST_COLUMNS
    assert tuple(pd.read_csv(tmp_path / "acceptability.csv").columns) == CURVE_COLUMNS


def test_parts_of_spending_stand_in_the_cost_table():
    row = run().cost_effectiveness().set_index("scenario").loc["counters"]
    switching = run().switching()
    own = switching[(switching["scenario"] == "counters") & (switching["by"] == "")]
    change = (own["spend_after"] - own["spend_before"]).sum()
    assert row["spend_new"] + row["spend_recaptured"] + row["spend_shifted"] - row["spend_lost"] == pytest.approx(
        change
    )
    assert row["spend_new"] > 0


def test_a_shared_policy_without_a_cost_does_not_hide_that_of_another():
    both = cashless().with_policies("both", COUNTERS)
    found = small(as_is(), cashless(), replace(both, baseline="cashless"), replications=2).run()
    rows = found.cost_effectiveness().set_index("scenario")
    assert rows.loc["cashless", "finding"] == NO_COST
    assert np.isnan(rows.loc["cashless", "cost"])
    assert rows.loc["both", "capital"] == 20_000.0


# ------------------------------------------------------------------------------------------------ by hand


def made_up(gains, costs, draws=()):
    """`economy.csv` of scenarios a, b, …: gain and cost of each by replication; draws of the gains besides."""
    rows = []
    for name, gain in {"base": [0.0] * len(next(iter(gains.values()))), **gains}.items():
        for r, value in enumerate(gain):
            cost = 0.0 if name == "base" else costs[name]
            rows.append((name, 0, r, cost, 0.0, 0.0, 0.0, "", 100.0 + value, value))
        for a, factor in enumerate(draws, start=1):
            for r in range(2):
                cost = 0.0 if name == "base" else costs[name]
                rows.append((name, a, r, cost, 0.0, 0.0, 0.0, "", 100.0 + factor * gain[0], factor * gain[0]))
    return pd.DataFrame(rows, columns=list(COLUMNS))


NOTHING = pd.DataFrame(columns=["by"])
BY_HAND = made_up(
    {"a": [9.0, 11.0, 10.0], "b": [20.0, 20.0, 20.0], "c": [19.0, 21.0, 20.0], "d": [-5.0, 6.0, 0.0],
     "e": [-5.0, -4.0, -6.0], "f": [-5.0, -4.0, -6.0], "g": [4.0, 5.0, 6.0]},
    {"a": 3000.0, "b": 4000.0, "c": 5000.0, "d": 10.0, "e": 10.0, "f": -200.0, "g": 0.0},
)  # fmt: skip
BASES = {"base": "base", **dict.fromkeys("abcdefg", "base")}


def test_findings_ratios_and_standings_are_told_from_a_table_by_hand():
    table = cost_table(BY_HAND, NOTHING, BASES, ["satisfied_adults"]).set_index("scenario")
    assert table["finding"].to_dict() == {
        "a": MORE_FOR_MORE, "b": MORE_FOR_MORE, "c": MORE_FOR_MORE, "d": UNTOLD, "e": WASTES, "f": LESS_FOR_LESS,
        "g": SAVES,
    }  # fmt: skip
    assert table.loc["a", "cost_per_gain"] == pytest.approx(300.0)
    assert table.loc["b", ["cost_per_gain", "ratio_low", "ratio_high"]].tolist() == pytest.approx([200.0] * 3)
    assert table.loc["f", "cost_per_gain"] == pytest.approx(40.0)
    assert table.loc[["d", "e", "g"], "cost_per_gain"].isna().all()
    # From g (0, 5) to a (3000, 10) a step costs 600, from g to b (4000, 20) 267: a is out by extension.
    assert table["standing"].to_dict() == {
        "a": EXTENDEDLY, "b": ON_FRONTIER, "c": DOMINATED, "d": DOMINATED, "e": DOMINATED, "f": ON_FRONTIER,
        "g": ON_FRONTIER,
    }  # fmt: skip
    assert table.loc["b", "beside"] == "g"
    assert table.loc["b", "step_cost_per_gain"] == pytest.approx(4000 / 15)
    assert table.loc["g", "beside"] == "f"


def test_one_replication_tells_nothing():
    table = cost_table(made_up({"a": [5.0]}, {"a": 1.0}), NOTHING, {"base": "base", "a": "base"})
    assert set(table["finding"]) == {TOO_FEW}
    assert table["cost_per_gain"].isna().all()


def test_draws_of_the_assumptions_stand_beside_luck():
    economy = made_up({"a": [9.0, 11.0], "b": [1.0, 3.0]}, {"a": 60.0, "b": 10.0}, draws=(1.0, 0.5, -1.0, 2.0))
    bases = {"base": "base", "a": "base", "b": "base"}
    row = cost_table(economy, NOTHING, bases, ["satisfied_adults"]).set_index("scenario").loc["a"]
    assert row["draws"] == 4
    assert row["gain_share_of_draws"] == 0.75
    curve = acceptability_table(economy, bases, {"satisfied_adults": [0.0, 10.0]})
    drawn = curve[(curve["over"] == "assumptions") & (curve["willingness"] == 10.0)].set_index("scenario")
    # Net benefits of a: 30, -15, -150, 120; of b: 0, -5, -20, 10; of the base: 0.
    assert drawn["net_benefit"].to_dict() == pytest.approx({"base": 0.0, "a": -3.75, "b": -3.75})
    assert drawn["best_share"].to_dict() == {"base": 0.5, "a": 0.5, "b": 0.0}
    assert drawn["perfect_information"].unique() == pytest.approx([(30 + 0 + 0 + 120) / 4])
    assert drawn["best_on_average"].to_dict() == {"base": 1, "a": 0, "b": 0}
    at_nothing = curve[(curve["willingness"] == 0.0)].set_index("scenario")
    assert set(at_nothing.loc["base", "best_share"]) == {1.0}
    assert set(at_nothing["perfect_information"]) == {0.0}


def test_every_point_of_every_curve_adds_up_to_one():
    for table in (acceptability_table(BY_HAND, BASES), run().tables["acceptability"]):
        sums = table.groupby(["effect", "over", "baseline", "willingness"])["best_share"].sum()
        assert sums.to_numpy() == pytest.approx(1.0)
        assert (table["perfect_information"] >= 0).all()
        assert len(table)


def test_capital_may_be_spread_over_the_months_it_lasts():
    whole, spread = (
        run().cost_effectiveness(capital_months=months).set_index("scenario").loc["counters"]
        for months in (None, 60.0)
    )
    assert spread["capital"] == pytest.approx(whole["capital"] * DAYS / DAYS_A_MONTH / 60)
    assert spread["running"] == whole["running"]
    short = run().cost_effectiveness(capital_months=0.01).set_index("scenario").loc["counters"]
    assert short["capital"] == whole["capital"]


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ConfigError) as told:
        run().cost_effectiveness("satisfied_adult", capital_months=0)
    assert [fault.where for fault in told.value.faults] == ["effect", "capital_months"]
    assert "satisfied_adults" in told.value.faults[0].hint
    with pytest.raises(ConfigError, match="number from 0"):
        run().acceptability(willingness=[-1.0])


def test_a_stated_willingness_is_taken():
    table = run().acceptability("welfare_hours", [250.0])
    assert set(table["willingness"]) == {250.0}
    rows = table.set_index("scenario")
    pairs = economy_of(run())
    gain = (pairs.loc["counters", "welfare_hours"] - pairs.loc["as is", "welfare_hours"]).mean()
    cost = pairs.loc["counters", list(OUTLAYS)].sum(axis=1).mean()
    assert rows.loc["counters", "net_benefit"] == pytest.approx(250 * gain - cost)
