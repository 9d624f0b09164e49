"""Parts: a policy at work in some circles of a city, and nowhere else."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Faults, PolicyError, did_you_mean
from circlesim.policies.policy import Policy
from circlesim.policies.reviewing import ReviewingPolicy
from circlesim.world.facilities import Facilities, concatenate_facilities
from circlesim.world.world import World


def in_force(policy: Policy, world: World, *, possible: bool = False) -> World:
    """
    Apply a policy where it holds.

    Parameters
    ----------
    policy : Policy
        For all circles where it names none.
    world : World
        Left untouched.
    possible : bool, default: False
        Of a policy that reviews, apply all it may ever do.

    Returns
    -------
    World
        Outlets of other circles stand as they did; new outlets follow the old ones.
    """
    apply = policy.possible if possible and isinstance(policy, ReviewingPolicy) else policy.apply
    if not policy.circles:
        return apply(world)
    rows = np.flatnonzero(np.isin(world.facilities.circle, policy.circles))
    changed = apply(part_of(world, policy)).facilities
    if np.array_equal(changed.id64[: len(rows)], world.facilities.id64[rows]):
        return replace(world, facilities=_with_rows(world.facilities, rows, changed))
    raise PolicyError(f"{policy.name} takes outlets away or puts them in another order; it cannot name circles")


def resolved_in(policy: Policy, world: World) -> Policy:
    """
    Fix the choices of where of a policy among the homes and outlets of its circles.

    Parameters
    ----------
    policy : Policy
        As written.
    world : World
        The world on the day it starts.

    Returns
    -------
    Policy
        See `Policy.resolve`.
    """
    return policy.resolve(part_of(world, policy) if policy.circles else world)


def part_of(world: World, policy: Policy) -> World:
    """
    Cut a world down to the circles a policy names; streets stay whole.

    Parameters
    ----------
    world : World
        All circles.
    policy : Policy
        With `circles`.

    Returns
    -------
    World
        Residents and outlets of these circles.

    Raises
    ------
    PolicyError
        If the world has no such circle, or the policy moves gates, which have names instead.
    """
    known = sorted({*world.population.circle.tolist(), *world.facilities.circle.tolist()})
    faults = Faults(f"{policy.name} does not fit world '{world.name}'", PolicyError)
    for place, circle in enumerate(policy.circles):
        if circle not in known:
            faults.add("no such circle", f"{policy.name}.circles.{place}", found=circle,
                       expected="one of " + ", ".join(map(str, known)),
                       hint=did_you_mean(str(circle), [str(each) for each in known]))  # fmt: skip
    if any(name.startswith("streets.") for name in policy.changes):
        faults.add("gates are named, and not by circle", f"{policy.name}.circles", found=policy.circles,
                   expected="gates = [...]")  # fmt: skip
    faults.raise_if_any()
    residents = np.isin(world.population.circle, policy.circles)
    outlets = np.isin(world.facilities.circle, policy.circles)
    return replace(
        world,
        population=world.population.take(residents),
        facilities=world.facilities.take(outlets),
        observed=world.observed and world.observed.of(residents),
    )


def _with_rows(table: Facilities, rows: NDArray[np.intp], changed: Facilities) -> Facilities:
    """A table with some rows as they are now, and what is new below it."""
    columns = {}
    for each in fields(Facilities):
        old, new = getattr(table, each.name), getattr(changed, each.name)[: len(rows)]
        columns[each.name] = old.astype(np.result_type(old, new)) if old.dtype.kind == "U" else old.copy()
        columns[each.name][rows] = new
    whole = Facilities(**columns)
    more = changed.take(np.arange(len(rows), len(changed)))
    return concatenate_facilities(whole, more) if len(more) else whole
