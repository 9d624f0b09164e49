"""Reviews: on set days a policy sees what happened in its scenario, and opens outlets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.formats import FORMATS
from circlesim.catalog.services import SERVICES
from circlesim.engine.stage import Stage, opened_from, stage_on
from circlesim.errors import Fault, PolicyError
from circlesim.experiments.design import Design
from circlesim.experiments.trajectory import Trajectory
from circlesim.ledger import BARRIERS, Fate, Page
from circlesim.measures.operators import DAYS_A_MONTH
from circlesim.measures.public_cost import Stated
from circlesim.policies.parts import in_force
from circlesim.policies.reviewing import ReviewingPolicy, reviewing
from circlesim.world.observation import Observation
from circlesim.world.world import World

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "scenario", "replication", "review_day", "policy", "opens_day", "facility", "format", "node",
    "lacking_per_day", "capital", "running_per_month",
)  # fmt: skip
"""Columns of ``reviews.csv``."""

NOWHERE = -1
"""In place of a node where a review opened nothing."""


@dataclass(slots=True)
class _Watch:
    """One reviewing policy of one scenario: what it saw since its last review, and what it opened."""

    scenario: int
    policy: ReviewingPolicy
    days: tuple[int, ...]
    watched: int
    services: NDArray[np.bool_]
    lacking: NDArray[np.int64]
    seen: int = 0
    opened: list[tuple[int, int, NDArray[np.int64], float]] = field(default_factory=list)

    def note(self, page: Page) -> None:
        """Add a day to what was seen."""
        rows = page.columns()
        fate, first = rows["fate"], rows["first_barrier"].astype(np.int64)
        missed = (fate == Fate.UNMET) | (fate == Fate.HOME) | (fate == Fate.OUTSIDE)
        # The first barrier is the lowest bit.
        mine = missed & ((first & -first & self.watched) > 0) & self.services[rows["service"]]
        np.add.at(self.lacking, (rows["resident"][mine], rows["service"][mine]), 1)
        self.seen += 1


class Reviews:
    """
    The reviews of all scenarios in one replication.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    """

    def __init__(self, design: Design) -> None:
        self.design = design
        asked = design.experiment
        shape = len(asked.world.population), len(SERVICES)
        self._watches = [
            _Watch(
                j,
                policy,
                policy.reviews(asked.start, asked.days),
                _bits(policy),
                np.isin(SERVICES, policy.serves),
                np.zeros(shape, np.int64),
            )
            for j, policies in enumerate(design.policies)
            for policy in reviewing(policies)
        ]

    def before(self, path: Trajectory, day: int) -> None:
        """
        Hold the reviews of a day, before anybody is up.

        Parameters
        ----------
        path : Trajectory
            Scenarios as they stood on the evening before; from the day of opening on its stages are others.
        day : int
            Days since the start.

        Raises
        ------
        PolicyError
            If a policy opens an outlet that it did not say it might.
        """
        for watch in self._watches:
            if day in watch.days:
                self._hold(watch, path, day)

    def after(self, path: Trajectory) -> None:
        """
        Watch the newest day.

        Parameters
        ----------
        path : Trajectory
            Scenarios at the end of the day.
        """
        for watch in self._watches:
            page = path.branch_of(watch.scenario).page
            assert page is not None, "a day has been run"
            watch.note(page)

    def _hold(self, watch: _Watch, path: Trajectory, day: int) -> None:
        found, fresh = self._fresh(watch, path, day)
        opens = day + watch.policy.delay_days
        if len(fresh):
            mask = np.zeros(len(self.design.roster.facilities), bool)
            mask[fresh] = True
            path.change(watch.scenario, opened_from(path.stages[watch.scenario], opens, mask))
        watch.opened.append((day, opens, fresh, found))
        watch.lacking[:], watch.seen = 0, 0

    def _fresh(self, watch: _Watch, path: Trajectory, day: int) -> tuple[float, NDArray[np.int64]]:
        """Needs a day that were seen lacking, and roster rows of what the policy opens."""
        stage = stage_on(path.stages[watch.scenario], day)
        simulation = path.branch_of(watch.scenario).simulation
        roster, asked = self.design.roster.facilities, self.design.experiment
        town: World = replace(asked.world, facilities=stage.facilities)
        seen = Observation(days=watch.seen, lacking=watch.lacking.copy())
        # What was decided and does not stand yet is no gap any more.
        decided = reduce(or_, (np.isin(np.arange(len(roster)), rows) for *_, rows, _ in watch.opened),
                         np.zeros(len(roster), bool))  # fmt: skip
        observed = town.as_observed(simulation.present | decided, seen)
        then = in_force(watch.policy, observed).facilities
        new = then.id64[~np.isin(then.id64, observed.facilities.id64)]
        rows = np.flatnonzero(np.isin(roster.id64, new))
        if len(rows) < len(new) or not _may(stage.possible, rows):
            fault = Fault(what="opens an outlet that it did not name beforehand", where=watch.policy.name,
                          found=", ".join(then.facility[np.isin(then.id64, new)].tolist()),
                          expected="outlets of its `possible`")  # fmt: skip
            raise PolicyError("a review cannot be held", [fault])
        return float(watch.lacking.sum()) / max(watch.seen, 1), rows

    def spent(self, scenario: int) -> Stated:
        """
        Add up what the outlets opened cost the public until the last day.

        Parameters
        ----------
        scenario : int
            Position of the scenario.

        Returns
        -------
        Stated
            Capital of those that opened within the horizon, and running by days, in the major unit.
        """
        capital = running = 0.0
        days = self.design.experiment.days
        for watch, _, opens, row in self._each():
            if watch.scenario == scenario and opens < days:
                once, month = self._cost(watch, row)
                capital, running = capital + once, running + month * (days - opens) / DAYS_A_MONTH
        return Stated(capital, running)

    def table(self, replication: int) -> pd.DataFrame:
        """
        List what was opened.

        Parameters
        ----------
        replication : int
            Number of the replication.

        Returns
        -------
        DataFrame
            `COLUMNS`; one row an outlet, and one for each review that opened none.
        """
        import pandas as pd

        roster, streets = self.design.roster.facilities, self.design.experiment.world.streets
        found = {id(watch): dict((day, needs) for day, _, _, needs in watch.opened) for watch in self._watches}
        rows = []
        for watch, day, opens, row in self._each():
            once, month = self._cost(watch, row)
            place = int(streets.node[roster.node_row[row]])
            rows.append((
                self.design.names[watch.scenario], replication, day, watch.policy.name, opens,
                str(roster.facility[row]), FORMATS[roster.format[row]], place, found[id(watch)][day], once, month,
            ))  # fmt: skip
        for watch in self._watches:
            rows += [
                (self.design.names[watch.scenario], replication, day, watch.policy.name, day, "", "", NOWHERE,
                 needs, 0.0, 0.0)
                for day, _, opened, needs in watch.opened if not len(opened)
            ]  # fmt: skip
        rows.sort(key=lambda row: (self.design.names.index(row[0]), row[2], row[4], row[5]))
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def _each(self) -> Iterator[tuple[_Watch, int, int, int]]:
        """Go through the outlets opened: watch, day of the review, first day, roster row."""
        for watch in self._watches:
            for day, opens, rows, _ in watch.opened:
                for row in rows.tolist():
                    yield watch, day, opens, row

    def _cost(self, watch: _Watch, row: int) -> tuple[float, float]:
        outlet = self.design.roster.facilities.take(np.array([row]))
        return watch.policy.cost_of(outlet, self.design.experiment.world.currency)


def reacts(design: Design) -> bool:
    """
    Tell whether any scenario has a policy with review dates.

    Parameters
    ----------
    design : Design
        The experiment, compiled.

    Returns
    -------
    bool
        Then its outlets differ between replications.
    """
    return any(reviewing(policies) for policies in design.policies)


def as_reviewed(design: Design, scenario: int, reviews: pd.DataFrame, replication: int) -> tuple[Stage, ...]:
    """
    Lay out the facts of a scenario as its reviews left them in one replication.

    Parameters
    ----------
    design : Design
        The experiment, compiled.
    scenario : int
        Position of the scenario.
    reviews : DataFrame
        Contents of ``reviews.csv``.
    replication : int
        Number of the replication.

    Returns
    -------
    tuple of Stage
        Those of the design, with what was opened.
    """
    stages, roster = design.roster.stages[scenario], design.roster.facilities
    mine = (reviews["scenario"] == design.names[scenario]) & (reviews["replication"] == replication)
    for day, rows in reviews[mine & (reviews["facility"] != "")].groupby("opens_day"):
        stages = opened_from(stages, int(str(day)), np.isin(roster.facility, rows["facility"].to_numpy(str)))
    return stages


def _bits(policy: ReviewingPolicy) -> int:
    """Barriers a policy watches for, as bits."""
    named = {str(each.name).lower(): int(each) for each in BARRIERS}
    return sum(named[name] for name in policy.watches)


def _may(possible: NDArray[np.bool_] | None, rows: NDArray[np.int64]) -> bool:
    return not len(rows) or (possible is not None and bool(possible[rows].all()))
