"""A survey asks some adults; what it says of all of them, and when it is wrong."""

import math
from dataclasses import replace

import numpy as np
import pytest
from readings_by_hand import people, reading

from circlesim.catalog.parameters import default_parameters
from circlesim.catalog.services import SERVICES
from circlesim.errors import ConfigError
from circlesim.experiments.sampled import MEASURES, survey_rows
from circlesim.measures.estimating import Cells, estimate, joined_cells, sample_needed
from circlesim.measures.reading import bearers, count_answers
from circlesim.measures.sampling import SurveyDesign, asked_of, shares_of

EVERYBODY = default_parameters().with_values({"survey_response": 1.0})
YOUNG_ARE_SILENT = EVERYBODY.with_values(
    {"survey_response[age=18-34]": 0.15, "survey_response[age=35-59]": 0.4, "survey_response[age=60+]": 0.9}
)


def town(count=1_500, seed=3):
    """Adults and children; the old are better pleased than the young, and everybody differs."""
    luck = np.random.default_rng(seed)
    ages = luck.integers(8, 95, count)
    population = people(ages.tolist(), [0] * count)
    population = replace(population, sex=luck.integers(0, 2, count).astype(np.uint8))
    pleased = (
        0.8 + 0.02 * ages[:, None] + luck.normal(0, 0.8, (count, 1)) + luck.normal(0, 0.7, (count, len(SERVICES)))
    )
    levels = np.clip(np.floor(pleased), 0, 3).astype(np.int8)
    by_resident, by_service = count_answers(levels, population, bearers(population) > 0)
    return reading(population, answers=by_resident, answers_by_service=by_service)


TOWN = town()


def taken(design, parameters, replications=400):
    """The share satisfied as many surveys find it: estimates, standard errors, and the truth."""
    rows = [survey_rows(design, "as is", r, 11, parameters, TOWN) for r in range(replications)]
    top2 = [table[table["measure"] == "satisfaction_top2"].iloc[0] for table in rows]
    return np.array([(row["estimate"], row["standard_error"], row["census"]) for row in top2]).T


def test_asking_everybody_who_all_answer_gives_the_census():
    for weights in ("none", "post_stratified"):
        for strata in ("none", "age_band"):
            design = SurveyDesign(sample=10_000, strata=strata, weights=weights)
            table = survey_rows(design, "as is", 0, 1, EVERYBODY, TOWN)
            assert list(table["measure"]) == list(MEASURES)
            assert table["estimate"].to_numpy() == pytest.approx(table["census"].to_numpy(), abs=1e-12)
            assert np.allclose(table["standard_error"], 0.0)


@pytest.mark.parametrize("strata", ["none", "age_band"])
@pytest.mark.parametrize("weights", ["none", "post_stratified"])
def test_nineteen_intervals_in_twenty_hold_the_truth(strata, weights):
    value, error, truth = taken(SurveyDesign(sample=250, strata=strata, weights=weights), EVERYBODY)
    covered = np.mean(np.abs(value - truth) <= 1.96 * error)
    assert 0.92 <= covered <= 0.98
    assert value.mean() == pytest.approx(truth[0], abs=4 * value.std() / 20)
    assert error.mean() == pytest.approx(value.std(), rel=0.12)


def test_weighting_repairs_what_age_does_to_response():
    plain, error, truth = taken(SurveyDesign(sample=500), YOUNG_ARE_SILENT)
    assert plain.mean() - truth[0] > 5 * error.mean() / math.sqrt(20)
    weighted, error, _ = taken(SurveyDesign(sample=500, weights="post_stratified"), YOUNG_ARE_SILENT)
    assert abs(weighted.mean() - truth[0]) < 4 * weighted.std() / 20
    assert np.mean(np.abs(weighted - truth) <= 1.96 * error) > 0.92


def test_weighting_does_not_repair_what_satisfaction_does_to_response():
    half = default_parameters().with_values({"survey_response": 0.5})
    fair, _, truth = taken(SurveyDesign(sample=500, weights="post_stratified"), half)
    tilted, error, _ = taken(SurveyDesign(sample=500, weights="post_stratified", response_tilt=3.0), half)
    assert abs(fair.mean() - truth[0]) < 4 * fair.std() / 20
    assert tilted.mean() - truth[0] > 2 * error.mean()
    assert np.mean(np.abs(tilted - truth) <= 1.96 * error) < 0.7


