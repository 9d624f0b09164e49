"""Street table: ``nodes.csv`` and ``edges.csv`` to and from `Streets`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Faults
from circlesim.schema import EDGES, NODES, Cells
from circlesim.schema.check import SHOWN
from circlesim.world.sheet import write_sheet
from circlesim.world.streets import Streets

_EDGE_KINDS = {"length_m": "f8", "slope": "f8", "steps": "u1", "kerbs": "u1", "gate": "U", "locked": "u1"}
"""Columns of ``edges.csv`` after the two ends, in its order."""


def node_rows(known: NDArray[np.int64], wanted: NDArray[np.int64]) -> NDArray[np.int32]:
    """
    Find nodes by id.

    Parameters
    ----------
    known : ndarray of int64, shape (N,)
        Ids in row order.
    wanted : ndarray of int64, shape (n,)
        Ids to look up.

    Returns
    -------
    ndarray of int32, shape (n,)
        Rows; -1 for an unknown id.
    """
    if not len(known):
        return np.full(len(wanted), -1, dtype=np.int32)
    order = np.argsort(known, kind="stable")
    at = np.minimum(np.searchsorted(known, wanted, sorter=order), len(known) - 1)
    rows = order[at]
    return np.where(known[rows] == wanted, rows, -1).astype(np.int32)


def unknown_nodes(file: str, column: str, cells: Cells, rows: NDArray[np.int32], faults: Faults) -> None:
    """
    Note cells that name a node the network does not have.

    Parameters
    ----------
    file, column : str
        Where the cells stand.
    cells : Cells
        Node ids.
    rows : ndarray of int32, shape (n,)
        What `node_rows` found.
    faults : Faults
        Receives the first few, and how many more.
    """
    unknown = np.flatnonzero(cells.given & (rows < 0))
    for row in unknown[:SHOWN].tolist():
        faults.add(
            "unknown node",
            f"{file} row {row + 2}, column {column}",
            found=str(cells.values[row]),
            expected="a node of nodes.csv",
        )
    if len(unknown) > SHOWN:
        faults.add(f"unknown node: the same in {len(unknown) - SHOWN} more rows", f"{file} column {column}")


def build_streets(nodes: Mapping[str, Cells], edges: Mapping[str, Cells], faults: Faults) -> Streets:
    """
    Put the network together.

    Parameters
    ----------
    nodes, edges : mapping of str to Cells
        The two tables as read.
    faults : Faults
        Receives duplicate nodes, unknown ends, self-loops and locks without a gate.

    Returns
    -------
    Streets
        The network without faulty edges.
    """
    node = nodes["node"].values
    first: dict[int, int] = {}
    for row in np.flatnonzero(nodes["node"].given).tolist():
        if first.setdefault(int(node[row]), row) != row:
            faults.add(
                "duplicate id",
                f"{NODES.file} row {row + 2}, column node",
                found=str(node[row]),
                expected=f"a number of its own (first in row {first[int(node[row])] + 2})",
            )
    ends = {}
    for column in ("from_node", "to_node"):
        ends[column] = node_rows(node, edges[column].values)
        unknown_nodes(EDGES.file, column, edges[column], ends[column], faults)
    a, b = ends["from_node"], ends["to_node"]
    loops = np.flatnonzero((a == b) & (a >= 0) & edges["from_node"].given & edges["to_node"].given)
    for row in loops[:SHOWN].tolist():
        faults.add(
            "a street from a node to itself",
            f"{EDGES.file} row {row + 2}",
            found=str(node[a[row]]),
            expected="two different nodes",
        )
    nameless = np.flatnonzero((edges["locked"].values == 1) & (edges["gate"].values.astype(str) == ""))
    for row in nameless[:SHOWN].tolist():
        faults.add(
            "a locked street without a gate",
            f"{EDGES.file} row {row + 2}, column gate",
            found="no name",
            expected="a name, so that a policy can open it; or no such street where nobody can ever pass",
        )
    if len(nameless) > SHOWN:
        faults.add(
            f"a locked street without a gate: {len(nameless) - SHOWN} more rows", f"{EDGES.file} column gate"
        )
    good = (a >= 0) & (b >= 0) & (a != b) & edges["length_m"].given
    return Streets(
        node=node,
        **{name: nodes[name].values for name in ("x_m", "y_m", "lon", "lat")},
        from_row=a[good],
        to_row=b[good],
        **{name: edges[name].values[good].astype(kind) for name, kind in _EDGE_KINDS.items()},
    )


def write_streets(streets: Streets, folder: Path) -> None:
    """
    Write ``nodes.csv`` and ``edges.csv``.

    Parameters
    ----------
    streets : Streets
        The network.
    folder : Path
        Folder to write to.
    """
    columns = [getattr(streets, name).tolist() for name in NODES.names]
    write_sheet(folder / NODES.file, NODES.names, zip(*columns, strict=True))
    ends = [streets.node[rows].tolist() for rows in (streets.from_row, streets.to_row)]
    met = [getattr(streets, name).tolist() for name in _EDGE_KINDS]
    write_sheet(folder / EDGES.file, EDGES.names, zip(*ends, *met, strict=True))
