"""The rules of behaviour, one equation each, against the equation written out."""

from __future__ import annotations

import math

import numpy as np
import pytest

from circlesim.behaviour.choosing import attractiveness, nested_luck, outlet_utility
from circlesim.behaviour.judging import learned, performance, satisfaction
from circlesim.behaviour.paying import basket_fen, price_fen, to_fen
from circlesim.behaviour.timing import cheapest_departure
from circlesim.behaviour.waiting import balks, remembered_wait
from circlesim.behaviour.walking import walk_min, within_reach


def test_a_walk_takes_metres_over_speed() -> None:
    assert walk_min(900.0, 60.0) == 15.0
    assert within_reach(15.0, 15.0)
    assert not within_reach(math.nextafter(15.0, 16.0), 15.0)


def test_outlets_attract_by_quality_variety_and_price() -> None:
    drawn = attractiveness(1.2, 0.5, 0.4, 2.0, 1.5, 0.8)
    assert drawn == pytest.approx(1.2 * 0.5 + 0.4 * math.log(2.0) - 1.5 * math.log(0.8), rel=1e-15)
    assert attractiveness(1.2, 0.0, 0.4, 1.0, 1.5, 1.0) == 0.0


def test_walking_waiting_and_moving_an_errand_cost_utility() -> None:
    assert outlet_utility(2.0, 0.15, 6.0, 0.12, 5.0, 0.01, 30.0) == pytest.approx(2.0 - 0.9 - 0.6 - 0.3, rel=1e-15)


def test_luck_in_a_nest_is_scaled_by_its_similarity() -> None:
    assert nested_luck(0.4, 1.5, -0.5) == pytest.approx(0.4)
    assert nested_luck(1.0, 1.5, 0.0) == 1.5


@pytest.mark.parametrize(("yuan", "fen"), [(0.0, 0), (0.004, 0), (0.005, 1), (7.5, 750), (12.345, 1235)])
def test_money_is_rounded_to_whole_fen_halves_up(yuan: float, fen: int) -> None:
    assert to_fen(yuan) == fen


def test_a_price_is_the_basket_times_the_price_level() -> None:
    assert price_fen(1_000, 1.0) == 1_000
    assert price_fen(999, 1.25) == 1_249
    for basket in range(1, 3_000, 7):
        assert price_fen(basket, 1.0) == basket


def test_baskets_are_lognormal_and_never_free() -> None:
    assert basket_fen(20.0, 0.0, 3.0) == 2_000
    median = 20.0 / math.sqrt(1 + 0.5**2)
    assert basket_fen(20.0, 0.5, 0.0) == round(100 * median)
    assert basket_fen(0.02, 2.0, -5.0) == 1


def test_an_errand_moves_to_the_nearest_departure_that_fits() -> None:
    def leave(need: float, walk: float = 10.0) -> float:
        return float(cheapest_departure(need, walk, 480.0, 720.0, 0.0, 1440.0))

    assert leave(600.0) == 600.0
    assert leave(400.0) == 470.0  # arrives as the door opens
    assert leave(800.0) == 709.0  # arrives a minute before closing


def test_an_errand_never_leaves_outside_a_free_window() -> None:
    assert cheapest_departure(400.0, 10.0, 480.0, 720.0, 500.0, 600.0) == 500.0
    assert cheapest_departure(700.0, 10.0, 480.0, 720.0, 500.0, 600.0) == 599.0
    assert cheapest_departure(700.0, 10.0, 480.0, 720.0, 715.0, 900.0) == -1.0


def test_nobody_moves_an_errand_into_a_window_too_short_for_it() -> None:
    assert cheapest_departure(500.0, 10.0, 480.0, 480.5, 0.0, 1440.0) == -1.0


def test_people_mind_long_queues_and_not_short_ones() -> None:
    assert not balks(0.02, 3.0, 3.0, 1e-12)
    assert balks(0.02, 3.0, 13.0, 1.999)
    assert not balks(0.02, 3.0, 13.0, 2.001)
    assert not balks(0.0, 0.0, 500.0, 1e-12)


def test_waits_and_judgements_move_a_share_of_the_way() -> None:
    assert remembered_wait(4.0, 10.0, 0.25) == 5.5
    assert learned(0.8, 0.0, 0.2) == pytest.approx(0.64)
    assert learned(0.3, 0.9, 1.0) == pytest.approx(0.9)


def test_performance_lies_between_zero_and_one_and_falls_with_walk_and_wait() -> None:
    def at(walk: float, wait: float, quality: float = 0.5) -> float:
        return float(performance(1.0, 2.0, quality, 0.1, walk, 0.2, wait))

    assert at(0.0, 0.0) == pytest.approx(1 / (1 + math.exp(-2.0)))
    walks = [at(walk, 2.0) for walk in range(0, 40, 5)]
    assert (np.diff(walks) < 0).all()
    assert at(5.0, 1.0) > at(5.0, 2.0)
    assert at(5.0, 1.0, 0.9) > at(5.0, 1.0, 0.1)
    assert 0.0 < at(300.0, 300.0) < at(0.0, 0.0, 1.0) < 1.0


def test_satisfaction_weighs_performance_disconfirmation_and_equity() -> None:
    expected = 0.4 * 0.7 + 0.35 * (0.7 - 0.9) + 0.25 * 1.1
    assert satisfaction(0.4, 0.35, 0.25, 0.7, 0.9, 1.1) == pytest.approx(expected)
