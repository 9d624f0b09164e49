"""Selection: which outlets a policy concerns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from circlesim.world.world import World


def of_formats(world: World, formats: tuple[str, ...]) -> NDArray[np.bool_]:
    """
    Mark the outlets of some formats.

    Parameters
    ----------
    world : World
        The neighbourhood.
    formats : tuple of str
        Format ids; all formats where empty.

    Returns
    -------
    ndarray of bool, shape (F,)
        True for outlets concerned.
    """
    if not formats:
        return np.ones(len(world.facilities), dtype=bool)
    return np.isin(world.facilities.format, world.formats.numbers(formats))
