"""Circle: what the three instruments found in one circle, before any grade."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circlesim.assessment.duties import DutyState
from circlesim.assessment.place import Place
from circlesim.assessment.satisfaction import Answers
from circlesim.assessment.service_quality import ServiceQuality
from circlesim.catalog.standards import Standard


@dataclass(frozen=True, kw_only=True)
class Circle:
    """
    One circle of one scenario.

    Parameters
    ----------
    number : int
        Number of the circle.
    residents, households, outlets : int
        Who lives there, and what stands there.
    states : tuple of DutyState
        Have or lack.
    quality : ServiceQuality
        Good or bad.
    answers : Answers or None
        Satisfied or not; None where nothing was run.
    chain_share : float
        Share of outlets that belong to a chain; nan without outlets.
    area_m2_per_100_households : float
        Floor area of the formats the standard counts; nan without households.
    """

    number: int
    residents: int
    households: int
    outlets: int
    states: tuple[DutyState, ...]
    quality: ServiceQuality
    answers: Answers | None
    chain_share: float
    area_m2_per_100_households: float


def circle_of(
    place: Place,
    standard: Standard,
    number: int,
    states: tuple[DutyState, ...],
    quality: ServiceQuality,
    answers: Answers | None,
) -> Circle:
    """
    Put one circle together.

    Parameters
    ----------
    place : Place
        The last day.
    standard : Standard
        For the formats whose area counts.
    number : int
        Number of the circle.
    states : tuple of DutyState
        Have or lack.
    quality : ServiceQuality
        Good or bad.
    answers : Answers or None
        Satisfied or not.

    Returns
    -------
    Circle
        The circle.
    """
    lives = place.population.circle == number
    households = len(np.unique(place.population.household[lives]))
    here = place.present & (place.facilities.circle == number)
    counted = here & place.stands(standard.area_formats)
    area = float(place.facilities.area_m2[counted].sum())
    return Circle(
        number=number, residents=int(lives.sum()), households=households, outlets=int(here.sum()), states=states,
        quality=quality, answers=answers,
        chain_share=float(place.facilities.chain[here].mean()) if here.any() else float("nan"),
        area_m2_per_100_households=100.0 * area / households if households else float("nan"),
    )  # fmt: skip
