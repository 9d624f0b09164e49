"""A made-up run folder: every file of the contract, with numbers of known truth."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from circlesim.catalog.services import SERVICES
from circlesim.experiments.economy import COLUMNS as ECONOMY
from circlesim.experiments.winners import COLUMNS as WINNERS
from circlesim.experiments.worth import acceptability_table, cost_table
from circlesim.ledger import BARRIERS

SCENARIOS = {
    "four counters": "as is",
    "late evenings": "as is",
    "cashless drift": "as is",
    "keep cash": "cashless drift",
}
"""Scenario to its baseline."""

LEVELS = {
    "satisfaction_top2": ("share", 0.731),
    "spend": ("yuan per resident-day", 41.37),
    "unmet_share": ("share", 0.043),
    "pushed_out_share": ("share", 0.061),
    "walk_min": ("minutes", 6.4),
    "coverage:breakfast_shop:10": ("share", 0.823),
    "welfare_min": ("minutes per resident-day", -3.1),
}
CHANGES = {
    "four counters": (0.0062, 0.21, -0.0021, -0.0034, -0.12, 0.031, 0.33),
    "late evenings": (0.0031, 0.34, -0.0052, -0.0041, 0.03, 0.0, 0.21),
    "cashless drift": (-0.0123, -0.92, 0.0081, 0.0092, 0.05, 0.0, -0.52),
    "keep cash": (0.0124, 0.93, -0.0080, -0.0091, -0.05, 0.0, 0.51),
}
GROUPS = {
    "age_band": ("0-11", "12-17", "18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+"),
    "mobility": ("independent", "slow", "aid", "homebound"),
}
RESIDENTS = {"0-11": 2100, "12-17": 1100, "80+": 540, "aid": 610, "homebound": 12}
FORMATS = ("breakfast_shop", "convenience_store", "wet_market", "restaurant", "library", "gym")
FATES = ("inside", "delivered", "home", "outside", "declined", "unmet")


def comparison(*, draws: int = 0) -> pd.DataFrame:
    """Paired differences; with draws, ranges over assumptions that are wider than luck."""
    rows = []
    for scenario, baseline in SCENARIOS.items():
        for (measure, (unit, level)), change in zip(LEVELS.items(), CHANGES[scenario], strict=True):
            rows.append(_row(measure, unit, "", "", baseline, scenario, level, change, 20_700, draws))
            if measure in ("satisfaction_top2", "unmet_share", "spend"):
                for by, groups in GROUPS.items():
                    for place, group in enumerate(groups):
                        part = change * (0.2 + 0.22 * place) * (-0.4 if group == "12-17" else 1.0)
                        n = RESIDENTS.get(group, 2600)
                        rows.append(_row(measure, unit, by, group, baseline, scenario, level, part, n, draws))
    return pd.DataFrame(rows)


def _row(measure, unit, by, group, baseline, scenario, level, change, n, draws) -> dict[str, object]:
    wide = abs(change) * 0.7 if measure != "spend" else abs(change) * 1.6
    luck = abs(change) * (0.05 if not by else 0.3)
    return {
        "measure": measure, "by": by, "group": group, "baseline": baseline, "scenario": scenario,
        "baseline_value": level, "value": level + change, "difference": change,
        "relative_difference": change / level, "unit": unit, "n": n, "ci_low": change - luck,
        "ci_high": change + luck, "p_value": 0.0001, "p_adjusted": 0.0004, "replications": 20,
        "variance_reduction": 9.1, "assumption_low": change - wide if draws else np.nan,
        "assumption_high": change + wide if draws else np.nan,
        "sign_share": (0.98 if measure != "spend" else 0.71) if draws else np.nan, "evidence_grade": "D",
    }  # fmt: skip


def unmet(column: str = "unmet") -> pd.DataFrame:
    """Needs by barrier; keeping cash undoes the drift."""
    rows = []
    for k, scenario in enumerate(["as is", *SCENARIOS]):
        for s, service in enumerate(SERVICES[:8]):
            needs = 40_000.0 / (1 + s)
            for b, barrier in enumerate(BARRIERS):
                share = 0.006 / (1 + b) * (1 + 0.12 * s) * (1.6 if k == 3 and b == 1 else 1 - 0.06 * k)
                share = 0.0 if barrier.name in ("UNAWARE", "NO_HOME_CAPACITY") else share
                rows.append(
                    (
                        scenario,
                        service,
                        barrier.name.lower(),
                        "",
                        "",
                        needs,
                        needs * share,
                        share,
                        needs * share * 1.4,
                    )
                )
    table = pd.DataFrame(
        rows, columns=["scenario", "service", "barrier", "by", "group", "needs", column, "share", "met_if_lifted"]
    )
    return table if column == "unmet" else table.rename(columns={"met_if_lifted": "not_met_inside"})


def switching() -> pd.DataFrame:
    """Matched needs; the parts of spending add up by construction of the file."""
    rng = np.random.default_rng(3)
    rows = []
    for scenario in SCENARIOS:
        for service, needs in (("breakfast", 90_000.0), ("groceries", 140_000.0), ("parcel", 50_000.0)):
            weights = {
                "inside": 0.7,
                "delivered": 0.06,
                "home": 0.12,
                "outside": 0.07,
                "declined": 0.03,
                "unmet": 0.02,
            }
            for one in FATES:
                for other in FATES:
                    share = weights[one] * (0.985 if one == other else 0.003 * rng.uniform(0.5, 1.5))
                    count = needs * share
                    before = count * 9.0 if one in FATES[:2] else 0.0
                    after = count * 9.1 if other in FATES[:2] else 0.0
                    rows.append((
                        scenario, service, "", "", one, "breakfast_shop" if before else "", other,
                        "convenience_store" if after else "", count, before, after,
                    ))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "scenario", "service", "by", "group", "from_fate", "from_format", "to_fate", "to_format", "needs",
        "spend_before", "spend_after",
    ])  # fmt: skip


def outlets(seed: int = 5, count: int = 120) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visits by scenario, and places; `new-1` and `new-2` stand only under four counters."""
    rng = np.random.default_rng(seed)
    ids = [f"f{i:03d}" for i in range(count)]
    formats = rng.choice(FORMATS, count)
    visits = rng.gamma(1.4, 900, count)
    rows = []
    for scenario in ["as is", *SCENARIOS]:
        for i, name in enumerate(ids):
            lost = 0.8 if scenario == "four counters" and i < 4 else 1.0
            rows.append((scenario, name, formats[i], visits[i] * lost, visits[i] * lost * 9, 0.4, 1.2))
        if scenario == "four counters":
            rows += [(scenario, f"new-{k}", "breakfast_shop", 2100.0, 18_000.0, 0.3, 0.8) for k in (1, 2)]
    table = pd.DataFrame(
        rows, columns=["scenario", "facility", "format", "visits", "revenue", "utilisation", "wait_min"]
    )
    names = ["" if i % 7 == 0 else f"Shop {i}" for i in range(count)]
    places = pd.DataFrame({
        "facility": [*ids, "new-1", "new-2"], "name": [*names, "", ""],
        "format": [*formats, "breakfast_shop", "breakfast_shop"], "x_m": rng.uniform(0, 1200, count + 2),
        "y_m": rng.uniform(0, 900, count + 2),
    })  # fmt: skip
    return table, places


