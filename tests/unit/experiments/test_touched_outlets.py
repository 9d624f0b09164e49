"""How many outlets a policy changes."""

from __future__ import annotations

import pytest

import circlesim as cs
from circlesim.catalog.formats import FORMAT_INDEX
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.touched import idle_policies, outlets_touched


def _scenario(*policies: cs.AddFacilities | cs.ExtendHours | cs.KeepCash) -> Scenario:
    return Scenario("tried", cs.demo_world("old_town", residents=2000), policies=policies)


def test_new_outlets_and_changed_outlets_are_counted() -> None:
    added = cs.AddFacilities(format="breakfast_shop", count=3, siting="random", seed=1)
    later = cs.ExtendHours(formats=("pharmacy",), close="23:00")
    scenario = _scenario(added, later)
    world = scenario.world
    pharmacies = int((world.facilities.format == FORMAT_INDEX["pharmacy"]).sum())
    assert pharmacies > 0
    assert outlets_touched(scenario, [added.resolve(world), later]) == [3, pharmacies]


def test_a_lever_without_an_outlet_to_move_is_named() -> None:
    # A town of 2,000 has no library: longer library hours cannot do anything there.
    scenario = _scenario(cs.ExtendHours(formats=("library",), close="22:00"))
    notes = list(idle_policies(scenario, scenario.policies))
    assert len(notes) == 1
    assert "extend_hours changes no outlet" in notes[0]


def test_a_closing_time_that_is_no_later_changes_nothing() -> None:
    scenario = _scenario(cs.ExtendHours(formats=("pharmacy",), close="12:00"))
    assert outlets_touched(scenario, scenario.policies) == [0]


def test_a_mechanism_that_rests_on_another_names_it() -> None:
    kept = cs.ReserveStock(days=3)
    scenario = Scenario("kept", cs.demo_world("old_town", residents=500), policies=(kept,))
    (note,) = idle_policies(scenario, [kept], Mechanisms(emergency=True, capacity=False))
    assert "mechanisms.capacity=true" in note
    assert list(idle_policies(scenario, [kept], Mechanisms(emergency=True))) == []


@pytest.mark.parametrize("policy", [cs.HomeVisits(per_day=3, formats=()), cs.SupportOutlets(per_month=900.0)])
def test_a_lever_whose_mechanism_is_off_says_so(policy: cs.HomeVisits | cs.SupportOutlets) -> None:
    helped = Scenario("helped", cs.demo_world("old_town", residents=500), policies=(policy,))
    (note,) = idle_policies(helped, [policy])
    assert f"mechanisms.{policy.needs}=true" in note
    assert list(idle_policies(helped, [policy], Mechanisms(**{policy.needs: True}))) == []
