from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import replace
from datetime import timedelta

import mesa
import numpy as np
import pytest

from circlesim.abm.model import CircleModel
from circlesim.errors import CircleSimError, ConfigError
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.scenario import START, Scenario
from circlesim.policies import AddFacilities, KeepCash
from circlesim.world.world import World
from towns import random_town

DAYS = 3


@pytest.fixture(scope="module")
def corner() -> World:
    """Sixty residents over twelve, and a dozen outlets."""
    town = random_town(3)
    return replace(town.world, population=replace(town.population, age=np.maximum(town.population.age, 12)))


def run(model: CircleModel) -> CircleModel:
    while model.running:
        model.step()
    return model


def collected(model: CircleModel) -> object:
    return model.datacollector.get_model_vars_dataframe()


def test_a_step_is_a_day_and_the_days_end(corner: World) -> None:
    model = CircleModel(world=corner, days=DAYS, rng=7)
    assert (model.day, model.running) == (0, True)
    model.step()
    assert (model.day, model.running) == (1, True)
    run(model)
    assert (model.day, model.running) == (DAYS, False)


def test_a_step_after_the_last_day_changes_nothing(corner: World) -> None:
    model = run(CircleModel(world=corner, days=DAYS, rng=7))
    before, page = collected(model), model.page.columns()["fate"].copy()
    model.step()
    assert collected(model).equals(before)
    assert np.array_equal(model.page.columns()["fate"], page)


@pytest.mark.parametrize("engine", ["columns", "objects"])
def test_measures_are_collected_once_at_first_and_once_a_day(corner: World, engine: str) -> None:
    table = collected(run(CircleModel(world=corner, days=DAYS, engine=engine, rng=7)))
    assert len(table) == DAYS + 1
    assert table["spend"].isna().tolist() == [True] + [False] * DAYS
    assert table["satisfaction_top2"].notna().all()


def test_both_engines_collect_the_same_figures(corner: World) -> None:
    columns, objects = (CircleModel(world=corner, days=DAYS, engine=e, rng=7) for e in ("columns", "objects"))
    assert collected(run(columns)).equals(collected(run(objects)))


def test_the_same_seed_gives_the_same_days_and_another_does_not(corner: World) -> None:
    first, again, other = (collected(run(CircleModel(world=corner, days=DAYS, rng=rng))) for rng in (7, 7, 8))
    assert first.equals(again)
    assert not first.equals(other)


def test_a_model_without_a_seed_says_which_it_made_up(corner: World) -> None:
    model = run(CircleModel(world=corner, days=1))
    assert collected(run(CircleModel(world=corner, days=1, rng=model.root_seed))).equals(collected(model))


def test_a_seed_sequence_is_a_seed(corner: World) -> None:
    first, again = (CircleModel(world=corner, days=1, rng=np.random.SeedSequence(5)) for _ in range(2))
    assert collected(run(first)).equals(collected(run(again)))


@pytest.mark.parametrize("engine", ["columns", "objects"])
def test_copies_go_on_alike_and_apart(corner: World, engine: str) -> None:
    model = CircleModel(world=corner, days=DAYS, engine=engine, rng=7)
    model.step()
    deep, pickled = copy.deepcopy(model), pickle.loads(pickle.dumps(model))
    run(deep)
    assert model.day == 1
    assert collected(run(pickled)).equals(collected(deep))
    assert collected(run(model)).equals(collected(deep))


def test_a_model_is_replication_zero_of_an_experiment(corner: World) -> None:
    model = CircleModel(world=corner, days=DAYS, rng=7)
    spent = 0.0
    while model.running:
        model.step()
        spent += model.spend()
    frame = Experiment([Scenario("as is", corner, days=DAYS)], replications=1, seed=7, workers=1).run().frame()
    whole = frame[frame["by"] == ""].set_index("measure")["value"]
    assert model.satisfaction_top2() == pytest.approx(whole["satisfaction_top2"], abs=1e-12)
    assert spent / DAYS == pytest.approx(whole["spend"], rel=1e-12)


