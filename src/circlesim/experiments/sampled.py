"""Sampled: satisfaction as a survey of some adults would find it, beside that of all adults."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.parameters import Parameters
from circlesim.measures.catalogue import measure_named
from circlesim.measures.estimating import Cells, Estimate, estimate, joined_cells, sample_needed
from circlesim.measures.reading import Reading, adults
from circlesim.measures.sampling import POST_STRATIFIED, SurveyDesign, answering, asked_of, stratum_of
from circlesim.measures.satisfaction import Satisfaction
from circlesim.world.groups import group_rows
from circlesim.world.population import Population

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = (
    "scenario", "replication", "measure", "unit", "asked", "respondents", "estimate", "standard_error", "ci_low",
    "ci_high", "census", "design_effect", "sample_needed",
)  # fmt: skip
"""Columns of ``survey.csv``."""

MEASURES: tuple[str, ...] = ("satisfaction_top1", "satisfaction_top2", "satisfaction_index")
POINTS = 3.0
"""Half-width the needed sample is told for: what published surveys of some 1,200 people reach."""


def survey_rows(
    design: SurveyDesign, scenario: str, replication: int, seed: int, parameters: Parameters, reading: Reading
) -> pd.DataFrame:
    """
    Take the survey of one scenario in one replication.

    Parameters
    ----------
    design : SurveyDesign
        Whom it asks and how it weighs.
    scenario : str
        Name.
    replication, seed : int
        What names the draws; the same adults are asked in every scenario.
    parameters : Parameters
        For response rates.
    reading : Reading
        What every adult would answer on the last day.

    Returns
    -------
    DataFrame
        `COLUMNS`, one row a measure.
    """
    import pandas as pd

    people = reading.population
    asked = asked_of(design, people, seed, replication)
    score = person_means(reading, _scores("satisfaction_index")) / 100.0
    rows = answering(design, people, asked, parameters, score, seed, replication)
    cells = _cells(design, people, rows)
    many = int(adults(people).sum())
    table = []
    for name in MEASURES:
        measure = measure_named(name)
        found = estimate(person_means(reading, _scores(name))[rows], cells)
        needed = sample_needed(found, _half_width(measure.unit), many, len(rows) / max(len(asked), 1))
        table.append((
            scenario, replication, name, measure.unit, len(asked), len(rows), *_figures(found),
            measure.overall(reading), found.design_effect, needed,
        ))  # fmt: skip
    return pd.DataFrame(table, columns=list(COLUMNS))


def person_means(reading: Reading, scores: tuple[float, ...]) -> NDArray[np.float64]:
    """
    Mean score of the answers of each resident.

    Parameters
    ----------
    reading : Reading
        For the answers; every adult answers on the same services.
    scores : tuple of float
        Score of each answer, lowest level first.

    Returns
    -------
    ndarray of float64, shape (R,)
        0 for who is not asked.
    """
    answers = reading.answers.sum(axis=1)
    return np.asarray(reading.answers @ np.array(scores) / np.maximum(answers, 1.0))


def _scores(name: str) -> tuple[float, ...]:
    measure = measure_named(name)
    assert isinstance(measure, Satisfaction)
    return measure.scores


def _cells(design: SurveyDesign, people: Population, rows: NDArray[np.int64]) -> Cells:
    """Strata of the sample, or the classes answers are weighted by."""
    frame = np.flatnonzero(adults(people))
    place = np.searchsorted(frame, rows)
    weighted = design.weights == POST_STRATIFIED
    if weighted:
        band, sex = group_rows(people, "age_band")[frame].astype(np.int64), people.sex[frame].astype(np.int64)
        cell = joined_cells(band, sex, place)
    else:
        cell = stratum_of(design, people)[frame]
    return Cells(of=cell[place], people=np.bincount(cell), weighted=weighted)


def _figures(found: Estimate) -> tuple[float, float, float, float]:
    return found.value, found.standard_error, *found.interval


def _half_width(unit: str) -> float:
    return POINTS / 100.0 if unit == "share" else POINTS
