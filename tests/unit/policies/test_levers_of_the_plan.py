"""Each lever moves what the plan says it moves, in a small town under the same luck."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import circlesim as cs
from circlesim.catalog.clauses import CLAUSES
from circlesim.catalog.constants import Constants
from circlesim.catalog.formats import FORMAT_INDEX, FORMATS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import PolicyError
from circlesim.experiments.constants import constants_for
from circlesim.policies import Policy
from circlesim.policies.siting import apart_rows
from circlesim.world.facilities import PaymentMode
from circlesim.world.world import World

DAYS = 10


@pytest.fixture(scope="module")
def town() -> World:
    return cs.demo_world("old_town", residents=3_000)


@pytest.fixture(scope="module")
def constants(town: World) -> Constants:
    return constants_for(town, cs.default_parameters())


def moved(
    town: World, constants: Constants, policy: Policy, measure: str, by: str = "", group: str = "", *,
    mechanisms: Mechanisms | None = None, than: Policy | None = None,
) -> float:  # fmt: skip
    """How far a measure moves under a policy; against another policy where one is named."""
    as_is = cs.Scenario("as is", town, days=DAYS)
    base = as_is.with_policies("base", than) if than is not None else as_is
    scenarios = [base, replace(as_is, name="policy", policies=(policy,), baseline=base.name)]
    asked = cs.Experiment(
        scenarios, replications=2, warmup_days=3, measures=[measure], by=[by] if by else [], constants=constants,
        mechanisms=mechanisms or Mechanisms(),
    )  # fmt: skip
    table = asked.run(workers=1).compare(measure, by or None)
    return float(table[table["group"] == group]["difference"].iloc[0])


def of(town: World, *formats: str) -> np.ndarray:
    return np.isin(town.facilities.format, [FORMAT_INDEX[name] for name in formats])


def test_an_outlet_more_brings_homes_within_reach(town: World, constants: Constants) -> None:
    shop = cs.AddFacilities(format="repair_workshop", count=2)
    assert moved(town, constants, shop, "coverage:repair_workshop:5") > 0


@pytest.mark.parametrize("name", sorted({each for one in CLAUSES if one.kind == "format" for each in one.answer}))
def test_every_format_named_by_a_clause_can_be_added(name: str, town: World, constants: Constants) -> None:
    assert name in FORMATS
    now = cs.AddFacilities(format=name, count=1).apply(town)
    assert now.facilities.format[-1] == FORMAT_INDEX[name]
    assert moved(town, constants, cs.AddFacilities(format=name, count=1), "outlets_trading", "format", name) == 1


def test_a_shop_beside_the_canteen_stands_where_a_canteen_stands(town: World) -> None:
    policy = cs.AddFacilities(format="pharmacy", count=1, siting="random", beside=("supermarket",))
    site = policy.apply(town).facilities.node_row[-1]
    assert site in town.facilities.node_row[of(town, "supermarket")]
    with pytest.raises(PolicyError, match="more outlets than places"):
        replace(policy, count=50).apply(town)


def test_vendors_who_keep_away_from_homes_disturb_fewer(town: World, constants: Constants) -> None:
    late = {"format": "mobile_vendor", "count": 3, "hours": "Mo-Su 18:00-24:00", "siting": "greedy_coverage"}
    near, far = cs.AddFacilities(**late), cs.AddFacilities(**late, buffer_m=31.0)
    homes = np.unique(town.population.home_row)
    place = np.column_stack([town.streets.x_m, town.streets.y_m])
    for row in far.apply(town).facilities.node_row[-3:]:
        assert np.hypot(*(place[homes] - place[row]).T).min() >= 31.0
    assert moved(town, constants, near, "nuisance_share") > moved(town, constants, far, "nuisance_share")
    assert moved(town, constants, far, "met_inside_share", "service", "breakfast") >= 0
    assert len(apart_rows(town, 10.0)) > len(apart_rows(town, 31.0)) > len(apart_rows(town, 60.0))


def test_a_buffer_and_a_neighbour_are_refused_where_they_do_nothing() -> None:
    with pytest.raises(PolicyError, match="no effect with this siting"):
        cs.AddFacilities(format="mobile_vendor", count=1, buffer_m=20.0)
    with pytest.raises(PolicyError, match="beside outlets, or apart from homes"):
        cs.AddFacilities(format="mobile_vendor", count=1, siting="random", buffer_m=20.0, beside=("library",))


def test_an_upgraded_market_draws_more_of_the_groceries(town: World, constants: Constants) -> None:
    policy = cs.UpgradeOutlets(quality=0.95, variety=3.0, formats=("fresh_food_shop", "supermarket"))
    assert moved(town, constants, policy, "met_inside_share", "service", "groceries") > 0
    now = policy.apply(town).facilities
    assert (now.quality >= town.facilities.quality).all()
    assert (now.variety >= town.facilities.variety).all()


def test_a_chain_holds_its_outlets_to_its_standard(town: World) -> None:
    policy = cs.JoinChains(share=1.0, quality=0.8)
    now, rows = policy.apply(town).facilities, of(town, "convenience_store", "supermarket")
    assert now.chain[rows].all()
    assert (now.quality[rows] >= 0.8).all()
    few, more = (cs.JoinChains(share=s, formats=(), seed=2).apply(town).facilities.chain for s in (0.2, 0.6))
    assert (few <= more).all(), "who joins at 20 % also joins at 60 %"
    assert few.sum() < more.sum()


def test_without_a_step_who_walks_with_an_aid_comes_in(town: World, constants: Constants) -> None:
    steep = replace(town, facilities=replace(town.facilities, step_free=np.zeros(len(town.facilities), np.uint8)))
    assert moved(steep, constants, cs.MakeStepFree(), "met_inside_share", "mobility", "aid") > 0
    assert moved(steep, constants, cs.MakeStepFree(), "unmet_share", "mobility", "aid") <= 0


def test_a_person_at_the_counter_lets_in_who_has_no_phone(town: World, constants: Constants) -> None:
    alone = np.full(len(town.facilities), PaymentMode.UNATTENDED, np.uint8)
    machines = replace(town, facilities=replace(town.facilities, payment_mode=alone))
    policy = cs.StaffCounters()
    assert moved(machines, constants, policy, "met_inside_share", "age60", "60+") > 0
    assert moved(machines, constants, policy, "met_inside_share", "means", "no_mobile") > 0
    online = np.full(len(town.facilities), PaymentMode.ONLINE_ONLY, np.uint8)
    ordered = replace(town, facilities=replace(town.facilities, payment_mode=online))
    assert np.array_equal(policy.apply(ordered).facilities.payment_mode, online)


def test_machines_beside_the_staff_shorten_the_wait(town: World, constants: Constants) -> None:
    none = np.zeros(len(town.facilities), np.uint8)
    plain = replace(town, facilities=replace(town.facilities, self_service=none))
    policy, on = cs.SelfCheckout(formats=()), Mechanisms(self_service=True)
    assert moved(plain, constants, policy, "wait_min", mechanisms=on) < 0
    assert moved(plain, constants, policy, "wait_min") == 0, "nobody looks at it where the mechanism is off"


def test_a_shop_that_carries_repairs_meets_some(town: World, constants: Constants) -> None:
    policy = cs.AttachServices(services=("repair",))
    assert moved(town, constants, policy, "met_inside_share", "service", "repair") > 0
    now = policy.apply(town).facilities
    rows = of(town, "convenience_store")
    assert ((now.services[rows] >> SERVICE_INDEX["repair"]) & 1 == 1).all()
    assert np.array_equal(now.services[~rows], town.facilities.services[~rows])
    with pytest.raises(PolicyError, match="no service is named"):
        cs.AttachServices(services=())


def test_delivery_is_ordered_where_it_is_offered_and_less_where_it_costs_more(
    town: World, constants: Constants
) -> None:
    none = replace(town, facilities=replace(town.facilities, delivery=np.zeros(len(town.facilities), np.uint8)))
    cheap, dear = cs.InstantRetail(fee_yuan=0.0), cs.InstantRetail(fee_yuan=12.0)
    ordered, less = (moved(none, constants, each, "delivered_share") for each in (cheap, dear))
    assert ordered > less > 0
    slow = cs.InstantRetail(fee_yuan=0.0, minutes=120.0)
    assert moved(none, constants, slow, "delivered_share") < ordered
    youth, old = (moved(none, constants, cheap, "delivered_share", "age_band", g) for g in ("18-29", "70-79"))
    assert youth > old, "who cannot order gains least"


def test_who_delivers_already_keeps_the_better_terms(town: World) -> None:
    shops = town.facilities
    policy = cs.InstantRetail(formats=(), radius_m=100.0, minutes=5.0, fee_yuan=99.0, basket_yuan=99.0)
    now = policy.apply(town).facilities
    had = shops.delivery == 1
    assert np.array_equal(now.delivery_radius_m[had], np.maximum(shops.delivery_radius_m[had], 100.0))
    assert (now.delivery_fee_fen[had] == shops.delivery_fee_fen[had]).all()
    assert (now.delivery_min[had] == np.minimum(shops.delivery_min[had], 5.0)).all()
    assert (now.delivery_fee_fen[~had] == 9_900).all()


def test_a_listed_outlet_is_heard_of_sooner(town: World, constants: Constants) -> None:
    unlisted = replace(town, facilities=replace(town.facilities, on_map=np.zeros(len(town.facilities), np.uint8)))
    unheard = {"aware_established_days": 1.0}
    parameters = cs.default_parameters().with_values(unheard)
    as_is = cs.Scenario("as is", unlisted, days=DAYS)
    asked = cs.Experiment(
        [as_is, as_is.with_policies("map", cs.PutOnMap())], replications=2, warmup_days=0,
        measures=["met_inside_share"], constants=constants, mechanisms=Mechanisms(awareness=True),
        parameters=parameters,
    )  # fmt: skip
    assert asked.run(workers=1).compare("met_inside_share")["difference"].iloc[0] > 0
    half = cs.PutOnMap(share=0.5, seed=1).apply(unlisted).facilities.on_map
    assert 0 < half.sum() < len(half)


def test_more_beds_turn_fewer_away(town: World, constants: Constants) -> None:
    care, shops = of(town, "elder_care_station", "elder_day_care"), town.facilities
    servers = np.where(care, 1, shops.servers).astype(np.int32)
    limit = np.where(care, 0, shops.queue_limit).astype(np.int32)
    tight = replace(town, facilities=replace(shops, servers=servers, queue_limit=limit))
    policy = cs.RaiseCapacity(servers=12)
    assert moved(tight, constants, policy, "unmet_share", "service", "nursing") <= 0
    assert moved(tight, constants, policy, "met_inside_share", "service", "nursing") > 0
    assert (policy.apply(tight).facilities.servers >= tight.facilities.servers).all()


def test_nothing_that_improves_an_outlet_makes_another_fact_move(town: World) -> None:
    for policy in (cs.UpgradeOutlets(quality=0.9), cs.MakeStepFree(), cs.RaiseCapacity(servers=30), cs.PutOnMap()):
        now = policy.apply(town).facilities
        for name in ("price_level", "hours", "service_min", "node_row", "format", "services"):
            assert np.array_equal(getattr(now, name), getattr(town.facilities, name)), (policy.name, name)
