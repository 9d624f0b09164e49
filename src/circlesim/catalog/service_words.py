"""Service words: the plan's eight words for good service, the figures that measure them, and their weights."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from circlesim.catalog.table import read_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    One figure that measures a word.

    Parameters
    ----------
    word, figure : str
        Ids.
    unit : str
        Unit of the value.
    worst, best : float
        Values that score 0 and 1; linear between and flat beyond.
    en, zh : str
        Definition.
    source, grade : str
        Of the definition, and of the scale.
    """

    word: str
    figure: str
    unit: str
    worst: float
    best: float
    en: str
    zh: str
    source: str
    grade: str

    def score(self, value: float) -> float:
        """
        Score a value.

        Parameters
        ----------
        value : float
            In the unit of the figure.

        Returns
        -------
        float
            0 to 1; nan stays nan.
        """
        share = (value - self.worst) / (self.best - self.worst)
        return share if share != share else min(max(share, 0.0), 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """
    One of the eight words.

    Parameters
    ----------
    word : str
        Id.
    zh, en : str
        As the plan has it, and in English.
    weight : float
        Weight in the overall score.
    source, grade : str
        Of the weight.
    """

    word: str
    zh: str
    en: str
    weight: float
    source: str
    grade: str


@cache
def service_figures() -> tuple[Figure, ...]:
    """
    Read the figures.

    Returns
    -------
    tuple of Figure
        Word by word.
    """
    return tuple(
        Figure(**{**row, "worst": float(row["worst"]), "best": float(row["best"])})  # type: ignore[arg-type]
        for row in read_table("service_quality.csv")
    )


@cache
def service_words() -> tuple[Word, ...]:
    """
    Read the words with their weights.

    Returns
    -------
    tuple of Word
        Eight.
    """
    return tuple(
        Word(**{**row, "weight": float(row["weight"])})  # type: ignore[arg-type]
        for row in read_table("service_words.csv")
    )
