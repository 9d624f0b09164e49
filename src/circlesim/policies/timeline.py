"""Timeline: the world on a day is the fold of the policies in force, in listed order, over the baseline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from circlesim.errors import Fault, Faults, PolicyError
from circlesim.policies.parts import in_force, resolved_in
from circlesim.policies.policy import Policy
from circlesim.world.world import World


def world_on(world: World, policies: Sequence[Policy], day: date, *, possible: bool = False) -> World:
    """
    Return the world of a day.

    Parameters
    ----------
    world : World
        The baseline.
    policies : sequence of Policy
        In listed order; resolved, so that sites do not move when others start or end.
    day : date
        The day.
    possible : bool, default: False
        With all that policies that review may ever open; none of it otherwise.

    Returns
    -------
    World
        The baseline itself where no policy is in force.
    """
    for policy in policies:
        if policy.active_on(day):
            world = in_force(policy, world, possible=possible)
    return world


def change_dates(policies: Sequence[Policy], start: date, days: int) -> tuple[date, ...]:
    """
    List the days from which other facts hold.

    Parameters
    ----------
    policies : sequence of Policy
        In any order.
    start : date
        First day of the horizon.
    days : int
        Length of the horizon.

    Returns
    -------
    tuple of date
        Rising; the first is `start`; further ones where a policy starts, or the day after one ends.
    """
    dates = {start}
    for policy in policies:
        if policy.begins is not None:
            dates.add(policy.begins)
        if policy.ends is not None and policy.ends < date.max:
            dates.add(policy.ends + timedelta(days=1))
    return tuple(sorted(day for day in dates if 0 <= (day - start).days < days))


def resolve_all(world: World, policies: Sequence[Policy], start: date) -> tuple[Policy, ...]:
    """
    Fix every choice of where: each policy in the world of its own first day.

    That world holds the policies listed earlier that are in force on that day. A policy that stands in the list
    again, for other days, comes back to the sites it had.

    Parameters
    ----------
    world : World
        The baseline.
    policies : sequence of Policy
        In listed order; those of another scenario already resolved there.
    start : date
        First day of the horizon, on which undated policies start.

    Returns
    -------
    tuple of Policy
        In the same order.

    Raises
    ------
    PolicyError
        If a policy stacks itself, or does not fit the world.
    """
    raise_if_stacked_twice(policies)
    done: list[Policy] = []
    sited: dict[str, Policy] = {}
    for policy in policies:
        before = sited.get(policy.content_digest)
        if before is None:
            resolved = resolved_in(policy, world_on(world, done, policy.begins or start))
        else:
            resolved = before.dated(policy)
        sited.setdefault(policy.content_digest, resolved)
        done.append(resolved)
    return tuple(done)


def raise_if_stacked_twice(policies: Sequence[Policy]) -> None:
    """
    Refuse a policy that is in force twice at once.

    Parameters
    ----------
    policies : sequence of Policy
        All policies of one scenario.

    Raises
    ------
    PolicyError
        Naming each that stacks itself.
    """
    faults = Faults("the policies of a scenario cannot be stacked", PolicyError)
    faults.extend(_stacked_twice(policies))
    faults.raise_if_any()


def _stacked_twice(policies: Sequence[Policy]) -> Iterator[Fault]:
    for (i, first), (j, second) in combinations(enumerate(policies), 2):
        if first.content_digest == second.content_digest and _meet(first, second):
            yield Fault(what=f"{second.name} stacks itself", where=f"policies.{j}",
                        found=f"the same policy as policies.{i}",
                        expected="each policy once, or at times that do not meet")  # fmt: skip


def _meet(first: Policy, second: Policy) -> bool:
    """Say whether two policies are ever in force on one day."""
    starts = max(first.begins or date.min, second.begins or date.min)
    return starts <= min(first.ends or date.max, second.ends or date.max)


def raise_if_outside(policies: Sequence[Policy], start: date, days: int) -> None:
    """
    Refuse a policy that is never in force within the horizon.

    Parameters
    ----------
    policies : sequence of Policy
        All policies of one scenario.
    start : date
        First day of the horizon.
    days : int
        Length of the horizon.

    Raises
    ------
    PolicyError
        Naming each policy dated outside.
    """
    last = start + timedelta(days=days - 1)
    faults = Faults("the policies of a scenario do not fit its days", PolicyError)
    for place, policy in enumerate(policies):
        late = policy.begins is not None and policy.begins > last
        early = policy.ends is not None and policy.ends < start
        if late or early:
            faults.add(f"{policy.name} is never in force", f"policies.{place}.{'starts' if late else 'ends'}",
                       found=policy.begins if late else policy.ends, expected=f"{start} to {last}")  # fmt: skip
    faults.raise_if_any()
