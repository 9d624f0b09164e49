"""Claims: what a run says of what was expected of it, and laws that hold where choices stand alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import circlesim as cs
from circlesim.errors import ConfigError
from circlesim.experiments.claims import Expectation, Law, Side
from circlesim.experiments.laws import check_laws
from circlesim.experiments.verdicts import kept, verdicts


def outcomes(values: dict[tuple[str, str, str], list[float]], *, assumption: int = 0) -> pd.DataFrame:
    """A tall table: scenario, by and group to one value a replication."""
    return pd.DataFrame([
        {"scenario": scenario, "assumption": assumption, "replication": j, "measure": "walk_min",
         "unit": "minutes", "by": by, "group": group, "value": value}
        for (scenario, by, group), row in values.items()
        for j, value in enumerate(row)
    ])  # fmt: skip


def expects(higher: Side | None, lower: Side | None) -> Expectation:
    return Expectation(says="one lies above the other", measure="walk_min", higher=higher, lower=lower)


AS_IS, SHOPS = ("as is", "", ""), ("shops", "", "")


def test_a_claim_on_two_scenarios_is_the_paired_t_test_of_scipy() -> None:
    table = outcomes({AS_IS: [5.0, 6.0, 7.5, 5.5], SHOPS: [4.6, 5.7, 6.9, 5.4]})
    row = verdicts(table, [expects(Side(scenario="as is"), Side(scenario="shops"))]).iloc[0]
    test = stats.ttest_rel([5.0, 6.0, 7.5, 5.5], [4.6, 5.7, 6.9, 5.4]).confidence_interval()
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((test.low, test.high))
    assert row["difference"] == pytest.approx(0.35)
    assert row["verdict"] == "shown"


def test_who_gains_more_is_a_difference_of_differences() -> None:
    table = outcomes({
        ("as is", "schedule", "worker"): [5.0, 6.0], ("shops", "schedule", "worker"): [6.0, 7.1],
        ("as is", "schedule", "retired"): [4.0, 4.0], ("shops", "schedule", "retired"): [4.2, 4.1],
    })  # fmt: skip
    worker, retired = (Side(scenario="shops", over="as is", by="schedule", group=g) for g in ("worker", "retired"))
    row = verdicts(table, [expects(worker, retired)]).iloc[0]
    assert row["difference"] == pytest.approx(np.mean([1.0 - 0.2, 1.1 - 0.1]))


def test_a_side_left_out_is_zero() -> None:
    table = outcomes({AS_IS: [5.0, 6.0, 7.0], SHOPS: [4.0, 5.1, 6.0]})
    fall = expects(None, Side(scenario="shops", over="as is"))
    assert verdicts(table, [fall]).iloc[0]["difference"] == pytest.approx(np.mean([1.0, 0.9, 1.0]))


@given(st.lists(st.floats(-10, 10), min_size=2, max_size=12), st.floats(-3, 3))
def test_turning_a_claim_round_turns_its_verdict_round(values: list[float], shift: float) -> None:
    noise = [shift + 0.1 * j for j in range(len(values))]
    table = outcomes({AS_IS: values, SHOPS: [v + n for v, n in zip(values, noise, strict=True)]})
    one, other = Side(scenario="as is"), Side(scenario="shops")
    found = verdicts(table, [expects(one, other), expects(other, one)])
    assert found["difference"][0] == pytest.approx(-found["difference"][1])
    turned = {"shown": "refuted", "refuted": "shown", "open": "open"}
    assert turned[found["verdict"][0]] == found["verdict"][1]


def test_an_expectation_that_did_not_move_is_open_and_a_law_that_did_not_move_holds() -> None:
    table = outcomes({AS_IS: [5.0, 6.0], SHOPS: [5.0, 6.0]})
    claim = expects(Side(scenario="shops"), Side(scenario="as is"))
    assert verdicts(table, [claim]).iloc[0]["verdict"] == "open"
    assert kept(table, [claim]).iloc[0]["verdict"] == "holds"


def test_a_law_is_broken_by_one_replication() -> None:
    table = outcomes({AS_IS: [5.0, 6.0, 7.0], SHOPS: [9.0, 9.0, 6.999]})
    law = expects(Side(scenario="shops"), Side(scenario="as is"))
    assert kept(table, [law]).iloc[0]["verdict"] == "broken"


def test_a_group_without_a_figure_has_no_verdict() -> None:
    table = outcomes({AS_IS: [5.0, 6.0], SHOPS: [5.0, 6.0]})
    row = verdicts(table, [expects(Side(scenario="shops", by="age_band", group="80+"), None)]).iloc[0]
    assert row["verdict"] == "no figure"
    assert row["replications"] == 0


def test_the_range_over_assumptions_stands_beside_and_decides_nothing() -> None:
    table = pd.concat([
        outcomes({AS_IS: [5.0, 6.0], SHOPS: [6.0, 7.1]}),
        outcomes({AS_IS: [5.0, 6.0], SHOPS: [3.0, 4.0]}, assumption=1),
        outcomes({AS_IS: [5.0, 6.0], SHOPS: [6.0, 7.0]}, assumption=2),
    ])  # fmt: skip
    row = verdicts(table, [expects(Side(scenario="shops"), Side(scenario="as is"))]).iloc[0]
    assert row["verdict"] == "shown"
    low, high = np.quantile([-2, 1], [0.05, 0.95])
    assert (row["assumption_low"], row["assumption_high"]) == pytest.approx((low, high))
    assert row["sign_share"] == 0.5


@pytest.fixture(scope="module")
def asked() -> cs.Experiment:
    town = cs.demo_world("old_town", residents=600)
    as_is = cs.Scenario("as is", town, days=5)
    shops = as_is.with_policies("shops", cs.AddFacilities(format="breakfast_shop", count=3))
    return cs.Experiment([as_is, shops], replications=2, measures=["met_inside_share"], by=["age_band"])


def law(higher: str, lower: str) -> Law:
    return Law(says=f"{higher} is not below {lower}", measure="met_inside_share", higher=Side(scenario=higher),
               lower=Side(scenario=lower))  # fmt: skip


def test_more_shops_keep_the_law_of_attraction_and_its_opposite_is_broken(asked: cs.Experiment) -> None:
    claims = (law("as is", "shops"), law("shops", "as is"))
    found = check_laws(replace(asked, laws=claims)).set_index("says")
    assert found.loc["shops is not below as is", "verdict"] == "holds"
    assert found.loc["as is is not below shops", "verdict"] == "broken"
    assert list(found.index) == [claim.says for claim in claims]


def test_an_experiment_without_laws_has_none_to_try(asked: cs.Experiment) -> None:
    with pytest.raises(ConfigError, match="no law"):
        check_laws(asked)


def test_a_run_carries_its_verdicts_into_its_folder(asked: cs.Experiment, tmp_path: Path) -> None:
    gain = Side(scenario="shops", over="as is")
    claim = Expectation(says="more is met", measure="met_inside_share", higher=gain)
    asked_for = replace(asked, expectations=(claim,))
    outcomes = asked_for.run(tmp_path / "run")
    table = cs.read_outcomes(tmp_path / "run").tables["expectations"]
    assert table["verdict"].tolist() == outcomes.tables["expectations"]["verdict"].tolist()
    assert table["difference"][0] == pytest.approx(outcomes.compare("met_inside_share")["difference"][0])


def test_claims_on_what_is_not_there_are_all_named_at_once(asked: cs.Experiment) -> None:
    wrong = Expectation(says="x", measure="met_inside", higher=Side(scenario="shop", by="sex", group="women"))
    half = Law(says="y", measure="met_inside_share", higher=Side(scenario="shops", group="70-79"), off=("queue",))
    with pytest.raises(ConfigError) as caught:
        replace(asked, expectations=(wrong, replace(wrong, higher=None)), laws=(half,))
    text = str(caught.value)
    for place in ("expectations[0].measure", "expectations[0].higher.scenario", "expectations[0].higher.by",
                  "expectations[1]", "laws[0].higher", "laws[0].off[0]", "did you mean 'shops'",
                  "did you mean 'met_inside_share'"):  # fmt: skip
        assert place in text, place
