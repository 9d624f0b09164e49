"""Short supply and reserves: facts of outlets, and what they do to a town."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

import circlesim as cs
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import PolicyError
from circlesim.ledger import Barrier, Fate
from circlesim.testing import tiny_world
from towns import Ledger, Town, constants, copy_page, differing, grid, outlets, plain_parameters, residents

SHORT = Mechanisms(memory=False, budget=False, clock=False, emergency=True)
PEOPLE = 2_000
SETTLED, SHOCK, AFTER = 10, range(10, 20), range(20, 40)


def town(mechanisms: Mechanisms = SHORT) -> Town:
    """Two thousand residents, a third of whom buy groceries on any day at the one shop."""
    return Town(
        streets=grid(3, 50.0), population=residents(PEOPLE, {("groceries", 0): 1 / 3}),
        facilities=outlets(1, "groceries", quality=1.0, servers=200, service_min=0.01), constants=constants(),
        parameters=plain_parameters(b_quality=15.0, stock_memory=0.2, reserve_refill=0.25), mechanisms=mechanisms,
    )  # fmt: skip


def days_of(share: float, reserve: float, made: Town | None = None) -> tuple[list[Ledger], np.ndarray]:
    """Pages of forty days with a shock in between, and the reserve at the end of each, in days of usual demand."""
    made = made or town()
    kept = replace(made.facilities, reserve_days=np.full(1, reserve))
    hit = replace(kept, supply_share=np.full(1, share))
    usual = made.stage(facilities=kept)
    stages = (usual, made.stage(first_day=SHOCK.start, facilities=hit), replace(usual, first_day=SHOCK.stop))
    simulation, pages, held = made.simulation(*stages), [], []
    for day in range(AFTER.stop):
        pages.append(Ledger(copy_page(simulation.run_day(day))))
        held.append(float(simulation.state.goods_reserve[0] / simulation.state.goods_usual[0]))
    return pages, np.array(held)


def handed_out(page: Ledger) -> int:
    return int((page["fate"] == Fate.INSIDE).sum())


@pytest.mark.parametrize("share", [0.0, 0.3, 0.7])
def test_without_reserves_as_many_are_served_as_the_share_that_arrives(share: float) -> None:
    pages, _ = days_of(share, 0.0)
    made = town()
    simulation = made.simulation()
    for day in range(SETTLED):
        simulation.run_day(day)
    arrives, out = float(simulation.state.goods_usual[0]) * share, 0
    for day in SHOCK:
        out += handed_out(pages[day])
        # Whole baskets, and what is left of one is there tomorrow.
        assert out == math.floor((day - SHOCK.start + 1) * arrives + 1e-6)
        failed = pages[day].where(pages[day]["fate"] == Fate.UNMET)
        assert (failed["first_barrier"] == Barrier.FULL).all()
    assert all(handed_out(pages[day]) == len(pages[day]) for day in (*range(SETTLED), *AFTER))


def test_a_reserve_of_three_days_lasts_three_days_of_nothing_and_is_full_again_after_twelve() -> None:
    pages, held = days_of(0.0, 3.0)
    met = [handed_out(pages[day]) / len(pages[day]) for day in SHOCK]
    assert met[:2] == [1.0, 1.0]
    assert sum(met) == pytest.approx(3.0, abs=0.25)
    assert max(met[4:]) < 0.01
    assert held[SETTLED - 1] == pytest.approx(3.0, abs=1e-9)
    assert held[SHOCK.stop - 1] < 0.01
    # A quarter of a usual day a day: twelve days, and what is usual moves a little.
    assert held[AFTER.start + 12] == pytest.approx(3.0, abs=0.05)


def test_what_is_handed_out_in_a_shortage_is_what_arrived_and_what_was_kept() -> None:
    for reserve in (0.0, 0.5, 2.0):
        pages, held = days_of(0.4, reserve)
        simulation = town().simulation()
        for day in range(SETTLED):
            simulation.run_day(day)
        usual = float(simulation.state.goods_usual[0])
        out = sum(handed_out(pages[day]) for day in SHOCK)
        drawn = (held[SETTLED - 1] - held[SHOCK.stop - 1]) * usual
        # Whole baskets only: less than one a day is left on the shelf.
        assert out <= len(SHOCK) * 0.4 * usual + drawn + 1e-6
        assert out > len(SHOCK) * 0.4 * usual + drawn - len(SHOCK)


def test_an_outlet_that_opens_in_a_shock_begins_with_empty_shelves_and_no_reserve() -> None:
    made = town()
    hit = replace(made.facilities, supply_share=np.full(1, 0.5), reserve_days=np.full(1, 9.0))
    stages = made.stage(present=False), made.stage(first_day=2, facilities=hit)
    simulation, met = made.simulation(*stages), []
    for day in range(8):
        page = Ledger(copy_page(simulation.run_day(day)))
        met.append(handed_out(page) / len(page))
    assert met[:3] == [0.0, 0.0, 0.0]
    assert all(0.4 < share < 0.6 for share in met[3:])
    assert simulation.state.goods_reserve[0] < 1.0
    # Who stood there before the first day has the stock of any other day.
    standing = made.but(facilities=hit).simulation()
    first = Ledger(copy_page(standing.run_day(0)))
    assert handed_out(first) == len(first)
    assert standing.state.goods_reserve[0] == 9.0 * len(first)


def test_more_in_reserve_never_serves_fewer() -> None:
    served = [sum(handed_out(page) for page in days_of(0.5, reserve)[0]) for reserve in (0.0, 0.5, 1.0, 4.0, 30.0)]
    assert served == sorted(served)
    assert served[-1] > served[0]


def test_supply_as_usual_changes_no_row() -> None:
    calm, _ = days_of(1.0, 5.0)
    plain, _ = days_of(1.0, 0.0, town(replace(SHORT, emergency=False)))
    assert all(differing(a, b) == {} for a, b in zip(calm, plain, strict=True))


def test_a_shock_takes_the_smaller_share_and_a_reserve_the_larger() -> None:
    world = tiny_world(5, 30, [{"format": "supermarket"}, {"format": "restaurant"}])
    shock = cs.SupplyShock(share=0.6).apply(cs.SupplyShock(share=0.3, formats=("supermarket",)).apply(world))
    assert shock.facilities.supply_share.tolist() == [0.3, 0.6]
    kept = cs.ReserveStock(days=2).apply(cs.ReserveStock(days=7).apply(world))
    assert kept.facilities.reserve_days.tolist() == [7.0, 0.0]


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_nobody_can_mean_is_refused(share: float) -> None:
    with pytest.raises(PolicyError, match="share"):
        cs.SupplyShock(share=share)
