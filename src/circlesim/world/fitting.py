"""Fitting: iterative proportional fitting of weights to counts, and whether any weights could meet them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.integer]

SWEEPS = 1000
SETTLED = 1e-6
"""Largest relative distance from a count at which fitting ends."""
_NEWTON, _STEP = 40, 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """
    One margin over the cells that are fitted.

    Parameters
    ----------
    name : str
        Margin.
    member : ndarray of int64, shape (n,)
        Category of each cell; -1 for cells it does not count.
    target : ndarray of float64, shape (k,)
        Count of each category.
    """

    name: str
    member: NDArray[np.int64]
    target: Floats

    def got(self, weights: Floats) -> Floats:
        """
        Add weights up by category.

        Parameters
        ----------
        weights : ndarray of float64, shape (n,)
            One a cell.

        Returns
        -------
        ndarray of float64, shape (k,)
            What the cells of each category hold.
        """
        inside = self.member >= 0
        got = np.bincount(self.member[inside], weights[inside], minlength=len(self.target))
        return np.asarray(got, dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """
    Two ways to count the same people, which must agree.

    Parameters
    ----------
    name : str
        Who is counted.
    per_cell : ndarray of float64, shape (n,)
        People in a cell, negative on the other side; weights times this add up to 0.
    """

    name: str
    per_cell: Floats


def fit(
    seed: Floats, blocks: Sequence[Block], links: Sequence[Link] = (), *, sweeps: int = SWEEPS
) -> tuple[Floats, float]:
    """
    Fit weights to margins by iterative proportional fitting.

    Each sweep scales the cells of every category to its count [1]_, then tilts both sides of every link by
    ``exp(tilt * people)`` until they agree: cyclic projection, whose limit is, of all weights that meet the
    counts, the one nearest to the seed in relative entropy [2]_. Odds ratios that no margin speaks of stay those
    of the seed.

    Parameters
    ----------
    seed : ndarray of float64, shape (n,)
        Weights before fitting, at least 0.
    blocks : sequence of Block
        Margins.
    links : sequence of Link, default: ()
        Sums that must agree.
    sweeps : int, default: SWEEPS
        Most sweeps.

    Returns
    -------
    tuple of (ndarray of float64, float)
        Weights, and the largest relative distance from a count that is left.

    References
    ----------
    .. [1] Deming, W. E., Stephan, F. F. (1940). On a least squares adjustment of a sampled frequency table when
       the expected marginal totals are known. Annals of Mathematical Statistics 11.
    .. [2] Csiszár, I. (1975). I-divergence geometry of probability distributions and minimization problems.
       Annals of Probability 3.
    """
    weights = np.array(seed, dtype=np.float64)
    scaled = [(cells, b.member[cells], b.target) for b in blocks for cells in [np.flatnonzero(b.member >= 0)]]
    tilted = [(cells, link.per_cell[cells]) for link in links for cells in [np.flatnonzero(link.per_cell)]]
    off = np.inf
    for _ in range(sweeps):
        off = 0.0
        for cells, member, target in scaled:
            off = max(off, _scale(weights, cells, member, target))
        for cells, people in tilted:
            off = max(off, _tilt(weights, cells, people))
        if off < SETTLED:
            break
    return weights, off


def _scale(weights: Floats, cells: Ints, member: Ints, target: Floats) -> float:
    """Scale cells to their category's count; the largest relative distance there was."""
    own = weights[cells]
    got = np.bincount(member, own, minlength=len(target))
    factor = np.divide(target, got, out=np.zeros(len(got)), where=got > 0)
    weights[cells] = own * factor[member]
    return float((np.abs(got - target) / np.maximum(target, target.max() * 1e-6)).max())