def test_facilities_are_the_only_agents_of_columns_and_hold_no_data(corner: World) -> None:
    model = CircleModel(world=corner, days=DAYS, rng=7)
    model.step()
    assert len(model.agents) == len(corner.facilities)
    served = np.bincount(model.page.columns()["facility"] + 1, minlength=len(corner.facilities) + 1)[1:]
    assert [agent.visits_today for agent in model.agents] == served.tolist()
    assert sum(agent.revenue_today_fen for agent in model.agents) > 0
    with pytest.raises(AttributeError):
        next(iter(model.agents)).visits_today = 3


def test_residents_and_facilities_are_agents_of_objects(corner: World) -> None:
    model = CircleModel(world=corner, days=DAYS, engine="objects", rng=7)
    model.step()
    assert len(model.agents) == len(corner.facilities) + len(corner.population)
    outlets = [agent for agent in model.agents if hasattr(agent, "visits_today")]
    served = (model.page.columns()["facility"] >= 0).sum()
    assert sum(agent.visits_today for agent in outlets) == served


def test_a_policy_comes_into_force_on_its_day(corner: World) -> None:
    later = START + timedelta(days=1)
    policies = [AddFacilities(format="breakfast_shop", count=2, siting="random", seed=1, starts=later)]
    model = CircleModel(world=corner, policies=policies, days=DAYS, rng=7)
    new = [agent for agent in model.agents if agent.row >= len(corner.facilities)]
    model.step()
    assert [agent.present for agent in new] == [False, False]
    model.step()
    assert [agent.present for agent in new] == [True, True]


def test_a_policy_changes_nothing_before_it_starts(corner: World) -> None:
    as_is = CircleModel(world=corner, days=2, rng=7)
    cash = CircleModel(world=corner, policies=[KeepCash(starts=START + timedelta(days=1))], days=2, rng=7)
    as_is.step()
    cash.step()
    assert collected(as_is).equals(collected(cash))


def test_both_engines_agree_under_policies(corner: World) -> None:
    policies = [KeepCash(), AddFacilities(format="breakfast_shop", count=1, siting="random", seed=1)]
    tables = [collected(run(CircleModel(world=corner, policies=policies, days=2, engine=engine, rng=7)))
              for engine in ("columns", "objects")]  # fmt: skip
    assert tables[0].equals(tables[1])


def test_batches_of_mesa_run(corner: World) -> None:
    rows = mesa.batch_run(
        CircleModel, parameters={"world": corner, "days": 2, "engine": ["columns", "objects"]},
        max_steps=5, number_processes=1, data_collection_period=1, display_progress=False,
    )  # fmt: skip
    assert {row["engine"] for row in rows} == {"columns", "objects"}
    assert all(0 <= row["met_share"] <= 1 for row in rows if row["Step"] > 0)


def test_a_model_takes_named_arguments_only() -> None:
    parameters = inspect.signature(CircleModel.__init__).parameters.values()
    kinds = {p.kind for p in parameters if p.name != "self"}
    assert kinds == {inspect.Parameter.KEYWORD_ONLY}
    assert [p.name for p in parameters][1:] == ["world", "policies", "residents", "days", "engine", "rng"]


@pytest.mark.parametrize("rng", [-1, 0.5, "7", True, np.random.default_rng(1)])
def test_what_is_no_seed_is_refused(corner: World, rng: object) -> None:
    with pytest.raises(ConfigError, match="expected a whole number"):
        CircleModel(world=corner, rng=rng)


def test_a_misspelt_engine_is_refused_with_a_hint(corner: World) -> None:
    with pytest.raises(ConfigError, match="objects"):
        CircleModel(world=corner, engine="object")


def test_a_built_world_keeps_its_residents(corner: World) -> None:
    with pytest.raises(ConfigError, match="residents"):
        CircleModel(world=corner, residents=10)


def test_an_unknown_world_is_refused() -> None:
    with pytest.raises(CircleSimError, match="old_town"):
        CircleModel(world="old_twon")
