"""Survey chapter: what a sample of adults would have told, beside what all adults would."""

from __future__ import annotations

from typing import Any

import pandas as pd

from circlesim.reporting.material import Material
from circlesim.reporting.page import Chapter
from circlesim.reporting.quantities import number
from circlesim.reporting.records import records
from circlesim.reporting.tables import Table, heads


def survey_chapter(material: Material) -> Chapter | None:
    """
    Set the survey of the first replication beside the census.

    Parameters
    ----------
    material : Material
        The run.

    Returns
    -------
    Chapter or None
        None where no survey was asked for.
    """
    survey = material.run.table("survey.csv")
    if not len(survey):
        return None
    words, asked = material.vocabulary.words, material.run.manifest.get("survey", {})
    how = words(
        "survey.intro", asked=number(float(survey["asked"].iloc[0])),
        strata=words(f"survey.strata.{asked.get('strata', 'none')}"),
        weights=words(f"survey.weights.{asked.get('weights', 'none')}"),
    )  # fmt: skip
    tilt = float(asked.get("response_tilt", 0.0))
    tilted = words("survey.tilt", tilt=number(tilt, 2, signed=True)) if tilt else words("survey.no_tilt")
    return Chapter(
        key="survey", title=words("survey"), paragraphs=(how, tilted), tables=(survey_table(survey, material),)
    )


def survey_table(survey: pd.DataFrame, material: Material) -> Table:
    """
    Write the survey out.

    Parameters
    ----------
    survey : DataFrame
        Contents of ``survey.csv``.
    material : Material
        The run.

    Returns
    -------
    Table
        One row a scenario and measure: the first replication, and in how many the interval holds the census.
    """
    vocabulary = material.vocabulary
    held = survey.assign(holds=(survey["ci_low"] <= survey["census"]) & (survey["census"] <= survey["ci_high"]))
    share = held.groupby(["scenario", "measure"])["holds"].agg(["sum", "count"])
    first = survey[survey["replication"] == survey["replication"].min()]
    rows = tuple(
        (str(row["scenario"]), vocabulary.measure(str(row["measure"])), *_cells(row, material),
         vocabulary.words("survey.of", some=int(share["sum"][row["scenario"], row["measure"]]),
                          all=int(share["count"][row["scenario"], row["measure"]])))
        for row in records(first)
    )  # fmt: skip
    names = ("respondents", "estimate", "interval", "census", "design_effect", "sample_needed", "holds")
    head = (*heads(vocabulary, "scenario", "measure"), *(vocabulary.words(f"survey.{name}") for name in names))
    return Table(vocabulary.words("survey.caption"), head, rows, 2)


def _cells(row: dict[str, Any], material: Material) -> tuple[str, ...]:
    quantity = material.vocabulary.quantity(str(row["unit"]))
    low, high = (quantity.bare_level(float(row[end])) for end in ("ci_low", "ci_high"))
    needed = float(row["sample_needed"])
    return (
        number(float(row["respondents"])), quantity.short_level(float(row["estimate"])),
        material.vocabulary.words("range", low=low, high=high), quantity.short_level(float(row["census"])),
        number(float(row["design_effect"]), 2),
        material.vocabulary.words("survey.none") if needed == float("inf") else number(needed),
    )  # fmt: skip
