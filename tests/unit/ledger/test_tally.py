"""The sums of the kernel against a plain recount with pandas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from circlesim.catalog.services import SERVICES
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.tally import BARRIER_SUMS, FACILITY_SUMS, HOUR_SUMS, SUMS, Sums, empty_sums, tally
from circlesim.ledger import BARRIERS, COUNTED, Fate
from crowded_towns import EXTRAS, featured_town
from towns import Ledger, Town, copy_page, random_town

FATES = ("inside", "delivered", "home", "outside", "declined", "unmet")
GROUPS, FORMATS = 4, 4
SEEDS = (1, 2, 5, 9, 16)


def summed(town: Town, days: range) -> tuple[Sums, Ledger, np.ndarray]:
    """The kernel's sums over some days, and the ledger they were made from."""
    people = len(town.population)
    groups = np.stack([1 + np.arange(people) % 2, 3 + np.zeros(people)]).astype(np.int16)
    sums = empty_sums(people, FORMATS, len(town.facilities), GROUPS)
    simulation = town.simulation()
    b_walk = simulation.prepared.people.b_walk
    pages = []
    for day in days:
        page = simulation.run_day(day)
        tally(page, sums, groups, town.facilities.format, town.facilities.service_min, b_walk)
        pages.append(copy_page(page))
    columns = {name: np.concatenate([page[name] for page in pages]) for name in pages[0]}
    return sums, Ledger(columns), b_walk


def lines(ledger: Ledger, b_walk: np.ndarray) -> pd.DataFrame:
    """One row a need, one column a sum, from the words of the documentation."""
    table = pd.DataFrame({name: ledger[name] for name in ledger.columns})
    fate = table["fate"].map(dict(enumerate(FATES)))
    served = fate.isin(["inside", "delivered"])
    paid = table["price_fen"] + table["fee_fen"] - table["voucher_fen"]
    out = pd.DataFrame({"needs": np.ones(len(table))})
    for name in FATES:
        out[name] = (fate == name).astype(float)
    out["pushed_out"] = (fate.isin(["home", "outside"]) & (table["first_barrier"] != 0)).astype(float)
    out["walk_min"] = table["walk_min"].where(served, 0.0)
    out["wait_min"] = table["wait_min"].where(served, 0.0)
    out["served"] = served.astype(float)
    out["attempts"], out["refusals"] = table["tries"].astype(float), table["refusals"].astype(float)
    out["spend_fen"] = paid.where(served, 0).astype(float)
    out["spend_outside_fen"] = table["price_fen"].where(fate == "outside", 0).astype(float)
    out["fee_fen"] = table["fee_fen"].where(served, 0).astype(float)
    out["utility_min"] = table["utility"] / b_walk[table["resident"]]
    out["aid_fen"] = table["voucher_fen"].where(served, 0).astype(float)
    out["days_open"] = table["days_open"].astype(float)
    assert tuple(out.columns) == SUMS
    return out


@pytest.mark.parametrize("seed", range(6))
def test_sums_of_needs_that_wait_equal_a_recount(seed: int) -> None:
    town = featured_town(seed, Mechanisms(**dict.fromkeys(EXTRAS, True)))
    town = town.but(facilities=replace(town.facilities, format=town.facilities.format % FORMATS))
    sums, ledger, b_walk = summed(town, range(8))
    ended = ledger["fate"] <= COUNTED
    values = lines(ledger.where(ended), b_walk)
    later = ledger.where(ledger["fate"] == Fate.PUT_OFF)
    expected = recount(values, ledger["resident"][ended], len(town.population))
    for name, column in (("attempts", later["tries"]), ("refusals", later["refusals"]),
                         ("utility_min", -later["walk_min"])):  # fmt: skip
        np.add.at(expected[:, SUMS.index(name)], later["resident"], column.astype(np.float64))
    assert len(later) > 10
    assert np.allclose(sums.resident, expected, rtol=1e-10, atol=1e-7)
    assert sums.resident[:, SUMS.index("days_open")].sum() > 0