def streets() -> pd.DataFrame:
    """A grid with footfall that is densest in the middle."""
    rows = []
    for x in range(0, 1300, 75):
        for y in range(0, 1000, 75):
            busy = 4000 * np.exp(-((x - 600) ** 2 + (y - 450) ** 2) / 120_000)
            if x < 1200:
                rows.append((x, y, min(x + 75, 1200), y, busy))
            if y < 900:
                rows.append((x, y, x, min(y + 75, 900), busy * 0.6))
    return pd.DataFrame(rows, columns=["from_x", "from_y", "to_x", "to_y", "footfall"])


def cells() -> pd.DataFrame:
    """Satisfaction on squares; the last one is too small to be shown."""
    rows = []
    for k, scenario in enumerate(["as is", *SCENARIOS]):
        for x in range(50, 1200, 100):
            for y in range(50, 900, 100):
                level = 66 + 8 * np.sin(x / 300) + 5 * np.cos(y / 200) + 0.4 * k * np.sin((x + y) / 250)
                rows.append((x, y, 120, scenario, level))
        rows.append((1250, 950, 12, scenario, 11.1))
    return pd.DataFrame(rows, columns=["x_m", "y_m", "residents", "scenario", "satisfaction"])


def hourly() -> pd.DataFrame:
    """A day with a morning and an evening peak."""
    hour = np.arange(24)
    day = 400 * np.exp(-((hour - 7.5) ** 2) / 3) + 520 * np.exp(-((hour - 18) ** 2) / 7) + 60 * (hour > 6)
    parts = []
    for k, scenario in enumerate(["as is", *SCENARIOS]):
        visits = day * 0.62 + (k == 1) * 25 * (hour == 7) + (k == 2) * 40 * (hour >= 20) - (k == 3) * 0.02 * day
        parts.append(
            pd.DataFrame(
                {"scenario": scenario, "hour": hour, "needs": day * 21, "visits": visits * 21, "unmet": day}
            )
        )
    return pd.concat(parts)


