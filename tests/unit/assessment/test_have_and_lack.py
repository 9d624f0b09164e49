"""Have and lack by hand: a street of blocks of 100 m, residents who walk 50 m a minute."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.assessment.duties import duty_states
from circlesim.assessment.have_lack import have_lack_table, quantile_min
from circlesim.assessment.place import place_of
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.standards import read_standard
from circlesim.measures import measure_named
from circlesim.testing.worlds import lattice, tiny_world
from circlesim.world.world import World

WEDNESDAY = 2


def street(homes: tuple[int, ...], shops: tuple[dict[str, object], ...], ages: tuple[int, ...] = ()) -> World:
    """Residents at some nodes of a street of 21 nodes, and shops."""
    old = ages or (40,) * len(homes)
    people = [{"home_row": home, "speed_m_per_min": 50.0, "age": age, "mobility": 0, "household": i}
              for i, (home, age) in enumerate(zip(homes, old, strict=True))]  # fmt: skip
    return tiny_world(0, people, list(shops), streets=lattice(1, 21))


def shop(row: int, name: str = "pharmacy", hours: str = "24/7", **facts: object) -> dict[str, object]:
    """A shop at a node."""
    return {"format": name, "node_row": row, "hours": hours, "walk_in": 1, **facts}


def figures(world: World, name: str, open_on: str = "last_day", group: str = "") -> dict[str, float]:
    """Row of one format of the table."""
    table = have_lack_table(place_of(world, WEDNESDAY), "as it stands")
    row = table[(table["format"] == name) & (table["open_on"] == open_on) & (table["group"] == group)]
    assert len(row) == 1
    return dict(row.iloc[0])


def test_shares_and_minutes_are_those_counted_by_hand() -> None:
    # Homes 2, 8, 14, 20 minutes from the shop at node 0.
    found = figures(street((1, 4, 7, 10), (shop(0),)), "pharmacy")
    assert [found[f"within_{level}"] for level in (5, 8, 10, 15)] == [0.25, 0.5, 0.5, 0.75]
    assert (found["median_min"], found["worst_decile_min"]) == (8.0, 20.0)
    assert (found["outlets"], found["present"]) == (1, 1)


def test_a_shop_shut_on_the_last_day_is_there_and_out_of_reach() -> None:
    world = street((1,), (shop(0, hours="Mo 08:00-18:00"),))
    today, some_day = figures(world, "pharmacy"), figures(world, "pharmacy", "any_day")
    assert (today["present"], today["within_5"], today["median_min"]) == (1, 0.0, np.inf)
    assert (some_day["within_5"], some_day["median_min"]) == (1.0, 2.0)


def test_the_old_are_told_apart() -> None:
    world = street((1, 10), (shop(0),), ages=(30, 70))
    assert figures(world, "pharmacy", group="60+")["within_15"] == 0.0
    assert figures(world, "pharmacy")["within_15"] == 0.5


def test_a_large_shop_at_fifteen_minutes_does_not_discharge_the_small_one_at_five() -> None:
    standard = read_standard("mofcom-2021-minutes")
    place = place_of(street((0,), (shop(7, "supermarket"),)))
    states = {state.duty.key: state for state in duty_states(place, standard, 0)}
    assert states["supermarket:15"].met(0.5)
    assert not states["convenience_store:5"].met(0.5)


def test_one_format_at_two_levels_is_two_duties(tmp_path) -> None:
    file = tmp_path / "two.toml"
    file.write_text(HEAD + "".join(f'[[duties]]\nclass = "basic"\nformats = ["pharmacy"]\nminutes = {m}\n'
                                   for m in (5, 15)))  # fmt: skip
    place = place_of(street((0,), (shop(5),)))
    assert [s.met(1.0) for s in duty_states(place, read_standard(str(file)), 0)] == [False, True]


HEAD = ('title = {en = "t", zh = "t"}\nnote = {en = "", zh = ""}\nstatus = "assumption"\nsource = "test"\n'
        'grade = "D"\n')  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), name=st.sampled_from(["pharmacy", "breakfast_shop", "library"]))
def test_shares_are_those_of_the_measure_of_coverage(seed: int, name: str) -> None:
    world = tiny_world(seed, 12, 8, streets=lattice(6, 6, 180.0))
    place = place_of(world, WEDNESDAY)
    walk = place.nearest_min((name,))
    for level in (5, 8, 10, 15):
        expected = measure_named(f"coverage:{name}:{level}").overall(place.reading())
        assert np.mean(walk <= level) == pytest.approx(expected)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_shares_never_fall_with_the_level(seed: int) -> None:
    table = have_lack_table(place_of(tiny_world(seed)), "x")
    shares = table[["within_5", "within_8", "within_10", "within_15"]].to_numpy()
    assert (np.diff(shares, axis=1) >= 0).all()
    assert set(table["format"]) == set(FORMATS)


def test_a_quantile_is_somebodys_walk() -> None:
    assert quantile_min(np.array([1.0, 2.0, 3.0, np.inf]), 0.75) == 3.0
    assert quantile_min(np.array([1.0, 2.0, 3.0, np.inf]), 0.76) == np.inf
    assert np.isnan(quantile_min(np.array([]), 0.5))
