import numpy as np
import pytest

from circlesim.catalog.anchors import (
    DEFAULT_SURVEY,
    OUTCOMES,
    anchor_rows,
    anchor_shares,
    survey_distribution,
    survey_rows,
)
from circlesim.catalog.constants import AGE_GROUPS, ALTERNATIVES
from circlesim.catalog.format_counts import format_counts
from circlesim.catalog.formats import format_row
from circlesim.catalog.needs import KINDS
from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICE_INDEX, SERVICES
from circlesim.errors import ConfigError


def share(service, group, outcome):
    return anchor_shares()[group, SERVICE_INDEX[service], OUTCOMES.index(outcome)]


def test_anchors_share_every_need_out_completely():
    shares = anchor_shares()
    known = np.isfinite(shares).all(axis=2)
    assert shares.shape == (len(AGE_GROUPS), len(SERVICES), 5)
    assert OUTCOMES[2:] == ALTERNATIVES[1:]
    assert shares[known].sum(axis=1) == pytest.approx(1.0)
    assert (shares[known] >= 0).all()
    assert np.isnan(shares[~known]).all()


def test_every_anchor_has_a_source_and_a_grade():
    assert all(len(row.source) > 5 and row.grade in "ABCD" for row in anchor_rows())


def test_anchors_exist_exactly_where_there_are_needs():
    ages, parameters = np.arange(100), default_parameters()
    needed = np.zeros((len(AGE_GROUPS), len(SERVICES)), dtype=bool)
    for service, ordinal in KINDS:
        rate = parameters.by_age("need_rate", ages, service=service, ordinal=ordinal)
        rate = np.where(ages >= 60, 1.0, 0.0) if service == "elder_meal" else rate
        for group, (low, high) in enumerate(AGE_GROUPS):
            needed[group, SERVICE_INDEX[service]] |= rate[low : high + 1].any()
    assert np.array_equal(np.isfinite(anchor_shares()).all(axis=2), needed)


def test_everybody_may_always_go_without():
    forgo = anchor_shares()[..., OUTCOMES.index("forgo")]
    assert (forgo[np.isfinite(forgo)] > 0).all()


def test_only_services_that_somebody_delivers_have_a_delivered_share():
    delivering = {
        service for line in format_counts() if format_row(line.format).delivery
        for service in format_row(line.format).services
    }  # fmt: skip
    for service in SERVICES:
        delivered = np.nan_to_num(anchor_shares()[:, SERVICE_INDEX[service], OUTCOMES.index("delivered")])
        assert service in delivering or not delivered.any(), service


def test_groceries_cannot_be_cooked_up_at_home_but_breakfast_can():
    assert share("groceries", 2, "home") == 0
    assert share("breakfast", 3, "home") > 0.8


def test_the_young_buy_breakfast_and_skip_it_more_than_the_old():
    assert share("breakfast", 1, "inside") > share("breakfast", 2, "inside") > share("breakfast", 4, "inside")
    assert share("breakfast", 1, "forgo") > share("breakfast", 4, "forgo")


def test_survey_levels_run_from_lowest_to_highest_and_sum_to_one():
    vulnerable = survey_distribution("jinan_vulnerable")
    assert vulnerable == pytest.approx([0.032, 0.037, 0.193, 0.738])
    assert survey_distribution("jinan_culture").sum() == pytest.approx(1.0)
    assert survey_distribution() == pytest.approx(survey_distribution(DEFAULT_SURVEY))
    assert all(row.source and row.grade in "ABCD" for row in survey_rows())


def test_an_unknown_survey_is_met_with_the_known_ones():
    with pytest.raises(ConfigError, match="jinan_culture"):
        survey_distribution("jinan_cultur")
    with pytest.raises(ConfigError, match="default"):
        anchor_shares("defaults")
