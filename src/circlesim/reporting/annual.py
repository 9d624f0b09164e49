"""Annual return: what section five (3) of the plan asks to be reported each year, as far as a run knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from circlesim.errors import Fault, RunError, did_you_mean
from circlesim.experiments.outcomes import Outcomes, read_outcomes
from circlesim.reporting.assessment_words import GIVEN, grade_name
from circlesim.reporting.vocabulary import Vocabulary

if TYPE_CHECKING:
    import pandas as pd

COMMUNITIES, FIRMS = 2, 5
"""Most showcase communities and leading firms that a pilot city reports (plan, section five (3))."""

SOURCE = "商务部等13部门《全面推进城市一刻钟便民生活圈建设三年行动计划（2023—2025）》五（三）"
"""What asks for the return: grading results, showcase communities and leading firms, by the end of November."""

PARTS: tuple[str, ...] = ("grading", "communities", "firms", "figures", "not_simulated")

COLUMNS: tuple[str, ...] = ("part", "part_zh", "item", "item_zh", "rank", "value", "unit", "note", "note_zh")
"""Columns of ``annual.csv``."""

FIGURES: tuple[str, ...] = (
    "satisfaction_top2", "satisfaction_top1", "satisfaction_index", "met_inside_share", "unmet_share", "spend",
    "jobs", "jobs_needed", "outlets_trading", "public_cost",
)  # fmt: skip
"""Measures told where the run has them, each as the mean over replications."""

NOT_SIMULATED: tuple[str, ...] = ("investment", "firms_founded", "activities", "training", "digital_platform")
"""What bulletins of the programme also count, and the simulation does not know."""


def annual_return(folder: Path, scenario: str | None = None) -> pd.DataFrame:
    """
    Fill in the annual return for one scenario of a finished run.

    Parameters
    ----------
    folder : Path
        Run folder.
    scenario : str, optional
        Name; the last scenario where missing.

    Returns
    -------
    DataFrame
        `COLUMNS`: results of grading, at most two showcase communities, at most five outlets that stand in for
        leading firms, figures of the programme, and what the simulation does not know.

    Raises
    ------
    RunError
        If there is no finished run, or no such scenario.
    """
    import pandas as pd

    outcomes = read_outcomes(folder)
    names = list(dict.fromkeys(outcomes.outcomes["scenario"]))
    chosen = names[-1] if scenario is None else scenario
    if chosen not in names:
        fault = Fault(what="no such scenario", where="scenario", found=repr(chosen), expected=", ".join(names),
                      hint=did_you_mean(chosen, names))  # fmt: skip
        raise RunError(f"{folder} has no such scenario", [fault])
    return pd.DataFrame([*_Return(outcomes, chosen).rows()], columns=list(COLUMNS))


class _Return:
    """The rows of one scenario, in both languages."""

    def __init__(self, outcomes: Outcomes, scenario: str) -> None:
        self.outcomes, self.scenario = outcomes, scenario
        self.en, self.zh = (Vocabulary.of_run(lang, outcomes.manifest) for lang in ("en", "zh"))
        frame = outcomes.outcomes
        self.frame = frame[(frame["scenario"] == scenario) & (frame["assumption"] == 0)]

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All parts in order."""
        yield from self._grading()
        yield from self._communities()
        yield from self._firms()
        yield from self._figures()
        for item in NOT_SIMULATED:
            yield self._row("not_simulated", f"annual.{item}", note="annual.left_blank")

    def _row(
        self, part: str, item: str, value: object = "", unit: str = "", rank: object = "", note: str = "",
        **blanks: object,
    ) -> tuple[Any, ...]:  # fmt: skip
        en, zh = self.en.words, self.zh.words
        named = [words(item, **blanks) if item.startswith("annual.") else item for words in (en, zh)]
        notes = [words(note, **blanks) if note else "" for words in (en, zh)]
        return (en(f"annual.{part}"), zh(f"annual.{part}"), *named, rank, value, unit, *notes)

    def _cards(self) -> pd.DataFrame:
        """One row a circle that was graded."""
        import pandas as pd

        empty = pd.DataFrame({"scenario": [], "kind": [], "item": []})
        table = self.outcomes.tables.get("scorecard", empty)
        told = (table["kind"] == "grade") & (table["item"] == "grade")
        return table[told & (table["scenario"] == self.scenario)]

    def _grading(self) -> Iterator[tuple[Any, ...]]:
        """How many circles have which grade, under which standard; and each circle's own."""
        cards = self._cards()
        if not len(cards):
            yield self._row("grading", "annual.no_standard", note="annual.name_a_standard")
            return
        standard = f"{cards['standard'].iloc[0]} ({cards['status'].iloc[0]})"
        for grade, count in cards["result"].astype(str).value_counts().sort_index().items():
            yield self._row("grading", "annual.graded", int(count), "circles", note="annual.under",
                            grade=self._grade(str(grade)), standard=standard)  # fmt: skip
        for circle, grade in zip(cards["circle"], cards["result"].astype(str), strict=True):
            yield self._row("grading", "annual.circle", self._grade(grade), "grade", note="annual.under",
                            circle=circle, standard=standard)  # fmt: skip

    def _grade(self, grade: str) -> str:
        named = (grade_name(vocabulary.words, grade) for vocabulary in (self.en, self.zh))
        return " / ".join(named) if grade in GIVEN else grade

    def _communities(self) -> Iterator[tuple[Any, ...]]:
        """Circles by grade, then by the share of satisfied residents, then by needs met inside."""
        ranked = self._ranked()
        for rank, (circle, value) in enumerate(ranked[:COMMUNITIES], start=1):
            yield self._row("communities", "annual.circle", value, "satisfaction_top2", rank, "annual.by_rank",
                            circle=circle, of=len(ranked))  # fmt: skip

    def _ranked(self) -> list[tuple[str, float]]:
        """Circle and its share of satisfied residents, the best first."""
        cells = self.frame[self.frame["by"] == "circle"]
        if not len(cells):
            return [("0", self._mean("satisfaction_top2"))]
        keys = ["satisfaction_top2", "met_inside_share"]
        table = cells.groupby(["group", "measure"])["value"].mean().unstack().reindex(columns=keys)
        cards = self._cards()
        grades = (
            dict(zip(cards["circle"].astype(str), cards["result"].astype(str), strict=True)) if len(cards) else {}
        )
        table["grade"] = [GIVEN.index(grades[c]) if grades.get(c) in GIVEN else -1 for c in map(str, table.index)]
        table = table.sort_values(["grade", *keys], ascending=False, kind="stable", na_position="last")
        return [(str(circle), float(value)) for circle, value in table["satisfaction_top2"].items()]

    def _firms(self) -> Iterator[tuple[Any, ...]]:
        """Outlets with most custom; the simulation knows outlets and chains, no firms."""
        table = self.outcomes.tables["facilities"]
        mine = table[(table["scenario"] == self.scenario) & (table["present"] == 1)].nlargest(FIRMS, "revenue")
        days = float(self.outcomes.manifest["days_measured"])
        unit = f"{self.outcomes.manifest['world']['currency']} a day"
        columns = (mine["facility"].astype(str), mine["format"].astype(str), mine["revenue"].astype(float))
        for rank, (outlet, kind, money) in enumerate(zip(*columns, strict=True), start=1):
            name = f"{outlet} ({self.en.format(kind)} / {self.zh.format(kind)})"
            yield self._row("firms", name, money / days, unit, rank, "annual.outlets_not_firms")

    def _figures(self) -> Iterator[tuple[Any, ...]]:
        """Residents, days, and the measures of the run."""
        manifest = self.outcomes.manifest
        yield self._row("figures", "annual.residents", manifest["world"]["residents"], "residents")
        yield self._row("figures", "annual.days", manifest["days_measured"], "days", note="annual.short",
                        start=manifest["measure_from"])  # fmt: skip
        for measure in FIGURES:
            rows = self.frame[(self.frame["measure"] == measure) & (self.frame["by"] == "")]
            if len(rows):
                row = list(self._row("figures", measure, self._mean(measure), str(rows["unit"].iloc[0])))
                row[2], row[3] = self.en.measure(measure), self.zh.measure(measure)
                yield tuple(row)

    def _mean(self, measure: str) -> float:
        rows = self.frame[(self.frame["measure"] == measure) & (self.frame["by"] == "")]
        return float(rows["value"].mean()) if len(rows) else float("nan")


def write_annual(folder: Path, scenario: str | None = None) -> tuple[Path, Path]:
    """
    Write the annual return of a run as ``annual.csv`` and ``annual.xlsx`` in its folder.

    Parameters
    ----------
    folder : Path
        Run folder.
    scenario : str, optional
        See `annual_return`.

    Returns
    -------
    tuple of Path
        The two files.

    Raises
    ------
    RunError
        See `annual_return`.
    """
    from circlesim.reporting.export.layer import Sheet
    from circlesim.reporting.export.spreadsheet import write_csv, write_workbook

    table = annual_return(folder, scenario)
    files = folder / "annual.csv", folder / "annual.xlsx"
    write_csv(table, files[0])
    write_workbook([Sheet(name="annual", title="年度报送 annual return", table=table)], files[1])
    return files
