"""Costs: what each policy of a scenario costs, or that nobody said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCost:
    """
    What one policy of a scenario costs.

    Parameters
    ----------
    policy : str
        Its name in experiment files.
    capital, running_month : float or None
        Once, and a month; None where not given.
    outlets : int or None
        Outlets it adds or changes; None where the run does not say.
    facts : str
        Everything else about the policy, to tell two of one name apart.
    """

    policy: str
    capital: float | None
    running_month: float | None
    outlets: int | None = None
    facts: str = ""


def policy_costs(manifest: Mapping[str, Any], scenario: str) -> list[PolicyCost]:
    """
    List the policies of a scenario with their costs.

    Parameters
    ----------
    manifest : mapping
        Contents of ``manifest.json``.
    scenario : str
        Name.

    Returns
    -------
    list of PolicyCost
        Policies stacked by name stand under each scenario that brings them.
    """
    policies = manifest.get("policies", {}).get(scenario, [])
    return [_cost(policy) for policy in policies]


def _cost(policy: Mapping[str, Any]) -> PolicyCost:
    return PolicyCost(
        policy=str(policy.get("policy", "")), capital=_borne(policy),
        running_month=_money(policy.get("running_yuan_per_month")), outlets=policy.get("outlets_touched"),
        facts=repr(sorted(policy.items())),
    )  # fmt: skip


def _borne(policy: Mapping[str, Any]) -> float | None:
    """Capital the public bears."""
    capital = _money(policy.get("capital_yuan"))
    return None if capital is None else capital * (1.0 - float(policy.get("shared_cost", 0.0)))


def _money(value: Any) -> float | None:
    return None if value is None else float(value)
