"""Claims: what an experiment must show and what it is expected to show, written down before it is run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, final

from circlesim.errors import Fault, did_you_mean

FEEDBACK: tuple[str, ...] = ("capacity", "memory", "budget", "clock")
"""Mechanisms through which one choice changes the next; with all of them off each need stands alone."""


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """
    One side of a claim: a measure of a scenario, or what it is above another.

    Parameters
    ----------
    scenario : str
        Where it is read.
    over : str, default: ""
        Scenario it is counted from; empty for the value itself.
    by, group : str, default: ""
        Dimension and group; empty for all residents.
    """

    scenario: str
    over: str = ""
    by: str = ""
    group: str = ""

    def __str__(self) -> str:
        text = f"'{self.scenario}'" + (f" over '{self.over}'" if self.over else "")
        return f"{text}, {self.by} {self.group}" if self.by else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """
    One side of a comparison lies above the other.

    Parameters
    ----------
    says : str
        The claim in words.
    measure : str
        What is compared; one of the measures of the experiment.
    higher, lower : Side or None
        The two sides; one of them may be missing and is then zero.
    says_zh : str, default: ""
        The claim in Chinese.
    source : str, default: ""
        Where the claim comes from.

    Attributes
    ----------
    key : str
        Key of such claims in an experiment file.
    """

    key: ClassVar[str] = ""

    says: str
    measure: str
    higher: Side | None = None
    lower: Side | None = None
    says_zh: str = ""
    source: str = ""

    def faults(
        self, where: str, scenarios: Sequence[str], measures: Sequence[str], by: Sequence[str]
    ) -> Iterator[Fault]:
        """
        Find what the experiment cannot answer.

        Parameters
        ----------
        where : str
            Place of the claim.
        scenarios, measures, by : sequence of str
            What the experiment has.

        Yields
        ------
        Fault
            One a wrong name.
        """
        if self.higher is None and self.lower is None:
            yield Fault(what="a claim compares something", where=where, expected="higher, lower or both")
        if self.measure not in measures:
            yield _unknown("this experiment does not measure it", f"{where}.measure", self.measure, measures)
        for name in ("higher", "lower"):
            side: Side | None = getattr(self, name)
            if side is not None:
                yield from _side_faults(side, f"{where}.{name}", scenarios, by)


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation(Claim):
    """
    What the writer expects, and the run may refute.

    Parameters
    ----------
    says, measure, higher, lower, says_zh, source
        See `Claim`.
    """

    key: ClassVar[str] = "expectations"


@final
@dataclass(frozen=True, slots=True, kw_only=True)
class Law(Claim):
    """
    What must hold in every replication, where one choice cannot change the next.

    Parameters
    ----------
    says, measure, higher, lower, says_zh, source
        See `Claim`; the side called higher may be equal.
    off : tuple of str, default: FEEDBACK
        Mechanisms switched off for it.
    """

    key: ClassVar[str] = "laws"
    off: tuple[str, ...] = FEEDBACK

    def faults(
        self, where: str, scenarios: Sequence[str], measures: Sequence[str], by: Sequence[str]
    ) -> Iterator[Fault]:
        """See `Claim.faults`."""
        from circlesim.engine.mechanisms import Mechanisms

        yield from Claim.faults(self, where, scenarios, measures, by)
        known = list(Mechanisms.__dataclass_fields__)
        for position, name in enumerate(self.off):
            if name not in known:
                yield _unknown("unknown mechanism", f"{where}.off[{position}]", name, known)


def claim_faults(
    claims: Sequence[Claim], scenarios: Sequence[str], measures: Sequence[str], by: Sequence[str]
) -> Iterator[Fault]:
    """
    Find what an experiment cannot answer of its claims.

    Parameters
    ----------
    claims : sequence of Claim
        Of one kind, in order.
    scenarios, measures, by : sequence of str
        What the experiment has.

    Yields
    ------
    Fault
        With the place of each.
    """
    for position, claim in enumerate(claims):
        yield from claim.faults(f"{claim.key}[{position}]", scenarios, measures, by)


def _side_faults(side: Side, where: str, scenarios: Sequence[str], by: Sequence[str]) -> Iterator[Fault]:
    for name in ("scenario", "over"):
        found = getattr(side, name)
        if found not in scenarios and (found or name == "scenario"):
            yield _unknown("no such scenario", f"{where}.{name}", found, scenarios)
    if side.by and side.by not in by:
        yield _unknown("the experiment is not cut by it", f"{where}.by", side.by, by)
    if bool(side.by) != bool(side.group):
        yield Fault(what="a group needs its dimension, and a dimension its group", where=where,
                    found=side.by or side.group, expected='such as by = "age_band", group = "70-79"')  # fmt: skip


def _unknown(what: str, where: str, found: str, known: Sequence[str]) -> Fault:
    return Fault(what=what, where=where, found=f"'{found}'", expected="one of " + ", ".join(known),
                 hint=did_you_mean(found, known))  # fmt: skip
