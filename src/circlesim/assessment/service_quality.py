"""Service quality: good or bad along the plan's own eight words, each by named figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from circlesim.assessment.duties import DutyState
from circlesim.assessment.place import Claims, Place
from circlesim.catalog.service_words import service_figures, service_words
from circlesim.catalog.services import SERVICES
from circlesim.measures.catalogue import measure_named
from circlesim.measures.reading import bearers
from circlesim.world.facilities import PaymentMode

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: tuple[str, ...] = ("scenario", "circle", "word", "figure", "unit", "value", "score", "weight")
"""Columns of ``service_quality.csv``; a row without a figure is the score of the word."""

OVERALL = "overall"
NAN = float("nan")

RUN_MEASURES: tuple[str, ...] = ("delivered_share", "walk_min", "wait_min", "refused_share", "unmet_share")
"""Figures that only a run knows, by measure."""


@dataclass(frozen=True)
class ServiceQuality:
    """
    Scores of one circle.

    Parameters
    ----------
    values : dict of str to float
        By figure; nan where nobody measured it.
    """

    values: Mapping[str, float]

    def figure_score(self, figure: str) -> float:
        """
        Score one figure.

        Parameters
        ----------
        figure : str
            Id.

        Returns
        -------
        float
            From 0 to 1; nan where it has no value.
        """
        return next(each.score(self.values[figure]) for each in service_figures() if each.figure == figure)

    def word_score(self, word: str) -> float:
        """
        Score one word: the plain mean of its figures.

        Parameters
        ----------
        word : str
            Id.

        Returns
        -------
        float
            From 0 to 1; nan where one of its figures has no value.
        """
        own = [self.figure_score(each.figure) for each in service_figures() if each.word == word]
        return float(np.mean(own))

    @property
    def overall(self) -> float:
        """Mean of the words by their weights; nan where one of them cannot be scored."""
        weights = [word.weight for word in service_words()]
        return float(np.average([self.word_score(word.word) for word in service_words()], weights=weights))

    @property
    def missing(self) -> tuple[str, ...]:
        """Figures without a value."""
        return tuple(each.figure for each in service_figures() if np.isnan(self.values[each.figure]))


def service_quality(
    place: Place,
    circle: int,
    states: Sequence[DutyState],
    visits: np.ndarray | None,
    measured: Mapping[str, float],
) -> ServiceQuality:
    """
    Measure the eight words in one circle.

    Parameters
    ----------
    place : Place
        The last day.
    circle : int
        Number of the circle.
    states : sequence of DutyState
        The standard's duties in it.
    visits : ndarray of float64, shape (F,), or None
        Visits of each outlet; None where nothing was run.
    measured : mapping of str to float
        `RUN_MEASURES` of the circle, as far as the run has them.

    Returns
    -------
    ServiceQuality
        With nan for what only a run knows and this one does not.
    """
    outlets = place.facilities
    here = place.present & (outlets.circle == circle)
    within = np.array([state.within for state in states], dtype=float)
    residents = within.mean(axis=0)
    values = {
        "covered_share": float(residents.mean()) if residents.size else NAN,
        "worst_decile_share": _worst_decile(residents),
        "duties_present_share": float(np.mean([state.outlets > 0 for state in states])),
        "services_offered_share": _offered(place, here, circle),
        "quality_met": _mean_by(outlets.quality, visits, here),
        "smart_outlets_share": _smart(place, here),
        "nuisance_share": _nuisance(place, circle),
        **{name: float(measured.get(name, NAN)) for name in RUN_MEASURES},
    }
    return ServiceQuality(values)


def _worst_decile(residents: np.ndarray) -> float:
    """Mean of the tenth that has least, at least one resident."""
    tenth = max(1, int(np.ceil(len(residents) / 10 - 1e-9)))
    return float(np.sort(residents)[:tenth].mean()) if len(residents) else NAN


def _own(place: Place, circle: int) -> Place:
    """The place with the residents of one circle only."""
    people = place.population
    lives = people.circle == circle
    fields = {name: getattr(people, name)[lives] for name in people.__dataclass_fields__}
    return replace(place, population=type(people)(**fields))


def _offered(place: Place, here: Claims, circle: int) -> float:
    needed = bearers(_own(place, circle).population) > 0
    masks = int(np.bitwise_or.reduce(place.facilities.services[here])) if here.any() else 0
    offered = np.array([masks >> s & 1 for s in range(len(SERVICES))], bool)
    return float(offered[needed].mean()) if needed.any() else NAN


def _mean_by(values: np.ndarray, weights: np.ndarray | None, here: Claims) -> float:
    if weights is None or not weights[here].sum() > 0:
        return NAN
    return float(np.average(values[here], weights=weights[here]))


def _smart(place: Place, here: Claims) -> float:
    outlets = place.facilities
    online = outlets.payment_mode == PaymentMode.ONLINE_ONLY
    smart = (outlets.delivery == 1) | (outlets.self_service == 1) | online
    return float(smart[here].mean()) if here.any() else NAN


def _nuisance(place: Place, circle: int) -> float:
    return measure_named("nuisance_share").overall(_own(place, circle).reading())


def service_rows(quality: ServiceQuality, scenario: str, circle: int) -> pd.DataFrame:
    """
    Table the scores of one circle.

    Parameters
    ----------
    quality : ServiceQuality
        The scores.
    scenario : str
        Name.
    circle : int
        Number of the circle.

    Returns
    -------
    DataFrame
        `COLUMNS`: figures, then their word, then the whole.
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for word in service_words():
        for each in service_figures():
            if each.word == word.word:
                value = quality.values[each.figure]
                rows.append((word.word, each.figure, each.unit, value, each.score(value), NAN))
        rows.append((word.word, "", "score", NAN, quality.word_score(word.word), word.weight))
    rows.append((OVERALL, "", "score", NAN, quality.overall, NAN))
    return pd.DataFrame([(scenario, circle, *row) for row in rows], columns=list(COLUMNS))
