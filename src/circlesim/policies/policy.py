"""Policy: one sentence of the plan that maps a world to a world."""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, ClassVar, Self, get_type_hints

from circlesim.catalog.format_set import Formats
from circlesim.errors import Fault, Faults, PolicyError, did_you_mean
from circlesim.policies.kinds import coerced, type_faults
from circlesim.policies.rules import Rule, at_least, field_faults, format_faults, rule, share
from circlesim.world.world import World

_NOT_CONTENT = frozenset({
    "starts", "ends", "delay_days", "capital_yuan", "running_yuan_per_month", "shared_cost", "resolved_from",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy(ABC):
    """
    A change of facts: where, when, how much, how one may pay; never how people think.

    A policy is abstract or final. Its fields are plain values (text, numbers, dates, tuples of these), so that
    it reads the same in Python and TOML, compares by value and pickles. `circlesim.testing.check_policy` runs
    the contract on any policy.

    Parameters
    ----------
    starts : date, optional
        First day in force; the first day of the scenario where missing.
    ends : date, optional
        Last day in force, itself included; never ends where missing.
    capital_yuan : float, optional
        Cost of setting it up, in the world's currency; a report says *no cost given* where missing.
    running_yuan_per_month : float, optional
        Cost of keeping it up.
    circles : tuple of int, default: ()
        Circles of a city it holds in; all where empty.
    delay_days : int, default: 0
        Days from `starts` until it takes effect: permits, tenders, follow-through.
    shared_cost : float, default: 0.0
        Share of the capital that somebody else bears, such as a community fund or another programme, in 0..1.
    resolved_from : str, default: ""
        Content digest of the policy whose choices of where are fixed in this one; written by `resolve`.

    Attributes
    ----------
    name : str
        Key of the policy in an experiment file.
    clause : str
        Measure of the plan it carries out, such as ``"F52"``.
    changes : tuple of str
        Facility columns it may change; ``"rows"`` where it adds outlets, ``"streets.locked"`` where gates move.
    needs : str
        Mechanism without which nothing looks at what it changes; empty for none.
    """

    name: ClassVar[str] = ""
    clause: ClassVar[str] = ""
    changes: ClassVar[tuple[str, ...]] = ()
    needs: ClassVar[str] = ""

    starts: date | None = None
    ends: date | None = None
    capital_yuan: float | None = field(default=None, metadata=rule(at_least(0)))
    running_yuan_per_month: float | None = field(default=None, metadata=rule(at_least(0)))
    circles: tuple[int, ...] = ()
    delay_days: int = field(default=0, metadata=rule(at_least(0)))
    shared_cost: float = field(default=0.0, metadata=rule(share))
    resolved_from: str = ""

    def __post_init__(self) -> None:
        hints, rules = field_table(type(self))
        for each in hints:
            object.__setattr__(self, each, coerced(getattr(self, each), hints[each]))
        values = {each: getattr(self, each) for each in hints}
        faults = Faults(f"{self.name} cannot be used", PolicyError)
        faults.extend(_named(self.name, field_faults(values, hints, rules)))
        sound = not any(any(type_faults(values[each], hints[each])) for each in hints)
        if sound:
            faults.extend(_named(self.name, _date_faults(self)))
            faults.extend(_named(self.name, self.cross_faults()))
        faults.raise_if_any()

    def cross_faults(self) -> Iterator[Fault]:
        """
        Check fields against each other; every field has its declared type when this is called.

        Yields
        ------
        Fault
            With the field as `where`.
        """
        yield from ()

    @abstractmethod
    def apply(self, world: World) -> World:
        """
        Return the world with this policy in force.

        Parameters
        ----------
        world : World
            Left untouched.

        Returns
        -------
        World
            Shares every column that is not changed; applying twice is applying once.
        """

    def resolve(self, world: World) -> Self:
        """
        Fix every choice of where, so that it can be replayed in another world.

        Parameters
        ----------
        world : World
            The world on the day the policy starts, in its own scenario.

        Returns
        -------
        Policy
            The same policy with its choices written out; itself where it makes none.
        """
        return self

    def format_faults(self, formats: Formats) -> Iterator[Fault]:
        """
        Find formats the policy names that a world does not have; fields under the rule `known_formats` hold them.

        Parameters
        ----------
        formats : Formats
            Those of the world.

        Yields
        ------
        Fault
            With policy and field as `where`.
        """
        hints, rules = field_table(type(self))
        yield from _named(self.name, format_faults({each: getattr(self, each) for each in hints}, rules, formats))

    @property
    def begins(self) -> date | None:
        """Day it takes effect: `delay_days` after `starts`; None for the first day."""
        return self.starts if self.starts is None else self.starts + timedelta(days=self.delay_days)

    @property
    def public_capital_yuan(self) -> float | None:
        """Capital the public bears; None where none is given."""
        return None if self.capital_yuan is None else self.capital_yuan * (1.0 - self.shared_cost)

    def active_on(self, day: date) -> bool:
        """
        Say whether the policy is in force.

        Parameters
        ----------
        day : date
            The day; `ends` is the last day in force.

        Returns
        -------
        bool
            True from `begins` to `ends`, both included.
        """
        begun = self.begins is None or self.begins <= day
        return begun and (self.ends is None or day <= self.ends)

    @property
    def content_digest(self) -> str:
        """
        Digest of what the policy changes, hexadecimal: the same under other dates and other costs.

        A resolved policy keeps the digest of the one it was resolved from.
        """
        if self.resolved_from:
            return self.resolved_from
        content = {k: v for k, v in self.to_dict().items() if k not in _NOT_CONTENT}
        text = json.dumps([self.name, content], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:20]

    def to_dict(self) -> dict[str, Any]:
        """
        Return the table of the policy in an experiment file, without fields left at their default.

        Returns
        -------
        dict of str to object
            Values TOML can hold; tuples as lists.
        """
        table = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                table[each.name] = list(value) if isinstance(value, tuple) else value
        return table

    @classmethod
    def from_dict(cls, table: Mapping[str, Any]) -> Self:
        """
        Read the table of the policy in an experiment file.

        Parameters
        ----------
        table : mapping of str to object
            Field to value.

        Returns
        -------
        Policy
            The policy.

        Raises
        ------
        PolicyError
            Listing every unknown, missing or faulty field.
        """
        hints, rules = field_table(cls)
        known = {key: coerced(value, hints[key]) for key, value in table.items() if key in hints}
        faults = Faults(f"{cls.name} cannot be used", PolicyError)
        for key in table.keys() - hints.keys():
            faults.add("unknown key", f"{cls.name}.{key}", found=repr(key),
                       hint=did_you_mean(key, hints) or "known are " + ", ".join(hints))  # fmt: skip
        missing = [each.name for each in fields(cls) if each.default is MISSING and each.name not in table]
        for key in missing:
            faults.add("missing", f"{cls.name}.{key}", expected=f"{key} = ...")
        if missing:
            faults.extend(_named(cls.name, field_faults(known, hints, rules)))
            faults.raise_if_any()
        made: Self | None = None
        with faults.collecting():
            made = cls(**known)
        faults.raise_if_any()
        assert made is not None
        return made

    def dated(self, other: Policy) -> Self:
        """
        Return this policy with the dates and costs of another.

        Parameters
        ----------
        other : Policy
            Whose dates and costs to take.

        Returns
        -------
        Policy
            The same facts, at other times.
        """
        return replace(
            self, starts=other.starts, ends=other.ends, delay_days=other.delay_days, shared_cost=other.shared_cost,
            capital_yuan=other.capital_yuan, running_yuan_per_month=other.running_yuan_per_month,
        )  # fmt: skip


@cache
def field_table(policy: type[Policy]) -> tuple[dict[str, Any], dict[str, Rule]]:
    """
    List the fields of a policy with their types and rules.

    Parameters
    ----------
    policy : type of Policy
        The class.

    Returns
    -------
    tuple of dict
        Field to declared type, and field to rule; own fields first, then those every policy has.
    """
    hints = get_type_hints(policy)
    shared = {each.name for each in fields(Policy)}
    ordered = sorted(fields(policy), key=lambda each: each.name in shared)
    rules = {each.name: each.metadata["rule"] for each in ordered if "rule" in each.metadata}
    return {each.name: hints[each.name] for each in ordered}, rules


def _named(policy: str, faults: Iterator[Fault]) -> Iterator[Fault]:
    for fault in faults:
        yield replace(fault, where=f"{policy}.{fault.where}")


def _date_faults(policy: Policy) -> Iterator[Fault]:
    begins, ends = policy.begins, policy.ends
    if begins is not None and ends is not None and ends < begins:
        yield Fault(what="ends before it starts", where="ends", found=str(ends), expected=f"{begins} or later")
    if policy.delay_days and policy.starts is None:
        yield Fault(what="a delay is counted from a day", where="delay_days", found=str(policy.delay_days),
                    expected="starts = 2024-03-11, or another day")  # fmt: skip
