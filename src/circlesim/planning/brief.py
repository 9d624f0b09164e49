"""Brief: what a plan is asked to do, and with how much money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from math import isfinite

from circlesim.catalog.format_set import CATALOGUE, Formats
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.experiments.asked import Asked
from circlesim.measures import measure_named
from circlesim.measures.measure import HIGHER
from circlesim.planning.instance import OBJECTIVES, P_MEDIAN
from circlesim.planning.project import PAYERS, PUBLIC
from circlesim.planning.purse import SPLITS, TOGETHER
from circlesim.planning.solvers import EXACT, SOLVERS

GAIN = "satisfaction_index"


@dataclass(frozen=True, slots=True)
class Brief:
    """
    What a plan is asked to do.

    Parameters
    ----------
    budget_yuan : float
        What it may cost, in the world's currency.
    months : float, default: 12.0
        Months of running that the budget bears (an assumption, grade D: a year's budget).
    gain : str, default: "satisfaction_index"
        Measure that projects are ranked by; more of it must be better.
    services : int, default: 6
        How many of the most lacking services get formats proposed.
    formats : sequence of str, default: ()
        Formats to propose; chosen by what is lacking where empty.
    sites : int, default: 3
        Outlets of one format that are sited together; sites of one, two … outlets are all proposed.
    nodes : sequence of int, default: ()
        Node ids of candidate sites; where a resident lives or an outlet stands where empty.
    objective : {"p_median", "covering", "capacitated"}, default: "p_median"
        What sites are chosen by; see `planning.instance.Instance`.
    solver : {"exact", "greedy", "random"}, default: "exact"
        How; ``exact`` gives way to ``greedy`` where there are too many pairs of homes and sites.
    pays : {"public", "all"}, default: "public"
        Whose months the budget bears: of outlets that sell nothing, or of all.
    split : {"together", "equal", "population"}, default: "together"
        How the circles of a city share the budget: wherever it gains most, in equal parts, or by their residents.
    floor_yuan : float, default: 0.0
        Set aside for each circle where the budget is spent together.
    known : Formats, default: CATALOGUE
        Formats of the world that is planned for.
    """

    budget_yuan: float
    _: KW_ONLY
    months: float = 12.0
    gain: str = GAIN
    services: int = 6
    formats: Sequence[str] = ()
    sites: int = 3
    nodes: Sequence[int] = ()
    objective: str = P_MEDIAN
    solver: str = EXACT
    pays: str = PUBLIC
    split: str = TOGETHER
    floor_yuan: float = 0.0
    known: Formats = CATALOGUE

    def __post_init__(self) -> None:
        for name in ("formats", "nodes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        faults = Faults("this plan cannot be made", ConfigError)
        for name, value in (("budget_yuan", self.budget_yuan), ("months", self.months)):
            if not (isfinite(value) and value > 0):
                faults.add("not a number above 0", name, found=value, expected="such as 300000")
        if not (isfinite(self.floor_yuan) and self.floor_yuan >= 0):
            faults.add("not a number from 0", "floor_yuan", found=self.floor_yuan, expected="such as 50000")
        if self.floor_yuan and self.split != TOGETHER:
            faults.add("has no effect with this split", "floor_yuan", found=self.floor_yuan,
                       expected="split = 'together'")  # fmt: skip
        for name, count in (("services", self.services), ("sites", self.sites)):
            if count < 1:
                faults.add("too small", name, found=count, expected="1 or more")
        for name, word, known in (
            ("objective", self.objective, OBJECTIVES),
            ("solver", self.solver, SOLVERS),
            ("pays", self.pays, PAYERS),
            ("split", self.split, SPLITS),
        ):
            if word not in known:
                faults.add("unknown", name, found=word, expected=", ".join(known), hint=did_you_mean(word, known))
        for word in self.formats:
            if word not in self.known:
                faults.add("unknown format", "formats", found=word, expected="see: circlesim show formats",
                           hint=did_you_mean(word, self.known.ids))  # fmt: skip
        self._check_gain(faults)
        faults.raise_if_any()

    def _check_gain(self, faults: Faults) -> None:
        with faults.collecting():
            if measure_named(self.gain, self.known).direction != HIGHER:
                faults.add("more of this is not better", "gain", found=self.gain,
                           expected="such as satisfaction_index, met_inside_share or welfare_min")  # fmt: skip


def check_fit(brief: Brief, asked: Asked) -> None:
    """
    Refuse an experiment that no plan can be made from.

    Parameters
    ----------
    brief : Brief
        What is asked.
    asked : Asked
        The experiment.

    Raises
    ------
    ConfigError
        If a node does not exist, or there are too few replications to tell a gain from luck.
    """
    faults = Faults("this plan cannot be made", ConfigError)
    known = set(asked.world.streets.node.tolist())
    for node in brief.nodes:
        if node not in known:
            faults.add("no such node", "nodes", found=node, expected="a node id of the world's nodes.csv")
    if isinstance(asked.replications, int) and asked.replications < 2:
        faults.add("luck cannot be told from gain", "replications", found=asked.replications, expected="2 or more")
    faults.raise_if_any()
