"""Pattern: a published result, how it is looked for, and what it would prove."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a pattern that shows is worth; only the last two are evidence."""

    ECHO = "echo"
    CALIBRATED = "calibrated"
    EMERGENT = "emergent"
    HELD_OUT = "held-out"

    @property
    def counts(self) -> bool:
        return self in (Kind.EMERGENT, Kind.HELD_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was found: whether the pattern shows, and the figure in words."""

    shown: bool
    figure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """
    One published result.

    Parameters
    ----------
    id : str
        Number in the list of published results, with a letter where one is split.
    published : str
        The result, as published.
    source : str
        Who published it.
    kind : Kind
        Implied by an input, fitted, neither, or neither and not looked at before.
    because : str
        Why it is of this kind.
    accepted : str
        Tolerance or sign, in words.
    check : callable
        Looks for it on the real engine.
    missed : str, default: ""
        Where it does not show: why.
    slow : bool, default: False
        Whether it takes many circles.
    """

    id: str
    published: str
    source: str
    kind: Kind
    because: str
    accepted: str
    check: Callable[[], Finding]
    missed: str = ""
    slow: bool = False
