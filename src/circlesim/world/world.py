"""World: streets, population and facilities at one moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.catalog.format_set import Formats
from circlesim.world.facilities import Facilities
from circlesim.world.observation import Observation
from circlesim.world.population import Population
from circlesim.world.streets import Streets


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """
    A neighbourhood at one moment: what is there and what is permitted.

    Parameters
    ----------
    name : str
        Name of the world.
    streets : Streets
        The walkable network; homes and facilities stand on its nodes.
    population : Population
        The residents.
    facilities : Facilities
        The outlets.
    crs : str, default: "local"
        Projected frame of `x_m`, `y_m`.
    currency : str, default: "yuan"
        Name of the major unit; prices inside are its hundredths.
    synthetic : bool, default: True
        False where streets and outlets were observed.
    title : dict of str to str, default: empty
        Title by language (``"en"``, ``"zh"``); a report prints it.
    sources : tuple of str, default: ()
        Where the facts come from.
    licences : tuple of str, default: ()
        Licence notices a report must print.
    population_seed : int or None, default: None
        Root seed the residents were synthesised with, so that other parameters can be carried into them; None
        where they were observed.
    supply_counted : bool, default: False
        Whether the outlets of a real place were counted on the street, so that few outlets are few and no gap in
        a map.
    observed : Observation or None, default: None
        What was seen of it, where a review looks at it; see `as_observed`.
    """

    name: str
    streets: Streets
    population: Population
    facilities: Facilities
    crs: str = "local"
    currency: str = "yuan"
    synthetic: bool = True
    title: dict[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    population_seed: int | None = None
    supply_counted: bool = False
    observed: Observation | None = None

    @property
    def formats(self) -> Formats:
        """Formats an outlet of this world may have."""
        return self.facilities.formats

    def as_observed(self, trading: NDArray[np.bool_], seen: Observation) -> World:
        """
        Return the world as a review finds it: the outlets that trade, and what residents lacked.

        This is the only door from what happened in a simulation back to a policy.

        Parameters
        ----------
        trading : ndarray of bool, shape (F,)
            Outlets that trade on the day of the review.
        seen : Observation
            Of the residents of this world.

        Returns
        -------
        World
            Without the outlets that do not trade.
        """
        outlets = self.facilities.take(trading)
        return replace(self, facilities=outlets, observed=replace(seen, standing=outlets.facility))
