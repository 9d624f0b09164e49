"""Stop: a place passed daily where nothing is sold."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stop:
    """
    The stop, school or gate a resident passes on the way out and back.

    Parameters
    ----------
    origin : int
        Where walks from it begin in the table of metres.
    """

    origin: int
