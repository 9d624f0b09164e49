"""Checks of a world across its tables: frame, lengths, lost homes, ids that collide."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.errors import Faults
from circlesim.schema.check import SHOWN
from circlesim.world.frame import fit_frame
from circlesim.world.reach import components
from circlesim.world.streets import Streets

MISFIT_M = 5.0
"""Metres and degrees of a node may differ by this much once one frame is fitted to all of them."""
STRETCH = 0.02
"""A metre of the frame may be this much off a metre on the ground."""


def check_streets(streets: Streets, faults: Faults) -> None:
    """
    Check that metres, degrees and lengths tell of the same place.

    Parameters
    ----------
    streets : Streets
        A network without other faults.
    faults : Faults
        Receives a wrong frame, and streets shorter than the straight line.
    """
    frame = fit_frame(streets)
    low, high = frame.scale
    if frame.misfit_m > MISFIT_M:
        faults.add(
            "wrong CRS: x_m, y_m and lon, lat tell of different places",
            "nodes.csv",
            found=f"nodes up to {frame.misfit_m:.0f} m off, most node {streets.node[frame.worst_row]}",
            expected=f"one frame in which all nodes agree to {MISFIT_M:.0f} m",
        )
    elif low < 1 - STRETCH or high > 1 + STRETCH:
        faults.add(
            "wrong CRS: x_m and y_m are no metres on the ground",
            "nodes.csv columns x_m, y_m",
            found=f"a metre that is {low:.3g} to {high:.3g} m long by lon and lat",
            expected="a projected frame of the place (UTM, national grid), not degrees nor Web Mercator",
        )
    else:
        _check_lengths(streets, faults)


def _check_lengths(streets: Streets, faults: Faults) -> None:
    a, b = streets.from_row, streets.to_row
    straight = np.hypot(streets.x_m[a] - streets.x_m[b], streets.y_m[a] - streets.y_m[b])
    short = np.flatnonzero(streets.length_m < straight * (1 - STRETCH) - 1.0)
    for row in short[:SHOWN].tolist():
        ends = f"{streets.node[a[row]]} to {streets.node[b[row]]}"
        faults.add(
            "a street shorter than the straight line",
            f"edges.csv, street from {ends}, column length_m",
            found=f"{streets.length_m[row]:g} m",
            expected=f"at least {straight[row]:.1f} m",
        )
    if len(short) > SHOWN:
        faults.add(
            f"a street shorter than the straight line: {len(short) - SHOWN} more", "edges.csv column length_m"
        )


def check_connected(
    streets: Streets,
    rows: NDArray[np.int32],
    ids: NDArray[np.object_] | NDArray[np.str_],
    what: str,
    file: str,
    faults: Faults,
) -> None:
    """
    Check that everybody stands in the part of the network most people walk, were all gates open.

    Parameters
    ----------
    streets : Streets
        The network.
    rows : ndarray of int32, shape (n,)
        Node rows; -1 is passed over.
    ids : ndarray of str, shape (n,)
        Who stands there.
    what : str
        "home" or "outlet".
    file : str
        File the ids stand in.
    faults : Faults
        Receives who is cut off.
    """
    label = components(streets.with_open_gates())
    cut = np.flatnonzero((rows >= 0) & (label[rows] > 0))
    for row in cut[:SHOWN].tolist():
        faults.add(
            f"disconnected {what}",
            f"{file} row {row + 2} ({ids[row]})",
            found=f"node {streets.node[rows[row]]}, in a part of {(label == label[rows[row]]).sum()} nodes",
            expected=f"a node of the largest connected part ({int((label == 0).sum())} nodes)",
            hint="add the missing street to edges.csv, or move it to another node",
        )
    if len(cut) > SHOWN:
        faults.add(f"disconnected {what}: {len(cut) - SHOWN} more", file)


def behind_gates(streets: Streets, rows: NDArray[np.int32]) -> int:
    """
    Count those whom locked gates cut off from the largest connected part.

    Parameters
    ----------
    streets : Streets
        The network.
    rows : ndarray of int32, shape (n,)
        Node rows they stand on.

    Returns
    -------
    int
        Of `rows`, those in another part as the gates are, and in the largest were all open.
    """
    if not streets.locked.any():
        return 0
    as_is, opened = components(streets)[rows], components(streets.with_open_gates())[rows]
    return int(((as_is > 0) & (opened == 0)).sum())


def check_hashes(ids: NDArray[np.str_], id64: NDArray[np.uint64], file: str, faults: Faults) -> None:
    """
    Check that no two ids have the same hash: order and draws go by the hash.

    Parameters
    ----------
    ids : ndarray of str, shape (n,)
        Ids, all different.
    id64 : ndarray of uint64, shape (n,)
        Their hashes.
    file : str
        File they stand in.
    faults : Faults
        Receives ids that collide.
    """
    order = np.argsort(id64, kind="stable")
    same = np.flatnonzero(id64[order[1:]] == id64[order[:-1]])
    for at in same[:SHOWN].tolist():
        faults.add(
            "two ids with the same hash",
            file,
            found=f"{ids[order[at]]} and {ids[order[at + 1]]}",
            expected="ids whose 64-bit hashes differ",
            hint="rename one of them",
        )
