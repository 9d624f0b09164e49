"""
What common random numbers save: variance of a difference under the same luck, against independent luck.

Each scenario is compared with its baseline replication by replication. Under the same luck the variance is that of
the paired differences; under independent luck it is the sum of both variances, which is what pairs of different
seeds give on average. The ratio is the factor by which replications are saved. Below it the same on a smaller town
for luck drawn by name and for luck drawn from one advancing stream with the same seed in both arms, as is usual.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import circlesim as cs
from circlesim.abm.objects import ObjectSimulation
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.survey import latent
from circlesim.ledger import Fate, Page
from circlesim.world.facilities import PaymentMode
from machine import machine
from made_town import made_town

RESULTS = Path(__file__).parent / "results" / "crn.json"
SHOPS = (
    "library", "culture_centre", "gym", "health_station", "pharmacy", "repair_workshop", "laundry", "photo_print",
)  # fmt: skip
MEASURES = (
    "satisfaction_top2", "satisfaction_index", "spend", "spend_outside", "met_inside_share", "met_share",
    "unmet_share", "pushed_out_share", "walk_min", "wait_min", "welfare_min",
)  # fmt: skip

Factors = dict[str, dict[str, float]]
Arms = dict[str, NDArray[np.float64]]


def factor(arm: NDArray[np.float64], base: NDArray[np.float64]) -> float:
    """Variance under independent luck over variance under the same luck; nan where nothing ever differs."""
    paired = float(np.var(arm - base, ddof=1))
    return float(np.var(arm, ddof=1) + np.var(base, ddof=1)) / paired if paired > 0 else float("nan")


def experiment(residents: int, days: int, pairs: int) -> Factors:
    """The main questions on a scaled old town, through the public door."""
    as_is = cs.Scenario("as is", cs.demo_world("old_town", residents=residents), days=days)
    count = max(1, round(8 * residents / 20_700))
    drift = as_is.with_policies("cashless drift", cs.RefuseCash(share=0.3, seed=5))
    scenarios = [
        as_is,
        as_is.with_policies("breakfast counters", cs.AddFacilities(
            format="breakfast_shop", count=count, siting="largest_gap")),
        as_is.with_policies("longer hours", cs.ExtendHours(formats=SHOPS, close="22:00")),
        drift,
        drift.with_policies("keep cash", cs.KeepCash()),
    ]  # fmt: skip
    outcomes = cs.Experiment(scenarios, replications=pairs, seed=20230711, measures=MEASURES).run()
    frame = outcomes.frame()
    whole = frame[(frame["by"] == "") & (frame["assumption"] == 0)]
    wide = whole.pivot(index="replication", columns=["scenario", "measure"], values="value")
    return {
        scenario.name: {m: factor(wide[scenario.name, m].to_numpy(), wide[scenario.baseline, m].to_numpy())
                        for m in MEASURES}
        for scenario in scenarios if scenario.baseline is not None
    }  # fmt: skip


def small_stages(prepared: Prepared, stage: Stage) -> dict[str, tuple[Stage, ...]]:
    """A made town as it is, and under three changes of facts from day 0 on."""
    shops = stage.facilities
    count = len(shops)
    fewer = replace(stage, present=np.arange(count) < count - 2)
    hours = shops.hours.copy()
    hours[::3, :, 0, 1] = 1380
    modes = np.where(np.arange(count) % 3 == 0, PaymentMode.STAFFED_REFUSE, shops.payment_mode).astype(np.uint8)
    changed = {
        "as is": fewer,
        "two more outlets": stage,
        "longer hours": replace(fewer, facilities=replace(shops, hours=hours)),
        "a third refuses cash": replace(fewer, facilities=replace(shops, payment_mode=modes)),
    }
    return {name: (fewer, replace(later, first_day=0)) for name, later in changed.items()}


Runner = Callable[[Prepared, tuple[Stage, ...], int], "Simulation | ObjectSimulation"]


def by_name(prepared: Prepared, stages: tuple[Stage, ...], seed: int) -> Simulation:
    """Luck drawn by name, in the kernels."""
    return Simulation(prepared, stages, seed, 0)


def by_turn(prepared: Prepared, stages: tuple[Stage, ...], seed: int) -> ObjectSimulation:
    """Luck drawn from one advancing stream, in the object form."""
    return ObjectSimulation(prepared, stages, seed, luck="stream")


def small(runner: Runner, residents: int, outlets: int, days: int, pairs: int) -> Factors:
    """Factors on a small town with one way to draw."""
    prepared, (stage,) = made_town(residents, outlets, side=10)
    arms: dict[str, list[dict[str, float]]] = {}
    for name, stages in small_stages(prepared, stage).items():
        arms[name] = [figures(runner(prepared, stages, seed), prepared, days) for seed in range(pairs)]
    base = arms.pop("as is")
    return {
        name: {m: factor(np.array([row[m] for row in arm]), np.array([row[m] for row in base])) for m in base[0]}
        for name, arm in arms.items()
    }  # fmt: skip


def figures(simulation: Simulation | ObjectSimulation, prepared: Prepared, days: int) -> dict[str, float]:
    """Run a warm-up day and the days, and measure them."""
    simulation.run_day(-1)
    totals: dict[str, float] = {}
    for day in range(days):
        for name, value in page_sums(simulation.run_day(day)).items():
            totals[name] = totals.get(name, 0.0) + value
    needs, served = totals["needs"], max(totals["inside"], 1.0)
    return {
        "satisfaction": float(latent(simulation.state, prepared.law).mean()),
        "spend": totals["spend"] / len(prepared.people.record) / days,
        "met_inside_share": totals["inside"] / needs,
        "unmet_share": totals["unmet"] / needs,
        "walk_min": totals["walk"] / served,
        "wait_min": totals["wait"] / served,
    }


def page_sums(page: Page) -> dict[str, float]:
    """Sums over one page."""
    columns = page.columns()
    inside = columns["fate"] == Fate.INSIDE
    return {
        "needs": float(page.rows),
        "inside": float(inside.sum()),
        "unmet": float((columns["fate"] == Fate.UNMET).sum()),
        "spend": float(columns["price_fen"][inside].sum()) * 0.01,
        "walk": float(columns["walk_min"][inside].sum()),
        "wait": float(columns["wait_min"][inside].sum()),
    }


def median_factor(factors: Factors) -> float:
    """Median over scenarios and measures that ever differ."""
    return statistics.median(value for row in factors.values() for value in row.values() if np.isfinite(value))


def show(title: str, factors: Factors) -> None:
    """Print every factor."""
    print(f"{title}: median {median_factor(factors):.1f}")
    for scenario, row in factors.items():
        print(f"  {scenario}")
        for measure, value in row.items():
            print(f"    {measure:<22} {value:10.1f}" if np.isfinite(value) else f"    {measure:<22}  no change")


def main() -> None:
    """Measure, print every factor, and write them beside."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=200, help="pairs of replications")
    parser.add_argument("--residents", type=int, default=2000, help="residents of the old town")
    parser.add_argument("--days", type=int, default=14, help="days of the old town")
    parser.add_argument("--small", type=int, nargs=3, default=(300, 30, 3),
                        metavar=("RESIDENTS", "OUTLETS", "DAYS"), help="the smaller town")  # fmt: skip
    parser.add_argument("--out", type=Path, default=RESULTS, help="JSON file")
    asked = parser.parse_args()
    residents, outlets, days = asked.small
    result = {
        f"old town, {asked.residents} residents, {asked.days} days, luck by name":
            experiment(asked.residents, asked.days, asked.pairs),
        f"made town, {residents} residents, {days} days, luck by name":
            small(by_name, residents, outlets, days, asked.pairs),
        f"made town, {residents} residents, {days} days, one stream":
            small(by_turn, residents, outlets, days, asked.pairs),
    }  # fmt: skip
    for title, factors in result.items():
        show(title, factors)
    medians = {title: median_factor(factors) for title, factors in result.items()}
    text = json.dumps({"machine": machine(), "pairs": asked.pairs, "median": medians, "factors": result}, indent=1)
    asked.out.parent.mkdir(exist_ok=True)
    asked.out.write_text(text.replace("NaN", "null") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
