"""A survey stands beside a run and moves nothing in it."""

import pandas as pd
import pytest
from small_runs import as_is, counters, small

from circlesim.experiments.outcomes import read_outcomes
from circlesim.experiments.sampled import COLUMNS
from circlesim.measures.sampling import SurveyDesign
from circlesim.reporting.report import write_report


@pytest.fixture(scope="module")
def surveyed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surveyed")
    small(as_is(), counters(), survey=SurveyDesign(sample=200, weights="post_stratified")).run(folder)
    return folder


def test_every_scenario_and_replication_is_surveyed_among_the_same_people(surveyed):
    table = read_outcomes(surveyed).tables["survey"]
    assert tuple(table.columns) == COLUMNS
    assert len(table) == 2 * 3 * 3
    people = table.groupby("replication")[["asked", "respondents"]].nunique()
    assert (people == 1).all(axis=None)
    assert table.groupby("scenario")["respondents"].nunique().min() > 1


def test_the_census_beside_it_is_the_measure_of_the_run(surveyed):
    outcomes = read_outcomes(surveyed)
    rows = outcomes.frame().query("by == '' and measure == 'satisfaction_top2'")
    census = outcomes.tables["survey"].query("measure == 'satisfaction_top2'")
    both = rows.merge(census, on=["scenario", "replication"])
    assert len(both) == 6
    assert both["value"].to_numpy() == pytest.approx(both["census"].to_numpy(), abs=1e-12)


def test_who_asks_nobody_finds_the_same(surveyed):
    plain = small(as_is(), counters()).run()
    outcomes = read_outcomes(surveyed)
    pd.testing.assert_frame_equal(plain.frame(), outcomes.frame())
    assert "survey" not in plain.tables
    assert "survey" not in plain.manifest
    assert outcomes.manifest["digests"]["run"] != plain.manifest["digests"]["run"]


@pytest.mark.parametrize(
    ("lang", "title"), [("en", "What a survey would have found"), ("zh", "抽样调查会得到什么")]
)
def test_the_report_sets_the_survey_beside_all_adults(surveyed, tmp_path, lang, title):
    page = write_report(surveyed, lang, tmp_path / "report.html").read_text("utf-8")
    assert title in page
    assert "survey_response" in page
