"""Note: one thing a planner should know of a world: what is there, what was assumed, what is broken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["there", "assumed", "broken"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """
    One thing a planner should know of a world.

    Parameters
    ----------
    kind : {"there", "assumed", "broken"}
        Whether it is there, was assumed, or is broken.
    what : str
        In a sentence.
    where : str, default: ""
        File, or part of the world.
    count : int, default: 0
        How many; 0 where nothing is counted.
    fix : str, default: ""
        A line for an edit file, or a command, that mends it.
    examples : tuple of str, default: ()
        The first few.
    """

    kind: Kind
    what: str
    where: str = ""
    count: int = 0
    fix: str = ""
    examples: tuple[str, ...] = ()
