"""Supply: a map of a real place that shows too few outlets is known by a stated rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import poisson

from circlesim.catalog.format_counts import expected_outlets, outlet_counts
from circlesim.catalog.formats import FORMATS, format_row
from circlesim.world.demo import demo_world
from circlesim.world.facilities import Facilities
from circlesim.world.supply import Count, supply_of
from circlesim.world.world import World


@pytest.fixture(scope="module")
def town() -> World:
    return demo_world("old_town", 2000)


def take_facilities(outlets: Facilities, rows: np.ndarray) -> Facilities:
    return outlets.take(rows)


def thinned(world: World, share: float) -> World:
    rows = np.arange(0, len(world.facilities), dtype=np.int64)
    kept = rows[rows % 10 < 10 * share]
    return replace(world, synthetic=False, facilities=take_facilities(world.facilities, kept))


def test_the_mean_circle_has_240_outlets_for_20700_residents() -> None:
    whole = expected_outlets(20_700)
    assert sum(whole.values()) == pytest.approx(240)
    assert sum(expected_outlets(2_070).values()) == pytest.approx(24)
    rounded = outlet_counts(20_700, 240)
    assert all(abs(whole[name] - count) <= 1 for name, count in rounded.items())


@pytest.mark.parametrize("outlets", range(0, 41, 4))
def test_a_count_is_too_few_under_half_and_beyond_chance(outlets: int) -> None:
    for expected in (3.0, 10.0, 20.0, 40.0):
        wanted = outlets < 0.5 * expected and poisson.cdf(outlets, expected) < 0.05
        assert Count(name="x", outlets=outlets, expected=expected).too_few == wanted


def test_only_a_real_place_that_nobody_counted_can_be_under_mapped(town: World) -> None:
    few = thinned(town, 0.3)
    assert supply_of(few).under_mapped
    assert not supply_of(replace(few, synthetic=True)).under_mapped
    assert not supply_of(replace(few, supply_counted=True)).under_mapped
    assert not supply_of(thinned(town, 1.0)).under_mapped


def test_basic_formats_alone_can_be_missing(town: World) -> None:
    basic = np.array([format_row(FORMATS[kind]).format_class == "basic" for kind in town.facilities.format])
    rows = np.concatenate([np.flatnonzero(~basic), np.repeat(np.flatnonzero(~basic), 3)])
    some = replace(town, synthetic=False, facilities=take_facilities(town.facilities, rows))
    found = supply_of(some)
    assert not found.whole.too_few
    assert found.under_mapped
    assert found.worst is found.basic
    assert found.facts()["under_mapped"] is True


def test_helsinki_has_outlets_enough() -> None:
    assert not supply_of(demo_world("helsinki")).under_mapped
