"""Integerising: weights become whole numbers that still meet their margins, by keyed draws."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from circlesim.world.fitting import Block

Floats = NDArray[np.float64]

_BY_UP_TO_ONE, _BY_MORE, _FURTHER = 3.0, 1e4, 3.0
"""What it costs to miss a margin by up to one, by more, and to move a cell by more than rounding."""
_NODES = 100
"""Branches searched; a whole solution is found long before the best is proved."""
_FREE = 40
"""Moves solved for in whole numbers, beside two a margin."""


def whole_numbers(
    weights: Floats, blocks: Sequence[Block], sums: Sequence[tuple[Floats, int]], luck: Floats
) -> NDArray[np.int64]:
    """
    Round weights so that sums hold exactly and margins are missed by as little as whole numbers allow.

    A cell is rounded up where luck is below its fractional part, as in truncate-replicate-sample [1]_, unless a
    margin would be missed; that is an assignment problem in zeros and ones, solved exactly enough.

    Parameters
    ----------
    weights : ndarray of float64, shape (n,)
        What to round, at least 0.
    blocks : sequence of Block
        Margins to keep as near as can be.
    sums : sequence of (ndarray of float64, int)
        What a cell counts for, and the whole number that cells must add up to.
    luck : ndarray of float64, shape (n,)
        Keyed uniforms, one a cell.

    Returns
    -------
    ndarray of int64, shape (n,)
        Whole numbers.

    References
    ----------
    .. [1] Lovelace, R., Ballas, D. (2013). 'Truncate, replicate, sample': a method for creating integer weights
       for spatial microsimulation. Computers, Environment and Urban Systems 41.
    """
    whole = np.floor(weights + 1e-9)
    part = np.clip(weights - whole, 0.0, 1.0)
    cells = len(weights)
    counted = [b.member[None, :] == np.arange(len(b.target))[:, None] for b in blocks]
    rows = np.concatenate([np.empty((0, cells)), *counted])
    target = np.concatenate([np.empty(0), *(block.target for block in blocks)])
    kept = len(target)
    exact = np.array([each for each, _ in sums])
    owed = np.array([total for _, total in sums]) - exact @ whole
    # Columns: one more (0 or 1), further more, further less; then short and over by up to one, and by more.
    near = np.hstack([np.eye(kept), -np.eye(kept)])
    held = np.hstack([rows, rows, -rows, near, near])
    fixed = np.hstack([exact, exact, -exact, np.zeros((len(sums), 4 * kept))])
    cost = np.r_[
        luck - part, np.full(2 * cells, _FURTHER), np.full(2 * kept, _BY_UP_TO_ONE), np.full(2 * kept, _BY_MORE)
    ]
    top = np.r_[np.ones(cells), np.full(cells, np.inf), whole, np.ones(2 * kept), np.full(2 * kept, np.inf)]
    moves = _solve(cost, np.vstack([held, fixed]), np.r_[target - rows @ whole, owed], top, 3 * cells)
    up, more, less = moves.reshape(3, cells)
    return (whole + up + more - less).astype(np.int64)


def _solve(cost: Floats, sides: Floats, right: Floats, top: Floats, moves: int) -> Floats:
    """
    Find the cheapest whole moves.

    Without the demand that they be whole, all but a few are whole anyway: those are kept, the rest and the moves
    that come nearest to being worth it are solved for. Where that is too narrow, all are.
    """
    from scipy.optimize import linprog

    most = [(0.0, float(one)) for one in top]
    plain = linprog(cost, A_eq=sides, b_eq=right, bounds=most, method="highs")
    if plain.x is None:
        raise ArithmeticError(plain.message)  # sums that no whole numbers meet; slack serves every margin
    found = plain.x[:moves]
    broken = np.abs(found - np.rint(found)) > 1e-6
    worth = np.abs(plain.lower.marginals + plain.upper.marginals)[:moves]
    free = broken.copy()
    free[np.argsort(worth, kind="stable")[: _FREE + 2 * len(right)]] = True
    for loose in (free, np.ones(moves, dtype=bool)):
        low, high = np.zeros(len(top)), top.copy()
        low[:moves][~loose] = high[:moves][~loose] = np.rint(found[~loose])
        done = _milp(cost, sides, right, low, high, moves)
        if done is not None:
            return np.rint(done[:moves])
    raise ArithmeticError("no whole numbers meet the sums")


def _milp(cost: Floats, sides: Floats, right: Floats, low: Floats, high: Floats, moves: int) -> Floats | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    done = milp(
        cost,
        integrality=np.r_[np.ones(moves), np.zeros(len(cost) - moves)],
        bounds=Bounds(low, high),
        constraints=LinearConstraint(sides, right, right),
        options={"mip_rel_gap": 0.05, "node_limit": _NODES},
    )
    return None if done.x is None else np.asarray(done.x)
