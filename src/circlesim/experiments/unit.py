"""Unit: one replication under one set of assumptions, all scenarios in lock step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import stage_on
from circlesim.engine.survey import levels
from circlesim.engine.tally import FACILITY_SUMS, HOUR_SUMS, SUMS, Sums, empty_sums, tally
from circlesim.experiments.anchoring import anchoring_table
from circlesim.experiments.cells import access_table, cell_table
from circlesim.experiments.design import Design
from circlesim.experiments.draw import Draw
from circlesim.experiments.economy import PAID_UNIT, economy_rows, paid_on
from circlesim.experiments.footfall import Visits, edge_table
from circlesim.experiments.operators import format_rows, operator_rows
from circlesim.experiments.readings import outcome_rows
from circlesim.experiments.result import Result, result_of
from circlesim.experiments.reviews import Reviews, reacts
from circlesim.experiments.sampled import survey_rows
from circlesim.experiments.shards import Shard
from circlesim.experiments.switching import Switching
from circlesim.experiments.trajectory import Branch, Trajectory
from circlesim.experiments.unmet import barrier_table
from circlesim.experiments.walks import WalkingBins
from circlesim.experiments.winners import change_table
from circlesim.ledger import Page
from circlesim.measures.public_cost import Stated
from circlesim.measures.reading import Reading, count_answers

if TYPE_CHECKING:
    import pandas as pd

KeepPage = Callable[[int, Page], None]
"""Told the scenario and the page of a day."""


def unit_name(assumption: int, replication: int, draws: int = 0) -> str:
    """
    Name a unit.

    Parameters
    ----------
    assumption : int
        0 for the default parameters, then 1 to `draws`.
    replication : int
        Number of the replication.
    draws : int, default: 0
        Draws of the hypercube; another number makes another hypercube.

    Returns
    -------
    str
        Such as ``"a000-r0007"`` or ``"a003of050-r0001"``.
    """
    of = f"of{draws:03d}" if assumption else ""
    return f"a{assumption:03d}{of}-r{replication:04d}"


def run_unit(
    design: Design, draw: Draw, replication: int, keep: KeepPage | None = None
) -> dict[str, pd.DataFrame]:
    """
    Run all scenarios under one stroke of luck.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    draw : Draw
        The assumptions.
    replication : int
        Number of the replication.
    keep : callable, optional
        Told every page of the days after the warm-up.

    Returns
    -------
    dict of str to DataFrame
        Tables by name; ``outcomes`` always, the others under the default parameters only.
    """
    return _Unit(design, draw, replication).run(keep)


class _Unit:
    """One unit while it runs."""

    def __init__(self, design: Design, draw: Draw, replication: int) -> None:
        self.design, self.draw, self.replication = design, draw, replication
        self.detailed = draw.index == 0
        facilities = design.roster.facilities
        self.divisions = design.divisions
        self.many = range(len(design.names))
        self.switching = {j: Switching(design.ends, self.divisions)
                          for j in self.many if self.detailed and design.base[j] != j}  # fmt: skip
        self.paid = np.zeros((len(design.names), 2))
        self.days_there = np.zeros((len(design.names), len(facilities)), np.int64)
        mapped = self.detailed and replication == 0
        # Footfall and walking bins are of the first scenario in one replication: a map, not a comparison.
        self.visits = Visits(draw.prepared.world) if mapped else None
        self.walks = WalkingBins() if mapped else None
        self.reviews = Reviews(design)

    def run(self, keep: KeepPage | None) -> dict[str, pd.DataFrame]:
        """Run every shard, and table what all of them came to."""
        rows = len(self.draw.prepared.people.id64), len(self.design.roster.facilities)
        results: list[Result | None] = [None for _ in self.many]
        for shard in self.draw.shards:
            path = self._path(shard, keep)
            results = [result_of(shard, path.branch_of(j), results[j], *rows) for j in self.many]
        return self._tables([result for result in results if result is not None])

    def _path(self, shard: Shard, keep: KeepPage | None) -> Trajectory:
        """Warm one shard up and run its days."""
        asked = self.design.experiment
        warm = Simulation(shard.prepared, shard.roster.baseline, asked.seed, self.replication)
        for day in range(-asked.warmup_days, 0):
            warm.run_day(day, warm.needs(day))
        path = Trajectory(warm, shard.roster.stages, self._empty_sums(shard))
        del warm
        groups = self._groups(shard)
        for day in range(asked.days):
            self.reviews.before(path, day)
            path.run_day(day, last=day == asked.days - 1)
            self.reviews.after(path)
            self._pay(shard, path, day)
            measured = day in self.design.measured
            if measured:
                self._measure(shard, path, groups, day)
            if keep is not None or (measured and (self.switching or self.visits)):
                self._tell(shard, path, keep, measured=measured)
        return path

    def _empty_sums(self, shard: Shard) -> Sums:
        groups = len(self.divisions.names) if self.detailed else 1
        formats = self.design.experiment.world.formats
        return empty_sums(len(shard.residents), len(formats), len(shard.facilities), groups)

    def _pay(self, shard: Shard, path: Trajectory, day: int) -> None:
        """Add up what the public pays in a shard on a day, measured or not."""
        for branch in path.branches:
            stage = stage_on(shard.roster.stages[branch.members[0]], day)
            self.paid[branch.members] += paid_on(_page(branch), branch.simulation, stage)

    def _groups(self, shard: Shard) -> NDArray[np.int16]:
        """Group of each resident of a shard in each declared dimension."""
        groups = self.divisions.rows if self.detailed else self.divisions.rows[:0]
        return groups if shard.whole else np.ascontiguousarray(groups[:, shard.residents])

    def _measure(self, shard: Shard, path: Trajectory, groups: NDArray[np.int16], day: int) -> None:
        """Add the newest day of a shard to its sums."""
        for j in self.many:
            self.days_there[j, shard.facilities] += path.branch_of(j).simulation.present
        b_walk = shard.prepared.people.b_walk
        for branch in path.branches:
            outlets = stage_on(branch.simulation.stages, day).facilities
            tally(_page(branch), branch.sums, groups, outlets.format, outlets.service_min, b_walk)

    def _tell(self, shard: Shard, path: Trajectory, keep: KeepPage | None, *, measured: bool) -> None:
        """Pass the newest pages on to what reads them in rows of the world."""
        pages = {id(branch): shard.in_world(_page(branch)) for branch in path.branches}
        of = [pages[id(path.branch_of(j))] for j in self.many]
        if keep is not None:
            for j, page in enumerate(of):
                keep(j, page)
        if not measured:
            return
        for j, switching in self.switching.items():
            base = self.design.base[j]
            switching.add(of[base], of[j], (self._formats(base, of[j].day), self._formats(j, of[j].day)))
        if self.visits is not None and self.walks is not None:
            self.visits.add(of[0])
            self.walks.add(of[0])

    def _formats(self, j: int, day: int) -> NDArray[np.int16]:
        """What the outlets of a scenario are on a day."""
        return stage_on(self.design.roster.stages[j], day).facilities.format

    def _tables(self, results: Sequence[Result]) -> dict[str, pd.DataFrame]:
        """Table what the days came to."""
        import pandas as pd

        readings = [self._reading(result, j) for j, result in enumerate(results)]
        key = {"assumption": self.draw.index, "replication": self.replication}
        rows = [
            outcome_rows(self.design, self.draw.groupings, j, readings[j], key, self.draw.memo) for j in self.many
        ]
        tables = {
            "outcomes": pd.concat(rows, ignore_index=True),
            "economy": pd.concat([self._economy(j, key, readings[j]) for j in self.many], ignore_index=True),
        }
        if self.draw.solution is not None and self.replication == 0:
            tables["anchoring"] = anchoring_table(self.draw.index, self.draw.solution)
        if self.detailed:
            if reacts(self.design):
                tables["reviews"] = self.reviews.table(self.replication)
            if self.switching:
                tables["changes"] = change_table(readings, self.design.base)
            parts = [self._details(j, results[j], readings[j]) for j in self.many]
            for name in dict.fromkeys(name for part in parts for name in part):
                tables[name] = pd.concat([part[name] for part in parts if name in part], ignore_index=True)
        return tables

    def _economy(self, j: int, key: dict[str, int], reading: Reading) -> pd.DataFrame:
        """What one scenario costs and gives."""
        return economy_rows(
            self.design.names[j], key, self._stated(j), self.paid[j], self.design.uncosted[j], reading
        )

    def _stated(self, j: int) -> Stated:
        """What the policies of a scenario state, and what its reviews spent."""
        spent, stated = self.reviews.spent(j), self.design.stated[j]
        return Stated(stated.capital + spent.capital, stated.running + spent.running)

    def _reading(self, result: Result, j: int) -> Reading:
        """What measures see of one scenario."""
        asked, prepared, sums = self.design.experiment, self.draw.prepared, result.sums
        stage = self.design.roster.stages[j][-1]
        answers = levels(result.latent + self.draw.noise, prepared.law.thresholds)
        bearers = self.draw.bearers
        by_resident, by_service = count_answers(answers, prepared.world.population, bearers > 0)
        return Reading(
            population=prepared.world.population, streets=prepared.streets(stage), facilities=stage.facilities,
            present=result.present, currency=prepared.world.currency, days=sums.days,
            weekday=prepared.weekday(asked.days - 1), sums=SUMS, resident=sums.resident, service=sums.service,
            format=sums.format, facility=sums.facility, bearers=bearers, answers=by_resident,
            answers_by_service=by_service, public_cost=self.design.costs[j],
            paid=float((self.paid[j] * PAID_UNIT).sum()) + sum(self.reviews.spent(j)),
            minute_value=self.draw.minute_value,
            there=self.days_there[j], parameters=self.draw.parameters,
        )  # fmt: skip

    def _details(self, j: int, result: Result, reading: Reading) -> dict[str, pd.DataFrame]:
        """Tables of one scenario under the default parameters."""
        name, sums = self.design.names[j], result.sums
        details = {
            "barriers": barrier_table(sums, self.divisions, name),
            "facilities": _counted(
                name,
                "facility",
                np.arange(len(sums.facility)),
                (*FACILITY_SUMS, "days", "stands"),
                np.column_stack([sums.facility, self.days_there[j], result.present]),
            ),
            "hourly": _counted(name, "hour", np.arange(len(sums.hourly)), HOUR_SUMS, sums.hourly),
            "services": _counted(name, "service", np.arange(len(sums.service)), SUMS, sums.service),
            "cells": cell_table(self.draw.prepared.world, reading.answers, name),
        }
        asked = self.design.experiment
        if asked.survey is not None:
            details["survey"] = survey_rows(
                asked.survey, name, self.replication, asked.seed, asked.parameters, reading
            )
        if result.months:
            months = result.months
            formats = [self._formats(j, (month.ends - asked.start).days) for month in months]
            details["operators"] = operator_rows(name, months)
            details["operators_by_format"] = format_rows(name, months, formats)
        if j in self.switching:
            details["switching"] = self.switching[j].table(name)
        if self.visits is not None:
            details["access"] = access_table(self.draw.prepared.world, reading, name)
        if j == 0 and self.visits is not None and self.walks is not None:
            details["edges"] = edge_table(
                self.draw.prepared.world, reading.streets, self.visits, len(self.design.measured)
            )
            details["walks"] = self.walks.table(name)
        return details


def _page(branch: Branch) -> Page:
    assert branch.page is not None, "a day has been run"
    return branch.page


def _counted(scenario: str, key: str, rows: Any, names: tuple[str, ...], values: Any) -> pd.DataFrame:
    """A table of sums with scenario and key."""
    import pandas as pd

    columns = {name: values[:, i] for i, name in enumerate(names)}
    return pd.DataFrame({"scenario": scenario, key: rows, **columns})
