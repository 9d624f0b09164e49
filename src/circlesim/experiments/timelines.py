"""Timelines: the facilities of a scenario, span by span."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from circlesim.experiments.roster import Timeline
from circlesim.experiments.scenario import Scenario
from circlesim.policies.policy import Policy
from circlesim.world.world import World


def resolved_policies(scenario: Scenario) -> tuple[Policy, ...]:
    """
    Fix every choice of where, each in the scenario that makes it.

    A stacked scenario brings its policies with the sites they have there; a policy of one's own is resolved in
    the world of its first day, under everything listed before it.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    tuple of Policy
        In force in this order.
    """
    done: list[Policy] = []
    for policy in scenario.policies:
        if isinstance(policy, Scenario):
            done.extend(resolved_policies(policy))
        else:
            first = max(policy.starts or scenario.start, scenario.start)
            done.append(policy.resolve(world_on(scenario.world, done, first)))
    return tuple(done)


def world_on(world: World, policies: Sequence[Policy], day: date) -> World:
    """
    Fold the policies in force on a day over the baseline.

    Parameters
    ----------
    world : World
        The baseline.
    policies : sequence of Policy
        Resolved, in listed order.
    day : date
        The day.

    Returns
    -------
    World
        The world of that day.
    """
    for policy in policies:
        if policy.active_on(day):
            world = policy.apply(world)
    return world


def timeline(scenario: Scenario, policies: Sequence[Policy]) -> Timeline:
    """
    List the spans of a scenario over which its facts stand still.

    Parameters
    ----------
    scenario : Scenario
        For the world and the days.
    policies : sequence of Policy
        As `resolved_policies` gives them.

    Returns
    -------
    Timeline
        From day 0 on; a new span wherever a policy starts or has ended.
    """
    days = {0}
    for policy in policies:
        moves = [policy.starts, policy.ends + timedelta(days=1) if policy.ends else None]
        days.update((move - scenario.start).days for move in moves if move is not None)
    inside = sorted(day for day in days if 0 <= day < scenario.days)
    start = scenario.start
    return [(day, world_on(scenario.world, policies, start + timedelta(days=day)).facilities) for day in inside]


def days_in_force(policy: Policy, scenario: Scenario) -> int:
    """
    Count the days of a scenario on which a policy is in force.

    Parameters
    ----------
    policy : Policy
        The policy.
    scenario : Scenario
        For the days.

    Returns
    -------
    int
        Days.
    """
    return sum(policy.active_on(scenario.start + timedelta(days=day)) for day in range(scenario.days))