def balance() -> pd.DataFrame:
    """A few lines of a balance sheet."""
    rows = [
        (
            "visits",
            "",
            "breakfast_shop",
            "",
            109.2,
            "visits a day",
            80.0,
            160.0,
            "yes",
            "Beijing Daily 2024",
            "B",
            "",
        ),
        ("walking_time", "groceries", "", "0-5", 0.71, "share", 0.2, 0.5, "no", "R47", "C", ""),
        ("home_share", "breakfast", "", "", 0.52, "share", 0.5, 0.55, "yes", "anchors", "C", "1"),
        ("turnover_per_outlet_day", "", "breakfast_shop", "", 982.0, "yuan/day", np.nan, np.nan, "", "", "", ""),
    ]
    names = ("quantity", "service", "format", "bin", "value", "unit", "low", "high", "within", "source", "grade")
    return pd.DataFrame(rows, columns=[*names, "built_to"])


def displacement() -> pd.DataFrame:
    """What outlets of `outlets` gain and lose; four counters cost the first four outlets a fifth."""
    from circlesim.experiments.displacement import displacement_table

    table = outlets()[0]
    return displacement_table(table.assign(present=1), {"as is": "as is"} | SCENARIOS)


def months() -> pd.DataFrame:
    """Half a year of operators in two formats of two scenarios."""
    rows = []
    for k, scenario in enumerate(("as is", "four counters")):
        for month in range(1, 7):
            for f, (name, count) in enumerate((("breakfast_shop", 20.0), ("restaurant", 31.0))):
                left, came = 0.3 + 0.2 * f + 0.1 * k + 0.05 * month, 0.1 * month
                vacant = 1.0 + f + 0.2 * k
                rows.append((scenario, f"2024-{month:02d}", name, count - vacant, vacant, left, came,
                             90_000.0 * count, 4_000.0 * count, 1_000.0 * k))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "scenario", "month", "format", "trading", "vacant", "exits", "entries", "turnover", "profit", "support",
    ])  # fmt: skip


SURVEYED = (("satisfaction_top2", "share", 0.73), ("satisfaction_index", "points", 66.0))


