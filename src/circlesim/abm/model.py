"""Model: a neighbourhood as a Mesa model, a day a step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import mesa
import numpy as np
from numpy.typing import NDArray

from circlesim.abm.objects import ObjectSimulation
from circlesim.abm.seeds import Seed, root_seed
from circlesim.abm.views import FacilityView
from circlesim.catalog.constants import Constants
from circlesim.catalog.formats import FORMATS
from circlesim.catalog.parameters import Parameters
from circlesim.engine.prepared import Prepared
from circlesim.engine.simulation import Simulation
from circlesim.engine.stage import Stage, stage_on
from circlesim.engine.state import State
from circlesim.engine.survey import latent, levels
from circlesim.engine.tally import SUMS, Sums, empty_sums, tally
from circlesim.errors import ConfigError, Fault, did_you_mean
from circlesim.experiments.anchoring import solved_stamp
from circlesim.experiments.constants import constants_for
from circlesim.experiments.design import compile_design
from circlesim.experiments.draw import make_draw
from circlesim.experiments.experiment import Experiment
from circlesim.experiments.reviews import reacts
from circlesim.experiments.roster import Roster
from circlesim.experiments.scenario import Scenario
from circlesim.ledger import Page
from circlesim.measures import measure_named
from circlesim.measures.reading import Reading, count_answers
from circlesim.policies.policy import Policy
from circlesim.policies.reviewing import reviewing
from circlesim.world.demo import is_path, resolve_world
from circlesim.world.world import World

ENGINES: tuple[str, ...] = ("columns", "objects")
"""Residents as rows of columns in a kernel, or as one Mesa agent each; both write the same ledger."""

_solved: dict[str, Constants] = {}


class Runs(Protocol):
    """What the model asks of an engine."""

    def run_day(self, day: int) -> Page:
        """Run one day."""

    @property
    def state(self) -> State:
        """What residents and facilities hold now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbourhood:
    """
    A scenario compiled for one model.

    Parameters
    ----------
    prepared : Prepared
        World, metres and numbers of the law.
    stages : tuple of Stage
        The baseline through the warm-up, then the facts of the scenario.
    warmup_days : int
        Days before the first step.
    noise : ndarray of float64, shape (R, S)
        Reporting noise of the survey.
    bearers : ndarray of int64, shape (S,)
        Residents who can have a need, by service.
    minute_value, public_cost : float
        See `measures.reading.Reading`.
    """

    prepared: Prepared
    stages: tuple[Stage, ...]
    warmup_days: int
    noise: NDArray[np.float64]
    bearers: NDArray[np.int64]
    minute_value: float
    public_cost: float


