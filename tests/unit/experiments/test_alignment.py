"""Alignment: whom no policy can touch has the same ledger with it and without it, bit for bit."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Any, ClassVar

import numpy as np
import pytest
from small_runs import START, small

from circlesim.catalog.anchors import anchor_shares
from circlesim.engine import prepared as engine_prepared
from circlesim.engine.mechanisms import Mechanisms
from circlesim.experiments.alignment import SHARED, check_alignment
from circlesim.experiments.anchoring import first_constants
from circlesim.experiments.design import compile_design
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.facts_apart import facts_apart
from circlesim.experiments.links import Links, links_of
from circlesim.experiments.scenario import Scenario
from circlesim.experiments.side_by_side import Alignment
from circlesim.policies.policy import Policy
from circlesim.testing.worlds import lattice, tiny_world
from circlesim.world.population import Mobility
from circlesim.world.streets import Streets
from circlesim.world.world import World

FAR_M = 50_000.0
EAST = 16
"""Nodes of an island; the second one begins with this row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfClosed(Policy):
    """Every other outlet of the first island shuts for good, and the others halve their prices."""

    name: ClassVar[str] = "half_closed"
    clause: ClassVar[str] = "F52"
    changes: ClassVar[tuple[str, ...]] = ("closed", "price_level")
    below: int = EAST

    def apply(self, world: World) -> World:
        outlets = world.facilities
        here = outlets.node_row < self.below
        shut = here & (np.arange(len(outlets)) % 2 == 0)
        closed = np.where(shut, np.datetime64(START, "D"), outlets.closed)
        price = np.where(here, 0.5, 1.0) * outlets.price_level
        return replace(world, facilities=replace(outlets, closed=closed, price_level=price))


def two_islands() -> Streets:
    one, other = lattice(4, 4), lattice(4, 4)
    moved = replace(other, node=other.node + 1000, x_m=other.x_m + FAR_M, from_row=other.from_row + EAST,
                    to_row=other.to_row + EAST)  # fmt: skip
    return Streets(
        **{f.name: np.concatenate([getattr(one, f.name), getattr(moved, f.name)]) for f in fields(Streets)}
    )


@cache
def islands() -> World:
    return tiny_world(7, residents=80, facilities=30, streets=two_islands())


def asked(world: World, below: int = EAST, **changes: Any) -> Experiment:
    as_is = Scenario("as is", world, days=6, start=START)
    return small(as_is, as_is.with_policies("half closed", HalfClosed(below=below)), **changes)


def alone(found: tuple[Alignment, ...], shared: str) -> Alignment:
    (one,) = [each for each in found if each.shared == shared]
    return one


def test_residents_of_the_other_island_have_identical_ledgers() -> None:
    world, found = islands(), check_alignment(asked(islands()))
    west = (world.population.home_row >= EAST) & (world.population.need_rate > 0).any(axis=1)
    assert [each.shared for each in found] == list(SHARED)
    assert alone(found, "queues").untouched == west.sum()
    for each in found:
        assert each.share == 1.0
        assert each.first is None
        assert each.rows > 300
        assert each.cases == each.direct + each.connected + each.untouched


def test_the_policy_does_change_ledgers_of_its_own_island() -> None:
    for each in check_alignment(asked(islands())):
        assert each.other_identical < each.other_rows


def test_the_less_is_shared_the_fewer_are_connected() -> None:
    found = check_alignment(asked(islands()))
    assert alone(found, "purses").connected == 0
    assert alone(found, "nothing").untouched > alone(found, "purses").untouched


def test_a_draw_that_counts_the_outlets_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = engine_prepared.outlet_columns

    def keyed_by_number(world: World, stage: Any, *rest: Any) -> Any:
        made = columns(world, stage, *rest)
        made.record["id64"] += np.uint64(stage.present.sum())
        return made

    monkeypatch.setattr(engine_prepared, "outlet_columns", keyed_by_number)
    for each in check_alignment(asked(islands())):
        assert each.share < 1.0
        assert each.first is not None
        assert each.first.before != each.first.after
        row = list(islands().population.resident).index(each.first.resident)
        assert each.shared == "nothing" or islands().population.home_row[row] >= EAST


def test_luck_that_belongs_to_a_scenario_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    from circlesim.engine.simulation import Simulation

    run_day = Simulation.run_day

    def with_own_luck(self: Simulation, day: int, needs: Any = None, *, last: bool = False) -> Any:
        self.seed += int(self.stages[-1].present.sum())
        page = run_day(self, day, needs, last=last)
        self.seed -= int(self.stages[-1].present.sum())
        return page

    monkeypatch.setattr(Simulation, "run_day", with_own_luck)
    assert alone(check_alignment(asked(islands())), "queues").share < 1.0


def test_where_everybody_is_touched_there_is_no_share() -> None:
    world = tiny_world(7, residents=20, facilities=12)
    found = alone(check_alignment(asked(world)), "queues")
    assert found.untouched == 0
    assert np.isnan(found.share)


