"""What can wait and was not met is tried again, and counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from circlesim.catalog.needs import KIND_SERVICE, KINDS
from circlesim.catalog.services import SERVICE_INDEX
from circlesim.engine.mechanisms import Mechanisms, memoryless
from circlesim.engine.tally import SUMS, empty_sums, tally
from circlesim.errors import ConfigError
from circlesim.ledger import COUNTED, Barrier, Fate
from circlesim.world.population import Mobility
from crowded_towns import EXTRAS, featured_town
from towns import Ledger, Town, constants, copy_page, grid, hours, outlets, plain_parameters, residents

WAITING = replace(memoryless(), deferral=True)
PEOPLE = 400


def cobbler(open_days: range, waits: float = 3.0, mechanisms: Mechanisms = WAITING, **columns: Any) -> Town:
    """One repair shop that opens on some days of the week, and needs of repair on any day, from a Monday on."""
    week = hours((0, 1440), days=open_days)
    return Town(
        streets=grid(2, 50.0), population=residents(PEOPLE, {("repair", 0): 0.1}, **columns),
        facilities=outlets(1, "repair", quality=1.0, servers=50, hours=np.ascontiguousarray(week)),
        parameters=plain_parameters(b_quality=15.0, defer_days=waits, shift_max_min=0.0), constants=constants(),
        mechanisms=mechanisms,
    )  # fmt: skip


def of_day(ledger: Ledger, day: int, waited: int) -> Ledger:
    """Needs that arose on a day, as they stand so many days later."""
    return ledger.where((ledger["day"] == day + waited) & (ledger["days_open"] == waited))


def test_a_need_that_finds_the_door_closed_is_met_when_it_opens_and_is_settled_then() -> None:
    ledger = cobbler(range(2, 3)).run(range(7))
    monday = [of_day(ledger, 0, waited) for waited in range(4)]
    assert len(monday[0]) > 20
    assert all(np.array_equal(page["resident"], monday[0]["resident"]) for page in monday)
    assert all(np.array_equal(page["basket_fen"], monday[0]["basket_fen"]) for page in monday)
    assert [np.unique(page["fate"]).tolist() for page in monday] == [
        [Fate.PUT_OFF], [Fate.PUT_OFF], [Fate.INSIDE], [Fate.SETTLED],
    ]  # fmt: skip
    assert (monday[0]["first_barrier"] == Barrier.CLOSED).all()
    assert (monday[2]["first_barrier"] == Barrier.NONE).all()


@pytest.mark.parametrize("waits", [0.0, 1.0, 2.9, 7.4])
def test_a_need_nobody_ever_meets_is_given_up_on_its_last_day(waits: float) -> None:
    ledger = cobbler(range(0), waits).run(range(9))
    most = round(waits)
    assert ledger["days_open"].max() == most
    last = ledger["days_open"] == most
    assert (ledger["fate"][last & (ledger["day"] >= most)] == Fate.UNMET).all()
    assert (ledger["fate"][~last & (ledger["day"] >= ledger["days_open"])] == Fate.PUT_OFF).all()


def test_a_week_that_cannot_be_remembered_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"(?s)defer_days.*8.*0 to 7"):
        cobbler(range(7), 8.0).prepared()


def test_nothing_that_arises_today_is_moved_by_what_waits() -> None:
    waiting = cobbler(range(2, 4)).run(range(6))
    of_one_day = cobbler(range(2, 4), mechanisms=memoryless()).run(range(6))
    fresh = waiting.where(waiting["days_open"] == 0)
    names = [name for name in fresh.columns if name != "fate"]
    assert all(np.array_equal(fresh[name], of_one_day[name], equal_nan=True) for name in names)
    ended = np.where(fresh["fate"] == Fate.PUT_OFF, Fate.UNMET, fresh["fate"])
    assert np.array_equal(ended, of_one_day["fate"])


def test_where_nothing_can_wait_no_row_is_added() -> None:
    town = featured_town(3, Mechanisms(**dict.fromkeys(EXTRAS, True)))
    never = town.but(parameters=town.parameters.with_values({"defer_days": 0.0}))
    off = never.but(mechanisms=replace(never.mechanisms, deferral=False))
    on, plain = never.run(range(-2, 4)), off.run(range(-2, 4))
    assert all(np.array_equal(on[name], plain[name], equal_nan=True) for name in plain.columns)


@pytest.mark.parametrize("seed", range(8))
def test_every_need_has_one_end_and_the_same_rows_in_every_scenario(seed: int) -> None:
    town = featured_town(seed, Mechanisms(**dict.fromkeys(EXTRAS, True)))
    few = np.arange(len(town.facilities)) % 2 == 0
    ledger, other = (town.run(range(12), town.stage(present=there)) for there in (True, few))
    key = ("day", "resident", "service", "ordinal", "days_open", "need_min", "basket_fen")
    assert all(np.array_equal(ledger[name], other[name]) for name in key)
    waits = town.parameters.by("defer_days", "service")
    assert (ledger["fate"] != other["fate"]).any()
    stories: dict[tuple[int, ...], list[int]] = {}
    for day, r, s, o, waited, *_, fate in zip(*(ledger[name] for name in (*key, "fate")), strict=True):
        stories.setdefault((int(day) - int(waited), int(r), int(s), int(o)), []).append(int(fate))
    services = {index: name for name, index in SERVICE_INDEX.items()}
    whole = 0
    for (arose, _, s, _), fates in stories.items():
        if arose < 0:
            assert set(fates) == {Fate.SETTLED}
        elif arose + round(waits.get(services[s], 0.0)) < 12:
            ends = [fate for fate in fates if fate <= COUNTED]
            place = fates.index(ends[0])
            assert len(ends) == 1
            assert set(fates[:place]) <= {Fate.PUT_OFF}
            assert set(fates[place + 1 :]) <= {Fate.SETTLED}
            whole += 1
    assert whole > 20


def test_the_sums_count_a_need_on_the_day_it_ends() -> None:
    town = cobbler(range(2, 3))
    simulation, rows = town.simulation(), []
    sums = empty_sums(PEOPLE, 64, 1, 1)
    for day in range(7):
        page = simulation.run_day(day)
        tally(page, sums, np.zeros((0, PEOPLE), np.int16), town.facilities.format, town.facilities.service_min,
              np.ones(PEOPLE))  # fmt: skip
        rows.append(Ledger(copy_page(page))["fate"])
    counted = int((np.concatenate(rows) <= COUNTED).sum())
    assert sums.service[:, SUMS.index("needs")].sum() == counted
    assert counted < len(np.concatenate(rows))


def test_on_the_last_day_what_is_open_ends_as_it_stands() -> None:
    town = cobbler(range(0))
    simulation = town.simulation()
    for day in range(4):
        page = simulation.run_day(day, last=day == 3)
    fates = Ledger(copy_page(page))
    open_still = fates["day"] >= fates["days_open"]
    assert (fates["fate"][open_still] == Fate.UNMET).all()
    assert not simulation.state.pending.any()


def test_what_follows_an_errand_that_was_put_off_starts_from_home() -> None:
    # The cobbler, the parcel shop and home stand at three corners; parcels come minutes after shoes.
    law = replace(memoryless(), clock=True, outings=True, deferral=True)
    people = residents(300, {("repair", 0): 0.5, ("parcel", 0): 0.9, ("print", 0): 0.9})
    shops = outlets(3, "repair", quality=1.0, servers=300, service_min=1e-9, node_row=np.array([1, 2, 3]))
    offered = [1 << SERVICE_INDEX[name] for name in ("repair", "parcel", "print")]
    shops = replace(shops, services=np.array(offered, np.uint32))
    closed = np.array(shops.hours)
    closed[0, 0, :, 1] = -1
    town = Town(
        streets=grid(2, 60.0),
        population=people,
        facilities=replace(shops, hours=closed),
        constants=constants(),
        parameters=plain_parameters(b_quality=15.0, defer_days=3.0, outing_gap_min=600.0, shift_max_min=0.0),
        mechanisms=law,
    )
    tuesday = town.run(range(2))
    tuesday = tuesday.where((tuesday["day"] == 1) & (tuesday["fate"] == Fate.INSIDE))
    order = np.lexsort((tuesday["arrive_min"], tuesday["resident"]))
    who, waited, walk = (tuesday[name][order] for name in ("resident", "days_open", "walk_min"))
    speed = people.speed_m_per_min[0]
    home_walks = {60.0 / speed, 120.0 / speed}
    after = np.flatnonzero((waited[:-1] > 0) & (who[1:] == who[:-1])) + 1
    assert len(after) > 20
    assert all(any(np.isclose(minutes, home) for home in home_walks) for minutes in walk[after])


def visits(deferral: bool = True) -> Ledger:
    """Sixty who cannot leave home, two visits a day, and twice as many needs."""
    law = replace(memoryless(), capacity=True, home_visits=True, deferral=deferral)
    town = Town(
        streets=grid(2, 50.0), population=residents(60, {("nursing", 0): 0.06}, mobility=Mobility.HOMEBOUND),
        facilities=outlets(1, "nursing", quality=1.0, home_visits=2), constants=constants(), mechanisms=law,
        parameters=plain_parameters(b_quality=15.0, defer_days=5.0),
    )  # fmt: skip
    return town.run(range(30))


def test_who_waits_longest_for_a_visit_is_visited_first() -> None:
    ledger = visits()
    assert (ledger["service"] == KIND_SERVICE[18]).all()
    crowded = 0
    for day in range(1, 30):
        today = ledger.where((ledger["day"] == day) & (ledger["fate"] != Fate.SETTLED))
        who, times = np.unique(today["resident"], return_counts=True)
        today = today.where(np.isin(today["resident"], who[times == 1]))
        waited, came = today["days_open"], today["fate"] == Fate.INSIDE
        assert came.sum() <= 2
        old = waited > 0
        if (came & old).any() and (~came & old).any():
            crowded += 1
            assert waited[came & old].min() >= waited[~came & old].max()
        # Nobody of today is visited while somebody who waits is not.
        if (~came & old).any() and len(who) == len(today):
            assert not (came & ~old).any()
    assert crowded > 5


def nurses(rate: float, open_days: range, per_day: int, days: int) -> list[tuple[Ledger, Any, Any]]:
    """Days of twenty who cannot leave home, with what waits and who is on the list at the end of each."""
    law = replace(memoryless(), capacity=True, home_visits=True, deferral=True)
    shops = outlets(1, "nursing", quality=1.0, home_visits=per_day, hours=hours((0, 1440), days=open_days))
    town = Town(
        streets=grid(2, 50.0),
        population=residents(20, {("nursing", 0): rate}, mobility=Mobility.HOMEBOUND),
        facilities=shops,
        constants=constants(),
        mechanisms=law,
        parameters=plain_parameters(b_quality=15.0, defer_days=5.0),
    )
    simulation, found = town.simulation(), []
    for day in range(days):
        page = Ledger(copy_page(simulation.run_day(day)))
        found.append((page, simulation.state.pending.copy(), simulation.state.listed.copy()))
    return found


def test_whoever_found_no_visit_and_still_waits_is_on_the_list() -> None:
    refused = 0
    for page, _, listed in nurses(0.4, range(7), 4, 20):
        waits = page.where((page["fate"] == Fate.PUT_OFF) & (page["first_barrier"] == Barrier.NO_HOME_CAPACITY))
        refused += len(waits)
        kind = KINDS.index(("nursing", 0)) + len(KINDS) * waits["days_open"].astype(int)
        assert (listed[waits["resident"], kind] == 0).all()
    assert refused > 100


def test_a_list_outlives_a_day_on_which_nobody_comes() -> None:
    found = nurses(0.2, range(6), 2, 15)
    for sunday in (6, 13):
        assert not (found[sunday][0]["fate"] == Fate.INSIDE).any()
        assert 0 < (found[sunday][2] >= 0).sum() <= (found[sunday - 1][2] >= 0).sum()
    monday = found[7][0]
    came, waits = monday["fate"] == Fate.INSIDE, monday["fate"] == Fate.PUT_OFF
    assert monday["days_open"][came].min() >= monday["days_open"][waits & (monday["days_open"] > 1)].max()


def test_no_visit_is_lost_while_somebody_asks_for_one() -> None:
    for page, _, _ in nurses(0.4, range(7), 4, 20):
        if (page["first_barrier"] == Barrier.NO_HOME_CAPACITY).any():
            assert (page["fate"] == Fate.INSIDE).sum() == 4


def test_without_a_list_the_early_bird_is_visited() -> None:
    ledger = visits(deferral=False)
    for day in range(30):
        today = ledger.where(ledger["day"] == day)
        came = today["fate"] == Fate.INSIDE
        if (~came).any():
            assert today["need_min"][came].max() <= today["need_min"][~came].min()
