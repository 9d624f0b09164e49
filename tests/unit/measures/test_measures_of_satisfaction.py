from dataclasses import replace

import numpy as np
import pytest
from readings_by_hand import people, reading

from circlesim.catalog.services import SERVICES
from circlesim.measures import measure_named
from circlesim.measures.grouping import grouping_by
from circlesim.measures.reading import bearers, count_answers


def answered(levels, population):
    by_resident, by_service = count_answers(levels, population, bearers(population) > 0)
    return reading(population, answers=by_resident, answers_by_service=by_service)


def test_children_are_not_asked():
    population = people([17, 40], [0, 1])
    levels = np.zeros((2, len(SERVICES)), np.int8)
    levels[1] = 3
    seen = answered(levels, population)
    assert measure_named("satisfaction_top1").overall(seen) == 1.0
    assert measure_named("satisfaction_top1").value(seen, grouping_by(population, "age60")).n.tolist() == [1, 0]


def test_a_service_nobody_needs_is_not_asked_about():
    population = people([40], [0])
    rate = population.need_rate.copy()
    rate[:, 0] = 0.0
    population = replace(population, need_rate=rate)
    levels = np.full((1, len(SERVICES)), 3, np.int8)
    levels[0, 0] = 0
    assert measure_named("satisfaction_index").overall(answered(levels, population)) == pytest.approx(100.0)


def test_services_weigh_the_same():
    population = people([40, 50], [0, 1])
    levels = np.zeros((2, len(SERVICES)), np.int8)
    levels[:, 0] = 3
    seen = answered(levels, population)
    assert measure_named("satisfaction_top2").overall(seen) == pytest.approx(1 / len(SERVICES))
    by_service = measure_named("satisfaction_top2").value(seen, grouping_by(population, "service"))
    assert by_service.value.mean() == pytest.approx(measure_named("satisfaction_top2").overall(seen))


@pytest.mark.parametrize(
    ("level", "top1", "top2", "index"), [(0, 0, 0, 0), (1, 0, 0, 100 / 3), (2, 0, 1, 200 / 3), (3, 1, 1, 100)]
)
def test_levels_are_scored_by_the_card(level, top1, top2, index):
    population = people([40], [0])
    seen = answered(np.full((1, len(SERVICES)), level, np.int8), population)
    found = [measure_named(f"satisfaction_{name}").overall(seen) for name in ("top1", "top2", "index")]
    assert found == pytest.approx([top1, top2, index])
