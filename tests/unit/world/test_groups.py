from dataclasses import replace

import numpy as np
import pytest

from circlesim.errors import ConfigError
from circlesim.world.groups import DIMENSIONS, GROUP_LABELS, group_labels, group_rows
from circlesim.world.population import Means
from circlesim.world.synthesis import old_town


@pytest.fixture(scope="module")
def people():
    return old_town(1_000).population


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_everybody_is_in_exactly_one_group(people, dimension):
    rows = group_rows(people, dimension)
    assert rows.dtype == np.int16
    assert rows.shape == (len(people),)
    assert rows.min() >= 0
    assert rows.max() < len(group_labels(people, dimension))


def test_age_bands_begin_on_the_birthdays_their_labels_name(people):
    ages = np.array([0, 11, 12, 17, 18, 29, 30, 59, 60, 69, 70, 79, 80, 94], dtype=np.int16)
    labels = GROUP_LABELS["age_band"]
    aged = replace(people, age=np.resize(ages, len(people)))
    found = [labels[row] for row in group_rows(aged, "age_band")[: len(ages)]]
    assert found == ["0-11", "0-11", "12-17", "12-17", "18-29", "18-29", "30-39", "50-59", "60-69", "60-69",
                     "70-79", "70-79", "80+", "80+"]  # fmt: skip
    assert [row for row in group_rows(aged, "age60")[: len(ages)]] == [0] * 8 + [1] * 6


def test_means_are_told_apart_by_what_is_in_the_pocket(people):
    carried = np.array([0, Means.CASH, Means.CARD, Means.MOBILE, Means.MOBILE | Means.CASH], dtype=np.uint8)
    dressed = replace(people, means_carried=np.resize(carried, len(people)))
    labels = group_labels(dressed, "means")
    assert [labels[row] for row in group_rows(dressed, "means")[:5]] == [
        "none", "no_mobile", "no_mobile", "mobile_no_cash", "mobile_and_cash",
    ]  # fmt: skip


def test_circles_are_listed_as_the_world_has_them(people):
    split = replace(people, circle=np.resize(np.array([7, 3], dtype=np.int32), len(people)))
    assert group_labels(split, "circle") == ("3", "7")
    assert group_rows(split, "circle")[:2].tolist() == [1, 0]


def test_a_misspelt_dimension_is_met_with_a_suggestion(people):
    with pytest.raises(ConfigError, match="did you mean 'age_band'"):
        group_rows(people, "age_bands")
