"""ReviewingPolicy: a policy that looks at what happened on set days, and then acts."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar

from circlesim.policies.policy import Policy
from circlesim.policies.rules import at_least, rule
from circlesim.world.facilities import Facilities
from circlesim.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewingPolicy(Policy):
    """
    A policy with review dates.

    On each of them the runner calls `apply` on the world as it was observed (`World.as_observed`), in every
    replication for itself, and what is then new stands from `delay_days` later on. So that reach and roster can be
    laid out before any luck is drawn, the policy says beforehand what it might do (`possible`).

    Parameters
    ----------
    every_days : int, default: 91
        Days from one review to the next; the first is held this long after `starts`, so that there is something
        to see. 91 is a quarter.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`. No review is held after `ends`, and what was opened closes then. The cost stated is that of
        watching; what is opened costs besides.

    Attributes
    ----------
    watches : tuple of str
        Barriers it watches for: needs that were unmet, or pushed out of the circle, with one of them as the first.
    """

    watches: ClassVar[tuple[str, ...]] = ()

    every_days: int = field(default=91, metadata=rule(at_least(1)))

    def reviews(self, start: date, days: int) -> tuple[int, ...]:
        """
        List the days of review.

        Parameters
        ----------
        start : date
            Day 0.
        days : int
            Length of the horizon.

        Returns
        -------
        tuple of int
            Days since `start`; before anybody is up.
        """
        first = 0 if self.starts is None else (self.starts - start).days
        last = days - 1 if self.ends is None else min(days - 1, (self.ends - start).days)
        return tuple(day for day in range(first + self.every_days, last + 1, self.every_days) if day > 0)

    @property
    @abstractmethod
    def serves(self) -> tuple[str, ...]:
        """Services of what it may open: needs for others are not watched."""

    @abstractmethod
    def possible(self, world: World) -> World:
        """
        Apply all that the policy may ever do.

        Parameters
        ----------
        world : World
            Left untouched.

        Returns
        -------
        World
            With every outlet it may open.
        """

    @abstractmethod
    def cost_of(self, outlets: Facilities, currency: str) -> tuple[float, float]:
        """
        Say what outlets it opens cost the public.

        Parameters
        ----------
        outlets : Facilities
            Some of those it may open.
        currency : str
            Of the world.

        Returns
        -------
        tuple of float
            Once, and a month of running, in the major unit.
        """


def reviewing(policies: tuple[Policy, ...]) -> tuple[ReviewingPolicy, ...]:
    """
    Pick the policies with review dates.

    Parameters
    ----------
    policies : tuple of Policy
        Of a scenario.

    Returns
    -------
    tuple of ReviewingPolicy
        In listed order.
    """
    return tuple(each for each in policies if isinstance(each, ReviewingPolicy))