def survey() -> pd.DataFrame:
    """Two replications of a survey; in the second the interval of the share misses the census."""
    rows = []
    for scenario in ("as is", "four counters"):
        for r in (0, 1):
            for measure, unit, value in (
                ("satisfaction_top2", "share", 0.73),
                ("satisfaction_index", "points", 66.0),
            ):
                error = 0.02 * (1 if unit == "share" else 70)
                seen = value + error * (0.5 if r == 0 else 2.5)
                needed = np.inf if unit == "points" else 1743.0
                rows.append((scenario, r, measure, unit, 600, 312, seen, error, seen - 1.96 * error,
                             seen + 1.96 * error, value, 1.04, needed))  # fmt: skip
    return pd.DataFrame(rows, columns=[
        "scenario", "replication", "measure", "unit", "asked", "respondents", "estimate", "standard_error",
        "ci_low", "ci_high", "census", "design_effect", "sample_needed",
    ])  # fmt: skip


def winners() -> pd.DataFrame:
    """Who gains and who loses, by age; more lose under the drift."""
    rows = []
    for scenario, baseline in SCENARIOS.items():
        good = 1 if CHANGES[scenario][0] > 0 else -1
        for measure, unit, thresholds in (
            ("welfare_min", "minutes per resident-day", (0.1, 0.5)), ("satisfaction_index", "points", (1.0, 2.0)),
        ):  # fmt: skip
            for t, threshold in enumerate(thresholds):
                for place, group in enumerate(("", "60-69", "70-79", "80+")):
                    many, few = 0.2 + 0.05 * place - 0.1 * t, 0.06 - 0.02 * t
                    gain, lose = (many, few) if good > 0 else (few, many)
                    rows.append((
                        scenario, baseline, measure, unit, "age_band" if group else "", group, threshold, 2600,
                        gain, 1 - gain - lose, lose, 1.4, -0.9, 1.4 * gain - 0.9 * lose, gain / 2, lose / 3, 20,
                    ))  # fmt: skip
    return pd.DataFrame(rows, columns=list(WINNERS))


def economy(draws: int = 0) -> pd.DataFrame:
    """What scenarios cost and give: 20 replications, and draws in which the gain varies."""
    rng = np.random.default_rng(8)
    rows = []
    for scenario in ["as is", *SCENARIOS]:
        change = CHANGES[scenario][0] if scenario in SCENARIOS else 0.0
        cost = {"four counters": 125_524.0, "keep cash": 900.0}.get(scenario, 0.0)
        lost = CHANGES["cashless drift"][0] if scenario == "keep cash" else 0.0
        uncosted = {"late evenings": "extend_hours:1:28", "cashless drift": "refuse_cash:1:28",
                    "keep cash": "refuse_cash:1:28"}.get(scenario, "")  # fmt: skip
        for a in range(draws + 1):
            factor = (
                1.0 if a == 0 else 0.4 + 1.2 * ((7 * a) % 11) / 10 - (0.9 if scenario == "four counters" else 0)
            )
            for r in range(20 if a == 0 else 4):
                luck = 30 * rng.standard_normal()
                gain = 15_000 * (change + lost) * factor + luck
                rows.append((scenario, a, r, cost, 0.0, 0.0, 0.0, uncosted, 11_000 + gain, 40 * gain))
    return pd.DataFrame(rows, columns=list(ECONOMY))


