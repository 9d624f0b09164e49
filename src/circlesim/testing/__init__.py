"""Testing: the public kit for policies, measures and laws; strategies need the extra ``test``."""

from circlesim.testing.checks import check_measure, check_policy
from circlesim.testing.fingerprint import fingerprint
from circlesim.testing.readings import tiny_reading
from circlesim.testing.worlds import lattice, reordered, tiny_world, without_facilities

__all__ = [
    "check_measure",
    "check_policy",
    "fingerprint",
    "lattice",
    "reordered",
    "tiny_reading",
    "tiny_world",
    "without_facilities",
]
