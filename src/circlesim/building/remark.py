"""Remark: one finding of a check, with the blanks its words need, a place on the map and the fix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from circlesim.building.note import Kind, Note

SHOWN = 5
"""Examples listed of one kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """
    One finding of a check; its words stand in the table of words, by key.

    Parameters
    ----------
    kind : {"there", "assumed", "broken"}
        Whether it is there, was assumed, or is broken.
    key : str
        Key of the words.
    blanks : mapping of str to object
        What stands in the blanks of the words; numbers as numbers.
    count : int, default: 0
        How many; 0 where nothing is counted.
    fix : str, default: ""
        Lines for an edit file, or a command, that mend it.
    examples : tuple of str, default: ()
        The first few.
    """

    kind: Kind
    key: str
    blanks: Mapping[str, object] = field(default_factory=dict)
    count: int = 0
    fix: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """
    A place on the map of a check.

    Parameters
    ----------
    key : str
        Key of the remark it belongs to.
    x_m, y_m : float
        Where, in the world's metres.
    label : str
        Who or what stands there.
    """

    key: str
    x_m: float
    y_m: float
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """
    All a check found.

    Parameters
    ----------
    remarks : tuple of Remark
        What is broken, what was assumed, what is there.
    marks : tuple of Mark
        Places of what is broken.
    notes : tuple of Note
        What the build of the folder wrote down.
    """

    remarks: tuple[Remark, ...]
    marks: tuple[Mark, ...] = ()
    notes: tuple[Note, ...] = ()

    def of(self, kind: Kind) -> tuple[Remark, ...]:
        """
        Pick the remarks of a kind.

        Parameters
        ----------
        kind : {"there", "assumed", "broken"}
            The kind.

        Returns
        -------
        tuple of Remark
            In the order found.
        """
        return tuple(each for each in self.remarks if each.kind == kind)


def toml_text(text: str) -> str:
    """
    Quote a text for a line of an edit file.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        A TOML basic string.
    """
    import json

    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