SMALL_DRIFT = {"policy": "refuse_cash", "share": 0.3, "seed": 5}
WORLD = {
    "name": "old_town", "synthetic": True, "currency": "yuan", "residents": 20_700, "facilities": 120,
    "title": {"en": "Synthetic old town at national anchors", "zh": "按全国锚定值合成的老城街区"},
    "sources": ["census 2020"],
    "licences": ["© OpenStreetMap contributors, ODbL 1.0 https://opendatacommons.org/licenses/odbl/1-0/"],
}  # fmt: skip
MANIFEST = {
    "question": "Do four more breakfast counters raise satisfaction among residents over 70?",
    "world": WORLD,
    "scenarios": ["as is", *SCENARIOS], "baselines": {"as is": "as is"} | SCENARIOS,
    "policies": {
        "as is": [],
        "four counters": [{
            "policy": "add_facilities", "format": "breakfast_shop", "count": 4, "capital_yuan": 120_000.0,
            "running_yuan_per_month": 8000.0,
        }],
        "late evenings": [{"policy": "extend_hours", "formats": ["library"], "close": "22:00"}],
        "cashless drift": [SMALL_DRIFT],
        "keep cash": [SMALL_DRIFT, {"policy": "keep_cash"}],
    },
    "start": "2024-03-04", "days": 28, "warmup_days": 7, "measure_from": "2024-03-11", "days_measured": 21,
    "seed": 20_230_711, "replications": 20, "assumptions": 0,
    "survey": {"sample": 600, "strata": "age_band", "weights": "post_stratified", "response_tilt": 0.0},
    "range_over_assumptions": {
        "assumptions": 50, "command": "circlesim run experiment.toml --set assumptions=50", "minutes": 6.4,
    },
    "digests": {"world": "ab12" * 16, "parameters": "cd34" * 16},
    "versions": {"circlesim": "0.1.0", "numpy": "2.2"},
    "units": {"planned": 20, "done": 20, "failed": 0}, "seconds": 71.2,
}  # fmt: skip

EXPERIMENT = """
question = "Do four more breakfast counters raise satisfaction among residents over 70?"
world = "old_town"
[scenarios."as is"]
[scenarios."four counters"]
policies = [ {add_facilities = {format = "breakfast_shop", count = 4}} ]
"""


def expectations(*, draws: int) -> pd.DataFrame:
    """Three claims, one of each verdict; the range over draws of the second changes sign."""
    base = {"source": "", "replications": 20, "sign_share": 0.8 if draws else np.nan}
    ranges = {"assumption_low": -0.002, "assumption_high": 0.02} if draws else dict.fromkeys(
        ("assumption_low", "assumption_high"), np.nan
    )  # fmt: skip
    rows = [
        (
            "Residents over 70 gain more than workers.",
            "七旬以上居民受益多于上班族。",
            0.012,
            0.008,
            0.016,
            "shown",
        ),
        ("Walks get longer.", "", -0.004, -0.006, -0.002, "refuted"),
        ("Spending moves.", "", 0.001, -0.001, 0.003, "open"),
    ]
    base |= {"measure": "satisfaction_top2", "unit": "share", "higher": "'four counters'", "lower": "'as is'"}
    return pd.DataFrame([
        {"says": says, "says_zh": zh, "difference": mean, "ci_low": low, "ci_high": high, "verdict": verdict}
        | base | ranges
        for says, zh, mean, low, high, verdict in rows
    ])  # fmt: skip


def write_run(folder: Path, *, draws: int = 0) -> Path:
    """Write the whole folder."""
    (folder / "map").mkdir(parents=True, exist_ok=True)
    visits, places = outlets()
    files = {
        "comparison": comparison(draws=draws), "unmet": unmet(), "pushed_out": unmet("pushed_out"),
        "switching": switching(), "facilities": visits, "hourly": hourly(), "cells": cells(), "balance": balance(),
        "map/edges": streets(), "map/facilities": places, "displacement": displacement(),
        "operators_by_format": months(), "survey": survey(), "expectations": expectations(draws=draws),
    }  # fmt: skip
    bases = {"as is": "as is"} | SCENARIOS
    files["winners"], files["economy"] = winners(), economy(draws)
    files["cost_effectiveness"] = cost_table(files["economy"], files["switching"], bases)
    files["acceptability"] = acceptability_table(files["economy"], bases)
    for name, table in files.items():
        table.to_csv(folder / f"{name}.csv", index=False)
    (folder / "manifest.json").write_text(json.dumps(MANIFEST | {"assumptions": draws}), "utf-8")
    (folder / "experiment.toml").write_text(EXPERIMENT, "utf-8")
    return folder
