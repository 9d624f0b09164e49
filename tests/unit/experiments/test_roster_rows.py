from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

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
