"""Outcomes: everything a run found, as tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.errors import ConfigError, Fault, Faults, RunError, did_you_mean
from circlesim.experiments.adjusting import (
    ADJUSTMENTS,
    BOOTSTRAP_T,
    HOLM,
    INTERVALS,
    MAX_T,
    T,
    with_bootstrap_t,
    with_holm,
)
from circlesim.experiments.best import best_table
from circlesim.experiments.comparison import compare
from circlesim.experiments.equivalence import equivalence_table
from circlesim.experiments.paired import skewed
from circlesim.experiments.store import flush, write_json, write_text
from circlesim.experiments.unit_file import making_path
from circlesim.experiments.worth import (
    WILLINGNESS,
    acceptability_table,
    cost_table,
    with_capital_spread,
)
from circlesim.measures import measure_named
from circlesim.measures.measure import HIGHER, NEITHER

if TYPE_CHECKING:
    import pandas as pd

CSV_TABLES: tuple[str, ...] = (
    "comparison", "unmet", "pushed_out", "switching", "facilities", "hourly", "cells", "balance", "map/edges",
    "map/facilities", "operators", "survey", "displacement", "operators_by_format", "expectations",
    "interactions",
    "winners", "economy", "reviews", "cost_effectiveness", "acceptability", "scorecard", "have_lack",
    "service_quality",
)  # fmt: skip
"""Files of a run folder besides the outcomes and the manifest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """
    The results of an experiment.

    Parameters
    ----------
    outcomes : DataFrame
        Tall table: scenario, assumption, replication, measure, unit, by, group, days, n, value.
    tables : dict of str to DataFrame
        The other tables by file name without suffix.
    manifest : dict
        What was run; see `experiments.manifest`.
    grades : dict of str to str
        Measure to evidence grade.
    """

    outcomes: pd.DataFrame
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    grades: Mapping[str, str]

    def frame(self) -> pd.DataFrame:
        """
        Return every value of every unit.

        Returns
        -------
        DataFrame
            A copy of the tall table.
        """
        return self.outcomes.copy()

    def compare(
        self,
        measure: str | None = None,
        by: str | Sequence[str] | None = None,
        *,
        adjust: str = MAX_T,
        interval: str = T,
    ) -> pd.DataFrame:
        """
        Compare each scenario with its baseline.

        Parameters
        ----------
        measure : str, optional
            One measure; all where missing. Intervals hold at once over all measures either way.
        by : str or sequence of str, optional
            Dimensions; all residents where missing.
        adjust : {"max_t", "holm"}, default: "max_t"
            How p-values are adjusted for the number of scenarios and measures.
        interval : {"t", "bootstrap_t"}, default: "t"
            What intervals are made of; those by the bootstrap are single, each holds by itself.

        Returns
        -------
        DataFrame
            Columns of ``comparison.csv``: paired differences, interval over luck, range over assumptions.

        Raises
        ------
        ConfigError
            If the run holds no such measure or dimension.
        """
        dimensions = [""] if by is None else [by] if isinstance(by, str) else list(by)
        self._known("measure", [] if measure is None else [measure])
        self._known("by", dimensions)
        _one_of("adjust", adjust, ADJUSTMENTS)
        _one_of("interval", interval, INTERVALS)
        table = compare(self.outcomes, self.baselines, self.grades, dimensions)
        table = with_holm(table) if adjust == HOLM else table
        if interval == BOOTSTRAP_T:
            table = with_bootstrap_t(table, self.outcomes, self.baselines)
        return table if measure is None else table[table["measure"] == measure].reset_index(drop=True)

    def _known(self, column: str, words: Sequence[str]) -> None:
        known = list(dict.fromkeys(self.outcomes[column]))
        faults = [Fault(what="the run holds no such figures", where=column, found=word,
                        expected=", ".join(known), hint=did_you_mean(word, known))
                  for word in words if word not in known]  # fmt: skip
        if faults:
            raise ConfigError("these outcomes cannot be compared as asked", faults)

    @property
    def baselines(self) -> dict[str, str]:
        """Scenario to the scenario it is compared with."""
        return dict(self.manifest["baselines"])

    def not_beaten(self, measure: str, *, higher: bool | None = None, level: float = 0.95) -> pd.DataFrame:
        """
        Tell which scenarios are not beaten in a measure, and how surely each is the best.

        Parameters
        ----------
        measure : str
            What is compared.
        higher : bool, optional
            Whether more is better; the direction of the measure where missing.
        level : float, default: 0.95
            Of the simultaneous intervals.

        Returns
        -------
        DataFrame
            `best.COLUMNS`.

        Raises
        ------
        ConfigError
            If the run has no such measure, or the measure no direction and none is given.
        """
        self._known("measure", [measure])
        return best_table(self.outcomes, measure, higher=_is_higher(measure, higher), level=level)

    def equivalence(self, measure: str, smallest: float) -> pd.DataFrame:
        """
        Tell which effects are too small to matter, which matter, and which are not known well enough.

        Parameters
        ----------
        measure : str
            What is compared.
        smallest : float
            Smallest effect of interest, above 0, in the unit of the measure.

        Returns
        -------
        DataFrame
            `equivalence.COLUMNS`.

        Raises
        ------
        ConfigError
            If the run has no such measure, or the smallest effect is not above 0.
        """
        self._known("measure", [measure])
        if not 0 < smallest < float("inf"):
            fault = Fault(what="the smallest effect of interest is above 0", where="smallest", found=str(smallest))
            raise ConfigError("equivalence cannot be told", [fault])
        return equivalence_table(self.outcomes, measure, self.baselines, smallest)

    def skewed(self) -> pd.DataFrame:
        """
        List the differences so skewed that their t intervals are not to be leant on.

        Returns
        -------
        DataFrame
            Columns measure, scenario, pairs, skewness.
        """
        return skewed(self.outcomes, self.baselines)

    def unmet(self) -> pd.DataFrame:
        """
        Return unmet needs by first barrier.

        Returns
        -------
        DataFrame
            Columns of ``unmet.csv``.
        """
        return self.tables["unmet"].copy()

    def pushed_out(self) -> pd.DataFrame:
        """
        Return needs met at home or outside for want of an alternative inside, by first barrier.

        Returns
        -------
        DataFrame
            Columns of ``pushed_out.csv``.
        """
        return self.tables["pushed_out"].copy()

    def switching(self) -> pd.DataFrame:
        """
        Return how the same needs end in each scenario and its baseline.

        Returns
        -------
        DataFrame
            Columns of ``switching.csv``.
        """
        return self.tables["switching"].copy()

    def facilities(self) -> pd.DataFrame:
        """
        Return visits, revenue, utilisation and waits of the outlets of each scenario.

        Returns
        -------
        DataFrame
            Columns of ``facilities.csv``.
        """
        return self.tables["facilities"].copy()

    def hourly(self) -> pd.DataFrame:
        """
        Return needs, visits and unmet needs by hour.

        Returns
        -------
        DataFrame
            Columns of ``hourly.csv``.
        """
        return self.tables["hourly"].copy()

    def cells(self) -> pd.DataFrame:
        """
        Return satisfaction on a grid of homes.

        Returns
        -------
        DataFrame
            Columns of ``cells.csv``.
        """
        return self.tables["cells"].copy()

    def balance(self) -> pd.DataFrame:
        """
        Return the balance sheet of the baseline.

        Returns
        -------
        DataFrame
            Columns of ``balance.csv``.
        """
        return self.tables["balance"].copy()

    def winners_and_losers(self) -> pd.DataFrame:
        """
        Return who is better off and who is worse off: the same residents under scenario and baseline.

        Returns
        -------
        DataFrame
            Columns of ``winners.csv``.
        """
        return self.tables["winners"].copy()

    def cost_effectiveness(
        self, effect: str = "satisfied_adults", *, capital_months: float | None = None
    ) -> pd.DataFrame:
        """
        Set what each scenario costs beside what it gives.

        Parameters
        ----------
        effect : str, default: "satisfied_adults"
            What is counted as gained; one of `economy.EFFECTS`.
        capital_months : float, optional
            Months that what the capital buys will last; without it the days of the run bear all of it.

        Returns
        -------
        DataFrame
            Columns of ``cost_effectiveness.csv``.

        Raises
        ------
        ConfigError
            If there is no such effect, or the months are not above 0.
        """
        economy = self._economy(effect, capital_months)
        return cost_table(economy, self.tables["switching"], self.baselines, [effect])

    def interactions(self) -> pd.DataFrame:
        """
        Return main effects, interactions, and packages less their parts.

        Returns
        -------
        DataFrame
            Columns of ``interactions.csv``.

        Raises
        ------
        ConfigError
            If the experiment has no factorial design.
        """
        if "interactions" not in self.tables:
            fault = Fault(what="the experiment has no factorial design", where="factorial",
                          expected='[factorial] of = ["a", "b"] in the file, or factorial= in Python')  # fmt: skip
            raise ConfigError("there are no interactions to tell", [fault])
        return self.tables["interactions"].copy()

    def acceptability(
        self,
        effect: str = "satisfied_adults",
        willingness: Sequence[float] | None = None,
        *,
        capital_months: float | None = None,
    ) -> pd.DataFrame:
        """
        Say which scenario is best at which price of what is gained, how surely, and what knowing would be worth.

        Parameters
        ----------
        effect : str, default: "satisfied_adults"
            What is counted as gained; one of `economy.EFFECTS`.
        willingness : sequence of float, optional
            What one more unit is worth, in the world's currency; the grid `worth.WILLINGNESS` where missing.
        capital_months : float, optional
            As in `cost_effectiveness`.

        Returns
        -------
        DataFrame
            Columns of ``acceptability.csv``.

        Raises
        ------
        ConfigError
            If there is no such effect, the months are not above 0, or a willingness is below 0.
        """
        economy = self._economy(effect, capital_months)
        prices = WILLINGNESS[effect] if willingness is None else willingness
        below = [price for price in prices if not 0 <= price < float("inf")]
        if below:
            fault = Fault(what="a willingness to pay is a number from 0", where="willingness", found=str(below[0]))
            raise ConfigError("acceptability cannot be told", [fault])
        return acceptability_table(economy, self.baselines, {effect: prices})

    def _economy(self, effect: str, capital_months: float | None) -> pd.DataFrame:
        """Contents of ``economy.csv`` as asked for."""
        faults = Faults("cost cannot be set beside effect", ConfigError)
        if effect not in WILLINGNESS:
            faults.add("unknown effect", "effect", found=effect, expected=", ".join(WILLINGNESS),
                       hint=did_you_mean(effect, WILLINGNESS))  # fmt: skip
        if capital_months is not None and not capital_months > 0:
            faults.add("capital lasts for a number of months", "capital_months", found=str(capital_months),
                       expected="above 0")  # fmt: skip
        faults.raise_if_any()
        return with_capital_spread(self.tables["economy"], int(self.manifest["days"]), capital_months)

    def write(self, folder: Path, resolved: str = "") -> None:
        """
        Write the run folder; the manifest last.

        Parameters
        ----------
        folder : Path
            The run folder.
        resolved : str, default: ""
            Text of ``experiment.toml``.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "manifest.json").unlink(missing_ok=True)  # killed from here on, the folder is an unfinished run
        for name, table in self.tables.items():
            write_text(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
        making = making_path(folder / "outcomes.parquet")
        self.outcomes.to_parquet(making, index=False)
        flush(making)
        making.replace(folder / "outcomes.parquet")
        if resolved:
            write_text(folder / "experiment.toml", resolved)
        write_json(folder / "manifest.json", {**self.manifest, "grades": dict(self.grades)})


def _one_of(where: str, found: str, known: Sequence[str]) -> None:
    if found not in known:
        fault = Fault(what="no such way to compare", where=where, found=found, expected=", ".join(known),
                      hint=did_you_mean(found, known))  # fmt: skip
        raise ConfigError("these outcomes cannot be compared as asked", [fault])


def _is_higher(measure: str, higher: bool | None) -> bool:
    """Whether more of a measure is better."""
    direction = measure_named(measure).direction
    if higher is None and direction == NEITHER:
        fault = Fault(what="of this measure neither more nor less is better", where="measure", found=measure,
                      expected="higher=True or higher=False")  # fmt: skip
        raise ConfigError("no scenario can be called the best", [fault])
    return direction == HIGHER if higher is None else higher


def read_outcomes(folder: str | Path) -> Outcomes:
    """
    Read a run folder.

    Parameters
    ----------
    folder : str or Path
        What ``circlesim run --out`` or `Experiment.run` wrote.

    Returns
    -------
    Outcomes
        The results.

    Raises
    ------
    RunError
        If the folder holds no finished run.
    """
    import pandas as pd

    path = Path(folder)
    needed = ("manifest.json", "outcomes.parquet")
    faults = [Fault(what="the file is missing", where=str(path / name),
                    expected="a run folder written by `circlesim run FILE --out DIR`")
              for name in needed if not (path / name).is_file()]  # fmt: skip
    if faults:
        raise RunError(f"{path} holds no finished run", faults)
    body = json.loads((path / "manifest.json").read_text("utf-8"))
    grades = body.pop("grades", {})
    present = {name: path / f"{name}.csv" for name in CSV_TABLES if (path / f"{name}.csv").is_file()}
    tables = {
        name: pd.read_csv(file, keep_default_na=False, na_values=[""], dtype=_TEXT)
        for name, file in present.items()
    }
    for table in tables.values():
        words = [column for column in _TEXT if column in table]
        table[words] = table[words].fillna("")
    frame = pd.read_parquet(path / "outcomes.parquet")
    return Outcomes(outcomes=frame, tables=tables, manifest=body, grades=grades)


_TEXT = dict.fromkeys(
    ("scenario", "baseline", "measure", "by", "group", "unit", "service", "barrier", "from_fate", "from_format",
     "to_fate", "to_format", "facility", "name", "format", "quantity", "bin", "source", "grade", "built_to",
     "part", "month", "within", "evidence_grade", "says", "says_zh", "higher", "lower", "verdict", "uncosted",
     "effect", "over", "finding", "standing", "beside", "standard", "status", "kind", "level", "item", "result",
     "reason", "word", "figure", "open_on", "policy", "gate", "alias"),
    str,
)  # fmt: skip
