"""Edited streets: streets added, and gates opened and locked, in the rows of ``edges.csv``."""

from __future__ import annotations

import math
from pathlib import Path

from circlesim.building.changes import AddStreet, Edits, TurnGate
from circlesim.building.rows import Rows
from circlesim.errors import Faults, did_you_mean
from circlesim.world.frame import EARTH_M

NEAR_GATE_M = 50.0
"""A gate named by a place stands within this many metres of it."""


class EditedStreets:
    """
    The streets of a folder while a file corrects them.

    Parameters
    ----------
    folder : Path
        World folder with ``nodes.csv`` and ``edges.csv``.
    faults : Faults
        Receives nodes, streets and gates that do not exist.
    """

    def __init__(self, folder: Path, faults: Faults) -> None:
        self.edges, self.faults = Rows(folder / "edges.csv", faults), faults
        self._nodes = Rows(folder / "nodes.csv", faults)
        self._row = {name: row for row, name in enumerate(self._nodes.column("node"))}
        self.said: list[str] = []
        self._turned: dict[int, str] = {}

    def apply(self, edits: Edits) -> None:
        """
        Apply all entries about streets and gates.

        Parameters
        ----------
        edits : Edits
            The file.
        """
        for street in edits.add_street:
            self._add(street)
        for gate in edits.gates:
            self._turn(gate)

    def _add(self, street: AddStreet) -> None:
        ends = tuple(str(end) for end in street.ends)
        unknown = [end for end in ends if end not in self._row]
        for end in unknown:
            self.faults.add("unknown node", street.where, found=end, expected="a node of nodes.csv")
        if unknown or self._between(street.ends):
            return
        metres = street.length_m if street.length_m is not None else self._straight_m(ends[0], ends[1])
        cells = {"from_node": ends[0], "to_node": ends[1], "length_m": f"{metres:g}"}
        self.edges.add(cells, street.where)
        self.said.append(f"added a street of {metres:.0f} m between nodes {ends[0]} and {ends[1]}")

    def _turn(self, gate: TurnGate) -> None:
        rows = self._gates(gate)
        if not rows:
            return
        changed = False
        for row in rows:
            earlier = self._turned.setdefault(row, gate.where)
            if earlier != gate.where:
                self.faults.add("changed twice by one file", gate.where, expected=f"this entry or {earlier}")
            cells = {"locked": "1" if gate.locked else "0"}
            if gate.edge and gate.gate and not self.edges.rows[row].get("gate", "").strip():
                cells["gate"] = gate.gate
            if not gate.locked and self._open(row):
                continue  # nothing to write: an empty cell means open
            changed |= self.edges.put(row, cells, gate.where)
        if changed:
            name = self.edges.column("gate")[rows[0]]
            self.said.append(f"{'locked' if gate.locked else 'opened'} gate '{name}' ({len(rows)} streets)")

    def _open(self, row: int) -> bool:
        return self.edges.rows[row].get("locked", "").strip().lower() in ("", "0", "false", "no")

    def _gates(self, gate: TurnGate) -> list[int]:
        """Rows of the streets an entry means."""
        names = self.edges.column("gate")
        if gate.edge is not None:
            return self._edge(gate, names)
        if gate.gate:
            rows = [row for row, name in enumerate(names) if name == gate.gate]
            if not rows:
                known = sorted({name for name in names if name})
                self.faults.add(
                    "no gate has this name",
                    gate.where,
                    found=f"'{gate.gate}'",
                    expected=f"one of {', '.join(known[:12])}" if known else "a place with gates",
                    hint=did_you_mean(gate.gate, known),
                )
            return rows
        return self._near(gate, names)

    def _edge(self, gate: TurnGate, names: list[str]) -> list[int]:
        assert gate.edge is not None
        rows = self._between(gate.edge)
        if not rows:
            self.faults.add(
                "no street runs between these nodes",
                gate.where,
                found=str(list(gate.edge)),
                expected="the two ends of a row of edges.csv",
            )
        for row in rows:
            if gate.locked and not names[row] and not gate.gate:
                self.faults.add(
                    "a lock needs a gate, so that a policy can open it",
                    gate.where,
                    found="a street without a gate",
                    expected='gate = "a name" in the entry',
                )
        return rows

    def _near(self, gate: TurnGate, names: list[str]) -> list[int]:
        """Streets of the gate nearest to a place."""
        assert gate.lon is not None
        assert gate.lat is not None
        away = [(self._away_m(row, gate.lon, gate.lat), row) for row, name in enumerate(names) if name]
        metres, row = min(away, default=(math.inf, -1))
        if metres > NEAR_GATE_M:
            nearest = f"the nearest is '{names[row]}', {metres:.0f} m away" if away else "there are no gates"
            self.faults.add(
                "no gate is near this place",
                gate.where,
                found=f"lon {gate.lon}, lat {gate.lat}",
                expected=f"a gate within {NEAR_GATE_M:.0f} m",
                hint=nearest,
            )
            return []
        return [each for each, name in enumerate(names) if name == names[row]]

    def _between(self, ends: tuple[int, int]) -> list[int]:
        wanted = {str(end) for end in ends}
        pairs = zip(self.edges.column("from_node"), self.edges.column("to_node"), strict=True)
        return [row for row, pair in enumerate(pairs) if set(pair) == wanted]

    def _away_m(self, row: int, lon: float, lat: float) -> float:
        """Metres from a place to the end of a street where its gate stands: the smaller node id."""
        cells = self.edges.rows[row]
        ends = sorted((cells["from_node"].strip(), cells["to_node"].strip()), key=lambda end: (len(end), end))
        return _metres(self._degrees(ends[0]), (lon, lat))

    def _straight_m(self, one: str, other: str) -> float:
        """Straight line between two nodes, to the centimetre above: a street is never shorter."""
        metres = _metres(self._degrees(one), self._degrees(other))
        own = [[float(self._nodes.rows[self._row[end]][axis]) for axis in ("x_m", "y_m")] for end in (one, other)]
        return math.ceil(100 * max(metres, math.dist(*own))) / 100

    def _degrees(self, node: str) -> tuple[float, float]:
        cells = self._nodes.rows[self._row[node]]
        return float(cells["lon"]), float(cells["lat"])


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two places a walk apart, on a sphere."""
    east = math.radians(other[0] - one[0]) * math.cos(math.radians((one[1] + other[1]) / 2))
    return EARTH_M * math.hypot(east, math.radians(other[1] - one[1]))
