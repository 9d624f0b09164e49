"""Gates open and close by name, in files as in Python."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import circlesim as cs
from circlesim.errors import PolicyError
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.touched import outlets_touched
from circlesim.testing import check_policy, tiny_world
from circlesim.world.world import World


def gated() -> World:
    world = tiny_world(3, 40, 9)
    gate = np.array(["", "north", "south", *[""] * (len(world.streets.length_m) - 3)])
    streets = replace(world.streets, gate=gate, locked=(gate == "south").astype(np.uint8))
    return replace(world, streets=streets)


def state(world: World) -> dict[str, int]:
    streets = world.streets
    return {name: int(shut) for name, shut in zip(streets.gate, streets.locked, strict=True) if name}


def test_all_gates_open_or_close_where_none_is_named() -> None:
    assert state(cs.OpenGates().apply(gated())) == {"north": 0, "south": 0}
    assert state(cs.CloseGates().apply(gated())) == {"north": 1, "south": 1}


def test_a_named_gate_moves_alone() -> None:
    assert state(cs.CloseGates(gates=("north",)).apply(gated())) == {"north": 1, "south": 1}
    assert state(cs.OpenGates(gates=("north",)).apply(gated())) == {"north": 0, "south": 1}


def test_a_gate_nobody_knows_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(PolicyError, match=r"(?s)no such gate.*nort.*north"):
        cs.OpenGates(gates=("nort",)).apply(gated())
    with pytest.raises(PolicyError, match="a world with gates"):
        cs.OpenGates(gates=("north",)).apply(tiny_world(3, 10, 3))


@pytest.mark.parametrize("policy", [cs.OpenGates(), cs.CloseGates(), cs.CloseGates(gates=("north",))])
def test_gates_keep_the_contract_of_policies(policy: cs.OpenGates | cs.CloseGates) -> None:
    check_policy(policy, gated())


def test_gates_that_move_are_counted_and_those_that_stand_are_not() -> None:
    scenario = Scenario("opened", gated(), policies=(cs.OpenGates(),))
    assert outlets_touched(scenario, scenario.policies) == [1]
    assert outlets_touched(scenario, [cs.OpenGates(gates=("north",))]) == [0]


def test_gates_of_the_old_town_opened_from_a_day_shorten_walks_from_that_day() -> None:
    town = cs.demo_world("old_town", residents=3000)
    as_is = Scenario("as is", town, days=4, start=date(2024, 3, 4))
    opened = as_is.with_policies("opened", cs.OpenGates(starts=date(2024, 3, 6)))
    experiment = cs.Experiment([as_is, opened], replications=2, seed=1, warmup_days=1, measures=("walk_min",))
    table = experiment.run().compare("walk_min")
    assert (table["difference"] < 0).all()


def test_gates_opened_a_day_later_shorten_walks_by_less() -> None:
    town = cs.demo_world("old_town", residents=3000)
    as_is = Scenario("as is", town, days=5, start=date(2024, 3, 4))
    days = [as_is.with_policies(f"from {d}", cs.OpenGates(starts=date(2024, 3, d))) for d in (5, 7)]
    asked = cs.Experiment([as_is, *days], replications=3, seed=1, warmup_days=1, measures=("walk_min",))
    table = asked.run().compare("walk_min").set_index("scenario")
    # Open on all four days measured, and on the last two of the same needs.
    assert table.loc["from 5", "difference"] < table.loc["from 7", "difference"] < 0
