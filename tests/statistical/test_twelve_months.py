"""Twelve months of the old town as it is, with operators who give up and others who begin."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from circlesim.catalog.constants import read_constants
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.parameters import default_parameters
from circlesim.engine.mechanisms import Mechanisms
from circlesim.engine.operators import Month
from circlesim.engine.prepared import Prepared, prepare
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage
from circlesim.engine.ways import ways
from circlesim.experiments.constants import shipped_constants
from circlesim.world.demo import demo_world

START, WARM_DAYS, DAYS = date(2024, 1, 1), 28, 366
RESIDENTS = int(os.environ.get("CIRCLESIM_YEAR_RESIDENTS", "20700"))
SEEDS = range(3)
GIVE_UP_A_YEAR = (0.03, 0.25)
"""Declared band of the share of operators who give up in a year; no register of circles was found."""
FIGURES = Path(__file__).parent / "figures" / "twelve_months.csv"


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    world = demo_world("old_town", residents=RESIDENTS)
    shipped = next(read_constants(path) for path in shipped_constants() if "old_town" in path.name)
    law = Mechanisms(months=True)
    walks = ways(world, world.facilities, 1800.0, default_parameters(), law)
    return prepare(world, walks, default_parameters(), shipped, START, law)


@pytest.fixture(scope="module")
def years(prepared: Prepared) -> list[tuple[Simulation, list[float]]]:
    """Each year's simulation at its end, and the mean expectation of adults at the end of each month."""
    outlets = prepared.world.facilities
    adults = prepared.world.population.age >= 18
    stage = Stage(first_day=-WARM_DAYS, facilities=outlets, present=np.ones(len(outlets), bool))
    told = []
    for seed in SEEDS:
        simulation, expected = Simulation(prepared, (stage,), seed, 0), []
        for day in range(-WARM_DAYS, DAYS):
            simulation.run_day(day)
            if len(simulation.months) > len(expected):
                expected.append(float(simulation.state.expectation[adults].mean()))
        told.append((simulation, expected))
    return told


def months_of(years: list[tuple[Simulation, list[float]]]) -> list[tuple[Month, ...]]:
    return [simulation.months for simulation, _ in years]


@pytest.mark.slow
def test_a_share_of_operators_within_the_declared_band_gives_up_in_a_year(years) -> None:  # type: ignore[no-untyped-def]
    shares = [sum(int(month.gave_up.sum()) for month in year) / len(year[0].traded) for year in months_of(years)]
    _note("operators who give up a year", shares)
    assert all(GIVE_UP_A_YEAR[0] <= share <= GIVE_UP_A_YEAR[1] for share in shares), shares


@pytest.mark.slow
def test_no_format_vanishes(prepared: Prepared, years) -> None:  # type: ignore[no-untyped-def]
    formats = prepared.world.facilities.format
    for simulation, _ in years:
        left = set(formats[simulation.state.trading == 1].tolist())
        lost = [FORMATS[f] for f in set(formats.tolist()) - left if (formats == f).sum() > 1]
        assert not lost, lost
        single = [FORMATS[f] for f in set(formats.tolist()) - left]
        assert len(single) <= 2, f"formats with one outlet, vacant on the last day: {single}"


@pytest.mark.slow
def test_turnover_is_stationary(years) -> None:  # type: ignore[no-untyped-def]
    # Money residents spend inside, a day, in the last quarter against the second: no drift of more than 5 %.
    drifts = []
    for year in months_of(years):
        days = [month.ends.day for month in year]
        a_day = [float(month.turnover.sum()) / n for month, n in zip(year, days, strict=True)]
        drifts.append(np.mean(a_day[9:12]) / np.mean(a_day[3:6]) - 1.0)
    _note("drift of turnover, fourth over second quarter", drifts)
    assert np.abs(drifts).max() < 0.05, drifts


@pytest.mark.slow
def test_expectations_have_settled(years) -> None:  # type: ignore[no-untyped-def]
    moves = [abs(expected[-1] - expected[-4]) for _, expected in years]
    _note("move of mean expectation in the last quarter", moves)
    assert max(moves) < 0.01, moves


@pytest.mark.slow
def test_vacant_premises_are_let_again(years) -> None:  # type: ignore[no-untyped-def]
    for year in months_of(years):
        left, came = (sum(int(getattr(month, name).sum()) for month in year) for name in ("gave_up", "began"))
        assert 0 < came <= left


def _note(what: str, values: list[float]) -> None:
    if os.environ.get("CIRCLESIM_WRITE_FIGURES"):
        with FIGURES.open("a", encoding="utf-8") as file:
            file.write(f"{what},{RESIDENTS}," + " ".join(f"{value:.4f}" for value in values) + "\n")
