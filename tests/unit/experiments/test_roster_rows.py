from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.experiments.roster import compile_roster
from circlesim.world.facilities import concatenate_facilities
from towns import outlets

START = date(2024, 3, 4)


def two():
    return outlets(2, "breakfast")


def with_new(table, prefix="n", count=1, **columns):
    return concatenate_facilities(table, outlets(count, "breakfast", prefix=prefix, **columns))


def test_every_scenario_has_every_row_in_one_order():
    base = two()
    roster = compile_roster(base, [[(0, with_new(base, "a"))], [(0, with_new(base, "b"))]], START, 7)
    for stages in (roster.baseline, *roster.stages):
        for stage in stages:
            assert stage.facilities.facility.tolist() == roster.facilities.facility.tolist()
    assert [stages[0].present.tolist() for stages in roster.stages] == [
        [True, True, True, False],
        [True, True, False, True],
    ]
    assert roster.baseline[0].present.tolist() == [True, True, False, False]


def test_scenarios_of_equal_facts_share_their_stages():
    base = two()
    same = replace(base, quality=base.quality.copy())
    roster = compile_roster(
        base, [[(0, base)], [(0, same)], [(0, base), (3, with_new(base))]], START, 7, warmup_days=2
    )
    assert roster.stages[0][0] is roster.stages[1][0]
    assert roster.stages[0][0] is roster.stages[2][0]
    assert roster.stages[0][0] is roster.baseline[0]
    assert [stage.first_day for stage in roster.stages[2]] == [-2, 3]


def test_a_span_that_changes_nothing_is_no_stage():
    base = two()
    roster = compile_roster(base, [[(0, base), (2, replace(base, name=base.name.copy()))]], START, 7)
    assert len(roster.stages[0]) == 1


def test_outlets_come_and_go_by_their_dates():
    days = np.array(["2024-03-07", "NaT"], dtype="M8[D]")
    base = replace(two(), opened=days, closed=days[::-1].copy())
    roster = compile_roster(base, [[(0, base)]], START, 7)
    assert [(stage.first_day, stage.present.tolist()) for stage in roster.stages[0]] == [
        (0, [False, True]),
        (3, [True, False]),
    ]


def test_the_reach_covers_every_service_any_stage_offers():
    base = two()
    wider = replace(base, services=base.services | np.uint32(8))
    assert (compile_roster(base, [[(0, base), (2, wider)]], START, 7).facilities.services & np.uint32(8)).all()


def test_a_facility_that_is_not_there_yet_keeps_its_row():
    base = two()
    roster = compile_roster(base, [[(0, base), (4, with_new(base, price_level=2.0))]], START, 7)
    before, after = roster.stages[0]
    assert before.present.tolist() == [True, True, False]
    assert after.present.tolist() == [True, True, True]
    assert before.facilities.price_level.tolist() == after.facilities.price_level.tolist()


def test_a_service_attached_on_some_day_is_offered_from_that_day_on_and_only_there(tmp_path: Path) -> None:
    import circlesim as cs

    town = cs.demo_world("old_town", residents=1_500)
    as_is = cs.Scenario("as is", town, days=6)
    carried = cs.AttachServices(services=("pharmacy", "hair"), starts=as_is.start + timedelta(days=3))
    asked = cs.Experiment(
        [as_is, as_is.with_policies("carried", carried)], replications=1, warmup_days=1, measure_from=as_is.start,
        measures=["met_inside_share"],
    )  # fmt: skip
    asked.run(tmp_path, keep_ledger=True)
    new = set(town.facilities.facility[town.facilities.format == FORMAT_INDEX["convenience_store"]].tolist())
    for name, expected in (("00", set()), ("01", {3, 4, 5})):
        (path,) = (tmp_path / "ledger").glob(f"{name}-*.parquet")
        rows = pd.read_parquet(path).query("service in ('pharmacy', 'hair')")
        assert set(rows[rows["facility"].isin(new)]["day"]) == expected
        tried = rows[rows["first_choice"].isin(new)]
        assert set(tried["day"]) == expected, "nobody so much as looks at it before"


def test_each_state_of_the_ways_is_made_once() -> None:
    base = two()
    wider = replace(base, services=base.services | np.uint32(8))
    spans = [[(0, base), (2, wider)], [(0, wider)], [(0, base), (3, wider), (5, base)]]
    roster = compile_roster(base, spans, START, 7)
    assert [stage.gates for stages in roster.stages for stage in stages] == [0, 1, 1, 0, 1, 0]
    assert len(roster.offers) == 2
    assert np.array_equal(roster.open_to_all(0).services, base.services)
    assert np.array_equal(roster.open_to_all(1).services, wider.services)
