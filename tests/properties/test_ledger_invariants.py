"""Invariants that know no engine: read the ledger and the town's facts, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given

from circlesim import draws
from circlesim.catalog.constants import UNAVAILABLE, age_group
from circlesim.catalog.services import SERVICES
from circlesim.ledger import BARRIERS, COUNTED, Barrier, Fate
from circlesim.world.facilities import PaymentMode
from circlesim.world.population import Means
from small_towns import DAYS, feedback_towns
from towns import Ledger, Town, run

INSIDE, DELIVERED, HOME, OUTSIDE, DECLINED, UNMET = (fate.value for fate in Fate if fate <= COUNTED)
WALK_IN, DELIVERY = 1, 2
SLACK_MIN = 1e-9


def takes(town: Town) -> np.ndarray:
    """Means each outlet takes, by the words of its payment mode."""
    words = {
        PaymentMode.STAFFED_ACCEPT: Means.CASH | Means.MOBILE, PaymentMode.STAFFED_REFUSE: Means.MOBILE,
        PaymentMode.UNATTENDED: Means.MOBILE, PaymentMode.ONLINE_ONLY: Means.MOBILE,
    }  # fmt: skip
    staffed = (PaymentMode.STAFFED_ACCEPT, PaymentMode.STAFFED_REFUSE)
    modes, cards = town.facilities.payment_mode.tolist(), town.facilities.takes_card.tolist()
    taken = [
        words[PaymentMode(mode)] | (Means.CARD if card and mode in staffed else 0)
        for mode, card in zip(modes, cards, strict=True)
    ]
    return np.array(taken, np.int64)


def is_open(town: Town, f: int, day: int, minute: float) -> bool:
    """Whether an outlet is open: any of its intervals, of the day itself or the days around, covers the minute."""
    weekday = (town.start.weekday() + day) % 7
    for shift in (-1, 0, 1):
        for opens, closes in town.facilities.hours[f, (weekday + shift) % 7]:
            if closes >= 0 and opens + 1440 * shift <= minute < closes + 1440 * shift:
                return True
    return False


def home_metres(town: Town, residents: np.ndarray, facilities: np.ndarray) -> np.ndarray:
    """Walking metres from home on a grid: blocks across plus blocks up."""
    home, shop = town.population.home_row[residents], town.facilities.node_row[facilities]
    x, y = town.streets.x_m, town.streets.y_m
    return np.abs(x[home] - x[shop]) + np.abs(y[home] - y[shop])


def service_lengths(town: Town, ledger: Ledger) -> np.ndarray:
    """Minutes at the counter: an exponential draw named by need, resident and outlet."""
    out = np.zeros(len(ledger))
    for i in np.flatnonzero(ledger["facility"] >= 0):
        day = int(ledger["day"][i]) & (2**64 - 1)
        key = draws.event_key(7, 0, draws.SERVICE_TIME, day, int(ledger["service"][i]), int(ledger["ordinal"][i]))
        f = ledger["facility"][i]
        key = draws.chain(draws.chain(key, town.population.id64[ledger["resident"][i]]), town.facilities.id64[f])
        out[i] = town.facilities.service_min[f] * draws.exponential(draws.unit(key))
    return out


@given(feedback_towns)
def test_each_need_has_exactly_one_fate(town: Town) -> None:
    ledger = town.run(DAYS)
    assert np.isin(ledger["fate"], list(Fate)).all()
    names = zip(ledger["day"], ledger["resident"], ledger["service"], ledger["ordinal"], strict=True)
    assert len(set(names)) == len(ledger)
    served = ledger["fate"] <= DELIVERED
    assert np.array_equal(served, ledger["facility"] >= 0)
    assert np.array_equal(served, ~np.isnan(ledger["arrive_min"]))
    assert np.array_equal(
        ledger["channel"], np.select([ledger["fate"] == INSIDE, ledger["fate"] == DELIVERED], [1, 2])
    )
    assert (ledger["price_fen"][served] > 0).all() or len(ledger) == 0
    assert (ledger["price_fen"][(ledger["fate"] == HOME) | (ledger["fate"] >= DECLINED)] == 0).all()
    assert (ledger["fee_fen"][ledger["fate"] != DELIVERED] == 0).all()
    assert (ledger["voucher_fen"] == 0).all()


@given(feedback_towns)
def test_needs_met_inside_have_no_barrier_and_unmet_ones_have_a_first(town: Town) -> None:
    ledger = town.run(DAYS)
    first, barriers, fate = ledger["first_barrier"], ledger["barriers"], ledger["fate"]
    served = fate <= DELIVERED
    for name in ("first_barrier", "barriers", "met_if_lifted"):
        assert (ledger[name][served] == 0).all()
    assert (first[fate == UNMET] != 0).all()
    assert np.isin(first, [int(barrier) for barrier in BARRIERS] + [0]).all()
    assert ((first & barriers) == first).all()
    assert ((ledger["met_if_lifted"] & barriers) == ledger["met_if_lifted"]).all()
    # With nothing tried, the first barrier is the nearest to being served, and there is one only where
    # nothing was feasible; a failure at the counter comes before any foreseen at home.
    untried = ~served & (ledger["tries"] == 0)
    lowest = barriers & -barriers.astype(np.int64)
    nothing = untried & (ledger["inside_feasible"] == 0)
    assert np.array_equal(first[nothing], lowest[nothing])
    assert (first[untried & (ledger["inside_feasible"] == 1)] == 0).all()
    tried = ~served & (ledger["tries"] > 0)
    assert np.isin(first[tried], [Barrier.FULL, Barrier.PAYMENT_REFUSED, Barrier.UNAFFORDABLE]).all()


@given(feedback_towns)
def test_declined_means_that_something_was_feasible(town: Town) -> None:
    ledger = town.run(DAYS)
    group = age_group(town.population.age)[ledger["resident"]]
    home = town.constants.alternative[group, ledger["service"], 1] > UNAVAILABLE
    something = (ledger["inside_feasible"] == 1) | home
    assert something[ledger["fate"] == DECLINED].all()
    idle = (ledger["fate"] == UNMET) & (ledger["tries"] == 0)
    assert not something[idle].any()
    assert home[ledger["fate"] == HOME].all()


@given(feedback_towns)
def test_nobody_is_served_before_arriving_or_at_a_closed_door(town: Town) -> None:
    ledger = town.run(DAYS)
    served = ledger.where(ledger["fate"] <= DELIVERED)
    assert (served["arrive_min"] <= served["start_min"]).all()
    extra = np.where(served["channel"] == DELIVERY, town.facilities.delivery_min[served["facility"]], 0.0)
    assert np.array_equal(served["wait_min"], served["start_min"] - served["arrive_min"] + extra)
    for f, day, minute in zip(served["facility"], served["day"], served["arrive_min"], strict=True):
        assert is_open(town, f, int(day), float(minute))


@given(feedback_towns)
def test_service_is_first_come_first_served(town: Town) -> None:
    # By arrival minute, ties by resident id, then need; everyone starts no sooner than those before.
    ledger = town.run(DAYS)
    served = ledger.where(ledger["facility"] >= 0)
    people = town.population.id64[served["resident"]]
    order = np.lexsort(
        (served["ordinal"], served["service"], people, served["arrive_min"], served["day"], served["facility"])
    )
    place, start, day = (served[name][order] for name in ("facility", "start_min", "day"))
    same = (place[1:] == place[:-1]) & (day[1:] == day[:-1])
    assert (start[1:] >= start[:-1])[same].all()


@given(feedback_towns)
def test_a_server_serves_one_person_at_a_time_and_idles_only_without_a_queue(town: Town) -> None:
    town = town.but(mechanisms=replace(town.mechanisms, capacity=True))
    ledger = town.run(DAYS)
    length = service_lengths(town, ledger)
    start = ledger["start_min"] + 1440.0 * ledger["day"]
    waited = ledger["start_min"] > ledger["arrive_min"]
    for f in range(len(town.facilities)):
        mine = np.flatnonzero(ledger["facility"] == f)
        begins, ends = start[mine], start[mine] + length[mine]
        # Just after each start, at most `servers` people are being served.
        busy = [((begins <= t + SLACK_MIN) & (ends > t + 2 * SLACK_MIN)).sum() for t in begins]
        assert max(busy, default=0) <= town.facilities.servers[f]
        # Who waited began the moment somebody left.
        for i in mine[waited[mine]]:
            assert np.abs(ends - start[i]).min() < 1e-6


@given(feedback_towns)
def test_people_seen_ahead_are_those_in_the_ledger(town: Town) -> None:
    town = town.but(mechanisms=replace(town.mechanisms, capacity=True))
    ledger = town.run(DAYS[:1])
    people = town.population.id64[ledger["resident"]]
    order = np.lexsort((ledger["ordinal"], ledger["service"], people, ledger["arrive_min"]))
    for f in range(len(town.facilities)):
        mine = [i for i in order if ledger["facility"][i] == f]
        for k, i in enumerate(mine):
            waiting = sum(ledger["start_min"][j] > ledger["arrive_min"][i] for j in mine[:k])
            assert ledger["ahead"][i] == waiting


@given(feedback_towns)
def test_a_queue_is_never_longer_than_its_limit(town: Town) -> None:
    ledger = town.run(DAYS)
    served = ledger.where(ledger["facility"] >= 0)
    limit = town.facilities.queue_limit[served["facility"]]
    waits = served["start_min"] > served["arrive_min"]
    assert (served["ahead"] < limit)[waits & (limit >= 0)].all()


@given(feedback_towns)
def test_nobody_is_in_two_places_at_once(town: Town) -> None:
    # From the door of home over all counters tried, through service, and home again.
    town = town.but(mechanisms=replace(town.mechanisms, clock=True))
    ledger = town.run(DAYS)
    length = service_lengths(town, ledger)
    served = np.flatnonzero(ledger["facility"] >= 0)
    leaves = ledger["arrive_min"][served] - ledger["walk_min"][served]
    metres = home_metres(town, ledger["resident"][served], ledger["facility"][served])
    back = metres / town.population.speed_m_per_min[ledger["resident"][served]]
    walked_in = ledger["channel"][served] == WALK_IN
    returns = np.where(
        walked_in, ledger["start_min"][served] + length[served] + back, ledger["arrive_min"][served]
    )
    order = np.lexsort((returns, leaves, ledger["day"][served], ledger["resident"][served]))
    who, day = ledger["resident"][served][order], ledger["day"][served][order]
    same = (who[1:] == who[:-1]) & (day[1:] == day[:-1])
    assert (leaves[order][1:] >= returns[order][:-1] - 1e-6)[same].all()


@given(feedback_towns)
def test_walks_are_as_long_as_the_streets(town: Town) -> None:
    ledger = town.run(DAYS)
    direct = ledger.where((ledger["fate"] == INSIDE) & (ledger["tries"] == 1))
    speed = town.population.speed_m_per_min[direct["resident"]]
    metres = home_metres(town, direct["resident"], direct["facility"])
    assert np.allclose(direct["walk_min"], metres / speed, rtol=1e-6)
    assert (direct["walk_min"] <= town.population.tolerance_min[direct["resident"]]).all()
    assert (ledger["walk_min"][ledger["tries"] == 0] == 0.0).all()


@given(feedback_towns)
def test_refused_means_really_not_accepted_and_served_means_accepted(town: Town) -> None:
    ledger = town.run(DAYS)
    accepts, carried = takes(town), town.population.means_carried[ledger["resident"]].astype(np.int64)
    served = ledger["facility"] >= 0
    assert ((carried & accepts[ledger["facility"]]) != 0)[served].all() if served.any() else True
    refused_first = (ledger["refusals"] > 0) & (ledger["refusals"] == ledger["tries"] - served)
    rows = np.flatnonzero(refused_first)
    assert ((carried[rows] & accepts[ledger["first_choice"][rows]]) == 0).all()
    assert (ledger["refusals"] <= ledger["tries"]).all()
    unattended = town.facilities.payment_mode == PaymentMode.UNATTENDED
    entered = np.flatnonzero(served & (ledger["channel"] == WALK_IN))
    entered = entered[unattended[ledger["facility"][entered]]]
    assert (town.population.digital[ledger["resident"][entered]] == 1).all()


@given(feedback_towns)
def test_aids_and_the_homebound_enter_only_where_they_can(town: Town) -> None:
    ledger = town.run(DAYS)
    walked = ledger.where(ledger["channel"] == WALK_IN)
    mobility = town.population.mobility[walked["resident"]]
    assert (mobility != 3).all()
    assert (town.facilities.step_free[walked["facility"]][mobility == 2] == 1).all()
    assert (town.population.mobility[ledger["resident"][ledger["fate"] == OUTSIDE]] != 3).all()
    assert (town.facilities.walk_in[walked["facility"]] == 1).all()


@given(feedback_towns)
def test_outlets_serve_only_what_they_offer_and_orders_keep_their_conditions(town: Town) -> None:
    ledger = town.run(DAYS)
    served = ledger.where(ledger["facility"] >= 0)
    offers = (town.facilities.services[served["facility"]] >> served["service"].astype(np.uint32)) & 1
    assert (offers == 1).all()
    orders = served.where(served["channel"] == DELIVERY)
    f, r = orders["facility"], orders["resident"]
    assert (town.facilities.delivery[f] == 1).all()
    assert (orders["basket_fen"] >= town.facilities.delivery_basket_fen[f]).all()
    assert np.array_equal(orders["fee_fen"], town.facilities.delivery_fee_fen[f])
    assert (town.population.digital[r] == 1).all()
    assert (town.population.means_carried[r] & Means.MOBILE != 0).all()
    home, shop = town.population.home_row[r], town.facilities.node_row[f]
    straight = np.hypot(
        town.streets.x_m[home] - town.streets.x_m[shop], town.streets.y_m[home] - town.streets.y_m[shop]
    )
    assert (straight <= town.facilities.delivery_radius_m[f] + 1e-9).all()


@given(feedback_towns)
def test_money_is_conserved_to_the_fen(town: Town) -> None:
    # Every purse follows from the ledger: what was in it, plus refills on Mondays up to the cap, less spending.
    simulation = town.simulation()
    cap = simulation.prepared.law.value("purse_cap_weeks")
    budget = town.population.budget_fen
    purse, receipts, outside, paid = budget.copy(), 0, 0, 0
    for day in range(-3, 16):
        ledger = run(simulation, [day])
        if (town.start.weekday() + day) % 7 == 0:
            purse = np.minimum(purse + budget, (budget * cap).astype(np.int64))
        spent = np.zeros(len(purse), np.int64)
        np.add.at(spent, ledger["resident"], ledger["price_fen"] + ledger["fee_fen"] - ledger["voucher_fen"])
        if town.mechanisms.budget:
            assert (spent <= purse).all()
        purse = purse - spent
        assert np.array_equal(purse, simulation.state.purse)
        served = ledger["fate"] <= DELIVERED
        receipts += int((ledger["price_fen"] + ledger["fee_fen"])[served].sum())
        outside += int(ledger["price_fen"][ledger["fate"] == OUTSIDE].sum())
        paid += int(spent.sum())
    assert paid == receipts + outside


@given(feedback_towns)
def test_needs_stay_within_the_day_and_service_numbers_within_the_catalogue(town: Town) -> None:
    ledger = town.run(DAYS)
    assert ((ledger["need_min"] >= 0) & (ledger["need_min"] < 1440)).all()
    assert (ledger["service"] < len(SERVICES)).all()
    assert (ledger["basket_fen"] >= 1).all()
    assert (ledger["tries"] <= 3).all()
    inside = town.mechanisms.capacity
    assert inside or (ledger["ahead"] == 0).all()
