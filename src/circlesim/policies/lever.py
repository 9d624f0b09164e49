"""OutletLever: what policies share that change facts of outlets chosen by format or by id."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from circlesim.draws import POLICY, hash_id, uniforms
from circlesim.errors import Faults, PolicyError, did_you_mean
from circlesim.policies.policy import Policy
from circlesim.policies.rules import known_formats, rule
from circlesim.policies.selection import of_formats
from circlesim.world.facilities import Facilities
from circlesim.world.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletLever(Policy):
    """
    Change facts of outlets that stand, chosen by format, by id, or by both.

    Parameters
    ----------
    formats : tuple of str, default: ()
        Formats it holds for; all where empty.
    facilities : tuple of str, default: ()
        Ids of the outlets it holds for; all of the formats where empty.
    starts, ends, capital_yuan, running_yuan_per_month, circles, delay_days, shared_cost, resolved_from
        See `Policy`.
    """

    name: ClassVar[str] = ""

    formats: tuple[str, ...] = field(default=(), metadata=rule(known_formats))
    facilities: tuple[str, ...] = ()

    def resolve(self, world: World) -> Self:
        """
        Check that every outlet named stands in the world.

        Parameters
        ----------
        world : World
            The world on the day the policy starts.

        Returns
        -------
        OutletLever
            Itself.

        Raises
        ------
        PolicyError
            Listing every id without an outlet.
        """
        known = world.facilities.facility.tolist()
        faults = Faults(f"{self.name} does not fit world '{world.name}'", PolicyError)
        for place, each in enumerate(self.facilities):
            if each not in known:
                faults.add("no such outlet", f"{self.name}.facilities.{place}", found=repr(each),
                           expected="an id of the world's facilities.csv",
                           hint=did_you_mean(each, known))  # fmt: skip
        faults.raise_if_any()
        return self

    def apply(self, world: World) -> World:
        """See `Policy.apply`."""
        rows = of_formats(world, self.formats)
        if self.facilities:
            rows = rows & np.isin(world.facilities.facility, self.facilities)
        facts: dict[str, Any] = self.facts(world, rows)
        return replace(world, facilities=replace(world.facilities, **facts))

    @abstractmethod
    def facts(self, world: World, rows: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """
        Give the columns as they are under the policy.

        Parameters
        ----------
        world : World
            Left untouched.
        rows : ndarray of bool, shape (F,)
            Outlets concerned.

        Returns
        -------
        dict of str to ndarray
            Column of `Facilities` to values, shape (F,).
        """


def raised(old: NDArray[Any], to: float | None, rows: NDArray[np.bool_]) -> NDArray[Any]:
    """
    Raise values to a mark, where they lie below it.

    Parameters
    ----------
    old : ndarray, shape (F,)
        A column of outlets.
    to : float or None
        The mark; nothing is raised where None.
    rows : ndarray of bool, shape (F,)
        Outlets concerned.

    Returns
    -------
    ndarray, shape (F,)
        Of the same type; never below `old`.
    """
    if to is None:
        return old
    higher: NDArray[Any] = np.where(rows, np.maximum(old, to), old).astype(old.dtype)
    return higher


def lowered(old: NDArray[Any], to: float | NDArray[Any] | None, rows: NDArray[np.bool_]) -> NDArray[Any]:
    """
    Lower values to a mark, where they lie above it.

    Parameters
    ----------
    old : ndarray, shape (F,)
        A column of outlets.
    to : float, ndarray of shape (F,), or None
        The mark; nothing is lowered where None.
    rows : ndarray of bool, shape (F,)
        Outlets concerned.

    Returns
    -------
    ndarray, shape (F,)
        Of the same type; never above `old`.
    """
    if to is None:
        return old
    lower: NDArray[Any] = np.where(rows, np.minimum(old, to), old).astype(old.dtype)
    return lower


def drawn(outlets: Facilities, policy: str, seed: int, share: float) -> NDArray[np.bool_]:
    """
    Draw a share of the outlets, each by a keyed draw of its own.

    Parameters
    ----------
    outlets : Facilities
        The outlets.
    policy : str
        Name of the policy, which has draws of its own.
    seed : int
        The policy's own seed.
    share : float
        Share expected, in 0..1; who is drawn at 10 % also is at 30 %.

    Returns
    -------
    ndarray of bool, shape (F,)
        True where drawn.
    """
    return np.asarray(uniforms(seed, POLICY, hash_id(policy), outlets.id64) < share)


def usual(outlets: Facilities, column: str) -> NDArray[np.float64]:
    """
    Look up what is usual in a format, for each outlet.

    Parameters
    ----------
    outlets : Facilities
        The outlets.
    column : str
        A number of `FormatRow`.

    Returns
    -------
    ndarray of float64, shape (F,)
        That of the outlet's format.
    """
    values: NDArray[np.float64] = np.array([float(getattr(row, column)) for row in outlets.formats])
    return values[outlets.format]