def _tilt(weights: Floats, cells: Ints, people: Floats) -> float:
    """Tilt both sides of a link until they agree; the relative distance there was."""
    own = weights[cells]
    scale, wrong = float(np.abs(people) @ own), float(people @ own)
    if abs(wrong) == scale:
        return 0.0  # one side has nobody: no tilt can help
    off, tilt, now = abs(wrong) / scale, 0.0, own
    for _ in range(_NEWTON):
        if abs(wrong) <= 1e-13 * scale:
            break
        tilt -= min(max(wrong / float(people**2 @ now), -_STEP), _STEP)
        now = own * np.exp(tilt * people)
        wrong = float(people @ now)
    weights[cells] = now
    return off


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """
    Whether counts can hold together.

    Parameters
    ----------
    strain : float
        Smallest number of tolerances by which every count would have to give way; at most 1 where they hold.
    blocks : tuple of Block
        The margins, moved within the tolerance to what can hold exactly.
    moved : tuple of (str, int, float)
        Where they do not hold: margin, category, and the count it would have to be.
    """

    strain: float
    blocks: tuple[Block, ...]
    moved: tuple[tuple[str, int, float], ...] = ()


def reconcile(blocks: Sequence[Block], links: Sequence[Link], tolerance: Sequence[Floats]) -> Reconciled:
    """
    Ask whether any weights at all could meet the counts, each within its tolerance.

    Parameters
    ----------
    blocks : sequence of Block
        Margins.
    links : sequence of Link
        Sums that must agree exactly.
    tolerance : sequence of ndarray of float64
        By how much each count may be off, one array a block.

    Returns
    -------
    Reconciled
        The answer, by linear programming.
    """
    allowed = np.concatenate([np.asarray(one, dtype=np.float64) for one in tolerance])
    wanted = np.concatenate([block.target for block in blocks])
    rows = _rows(blocks)
    strain, weights = _least_strain(rows, wanted, allowed, links)
    if strain > 1.0:
        return Reconciled(strain=strain, blocks=tuple(blocks), moved=_moved(blocks, rows, links, allowed))
    if strain <= 1e-6:
        return Reconciled(strain=strain, blocks=tuple(blocks))
    got = [np.maximum(block.got(weights), 0.0) for block in blocks]
    moved = (Block(name=b.name, member=b.member, target=g) for b, g in zip(blocks, got, strict=True))
    return Reconciled(strain=strain, blocks=tuple(moved))


def _rows(blocks: Sequence[Block]) -> Floats:
    """One row a category: 1 for the cells it counts."""
    return np.concatenate([b.member[None, :] == np.arange(len(b.target))[:, None] for b in blocks]).astype(float)


def _least_strain(rows: Floats, wanted: Floats, allowed: Floats, links: Sequence[Link]) -> tuple[float, Floats]:
    """Weights that are off by the fewest tolerances at the worst count."""
    from scipy.optimize import linprog

    cells = rows.shape[1]
    side = allowed[:, None]
    done = linprog(
        np.r_[np.zeros(cells), 1.0],
        A_ub=np.block([[rows, -side], [-rows, -side]]),
        b_ub=np.r_[wanted, -wanted],
        A_eq=np.array([np.r_[link.per_cell, 0.0] for link in links]) if links else None,
        b_eq=np.zeros(len(links)) if links else None,
        method="highs",
    )
    assert done.x is not None  # no weights at all always meet the links, so there is a solution
    return float(done.x[-1]), np.asarray(done.x[:-1])


def _moved(
    blocks: Sequence[Block], rows: Floats, links: Sequence[Link], allowed: Floats
) -> tuple[tuple[str, int, float], ...]:
    """The few counts that would have to give way, and to what."""
    from scipy.optimize import linprog

    count, cells = rows.shape
    wanted = np.concatenate([block.target for block in blocks])
    slack = np.hstack([np.eye(count), -np.eye(count)])
    done = linprog(
        np.r_[np.zeros(cells), 1.0 / np.r_[allowed, allowed]],
        A_eq=np.vstack(
            [np.hstack([rows, slack])] + [np.r_[link.per_cell, np.zeros(2 * count)][None] for link in links]
        ),
        b_eq=np.r_[wanted, np.zeros(len(links))],
        method="highs",
    )
    assert done.x is not None
    got = rows @ done.x[:cells]
    names = [(block.name, place) for block in blocks for place in range(len(block.target))]
    far = np.flatnonzero(np.abs(got - wanted) > allowed)
    return tuple((*names[row], float(got[row])) for row in far[np.argsort(-np.abs(got - wanted)[far])].tolist())
