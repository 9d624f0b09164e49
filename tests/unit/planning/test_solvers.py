"""Sites chosen by chance, greedily and exactly: the last is what trying everything finds."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from circlesim.errors import ConfigError
from circlesim.planning.instance import CAPACITATED, FAR_MIN, OBJECTIVES, Instance, street_instance
from circlesim.planning.solvers import EXACT, GREEDY, RANDOM, choose_sites, value_of
from circlesim.policies.siting import candidate_rows
from circlesim.testing.worlds import lattice, tiny_world
from circlesim.world.population import Mobility

DRAWS = 40


def _random_instance(seed: int, objective: str) -> Instance:
    luck = np.random.default_rng(seed)
    places, sites = int(luck.integers(4, 15)), int(luck.integers(4, 9))
    homes, stand = luck.uniform(0, 30, (places, 1, 2)), luck.uniform(0, 30, (1, sites, 2))
    standing = luck.uniform(5, FAR_MIN, places) if seed % 2 else None
    return Instance(
        walk_min=np.hypot(*np.moveaxis(homes - stand, 2, 0)), weight=luck.integers(0, 9, places).astype(float),
        objective=objective, within_min=9.0, capacity=luck.uniform(2, 20, sites), standing_min=standing,
    )  # fmt: skip


def _worth_by_hand(instance: Instance, sites: tuple[int, ...]) -> float:
    """The objective once more, place by place; the flow of the capacitated one by augmenting paths in networkx."""
    nearest = instance.walk_min[:, list(sites)].min(axis=1)
    before = np.full(len(nearest), FAR_MIN) if instance.standing_min is None else instance.standing_min
    if instance.objective == "p_median":
        return float(sum(w * max(b - n, 0) for w, b, n in zip(instance.weight, before, nearest, strict=True)))
    waiting = [d for d in range(len(nearest)) if before[d] > instance.within_min]
    if instance.objective == "covering":
        return float(sum(instance.weight[d] for d in waiting if nearest[d] <= instance.within_min))
    return _flow(instance, sites, waiting)


def _flow(instance: Instance, sites: tuple[int, ...], waiting: list[int]) -> float:
    import networkx as nx

    assert instance.capacity is not None
    net = nx.DiGraph()
    net.add_nodes_from(["from", "to"])
    for d in waiting:
        net.add_edge("from", ("place", d), capacity=float(instance.weight[d]))
        for s in sites:
            if instance.walk_min[d, s] <= instance.within_min:
                net.add_edge(("place", d), ("site", s))
    for s in sites:
        net.add_edge(("site", s), "to", capacity=float(instance.capacity[s]))
    return float(nx.maximum_flow_value(net, "from", "to"))


@pytest.mark.parametrize("objective", OBJECTIVES)
@pytest.mark.parametrize("seed", range(50))
def test_the_exact_sites_are_those_of_trying_everything_and_no_rule_beats_them(seed: int, objective: str) -> None:
    instance = _random_instance(seed, objective)
    count = 1 + seed % 3
    sets = list(combinations(range(instance.walk_min.shape[1]), count))
    best = max(_worth_by_hand(instance, each) for each in sets)
    exact, greedy = (value_of(instance, choose_sites(instance, count, solver)) for solver in (EXACT, GREEDY))
    chance = [value_of(instance, choose_sites(instance, count, RANDOM, seed=draw)) for draw in range(DRAWS)]
    assert exact == pytest.approx(best, abs=1e-7)
    assert exact >= greedy - 1e-7
    assert greedy >= (1 - 1 / np.e) * exact - 1e-7
    assert greedy >= np.mean(chance) - 1e-7


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_the_worth_of_sites_is_what_adding_place_by_place_gives(objective: str) -> None:
    for seed in range(20):
        instance = _random_instance(seed, objective)
        for sites in ((0,), (1, 3), (0, 2, 3)):
            found = value_of(instance, np.array(sites))
            assert found == pytest.approx(_worth_by_hand(instance, sites), abs=1e-7)


def test_a_greedy_choice_can_fall_short_of_the_best() -> None:
    covers = np.array([[1, 1, 0], [1, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 0], [0, 0, 1]])
    instance = Instance(walk_min=np.where(covers, 1.0, 50.0), weight=np.ones(6), objective="covering")
    greedy, exact = (value_of(instance, choose_sites(instance, 2, solver)) for solver in (GREEDY, EXACT))
    assert (greedy, exact) == (5.0, 6.0)


def test_a_full_site_sends_the_rest_to_the_next() -> None:
    instance = Instance(walk_min=np.array([[1.0, 9.0]]), weight=np.array([10.0]), objective=CAPACITATED,
                        within_min=5.0, capacity=np.array([4.0, 20.0]))  # fmt: skip
    assert value_of(instance, np.array([0])) == pytest.approx(4.0)
    assert value_of(instance, np.array([0, 1])) == pytest.approx(4.0)  # the second is too far to walk to
    near = Instance(walk_min=np.array([[1.0, 4.0]]), weight=np.array([10.0]), objective=CAPACITATED,
                    within_min=5.0, capacity=np.array([4.0, 20.0]))  # fmt: skip
    assert value_of(near, np.array([0, 1])) == pytest.approx(10.0)


def test_walks_of_an_instance_are_metres_over_the_pace_of_those_who_live_there() -> None:
    people = [{"home_row": 0, "mobility": Mobility.INDEPENDENT, "speed_m_per_min": 60.0},
              {"home_row": 0, "mobility": Mobility.INDEPENDENT, "speed_m_per_min": 40.0},
              {"home_row": 0, "mobility": Mobility.SLOW, "speed_m_per_min": 25.0},
              {"home_row": 0, "mobility": Mobility.HOMEBOUND, "speed_m_per_min": 25.0}]  # fmt: skip
    world = tiny_world(residents=people, facilities=0, streets=lattice(1, 5, 100.0))
    found = street_instance(world, np.ones(4), np.array([0, 4]), standing_rows=np.array([2]))
    assert found.walk_min.tolist() == [[0.0, 8.0], [0.0, 16.0]]
    assert found.weight.tolist() == [2.0, 1.0]
    assert found.standing_min is not None
    assert found.standing_min.tolist() == [4.0, 8.0]


def test_nobody_to_serve_is_no_error() -> None:
    world = tiny_world(residents=4, facilities=1)
    nobody = street_instance(world, np.zeros(4), candidate_rows(world))
    assert value_of(nobody, choose_sites(nobody, 2, GREEDY)) == 0.0


def test_sites_by_chance_are_those_of_their_seed_and_a_longer_list_begins_like_a_shorter() -> None:
    instance = _random_instance(3, "p_median")
    first: NDArray[np.int64] = choose_sites(instance, 3, RANDOM, seed=1)
    assert first.tolist() == choose_sites(instance, 4, RANDOM, seed=1)[:3].tolist()
    drawn = {tuple(sorted(choose_sites(instance, 2, RANDOM, seed=draw).tolist())) for draw in range(20)}
    assert len(drawn) > 3


def test_what_cannot_be_asked_is_said_at_once() -> None:
    with pytest.raises(ConfigError) as told:
        Instance(walk_min=np.array([[-1.0]]), weight=np.array([1.0, 2.0]), objective="p_medan")
    assert {fault.where for fault in told.value.faults} == {"objective", "walk_min", "weight"}
    with pytest.raises(ConfigError) as told:
        choose_sites(_random_instance(0, "covering"), 99, "exakt")
    assert "did you mean 'exact'" in str(told.value)
    assert len(told.value.faults) == 2
