from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_runs import town

from circlesim.catalog.parameters import default_parameters
from circlesim.experiments.assumptions import (
    draw_parameters,
    fixed_with_the_world,
    is_synthesised,
    quantiles,
    world_under,
)


@pytest.mark.parametrize("draws", [1, 2, 7, 50])
def test_every_name_has_one_draw_in_each_stratum(draws):
    cube = quantiles(("tau", "b_walk", "b_wait"), draws)
    for name in ("tau", "b_walk", "b_wait"):
        strata = sorted(int(quantile[name] * draws) for quantile in cube)
        assert strata == list(range(draws))


def test_one_more_name_leaves_the_others_where_they_were():
    few, more = quantiles(("tau", "b_walk"), 20), quantiles(("b_queue", "tau", "b_walk"), 20)
    assert all(a["tau"] == b["tau"] and a["b_walk"] == b["b_walk"] for a, b in zip(few, more, strict=True))


def test_names_are_drawn_apart():
    cube = quantiles(("tau", "b_walk"), 400)
    pairs = np.array([[quantile["tau"], quantile["b_walk"]] for quantile in cube])
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 0.15


def test_one_quantile_moves_all_groups_of_a_name():
    default = default_parameters()
    drawn = draw_parameters(default, 5)[0]
    rows = [(row, row.at(0.0), row.at(1.0)) for row in default.rows if row.name == "tau"]
    places = {
        (drawn.number("tau", service=row.group.split("=")[1]) - low) / (high - low) for row, low, high in rows
    }
    assert max(places) - min(places) < 1e-9


def test_known_parameters_stay_where_they_are():
    default = default_parameters()
    drawn = draw_parameters(default, 3)[1]
    assumed = set(default.assumed())
    assert all(a.value == b.value for a, b in zip(default.rows, drawn.rows, strict=True) if a.name not in assumed)


def test_residents_under_the_default_parameters_are_those_of_the_world():
    assert is_synthesised(town(), default_parameters())


def test_a_draw_moves_the_traits_of_synthesised_residents():
    default = default_parameters()
    drawn = default.with_values({"tolerance_cv": 0.0})
    moved = world_under(town(), default, drawn).population
    assert (moved.id64 == town().population.id64).all()
    assert (moved.home_row == town().population.home_row).all()
    assert len(np.unique(moved.tolerance_min)) < len(np.unique(town().population.tolerance_min))


def test_observed_residents_keep_their_traits_and_need_more_or_less_often():
    default = default_parameters()
    observed = replace(town(), population_seed=None)
    rates = {row.name: 0.5 * row.value for row in default.rows if row.name == "need_rate"}
    assert rates
    drawn = default.drawn(dict.fromkeys(("need_rate", "tolerance_min"), 0.0))
    moved = world_under(observed, default, drawn).population
    assert (moved.tolerance_min == observed.population.tolerance_min).all()
    assert moved.need_rate.sum() < observed.population.need_rate.sum()


def test_what_draws_cannot_move_is_named():
    default = default_parameters()
    assert "tau" not in fixed_with_the_world(town(), default)
    assert "tolerance_min" in fixed_with_the_world(replace(town(), population_seed=None), default)
