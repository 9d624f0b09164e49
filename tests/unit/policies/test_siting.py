"""Where new outlets go, against enumeration on small lattices."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.errors import PolicyError
from circlesim.policies import AddFacilities
from circlesim.policies.siting import FARTHEST_M, candidate_rows, greedy_coverage, largest_gap, rival_rows
from circlesim.testing import lattice, reordered, tiny_world, without_facilities
from circlesim.testing.strategies import small_worlds
from circlesim.world.population import Mobility
from circlesim.world.reach import to_networkx
from circlesim.world.streets import EDGE_COLUMNS

FORMAT = "breakfast_shop"
WITHIN_MIN = 4.0
LAW = settings(max_examples=40, deadline=None)


def all_metres(world):
    """Walk between all nodes, by networkx."""
    lengths = dict(nx.all_pairs_dijkstra_path_length(to_networkx(world.streets), weight="length_m"))
    node = world.streets.node.tolist()
    return np.array([[lengths[a].get(b, FARTHEST_M) for b in node] for a in node])


def candidates(world):
    """Every home and outlet node, by id."""
    rows = {*world.population.home_row.tolist(), *world.facilities.node_row.tolist()}
    return sorted(rows, key=lambda row: world.streets.node[row])


def gaps_of(world, metres, places, outlets, chosen):
    """Residents of each place times their walk to the nearest outlet; -1 where chosen."""
    gaps = []
    for place in places:
        living = int((world.population.home_row == place).sum())
        walk = min([metres[place, site] for site in [*outlets, *chosen]], default=FARTHEST_M)
        gaps.append(-1.0 if place in chosen else living * walk)
    return gaps


def covered(world, metres, outlets):
    """Residents who walk and have an outlet within the walk."""
    people = world.population
    total = 0
    for r in range(len(people)):
        if people.mobility[r] != Mobility.HOMEBOUND:
            walks = [metres[site, people.home_row[r]] / people.speed_m_per_min[r] for site in outlets]
            total += min(walks, default=np.inf) <= WITHIN_MIN
    return total


@LAW
@given(small_worlds(), st.integers(1, 3))
def test_the_largest_gap_is_the_one_enumeration_finds(world, count):
    metres, outlets, chosen = all_metres(world), list(rival_rows(world, FORMAT)), []
    places = candidates(world)
    for _ in range(min(count, len(places))):
        gaps = gaps_of(world, metres, places, outlets, chosen)
        chosen.append(places[gaps.index(max(gaps))])
    assert largest_gap(world, FORMAT, len(chosen)).tolist() == chosen


@LAW
@given(small_worlds(), st.integers(1, 3))
def test_greedy_coverage_takes_the_best_site_at_each_step(world, count):
    metres, outlets, places = all_metres(world), list(rival_rows(world, FORMAT)), candidates(world)
    chosen = []
    for _ in range(min(count, len(places))):
        now = covered(world, metres, [*outlets, *chosen])
        gains = [-1 if p in chosen else covered(world, metres, [*outlets, *chosen, p]) - now for p in places]
        if max(gains) == 0:  # everybody who can be covered is: the largest gap decides
            gains = gaps_of(world, metres, places, outlets, chosen)
        chosen.append(places[gains.index(max(gains))])
    assert greedy_coverage(world, FORMAT, len(chosen), WITHIN_MIN).tolist() == chosen


@settings(max_examples=15, deadline=None)
@given(small_worlds(max_residents=25, max_facilities=3))
def test_greedy_coverage_keeps_its_bound_against_the_best_pair(world):
    metres, outlets, places = all_metres(world), list(rival_rows(world, FORMAT)), candidates(world)
    count = min(2, len(places))
    before = covered(world, metres, outlets)
    best = max(covered(world, metres, [*outlets, *pair]) for pair in combinations(places, count))
    greedy = covered(world, metres, [*outlets, *greedy_coverage(world, FORMAT, count, WITHIN_MIN)])
    assert greedy - before >= (1 - 1 / np.e) * (best - before) - 1e-9


@LAW
@given(
    small_worlds(min_residents=6),
    st.randoms(use_true_random=False),
    st.sampled_from(["largest_gap", "greedy_coverage", "random"]),
)
def test_sites_do_not_depend_on_the_order_of_rows(world, shuffle, siting):
    def order(size):
        return shuffle.sample(range(size), size)

    other = reordered(world, residents=order(len(world.population)), facilities=order(len(world.facilities)),
                      nodes=order(len(world.streets)))  # fmt: skip
    policy = AddFacilities(format=FORMAT, count=min(3, len(candidates(world))), siting=siting)
    assert policy.resolve(other).sites == policy.resolve(world).sites


def test_a_new_outlet_goes_where_most_residents_walk_farthest():
    home = [{"home_row": 0}] * 3 + [{"home_row": 15}] * 2 + [{"home_row": 5}] * 4
    shop = [{"node_row": 0, "format": FORMAT}]
    world = tiny_world(0, home, shop)  # 4 x 4 blocks of 100 m: node 15 is 600 m off, node 5 200 m
    assert AddFacilities(format=FORMAT, count=2).resolve(world).sites == (115, 105)


def test_an_outlet_that_offers_all_services_of_the_format_closes_the_gap():
    world = tiny_world(0, 5, [
        {"format": "convenience_store", "node_row": 3}, {"format": "pharmacy", "node_row": 4},
        {"format": FORMAT, "node_row": 5, "walk_in": 0},
    ])  # fmt: skip
    assert rival_rows(world, FORMAT).tolist() == [3]


def test_random_sites_of_a_longer_list_begin_with_those_of_a_shorter_one():
    world = tiny_world(1, 40, 10)
    short = AddFacilities(format=FORMAT, count=2, siting="random", seed=7).resolve(world).sites
    long = AddFacilities(format=FORMAT, count=6, siting="random", seed=7).resolve(world).sites
    assert long[:2] == short


def test_random_sites_differ_by_seed_and_format_and_are_equally_likely():
    world = tiny_world(1, 200, 0, streets=lattice(3, 3))
    sites = [
        AddFacilities(format=FORMAT, count=1, siting="random", seed=s).resolve(world).sites[0] for s in range(900)
    ]
    counts = np.bincount(np.array(sites) - 100, minlength=9)
    assert counts.sum() == 900
    assert ((counts - 100.0) ** 2 / 100.0).sum() < 26.1  # chi-square with 8 degrees of freedom, 99.9 %
    gyms = [
        AddFacilities(format="gym", count=1, siting="random", seed=s).resolve(world).sites[0] for s in range(50)
    ]
    assert gyms != sites[:50]


def test_places_are_homes_and_outlets_and_nothing_else():
    world = tiny_world(0, [{"home_row": 9}, {"home_row": 2}], [{"node_row": 5}])
    assert candidate_rows(world).tolist() == [2, 5, 9]


def test_a_part_of_town_cut_off_from_every_outlet_is_the_largest_gap():
    streets = lattice(2, 4)
    keep = (streets.from_row % 4 < 2) == (streets.to_row % 4 < 2)
    edges = ("from_row", "to_row", "length_m", *EDGE_COLUMNS)
    streets = replace(streets, **{name: getattr(streets, name)[keep] for name in edges})
    world = tiny_world(0, [{"home_row": 3}, {"home_row": 1}], [{"node_row": 0, "format": FORMAT}], streets=streets)
    assert AddFacilities(format=FORMAT, count=1).resolve(world).sites == (103,)


@pytest.mark.parametrize("siting", ["largest_gap", "greedy_coverage", "random"])
def test_more_outlets_than_places_are_refused(siting):
    world = tiny_world(0, [{"home_row": 0}], [])
    with pytest.raises(PolicyError, match="more outlets than places"):
        AddFacilities(format=FORMAT, count=2, siting=siting).apply(world)


def test_a_given_site_that_does_not_exist_is_named():
    policy = AddFacilities(format=FORMAT, count=2, siting="given", sites=(100, 9_999))
    with pytest.raises(PolicyError, match=r"sites\.1.*no such node; found 9999"):
        policy.apply(tiny_world())


def test_the_first_outlet_of_a_town_without_any_goes_to_most_residents():
    world = without_facilities(tiny_world(0, [{"home_row": 3}] * 2 + [{"home_row": 8}] * 3))
    assert AddFacilities(format=FORMAT, count=1).resolve(world).sites == (108,)


def test_once_everybody_is_covered_the_largest_gap_decides():
    world = tiny_world(0, [{"home_row": 0}, {"home_row": 6}, {"home_row": 3}], [{"node_row": 0, "format": FORMAT}])
    policy = AddFacilities(format=FORMAT, count=1, siting="greedy_coverage", within_min=60)
    assert policy.resolve(world).sites == (103,)  # 300 m as 106 is, and the lower id; not the lowest of all