class CircleModel(mesa.Model):  # type: ignore[misc]
    """
    A 15-minute living circle as a Mesa model.

    One step is one day of the same engine as `circlesim.Experiment`: with the same seed the ledger is that of
    its replication 0. `datacollector` holds the measures of each day, first row before the first day, where
    those that need a day are nan. Facilities are agents; residents are columns of `engine="columns"`, and agents
    too with `engine="objects"`.

    Parameters
    ----------
    world : str, Path or World, default: "old_town"
        A demo name, a path to a world folder, or a world.
    policies : sequence of Policy or Scenario, default: ()
        In force from their `starts` on; day 0 where they name none.
    residents : int, optional
        Scale a named world to this many residents.
    days : int, default: 28
        Steps until `running` turns False; a step after the last day changes nothing.
    engine : str, default: "columns"
        One of `ENGINES`.
    rng : int, SeedSequence or None, default: None
        Root of all luck; one is made up and kept as `root_seed` where missing.

    Raises
    ------
    CircleSimError
        If world, policies, days, engine or rng cannot be used.

    Examples
    --------
    >>> model = CircleModel(residents=500, days=7, rng=7)  # doctest: +SKIP
    >>> while model.running:  # doctest: +SKIP
    ...     model.step()
    >>> model.datacollector.get_model_vars_dataframe()  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        world: str | Path | World = "old_town",
        policies: Sequence[Policy | Scenario] = (),
        residents: int | None = None,
        days: int = 28,
        engine: str = "columns",
        rng: Seed = None,
    ) -> None:
        if engine not in ENGINES:
            hint = did_you_mean(engine, ENGINES) or "known are " + ", ".join(ENGINES)
            raise ConfigError(f"engine: found '{engine}'; {hint}")
        self.root_seed = root_seed(rng)
        super().__init__(rng=self.root_seed)
        self.day, self.days = 0, days
        self.circle = compiled_circle(world, policies, residents, days, self.root_seed)
        self.simulation = self._engine(engine)
        for day in range(-self.circle.warmup_days, 0):
            self.simulation.run_day(day)
        self.page: Page | None = None
        self.sums = self._no_sums()
        self._reading: Reading | None = None
        self.running = self.day < self.days
        self.datacollector = mesa.DataCollector(model_reporters={
            "satisfaction_top2": self.satisfaction_top2,
            "satisfaction_index": self.satisfaction_index,
            "spend": self.spend,
            "met_inside_share": self.met_inside_share,
            "met_share": self.met_share,
            "unmet_share": self.unmet_share,
            "pushed_out_share": self.pushed_out_share,
            "delivered_share": self.delivered_share,
            "walk_min": self.walk_min,
            "wait_min": self.wait_min,
        })  # fmt: skip
        self.datacollector.collect(self)

    def step(self) -> None:
        """Run one day, and collect its measures."""
        if self.day >= self.days:
            return
        self.page = self.simulation.run_day(self.day)
        self.day += 1
        self.sums = self._no_sums()
        roster, people = self.circle.prepared.world.facilities, self.circle.prepared.people
        nobody = np.zeros((0, len(people.record)), np.int16)
        tally(self.page, self.sums, nobody, roster.format, roster.service_min, people.b_walk)
        self._reading = None
        self.running = self.day < self.days
        self.datacollector.collect(self)

    @property
    def stage(self) -> Stage:
        """The facts of the newest day; of day 0 before any."""
        return stage_on(self.circle.stages, max(0, self.day - 1))

    def measured(self, name: str) -> float:
        """
        Take a measure of the newest day.

        Parameters
        ----------
        name : str
            Such as ``"declined_share"`` or ``"coverage:breakfast_shop:10"``; see `circlesim show measures`.

        Returns
        -------
        float
            Sums over the newest day alone, the survey as answered at its end; nan where there is no figure.
        """
        if self._reading is None:
            self._reading = self._take_reading()
        return measure_named(name).overall(self._reading)

    def satisfaction_top2(self) -> float:
        """Share of adults' answers on the two highest of four levels."""
        return self.measured("satisfaction_top2")

    def satisfaction_index(self) -> float:
        """Mean level of adults' answers, scaled to 0-100."""
        return self.measured("satisfaction_index")

    def spend(self) -> float:
        """Money spent inside the circle, per resident and day."""
        return self.measured("spend")

    def met_inside_share(self) -> float:
        """Share of needs met at an outlet of the circle."""
        return self.measured("met_inside_share")

    def met_share(self) -> float:
        """Share of needs met inside, by delivery, at home or outside."""
        return self.measured("met_share")

    def unmet_share(self) -> float:
        """Share of needs unmet."""
        return self.measured("unmet_share")

    def pushed_out_share(self) -> float:
        """Share of needs met at home or outside for want of anything inside."""
        return self.measured("pushed_out_share")

    def delivered_share(self) -> float:
        """Share of needs met by delivery."""
        return self.measured("delivered_share")

    def walk_min(self) -> float:
        """Way out in minutes, per need served."""
        return self.measured("walk_min")

    def wait_min(self) -> float:
        """Wait in minutes between arrival and start of service, per need served."""
        return self.measured("wait_min")

    def _engine(self, engine: str) -> Runs:
        """Start the engine, and put agents into the model."""
        prepared, stages = self.circle.prepared, self.circle.stages
        if engine == "objects":
            return ObjectSimulation(prepared, stages, self.root_seed, model=self)
        for row in range(len(prepared.world.facilities)):
            FacilityView(self, row)
        return Simulation(prepared, stages, self.root_seed, 0)

    def _no_sums(self) -> Sums:
        """Sums of a day, at zero."""
        world = self.circle.prepared.world
        return empty_sums(len(world.population), len(FORMATS), len(world.facilities), 1)

    def _take_reading(self) -> Reading:
        """Gather what measures see of the newest day."""
        circle, sums, stage = self.circle, self.sums, self.stage
        world, law = circle.prepared.world, circle.prepared.law
        answers = levels(latent(self.simulation.state, law) + circle.noise, law.thresholds)
        by_resident, by_service = count_answers(answers, world.population, circle.bearers > 0)
        return Reading(
            population=world.population, streets=circle.prepared.streets(stage), facilities=stage.facilities,
            present=stage.present, currency=world.currency, days=sums.days,
            weekday=circle.prepared.weekday(max(0, self.day - 1)),
            sums=SUMS, resident=sums.resident, service=sums.service, format=sums.format, facility=sums.facility,
            bearers=circle.bearers, answers=by_resident, answers_by_service=by_service,
            public_cost=circle.public_cost, minute_value=circle.minute_value,
        )  # fmt: skip


