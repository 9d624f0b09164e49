"""Laws of indifference: what must leave every row of the ledger as it was."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from circlesim.engine import luck
from circlesim.engine.stage import Stage
from circlesim.ledger import Page
from small_towns import DAYS, feedback_towns, seeds
from towns import Town, by_ids, differing, outlets, random_outlets, run, shuffled


@given(feedback_towns, seeds)
def test_the_same_seed_gives_the_same_ledger(town: Town, seed: int) -> None:
    assert differing(town.run(DAYS, seed=seed), town.run(DAYS, seed=seed)) == {}


@given(feedback_towns)
def test_no_policy_equals_the_baseline_exactly(town: Town) -> None:
    # Both scenarios go on from one warm-up, as in an experiment, in lock step and sharing needs.
    baseline = town.simulation()
    for day in range(-4, 0):
        baseline.run_day(day)
    other = baseline.fork((town.stage(),))
    for day in range(7):
        needs = baseline.needs(day)
        pages: list[Page] = [simulation.run_day(day, needs) for simulation in (baseline, other)]
        for name, column in pages[0].columns().items():
            assert np.array_equal(column, pages[1].columns()[name], equal_nan=column.dtype.kind == "f"), name
    for mine, yours in zip(baseline.state, other.state, strict=True):
        assert np.array_equal(mine, yours)


@given(feedback_towns)
def test_a_scenario_leaves_its_sibling_alone(town: Town) -> None:
    alone = town.run(DAYS)
    baseline = town.simulation()
    other = baseline.fork((town.stage(present=False),))
    for day in DAYS:
        other.run_day(day)
    assert differing(run(baseline, DAYS), alone) == {}


@given(feedback_towns, seeds)
def test_an_unreachable_facility_changes_nothing(town: Town, seed: int) -> None:
    island = len(town.streets) - 1
    stranded = random_outlets(
        np.random.default_rng(seed), 3, 1, prefix="far", node_row=island, delivery=0, walk_in=1
    )
    assert differing(town.run(DAYS), town.with_outlets(stranded).run(DAYS)) == {}


@given(feedback_towns, seeds)
def test_a_facility_not_there_equals_one_that_never_was(town: Town, seed: int) -> None:
    nodes = len(town.streets) - 1
    planned = town.with_outlets(random_outlets(np.random.default_rng(seed), 4, nodes, prefix="new"))
    there = np.arange(len(planned.facilities)) < len(town.facilities)
    assert differing(town.run(DAYS), planned.run(DAYS, planned.stage(there))) == {}


@given(feedback_towns, seeds)
def test_nothing_changes_before_a_policy_starts(town: Town, seed: int) -> None:
    nodes, first = len(town.streets) - 1, 6
    planned = town.with_outlets(random_outlets(np.random.default_rng(seed), 4, nodes, prefix="new"))
    there = np.arange(len(planned.facilities)) < len(town.facilities)
    before: Stage = planned.stage(there, first_day=-7)
    ledger = planned.run(DAYS, before, planned.stage(True, first_day=first))
    plain = town.run(DAYS)
    assert differing(ledger.where(ledger["day"] < first), plain.where(plain["day"] < first)) == {}


@given(feedback_towns, seeds)
def test_reordering_input_rows_changes_no_ledger_row(town: Town, seed: int) -> None:
    other = shuffled(town, seed)
    plain, mixed = by_ids(town, town.run(DAYS)), by_ids(other, other.run(DAYS))
    for name, column in plain.items():
        floats = column.dtype.kind == "f"
        assert np.array_equal(column, mixed[name], equal_nan=floats), name


@given(feedback_towns)
def test_bounds_on_luck_spare_work_and_change_nothing(town: Town) -> None:
    pruned = town.run(DAYS)
    with pytest.MonkeyPatch.context() as patch:
        unbounded = np.full(luck.BINS, np.inf)
        patch.setattr(luck, "_GUMBEL_BOUND", unbounded)
        patch.setattr(luck, "_NORMAL_BOUND", unbounded)
        assert differing(pruned, town.run(DAYS)) == {}


@given(feedback_towns)
def test_a_facility_nobody_needs_changes_nothing(town: Town) -> None:
    library = outlets(2, "library", prefix="library", node_row=[0, 1], delivery=1, delivery_radius_m=9e3)
    assert differing(town.run(DAYS), town.with_outlets(library).run(DAYS)) == {}


@given(feedback_towns)
def test_names_rents_and_jobs_are_no_business_of_residents(town: Town) -> None:
    count = len(town.facilities)
    dearer = replace(
        town.facilities, name=np.array(["大饼"] * count, "U9"), rent_yuan_month=np.full(count, 9e4),
        staff=np.full(count, 9.0), margin=np.full(count, 0.9), area_m2=np.full(count, 500.0),
        local_share=np.full(count, 0.7), reserved_posts=np.full(count, 2, np.int32),
    )  # fmt: skip
    assert differing(town.run(DAYS), town.but(facilities=dearer).run(DAYS)) == {}
