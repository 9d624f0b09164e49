"""Asked: scenarios, replications and assumption draws as one question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, timedelta

from circlesim.catalog.constants import Constants
from circlesim.catalog.parameters import Parameters, default_parameters
from circlesim.engine.mechanisms import Mechanisms
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.experiments.claims import Expectation, Law, claim_faults
from circlesim.experiments.factorial import Factorial, joined
from circlesim.experiments.precision import Precision
from circlesim.experiments.scenario import Scenario
from circlesim.measures import DEFAULT_MEASURES, measure_named
from circlesim.measures.grouping import NEED_DIMENSIONS
from circlesim.measures.sampling import SurveyDesign
from circlesim.world.world import World

Progress = Callable[[int, int, str], None]
"""Told units done, units planned, and what is going on."""


def resident_dimensions() -> tuple[str, ...]:
    """
    List the dimensions residents can be grouped by.

    Returns
    -------
    tuple of str
        Those of `world.groups`.
    """
    from circlesim.world.groups import GROUP_LABELS

    return tuple(dict.fromkeys([*GROUP_LABELS, "circle"]))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an `Experiment` asks; its fields are described there. All below the runner reads only this."""

    scenarios: Sequence[Scenario]
    _: KW_ONLY
    replications: int | Precision = 20
    seed: int = 0
    warmup_days: int = 7
    measures: Sequence[str] = DEFAULT_MEASURES
    by: Sequence[str] = ()
    assumptions: int = 0
    measure_from: date | None = None
    parameters: Parameters = field(default_factory=default_parameters)
    constants: Constants | None = None
    mechanisms: Mechanisms = field(default_factory=Mechanisms)
    question: str = ""
    survey: SurveyDesign | None = None
    factorial: Factorial | None = None
    expectations: Sequence[Expectation] = ()
    laws: Sequence[Law] = ()
    workers: int | None = None

    def __post_init__(self) -> None:
        for name in ("scenarios", "measures", "by", "expectations", "laws"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        faults = Faults("this experiment cannot be run", ConfigError)
        self._check_scenarios(faults)
        self._check_numbers(faults)
        for name in self.measures:
            with faults.collecting():
                measure_named(name, self.world.formats) if self.scenarios else measure_named(name)
        known = (*resident_dimensions(), *NEED_DIMENSIONS)
        for name in self.by:
            if name not in known:
                faults.add("unknown dimension", "by", found=name, expected=", ".join(known),
                           hint=did_you_mean(name, known))  # fmt: skip
        names = [scenario.name for scenario in self.scenarios]
        for claims in (self.expectations, self.laws):
            faults.extend(claim_faults(claims, names, self.measures, self.by))
        if self.factorial is not None:
            lacking = [name for name in map(joined, self.factorial.subsets) if name and name not in names]
            if lacking:
                faults.add("a combination of the factorial design is no scenario", "factorial",
                           found=", ".join(lacking), expected="what `Factorial.scenarios` makes")  # fmt: skip
        faults.raise_if_any()

    def _check_scenarios(self, faults: Faults) -> None:
        if not self.scenarios:
            faults.add("an experiment needs a scenario", "scenarios")
            return
        first, names = self.scenarios[0], [scenario.name for scenario in self.scenarios]
        for position, scenario in enumerate(self.scenarios):
            where = f"scenarios.{scenario.name}"
            if scenario.name in names[:position]:
                faults.add("two scenarios of one name", where)
            if scenario.world is not first.world:
                faults.add("scenarios of one experiment share one world", where, found=scenario.world.name)
            if (scenario.start, scenario.days) != (first.start, first.days):
                faults.add("scenarios of one experiment share their days", where,
                           found=f"{scenario.days} from {scenario.start}",
                           expected=f"{first.days} from {first.start}")  # fmt: skip
            if scenario.baseline is not None and scenario.baseline not in names:
                faults.add("the baseline is no scenario of this experiment", f"{where}.baseline",
                           found=scenario.baseline, expected=", ".join(names),
                           hint=did_you_mean(scenario.baseline, names))  # fmt: skip

    def _check_numbers(self, faults: Faults) -> None:
        smallest = {"warmup_days": 0, "assumptions": 0, "seed": 0}
        if not isinstance(self.replications, Precision):
            smallest["replications"] = 1
        for name, low in smallest.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < low:
                faults.add("not a whole number in range", name, found=value, expected=f"{low} or more")
        if self.mechanisms.months and self.warmup_days < 7:
            faults.add("operators need a warm-up to compare their books with", "warmup_days",
                       found=self.warmup_days, expected="7 or more where months are on")  # fmt: skip
        if not self.measures:
            faults.add("nothing is measured", "measures", expected="at least one measure")
        if self.workers is not None and self.workers < 1:
            faults.add("a run needs a worker", "workers", found=self.workers, expected="1 or more")
        if self.scenarios and not 0 <= self.first_measured_day < self.days:
            faults.add("measuring begins outside the days simulated", "measure_from",
                       found=self.start + timedelta(days=self.first_measured_day),
                       expected=f"{self.start} to {self.start + timedelta(days=self.days - 1)}")  # fmt: skip

    @property
    def world(self) -> World:
        """The world all scenarios share."""
        return self.scenarios[0].world

    @property
    def start(self) -> date:
        """First day."""
        return self.scenarios[0].start

    @property
    def days(self) -> int:
        """Number of days simulated."""
        return self.scenarios[0].days

    @property
    def first_measured_day(self) -> int:
        """Day from which page sums run, counted from `start`."""
        if self.measure_from is not None:
            return (self.measure_from - self.start).days
        starts = [p.begins for s in self.scenarios for p in s.own_and_brought() if p.begins is not None]
        return max([0, *((day - self.start).days for day in starts if day > self.start)])

    @property
    def baselines(self) -> dict[str, str]:
        """Scenario to the scenario it is compared with; a baseline may be compared with itself."""
        first = self.scenarios[0].name
        return {scenario.name: scenario.baseline or first for scenario in self.scenarios}
