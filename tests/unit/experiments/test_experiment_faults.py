from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from small_runs import as_is, cashless, counters, small

from circlesim.errors import ConfigError
from circlesim.experiments.precision import Precision
from circlesim.experiments.scenario import Scenario


def test_every_fault_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        small(replications=0, assumptions=-1, by=("age_bnd",), measures=("spnd", "spend"), workers=0)
    text = str(caught.value)
    for word in ("replications", "assumptions", "age_band", "spend", "workers"):
        assert word in text


def test_two_scenarios_of_one_name_are_refused():
    with pytest.raises(ConfigError, match="one name"):
        small(as_is(), as_is())


def test_scenarios_share_their_days():
    with pytest.raises(ConfigError, match="share their days"):
        small(as_is(), replace(counters(), days=9))


def test_a_baseline_must_be_run_too():
    with pytest.raises(ConfigError, match="no scenario of this experiment"):
        small(cashless())


def test_measuring_must_begin_within_the_days():
    with pytest.raises(ConfigError, match="measure_from"):
        small(measure_from=date(2025, 1, 1))


def test_a_scenario_lasts_a_day_at_least():
    with pytest.raises(ConfigError, match="at least one day"):
        Scenario("short", as_is().world, days=0)


def test_a_scenario_takes_policies_only():
    with pytest.raises(ConfigError, match="not a policy"):
        as_is().with_policies("more", "four counters")


def test_measuring_begins_at_the_latest_start():
    assert small(as_is(), counters()).first_measured_day == 0
    assert small(as_is(), cashless()).first_measured_day == 2


def test_a_stacked_scenario_brings_its_sites():
    package = as_is().with_policies("package", counters(), cashless())
    from circlesim.experiments.timelines import resolved_policies

    own, brought = resolved_policies(counters()), resolved_policies(package)
    assert brought[0] == own[0]


@pytest.mark.parametrize("wrong", [{"min": 0}, {"batch": 0}, {"max": 5}, {"half_width": {"spend": 0.0}}])
def test_a_stopping_rule_that_cannot_hold_is_refused(wrong):
    with pytest.raises(ConfigError):
        Precision(**wrong)


def test_replications_go_on_until_the_width_is_met():
    rule = Precision(min=2, batch=1, max=6, half_width={"spend": 1e-9})
    assert small(as_is(), counters(), replications=rule).run(workers=1).manifest["units"]["done"] == 6
    easy = Precision(min=2, batch=1, max=6, half_width={"spend": 1e9})
    assert small(as_is(), counters(), replications=easy).run(workers=1).manifest["units"]["done"] == 2
