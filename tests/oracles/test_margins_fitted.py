"""Fitting against closed forms and against a loop anybody can read."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from circlesim.world.fitting import Block, Link, fit, reconcile
from circlesim.world.integerising import whole_numbers

ROW, COLUMN = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])


def two_by_two(odds: float, row: float, column: float) -> np.ndarray:
    """Table of total 1 with these first margins and this odds ratio: the root of a quadratic (Plackett 1965)."""
    if odds == 1.0:
        first = row * column
    else:
        s = 1 + (row + column) * (odds - 1)
        first = (s - np.sqrt(s**2 - 4 * odds * (odds - 1) * row * column)) / (2 * (odds - 1))
    return np.array([first, row - first, column - first, 1 - row - column + first])


@given(st.floats(0.05, 20.0), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
@settings(max_examples=200, deadline=None)
def test_a_table_of_four_keeps_its_odds_ratio(odds: float, row: float, column: float) -> None:
    seed = np.array([odds, 1.0, 1.0, 1.0])
    blocks = [
        Block(name="row", member=ROW, target=np.array([row, 1 - row])),
        Block(name="column", member=COLUMN, target=np.array([column, 1 - column])),
    ]
    weights, off = fit(seed, blocks)
    assert off < 1e-6
    np.testing.assert_allclose(weights, two_by_two(odds, row, column), rtol=1e-4, atol=1e-9)


def naive(seed: np.ndarray, targets: list[np.ndarray]) -> np.ndarray:
    """Proportional fitting of a table of any number of axes, one axis after the other."""
    table = seed.copy()
    for _ in range(3000):
        for axis, target in enumerate(targets):
            for place in range(len(target)):
                at = [slice(None)] * table.ndim
                at[axis] = place
                table[tuple(at)] *= target[place] / table[tuple(at)].sum()
    return table


@pytest.mark.parametrize("case", range(5))
def test_tables_of_three_axes_equal_the_naive_loop(case: int) -> None:
    luck = np.random.default_rng(case)
    shape = tuple(luck.integers(2, 6, 3))
    seed, town = luck.random(shape) + 0.05, luck.random(shape)
    targets = [town.sum(axis=tuple(a for a in range(3) if a != axis)) for axis in range(3)]
    places = np.indices(shape).reshape(3, -1)
    blocks = [Block(name=str(a), member=places[a], target=targets[a]) for a in range(3)]
    weights, _ = fit(seed.ravel(), blocks)
    np.testing.assert_allclose(weights.reshape(shape), naive(seed, targets), rtol=1e-4)


def test_a_link_tilts_both_sides_by_the_power_of_what_they_hold() -> None:
    # Ten people against households of one, two and three: w = s * q**n where the sum of n * w is the people p / q.
    seed, people = np.array([10.0, 4.0, 3.0, 2.0]), np.array([-1.0, 1.0, 2.0, 3.0])
    weights, _ = fit(seed, [], [Link(name="people", per_cell=people)])
    q = weights[1] / seed[1]
    np.testing.assert_allclose(weights, seed * q**people, rtol=1e-9)
    assert weights @ people == pytest.approx(0.0, abs=1e-9)


def test_of_all_weights_that_meet_the_margins_the_fit_is_nearest_to_the_seed() -> None:
    luck = np.random.default_rng(2)
    seed, member = luck.random(12) + 0.1, np.arange(12) % 3
    link = Link(name="people", per_cell=luck.integers(-2, 3, 12).astype(float))
    blocks = [Block(name="three", member=member, target=np.array([1.0, 2.0, 3.0]))]
    weights, off = fit(seed, blocks, [link])
    assert off < 1e-6
    rows = np.vstack([member == k for k in range(3)] + [link.per_cell]).astype(float)
    free = np.linalg.svd(rows)[2][4:]  # ways to move weights that no margin sees

    def divergence(at: np.ndarray) -> float:
        return float((at * np.log(at / seed) - at + seed).sum())

    for way in free:
        for step in (1e-3, -1e-3):
            assert divergence(weights + step * way) > divergence(weights)


def test_margins_that_cannot_hold_are_moved_as_little_as_can_be() -> None:
    blocks = [
        Block(name="row", member=ROW, target=np.array([6.0, 4.0])),
        Block(name="column", member=COLUMN, target=np.array([5.0, 6.0])),
    ]
    ones = [np.ones(2), np.ones(2)]
    found = reconcile(blocks, [], ones)
    assert found.strain == pytest.approx(0.25)  # eleven against ten: each of four counts gives a quarter
    assert sum(found.blocks[0].target) == pytest.approx(sum(found.blocks[1].target))
    apart = reconcile([blocks[0], Block(name="column", member=COLUMN, target=np.array([5.0, 60.0]))], [], ones)
    assert apart.strain > 1.0
    assert apart.moved


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_whole_numbers_keep_whole_margins(seed: int) -> None:
    luck = np.random.default_rng(seed)
    places = np.indices((4, 5)).reshape(2, -1)
    town = luck.integers(0, 9, 20)
    blocks = [
        Block(name=str(a), member=places[a], target=np.bincount(places[a], town).astype(float)) for a in range(2)
    ]
    weights, _ = fit(luck.random(20) + 0.1, blocks)
    whole = whole_numbers(weights, blocks, [(np.ones(20), int(town.sum()))], luck.random(20))
    for block in blocks:
        np.testing.assert_array_equal(block.got(whole.astype(float)), block.target)
    assert (whole >= 0).all()


def test_a_cell_is_rounded_up_as_often_as_its_fraction_says() -> None:
    weights, blocks = (
        np.array([0.3, 0.7, 1.2, 0.8]),
        [Block(name="all", member=np.zeros(4, int), target=np.array([3.0]))],
    )
    luck = np.random.default_rng(1)
    mean = np.mean([whole_numbers(weights, blocks, [(np.ones(4), 3)], luck.random(4)) for _ in range(600)], axis=0)
    np.testing.assert_allclose(mean, weights, atol=0.12)
