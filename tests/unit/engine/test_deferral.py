"""What can wait and was not met is tried again, and counts once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from circlesim.catalog.needs import KIND_SERVICE
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


@pytest.mark.parametrize("waits", [0.0, 1.0, 2.9, 7.0])
def test_a_need_nobody_ever_meets_is_given_up_on_its_last_day(waits: float) -> None:
    ledger = cobbler(range(0), waits).run(range(9))
    assert ledger["days_open"].max() == int(waits)
    last = ledger["days_open"] == int(waits)
    assert (ledger["fate"][last & (ledger["day"] >= int(waits))] == Fate.UNMET).all()
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
        elif arose + int(waits.get(services[s], 0.0)) < 12:
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


def test_without_a_list_the_early_bird_is_visited() -> None:
    ledger = visits(deferral=False)
    for day in range(30):
        today = ledger.where(ledger["day"] == day)
        came = today["fate"] == Fate.INSIDE
        if (~came).any():
            assert today["need_min"][came].max() <= today["need_min"][~came].min()
