"""The law was written twice: kernels over columns, and one object per resident. Both write the same ledger."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from circlesim.abm import (
    agents,
    choosing,
    counter,
    day,
    deferral,
    diagnosing,
    endings,
    fares,
    larder,
    liking,
    months,
    outlets,
    places,
    storeroom,
    timing,
    visiting,
    waiting_list,
    ways,
)
from circlesim.abm import town as town_module
from circlesim.abm.agents import FacilityAgent, ResidentAgent
from circlesim.abm.errand import Errand
from circlesim.abm.line import Line
from circlesim.abm.luck import KeyedLuck
from circlesim.abm.objects import ObjectSimulation
from circlesim.abm.stop import Stop
from circlesim.behaviour import waiting
from circlesim.catalog.needs import KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.prepared import prepare
from circlesim.engine.simulation import Simulation
from circlesim.engine.ways import ways as ways_of
from circlesim.experiments.roster import compile_roster
from circlesim.ledger import BARRIERS, COUNTED, Barrier, Channel, Fate
from circlesim.policies import ConvertOutlets
from circlesim.world.facilities import Facilities
from crowded_towns import (
    EXTRAS,
    SWITCHES,
    bedside_town,
    crowded_town,
    everything_on,
    featured_town,
    hard_times,
    penny_town,
    stressed_town,
)
from towns import (
    CAP_M,
    Ledger,
    Town,
    constants,
    copy_page,
    differing,
    hours,
    line,
    plain_parameters,
    residents,
    run,
)
from towns import outlets as some_outlets

DAYS = range(-2, 4)
"""Saturday to Thursday: a weekend, and the Monday on which purses are refilled."""

HELD = (
    "performance", "expectation", "equity", "purse", "refused", "wait_public", "usual", "strength", "days_there",
    "told", "booked", "left", "asked", "demand", "spread", "goods_left", "goods_asked", "goods_usual",
    "goods_reserve", "held", "waited", "pending", "listed", "promised",
)  # fmt: skip


def difference(one: Simulation, other: ObjectSimulation, days: Any = DAYS) -> dict[str, Any]:
    """Columns, or held values, in which two forms of one town differ; the first day on which they do."""
    for number in days:
        found = differing(Ledger(copy_page(one.run_day(number))), Ledger(copy_page(other.run_day(number))))
        if found:
            return {"day": number, **found}
    held, same = other.state, one.state
    return {name: "held" for name in HELD if not np.array_equal(getattr(held, name), getattr(same, name))}


def twins(town: Town, *stages: Any, seed: int = 7) -> tuple[Simulation, ObjectSimulation]:
    # An outlet in four opens while the run is under way, when the gates of a town are locked.
    later = np.arange(len(town.facilities)) % 4 != 3
    moved = (town.stage(present=later), town.stage(first_day=1, gates=1)) if town.gates else ()
    kernel = town.simulation(*(stages or moved), seed=seed)
    return kernel, ObjectSimulation(kernel.prepared, kernel.stages, seed)


@pytest.mark.parametrize("seed", range(51))
def test_both_forms_write_the_same_ledger(seed: int) -> None:
    assert difference(*twins(crowded_town(seed), seed=seed + 1)) == {}


@pytest.mark.parametrize("seed", range(40))
def test_both_forms_write_the_same_ledger_with_everything_on(seed: int) -> None:
    assert difference(*twins(featured_town(seed, everything_on(seed)), seed=seed + 1)) == {}


@pytest.mark.parametrize("seed", range(12))
def test_both_forms_write_the_same_ledger_where_most_wait_for_a_visit(seed: int) -> None:
    assert difference(*twins(bedside_town(seed), seed=seed + 1)) == {}


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_both_forms_write_the_same_ledger_in_two_thousand_towns(block: int) -> None:
    for seed in range(100 * block, 100 * block + 100):
        town = featured_town(1_000 + seed, everything_on(seed))
        assert difference(*twins(town, seed=seed + 1)) == {}, town.recipe


@pytest.mark.parametrize("name", EXTRAS)
def test_every_mechanism_moves_a_ledger_where_it_has_something_to_work_on(name: str) -> None:
    towns = [(featured_town(seed), featured_town(seed, Mechanisms(**{name: True}))) for seed in range(4)]
    assert any(differing(off.run(DAYS), on.run(DAYS)) for off, on in towns)


@pytest.mark.parametrize("name", EXTRAS)
def test_a_mechanism_with_nothing_to_work_on_changes_nothing(name: str) -> None:
    idle = {"b_habit": 0.0, "aware_established_days": 1e9, "renege_per_min": 0.0, "surface_share": 0.0,
            "outing_gap_min": -1.0, "place_share": 0.0, "assisted_share": 0.0, "season_factor": 1.0,
            "defer_days": 0.0}  # fmt: skip
    for seed in range(6):
        town = featured_town(seed)
        shops, people, count = town.facilities, town.population, len(town.facilities)
        edges = len(town.streets.length_m)
        smooth = {"slope": np.zeros(edges), "steps": np.zeros(edges, np.uint8), "kerbs": np.zeros(edges, np.uint8)}
        plain = town.but(
            streets=replace(town.streets, **smooth),
            parameters=town.parameters.with_values(idle),
            population=replace(
                people, household=np.arange(len(people), dtype=np.int32),
                stop_row=np.full(len(people), -1, np.int32), chronic=np.zeros(len(people), np.uint8),
            ),
            facilities=replace(shops, self_service=np.zeros(count, np.uint8),
                               home_visits=np.zeros(count, np.int32),
                               visitors_per_day=np.zeros(count), seats=np.zeros(count, np.int32),
                               places=np.zeros(count, np.int32),
                               supply_share=np.ones(count)),
        )  # fmt: skip
        # Breakfast can only sell out once a day of selling is known.
        days = range(1) if name == "stock" else DAYS
        assert differing(plain.run(days), plain.but(mechanisms=Mechanisms(**{name: True})).run(days)) == {}


BOOKS = (
    "trading",
    "vacant",
    "generation",
    "turnover",
    "reserve",
    "unseen",
    "book_days",
    "supported",
    "booked_from",
)
QUARTER = range(-3, 86)
"""From the fifth of January to the second of April: three ends of a month, and days in other hands."""


def books_differ(kernel: Simulation, objects: ObjectSimulation) -> dict[str, Any]:
    rows = difference(kernel, objects, QUARTER)
    return rows or {
        name: "books" for name in BOOKS
        if not np.array_equal(getattr(kernel.state, name), getattr(objects.state, name))
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_both_forms_keep_the_same_books_over_a_quarter(seed: int) -> None:
    kernel, objects = twins(hard_times(seed), seed=seed + 1)
    assert books_differ(kernel, objects) == {}
    if seed == 0:
        assert kernel.state.generation.sum() > 0


def test_what_outlets_took_is_what_their_books_say() -> None:
    simulation, taken = hard_times(2).simulation(), 0
    for today in QUARTER:
        page = simulation.run_day(today)
        served = page.columns()["fate"] <= Fate.DELIVERED
        if today >= 0:
            taken += int((page.columns()["price_fen"] + page.columns()["fee_fen"])[served].sum())
    booked = sum(int(month.turnover.sum()) for month in simulation.months)
    assert booked + int(simulation.state.turnover.sum()) == taken


def test_an_outlet_with_enough_support_never_gives_up_and_one_without_customers_does() -> None:
    town = hard_times(4)
    count = len(town.facilities)
    rich = replace(town.facilities, support_yuan_month=np.full(count, 1e7))
    # Support of the baseline is part of what is normal there; what a policy pays comes on top.
    kept = town.simulation(town.stage(first_day=-3), town.stage(first_day=0, facilities=rich))
    for today in range(-3, 120):
        kept.run_day(today)
    assert not any(month.gave_up.any() for month in kept.months)
    # Nobody needs anything: what the warm-up left unexplained is all there is, and rents triple.
    dear = replace(town.facilities, rent_yuan_month=town.facilities.rent_yuan_month * 3.0 + 9_000.0)
    simulation = town.simulation(town.stage(first_day=-3), town.stage(first_day=0, facilities=dear))
    for today in range(-3, 120):
        simulation.run_day(today)
    assert sum(int(month.gave_up.sum()) for month in simulation.months) >= count


@pytest.mark.parametrize("seed", range(3))
def test_both_forms_expect_the_same_at_first(seed: int) -> None:
    kernel, objects = twins(crowded_town(seed))
    assert np.array_equal(kernel.state.expectation, objects.state.expectation)


@pytest.mark.parametrize(("seed", "on"), list(enumerate(product((True, False), repeat=4))))
def test_both_forms_agree_with_any_mechanism_off(seed: int, on: tuple[bool, ...]) -> None:
    mechanisms = Mechanisms(**dict(zip(SWITCHES, on, strict=True)))
    for maker in (stressed_town, penny_town):
        assert difference(*twins(maker(100 + seed, mechanisms))) == {}


@pytest.mark.parametrize("seed", range(6))
def test_both_forms_agree_while_policies_come_and_go(seed: int) -> None:
    town, rng = crowded_town(200 + seed), np.random.default_rng(seed)
    shops, count = town.facilities, len(town.facilities)
    later = replace(
        shops, payment_mode=rng.integers(0, 4, count).astype(np.uint8), hours=shops.hours[rng.permutation(count)],
        servers=(shops.servers + rng.integers(0, 2, count)).astype(np.int32),
    )  # fmt: skip
    first = town.stage(rng.random(count) < 0.8, first_day=-2)
    second = town.stage(rng.random(count) < 0.8, first_day=1, facilities=later)
    assert difference(*twins(town, first, second)) == {}


@pytest.mark.parametrize("seed", range(6))
def test_both_forms_agree_with_everything_on_while_policies_come_and_go(seed: int) -> None:
    town, rng = featured_town(300 + seed, everything_on(0)), np.random.default_rng(seed)
    shops, count = town.facilities, len(town.facilities)
    later = replace(
        shops, payment_mode=rng.integers(0, 5, count).astype(np.uint8), hours=shops.hours[rng.permutation(count)],
        servers=(shops.servers + rng.integers(0, 2, count)).astype(np.int32),
        aid_fen=rng.choice([0, 500], count), home_visits=rng.integers(0, 3, count).astype(np.int32),
        self_service=rng.integers(0, 2, count).astype(np.uint8),
        visitors_per_day=rng.choice([0.0, 20.0], count), price_level=rng.choice([0.5, 1.0, 1.5], count),
    )  # fmt: skip
    first = town.stage(rng.random(count) < 0.8, first_day=-2)
    second = replace(town.stage(rng.random(count) < 0.8, first_day=1, facilities=later), surface="heat")
    assert difference(*twins(town, first, second)) == {}


def offering_otherwise(town: Town, rng: np.random.Generator) -> Facilities:
    """What policies do in mid-run: outlets carry more services or fewer, hubs open doors, shops shut them."""
    shops, count = town.facilities, len(town.facilities)
    some = [SERVICE_INDEX[service] for service, ordinal in KINDS if ordinal == 0]
    more = np.left_shift(1, rng.choice(some, (count, 3))).astype(np.uint32)
    masks = shops.services | np.bitwise_or.reduce(more, axis=1)
    masks = np.where(rng.random(count) < 0.2, more[:, 0], masks)
    turned = rng.random(count) < 0.4
    walk_in = np.where(turned, 1 - shops.walk_in, shops.walk_in).astype(np.uint8)
    return replace(
        shops, services=masks.astype(np.uint32), walk_in=walk_in,
        delivery=np.where(walk_in == 1, shops.delivery, 1).astype(np.uint8),
    )  # fmt: skip


def in_motion(town: Town, spans: list[tuple[int, Facilities]], seed: int) -> tuple[Simulation, ObjectSimulation]:
    """Both forms of a town whose outlets offer other things from some days on, laid out as an experiment does."""
    # The gates move with the second span, so that each state of the ways is one of gates and of what is offered.
    gates = (town.streets.locked, *(town.gates or (town.streets.locked,)))
    locked = [[gates[0]], [gates[position % 2] for position in range(len(spans))]]
    roster = compile_roster(
        town.facilities, [spans], town.start, DAYS.stop, -DAYS.start, locked=locked
    )  # fmt: skip
    world = replace(town.world, facilities=roster.facilities)
    walks = [
        ways_of(
            replace(world, streets=replace(town.streets, locked=lock)), roster.open_to_all(state), CAP_M,
            town.parameters, town.mechanisms,
        )
        for state, lock in enumerate(roster.gates)
    ]  # fmt: skip
    prepared = prepare(
        world, walks, town.parameters, town.constants, town.start, town.mechanisms, roster.gates
    )  # fmt: skip
    kernel = Simulation(prepared, roster.stages[0], seed, 0)
    return kernel, ObjectSimulation(kernel.prepared, kernel.stages, seed)


def changing_town(seed: int) -> tuple[Town, list[tuple[int, Facilities]]]:
    """A town, and what its outlets are from days 0, 1 and 3 on; in the end they are what they were."""
    rng = np.random.default_rng([seed, 11])
    town = featured_town(400 + seed, everything_on(seed)) if seed % 2 else crowded_town(400 + seed)
    return town, [(0, town.facilities), (1, offering_otherwise(town, rng)), (3, town.facilities)]


@pytest.mark.parametrize("seed", range(16))
def test_both_forms_agree_where_outlets_offer_other_services_and_open_other_doors_in_mid_run(seed: int) -> None:
    town, spans = changing_town(seed)
    assert difference(*in_motion(town, spans, seed + 1)) == {}, town.recipe


@pytest.mark.parametrize("seed", range(12))
def test_both_forms_agree_where_premises_are_put_to_another_use_in_mid_run(seed: int) -> None:
    town, _ = changing_town(100 + seed)
    rng, shops, count = np.random.default_rng([seed, 12]), town.facilities, len(town.facilities)
    # A third of the outlets become what another outlet is; days later they are what they were.
    become = np.where(rng.random(count) < 0.3, rng.permutation(count), np.arange(count))
    facts = {name: getattr(shops, name)[become] for name in ConvertOutlets.changes}
    spans = [(0, shops), (1, replace(shops, **facts)), (3, shops)]
    assert difference(*in_motion(town, spans, seed + 1)) == {}, town.recipe


def test_what_is_attached_in_mid_run_is_used_then_and_only_then() -> None:
    attached = opened = 0
    for seed in range(16):
        town, spans = changing_town(seed)
        kernel, _ = in_motion(town, spans, seed + 1)
        ledger = run(kernel, DAYS)
        met = ledger.where(np.isin(ledger["fate"], (Fate.INSIDE, Fate.DELIVERED)))
        before, shop = spans[0][1], met["facility"]
        fresh = (before.services[shop] >> met["service"].astype(np.uint32)) & 1 == 0
        walked = (met["channel"] == Channel.WALK_IN) & (before.walk_in[shop] == 0)
        changed = np.isin(met["day"], (1, 2))
        assert not fresh[~changed].any()
        assert not walked[~changed].any()
        attached, opened = attached + int(fresh.sum()), opened + int(walked.sum())
    assert attached > 50
    assert opened > 20


def test_the_towns_compared_meet_every_fate_and_barrier() -> None:
    ledgers = [crowded_town(seed).run(DAYS, seed=seed + 1) for seed in range(51)]
    rows = {name: np.concatenate([ledger[name] for ledger in ledgers]) for name in ledgers[0].columns}
    met = (Barrier.FULL | Barrier.PAYMENT_REFUSED | Barrier.UNAFFORDABLE | Barrier.DIGITAL_ONLY | Barrier.CLOSED
           | Barrier.NOT_STEP_FREE | Barrier.UNREACHABLE)  # fmt: skip
    assert set(rows["fate"]) == {fate for fate in Fate if fate <= COUNTED}
    assert np.bitwise_or.reduce(rows["first_barrier"]) == met
    assert rows["tries"].max() >= 4
    assert rows["ahead"].max() >= 5
    assert np.nanmax(rows["start_min"]) > 1440.0
    assert ((rows["fate"] == Fate.DELIVERED) & (rows["walk_min"] > 0)).sum() > 20
    assert rows["refusals"].sum() > 100


def test_the_towns_with_everything_on_meet_what_only_they_can() -> None:
    ledgers = [featured_town(seed, everything_on(0)).run(DAYS, seed=seed + 1) for seed in range(18)]
    rows = {name: np.concatenate([ledger[name] for ledger in ledgers]) for name in ledgers[0].columns}
    assert set(rows["channel"]) == set(Channel)
    assert set(rows["fate"]) == set(Fate)
    assert rows["days_open"].max() >= 4
    assert np.bitwise_or.reduce(rows["first_barrier"]) == sum(BARRIERS)
    assert (rows["voucher_fen"] > 0).sum() > 100
    outing = (rows["channel"] == Channel.WALK_IN) & (rows["arrive_min"] < rows["need_min"])
    assert outing.sum() > 20


def test_who_orders_from_a_counter_still_has_to_walk_home() -> None:
    # A grocer ten minutes away who never finishes with his first customer, a hub that delivers, a locker at home.
    people = residents(
        40, {("groceries", 0): 1.0, ("parcel", 0): 1.0}, home_row=0, tolerance_min=15.0, speed_m_per_min=60.0
    )
    masks = [1 << SERVICE_INDEX[name] for name in ("groceries", "groceries", "parcel")]
    shops = some_outlets(
        3, np.array(masks, np.uint32), node_row=np.array([10, 0, 0]),
        queue_limit=np.array([0, -1, -1]), service_min=np.array([1e6, 0.001, 0.001]), servers=np.array([1, 9, 9]),
        walk_in=np.array([1, 0, 1]), delivery=np.array([0, 1, 0]), delivery_radius_m=5000.0,
        hours=hours((0, 1440)),
    )  # fmt: skip
    town = Town(
        streets=line(11, 60.0), population=people, facilities=shops,
        parameters=plain_parameters(b_walk=0.0), constants=constants(delivery=-4.0), mechanisms=Mechanisms(),
    )  # fmt: skip
    ledger = town.run(range(3))
    orders = ledger.where((ledger["fate"] == Fate.DELIVERED) & (ledger["walk_min"] == 10.0))
    assert len(orders) > 20
    late = 0
    for who, today, ordered in zip(orders["resident"], orders["day"], orders["arrive_min"], strict=True):
        same = (ledger["resident"] == who) & (ledger["day"] == today) & (ledger["facility"] == 2)
        parcel = ledger.where(same & (ledger["arrive_min"] >= ordered))
        late += len(parcel)
        assert (parcel["arrive_min"] >= ordered + 10.0).all()
    assert late > 5


def _off_by(rule: Any, change: Any) -> Any:
    return lambda *arguments: change(rule(*arguments))


def _swap(rule: Any, position: int, value: Any) -> Any:
    return lambda *arguments: rule(*(value if i == position else a for i, a in enumerate(arguments)))


def _takes_all(queue: Line, minute: float, limit: int) -> bool:
    return False


def _last_server(queue: Line, minute: float, length_min: float) -> float:
    start = max(minute, max(queue.free_at[: queue.servers]))
    queue.free_at[0] = start + length_min
    queue.leaves.append(start)
    return start


MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "utility grows by a millionth": (
        choosing, "outlet_utility", _off_by(choosing.outlet_utility, lambda u: u + 1e-6)),
    "waits are not minded": (choosing, "outlet_utility", _swap(choosing.outlet_utility, 4, 0.0)),
    "moving an errand is free": (choosing, "outlet_utility", _swap(choosing.outlet_utility, 6, 0.0)),
    "nests are ignored": (liking, "nested_luck", lambda tau, gumbel, shared: gumbel),
    "nothing shared in a nest": (liking, "nested_luck", _swap(liking.nested_luck, 2, 0.0)),
    "delivery is free": (choosing, "order_price", lambda errand, f: fares.price_fen(errand.basket_fen, 1.0)),
    "radius is ignored": (choosing, "delivers_to", lambda errand, facility: True),
    "steps are no barrier": (choosing, "may_enter", lambda resident, facility: True),
    "arrival may be at closing": (
        timing, "cheapest_departure", _off_by(timing.cheapest_departure, lambda m: m + 1e-9 if m >= 0 else m)),
    "walking on starts at home": (choosing, "onward_walk", lambda town, errand, start, leave, facility: 0.0),
    "nobody balks": (counter, "balks", lambda *arguments: False),
    "one person more is seen ahead": (counter, "balks", lambda b, unnoticed, ahead, patience: (
        waiting.balks(b, unnoticed, ahead + 1.0, patience))),
    "nobody gives up": (day, "turned_away", lambda town, errand, facility, why: (
        errand.tried.add((facility.row, False)), False)[1]),
    "every hour is noon": (agents, "hour_of", lambda minute: 12),
    "prices are a fen dearer": (counter, "price_fen", _off_by(counter.price_fen, lambda p: p + 1)),
    "quality is not seen in performance": (counter, "performance", _swap(counter.performance, 2, 0.0)),
    "closed shops are no barrier": (diagnosing, "CLOSED", 0),
    "far shops are no barrier": (diagnosing, "UNREACHABLE", 0),
    "queues have no limit": (Line, "is_full", _takes_all),
    "one server serves": (Line, "join", _last_server),
    "waits are forgotten": (FacilityAgent, "note_wait", lambda agent, minute, wait_min: None),
    "baskets are a fen dearer": (agents, "basket_fen", _off_by(agents.basket_fen, lambda b: b + 1)),
    "nothing is learnt": (agents, "learned", lambda held, observed, rate: held),
    "nights end at midnight": (outlets, "MIDNIGHT", 10**6),
    "everybody takes cash": (outlets, "accepted_means", lambda table, row: 7),
}  # fmt: skip


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_wrong_rule_does_not_go_unseen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong = MUTANTS[mutant]
    monkeypatch.setattr(place, name, wrong)
    assert any(difference(*twins(crowded_town(seed), seed=seed + 1)) for seed in range(18))


def _oldest_goes(resident: ResidentAgent, kind: int, luck: Any) -> ResidentAgent:
    return max(resident.family, key=lambda member: (member.rates.get(kind, 0.0) > 0, member.age, member.id64))


def _forgets_who_came(agent: FacilityAgent, until: float, noted: bool) -> None:
    agent.visitors.clear()


def _as_the_able_walk(town: Any, resident: Any, start: Any, service: int, end: Any) -> float | None:
    near = town.within(start.origin, service)
    return next((metres for facility, metres in near if facility is end), None)


_ADOPT = town_module.ObjectTown._adopt


def _adopts_no_gate(town: Any, stage: Any) -> None:
    _ADOPT(town, replace(stage, gates=town.stage.gates))


def _gives_up_early(town: Any, errands: Any, *, last: bool) -> None:
    _PUT_OFF(town, [errand for errand in errands if errand.days_open == 0])


def _as_of_today(resident: Any, law: Any, luck: Any, kind: int, weekend: int) -> float:
    return _MINUTE_OF(resident, law, luck, kind % len(KINDS), weekend)


_PUT_OFF, _MINUTE_OF = day.put_off, ResidentAgent.minute_of


MORE_MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "all deliver in this circle": (diagnosing, "belongs_here", lambda resident, facility: True),
    "word goes round the whole city": (
        town_module.ObjectTown, "neighbours_of", lambda town, facility: len(town.residents)),
    "a habit pulls a millionth more": (
        town_module, "habit_pull", _off_by(town_module.habit_pull, lambda u: u + 1e-6)),
    "habits never fade": (agents, "neglected", lambda strength, rate: strength),
    "habits never grow": (agents, "practised", lambda strength, rate: strength),
    "word of mouth is silent": (town_module, "exposure", _swap(town_module.exposure, 3, 0.0)),
    "nobody passes by": (town_module, "exposure", _swap(town_module.exposure, 0, 0.0)),
    "distance hides nothing": (town_module, "knows", _swap(town_module.knows, 2, 0.0)),
    "maps are not read": (town_module, "knows", _swap(town_module.knows, 4, 0.0)),
    "unknown shops are no barrier": (diagnosing, "UNAWARE", 0),
    "nobody leaves the line": (day, "leaves_at", lambda town, errand, facility: None),
    "who gives up is at the end of the line for ever": (Line, "leave_at", lambda queue, minute: None),
    "ice is dry": (town_module, "speed_on", lambda speed, factor: speed),
    "the oldest goes": (ResidentAgent, "who_goes", _oldest_goes),
    "a family buys for one": (agents, "basket_share", lambda rate: 1.0),
    "a stop adds its whole way": (ways, "extra_walk", lambda onward, home, before: onward),
    "nobody uses a machine": (FacilityAgent, "line_for", lambda agent, resident, minute, machines: agent.counter),
    "everybody uses the machine": (FacilityAgent, "line_for", lambda agent, resident, minute, machines: (
        agent.machine if machines else agent.counter)),
    "visitors stay away": (FacilityAgent, "admit", _forgets_who_came),
    "staff visit all who ask": (counter, "NO_VISIT", 0),
    "visits are at once": (
        visiting, "visit_utility", _off_by(visiting.visit_utility, lambda utility: utility + 0.01)),
    "aid is for everybody": (fares, "aid_for", lambda resident, facility, price: (
        min(facility.facts.aid_fen, max(price - 1, 0)))),
    "aid does not draw": (choosing, "pull", lambda town, errand, f: f.facts.attraction[errand.service]),
    "one portion more is made": (larder, "portions", _off_by(larder.portions, lambda made: made + 1.0)),
    "those turned away asked for nothing": (larder.Larder, "sells_out", lambda store: store.left < 1.0),
    "demand is that of yesterday": (larder, "smoothed", lambda before, today, memory: today),
    "cash converts in no time": (counter, "MOBILE", 7),
    "everybody takes away": (counter, "takes_away", lambda wait, most: True),
    "nobody minds standing with a tray": (counter, "takes_away", lambda wait, most: False),
    "seats are never taken": (FacilityAgent, "sit_down", lambda agent, leaves: None),
    "who passes the stop never goes home first": (
        ways, "departure", lambda town, errand, *rest: (
            None if isinstance(errand.base, Stop) else timing.departure(town, errand, *rest))),
    "at the stop one is at home": (Errand, "at_home_from_min", property(lambda errand: errand.asked_min)),
    "who comes later has full shelves": (storeroom, "NEW", -1.0),
    "shelves are always full": (storeroom.Storeroom, "runs_out", lambda store: False),
    "reserves are never drawn on": (
        storeroom, "reserve_left", lambda reserve, arrived, handed_out, most: min(most, reserve)),
    "reserves are not put out": (storeroom, "on_shelf", _swap(storeroom.on_shelf, 2, 0.0)),
    "all who cannot order are helped": (ResidentAgent, "cannot_order", False),
    "every season is alike": (town_module.ObjectTown, "season_rates", lambda town, day: [1.0] * 25),
    "places go to whoever is first in the table": (
        KeyedLuck, "lot", lambda luck, service, resident: 0.5),
    "everybody wants a place": (places, "applies", lambda town, resident, service: True),
    "the first place will do": (places, "outlet_utility", lambda *terms: 0.0),
    "carers are never freed": (ResidentAgent, "week", property(lambda resident: resident.schedule)),
    "who holds a place queues": (counter, "holds_place", lambda errand, facility: False),
    "nobody comes by on the way": (day, "find_trips", lambda town, errands: None),
    "the stop is at the door": (town_module.ObjectTown, "trip_min", lambda town, resident: 0.0),
    "all walk on by the ways of the able": (town_module.ObjectTown, "metres_between", _as_the_able_walk),
    "nothing waits for another day": (deferral, "comes_again", lambda days, most: False),
    "what waits is given up a day early": (day, "put_off", _gives_up_early),
    "what was put off is met on the way": (Errand, "days_open", 0),
    "nothing is ever settled": (Errand, "is_settled", False),
    "what waits comes up at the same minute": (ResidentAgent, "minute_of", _as_of_today),
    "gates stay as they were": (town_module.ObjectTown, "_adopt", _adopts_no_gate),
}  # fmt: skip
"""Of the further mechanisms, one wrong rule each."""


LIST_MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "nobody is on a list": (counter, "join_list", lambda town, errand, facility: None),
    "lists go by the alphabet": (
        waiting_list, "sorted", lambda entries, key: sorted(entries, key=lambda entry: entry[1:3])),
    "promises are not kept": (counter, "has_promise", lambda errand, facility: False),
    "visits kept in vain are lost": (endings, "give_back", lambda errand: None),
}  # fmt: skip
"""Of waiting lists for home visits, one wrong rule each."""


@pytest.mark.parametrize("mutant", LIST_MUTANTS)
def test_a_wrong_rule_of_waiting_lists_does_not_go_unseen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong = LIST_MUTANTS[mutant]
    monkeypatch.setattr(place, name, wrong, raising=name != "sorted")
    assert any(difference(*twins(bedside_town(seed), seed=seed + 1)) for seed in range(12))


BOOK_MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "wages are not paid": (months, "fixed_costs", _swap(months.fixed_costs, 1, 0.0)),
    "goods cost nothing": (months, "profit_of", _swap(months.profit_of, 1, 1.0)),
    "support does not arrive": (months, "profit_of", _swap(months.profit_of, 3, 0)),
    "every month is average": (months, "profit_of", _swap(months.profit_of, 5, 0)),
    "reserves grow without end": (months, "reserve_after", lambda reserve, profit, most: reserve + profit),
    "premises are never let": (months, "is_let", lambda *arguments: False),
    "the new operator inherits the name": (FacilityAgent, "begin_anew", lambda agent: setattr(
        agent.books, "trading", True)),
}  # fmt: skip
"""Of operators, one wrong rule each."""


@pytest.mark.parametrize("mutant", BOOK_MUTANTS)
def test_a_wrong_rule_of_operators_does_not_go_unseen(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, wrong = BOOK_MUTANTS[mutant]
    monkeypatch.setattr(place, name, wrong)
    assert any(books_differ(*twins(hard_times(seed), seed=seed + 1)) for seed in range(12))


@pytest.mark.parametrize("mutant", MORE_MUTANTS)
def test_a_wrong_rule_of_a_further_mechanism_does_not_go_unseen(
    mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, name, wrong = MORE_MUTANTS[mutant]
    monkeypatch.setattr(place, name, wrong)
    everything = everything_on(0)
    assert any(difference(*twins(featured_town(seed, everything), seed=seed + 1)) for seed in range(24))
