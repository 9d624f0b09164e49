"""Shards: circles that share no outlet are run apart, and the city is the same as in one piece."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import circlesim as cs
from circlesim.catalog.constants import Constants
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments import shards
from circlesim.experiments.constants import constants_for
from circlesim.experiments.design import compile_design, prepared_for
from circlesim.experiments.draw import make_draw
from circlesim.world.city import city
from circlesim.world.world import World

MEASURES = (
    "satisfaction_top2",
    "met_inside_share",
    "unmet_share",
    "walk_min",
    "spend",
    "welfare_min",
    "outlets_trading",
)
ROW = ["day", "resident", "service", "ordinal", "need_min"]


@pytest.fixture(scope="module")
def world() -> World:
    return city(residents=1_600)


@pytest.fixture(scope="module")
def constants(world: World) -> Constants:
    return constants_for(world, cs.default_parameters())


def asked(world: World, constants: Constants, mechanisms: Mechanisms, days: int) -> cs.Experiment:
    as_is = cs.Scenario("as is", world, days=days, start=pd.Timestamp("2024-03-20").date())
    shops = as_is.with_policies("shops", cs.AddFacilities(format="breakfast_shop", count=2))
    cash = as_is.with_policies("cash", cs.RefuseCash(share=0.4, seed=1))
    return cs.Experiment([as_is, shops, cash], replications=1, warmup_days=7, measures=MEASURES,
                         by=["circle", "age60"], mechanisms=mechanisms, constants=constants)  # fmt: skip


EVERYTHING = Mechanisms(**{each.name: True for each in fields(Mechanisms)})


@pytest.mark.parametrize(
    ("mechanisms", "days"), [(Mechanisms(), 4), (EVERYTHING, 15)], ids=["plain", "everything on"]
)
def test_a_city_in_shards_is_the_city_in_one_piece_row_for_row(
    world: World, constants: Constants, mechanisms: Mechanisms, days: int, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    experiment = asked(world, constants, mechanisms, days)
    apart = experiment.run(tmp_path / "apart", keep_ledger=True)
    monkeypatch.setattr(shards, "shared_circles", lambda world, walks, roster: ((1, 2, 3, 4),))
    whole = experiment.run(tmp_path / "whole", keep_ledger=True)
    np.testing.assert_allclose(apart.outcomes["value"], whole.outcomes["value"], rtol=1e-12)
    for name, table in whole.tables.items():
        pd.testing.assert_frame_equal(apart.tables[name], table, rtol=1e-9)
    pages = sorted((tmp_path / "whole" / "ledger").glob("*.parquet"))
    assert len(pages) == 3
    for path in pages:
        one, other = (
            pd.read_parquet(each).sort_values(ROW).reset_index(drop=True)
            for each in (path, tmp_path / "apart" / "ledger" / path.name)
        )
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def shared(experiment: cs.Experiment) -> tuple[tuple[int, ...], ...]:
    design = compile_design(experiment)
    assert experiment.constants is not None
    whole = prepared_for(design, experiment.world, experiment.parameters, experiment.constants)
    assert whole.world.facilities is design.roster.facilities
    return shards.shared_circles(
        replace(experiment.world, facilities=design.roster.facilities), design.walks, design.roster
    )


def test_four_circles_out_of_reach_are_four_shards(world: World, constants: Constants) -> None:
    assert shared(asked(world, constants, Mechanisms(), 2)) == ((1,), (2,), (3,), (4,))


def test_circles_side_by_side_share_what_delivers_to_both(constants: Constants) -> None:
    near = city(residents=1_600, gap_m=100.0)
    shops = near.facilities
    near = replace(near, facilities=replace(shops, delivery=np.zeros(len(shops), np.uint8)))
    assert shared(asked(near, constants, Mechanisms(), 2)) == ((1,), (2,), (3,), (4,)), "no street joins them"
    first = int(np.flatnonzero(shops.circle == 1)[0])
    delivery, radius = np.zeros(len(shops), np.uint8), shops.delivery_radius_m.copy()
    delivery[first], radius[first] = 1, 100_000.0
    wide = replace(near, facilities=replace(shops, delivery=delivery, delivery_radius_m=radius))
    assert shared(asked(wide, constants, Mechanisms(), 2)) == ((1, 2, 3, 4),)


def test_an_outlet_of_one_circle_at_a_home_of_another_joins_the_two(world: World, constants: Constants) -> None:
    shops, people = world.facilities, world.population
    place = shops.node_row.copy()
    first = int(np.flatnonzero(shops.circle == 1)[0])
    place[first] = people.home_row[people.circle == 3][0]
    moved = replace(world, facilities=replace(shops, node_row=place))
    assert shared(asked(moved, constants, Mechanisms(), 2)) == ((1, 3), (2,), (4,))


def test_a_household_in_two_circles_joins_them(world: World, constants: Constants) -> None:
    people = world.population
    household = people.household.copy()
    household[people.circle == 4] = np.where(
        household[people.circle == 4] == household[people.circle == 4][0], household[people.circle == 2][0],
        household[people.circle == 4],
    )  # fmt: skip
    joined = replace(world, population=replace(people, household=household))
    assert shared(asked(joined, constants, Mechanisms(), 2)) == ((1,), (2, 4), (3,))


def test_what_a_policy_does_in_one_circle_leaves_the_paths_of_the_others_one(
    world: World, constants: Constants
) -> None:
    node = int(world.streets.node[world.population.home_row[world.population.circle == 2][0]])
    as_is = cs.Scenario("as is", world, days=3)
    shop = as_is.with_policies(
        "shop", cs.AddFacilities(format="breakfast_shop", count=1, siting="given", sites=(node,))
    )
    design = compile_design(cs.Experiment([as_is, shop], replications=1, constants=constants))
    draw = make_draw(design, 0, world, cs.default_parameters(), constants)
    assert [each.circles for each in draw.shards] == [(1,), (2,), (3,), (4,)]
    same = [each.roster.stages[0][0] is each.roster.stages[1][0] for each in draw.shards]
    assert same == [True, False, True, True]
