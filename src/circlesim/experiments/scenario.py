"""Scenario: a world, its days, and the policies in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date

from circlesim.catalog.surfaces import SURFACES
from circlesim.errors import ConfigError, Faults, did_you_mean
from circlesim.policies.policy import Policy
from circlesim.world.world import World

START = date(2024, 3, 4)
"""First day where none is named: a Monday with no public holiday in the four weeks that follow."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    What happens to a world over some days.

    Parameters
    ----------
    name : str
        Name in tables and files.
    world : World
        The baseline world.
    days : int, default: 28
        Days simulated.
    start : date, default: START
        First of these days.
    policies : tuple of Policy or Scenario, default: ()
        In force in listed order; another scenario brings its policies with the sites they have there.
    baseline : str, optional
        Scenario this one is compared with; that of the experiment where missing.
    surface : str, optional
        What lies on the streets all along, one of `catalog.surfaces.SURFACES`; where missing, what the season
        brings, or dry streets with seasons off.
    """

    name: str
    world: World
    _: KW_ONLY
    days: int = 28
    start: date = START
    policies: tuple[Policy | Scenario, ...] = ()
    baseline: str | None = None
    surface: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "policies", tuple(self.policies))
        faults = Faults(f"scenario '{self.name}' cannot be used", ConfigError)
        where = f"scenarios.{self.name}"
        if not str(self.name).strip():
            faults.add("a scenario needs a name", where)
        if self.days < 1:
            faults.add("a scenario lasts at least one day", f"{where}.days", found=self.days, expected="1 or more")
        if self.surface is not None and self.surface not in SURFACES:
            faults.add("no such surface", f"{where}.surface", found=repr(self.surface),
                       expected="one of " + ", ".join(SURFACES),
                       hint=did_you_mean(str(self.surface), SURFACES))  # fmt: skip
        given: tuple[object, ...] = self.policies
        for position, policy in enumerate(given):
            if not isinstance(policy, Policy | Scenario):
                faults.add("not a policy", f"{where}.policies.{position}", found=repr(policy),
                           expected="a Policy or a Scenario")  # fmt: skip
            elif isinstance(policy, Policy):
                place = f"{where}.policies.{position}"
                faults.extend(replace(fault, where=f"{place}.{fault.where}")
                              for fault in policy.format_faults(self.world.formats))  # fmt: skip
        faults.raise_if_any()

    def with_policies(self, name: str, *policies: Policy | Scenario) -> Scenario:
        """
        Return a scenario with further policies, compared with this one.

        Parameters
        ----------
        name : str
            Name of the new scenario.
        *policies : Policy or Scenario
            Stacked on those already in force.

        Returns
        -------
        Scenario
            The new scenario; this one is its baseline.
        """
        before = (self,) if self.policies else ()
        return replace(self, name=name, policies=(*before, *policies), baseline=self.name)

    def own_and_brought(self) -> Iterator[Policy]:
        """
        Go through all policies, those of stacked scenarios included, in order.

        Yields
        ------
        Policy
            As written, with no choice of where made yet.
        """
        for policy in self.policies:
            if isinstance(policy, Scenario):
                yield from policy.own_and_brought()
            else:
                yield policy
