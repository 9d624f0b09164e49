from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from small_runs import as_is, cashless, counters, small
from test_run_folder_resume import units

from circlesim.errors import CircleSimError
from circlesim.experiments.forecast import replications_for
from circlesim.experiments.precision import Precision


@given(st.floats(0.01, 10), st.floats(0.05, 2))
def test_the_forecast_is_the_fewest_pairs_that_are_narrow_enough(sd, wanted):
    def half(pairs):
        return stats.t.ppf(0.975, pairs - 1) * sd / np.sqrt(pairs)

    count = replications_for(sd, wanted)
    assert half(count) <= wanted * (1 + 1e-12)
    assert count == 2 or half(count - 1) > wanted


def test_a_forecast_counts_units_as_the_run_plans_them(tmp_path):
    asked = small(as_is(), cashless(), replications=3, assumptions=2)
    told = asked.forecast(pilot=0)
    asked.run(tmp_path, workers=1)
    assert told.units == len(units(tmp_path)) == 9
    assert (told.pilot, told.needs) == (0, ())
    assert np.isnan(told.minutes)


def test_a_forecast_writes_nothing_and_runs_no_more_than_its_pilot(tmp_path, monkeypatch):
    from circlesim.experiments import forecast

    ran = []

    def noted(design, draw, replication, *, run=forecast.run_unit):
        ran.append(replication)
        return run(design, draw, replication)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(forecast, "run_unit", noted)
    told = small(as_is(), cashless(), replications=50).forecast(pilot=3, workers=2)
    assert ran == [0, 1, 2]
    assert not list(tmp_path.iterdir())
    assert (told.replications, told.units, told.pilot) == (50, 50, 3)
    assert told.minutes == pytest.approx(50 * told.unit_seconds / 2 / 60)


def test_megabytes_are_those_of_the_files_of_a_run(tmp_path):
    asked = small(as_is(), cashless(), replications=3)
    told = asked.forecast(pilot=2)
    asked.run(tmp_path, workers=1)
    found = sum(path.stat().st_size for path in units(tmp_path).values()) / 1e6
    assert told.megabytes == pytest.approx(found, rel=0.1)


def test_the_spread_of_a_pilot_is_that_of_its_paired_differences(tmp_path):
    asked = small(as_is(), cashless(), replications=4, measures=["spend"])
    (need,) = asked.forecast(pilot=4).needs
    frame = asked.run(workers=1).frame()
    wide = frame[frame["by"] == ""].pivot(index="replication", columns="scenario", values="value")
    assert need.sd == pytest.approx((wide["cashless"] - wide["as is"]).std(ddof=1))
    assert (need.scenario, need.measure, need.needed) == ("cashless", "spend", None)


def test_replications_under_a_stopping_rule_are_forecast_from_the_pilot():
    wide = Precision(min=4, batch=3, max=40, half_width={"spend": 1e6})
    narrow = Precision(min=4, batch=3, max=40, half_width={"spend": 1e-9})
    asked = {"measures": ["spend"]}
    assert small(as_is(), cashless(), replications=wide, **asked).forecast(pilot=3).replications == 4
    assert small(as_is(), cashless(), replications=narrow, **asked).forecast(pilot=3).replications == 40
    (need,) = small(as_is(), cashless(), replications=4, **asked).forecast(pilot=4).needs
    width = stats.t.ppf(0.975, 8) * need.sd / 3  # nine pairs, so the look at ten is the first that suffices
    rule = Precision(min=4, batch=3, max=40, half_width={"spend": width * 1.000001})
    assert small(as_is(), cashless(), replications=rule, **asked).forecast(pilot=4).replications == 10


def test_a_difference_that_never_varies_needs_no_line():
    still = small(as_is(), counters(), replications=3, measures=["coverage:breakfast_shop:10"])
    assert still.forecast(pilot=3).needs == ()


def test_a_pilot_below_zero_is_refused():
    with pytest.raises(CircleSimError, match="0 replications or more"):
        small().forecast(pilot=-1)
