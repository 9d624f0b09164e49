"""Tables: the shape of an experiment file, one frozen dataclass a table."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from circlesim.experiments.claims import FEEDBACK

PolicyTable = dict[str, dict[str, Any]]
"""One policy: its name, and a table of its fields."""

Count = Annotated[int, Field(ge=0, le=2**63 - 1)]
AtLeastOne = Annotated[int, Field(ge=1, le=36_500)]
AtLeastTwo = Annotated[int, Field(ge=2, le=1_000_000)]


def _expected(words: str) -> dict[str, str]:
    return {"expected": words}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionTable:
    """
    Replications until intervals are narrow enough.

    Parameters
    ----------
    min, batch, max : int
        Replications to begin with, to add at a time, and to end at.
    half_width : dict of str to float
        Measure to the half width of its interval that is narrow enough.
    """

    min: AtLeastTwo = field(default=20, metadata=_expected("a whole number, at least 2"))
    batch: AtLeastOne = field(default=10, metadata=_expected("a whole number, at least 1"))
    max: AtLeastTwo = field(default=200, metadata=_expected("a whole number, at least 2"))
    half_width: dict[str, Annotated[float, Field(gt=0)]] = field(
        metadata=_expected("a table of measures, such as {satisfaction_top2 = 0.005}")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WorldTable:
    """
    A demo world at a stated size.

    Parameters
    ----------
    name : str
        Demo name, or a path to a world folder.
    residents : int, optional
        Number of residents; only of a demo world.
    circles : tuple of str
        Kinds of the circles of the demo world ``city``, one each; see `circlesim show circles`.
    """

    name: str = field(metadata=_expected("a demo world, or a path to a world folder"))
    residents: Annotated[int, Field(ge=100, le=10_000_000)] | None = field(
        default=None, metadata=_expected("a whole number of people, at least 100")
    )
    circles: tuple[str, ...] = field(
        default=(), metadata=_expected('a list of kinds of circles, such as ["old_estate", "new_estate"]')
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTable:
    """
    A survey of some adults.

    Parameters
    ----------
    sample : int
        Adults asked.
    strata, weights : str
        See `SurveyDesign`.
    response_tilt : float
        How much more readily the satisfied answer, in logits.
    """

    sample: AtLeastTwo = field(metadata=_expected("a whole number of people, at least 2"))
    strata: str = field(default="none", metadata=_expected('"none" or "age_band"'))
    weights: str = field(default="none", metadata=_expected('"none" or "post_stratified"'))
    response_tilt: float = field(default=0.0, metadata=_expected("a number"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorialTable:
    """
    A factorial design.

    Parameters
    ----------
    of : tuple of str
        Names of scenarios; their combinations are scenarios too.
    fraction : str
        ``"full"`` or ``"half"``; see `Factorial`.
    """

    of: tuple[str, ...] = field(metadata=_expected("a list of names of scenarios"))
    fraction: str = field(default="full", metadata=_expected('"full" or "half"'))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioTable:
    """
    One scenario.

    Parameters
    ----------
    policies : tuple, default: ()
        In the order they apply: tables of one policy each, or names of scenarios or ``[policies]`` entries.
    baseline : str, optional
        Scenario it is compared with; that of the file where missing.
    surface : str, optional
        What lies on the streets all along; what the season brings where missing, or dry streets with seasons off.
    """

    policies: tuple[str | PolicyTable, ...] = field(
        default=(), metadata=_expected("a list of policies such as {keep_cash = {}}, or of names in quotes")
    )
    baseline: str | None = field(default=None, metadata=_expected("the name of a scenario, in quotes"))
    surface: str | None = field(default=None, metadata=_expected("dry, snow, ice or heat, in quotes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SideTable:
    """
    One side of a claim.

    Parameters
    ----------
    scenario : str
        Where the measure is read.
    over : str
        Scenario it is counted from; the value itself where missing.
    by, group : str
        Dimension and group; all residents where missing.
    """

    scenario: str = field(metadata=_expected("the name of a scenario, in quotes"))
    over: str = field(default="", metadata=_expected("the name of a scenario, in quotes"))
    by: str = field(default="", metadata=_expected("a dimension of `by`, in quotes"))
    group: str = field(default="", metadata=_expected("a group of that dimension, in quotes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTable:
    """
    What the experiment is expected to find, written down before it is run: one side lies above the other.

    Parameters
    ----------
    says, says_zh : str
        The claim in words, and in Chinese.
    measure : str
        One of `measures`.
    higher, lower : SideTable, optional
        The two sides; a missing one is zero.
    source : str
        Where the claim comes from.
    """

    says: str = field(metadata=_expected("a sentence in quotes"))
    measure: str = field(metadata=_expected("one of the measures of the file, in quotes"))
    higher: SideTable | None = field(
        default=None, metadata=_expected('a table such as {scenario = "four shops", over = "as is"}')
    )
    lower: SideTable | None = field(
        default=None, metadata=_expected('a table such as {scenario = "four shops", over = "as is"}')
    )
    says_zh: str = field(default="", metadata=_expected("a sentence in quotes"))
    source: str = field(default="", metadata=_expected("text in quotes"))


@dataclass(frozen=True, slots=True, kw_only=True)
class LawTable(ClaimTable):
    """
    What must hold in every replication where one choice cannot change the next; `higher` may equal `lower`.

    Parameters
    ----------
    says, says_zh, measure, higher, lower, source
        See `ClaimTable`.
    off : tuple of str
        Mechanisms switched off for it: queues, memory, purses and the clock where missing.
    """

    off: tuple[str, ...] = field(
        default=FEEDBACK, metadata=_expected('a list of mechanisms, such as ["memory", "budget", "clock"]')
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExperimentTable:
    """
    A whole experiment file.

    Parameters
    ----------
    world : str or WorldTable
        Demo name or path to a world folder (a path contains / or . and a name never does).
    scenarios : dict of str to ScenarioTable
        At least one.
    question : str
        What the experiment asks.
    parameters : str or dict
        ``"default"``, a path to a parameter file, or ``{base = "default", b_walk = 0.2}`` and more values.
    start : date
        First day.
    days : int
        Number of days from `start`.
    warmup_days : int
        Days before `start` under the baseline.
    replications : int or PrecisionTable
        Repetitions under other luck; at least two, for an interval.
    assumptions : int
        Draws over all parameters of grade C and D, the same luck under each.
    measure_from : date, optional
        Page sums run from here; the latest `starts` in the file where missing.
    seed : int
        Root of all luck.
    measures : tuple of str, optional
        Measures to report; the primary ones where missing.
    by : tuple of str
        Dimensions of subgroups.
    baseline : str, optional
        Scenario the others are compared with; the first in the file where missing.
    policies : dict of str to PolicyTable
        Policies that scenarios name.
    formats : str, optional
        Path to a file of further formats, which come on top of those of the world.
    mechanisms : dict of str to bool
        Named switches of the law.
    standard : str, optional
        Standard that circles are graded by, or a path to a file of one; its measures are measured besides.
    survey : SurveyTable, optional
        A sample of adults that is asked besides.
    factorial : FactorialTable, optional
        Scenarios that are run in all their combinations, or half of them.
    expectations : tuple of ClaimTable
        What the experiment is expected to find, and may refute.
    laws : tuple of LawTable
        What must hold without feedback; ``circlesim check FILE --laws`` tries them.
    """

    question: str = field(default="", metadata=_expected("text in quotes"))
    world: str | WorldTable = field(
        metadata=_expected('a demo world such as "old_town", a path, or {name = "old_town", residents = 2000}')
    )
    parameters: str | dict[str, str | float] = field(
        default="default",
        metadata=_expected('"default", a path to a CSV file, or {base = "default", b_walk = 0.2}'),
    )
    start: date = field(default=date(2024, 3, 4), metadata=_expected("a date without quotes, such as 2024-03-04"))
    days: AtLeastOne = field(default=28, metadata=_expected("a whole number of days, at least 1"))
    warmup_days: Annotated[int, Field(ge=0, le=3650)] = field(
        default=7, metadata=_expected("a whole number of days, at least 0")
    )
    replications: AtLeastTwo | PrecisionTable = field(
        default=20, metadata=_expected("a whole number, at least 2 (an interval needs two)")
    )
    assumptions: Annotated[int, Field(ge=0, le=100_000)] = field(
        default=0, metadata=_expected("a whole number of draws, at least 0")
    )
    measure_from: date | None = field(
        default=None, metadata=_expected("a date without quotes, such as 2024-03-11")
    )
    seed: Count = field(default=0, metadata=_expected("a whole number, at least 0"))
    measures: tuple[str, ...] | None = field(
        default=None, metadata=_expected('a list of measures, such as ["satisfaction_top2", "spend"]')
    )
    by: tuple[str, ...] = field(default=(), metadata=_expected('a list of dimensions, such as ["age_band"]'))
    baseline: str | None = field(default=None, metadata=_expected("the name of a scenario, in quotes"))
    scenarios: Annotated[dict[str, ScenarioTable], Field(min_length=1)] = field(
        metadata=_expected('at least one table such as [scenarios."as is"]')
    )
    policies: dict[str, PolicyTable] = field(
        default_factory=dict,
        metadata=_expected('tables such as [policies."late evenings"], each naming one policy'),
    )
    formats: str | None = field(
        default=None, metadata=_expected('a path to a CSV file of formats in quotes, such as "my_formats.csv"')
    )
    mechanisms: dict[str, bool] = field(
        default_factory=dict, metadata=_expected("a table of switches, each true or false")
    )
    standard: str | None = field(
        default=None, metadata=_expected('the name of a standard in quotes, such as "demo-grades", or a path')
    )
    survey: SurveyTable | None = field(
        default=None, metadata=_expected('a table such as {sample = 1200, weights = "post_stratified"}')
    )
    factorial: FactorialTable | None = field(
        default=None, metadata=_expected('a table such as {of = ["more breakfast", "longer hours"]}')
    )
    expectations: tuple[ClaimTable, ...] = field(
        default=(), metadata=_expected("tables such as [[expectations]] with says, measure, higher and lower")
    )
    laws: tuple[LawTable, ...] = field(
        default=(), metadata=_expected("tables such as [[laws]] with says, measure, higher and lower")
    )
