import pytest

from circlesim.errors import ConfigError
from circlesim.measures import MEASURE_NAMES, MEASURES, measure_named, measure_table
from circlesim.measures.catalogue import PATTERNS
from circlesim.measures.measure import DIRECTIONS, KINDS

CONTRACT = (
    "satisfaction_top1", "satisfaction_top2", "satisfaction_index", "spend", "spend_outside", "aid",
    "met_inside_share",
    "met_share", "unmet_share", "declined_share", "pushed_out_share", "days_open", "walk_min", "wait_min",
    "delivered_share",
    "refused_share", "welfare_min", "welfare_money", "jobs", "facility_profit", "public_cost",
    "jobs_needed", "jobs_local", "jobs_reserved", "nuisance_share", "outlets_trading",
)  # fmt: skip


def test_every_measure_of_the_contract_is_there():
    assert set(MEASURE_NAMES) == set(CONTRACT)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.name)
def test_a_measure_says_what_it_is(measure):
    assert measure.kind in KINDS
    assert measure.direction in DIRECTIONS
    assert measure.numerator
    assert measure.denominator
    assert measure.population
    assert measure.reference


def test_the_table_lists_what_is_made_by_name_by_its_pattern():
    names = [row["name"] for row in measure_table()]
    assert names[len(MEASURES) :] == list(PATTERNS)
    assert "coverage:FORMAT:MINUTES[:HOUR]" in names


def test_a_misspelt_measure_is_answered_with_its_neighbour():
    with pytest.raises(ConfigError, match="satisfaction_top2"):
        measure_named("satisfaction_top_2")


@pytest.mark.parametrize(
    "name",
    ["coverage", "coverage:breakfast_shop", "coverage:brekfast_shop:10", "coverage:breakfast_shop:ten",
     "coverage:breakfast_shop:0", "coverage:breakfast_shop:10:24", "coverage:breakfast_shop:10:7:1"],
)  # fmt: skip
def test_a_coverage_that_cannot_be_read_is_refused(name):
    with pytest.raises(ConfigError, match="cannot be used"):
        measure_named(name)
