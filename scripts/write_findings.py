"""
Write what the shipped experiments found: `expected.csv`, and the tables between the marks of each README.

``python scripts/write_findings.py breakfast cash`` runs those at full scale (or goes on with their run folders
under ``outputs``), tries their laws, and writes both files; ``--draws 20`` adds the range over assumptions.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import pandas as pd

from circlesim.config.reading import read_experiment
from circlesim.experiments.laws import check_laws
from circlesim.experiments.outcomes import Outcomes
from circlesim.reporting.expectation_chapter import expectation_table
from circlesim.reporting.vocabulary import Vocabulary

ROOT = Path(__file__).parents[1]
BEGIN, END = "<!-- found: written by scripts/write_findings.py -->", "<!-- end -->"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", help="folders under experiments/")
    parser.add_argument("--draws", type=int, default=0, help="draws over assumptions")
    parser.add_argument("--out", type=Path, default=ROOT / "outputs", help="where run folders go")
    options = parser.parse_args()
    for name in options.names:
        write_findings(name, options.draws, options.out / name)


def write_findings(name: str, draws: int, out: Path) -> None:
    """
    Run one experiment at full scale and write what it found beside it.

    Parameters
    ----------
    name : str
        Folder under ``experiments``.
    draws : int
        Draws over assumptions.
    out : Path
        Run folder.
    """
    folder = ROOT / "experiments" / name
    asked = read_experiment(folder / "experiment.toml", [f"assumptions={draws}"])
    experiment = asked.experiment()
    outcomes = experiment.run(out, resolved=asked.toml(out))
    laws = check_laws(experiment) if experiment.laws else pd.DataFrame()
    table = outcomes.tables["expectations"]
    table.to_csv(folder / "expected.csv", index=False, lineterminator="\n")
    page = folder / "README.md"
    text = page.read_text(encoding="utf-8")
    head, tail = text.split(BEGIN)[0], text.split(END, 1)[1]
    page.write_text(f"{head}{BEGIN}\n{found(outcomes, table, laws)}\n{END}{tail}", encoding="utf-8")
    print(f"{name}: {', '.join(table['verdict'])}; laws: {', '.join(laws.get('verdict', []))}", flush=True)


def found(outcomes: Outcomes, table: pd.DataFrame, laws: pd.DataFrame) -> str:
    """
    Write the tables of a README.

    Parameters
    ----------
    outcomes : Outcomes
        The run.
    table, laws : DataFrame
        Expectations with verdicts, and laws.

    Returns
    -------
    str
        Markdown.
    """
    facts = outcomes.manifest
    draws = facts.get("assumptions", 0)
    luck = f"{facts['replications']} replications" + (f", {draws} draws over assumptions" if draws else "")
    town = f"{facts['world']['name']}, {facts['world']['residents']:,} residents, {luck}."
    lines = [f"{town} Luck is a 95 % interval, assumptions a 5–95 % range.", ""]
    shown = expectation_table(table, Vocabulary.of("en"))
    lines += [_row(shown.head), _row(["---"] * len(shown.head)), *(_row(row) for row in shown.rows)]
    if len(laws):
        tried = expectation_table(laws, Vocabulary.of("en"))
        lines += ["", "| law, feedback off | higher less lower | verdict |", "| --- | --- | --- |"]
        lines += [_row((row[0], row[2], row[-1])) for row in tried.rows]
    return "\n".join(lines)


def _row(cells: Any) -> str:
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    main()
