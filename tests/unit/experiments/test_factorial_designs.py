"""Factorial designs: which combinations are run, and what their figures say of effects and interactions."""

from functools import cache
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_runs import START, as_is, cashless, counters, small

from circlesim.errors import ConfigError
from circlesim.experiments.factorial import Factorial, joined
from circlesim.experiments.interactions import INTERACTION, MAIN, PACKAGE, effects_of, interaction_table

ABCD = ("a", "b", "c", "d")


def outcomes(values, replications=5, noise=None):
    """A run of one measure: scenario to its value in each replication."""
    rows = [
        {"scenario": name, "assumption": 0, "replication": r, "measure": "m", "unit": "u", "by": "", "group": "",
         "value": value + (0.0 if noise is None else noise[name][r])}
        for name, value in values.items() for r in range(replications)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def response(design, coefficients, constant=3.0):
    """Values of a polynomial in levels of -1 and 1, at every run of a design and at the baseline."""
    found = {}
    for subset in [(), *design.subsets]:
        level = {name: 1 if name in subset else -1 for name in design.of}
        found[joined(subset) or "base"] = constant + sum(
            beta * np.prod([level[name] for name in effect]) for effect, beta in coefficients.items()
        )
    return found


def found(design, values):
    table = interaction_table(outcomes(values), design, dict.fromkeys(values, "base"))
    return {(row["kind"], row["effect"]): row["difference"] for _, row in table.iterrows()}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-5, 5), min_size=7, max_size=7))
def test_a_full_design_gives_back_every_coefficient_of_the_response(beta):
    design = Factorial(("a", "b", "c"))
    effects = [subset for size in (1, 2, 3) for subset in combinations(design.of, size)]
    coefficients = dict(zip(effects, beta, strict=True))
    told = found(design, response(design, coefficients))
    for effect, each in coefficients.items():
        kind = MAIN if len(effect) == 1 else INTERACTION
        # An effect is the change from the low to the high level: twice the coefficient.
        assert told[kind, joined(effect)] == pytest.approx(2 * each, abs=1e-9)


def test_half_a_design_adds_an_effect_and_its_alias():
    design = Factorial(ABCD, fraction="half")
    assert len(design.subsets) == 8
    coefficients = {("a",): 1.0, ("b", "c", "d"): 0.25, ("a", "b"): 0.5, ("c", "d"): 0.125}
    told = found(design, response(design, coefficients))
    # Runs of odd size have the product of all levels at -1 for an even number of factors.
    assert told[MAIN, "a"] == pytest.approx(2 * (1.0 - 0.25))
    assert told[INTERACTION, "a + b"] == pytest.approx(2 * (0.5 - 0.125))
    assert (INTERACTION, "c + d") not in told
    assert design.alias(("a",)) == ("b", "c", "d")


def test_a_package_is_set_against_the_sum_of_its_parts():
    design = Factorial(("a", "b", "c"))
    values = {"base": 10.0, "a": 11.0, "b": 13.0, "c": 10.0, "a + b": 13.5, "a + c": 11.0, "b + c": 13.0,
              "a + b + c": 15.0}  # fmt: skip
    told = found(design, values)
    assert told[PACKAGE, "a + b"] == pytest.approx((13.5 - 10) - (1 + 3))
    assert told[PACKAGE, "a + b + c"] == pytest.approx((15 - 10) - (1 + 3 + 0))


def test_weights_of_every_effect_sum_to_zero():
    for design in (Factorial(("a", "b")), Factorial(ABCD), Factorial(ABCD, fraction="half")):
        for *_, weights in effects_of(design, "base"):
            assert sum(weights.values()) == pytest.approx(0)


def test_the_interval_is_that_of_paired_sums():
    from scipy import stats

    rng = np.random.default_rng(1)
    noise = {name: rng.normal(size=8) for name in ("base", "a", "b", "a + b")}
    frame = outcomes({"base": 0.0, "a": 1.0, "b": 2.0, "a + b": 5.0}, 8, noise)
    table = interaction_table(frame, Factorial(("a", "b")), dict.fromkeys(noise, "base"))
    row = table[table["kind"] == PACKAGE].iloc[0]
    sums = 2.0 + noise["a + b"] + noise["base"] - noise["a"] - noise["b"]
    low, high = stats.t.interval(0.95, 7, sums.mean(), stats.sem(sums))
    assert (row["difference"], row["ci_low"], row["ci_high"]) == pytest.approx((sums.mean(), low, high))


@cache
def run():
    design = Factorial(("counters", "cashless"))
    parts = (as_is(), counters(), cashless())
    return small(*parts, *design.scenarios(parts), factorial=design, measures=("met_inside_share", "spend"),
                 measure_from=START).run()  # fmt: skip


def test_a_run_tells_interactions_of_its_own_scenarios():
    table = run().interactions()
    mean = run().frame().query("by == ''").groupby(["measure", "scenario"])["value"].mean()
    row = table[(table["kind"] == PACKAGE) & (table["measure"] == "spend") & (table["by"] == "")].iloc[0]
    value = mean["spend"]
    due = value["counters + cashless"] - value["counters"] - value["cashless"] + value["as is"]
    assert row["difference"] == pytest.approx(due)
    assert set(table["by"]) == {"", "age60"}


def test_outcomes_without_a_design_say_so():
    with pytest.raises(ConfigError, match="no factorial design"):
        small(as_is(), replications=1, measures=("spend",)).run().interactions()


@pytest.mark.parametrize(
    ("of", "fraction", "words"),
    [(("a",), "full", "too few"), (("a", "a"), "full", "twice"), (("a", "b", "c"), "half", "cannot tell"),
     (("a", "b"), "third", "unknown fraction")],
)  # fmt: skip
def test_a_design_that_cannot_be_is_refused(of, fraction, words):
    with pytest.raises(ConfigError, match=words):
        Factorial(of, fraction=fraction)


def test_factors_must_be_scenarios_on_one_baseline():
    with pytest.raises(ConfigError, match="no such scenario"):
        Factorial(("counters", "cahsless")).scenarios((as_is(), counters(), cashless()))
    with pytest.raises(ConfigError, match="do not share one baseline"):
        Factorial(("as is", "counters")).scenarios((as_is(), counters()))
    with pytest.raises(ConfigError, match="is no scenario"):
        small(as_is(), counters(), cashless(), factorial=Factorial(("counters", "cashless")))
