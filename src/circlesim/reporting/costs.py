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
    scenario, policy : str
        Names.
    capital, running_month : float or None
        Once, and a month; None where not given.
    """

    scenario: str
    policy: str
    capital: float | None
    running_month: float | None

    @property
    def given(self) -> bool:
        """Whether any cost was given."""
        return self.capital is not None or self.running_month is not None


def policy_costs(settings: Mapping[str, Any]) -> list[PolicyCost]:
    """
    List the policies of every scenario with their costs.

    Parameters
    ----------
    settings : mapping
        Contents of ``experiment.toml``.

    Returns
    -------
    list of PolicyCost
        Policies stacked by name stand under each scenario that brings them.
    """
    scenarios = settings.get("scenarios", {})
    return [
        _cost(name, policy, facts)
        for name, scenario in scenarios.items()
        for policy, facts in _policies(scenario.get("policies", []), settings, (name,))
    ]


def _policies(listed: list[Any], settings: Mapping[str, Any], seen: tuple[str, ...]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for entry in listed:
        if isinstance(entry, Mapping):
            found.extend(entry.items())
        elif entry not in seen:
            found.extend(_named(str(entry), settings, (*seen, str(entry))))
    return found


def _named(name: str, settings: Mapping[str, Any], seen: tuple[str, ...]) -> list[tuple[str, Any]]:
    scenarios, policies = settings.get("scenarios", {}), settings.get("policies", {})
    if name in scenarios:
        return _policies(scenarios[name].get("policies", []), settings, seen)
    return list(policies.get(name, {}).items())


def _cost(scenario: str, policy: str, facts: Any) -> PolicyCost:
    values = facts if isinstance(facts, Mapping) else {}
    return PolicyCost(
        scenario=scenario, policy=policy, capital=_money(values.get("capital_yuan")),
        running_month=_money(values.get("running_yuan_per_month")),
    )  # fmt: skip


def _money(value: Any) -> float | None:
    return None if value is None else float(value)