def compiled_circle(
    world: str | Path | World, policies: Sequence[Policy | Scenario], residents: int | None, days: int, seed: int
) -> Neighbourhood:
    """
    Compile a world and its policies for one model.

    Parameters
    ----------
    world : str, Path or World
        A demo name, a path to a world folder, or a world.
    policies : sequence of Policy or Scenario
        In listed order.
    residents : int or None
        Scale a named world to this many residents.
    days : int
        Days simulated.
    seed : int
        Root seed.

    Returns
    -------
    Neighbourhood
        Ready to run.
    """
    place, beside = _found(world, residents)
    asked = Experiment((Scenario("model", place, days=days, policies=tuple(policies)),), seed=seed)
    design = compile_design(asked)
    if reacts(design):
        fault = Fault(what="a model holds no reviews", where="policies",
                      found=", ".join(each.name for each in reviewing(design.policies[0])),
                      expected="policies without review dates; run an Experiment instead")  # fmt: skip
        raise ConfigError("this model cannot be built", [fault])
    constants = _constants(place, asked.parameters, beside)
    draw = make_draw(design, 0, place, asked.parameters, constants)
    return Neighbourhood(
        prepared=draw.prepared, stages=_after_warm_up(design.roster), warmup_days=asked.warmup_days,
        noise=draw.noise, bearers=draw.bearers, minute_value=draw.minute_value, public_cost=design.costs[0],
    )  # fmt: skip


def _found(world: str | Path | World, residents: int | None) -> tuple[World, Path | None]:
    """Find the world, and the folder that may hold its constants."""
    if not isinstance(world, World):
        folder = Path(world) if is_path(str(world)) else None
        return resolve_world(str(world), residents), folder
    if residents is not None:
        raise ConfigError(f"residents: found {residents}; a world that was built already keeps its residents")
    return world, None


def _constants(world: World, parameters: Parameters, beside: Path | None) -> Constants:
    """Find or solve the constants; solved once a process, for a batch builds the same world again and again."""
    stamp = solved_stamp(world, parameters)
    if stamp not in _solved:
        _solved[stamp] = constants_for(world, parameters, beside=beside)
    return _solved[stamp]


def _after_warm_up(roster: Roster) -> tuple[Stage, ...]:
    """The baseline before day 0, and from then on the facts of the scenario."""
    before = tuple(stage for stage in roster.baseline if stage.first_day < 0)
    return before + tuple(replace(stage, first_day=max(0, stage.first_day)) for stage in roster.stages[0])
