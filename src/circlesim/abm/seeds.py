"""Seeds: what Mesa calls `rng`, as the root seed of keyed draws."""

from __future__ import annotations

import numpy as np

from circlesim.errors import ConfigError

Seed = int | np.integer | np.random.SeedSequence | None


def root_seed(rng: Seed) -> int:
    """
    Turn what was given as `rng` into a root seed.

    Parameters
    ----------
    rng : int, SeedSequence or None
        A whole number is the root seed itself, as in an experiment; a sequence gives one; None makes one up.

    Returns
    -------
    int
        At least 0.

    Raises
    ------
    ConfigError
        If it is anything else. A generator is no seed: it would give another number each time it is asked.
    """
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and 0 <= rng < 2**63:
        return int(rng)
    if rng is None or isinstance(rng, np.random.SeedSequence):
        sequence = np.random.SeedSequence() if rng is None else rng
        return int(sequence.generate_state(1, np.uint64)[0] >> np.uint64(1))
    raise ConfigError(f"rng: found {rng!r}; expected a whole number from 0 on, a SeedSequence, or None")
