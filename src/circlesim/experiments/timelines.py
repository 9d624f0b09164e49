"""Timelines: the worlds of a scenario, span by span."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from circlesim.experiments.scenario import Scenario
from circlesim.policies.policy import Policy
from circlesim.policies.timeline import change_dates, raise_if_outside, resolve_all, world_on
from circlesim.world.world import World


def resolved_policies(scenario: Scenario) -> tuple[Policy, ...]:
    """
    Fix every choice of where, each in the scenario that makes it.

    A stacked scenario brings its policies with the sites they have there.

    Parameters
    ----------
    scenario : Scenario
        The scenario.

    Returns
    -------
    tuple of Policy
        In force in this order.

    Raises
    ------
    PolicyError
        If a policy stacks itself, is never in force, or does not fit the world.
    """
    policies = tuple(_own_and_resolved(scenario))
    raise_if_outside(policies, scenario.start, scenario.days)
    return resolve_all(scenario.world, policies, scenario.start)


def _own_and_resolved(scenario: Scenario) -> Iterator[Policy]:
    """Own policies as written, those of stacked scenarios with their sites."""
    for policy in scenario.policies:
        if isinstance(policy, Scenario):
            yield from resolved_policies(policy)
        else:
            yield policy


def timeline(scenario: Scenario, policies: Sequence[Policy], *, possible: bool = False) -> list[tuple[int, World]]:
    """
    List the spans of a scenario over which its facts stand still.

    Parameters
    ----------
    scenario : Scenario
        For the world and the days.
    policies : sequence of Policy
        As `resolved_policies` gives them.
    possible : bool, default: False
        With all that policies that review may ever open.

    Returns
    -------
    list of (int, World)
        First day and world of each span, from day 0 on; a new one wherever a policy starts or has ended.
    """
    dates = change_dates(policies, scenario.start, scenario.days)
    return [
        ((day - scenario.start).days, world_on(scenario.world, policies, day, possible=possible)) for day in dates
    ]


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
