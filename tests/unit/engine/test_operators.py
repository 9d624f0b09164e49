"""An operator's books hold the days of that operator, no more and no less."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.operators import DAYS_A_MONTH, Month
from circlesim.engine.stage import Stage
from towns import Town, random_outlets, random_town

STEADY = {"profit_shock_share": 0.0, "reserve_months": 50.0, "reserve_most_months": 500.0}


def town(**law: float) -> Town:
    """A town in January in which nobody gives up by bad luck."""
    made = random_town(4, people=40, places=6, mechanisms=Mechanisms(months=True))
    shops = replace(
        made.facilities, rent_yuan_month=np.full(6, 900.0), staff=np.full(6, 1.0), margin=np.full(6, 0.5)
    )
    return made.but(facilities=shops, parameters=made.parameters.with_values(STEADY | law), start=date(2024, 1, 1))


def months(made: Town, *stages: Stage, until: int = 31) -> list[Month]:
    simulation = made.simulation(*stages)
    for day in range(-7, until):
        simulation.run_day(day)
    return list(simulation.months)


def supported(made: Town, first_day: int) -> tuple[Stage, Stage]:
    paid = replace(made.facilities, support_yuan_month=np.full(6, 3_000.0))
    return made.stage(first_day=-7), made.stage(first_day=first_day, facilities=paid)


@pytest.mark.parametrize(("first_day", "days"), [(0, 31), (30, 1), (15, 16)])
def test_support_is_paid_for_the_days_it_is_in_force(first_day: int, days: int) -> None:
    made = town()
    (without,), (paid,) = months(made), months(made, *supported(made, first_day))
    gain = paid.profit - without.profit
    assert gain == pytest.approx(np.full(6, 300_000.0 * days / DAYS_A_MONTH), abs=1.0)


def test_an_outlet_that_opens_on_the_last_day_bears_the_costs_of_a_day() -> None:
    made = town()
    # Of a format of its own and without a margin: all there is in its books are costs.
    shop = random_outlets(
        np.random.default_rng(1), 1, 4, prefix="new", format=9, rent_yuan_month=900.0, staff=1.0, margin=0.0
    )
    more = made.with_outlets(shop)
    old = np.arange(7) < 6
    (month,) = months(more, more.stage(old, first_day=-7), more.stage(first_day=30))
    wage, other = (made.parameters.number(name) for name in ("wage_yuan_month", "other_cost_share"))
    assert month.profit[6] == pytest.approx(-100.0 * (1.0 + other) * (900.0 + wage) / DAYS_A_MONTH, abs=1.0)


def test_what_an_outlet_took_before_it_closed_stays_in_the_books() -> None:
    made = town()
    first = made.run(range(1))
    busy = int(np.bincount(first["facility"][first.completed], minlength=6).argmax())
    simulation = made.simulation(made.stage(first_day=-7), made.stage(np.arange(6) != busy, first_day=20))
    taken = 0
    for day in range(-7, 31):
        page = simulation.run_day(day).columns()
        mine = (page["fate"] <= 1) & (page["facility"] == busy)
        taken += int((page["price_fen"] + page["fee_fen"])[mine].sum()) if day >= 0 else 0
    (month,) = simulation.months
    assert month.traded[busy]
    assert month.turnover[busy] == taken > 0


@pytest.mark.parametrize("delay", [1.0, 2.0])
def test_premises_are_let_after_as_many_whole_months_as_stated(delay: float) -> None:
    made = town(let_delay_months=delay, let_per_month=1.0, reserve_months=1e-9)
    # Costs that triple on the first day empty all reserves by the end of January.
    dear = replace(made.facilities, rent_yuan_month=made.facilities.rent_yuan_month + 90_000.0)
    told = months(made, made.stage(first_day=-7), made.stage(first_day=0, facilities=dear), until=31 + 29 + 31)
    assert told[0].gave_up.all()
    came = [bool(month.began.all()) for month in told]
    assert came.index(True) == int(delay)


def test_what_trades_differs_by_replication_and_so_do_jobs(tmp_path: Any) -> None:
    import circlesim as cs

    world = cs.demo_world("old_town", residents=800)
    as_is = cs.Scenario("as is", world, days=62, start=date(2024, 1, 1))
    fragile = cs.default_parameters().with_values({"reserve_months": 1.0, "profit_shock_share": 0.6})
    outcomes = cs.Experiment(
        [as_is], replications=4, warmup_days=14, measures=["jobs"], parameters=fragile,
        mechanisms=Mechanisms(months=True), constants=_some_constants(),
    ).run()  # fmt: skip
    jobs = outcomes.frame().query("measure == 'jobs' and by == ''")["value"]
    assert jobs.nunique() > 1


def _some_constants() -> Any:
    from circlesim.catalog.constants import read_constants
    from circlesim.experiments.constants import shipped_constants

    return next(read_constants(path) for path in shipped_constants() if "old_town" in path.name)


def test_the_books_tell_vacancies_and_support() -> None:
    made = town(reserve_months=1e-9, let_delay_months=1.0, let_per_month=1.0)
    dear = replace(made.facilities, rent_yuan_month=made.facilities.rent_yuan_month + 90_000.0)
    paid = replace(dear, support_yuan_month=np.full(6, 900.0))
    told = months(made, made.stage(first_day=-7), made.stage(first_day=0, facilities=paid), until=31 + 29)
    assert not told[0].vacant.any()
    assert told[0].support.tolist() == [round(90_000 * 31 / (365.25 / 12))] * 6
    assert told[1].vacant.all()
    assert told[1].support.tolist() == [0] * 6