def homebound_and_a_walker() -> World:
    """The homebound use no outlet on foot, but their barriers say that there was one."""
    needs = {"home_row": 1, "need_rate": {"repair": 1.0}, "means_carried": 7}
    people = [*[{**needs, "mobility": Mobility.HOMEBOUND}] * 3, {**needs, "mobility": Mobility.INDEPENDENT}]
    shop = {"format": "repair_workshop", "node_row": 0, "hours": "Mo-Su 08:00-08:05"}
    return tiny_world(1, residents=people, facilities=[shop])


def test_an_outlet_out_of_reach_changes_nothing_but_the_barriers() -> None:
    for each in check_alignment(asked(homebound_and_a_walker())):
        assert (each.direct, each.untouched, each.in_sight) == (1, 3, 3)
        assert each.share == 1.0


def test_an_outlet_out_of_reach_does_change_the_barriers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("circlesim.experiments.side_by_side.NAMES_WHAT_IS_FAR", ())
    found = alone(check_alignment(asked(homebound_and_a_walker())), "queues")
    assert found.first is not None
    assert found.first.column in ("first_barrier", "barriers", "met_if_lifted")


def test_queues_join_residents_who_share_no_outlet() -> None:
    # A street of six nodes, an outlet on every second: each resident reaches the one left and the one right.
    facts = {"mobility": Mobility.INDEPENDENT, "speed_m_per_min": 50.0, "tolerance_min": 2.0}
    people = [{**facts, "home_row": node, "need_rate": {"repair": 1.0}, "household": node} for node in (1, 3, 5)]
    shops = [{"format": "repair_workshop", "node_row": node} for node in (0, 2, 4)]
    world = tiny_world(1, residents=people, facilities=shops, streets=lattice(1, 6))
    links = links_of(compile_design(asked(world)), first_constants(anchor_shares()))
    first = np.array([True, False, False])
    assert links.touched_by(np.array([True, False, False])).any(axis=1).tolist() == [True, False, False]
    assert links.joined_to(first, queues=True, households=False).tolist() == [True, True, True]
    assert links.joined_to(first, queues=False, households=False).tolist() == [True, False, False]
    assert links.used_by(first).tolist() == [True, True, False]


def test_a_shorter_queue_reaches_those_who_never_heard_of_the_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = {"mobility": Mobility.INDEPENDENT, "speed_m_per_min": 50.0, "tolerance_min": 2.0, "means_carried": 7}
    people = [{**facts, "home_row": node, "need_rate": {"repair": 1.0}} for node in (1, 3) for _ in range(20)]
    shops = [{"format": "repair_workshop", "node_row": node, "hours": "24/7", "servers": 1} for node in (0, 2)]
    world = tiny_world(1, residents=people, facilities=shops, streets=lattice(1, 6))
    found = alone(check_alignment(asked(world, below=1)), "queues")
    assert (found.direct, found.connected, found.untouched) == (20, 20, 0)
    # Whoever forgets that queues join people calls this a misalignment: so the links are needed.
    monkeypatch.setattr(Links, "joined_to", lambda self, residents, **_: residents)
    assert alone(check_alignment(asked(world, below=1)), "queues").first is not None


def test_a_household_joins_its_members() -> None:
    people = [{"home_row": 15 * (i % 2), "tolerance_min": 1.0, "household": 0 if i < 2 else 1} for i in range(4)]
    world = tiny_world(1, residents=people, facilities=3)
    links = links_of(compile_design(asked(world)), first_constants(anchor_shares()))
    first = np.array([True, False, False, False])
    assert links.joined_to(first, queues=False, households=True).tolist() == [True, True, False, False]


def test_facts_differ_only_for_outlets_the_policy_changes() -> None:
    design = compile_design(asked(islands()))
    outlets, residents = facts_apart(design, 1)
    assert np.array_equal(outlets, islands().facilities.node_row < EAST)
    assert not residents.any()
    assert not facts_apart(design, 0)[0].any()


def test_without_queues_only_two_settings_are_left() -> None:
    found = check_alignment(asked(islands(), mechanisms=Mechanisms(capacity=False)))
    assert [each.shared for each in found] == list(SHARED[1:])


def test_whom_staff_visit_is_linked_to_the_outlet_they_come_from() -> None:
    world = tiny_world(7, residents=80, facilities=30)
    homebound = replace(world.population, mobility=np.full(80, Mobility.HOMEBOUND, np.uint8))
    visiting = replace(world.facilities, home_visits=np.full(30, 2, np.int32), delivery=np.zeros(30, np.uint8))
    world = replace(world, population=homebound, facilities=visiting)
    for on in (False, True):
        design = compile_design(asked(world, mechanisms=Mechanisms(home_visits=on)))
        links = links_of(design, first_constants(anchor_shares()))
        assert links.touched_by(np.ones(30, dtype=bool)).any() == on
