"""Satisfaction: what adults answer about every service on the last day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circlesim.measures.grouping import Grouping
from circlesim.measures.measure import STATE_AT_END, Measure, Values, ratio
from circlesim.measures.reading import Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction(Measure):
    """
    Mean score of the answers, every service weighing the same.

    Each adult answers on each service, used or not, so the mean over the answers of a group gives services
    equal weights.

    Parameters
    ----------
    scores : tuple of float
        Score of each answer, lowest level first.
    """

    scores: tuple[float, float, float, float]
    kind: str = STATE_AT_END
    needs: tuple[str, ...] = ("survey",)

    def value(self, reading: Reading, grouping: Grouping) -> Values | None:
        """See `Measure.value`."""
        if grouping.by == "format":
            return None
        if grouping.by == "service":
            return self._by_service(reading)
        score, answers = reading.answers @ np.array(self.scores), reading.answers.sum(axis=1)
        people = grouping.count(answers > 0)
        return Values(value=ratio(grouping.add(score), grouping.add(answers)), n=people)

    def _by_service(self, reading: Reading) -> Values:
        """Figures by service, over all adults."""
        answers = reading.answers_by_service.sum(axis=1)
        score = reading.answers_by_service @ np.array(self.scores)
        return Values(value=ratio(score, answers), n=answers.astype(np.int64))
