"""Choice frequencies of the engine against closed-form logit: chi-square at 99.9 %, fixed seeds."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, special, stats

from towns import Ledger, Town, constants, line, outlets, plain_parameters, residents

PEOPLE, DAYS = 20_000, 12
WALK_MIN = np.array([3.0, 6.0, 12.0])
SPEED, STEP_M = 60.0, 60.0
B_WALK = 0.15
EULER_GAMMA = 0.5772156649015329
HOME, OUTSIDE, NOTHING = -1, -2, -3


def row_of_shops(parameters: dict[str, float], alternatives: dict[str, float], **columns: object) -> Town:
    """Everybody lives at the end of a street with outlets 3, 6 and 12 minutes away, and needs one daily."""
    nodes = np.rint(WALK_MIN).astype(int)
    return Town(
        streets=line(16, STEP_M),
        population=residents(PEOPLE, {("parcel", 0): 1.0}, home_row=0, speed_m_per_min=SPEED),
        facilities=outlets(len(nodes), "parcel", node_row=nodes, **columns),
        parameters=plain_parameters(b_walk=B_WALK, **parameters),
        constants=constants(**alternatives),
    )


def shares_fit(ledger: Ledger, expected: dict[int, float]) -> float:
    """p-value of the chi-square test of what was done against expected shares."""
    assert sum(expected.values()) == pytest.approx(1.0, abs=1e-9)
    seen = np.array([(ledger.done == target).sum() for target in expected])
    assert seen.sum() == len(ledger) >= 200_000
    return float(stats.chisquare(seen, np.array(list(expected.values())) * len(ledger)).pvalue)


def nested_shares(outlet: np.ndarray, alone: dict[int, float], tau: float) -> dict[int, float]:
    """Shares with one nest of outlets and every other alternative on its own."""
    inclusive = tau * special.logsumexp(outlet / tau)
    total = special.logsumexp([inclusive, *alone.values()])
    within = special.softmax(outlet / tau) * math.exp(inclusive - total)
    return dict(enumerate(within)) | {target: math.exp(v - total) for target, v in alone.items()}


def test_outlets_are_chosen_in_the_shares_of_plain_logit() -> None:
    # Published shares for 3, 6 and 12 minutes at 0.15 a minute; forgoing stands at its floor, six in a million.
    ledger = row_of_shops({}, {}).run(range(DAYS))
    shares = {0: 0.527185, 1: 0.336148, 2: 0.136667}
    with_forgoing = nested_shares(-B_WALK * WALK_MIN, {NOTHING: -12.0}, 1.0)
    assert [with_forgoing[f] for f in shares] == pytest.approx(list(shares.values()), abs=1e-5)
    assert shares_fit(ledger, with_forgoing) > 0.001


def test_home_outside_and_forgoing_compete_with_outlets_as_plain_logit_says() -> None:
    price, quality, variety = np.array([1.0, 0.8, 1.25]), np.array([0.2, 0.0, 0.9]), np.array([1.0, 3.0, 2.0])
    town = row_of_shops(
        {"b_price": 1.3, "b_quality": 0.7, "b_variety": 0.4}, {"home": -1.0, "outside": -1.5, "forgo": -2.0},
        price_level=price, quality=quality, variety=variety,
    )  # fmt: skip
    v = -B_WALK * WALK_MIN - 1.3 * np.log(price) + 0.7 * quality + 0.4 * np.log(variety)
    expected = nested_shares(v, {HOME: -1.0, OUTSIDE: -1.5, NOTHING: -2.0}, 1.0)
    assert shares_fit(town.run(range(DAYS)), expected) > 0.001


@pytest.mark.parametrize("tau", [0.15, 0.3, 0.6, 0.9])
def test_similar_outlets_are_chosen_in_the_shares_of_nested_logit(tau: float) -> None:
    town = row_of_shops({"tau": tau}, {"home": -1.0, "outside": -0.8, "forgo": -2.0})
    expected = nested_shares(-B_WALK * WALK_MIN, {HOME: -1.0, OUTSIDE: -0.8, NOTHING: -2.0}, tau)
    assert shares_fit(town.run(range(DAYS)), expected) > 0.001


def test_the_shares_of_plain_logit_do_not_fit_similar_outlets() -> None:
    # The oracle can fail: the same frequencies against tau = 1.
    town = row_of_shops({"tau": 0.6}, {"home": -1.0, "outside": -0.8, "forgo": -2.0})
    wrong = nested_shares(-B_WALK * WALK_MIN, {HOME: -1.0, OUTSIDE: -0.8, NOTHING: -2.0}, 1.0)
    assert shares_fit(town.run(range(DAYS)), wrong) < 1e-12


@pytest.mark.parametrize("tau", [0.4, 1.0])
def test_orders_stand_in_a_nest_of_their_own(tau: float) -> None:
    town = row_of_shops(
        {"tau": tau, "b_wait": 0.05, "b_price": 1.0},
        {"delivery": 0.4, "home": -1.0, "outside": -0.8, "forgo": -2.0},
        delivery=np.array([1, 0, 1]), delivery_radius_m=5_000.0, delivery_min=np.array([10.0, 0.0, 25.0]),
    )  # fmt: skip
    ledger = town.run(range(DAYS))
    walk, order = -B_WALK * WALK_MIN, 0.4 - 0.05 * np.array([10.0, 25.0])
    walk_in, ordered = tau * special.logsumexp(walk / tau), tau * special.logsumexp(order / tau)
    alone = {HOME: -1.0, OUTSIDE: -0.8, NOTHING: -2.0}
    total = special.logsumexp([walk_in, ordered, *alone.values()])
    expected = {target: math.exp(v - total) for target, v in alone.items()}
    expected |= dict(enumerate(special.softmax(walk / tau) * math.exp(walk_in - total)))
    expected |= {100 + f: share for f, share in
                 zip((0, 2), special.softmax(order / tau) * math.exp(ordered - total), strict=True)}  # fmt: skip
    done = np.where(ledger["channel"] == 2, ledger["facility"] + 100, ledger.done)
    seen = np.array([(done == target).sum() for target in expected])
    assert seen.sum() == len(ledger) >= 200_000
    assert stats.chisquare(seen, np.array(list(expected.values())) * len(ledger)).pvalue > 0.001


def test_a_lasting_taste_mixes_the_shares() -> None:
    # One day of each of many residents: a mixed logit, whose shares are an integral over two normal tastes.
    spread = 1.2
    town = Town(
        streets=line(16, STEP_M),
        population=residents(220_000, {("parcel", 0): 1.0}, speed_m_per_min=SPEED),
        facilities=outlets(2, "parcel", node_row=[3, 9]),
        parameters=plain_parameters(b_walk=B_WALK, taste_sd=spread),
        constants=constants(forgo=-0.5),
    )

    def share(f: int) -> float:
        def integrand(a: float, b: float) -> float:
            v = np.exp(np.array([-0.45 + spread * a, -1.35 + spread * b, -0.5]))
            return float(v[f] / v.sum() * math.exp(-(a * a + b * b) / 2) / (2 * math.pi))

        return float(integrate.dblquad(integrand, -8, 8, -8, 8, epsabs=1e-7)[0])

    first, second = share(0), share(1)
    assert shares_fit(town.run(), {0: first, 1: second, NOTHING: 1 - first - second}) > 0.001


def test_the_same_taste_comes_back_every_day() -> None:
    # Who went to the far outlet once is far more likely to go there again; without a taste, no more than others.
    def repeat(spread: float) -> tuple[float, float]:
        town = row_of_shops({"taste_sd": spread}, {})
        ledger = town.run(range(2))
        day = ledger["day"]
        first, then = ledger["facility"][day == 0] == 2, ledger["facility"][day == 1] == 2
        return float(then[first].mean()), float(then.mean())

    again, anybody = repeat(2.0)
    assert again > 2 * anybody
    again, anybody = repeat(0.0)
    assert again == pytest.approx(anybody, abs=3.29 * math.sqrt(0.137 * 0.863 / (0.137 * PEOPLE)))


def test_mean_utility_is_the_logsum_and_a_fourth_outlet_is_worth_its_closed_form() -> None:
    three = row_of_shops({}, {}).run(range(DAYS))
    logsum = special.logsumexp(-B_WALK * WALK_MIN)
    bound = 3.29 * three["utility"].std() / math.sqrt(len(three))
    assert -logsum / B_WALK == pytest.approx(-1.268029, abs=5e-7)  # expected cost of a trip, in minutes
    assert three["utility"].mean() == pytest.approx(logsum + EULER_GAMMA, abs=bound)

    four = row_of_shops({}, {}).with_outlets(outlets(1, "parcel", prefix="new", node_row=6)).run(range(DAYS))
    gain = (four["utility"] - three["utility"]) / B_WALK
    assert gain.min() >= 0.0
    assert gain.mean() == pytest.approx(1.931938, abs=3.29 * gain.std() / math.sqrt(len(gain)))


def test_only_differences_of_utility_count() -> None:
    low = row_of_shops({"b_quality": 3.0}, {"home": -1.0, "forgo": -2.0}, quality=0.0).run(range(2))
    high = row_of_shops({"b_quality": 3.0}, {"home": 1.4, "forgo": 0.4}, quality=0.8).run(range(2))
    assert np.array_equal(low.done, high.done)


def odds(ledger: Ledger, first: int, second: int) -> tuple[float, float]:
    """Logarithm of how much likelier the first is than the second, and its variance."""
    a, b = int((ledger.done == first).sum()), int((ledger.done == second).sum())
    return math.log(a / b), 1 / a + 1 / b


def without_the_nearest(town: Town) -> tuple[Ledger, Ledger]:
    """Days on which the nearest outlet is not there, and as many with all three, under other luck."""
    return town.run(range(DAYS), town.stage(present=[False, True, True])), town.run(range(DAYS), seed=8)


def test_a_third_outlet_leaves_the_odds_between_two_others_alone() -> None:
    # Independence of irrelevant alternatives.
    two, three = without_the_nearest(row_of_shops({}, {}))
    (less, variance), (more, other) = odds(two, 1, 2), odds(three, 1, 2)
    assert less == pytest.approx(B_WALK * 6.0, abs=3.29 * math.sqrt(variance))
    assert more == pytest.approx(less, abs=3.29 * math.sqrt(variance + other))


def test_similar_outlets_take_more_from_each_other_than_from_home() -> None:
    # With nests the odds between outlets still keep; those between an outlet and home move by the closed form.
    tau, v = 0.4, -B_WALK * WALK_MIN
    two, three = without_the_nearest(row_of_shops({"tau": tau}, {"home": -1.0}))
    (less, variance), (more, other) = odds(two, 1, 2), odds(three, 1, 2)
    assert more == pytest.approx(less, abs=3.29 * math.sqrt(variance + other))
    (less, variance), (more, other) = odds(two, 1, HOME), odds(three, 1, HOME)
    bound = 3.29 * math.sqrt(variance + other)
    moved = (tau - 1) * (special.logsumexp(v / tau) - special.logsumexp(v[1:] / tau))
    assert more - less == pytest.approx(moved, abs=bound)
    assert abs(moved) > 5 * bound


def test_utility_and_luck_in_another_unit_give_the_same_shares() -> None:
    # Scale: half the disutility under errors half as wide, all alternatives being outlets.
    wide = row_of_shops({}, {}).run(range(DAYS))
    narrow = row_of_shops({"tau": 0.5}, {})
    narrow = narrow.but(parameters=plain_parameters(b_walk=0.5 * B_WALK, tau=0.5)).run(range(DAYS), seed=8)
    table = np.array([[(ledger.done == f).sum() for f in range(3)] for ledger in (wide, narrow)])
    assert stats.chi2_contingency(table).pvalue > 0.001
    assert special.softmax(-B_WALK * WALK_MIN) == pytest.approx(table[1] / table[1].sum(), abs=0.005)


def test_time_in_another_unit_changes_nobody() -> None:
    # Twice the pace at twice the disutility a minute is the same walk: every choice the same, to the last bit.
    slow = row_of_shops({}, {"home": -1.0, "forgo": -2.0})
    fast = slow.but(
        parameters=plain_parameters(b_walk=2 * B_WALK),
        population=replace(slow.population, speed_m_per_min=2 * slow.population.speed_m_per_min),
    )
    one, other = slow.run(range(2)), fast.run(range(2))
    assert np.array_equal(one.done, other.done)
    assert np.array_equal(one["utility"], other["utility"])


@pytest.mark.parametrize("tau", [0.3, 0.6])
def test_mean_utility_among_similar_outlets_is_the_nested_logsum(tau: float) -> None:
    # The errors of a nest are standard Gumbel each, so the mean of the best is the logsum plus Euler's constant.
    ledger = row_of_shops({"tau": tau}, {"home": -1.0, "outside": -0.8, "forgo": -2.0}).run(range(DAYS))
    inclusive = tau * special.logsumexp(-B_WALK * WALK_MIN / tau)
    logsum = special.logsumexp([inclusive, -1.0, -0.8, -2.0])
    bound = 3.29 * ledger["utility"].std() / math.sqrt(len(ledger))
    assert ledger["utility"].mean() == pytest.approx(logsum + EULER_GAMMA, abs=bound)
    plain = special.logsumexp([*(-B_WALK * WALK_MIN), -1.0, -0.8, -2.0])
    assert plain - logsum > 5 * bound