def test_strata_by_age_narrow_what_age_explains():
    simple, *_ = taken(SurveyDesign(sample=250), EVERYBODY)
    layered, error, _ = taken(SurveyDesign(sample=250, strata="age_band"), EVERYBODY)
    assert layered.std() < 0.95 * simple.std()
    table = survey_rows(SurveyDesign(sample=250, strata="age_band"), "as is", 0, 11, EVERYBODY, TOWN)
    assert (table["design_effect"] < 0.95).all()
    assert error.mean() < simple.std()


def test_the_same_adults_are_asked_whatever_they_would_say():
    design = SurveyDesign(sample=300, strata="age_band")
    asked = asked_of(design, TOWN.population, 4, 2)
    assert len(asked) == 300
    assert (TOWN.population.age[asked] >= 18).all()
    assert not np.array_equal(asked, asked_of(design, TOWN.population, 4, 3))
    backwards = replace(
        TOWN.population, id64=TOWN.population.id64[::-1].copy(), age=TOWN.population.age[::-1].copy()
    )
    again = asked_of(SurveyDesign(sample=300), backwards, 4, 2)
    first = asked_of(SurveyDesign(sample=300), TOWN.population, 4, 2)
    assert set(backwards.id64[again].tolist()) == set(TOWN.population.id64[first].tolist())


def test_places_go_to_strata_in_proportion():
    assert shares_of(10, np.array([5, 0, 15])).tolist() == [3, 0, 7]
    assert shares_of(20, np.array([5, 0, 15])).tolist() == [5, 0, 15]
    assert shares_of(0, np.array([5, 0, 15])).tolist() == [0, 0, 0]


def test_the_error_of_a_small_sample_by_hand():
    # Two cells of 10 and 30 people; answers 0, 1 in the one and 1, 1, 0 in the other.
    answer, cell = np.array([0.0, 1.0, 1.0, 1.0, 0.0]), np.array([0, 0, 1, 1, 1])
    found = estimate(answer, Cells(of=cell, people=np.array([10, 30]), weighted=True))
    assert found.value == pytest.approx(0.25 * 0.5 + 0.75 * 2 / 3)
    error2 = 0.25**2 * 0.8 * 0.5 / 2 + 0.75**2 * 0.9 * (1 / 3) / 3
    assert found.standard_error == pytest.approx(math.sqrt(error2))
    plain = estimate(answer, Cells(of=np.zeros(5, np.int64), people=np.array([40]), weighted=False))
    assert plain.value == pytest.approx(0.6)
    assert plain.standard_error == pytest.approx(math.sqrt((1 - 5 / 40) * 0.3 / 5))
    assert plain.design_effect == pytest.approx(1.0)


def test_the_sample_needed_is_the_one_textbooks_give():
    # p = 0.9 in a large town: 1.96^2 * 0.09 / 0.03^2 = 384.1, and twice that where half answer.
    cell = Cells(of=np.zeros(10**6, np.int64), people=np.array([10**9]), weighted=False)
    plain = estimate(np.repeat([1.0, 0.0], [900_000, 100_000]), cell)
    assert sample_needed(plain, 0.03, 10**9, 1.0) == 385
    assert sample_needed(plain, 0.03, 10**9, 0.5) == 769
    assert sample_needed(plain, 0.03, 400, 0.3) == math.inf


def test_cells_in_which_too_few_answer_are_joined():
    band, sex = np.array([0, 0, 0, 1, 1, 1, 1, 2, 2]), np.array([0, 1, 1, 0, 0, 1, 1, 0, 0])
    # Band 0: one of three answers, so it goes with band 1, whose sexes cannot stand alone; band 2 stands.
    assert joined_cells(band, sex, np.array([0, 3, 4, 5, 7, 8])).tolist() == [0, 0, 0, 0, 0, 0, 0, 1, 1]
    assert len(set(joined_cells(band, sex, np.arange(9)).tolist())) == 5
    assert len(set(joined_cells(band, sex, np.array([], np.int64)).tolist())) == 3


def test_a_survey_that_cannot_be_taken_says_everything_at_once():
    with pytest.raises(ConfigError) as caught:
        SurveyDesign(sample=1, strata="age", weights="raked", response_tilt=float("nan"))
    assert {fault.where for fault in caught.value.faults} == {
        "survey.sample", "survey.strata", "survey.weights", "survey.response_tilt",
    }  # fmt: skip
