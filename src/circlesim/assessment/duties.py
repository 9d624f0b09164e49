"""Duties: what a circle has of a standard's list, level by level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circlesim.assessment.have_lack import outlets_in, share_within
from circlesim.assessment.place import Claims, Minutes, Place
from circlesim.catalog.standards import Duty, Standard

CLASS_MINUTES = {"basic": 10.0, "quality": 15.0}
"""Walks of the two classes in the plan, section 三(二); for layout where a standard states none."""


@dataclass(frozen=True)
class DutyState:
    """
    How one duty stands in one circle.

    Parameters
    ----------
    duty : Duty
        The duty.
    outlets : int
        Outlets of its formats that stand in the circle.
    walk_min : ndarray of float64, shape (n,)
        Walk of each resident of the circle to the nearest that opens on the last day, wherever it stands.
    """

    duty: Duty
    outlets: int
    walk_min: Minutes

    @property
    def share(self) -> float:
        """Share of residents within the duty's minutes; nan where it states none."""
        return float("nan") if self.duty.minutes is None else share_within(self.walk_min, self.duty.minutes)

    @property
    def within(self) -> Claims:
        """Residents within the duty's minutes, or those of its class where it states none."""
        minutes = self.duty.minutes or CLASS_MINUTES[self.duty.format_class]
        return np.asarray(self.walk_min <= minutes)

    def met(self, access_share: float | None) -> bool:
        """
        Tell whether the duty is met.

        Parameters
        ----------
        access_share : float or None
            Share of residents who must be within its minutes.

        Returns
        -------
        bool
            By presence in the circle where no share is asked for or no minutes are stated; else by the share.
        """
        if access_share is None or self.duty.minutes is None:
            return self.outlets > 0
        return self.share >= access_share - 1e-12


def duty_states(place: Place, standard: Standard, circle: int) -> tuple[DutyState, ...]:
    """
    Look at every duty in one circle.

    Parameters
    ----------
    place : Place
        The last day.
    standard : Standard
        For the duties.
    circle : int
        Number of the circle.

    Returns
    -------
    tuple of DutyState
        In the order of the standard; each level by itself.
    """
    lives = place.population.circle == circle
    return tuple(
        DutyState(duty, outlets_in(place, duty.formats, circle), place.nearest_min(duty.formats)[lives])
        for duty in standard.duties
    )
