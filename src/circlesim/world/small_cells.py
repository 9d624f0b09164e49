"""Small cells: counts of so few residents that a table could tell who they are."""

from __future__ import annotations

from collections.abc import Sequence

SMALLEST_CELL = 10
"""Fewest residents a table of observed residents counts in one cell; a common rule of statistical offices."""


def shown_counts(counts: Sequence[int]) -> list[int | None]:
    """
    Suppress small cells of one table, and as many more as keep them from being worked out.

    Parameters
    ----------
    counts : sequence of int
        Residents by category of one dimension, which add up to a total that is known.

    Returns
    -------
    list of int or None
        None for a cell that is not shown: those of 1 to 9 residents and, as the total would give a single one
        away and a few might be told apart, the smallest others until at least two cells of at least ten residents
        together are hidden.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < SMALLEST_CELL}
    others = [place for place, count in enumerate(counts) if count >= SMALLEST_CELL]
    for place in sorted(others, key=lambda place: counts[place]):
        if 0 < sum(counts[p] for p in hidden) < SMALLEST_CELL:
            hidden.add(place)
    return [None if place in hidden else int(count) for place, count in enumerate(counts)]