def recount(values: pd.DataFrame, rows: np.ndarray, count: int) -> np.ndarray:
    return values.groupby(rows).sum().reindex(range(count), fill_value=0.0).to_numpy()


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_by_resident_and_service_equal_a_recount(seed: int) -> None:
    town = random_town(seed)
    sums, ledger, b_walk = summed(town, range(2, 9))
    values = lines(ledger, b_walk)
    assert sums.days == 7
    assert np.allclose(
        sums.resident, recount(values, ledger["resident"], len(town.population)), rtol=1e-12, atol=1e-9
    )
    assert np.allclose(sums.service, recount(values, ledger["service"], len(SERVICES)), rtol=1e-12, atol=1e-9)
    fates = sums.service[:, 1:7].sum()
    assert fates == sums.service[:, 0].sum() == len(ledger)


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_by_format_count_only_served_needs(seed: int) -> None:
    town = random_town(seed)
    sums, ledger, b_walk = summed(town, range(2, 9))
    served = ledger["fate"] <= Fate.DELIVERED
    formats = town.facilities.format[ledger["facility"][served]]
    expected = recount(lines(ledger, b_walk)[served], formats, FORMATS)
    assert np.allclose(sums.format, expected, rtol=1e-12, atol=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_sums_by_facility_equal_a_recount(seed: int) -> None:
    town = random_town(seed)
    sums, ledger, _ = summed(town, range(2, 9))
    served = ledger.where(ledger["fate"] <= Fate.DELIVERED)
    f = served["facility"]
    table = pd.DataFrame({
        "visits": 1.0, "revenue_fen": (served["price_fen"] + served["fee_fen"]).astype(float),
        "wait_min": served["wait_min"], "busy_min": town.facilities.service_min[f],
    }, index=range(len(f)))  # fmt: skip
    assert tuple(table.columns) == FACILITY_SUMS
    assert np.allclose(sums.facility, recount(table, f, len(town.facilities)), rtol=1e-12, atol=1e-9)
    # What residents spent inside is what outlets took, to the fen.
    spend = SUMS.index("spend_fen")
    assert sums.facility[:, 1].sum() == sums.resident[:, spend].sum() == sums.format[:, spend].sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_barriers_by_group_equal_a_recount(seed: int) -> None:
    town = random_town(seed)
    sums, ledger, _ = summed(town, range(2, 9))
    people = len(town.population)
    member = np.zeros((GROUPS, people), bool)
    member[0], member[3] = True, True
    member[1], member[2] = np.arange(people) % 2 == 0, np.arange(people) % 2 == 1
    unserved = ledger["fate"] > Fate.DELIVERED
    away = (ledger["fate"] == Fate.HOME) | (ledger["fate"] == Fate.OUTSIDE)
    for g in range(GROUPS):
        mine = member[g][ledger["resident"]]
        for s in np.unique(ledger["service"]):
            rows = mine & (ledger["service"] == s)
            assert sums.needs_by_group[g, s] == rows.sum()
            for b, barrier in enumerate(BARRIERS):
                first = rows & unserved & (ledger["first_barrier"] == barrier)
                expected = (
                    (first & (ledger["fate"] == Fate.UNMET)).sum(), (first & away).sum(), first.sum(),
                    (rows & unserved & (ledger["met_if_lifted"] & int(barrier) != 0)).sum(),
                )  # fmt: skip
                assert tuple(sums.barrier[g, s, b]) == expected
    assert BARRIER_SUMS == ("unmet", "pushed_out", "not_inside", "met_if_lifted")


@pytest.mark.parametrize("seed", SEEDS)
def test_first_barriers_sum_to_one_per_unmet_need(seed: int) -> None:
    sums, _, _ = summed(random_town(seed), range(2, 9))
    assert np.array_equal(sums.barrier[0, :, :, 0].sum(axis=1), sums.service[:, SUMS.index("unmet")])
    assert np.array_equal(sums.barrier[0, :, :, 1].sum(axis=1), sums.service[:, SUMS.index("pushed_out")])


@pytest.mark.parametrize("seed", SEEDS)
def test_the_hours_of_the_day_equal_a_recount(seed: int) -> None:
    sums, ledger, _ = summed(random_town(seed), range(2, 9))
    served, unmet = ledger["fate"] <= Fate.DELIVERED, ledger["fate"] == Fate.UNMET

    def by_hour(minutes: np.ndarray) -> np.ndarray:
        return np.bincount(np.minimum(minutes // 60, 23).astype(int), minlength=24)

    expected = [
        by_hour(ledger["need_min"]),
        by_hour(ledger["arrive_min"][served]),
        by_hour(ledger["need_min"][unmet]),
    ]
    assert np.array_equal(sums.hourly, np.stack(expected, axis=1))
    assert HOUR_SUMS == ("needs", "visits", "unmet")
