from __future__ import annotations

import numpy as np
import pytest

from circlesim.catalog.anchors import anchor_shares, survey_distribution
from circlesim.catalog.constants import UNAVAILABLE, write_constants
from circlesim.catalog.parameters import default_parameters
from circlesim.experiments.anchoring import first_constants, solve_constants, solved_stamp, survey_thresholds
from circlesim.experiments.constants import constants_for
from circlesim.world.synthesis import old_town

TOWN = 3000


@pytest.fixture(scope="module")
def town():
    return old_town(TOWN)


@pytest.fixture(scope="module")
def solution(town):
    return solve_constants(town, default_parameters())


def test_services_the_town_can_serve_meet_their_anchors(solution):
    served = solution.found[..., 0] > 0.5 * solution.target[..., 0]
    cells = solution.judged & served
    assert cells.sum() > 20
    assert np.median(solution.gap[cells]) < 0.01
    # The small town lacks outlets within reach of some homes, so a few cells cannot be met.
    assert (solution.gap[cells] < 0.03).mean() > 0.9


def test_an_alternative_without_an_anchor_does_not_exist():
    constants = first_constants(anchor_shares())
    shares = anchor_shares()[..., 1:4]
    assert (constants.alternative[..., :3][shares == 0] == UNAVAILABLE).all()
    assert (constants.alternative[..., :3][shares > 0] > UNAVAILABLE / 2).all()


def test_an_alternative_without_an_anchor_is_never_taken(solution):
    found = np.nan_to_num(solution.found)
    assert (found[..., :4][np.nan_to_num(solution.target)[..., :4] == 0] == 0).all()


def test_thresholds_rise(solution):
    assert (np.diff(solution.constants.thresholds) > 0).all()


def test_thresholds_cut_answers_to_the_survey():
    pooled = np.random.default_rng(1).normal(size=(4000, 5))
    levels = np.searchsorted(survey_thresholds(pooled), pooled.ravel(), side="right")
    assert np.bincount(levels, minlength=4) / pooled.size == pytest.approx(survey_distribution(), abs=1e-3)


def test_the_solution_says_what_it_was_solved_for(solution, town):
    assert solution.constants.solved_on == solved_stamp(town, default_parameters())
    assert solved_stamp(town, default_parameters().with_values({"b_walk": 0.2})) != solution.constants.solved_on
    assert solved_stamp(old_town(TOWN + 1), default_parameters()) != solution.constants.solved_on


def test_residuals_list_every_share(solution):
    table = solution.residuals()
    assert set(table["alternative"]) == {"inside", "delivered", "home", "outside", "forgo"}
    sums = table.groupby(["ages", "service"])[["target", "found"]].sum()
    assert np.allclose(sums, 1.0)


def test_constants_beside_a_world_are_used_where_they_were_solved_for_it(solution, town, tmp_path):
    write_constants(solution.constants, tmp_path / "constants.json")
    told = []
    found = constants_for(town, default_parameters(), beside=tmp_path, progress=told.append)
    assert not told
    assert np.allclose(found.alternative, solution.constants.alternative, atol=1e-6)


def test_constants_of_another_world_are_solved_anew(solution, tmp_path):
    write_constants(solution.constants, tmp_path / "constants.json")
    told = []
    constants_for(old_town(400), default_parameters(), beside=tmp_path, progress=told.append)
    assert told[0].startswith("solving")
