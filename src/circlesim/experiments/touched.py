"""Touched: how many outlets and gates a policy changes, so that what moves nothing is not read as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from circlesim.engine.mechanisms import RESTS_ON, Mechanisms
from circlesim.experiments.scenario import Scenario
from circlesim.policies.parts import in_force
from circlesim.policies.policy import Policy
from circlesim.policies.timeline import world_on
from circlesim.world.facilities import Facilities


def outlets_touched(scenario: Scenario, policies: Sequence[Policy]) -> list[int]:
    """
    Count the outlets each policy of a scenario adds, may add or changes on its first day, and the gates it moves.

    Parameters
    ----------
    scenario : Scenario
        For the world and the days.
    policies : sequence of Policy
        Resolved, in listed order.

    Returns
    -------
    list of int
        One number a policy; 0 where it changes nothing in this world.
    """
    counts = []
    for position, policy in enumerate(policies):
        day = max(policy.begins or scenario.start, scenario.start)
        before = world_on(scenario.world, policies[:position], day)
        after = in_force(policy, before, possible=True)
        moved = int((before.streets.locked != after.streets.locked).sum())
        counts.append(_changed(before.facilities, after.facilities) + moved)
    return counts


def idle_policies(
    scenario: Scenario, policies: Sequence[Policy], mechanisms: Mechanisms | None = None
) -> Iterator[str]:
    """
    Name the policies of a scenario that change no outlet, or what no mechanism looks at.

    Parameters
    ----------
    scenario : Scenario
        For the world and the days.
    policies : sequence of Policy
        Resolved, in listed order.
    mechanisms : Mechanisms, optional
        What is switched on; the default where left out.

    Yields
    ------
    str
        A sentence for whoever asked for it.
    """
    for policy, count in zip(policies, outlets_touched(scenario, policies), strict=True):
        if count == 0:
            yield idle_note(scenario.name, policy.name)
        elif missing := missing_mechanism(policy, mechanisms or Mechanisms()):
            yield unseen_note(scenario.name, policy.name, missing)


def missing_mechanism(policy: Policy, mechanisms: Mechanisms) -> str:
    """
    Name the mechanism that a policy needs and that is off.

    Parameters
    ----------
    policy : Policy
        The policy.
    mechanisms : Mechanisms
        What is switched on.

    Returns
    -------
    str
        Empty where nothing is missing.
    """
    needed = (policy.needs, RESTS_ON.get(policy.needs, "")) if policy.needs else ()
    return next((name for name in needed if name and not getattr(mechanisms, name)), "")


def unseen_note(scenario: str, policy: str, mechanism: str) -> str:
    """
    Say that nothing looks at what a policy changes.

    Parameters
    ----------
    scenario, policy, mechanism : str
        Their names.

    Returns
    -------
    str
        A sentence for whoever asked for it.
    """
    return (
        f"note: '{scenario}': {policy} works only with the mechanism {mechanism}, which is off "
        f"(--set mechanisms.{mechanism}=true); its differences of zero are no finding"
    )


def idle_note(scenario: str, policy: str) -> str:
    """
    Say that a policy changes nothing.

    Parameters
    ----------
    scenario, policy : str
        Their names.

    Returns
    -------
    str
        A sentence for whoever asked for it.
    """
    return (
        f"note: '{scenario}': {policy} changes no outlet and no gate of this world; "
        "its differences of zero are no finding"
    )


def changed_rows(before: Facilities, after: Facilities) -> NDArray[np.bool_]:
    """
    Find the outlets of which two tables do not say the same.

    Parameters
    ----------
    before, after : Facilities
        Tables of equal length, the same outlet in the same row.

    Returns
    -------
    ndarray of bool, shape (F,)
        True where any column differs.
    """
    rows = len(before)
    differ = np.zeros(rows, dtype=bool)
    for each in fields(Facilities):
        old, new = getattr(before, each.name), getattr(after, each.name)
        same = (old == new) | ((old != old) & (new != new))
        differ |= ~same.reshape(rows, -1).all(axis=1) if rows else differ
    return differ


def _changed(before: Facilities, after: Facilities) -> int:
    """Outlets that are new, or differ in any column."""
    rows = len(before)
    kept = after.take(np.arange(rows))
    return int(changed_rows(before, kept).sum()) + len(after) - rows
