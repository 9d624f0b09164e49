"""Changes: what a small file corrects in a world, as typed entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ORDER: tuple[str, ...] = (
    "add",
    "move",
    "rehour",
    "set",
    "close",
    "add_street",
    "open_gate",
    "lock_gate",
)
"""Kinds of entries in the order they are applied; within a kind the order of the file holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Where an outlet stands.

    Parameters
    ----------
    node : int or None, default: None
        Node of the streets.
    lon, lat : float or None, default: None
        Degrees, WGS-84; joined to the nearest street.
    """

    node: int | None = None
    lon: float | None = None
    lat: float | None = None

    def cells(self) -> dict[str, str]:
        """
        Write the place as cells of ``facilities.csv``.

        Returns
        -------
        dict of str to str
            Columns node, lon and lat; what does not hold is empty.
        """
        held = {"node": self.node, "lon": self.lon, "lat": self.lat}
        return {name: "" if value is None else repr(value) for name, value in held.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AddOutlet:
    """
    An outlet that is missing.

    Parameters
    ----------
    where : str
        Entry of the edit file, such as ``"add[0]"``.
    facility : str
        Its id.
    place : Place
        Where it stands.
    cells : mapping of str to str
        Its other columns, the format among them.
    """

    where: str
    facility: str
    place: Place
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveOutlet:
    """
    An outlet that stands elsewhere.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    facility : str
        Its id.
    place : Place
        Where it stands.
    """

    where: str
    facility: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehour:
    """
    Opening hours of an outlet, or of all outlets of a format.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    facility, format : str
        One of the two; the other is empty.
    hours : str
        In the OSM syntax.
    """

    where: str
    facility: str
    format: str
    hours: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCells:
    """
    Facts of an outlet.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    facility : str
        Its id.
    cells : mapping of str to str
        Column to text.
    """

    where: str
    facility: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseOutlet:
    """
    An outlet that is not there, or not from a day on.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    facility : str
        Its id.
    on : str, default: ""
        First day closed, YYYY-MM-DD; empty for one that is not there at all.
    """

    where: str
    facility: str
    on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddStreet:
    """
    A street that is missing between two nodes.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    ends : tuple of int
        Two nodes.
    length_m : float or None, default: None
        Metres; the straight line where not known.
    """

    where: str
    ends: tuple[int, int]
    length_m: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnGate:
    """
    A gate that is open, or locked.

    Parameters
    ----------
    where : str
        Entry of the edit file.
    locked : bool
        Whether nobody passes.
    gate : str, default: ""
        Name of the gate; every street that has it is meant. With `edge`, the name a street without a gate gets.
    edge : tuple of int or None, default: None
        Two nodes: the street between them.
    lon, lat : float or None, default: None
        Degrees: the nearest gate is meant.
    """

    where: str
    locked: bool
    gate: str = ""
    edge: tuple[int, int] | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edits:
    """
    All a file corrects; applied kind by kind in `ORDER`.

    Parameters
    ----------
    file : str
        Name of the file.
    sha256 : str
        Digest of its bytes.
    source : str, default: ""
        Where the corrections come from, such as a walk on a day.
    add, move, rehour, set, close, add_street, gates : tuple
        The entries, by kind; `gates` holds those opened before those locked.
    """

    file: str
    sha256: str
    source: str = ""
    add: tuple[AddOutlet, ...] = ()
    move: tuple[MoveOutlet, ...] = ()
    rehour: tuple[Rehour, ...] = ()
    set: tuple[SetCells, ...] = ()
    close: tuple[CloseOutlet, ...] = ()
    add_street: tuple[AddStreet, ...] = ()
    gates: tuple[TurnGate, ...] = field(default=())

    def __len__(self) -> int:
        return sum(map(len, (self.add, self.move, self.rehour, self.set, self.close, self.add_street, self.gates)))
