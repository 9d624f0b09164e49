from dataclasses import replace

import numpy as np
import pytest
from readings_by_hand import people, reading, sums

from circlesim.catalog.formats import FORMAT_INDEX, FORMATS
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.measures import MEASURES, measure_named
from circlesim.measures.grouping import everybody, grouping_by
from circlesim.measures.reading import bearers


@pytest.fixture
def three():
    """Two adults and a child over two days: two needs met, one declined, one met by delivery, one refusal."""
    population = people([30, 70, 8], [0, 5, 10])
    rows = [
        {"needs": 2, "inside": 2, "served": 2, "attempts": 3, "refusals": 1, "spend_fen": 2500, "walk_min": 9,
         "wait_min": 4, "utility_min": 20},
        {"needs": 2, "delivered": 1, "declined": 1, "served": 1, "attempts": 1, "spend_fen": 1500, "wait_min": 30,
         "aid_fen": 300},
        {"needs": 1, "outside": 1, "pushed_out": 1, "spend_outside_fen": 700},
    ]  # fmt: skip
    return reading(population, resident=sums(rows))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("spend", 40.0 / 6), ("spend_outside", 7.0 / 6), ("aid", 3.0 / 6),
        ("met_inside_share", 2 / 5), ("met_share", 4 / 5),
        ("declined_share", 1 / 5), ("unmet_share", 0.0), ("pushed_out_share", 1 / 5), ("delivered_share", 1 / 5),
        ("walk_min", 9 / 3), ("wait_min", 34 / 3), ("refused_share", 1 / 4), ("welfare_min", 20 / 6),
    ],
)  # fmt: skip
def test_a_measure_is_its_numerator_over_its_denominator(three, name, value):
    assert measure_named(name).overall(three) == pytest.approx(value)


def test_groups_add_up_to_everybody(three):
    grouping = grouping_by(three.population, "age60")
    values = measure_named("spend").value(three, grouping)
    assert np.average(values.value, weights=values.n) == pytest.approx(measure_named("spend").overall(three))


def test_a_group_without_needs_has_no_share(three):
    quiet = replace(three, resident=three.resident * 0)
    assert np.isnan(measure_named("met_share").overall(quiet))


def test_a_formats_part_of_needs_met_inside_adds_up_to_the_whole(three):
    served = sums([{"inside": 1, "needs": 1, "served": 1}, {"inside": 1, "needs": 1, "served": 1}], len(FORMATS))
    service = sums([{"needs": 5, "inside": 2}], len(SERVICES))
    both = replace(three, format=served, service=service)
    values = measure_named("met_inside_share").value(both, grouping_by(both.population, "format"))
    assert np.nansum(values.value) == pytest.approx(2 / 5)


def test_waits_of_a_format_are_per_visit_to_that_format(three):
    row = FORMAT_INDEX["breakfast_shop"]
    served = sums([{}] * len(FORMATS))
    served[row] = sums([{"served": 2, "wait_min": 8}])[0]
    values = measure_named("wait_min").value(
        replace(three, format=served), grouping_by(three.population, "format")
    )
    assert values.value[row] == pytest.approx(4.0)
    assert np.isnan(np.delete(values.value, row)).all()


def test_needs_that_nobody_served_have_no_format(three):
    assert measure_named("unmet_share").value(three, grouping_by(three.population, "format")) is None


def test_a_service_nobody_needs_has_no_figure(three):
    rate = three.population.need_rate.copy()
    rate[:, :1] = 0.0
    people_without = replace(three.population, need_rate=rate)
    unneeded = replace(three, population=people_without, bearers=bearers(people_without))
    values = measure_named("spend").value(unneeded, grouping_by(three.population, "service"))
    assert np.isnan(values.value[SERVICE_INDEX["breakfast"]])
    assert values.n[SERVICE_INDEX["breakfast"]] == 0


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_every_measure_has_a_figure_for_everybody(three, measure):
    assert measure.value(three, everybody(3)) is not None
